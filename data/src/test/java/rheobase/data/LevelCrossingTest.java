package rheobase.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LevelCrossingTest {

  @Test
  void risesAndFallsGoToTheirOwnChannels() {
    final float[] events = new LevelCrossing(1).encode(new double[] {0, 1, 3, 3.5, 2, 1.5});
    assertThat(events).containsExactly(0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0);
  }

  @Test
  void slowSlopesGiveIsolatedEventsAndAreNotLost() {
    final double[] slope = new double[101];
    for (int i = 0; i < slope.length; i++) {
      slope[i] = i / 8.0;
    }
    final float[] events = new LevelCrossing(0.5).encode(slope);
    for (int i = 1; i < slope.length; i++) {
      assertThat(events[2 * i]).isEqualTo(i % 4 == 0 ? 1 : 0);
      assertThat(events[2 * i + 1]).isZero();
    }
  }

  @Test
  void aSteepSlopeGivesOneEventPerSampleAndNoneAfterIt() {
    final float[] events = new LevelCrossing(0.1).encode(new double[] {0, 5, 10, 10, 10});
    assertThat(events).containsExactly(0, 0, 1, 0, 1, 0, 0, 0, 0, 0);
  }

  @Test
  void everyLeadHasItsOwnChannelsAndReference() {
    final float[] events =
        new LevelCrossing(1).encode(new double[] {0, 2, 2}, new double[] {9, 9, 7});
    assertThat(events).containsExactly(0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1);
  }

  @Test
  void badSignalsAreNamedByLeadAndSample() {
    final LevelCrossing encoder = new LevelCrossing(1);
    assertThatThrownBy(
            () -> encoder.encode(new double[] {0, 1}, new double[] {0, Double.POSITIVE_INFINITY}))
        .isInstanceOf(DataException.class)
        .hasMessage("Lead 1 holds Infinity at sample 1; every value must be finite.");
    assertThatThrownBy(() -> encoder.encode(new double[2], new double[3]))
        .hasMessage("Lead 0 has 2 samples, but lead 1 has 3.");
    for (double delta : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> new LevelCrossing(delta)).hasMessageContaining("must be positive");
    }
  }

  @Test
  void smoothingKeepsCubicsAsTheyAreUpToTheEdges() {
    final double[] cubic = new double[11];
    for (int i = 0; i < cubic.length; i++) {
      cubic[i] = 2 - i + 0.3 * i * i - 0.02 * i * i * i;
    }
    final double[] smoothed = LevelCrossing.smooth(cubic);
    for (int i = 0; i < cubic.length; i++) {
      assertThat(smoothed[i]).isCloseTo(cubic[i], within(1e-12));
    }
  }

  /** scipy.signal.savgol_filter([0, 0, 1, 0, 0, 3, -1], 5, 3). */
  @Test
  void smoothingIsSavitzkyAndGolays() {
    assertThat(LevelCrossing.smooth(new double[] {0, 0, 1, 0, 0, 3, -1}))
        .containsExactly(
            new double[] {
              -0.08571428571428497,
              0.3428571428571424,
              0.48571428571428565,
              0.08571428571428569,
              1.0285714285714285,
              2.3142857142856927,
              -0.8285714285714574
            },
            within(1e-12));
    assertThat(LevelCrossing.smooth(new double[] {1, 2, 9})).containsExactly(1, 2, 9);
  }
}
