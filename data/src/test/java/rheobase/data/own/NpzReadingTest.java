package rheobase.data.own;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rheobase.data.DataException;
import rheobase.data.Preparation;
import rheobase.data.own.Recordings.Recording;

class NpzReadingTest {
  @TempDir private Path folder;
  private final Map<String, byte[]> arrays = new LinkedHashMap<>();

  @Test
  void sequencesOfOneLengthAreReadWithALabelEach() {
    array("x", "(2, 3, 2)", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    array("y", "(2,)", 0, 1);
    final List<Recording> all = read(Spec.of("*.npz"));
    assertThat(all).extracting(Recording::id).containsExactly("own.npz#0", "own.npz#1");
    assertThat(all.get(1).values()).containsExactly(7, 8, 9, 10, 11, 12);
    assertThat(all.get(1).labels()).containsExactly("1");
  }

  @Test
  void labelsMayStandAtEachStep() {
    array("x", "(2, 3)", 1, 2, 3, 4, 5, 6);
    array("y", "(2, 3)", 0, 0, 1, 1, 1, 0);
    final List<Recording> all = read(Spec.of("*.npz"));
    assertThat(all.getFirst().values()).containsExactly(1, 2, 3);
    assertThat(all.getFirst().labels()).containsExactly("0", "0", "1");
  }

  @Test
  void sequencesOneAfterTheOtherAreToldApartByTheirLengths() {
    array("x", "(5, 2)", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    array("lengths", "(2,)", 2, 3);
    array("y", "(5,)", 0, 0, 1, 1, 0);
    final List<Recording> all = read(Spec.of("*.npz"));
    assertThat(all.getFirst().values()).containsExactly(1, 2, 3, 4);
    assertThat(all.get(1).values()).containsExactly(5, 6, 7, 8, 9, 10);
    assertThat(all.get(1).labels()).containsExactly("1", "1", "0");
  }

  @Test
  void paddedSequencesEndWhereTheirLengthsSay() {
    array("x", "(2, 3, 1)", 1, 2, Float.NaN, 4, 5, 6);
    array("lengths", "(2,)", 2, 3);
    array("y", "(2,)", 0, 1);
    assertThat(read(Spec.of("*.npz")).getFirst().values()).containsExactly(1, 2);
  }

  @Test
  void groupsAndSetsMayBeArrays() {
    array("x", "(2, 2)", 1, 2, 3, 4);
    array("y", "(2, 1)", 0, 1);
    array("person", "(2,)", 7, 8);
    final List<Recording> all = read(Spec.of("*.npz").group("person"));
    assertThat(all).extracting(Recording::group).containsExactly("7", "8");
  }

  @Test
  void theFileNameMayTellTheSet() throws IOException {
    array("x", "(1, 2)", 1, 2);
    array("y", "(1,)", 0);
    write("train.npz");
    write("test.npz");
    assertThat(readAll(Spec.of("{split}.npz")))
        .extracting(Recording::set)
        .containsExactly(MarkedSet.TEST, MarkedSet.TRAIN);
  }

  @Test
  void missingValuesAreRefusedWithTheirPlace() {
    array("x", "(1, 2, 2)", 1, 2, 3, Float.NaN);
    array("y", "(1,)", 0);
    refused(Spec.of("*.npz"))
        .hasMessageContaining("The array 'x' of ")
        .hasMessageContaining("own.npz holds nan at [0, 1, 1]; data.missing");
    assertThat(read(Spec.of("*.npz").missing(Missing.DROP)).getFirst().values())
        .containsExactly(1, 2);
    array("x", "(1, 2, 2)", 1, 2, 3, Float.POSITIVE_INFINITY);
    refused(Spec.of("*.npz")).hasMessageContaining("holds an infinite value at [0, 1, 1]");
  }

  @Test
  void shapesThatDoNotFitAreNamed() {
    array("x", "(2, 3, 1)", 1, 2, 3, 4, 5, 6);
    refused(Spec.of("*.npz")).hasMessageEndingWith("own.npz has no array 'y'; known: [x].");
    array("y", "(4,)", 0, 1, 2, 3);
    refused(Spec.of("*.npz"))
        .hasMessageContaining("The array 'y' of ")
        .hasMessageContaining("has the shape (4,) beside an x of the shape (2, 3, 1)");
    array("y", "(2,)", 0, 1);
    array("lengths", "(3,)", 1, 1, 1);
    refused(Spec.of("*.npz")).hasMessageContaining("give a length for each sequence");
    array("lengths", "(2,)", 1, 4);
    refused(Spec.of("*.npz"))
        .hasMessageContaining("The array 'lengths' of ")
        .hasMessageContaining("holds 4 at [1]; the shape of x is (2, 3, 1).");
    array("lengths", "(2,)", 0, 3);
    refused(Spec.of("*.npz")).hasMessageContaining("holds 0 at [0]");
    array("x", "(6,)", 1, 2, 3, 4, 5, 6);
    refused(Spec.of("*.npz")).hasMessageContaining("adds up to 3, but x has 6 steps");
    arrays.remove("lengths");
    refused(Spec.of("*.npz")).hasMessageContaining("give their lengths as an array 'lengths'");
    array("x", "(1, 1, 1, 1)", 1);
    refused(Spec.of("*.npz")).hasMessageContaining("it should be (sequences, steps, channels)");
    array("x", "(0, 5)");
    refused(Spec.of("*.npz")).hasMessageContaining("it holds no value");
  }

  @Test
  void groupsMustBeOneForEachSequence() {
    array("x", "(2, 2)", 1, 2, 3, 4);
    array("y", "(2,)", 0, 1);
    array("person", "(3,)", 7, 8, 9);
    refused(Spec.of("*.npz").group("person"))
        .hasMessageContaining("it needs a value for each of the 2 sequences");
    refused(Spec.of("*.npz").group("persn")).hasMessageContaining("has no array 'persn'");
  }

  @Test
  void filesOfDifferentChannelsAreRefused() throws IOException {
    array("x", "(1, 1, 2)", 1, 2);
    array("y", "(1,)", 0);
    write("a.npz");
    array("x", "(1, 1, 3)", 1, 2, 3);
    write("b.npz");
    assertThatThrownBy(() -> readAll(Spec.of("*.npz")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("b.npz has 3 channels, but that of ");
  }

  private AbstractThrowableAssert<?, ?> refused(Spec spec) {
    return assertThatThrownBy(() -> read(spec)).isInstanceOf(DataException.class);
  }

  private List<Recording> read(Spec spec) {
    try {
      write("own.npz");
      return readAll(spec);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private List<Recording> readAll(Spec spec) {
    return new NpzReading().read(folder, spec.spec(), Preparation.NONE, Spec.NEAREST).all();
  }

  private void write(String name) throws IOException {
    try (OutputStream out = Files.newOutputStream(folder.resolve(name));
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> array : arrays.entrySet()) {
        zip.putNextEntry(new ZipEntry(array.getKey() + ".npy"));
        zip.write(array.getValue());
      }
    }
  }

  private void array(String name, String shape, float... values) {
    final byte[] head =
        "{'descr': '<f4', 'fortran_order': False, 'shape': %s, }\n"
            .formatted(shape)
            .getBytes(StandardCharsets.US_ASCII);
    final ByteBuffer content =
        ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    content.asFloatBuffer().put(values);
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    bytes.write(head.length);
    bytes.write(0);
    bytes.writeBytes(head);
    bytes.writeBytes(content.array());
    arrays.put(name, bytes.toByteArray());
  }
}
