package rheobase.data.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rheobase.data.DataException;
import rheobase.data.Nearest;
import rheobase.data.csv.Dialect.Header;

class CsvFileTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {",", ";", "\t", "|"})
  void theDelimiterIsFoundOut(String delimiter) {
    assertThat(rows("ax,ay,az\n1,2,3\n4,5,6\n".replace(",", delimiter)))
        .containsExactly(List.of("1", "2", "3"), List.of("4", "5", "6"));
  }

  @Test
  void decimalCommasDoNotPassForDelimiters() {
    try (CsvFile file = open("ax;ay\n1,5;2,5\n3,5;4,5\n")) {
      assertThat(file.columns()).containsExactly("ax", "ay");
      file.next();
      assertThatThrownBy(() -> file.number(1))
          .isInstanceOf(DataException.class)
          .hasMessageEndingWith(
              "own.csv:2:2: column 'ay' holds '2,5', with a decimal comma; write numbers with a"
                  + " point.");
    }
  }

  @Test
  void aSingleColumnNeedsNoDelimiter() {
    assertThat(rows("ax\n1\n2\n")).containsExactly(List.of("1"), List.of("2"));
  }

  @Test
  void aFirstRowWithoutNumbersIsAHeader() {
    try (CsvFile named = open("ax, ay ,label\n1,2,sit\n");
        CsvFile bare = CsvFile.open(write("other.csv", "1,2,sit\n3,4,sit\n"), Dialect.ANY)) {
      assertThat(named.hasHeader()).isTrue();
      assertThat(named.columns()).containsExactly("ax", "ay", "label");
      assertThat(bare.hasHeader()).isFalse();
      assertThat(bare.columns()).containsExactly("1", "2", "3");
      assertThat(bare.next()).isTrue();
      assertThat(bare.line()).isEqualTo(1);
    }
  }

  @Test
  void theHeaderCanBeTold() {
    final Path path = write("own.csv", "1,2\n3,4\n");
    try (CsvFile present = CsvFile.open(path, new Dialect(Dialect.FIND, Header.PRESENT));
        CsvFile absent = CsvFile.open(path, new Dialect(';', Header.ABSENT))) {
      assertThat(present.columns()).containsExactly("1", "2");
      assertThat(present.next()).isTrue();
      assertThat(present.number(0)).isEqualTo(3);
      assertThat(absent.columns()).hasSize(1);
    }
  }

  @Test
  void headersOfOtherProgramsAreUnderstood() {
    try (CsvFile numpy = open("# ax,ay\n1,2\n");
        CsvFile pandas = CsvFile.open(write("other.csv", ",ax,ay\n0,1,2\n"), Dialect.ANY)) {
      assertThat(numpy.columns()).containsExactly("ax", "ay");
      assertThat(pandas.columns()).containsExactly("1", "ax", "ay");
    }
  }

  @Test
  void quotedFieldsMayHoldDelimitersLineBreaksAndQuotationMarks() {
    try (CsvFile file = open("ax,note\n1,\"a, b\"\n2, \"line\nbreak\" \n3,\"say \"\"sit\"\"\"\n")) {
      assertThat(texts(file))
          .containsExactly(
              List.of("1", "a, b"), List.of("2", "line\nbreak"), List.of("3", "say \"sit\""));
    }
  }

  @Test
  void lineBreaksOfAllSystemsAndBlankLinesAreRead() {
    assertThat(rows("ax,ay\r\n1,2\r\n\r\n3,4")).hasSize(2);
    assertThat(rows("ax,ay\r1,2\r3,4\r")).hasSize(2);
    assertThat(rows("\n\nax,ay\n1,2\n   \n3,4\n\n")).hasSize(2);
  }

  @Test
  void aByteOrderMarkIsNoPartOfAName() {
    try (CsvFile file = open("\ufeffax,ay\n1,2\n")) {
      assertThat(file.columns()).containsExactly("ax", "ay");
    }
  }

  @Test
  void numbersAreReadAsTheyAreWritten() {
    try (CsvFile file = open("a,b,c,d,e\n-1.5,+2, 3e-2 ,.5,4.\n")) {
      file.next();
      assertThat(IntStream.range(0, 5).mapToDouble(file::number).toArray())
          .containsExactly(-1.5, 2, 0.03f, 0.5, 4);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"abc", "1f", "0x10", "1d", "Infinity", "1 2", "--1", "1e", ".", "12:30"})
  void whatIsNoNumberIsNamedWithItsPlace(String field) {
    try (CsvFile file = open("ax,ay\n1,2\n3," + field + "\n")) {
      file.next();
      file.next();
      assertThatThrownBy(() -> file.number(1))
          .isInstanceOf(DataException.class)
          .hasMessageEndingWith(
              "own.csv:3:2: column 'ay' holds '" + field + "', which is no number.");
    }
  }

  @Test
  void aNumberBeyondAllMeasureIsRefused() {
    try (CsvFile file = open("ax\n1e99\n")) {
      file.next();
      assertThatThrownBy(() -> file.number(0)).hasMessageContaining("own.csv:2:1");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "NA", "n/a", "NaN", "null", "None", "?", "\"\""})
  void missingValuesAreNotNumbers(String field) {
    try (CsvFile file = open("ax,ay\n1," + field + "\n")) {
      file.next();
      assertThat(file.isMissing(1)).isTrue();
      assertThat(file.number(1)).isNaN();
    }
  }

  @Test
  void linesAreThoseOfTheFileWhereverTheRowsBegin() {
    try (CsvFile file = open("ax,note\n\n1,\"two\nlines\"\n2,b\n")) {
      file.next();
      assertThat(file.line()).isEqualTo(3);
      file.next();
      assertThat(file.line()).isEqualTo(5);
    }
  }

  @Test
  void aRowOfAnotherLengthIsNamed() {
    assertThatThrownBy(() -> rows("ax,ay\n1,2\n3\n4,5\n"))
        .isInstanceOf(DataException.class)
        .hasMessageEndingWith("own.csv:3 has 1 field where the header has 2.");
    assertThatThrownBy(() -> rows("1,2\n3,4,5\n"))
        .hasMessageEndingWith("own.csv:2 has 3 fields where the first row has 2.");
    assertThatThrownBy(() -> rows("ax,ay,az\n1,2,3\n4,5"))
        .hasMessageEndingWith("has 2 fields where the header has 3; the file may be cut off.");
  }

  @Test
  void anOpenQuotationMarkIsNotTakenForTheRestOfTheFile() {
    assertThatThrownBy(() -> rows("ax,note\n1,\"a\n2,b\n3,c\n"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("own.csv:")
        .hasMessageContaining("quotation mark");
  }

  @Test
  void textBehindAClosingQuotationMarkIsRefused() {
    assertThatThrownBy(() -> rows("ax,note\n1,\"a\"b\n2,c\n"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("own.csv:2 is not valid CSV");
  }

  @Test
  void anUnknownColumnIsNamedWithTheNearest() {
    final Nearest nearest = (wrong, known) -> "; near " + wrong + " is one of " + known + ".";
    try (CsvFile file = open("ax,ay,ay\n1,2,3\n")) {
      assertThatThrownBy(() -> file.column("ac", nearest))
          .isInstanceOf(DataException.class)
          .hasMessageEndingWith("own.csv:1 has no column 'ac'; near ac is one of [ax, ay, ay].");
      assertThatThrownBy(() -> file.column("ay", nearest))
          .hasMessageEndingWith("own.csv:1 names two columns 'ay'.");
      assertThat(file.column("ax", nearest)).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', is empty.",
    "PK\u0003\u0004, is a zip file",
    "'\u001f\u008b\u0008', is compressed by gzip",
    "\u00ff\u00fea\u0000, is UTF-16 text",
    "'ax,ay\n1,2\u0000\n', holds a zero byte",
    "'ax,ay\n1,2\n\u00b0,3\n', is not UTF-8 text; save the file as UTF-8.",
  })
  void filesOfAnotherKindSayWhatTheyAre(String content, String why) throws IOException {
    final Path path = folder.resolve("own.csv");
    Files.write(path, content.getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> rows(path))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(path.toString())
        .hasMessageContaining(why);
  }

  @Test
  void theLineThatIsNoUtf8IsNamed() throws IOException {
    final Path path = folder.resolve("own.csv");
    final String many = "1,2\n".repeat(9000);
    Files.write(path, ("ax,ay\n" + many + "\u00e4,3\n").getBytes(Charset.forName("windows-1252")));
    assertThatThrownBy(() -> rows(path)).hasMessageContaining("own.csv:9002 is not UTF-8 text");
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> rows(folder.resolve("none.csv")))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("There is no file ");
  }

  @Test
  void whateverStandsInAFileOneSentenceSaysSo() throws IOException {
    final byte[] whole =
        "ax;ay;\"no te\"\n1.5;2;\"a\"\"b\"\n-3e2;;c\n4;5;d\n".getBytes(StandardCharsets.UTF_8);
    final String alphabet = "0.,;\t\"\n\r \u0000ae-\u00e4\ud83d";
    final Random random = new Random(1);
    for (int trial = 0; trial < 3000; trial++) {
      final byte[] changed = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
      for (int i = 0; i < random.nextInt(4) && changed.length > 0; i++) {
        changed[random.nextInt(changed.length)] =
            (byte) alphabet.charAt(random.nextInt(alphabet.length()));
      }
      final Path path = Files.write(folder.resolve("own.csv"), changed);
      try (CsvFile file = CsvFile.open(path, Dialect.ANY)) {
        while (file.next()) {
          for (int column = 0; column < file.columns().size(); column++) {
            file.number(column);
          }
        }
      } catch (DataException e) {
        assertThat(e.getMessage()).startsWith(path.toString()).endsWith(".");
      }
    }
  }

  private CsvFile open(String content) {
    return CsvFile.open(write("own.csv", content), Dialect.ANY);
  }

  private Path write(String name, String content) {
    try {
      return Files.writeString(folder.resolve(name), content);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private List<List<String>> rows(String content) {
    return rows(write("own.csv", content));
  }

  private static List<List<String>> rows(Path path) {
    try (CsvFile file = CsvFile.open(path, Dialect.ANY)) {
      return texts(file);
    }
  }

  private static List<List<String>> texts(CsvFile file) {
    final List<List<String>> rows = new ArrayList<>();
    while (file.next()) {
      rows.add(IntStream.range(0, file.columns().size()).mapToObj(file::text).toList());
    }
    return rows;
  }
}
