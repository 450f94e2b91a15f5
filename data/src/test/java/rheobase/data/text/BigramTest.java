package rheobase.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class BigramTest {
  /** a b a b b, and a: labels 0 and 1, and a label 2 that nobody says. */
  private static final Bigram SMALL =
      Bigram.of(3, List.of(new int[] {0, 1, 0, 1, 1}, new int[] {0}));

  @Test
  void probabilitiesAreThoseOfWittenAndBell() {
    // counts: 0 three times, 1 three times, the end twice: 8, and 4 more for what was not seen
    double zero = 4.0 / 12;
    double one = 4.0 / 12;
    double two = 1.0 / 12;
    double end = 3.0 / 12;
    // after 0: 1 twice, the end once
    assertThat(SMALL.log(0, 1)).isCloseTo(Math.log((2 + 2 * one) / 5), within(1e-12));
    assertThat(SMALL.log(0, 0)).isCloseTo(Math.log(2 * zero / 5), within(1e-12));
    assertThat(SMALL.log(0, 2)).isCloseTo(Math.log(2 * two / 5), within(1e-12));
    assertThat(SMALL.logEnd(0)).isCloseTo(Math.log((1 + 2 * end) / 5), within(1e-12));
    // both begin with 0
    assertThat(SMALL.logBegin(0)).isCloseTo(Math.log((2 + zero) / 3), within(1e-12));
    assertThat(SMALL.logBegin(2)).isCloseTo(Math.log(two / 3), within(1e-12));
  }

  @Test
  void afterALabelThatNobodySaysComeLabelsAsOftenAsAtAll() {
    assertThat(SMALL.log(2, 0)).isCloseTo(Math.log(4.0 / 12), within(1e-12));
    assertThat(SMALL.logEnd(2)).isCloseTo(Math.log(3.0 / 12), within(1e-12));
  }

  @Test
  void whateverStandsBeforeSomethingFollows() {
    for (int before = 0; before < 3; before++) {
      double sum = Math.exp(SMALL.logEnd(before));
      for (int label = 0; label < 3; label++) {
        sum += Math.exp(SMALL.log(before, label));
      }
      assertThat(sum).as("after %d", before).isCloseTo(1, within(1e-12));
    }
  }

  @Test
  void countsMakeTheSameBigramAgain() {
    var again = Bigram.of(SMALL.counts());
    assertThat(again.labels()).isEqualTo(3);
    assertThat(again.log(1, 2)).isEqualTo(SMALL.log(1, 2));
    assertThat(again.logBegin(1)).isEqualTo(SMALL.logBegin(1));
    assertThat(again.logEnd(1)).isEqualTo(SMALL.logEnd(1));
  }
}
