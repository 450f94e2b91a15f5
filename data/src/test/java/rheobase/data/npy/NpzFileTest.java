package rheobase.data.npy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rheobase.data.DataException;

class NpzFileTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"f2", "f4", "f8", "f4_big"})
  void floatsOfEveryWidthAndByteOrderAreRead(String name) {
    assertThat(types().get(name).floats()).containsExactly(0, 0.25f, 0.5f, 0.75f, 1, 1.25f);
    assertThat(types().get(name).shape()).containsExactly(2, 3);
  }

  @ParameterizedTest
  @CsvSource({"i1, -3", "i2, -3", "i4, -3", "i8, -3", "u1, 250", "u2, 65530", "u4, 4294967290"})
  void wholeNumbersOfEveryWidthAreRead(String name, double first) {
    assertThat(types().get(name).doubles())
        .containsExactly(IntStream.range(0, 6).mapToDouble(i -> first + i).toArray());
  }

  @Test
  void theLargestUnsignedNumbersDoNotTurnNegative() {
    assertThat(types().get("u8").doubles()).containsOnly(0x1p63);
  }

  @Test
  void boolsAreZeroAndOne() {
    assertThat(types().get("bools").ints()).containsExactly(1, 0, 1, 0, 1, 0);
  }

  @Test
  void textsLoseTheZerosThatFillThemUp() {
    assertThat(types().get("texts").texts()).containsExactly("sit", "stände", "walk");
    assertThat(types().get("texts_big").texts()).containsExactly("sit", "walk");
    assertThat(types().get("bytes").texts()).containsExactly("sit", "walk");
  }

  @Test
  void numbersAsTextsAreWrittenPlainly() {
    assertThat(types().get("i4").texts()).containsExactly("-3", "-2", "-1", "0", "1", "2");
    assertThat(types().get("f4").texts()).startsWith("0", "0.25");
  }

  @Test
  void fortranOrderIsTurnedAround() {
    final NpyArray array = types().get("fortran");
    assertThat(array.shapeText()).isEqualTo("(2, 3, 4)");
    assertThat(array.doubles())
        .containsExactly(IntStream.range(0, 24).mapToDouble(i -> i).toArray());
    assertThat(array.place(23)).isEqualTo("[1, 2, 3]");
  }

  @Test
  void aSingleNumberHasNoAxisAndAnEmptyArrayNoValues() {
    assertThat(types().get("single").rank()).isZero();
    assertThat(types().get("single").floats()).containsExactly(2.5f);
    assertThat(types().get("empty").floats()).isEmpty();
  }

  @Test
  void compressedArraysAreRead() {
    final Map<String, NpyArray> arrays = NpzFile.read(resource("compressed.npz"));
    assertThat(arrays.keySet()).containsExactly("x", "y");
    assertThat(arrays.get("x").floats()).hasSize(2000).endsWith(1998, 1999);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "objects.npz | running code",
        "records.npz | several fields",
        "complex.npz | type c16",
      })
  void whatIsNoPlainNumberOrTextIsRefused(String file, String why) {
    assertThatThrownBy(() -> NpzFile.read(resource(file)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("The array 'x' of ")
        .hasMessageContaining(file)
        .hasMessageContaining(why);
  }

  @Test
  void textsWhereNumbersShouldBeNameTheArray() {
    assertThatThrownBy(() -> types().get("texts").floats())
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("The array 'texts' of ")
        .hasMessageEndingWith("types.npz holds texts where numbers should be.");
    assertThatThrownBy(() -> types().get("f4").ints())
        .hasMessageContaining("holds 0.25 at [0, 1], where a whole number should be");
  }

  @Test
  void filesOfAnotherKindSayWhatTheyAre() throws IOException {
    assertThatThrownBy(() -> NpzFile.read(folder.resolve("none.npz")))
        .hasMessageStartingWith("There is no file ");
    assertThatThrownBy(() -> NpzFile.read(file(new byte[0]))).hasMessageEndingWith("is empty.");
    assertThatThrownBy(() -> NpzFile.read(file("ax,ay\n1,2\n".getBytes(StandardCharsets.UTF_8))))
        .hasMessageContaining("is not an .npz file");
    assertThatThrownBy(() -> NpzFile.read(file(npy("<f4", "(1,)", new byte[4]))))
        .hasMessageContaining("is a single array (.npy)");
    assertThatThrownBy(() -> NpzFile.read(zip("word/document.xml", new byte[3])))
        .hasMessageContaining("without a single .npy array");
  }

  @Test
  void aHeadThatLiesAboutTheValuesIsRefused() throws IOException {
    assertThatThrownBy(() -> NpzFile.read(zip("x.npy", npy("<f4", "(3,)", new byte[8]))))
        .hasMessageContaining("has 8 bytes where its shape needs 12");
    assertThatThrownBy(() -> NpzFile.read(zip("x.npy", npy("<f4", "(3,)", new byte[16]))))
        .hasMessageContaining("has more bytes where its shape needs 12");
    assertThatThrownBy(
            () -> NpzFile.read(zip("x.npy", npy("<f4", "(65536, 65536, 65536)", new byte[8]))))
        .hasMessageContaining("more than two gigabytes");
    assertThatThrownBy(
            () -> NpzFile.read(zip("x.npy", npy("<f4", "(99999999999999999999,)", new byte[8]))))
        .hasMessageContaining("the extent 99999999999999999999");
    assertThatThrownBy(() -> NpzFile.read(zip("x.npy", npy("<f4", "(-1,)", new byte[8]))))
        .hasMessageContaining("is damaged: its head is ");
  }

  @Test
  void codeInTheHeadIsNoDictionary() throws IOException {
    assertThatThrownBy(
            () -> NpzFile.read(zip("x.npy", npy("<f4", "__import__('os').getcwd()", new byte[4]))))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("is damaged: its head is ");
  }

  @Test
  void everyCutOffFileIsNamedInTheError() throws IOException {
    final byte[] whole = Files.readAllBytes(resource("compressed.npz"));
    for (int length = 0; length < whole.length; length += 37) {
      final byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> NpzFile.read(file(part)))
          .isInstanceOf(DataException.class)
          .hasMessageContaining(folder.toString());
    }
  }

  @Test
  void flippedBitsAreFoundOrHarmless() throws IOException {
    final byte[] whole = Files.readAllBytes(resource("compressed.npz"));
    final float[] right = NpzFile.read(resource("compressed.npz")).get("x").floats();
    final Random random = new Random(1);
    for (int trial = 0; trial < 500; trial++) {
      final byte[] flipped = whole.clone();
      flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
      try {
        final NpyArray x = NpzFile.read(file(flipped)).get("x");
        // A flip in a date or in the copy of a name that nobody reads.
        assertThat(x == null ? right : x.floats()).containsExactly(right);
      } catch (DataException e) {
        assertThat(e).hasMessageContaining(folder.toString());
      }
    }
  }

  private static Map<String, NpyArray> types() {
    return NpzFile.read(resource("types.npz"));
  }

  private static Path resource(String name) {
    try {
      return Path.of(NpzFileTest.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private Path file(byte[] content) throws IOException {
    return Files.write(folder.resolve("own.npz"), content);
  }

  private Path zip(String name, byte[] content) throws IOException {
    final Path path = folder.resolve("own.npz");
    try (OutputStream out = Files.newOutputStream(path);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry(name));
      zip.write(content);
    }
    return path;
  }

  private static byte[] npy(String type, String shape, byte[] values) {
    final String text =
        "{'descr': '%s', 'fortran_order': False, 'shape': %s, }\n".formatted(type, shape);
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    bytes.write(text.length());
    bytes.write(0);
    bytes.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    bytes.writeBytes(values);
    return bytes.toByteArray();
  }
}
