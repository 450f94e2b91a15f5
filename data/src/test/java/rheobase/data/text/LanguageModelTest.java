package rheobase.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rheobase.data.DataException;

/** The model in {@code tones.arpa}, whose sums are done by hand here. */
class LanguageModelTest {
  @TempDir private Path folder;
  private String text;

  @BeforeEach
  void readText() throws IOException {
    try (InputStream in = LanguageModelTest.class.getResourceAsStream("/text/tones.arpa")) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private LanguageModel model() {
    return ArpaFile.read(file(text));
  }

  private Path file(String content) {
    try {
      return Files.writeString(folder.resolve("tones.arpa"), content);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** To base 10, as the file has it. */
  private double log(LanguageModel model, String... sentence) {
    return model.logProbability(List.of(sentence)) / Math.log(10);
  }

  @Test
  void listedNGramsHaveTheirOwnProbability() {
    // <s> high, <s> high low, high low high, then low high backs off to high </s>: 0 - 0.2 - 1.2
    assertThat(log(model(), "high", "low", "high"))
        .isCloseTo(-0.3 - 0.15 - 0.05 - 0.2 - 1.2, within(1e-12));
  }

  @Test
  void whatIsNotListedBacksOffOnceOrTwice() {
    // <s> low: weight of <s>; then low low: weight of low; then low </s> is listed
    assertThat(log(model(), "low", "low"))
        .isCloseTo((-0.5 - 0.7) + (-0.3 - 0.7) - 0.8, within(1e-12));
    // high low mid: weights of "high low" and of "low"; mid </s>: mid has no weight
    assertThat(log(model(), "high", "low", "mid"))
        .isCloseTo(-0.3 - 0.15 + (-0.25 - 0.3 - 0.9) - 1.2, within(1e-12));
  }

  @Test
  void aWeightMayBeAboveOne() {
    // mid mid mid backs off by +0.1 to mid mid
    assertThat(log(model(), "mid", "mid", "mid"))
        .isCloseTo((-0.5 - 0.9) - 0.2 + (0.1 - 0.2) + (0.1 - 1.2), within(1e-12));
  }

  @Test
  void wordsNotListedAreTheUnknownWordIfThereIsOne() {
    assertThat(log(model(), "loud")).isCloseTo(-0.5 - 1.0 - 1.2, within(1e-12));
    final String without = text.replace("-1.0\t<unk>\n", "").replace("ngram 1=6", "ngram 1=5");
    final LanguageModel model = ArpaFile.read(file(without));
    assertThat(model.number("loud")).isEqualTo(-1);
    assertThat(log(model, "loud")).isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @Test
  void stateForgetsWhatCannotMatter() {
    final LanguageModel model = model();
    final int mid = model.number("mid");
    final int low = model.number("low");
    final int before = model.after(model.after(model.start(), low), mid);
    assertThat(before).isEqualTo(model.after(model.start(), mid));
    assertThat(model.order()).isEqualTo(3);
    assertThat(model.words()).containsExactly("<unk>", "<s>", "</s>", "high", "low", "mid");
  }

  @Test
  void windowsLineEndsAndSpacesReadTheSame() {
    final double expected = log(model(), "high", "mid");
    final LanguageModel model = ArpaFile.read(file(text.replace('\t', ' ').replace("\n", "\r\n")));
    assertThat(log(model, "high", "mid")).isEqualTo(expected);
  }

  @Test
  void aSingleOrderBacksOffToNothing() {
    final LanguageModel model =
        ArpaFile.read(file("\\data\\\nngram 1=2\n\n\\1-grams:\n-0.3 a\n-0.3 </s>\n\n\\end\\\n"));
    assertThat(log(model, "a", "a")).isCloseTo(-0.9, within(1e-12));
  }

  private void broken(String from, String to, String... message) {
    assertThat(text).contains(from);
    final Path file = file(text.replaceFirst(Pattern.quote(from), Matcher.quoteReplacement(to)));
    assertThatThrownBy(() -> ArpaFile.read(file))
        .isInstanceOf(DataException.class)
        .message()
        .contains(message)
        .contains("tones.arpa")
        .endsWith(".");
  }

  @Test
  void brokenFilesAreNamedWithTheLine() {
    broken("\\data\\", "data", "no language model in the ARPA format");
    broken("ngram 2=5", "ngram 3=5", ":5 reads 'ngram 3=5', not 'ngram 2='");
    broken("ngram 1=6\nngram 2=5\nngram 3=2\n", "", ":5 stands where the numbers of n-grams");
    broken("-0.7\tlow\t-0.3\n", "", ":15: the 1-grams end here after 5 of them", "there are 6");
    broken("-0.7\tlow", "x0.7\tlow", ":13 has 'x0.7' where a logarithm should stand");
    broken("-0.7\tlow", "0.7\tlow", ":13 gives a probability above 1");
    broken("high low\t-0.25", "high", ":18 has 2 fields, but a line of the 2-grams has", "2 words");
    broken("high low high", "high low high -1", ":25 has 5 fields, but a line of the 3-grams");
    broken("mid mid", "mid loud", ":21 gives the n-gram 'mid loud', but 'loud' is no 1-gram");
    broken("high low high", "mid low high", ":25", "its first words are no 2-gram");
    broken("-0.7\tlow", "-0.7\thigh", ":13 gives the n-gram 'high', but it is listed twice");
    broken("\\2-grams:", "\\4-grams:", ":16 reads '\\4-grams:', not '\\2-grams:'");
    broken("\\end\\", "", ":27 is the end of the file", "cut short");
  }

  @Test
  void fileThatIsNotThereOrNoTextIsNamed() throws IOException {
    assertThatThrownBy(() -> ArpaFile.read(folder.resolve("none.arpa")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("none.arpa is not there");
    final Path packed = Files.write(folder.resolve("tones.gz"), new byte[] {0x1f, (byte) 0x8b, 8});
    assertThatThrownBy(() -> ArpaFile.read(packed))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("tones.gz is no text in UTF-8");
  }
}
