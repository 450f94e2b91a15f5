package rheobase.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScoreTest {
  /** Ten sequences of class 0, two of class 2, none of class 1. */
  private static final Score SCORE =
      new Score(0, 0, 0, null, new long[][] {{9, 0, 1}, {0, 0, 0}, {1, 0, 1}});

  @Test
  void accuracyAtTheEndIsTheShareOfSequences() {
    assertThat(SCORE.accuracyAtEnd()).isCloseTo(10 / 12.0, within(1e-15));
  }

  @Test
  void meanOfTheClassesWeighsThemAlikeAndLeavesOutWhatDoesNotOccur() {
    assertThat(SCORE.classMeanAtEnd()).isCloseTo((0.9 + 0.5) / 2, within(1e-15));
  }

  @Test
  void whatIsNotKnownIsNoNumber() {
    for (var score :
        new Score[] {new Score(1, 1, 0, null), new Score(1, 1, 0, null, new long[3][3])}) {
      assertThat(score.accuracyAtEnd()).isNaN();
      assertThat(score.classMeanAtEnd()).isNaN();
    }
  }
}
