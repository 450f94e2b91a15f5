package rheobase.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PopulationCodeTest {
  private static final PopulationCode EIGHTY = new PopulationCode(80);

  /** The formula as it was published, in another order of operations. */
  private static double published(double x, int i, int n) {
    final double mu = (2 * (i + 1) - 4) / 2.0 / (n - 2);
    final double sigma = 1.0 / (n - 2);
    return Math.exp(-0.5 * Math.pow((x - mu) / sigma, 2)) / Math.sqrt(2 * Math.PI * sigma * sigma);
  }

  @ParameterizedTest
  @ValueSource(floats = {0, 0.2f, 0.5f, 0.999f, 1, -0.3f, 7})
  void everyNeuronAnswersWithItsGaussian(float x) {
    final float[] answers = new float[80];
    EIGHTY.answer(x, answers, 0);
    for (int i = 0; i < 80; i++) {
      assertThat((double) answers[i]).isCloseTo(published(x, i, 80), within(1e-5));
    }
  }

  @Test
  void theSecondNeuronIsTunedToZeroAndTheLastToOne() {
    final float[] answers = new float[80];
    EIGHTY.answer(0, answers, 0);
    assertThat(answers[1]).isCloseTo(78 / 2.5066283f, within(1e-4f)).isGreaterThan(answers[0]);
    assertThat(answers[0]).isEqualTo(answers[2]);
    EIGHTY.answer(1, answers, 0);
    assertThat(answers[79]).isCloseTo(78 / 2.5066283f, within(1e-4f)).isGreaterThan(answers[78]);
    assertThat(answers[1]).isZero();
  }

  @Test
  void channelsStandOneAfterTheOther() {
    final var signal = new Signal.Dense(2, 2, new float[] {0, 0.5f, 1, 0.25f});
    final var set =
        new SequenceSet(
            "s",
            2,
            List.of("a"),
            List.of(new Sequence("s", "s", signal, new int[1], new boolean[1])));
    final var five = new PopulationCode(5);
    final SequenceSet coded = five.encode(set);
    assertThat(coded.channels()).isEqualTo(10);
    final float[] expected = new float[20];
    for (int i = 0; i < 4; i++) {
      five.answer(signal.values()[i], expected, 5 * i);
    }
    assertThat(coded.sequences().getFirst().values()).containsExactly(expected);
    assertThat(coded.sha256()).isNotEqualTo(set.sha256());
    assertThat(coded.sha256()).isNotEqualTo(new PopulationCode(6).encode(set).sha256());
    assertThat(coded.sequences().getFirst().first(1).values()).hasSize(10);
  }

  @Test
  void aPopulationOfTwoIsRefused() {
    assertThatThrownBy(() -> new PopulationCode(2)).isInstanceOf(DataException.class);
  }
}
