package rheobase.data.kaldi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import rheobase.data.DataException;

/** Files that {@code write.py}, beside them, wrote byte by byte. */
class KaldiTableTest {
  private static final List<String> FILES =
      List.of(
          "float.ark",
          "double.ark",
          "text.ark",
          "cm.ark",
          "cm.txt",
          "cm2.ark",
          "cm2.txt",
          "cm3.ark",
          "cm3.txt",
          "ali.ark",
          "ali.txt",
          "ali.ark.gz",
          "vector.ark",
          "feats.scp");

  @TempDir private Path folder;

  @BeforeEach
  void copy() throws IOException {
    copy(folder);
  }

  static void copy(Path folder) throws IOException {
    for (String name : FILES) {
      try (var stream = KaldiTableTest.class.getResourceAsStream("/rheobase/data/kaldi/" + name)) {
        Files.write(folder.resolve(name), stream.readAllBytes());
      }
    }
  }

  /** Keeps what it is given. */
  private static final class Kept<T> implements KaldiTable.Reader<T> {
    final Map<String, T> all = new LinkedHashMap<>();

    @Override
    public void accept(String key, T object) {
      all.put(key, object);
    }

    @Override
    public void bad(DataException why) {
      throw why;
    }
  }

  private Map<String, Matrix> matrices(String name) {
    final var kept = new Kept<Matrix>();
    KaldiTable.matrices(folder, folder.resolve(name), _ -> true, kept);
    return kept.all;
  }

  private Map<String, int[]> integers(String name) {
    final var kept = new Kept<int[]>();
    KaldiTable.integers(folder, folder.resolve(name), _ -> true, kept);
    return kept.all;
  }

  /** What write.py computes by the same formula. */
  private static float value(String key, int r, int c) {
    return (float)
        switch (key) {
          case "spk1-a" -> Math.sin(3 * r + c) + c;
          case "spk1-b" -> Math.cos(r * c) - 2 * c;
          default -> 0.5 * r - c;
        };
  }

  @ParameterizedTest
  @ValueSource(strings = {"float.ark", "double.ark", "text.ark", "feats.scp"})
  void matricesOfEveryPlainFormAreTheSame(String name) {
    final Map<String, Matrix> matrices = matrices(name);
    assertThat(matrices.keySet()).containsExactly("spk1-a", "spk1-b", "spk2-c");
    matrices.forEach((key, matrix) -> {
      assertThat(matrix.rows()).isEqualTo(Map.of("spk1-a", 7, "spk1-b", 5, "spk2-c", 4).get(key));
      assertThat(matrix.columns()).isEqualTo(3);
      for (int r = 0; r < matrix.rows(); r++) {
        for (int c = 0; c < 3; c++) {
          assertThat(matrix.values()[3 * r + c]).isEqualTo(value(key, r, c), within(1e-6f));
        }
      }
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"cm", "cm2", "cm3"})
  void compressedMatricesAreThoseThatWereCompressed(String name) {
    final Map<String, Matrix> expected = matrices(name + ".txt");
    matrices(name + ".ark")
        .forEach((key, matrix) -> {
          assertThat(matrix.values())
              .as(key)
              .containsExactly(expected.get(key).values(), within(1e-6f));
          for (int i = 0; i < matrix.values().length; i++) {
            assertThat(matrix.values()[i]).isEqualTo(value(key, i / 3, i % 3), within(0.04f));
          }
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"ali.ark", "ali.txt", "ali.ark.gz"})
  void integersOfEveryFormAreTheSame(String name) {
    final Map<String, int[]> integers = integers(name);
    assertThat(integers.keySet()).containsExactly("spk1-a", "spk1-b", "spk2-c");
    assertThat(integers.get("spk1-a")).containsExactly(0, 0, 1, 1, 2, 2, 2);
    assertThat(integers.get("spk2-c")).containsExactly(2, 1, 0, 3);
  }

  @Test
  void aVectorIsOneRow() {
    assertThat(matrices("vector.ark").get("v"))
        .satisfies(vector -> {
          assertThat(vector.rows()).isEqualTo(1);
          assertThat(vector.values()).containsExactly(1, 2.5f, -3);
        });
  }

  @ParameterizedTest
  @EnumSource(
      value = ArkWriter.Form.class,
      names = {"BINARY", "TEXT"})
  void whatIsWrittenIsRead(ArkWriter.Form form) throws IOException {
    final var matrix = new Matrix(2, 3, new float[] {1, -2.5f, 3e-20f, 0, 1e20f, -1});
    final Path list = folder.resolve("out.scp");
    try (var writer = new ArkWriter(folder.resolve("out.ark"), list, form)) {
      writer.write("one", matrix);
      writer.write("two", new Matrix(1, 1, new float[] {7}));
    }
    for (String name : List.of("out.ark", "out.scp")) {
      assertThat(matrices(name).get("one").values()).containsExactly(matrix.values());
      assertThat(matrices(name).get("two").values()).containsExactly(7);
    }
    try (var writer = new ArkWriter(folder.resolve("ints.ark"), null, form)) {
      writer.write("one", new int[] {4, -1, 1 << 30});
      writer.write("none", new int[0]);
    }
    assertThat(integers("ints.ark").get("one")).containsExactly(4, -1, 1 << 30);
    assertThat(integers("ints.ark").get("none")).isEmpty();
  }

  @Test
  void compressedMatricesAreReadToOneStepOfTheirRange() {
    try (var writer = new ArkWriter(folder.resolve("x.ark"), null, ArkWriter.Form.COMPRESSED)) {
      matrices("float.ark").forEach(writer::write);
      writer.write("flat", new Matrix(2, 2, new float[] {-3, -3, -3, -3}));
      writer.write("none", new Matrix(0, 0, new float[0]));
      assertThatThrownBy(() -> writer.write("nan", new Matrix(1, 1, new float[] {Float.NaN})))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("nan cannot stand in")
          .hasMessageContaining("holds NaN");
    }
    assertThat(matrices("x.ark").get("flat").values()).containsOnly(-3);
    assertThat(matrices("x.ark").get("none").values()).isEmpty();
    matrices("float.ark")
        .forEach((key, exact) -> {
          final float[] read = matrices("x.ark").get(key).values();
          final double range = largest(exact.values()) - smallest(exact.values());
          for (int i = 0; i < read.length; i++) {
            // half a step, and the rounding of single precision
            assertThat((double) read[i])
                .isCloseTo(exact.values()[i], within(range / 65535 * 0.51 + 1e-6 * range));
          }
        });
  }

  private static double smallest(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).min().orElseThrow();
  }

  private static double largest(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).max().orElseThrow();
  }

