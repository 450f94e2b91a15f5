package rheobase.network.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rheobase.data.Sequence;
import rheobase.network.NetworkException;
import rheobase.network.training.Curriculum.Stage;

class CurriculumTest {
  /** As released by Ponghiran and Roy 2022, counted from 1. */
  private static final Curriculum PUBLISHED =
      new Curriculum(
          List.of(
              new Stage(5, 100),
              new Stage(4, 200),
              new Stage(4, 400),
              new Stage(4, 800),
              new Stage(7, 1000)));

  private static Sequence sequence(int steps) {
    float[] values = new float[2 * steps];
    int[] targets = new int[steps];
    boolean[] annotated = new boolean[steps];
    for (int t = 0; t < steps; t++) {
      values[2 * t] = t;
      values[2 * t + 1] = -t;
      targets[t] = t % 3;
      annotated[t] = t % 2 == 0;
    }
    return new Sequence("s", "g", steps, 2, values, targets, annotated);
  }

  private static int[] lengths(int steps, Curriculum curriculum, int epoch) {
    return curriculum.pieces(List.of(sequence(steps)), epoch).stream()
        .mapToInt(Sequence::steps)
        .toArray();
  }

  @ParameterizedTest
  @CsvSource({"1, 100", "5, 100", "6, 200", "9, 200", "10, 400", "17, 800", "18, 1000", "99, 1000"})
  void piecesGrowOverTheEpochs(int epoch, int steps) {
    assertThat(PUBLISHED.steps(epoch)).isEqualTo(steps);
  }

  @Test
  void whatIsLeftOfLessThanOneAndAQuarterPiecesStaysWhole() {
    assertThat(lengths(125, PUBLISHED, 1)).containsExactly(125);
    assertThat(lengths(126, PUBLISHED, 1)).containsExactly(100, 26);
    assertThat(lengths(325, PUBLISHED, 1)).containsExactly(100, 100, 125);
    assertThat(lengths(326, PUBLISHED, 1)).containsExactly(100, 100, 100, 26);
    assertThat(lengths(326, PUBLISHED, 18)).containsExactly(326);
    assertThat(lengths(326, Curriculum.NONE, 1)).containsExactly(326);
  }

  @Test
  void noStepIsLostMovedOrSaidTwice() {
    Sequence whole = sequence(326);
    int at = 0;
    for (Sequence piece : PUBLISHED.pieces(List.of(whole), 1)) {
      int end = at + piece.steps();
      assertThat(piece.values())
          .containsExactly(Arrays.copyOfRange(whole.values(), 2 * at, 2 * end));
      assertThat(piece.targets()).containsExactly(Arrays.copyOfRange(whole.targets(), at, end));
      assertThat(piece.annotated()).containsExactly(Arrays.copyOfRange(whole.annotated(), at, end));
      at = end;
    }
    assertThat(at).isEqualTo(326);
  }

  @Test
  void aSequenceWithOneTargetForTheWholeIsNamed() {
    var one = new Sequence("song", "g", 3, 1, new float[3], new int[1], new boolean[1]);
    assertThatThrownBy(() -> PUBLISHED.pieces(List.of(one), 1))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining("sequence 'song' has no target for every step");
  }

  @Test
  void anEmptyStageIsRefused() {
    assertThatThrownBy(() -> new Stage(0, 100)).isInstanceOf(NetworkException.class);
    assertThatThrownBy(() -> new Stage(1, 0)).isInstanceOf(NetworkException.class);
  }
}
