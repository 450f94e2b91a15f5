package rheobase.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FoldingTest {
  private static final Folding FOLDING =
      Folding.of(
          "two", List.of("b", "p", "q", "a"), Map.of("b", "stop", "p", "stop", "a", "vowel")::get);

  @Test
  void classesOfOneNameAreOneGroup() {
    assertThat(FOLDING.groups()).containsExactly(0, 0, Folding.LEFT_OUT, 1);
  }

  @Test
  void confusionInsideAGroupIsNoError() {
    final long[][] confusion = {{1, 2, 0, 0}, {0, 3, 0, 4}, {0, 0, 0, 0}, {0, 0, 0, 10}};
    assertThat(FOLDING.accuracy(confusion)).isEqualTo(16 / 20.0);
  }

  @Test
  void aTargetThatIsLeftOutIsNotCountedButToPredictItIsAnError() {
    final long[][] confusion = {{1, 0, 3, 0}, {0, 0, 0, 0}, {0, 0, 100, 50}, {0, 0, 0, 0}};
    assertThat(FOLDING.accuracy(confusion)).isEqualTo(1 / 4.0);
  }

  @Test
  void withoutDecisionsThereIsNoAccuracy() {
    assertThat(FOLDING.accuracy(new long[4][4])).isNaN();
  }

  @Test
  void labelsInOrderAreFoldedAndThoseLeftOutTakenAway() {
    final Folding folding = new Folding("groups", List.of(0, Folding.LEFT_OUT, 0, 1));
    assertThat(folding.fold(new int[] {2, 1, 0, 3, 1})).containsExactly(0, 0, 1);
  }
}
