package rheobase.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;
import static org.assertj.core.data.Percentage.withPercentage;

import java.util.List;
import org.junit.jupiter.api.Test;

class WorkTest {
  private static final double B1_STEPS = 64 * 100;

  /** 700 inputs at 3 %, two layers of 128, 20 outputs. */
  @Test
  void spikesTravelTheirWeightsForwardAndInTheirGradients() {
    double weights =
        0.03 * 700 * 128 + 0.1 * 128 * 128 + 0.1 * 128 * 128 + 0.05 * 128 * 128 + 0.05 * 128 * 20;
    Work forward = Work.of("B1", List.of(0.1, 0.05), false);
    Work training = Work.of("B1", List.of(0.1, 0.05), true);
    assertThat(forward.eventAdds()).isCloseTo(B1_STEPS * weights, withPercentage(1e-9));
    assertThat(training.eventAdds()).isCloseTo(2 * B1_STEPS * weights, withPercentage(1e-9));
  }

  @Test
  void gradientsGoBackDenselyButNotToTheInput() {
    assertThat(Work.of("B1", List.of(0.1, 0.05), false).multiplyAdds()).isZero();
    assertThat(Work.of("B1", List.of(0.1, 0.05), true).multiplyAdds())
        .isCloseTo(B1_STEPS * (3 * 128 * 128 + 128 * 20), withPercentage(1e-9));
  }

  /** Four channels of heartbeats are read whether or not there is an event. */
  @Test
  void fewChannelsAreReadDensely() {
    assertThat(Work.of("A", List.of(0.05), false).multiplyAdds())
        .isCloseTo(64.0 * 1301 * 4 * 36, withPercentage(1e-9));
  }

  /** Drive and three states of an adaptive neuron, drive and one state of an output. */
  @Test
  void theTapeIsWrittenAndReadAndAThreadHoldsThatOfAMicroBatch() {
    Work work = Work.of("A", List.of(0.05), true);
    double bytes = 4.0 * 1301 * (36 * 4 + 6 * 2);
    assertThat(work.tapeBytes()).isCloseTo(2 * 64 * bytes, withPercentage(1e-9));
    assertThat(work.heldBytes()).isCloseTo(8 * bytes, withPercentage(1e-9));
    assertThat(Work.of("A", List.of(0.05), false).tapeBytes()).isCloseTo(0, offset(0.0));
  }

  @Test
  void gatedNetworksAreNotCounted() {
    assertThat(Work.counts("C")).isTrue();
    assertThat(Work.counts("C-lstm")).isFalse();
  }
}
