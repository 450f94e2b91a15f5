package rheobase.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import rheobase.data.text.Alignment.Pair;

class AlignmentTest {
  @Test
  void wordsOfAKnownExampleAreCounted() {
    // one of each kind: "sat" for "sit", "the" left out, "now" put in
    final ErrorCounts counts =
        Alignment.ofWords("the cat sat on the mat", "the cat sit on mat now");
    assertThat(counts).isEqualTo(new ErrorCounts(6, 1, 1, 1));
    assertThat(counts.errors()).isEqualTo(3);
    assertThat(counts.right()).isEqualTo(4);
    assertThat(counts.rate()).isEqualTo(0.5);
    assertThat(counts.text())
        .isEqualTo("50.00 % (3 errors in 6: 1 substituted, 1 deleted, 1 inserted)");
  }

  @Test
  void charactersOfAKnownExampleAreCounted() {
    // the textbook pair: k/s, e/i, and g at the end
    assertThat(Alignment.ofCharacters("kitten", "sitting")).isEqualTo(new ErrorCounts(6, 2, 0, 1));
    assertThat(Alignment.ofCharacters("a  b\n", " a b")).isEqualTo(new ErrorCounts(3, 0, 0, 0));
    assertThat(Alignment.ofCharacters("\uD83D\uDE00", "x")).isEqualTo(new ErrorCounts(1, 1, 0, 0));
  }

  @Test
  void phonesAreLaidSideBySide() {
    final Alignment alignment = Alignment.of(new int[] {1, 2, 3, 4}, new int[] {1, 3, 5, 4, 4});
    assertThat(alignment.pairs())
        .containsExactly(
            new Pair(1, 1),
            new Pair(2, Alignment.NOTHING),
            new Pair(3, 3),
            new Pair(Alignment.NOTHING, 5),
            new Pair(Alignment.NOTHING, 4),
            new Pair(4, 4));
  }

  @Test
  void ofEquallyManyErrorsTheLabelsRightDecide() {
    // three substitutions would be three errors as well, with nothing right
    final ErrorCounts counts = Alignment.of(new int[] {1, 2, 3}, new int[] {2, 3, 4}).counts();
    assertThat(counts).isEqualTo(new ErrorCounts(3, 0, 1, 1));
    assertThat(Alignment.of(new int[] {1, 2, 3}, new int[] {3, 4, 5}).counts())
        .isEqualTo(new ErrorCounts(3, 3, 0, 0));
  }

  @Test
  void nothingSaidMakesInsertionsAndNothingRecognisedDeletions() {
    assertThat(Alignment.ofWords("", "a b")).isEqualTo(new ErrorCounts(0, 0, 0, 2));
    assertThat(Alignment.ofWords("", "a b").rate()).isNaN();
    assertThat(Alignment.ofWords("a b c", " ")).isEqualTo(new ErrorCounts(3, 0, 3, 0));
    assertThat(Alignment.ofWords("", "")).isEqualTo(ErrorCounts.NONE);
    assertThat(Alignment.ofWords("a", "b c d").rate()).isEqualTo(3);
  }

  @Test
  void ratesOfASetAreThoseOfItsSums() {
    final ErrorCounts both =
        Alignment.ofItems(List.of("aa", "b"), List.of("aa"))
            .plus(Alignment.ofItems(List.of("c"), List.of("d", "e")));
    assertThat(both).isEqualTo(new ErrorCounts(3, 1, 1, 1));
    assertThat(both.rate()).isCloseTo(1, within(1e-12));
  }

  @Test
  void errorsAreTheFewestThereAre() {
    final Random random = new Random(4);
    for (int trial = 0; trial < 200; trial++) {
      final int[] said = random.ints(random.nextInt(6), 0, 3).toArray();
      final int[] recognised = random.ints(random.nextInt(6), 0, 3).toArray();
      assertThat(Alignment.of(said, recognised).counts().errors())
          .isEqualTo(fewest(said, 0, recognised, 0));
    }
  }

  /** By trying all there is. */
  private static int fewest(int[] said, int i, int[] recognised, int j) {
    if (i == said.length || j == recognised.length) {
      return said.length - i + recognised.length - j;
    }
    final int wrong = said[i] == recognised[j] ? 0 : 1;
    return Math.min(
        wrong + fewest(said, i + 1, recognised, j + 1),
        1 + Math.min(fewest(said, i + 1, recognised, j), fewest(said, i, recognised, j + 1)));
  }

  @Test
  void aConfusionMatrixWithAPlaceForNothingHasTheCounts() {
    final long[][] confusion = {{5, 1, 2}, {0, 3, 1}, {4, 0, 0}};
    assertThat(ErrorCounts.of(confusion)).isEqualTo(new ErrorCounts(12, 1, 3, 4));
  }
}
