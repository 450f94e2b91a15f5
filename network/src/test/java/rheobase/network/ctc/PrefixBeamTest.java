package rheobase.network.ctc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rheobase.data.text.ArpaFile;
import rheobase.data.text.LanguageModel;
import rheobase.network.NetworkException;

class PrefixBeamTest {
  private static final List<String> CLASSES = List.of("a", "b", "blank");

  @TempDir private Path folder;

  private static float[] logits(int steps, int classes, Random random) {
    float[] logits = new float[steps * classes];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) random.nextGaussian();
    }
    return logits;
  }

  /** Logits of three classes, by the probabilities of their first two, a step after the other. */
  private static float[] probabilities(double... ab) {
    float[] logits = new float[ab.length / 2 * 3];
    for (int t = 0; t < ab.length / 2; t++) {
      logits[3 * t] = (float) Math.log(ab[2 * t]);
      logits[3 * t + 1] = (float) Math.log(ab[2 * t + 1]);
      logits[3 * t + 2] = (float) Math.log(1 - ab[2 * t] - ab[2 * t + 1]);
    }
    return logits;
  }

  @Test
  void allPathsTogetherOutweighTheBestOne() {
    // the textbook case: blank blank has 0.36, but the paths a-, -a and aa have 0.64
    float[] logits = probabilities(0.4, 1e-9, 0.4, 1e-9);
    assertThat(Greedy.labels(logits, 0, 2, 3)).isEmpty();
    var best = PrefixBeam.withoutModel(3, 10).search(logits, 0, 2).getFirst();
    assertThat(best.labels()).containsExactly(0);
    assertThat(Math.exp(best.logProbability())).isCloseTo(0.64, within(1e-6));
  }

  @Test
  void aWideBeamFindsEveryLabellingWithItsProbability() {
    var random = new Random(2);
    for (int trial = 0; trial < 10; trial++) {
      float[] logits = logits(6, 3, random);
      var found = PrefixBeam.withoutModel(3, 1000).search(logits, 0, 5);
      double sum = 0;
      for (var hypothesis : found) {
        double log = -new CtcLoss(3).of("s", logits, 0, 5, hypothesis.labels(), 1, null);
        assertThat(hypothesis.logProbability()).isCloseTo(log, within(1e-9));
        assertThat(hypothesis.score()).isEqualTo(hypothesis.logProbability());
        sum += Math.exp(log);
      }
      assertThat(sum).as("of all there are").isCloseTo(1, within(1e-9));
      assertThat(found).isSortedAccordingTo((x, y) -> Double.compare(y.score(), x.score()));
    }
  }

  @Test
  void aNarrowBeamLosesOnlyProbability() {
    var random = new Random(5);
    for (int trial = 0; trial < 20; trial++) {
      float[] logits = logits(12, 4, random);
      for (int width = 1; width < 20; width++) {
        var found = PrefixBeam.withoutModel(4, width).search(logits, 0, 12);
        assertThat(found).hasSizeBetween(1, width);
        for (var hypothesis : found) {
          double log = -new CtcLoss(4).of("s", logits, 0, 12, hypothesis.labels(), 1, null);
          assertThat(hypothesis.logProbability()).isLessThanOrEqualTo(log + 1e-9);
        }
      }
    }
  }

  private LanguageModel model() {
    try {
      return ArpaFile.read(
          Files.writeString(
              folder.resolve("ab.arpa"),
              """
              \\data\\
              ngram 1=4
              ngram 2=2

              \\1-grams:
              -99 <s>
              -1 </s>
              -0.3 a -0.7
              -0.3 b

              \\2-grams:
              -0.05 a b
              -2 a a

              \\end\\
              """));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void languageModelDecidesWhereTheSoundDoesNot() {
    // a, then a blank, then a little more of an a than of a b
    float[] logits = probabilities(0.98, 0.01, 0.01, 0.01, 0.5, 0.45);
    assertThat(PrefixBeam.withModel(CLASSES, 8, model(), 0, 0).labels(logits, 0, 3))
        .containsExactly(0, 0);
    assertThat(PrefixBeam.withModel(CLASSES, 8, model(), 0.5, 0).labels(logits, 0, 3))
        .containsExactly(0, 1);
  }

  @Test
  void scoreIsThatOfItsThreeParts() {
    float[] logits = probabilities(0.98, 0.01, 0.01, 0.01, 0.5, 0.45);
    var model = model();
    for (var found : PrefixBeam.withModel(CLASSES, 50, model, 0.7, 0.2).search(logits, 0, 3)) {
      var words = Arrays.stream(found.labels()).mapToObj(CLASSES::get).toList();
      double expected =
          found.logProbability() + 0.7 * model.logProbability(words) + 0.2 * words.size();
      assertThat(found.score()).isCloseTo(expected, within(1e-9));
    }
  }

  @Test
  void aBonusMakesForMoreLabels() {
    float[] logits = probabilities(0.3, 0.1, 0.1, 0.3);
    assertThat(PrefixBeam.withModel(CLASSES, 50, model(), 0.1, -5).labels(logits, 0, 2)).isEmpty();
    assertThat(PrefixBeam.withModel(CLASSES, 50, model(), 0.1, 5).labels(logits, 0, 2)).hasSize(2);
  }

  private static final List<String> LETTERS = List.of("|", "A", "B", "blank");

  /** Of the words a, ab and ba; perhaps others. */
  private LanguageModel words(String unknown) {
    try {
      return ArpaFile.read(
          Files.writeString(
              folder.resolve("words.arpa"),
              """
              \\data\\
              ngram 1=%d
              ngram 2=2

              \\1-grams:
              -99 <s> -0.2
              -0.9 </s>
              -0.5 a -0.4
              -0.7 ab -0.1
              -0.8 ba
              -1.5 c's
              %s
              \\2-grams:
              -0.1 a ba
              -1.1 ab a

              \\end\\
              """
                  .formatted(unknown.isEmpty() ? 6 : 7, unknown)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> spelt(int[] labels) {
    var text = new StringBuilder();
    Arrays.stream(labels).mapToObj(LETTERS::get).forEach(text::append);
    return Arrays.stream(text.toString().toLowerCase().split("[|]"))
        .filter(word -> !word.isEmpty())
        .toList();
  }

  @Test
  void wordsAreScoredByTheirModelAndTheLastOneToo() {
    var model = words("");
    var lexicon = Lexicon.of(LETTERS, 0, model);
    float[] logits = logits(5, 4, new Random(5));
    int several = 0;
    for (var found : PrefixBeam.withWords(4, 4000, lexicon, 0.7, 0.2).search(logits, 0, 5)) {
      var words = spelt(found.labels());
      boolean listed = words.stream().allMatch(List.of("a", "ab", "ba")::contains);
      if (!listed) {
        assertThat(found.score()).isEqualTo(Double.NEGATIVE_INFINITY);
        continue;
      }
      double expected =
          found.logProbability() + 0.7 * model.logProbability(words) + 0.2 * words.size();
      assertThat(found.score()).as("%s", words).isCloseTo(expected, within(1e-9));
      several += words.size() > 1 ? 1 : 0;
    }
    assertThat(several).isPositive();
  }

  /** Steps of one label each, sure but for a little of everything else. */
  private static float[] sure(String letters) {
    float[] logits = new float[4 * letters.length()];
    for (int t = 0; t < letters.length(); t++) {
      int label = LETTERS.indexOf(letters.substring(t, t + 1));
      logits[4 * t + (label < 0 ? 3 : label)] = 3;
    }
    return logits;
  }

  @Test
  void onlyListedWordsAreSaidUnlessThereAreUnknownOnes() {
    float[] logits = sure("BB-B|A");
    var closed = PrefixBeam.withWords(4, 50, Lexicon.of(LETTERS, 0, words("")), 0.3, 0);
    assertThat(spelt(closed.labels(logits, 0, 6))).isSubsetOf("a", "ab", "ba");
    var open = PrefixBeam.withWords(4, 50, Lexicon.of(LETTERS, 0, words("-1 <unk>")), 0.3, 0);
    assertThat(spelt(open.labels(logits, 0, 6))).containsExactly("bb", "a");
  }

  @Test
  void aModelOfOtherLettersIsRefused() {
    assertThatThrownBy(() -> Lexicon.of(List.of("|", "X", "blank"), 0, words("")))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining("not one word of the language model is spelt with the labels | X");
  }

  @Test
  void labelTheModelDoesNotListAndAnEmptyBeamAreNamed() {
    assertThatThrownBy(() -> PrefixBeam.withModel(List.of("a", "sh", "blank"), 8, model(), 1, 0))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining("does not list the label 'sh'");
    assertThatThrownBy(() -> PrefixBeam.withoutModel(3, 0))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining("a beam of 0 prefixes");
  }
}