  @Test
  void writtenFilesHaveTheBytesOfKaldi() throws IOException {
    try (var writer = new ArkWriter(folder.resolve("again.ark"), null, ArkWriter.Form.BINARY)) {
      matrices("float.ark").forEach(writer::write);
    }
    assertThat(folder.resolve("again.ark")).hasSameBinaryContentAs(folder.resolve("float.ark"));
    try (var writer = new ArkWriter(folder.resolve("again.ark"), null, ArkWriter.Form.BINARY)) {
      integers("ali.ark").forEach(writer::write);
    }
    assertThat(folder.resolve("again.ark")).hasSameBinaryContentAs(folder.resolve("ali.ark"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"float.ark", "double.ark", "cm.ark", "cm2.ark", "cm3.ark", "text.ark", "ali.ark"})
  void everyTruncationIsASentenceAboutTheFile(String name) throws IOException {
    final byte[] whole = Files.readAllBytes(folder.resolve(name));
    final int objects = 3;
    for (int length = 1; length < whole.length - 2; length += 3) {
      Files.write(folder.resolve(name), Arrays.copyOf(whole, length));
      try {
        assertThat((name.equals("ali.ark") ? integers(name) : matrices(name)).keySet())
            .as("%d bytes", length) // it ended between two objects
            .hasSizeLessThan(objects);
      } catch (DataException e) {
        assertThat(e).hasMessageStartingWith(folder.resolve(name) + ": ");
      }
    }
  }

  @Test
  void whatIsNoTableIsToldWithItsByte() throws IOException {
    refused("a [ 1 2\n 3 ]\n", "a has 1 values in row 2, but 2 in those before (byte 12)");
    refused("a [ 1 two ]\n", "a holds 'two' where a number is expected (byte");
    refused("a 1 2\n", "a is no matrix: it begins with '1' and not with [");
    refused("a \0BSM xx", "a is of the kind 'SM'; read are FM, DM");
    refused("a \0BFM \4\377\377\377\377\4\1\0\0\0", "a claims -1 rows and 1 columns");
    refused("a \0BFM \4\377\377\377\17\4\377\377\0\0", "a claims 268435455 rows and 65535 columns");
    refused("a\0b", "after 'a' there is a byte 0; is this an archive?");
    refused("a", "a is the last word, and nothing follows it");
    Files.writeString(folder.resolve("x.ark"), "a 1 x\n");
    assertThatThrownBy(() -> integers("x.ark"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("x.ark: a holds 'x' in place 1 where an integer is expected");
    assertThatThrownBy(() -> integers("float.ark"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("spk1-a is no vector of integers");
  }

  private void refused(String content, String message) throws IOException {
    Files.write(
        folder.resolve("x.ark"), content.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> matrices("x.ark"))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(folder.resolve("x.ark") + ": ")
        .hasMessageContaining(message);
  }

  @Test
  void linesOfAListThatCannotBeFollowedAreToldWithTheirNumber() throws IOException {
    list("a float.ark:7\n\nb gone.ark:5\n", "x.scp:3 names the file gone.ark, which is neither in");
    list("a /gone/b.ark:5\n", "x.scp:1 names the file /gone/b.ark, which is not there.");
    list("a gunzip -c a.gz |\n", "x.scp:1 is 'a gunzip -c a.gz |'; expected is 'utterance file'");
    list("a float.ark:7[0:3]\n", "copy-feats");
    list("a float.ark:99999\n", "float.ark has ", "so nothing can begin at byte 99999.");
  }

  private void list(String text, String... parts) throws IOException {
    Files.writeString(folder.resolve("x.scp"), text);
    final var refusal =
        assertThatThrownBy(() -> matrices("x.scp")).isInstanceOf(DataException.class);
    for (String part : parts) {
      refusal.hasMessageContaining(part);
    }
  }

  @Test
  void aNameWithABlankIsNotWritten() throws IOException {
    try (var writer = new ArkWriter(folder.resolve("x.ark"), null, ArkWriter.Form.BINARY)) {
      assertThatThrownBy(() -> writer.write("sit 1", new int[1]))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("The sequence 'sit 1' cannot stand in");
    }
  }
}
