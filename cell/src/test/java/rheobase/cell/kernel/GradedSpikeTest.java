package rheobase.cell.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rheobase.cell.graph.Arithmetic;

/**
 * The quantiser against the table of its authors' code (Ponghiran and Roy 2022): which levels there
 * are and from where on a neuron fires.
 */
class GradedSpikeTest {
  private static final float RANGE = 2.5f;
  private static final int SAMPLES = 200_001;

  /** From below minus to above plus the range. */
  private static float[] sweep() {
    float[] x = new float[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      x[i] = RANGE * 1.2f * (2f * i / (SAMPLES - 1) - 1);
    }
    return x;
  }

  private static float[] kernel(int bits, int threshold, float... x) {
    return FunctionKernel.run("quantize(x, %d, %d)".formatted(bits, threshold), x, RANGE, false);
  }

  private static TreeSet<Long> levels(int bits, float[] y) {
    double scale = Arithmetic.quantizerScale(RANGE, bits);
    var levels = new TreeSet<Long>();
    for (float value : y) {
      double level = value * scale;
      assertThat(level).isCloseTo(Math.rint(level), within(1e-5 * Math.scalb(1, bits)));
      levels.add(Math.round(level));
    }
    return levels;
  }

  /**
   * The table: bits, threshold, number of levels, smallest and largest magnitude that is not zero.
   */
  @ParameterizedTest
  @CsvSource({"6, 3, 57, 4, 31", "5, 0, 31, 1, 15", "3, 0, 7, 1, 3", "2, 0, 3, 1, 1"})
  void theLevelsAreThoseOfTheTable(
      int bits, int threshold, int count, long smallest, long largest) {
    float[] kernel = kernel(bits, threshold, sweep());
    TreeSet<Long> levels = levels(bits, kernel);
    assertThat(levels).hasSize(count).contains(0L);
    assertThat(levels.first()).isEqualTo(-largest);
    assertThat(levels.last()).isEqualTo(largest);
    assertThat(levels.higher(0L)).isEqualTo(smallest);
    assertThat(levels.lower(0L)).isEqualTo(-smallest);

    float[] interpreter = new float[SAMPLES];
    float[] x = sweep();
    for (int i = 0; i < SAMPLES; i++) {
      interpreter[i] = (float) Arithmetic.quantize(x[i], RANGE, bits, threshold);
    }
    assertThat(levels(bits, interpreter)).isEqualTo(levels);
  }

  /**
   * The share of the range from which on a neuron fires; the factor 1 - 1e-4 of the scale moves it
   * up by as much.
   */
  @ParameterizedTest
  @CsvSource({"6, 3, 0.125", "5, 0, 0.0625", "3, 0, 0.25", "2, 0, 0.5"})
  void aNeuronFiresFromItsShareOfTheRangeOn(int bits, int threshold, double share) {
    double fires = share * RANGE / (1 - 1e-4);
    float above = (float) (fires * (1 + 1e-6));
    float below = (float) (fires * (1 - 1e-6));
    assertThat(kernel(bits, threshold, above)[0]).isPositive();
    assertThat(kernel(bits, threshold, below)[0]).isZero();
    assertThat(kernel(bits, threshold, -above)[0]).isNegative();
    assertThat(kernel(bits, threshold, -below)[0]).isZero();
    assertThat(Arithmetic.quantize(above, RANGE, bits, threshold)).isPositive();
    assertThat(Arithmetic.quantize(below, RANGE, bits, threshold)).isZero();
  }

  @Test
  void oneBitHasNoSignAndFiresFromHalfTheRangeOn() {
    assertThat(levels(1, kernel(1, 0, sweep()))).containsExactly(0L, 1L);
    float half = RANGE / 2 * 1.0002f;
    assertThat(kernel(1, 0, half, -half, -RANGE, RANGE / 2 * 0.999f))
        .containsExactly(new float[] {RANGE / 2, 0, 0, 0}, within(1e-3f * RANGE));
    assertThat(Arithmetic.quantize(half, RANGE, 1, 0)).isCloseTo(RANGE / 2, within(1e-3 * RANGE));
    assertThat(Arithmetic.quantize(-RANGE, RANGE, 1, 0)).isZero();
  }

  @Test
  void thirtyTwoBitsLeaveTheValueAlone() {
    float[] x = sweep();
    float[] y = kernel(32, 0, x);
    for (int i = 0; i < SAMPLES; i++) {
      float held = Math.clamp(x[i], -RANGE, RANGE);
      assertThat(y[i]).isCloseTo(held, within(3e-7f * RANGE));
      assertThat(Arithmetic.quantize(x[i], RANGE, 32, 0)).isCloseTo(held, within(1e-8));
    }
  }

  @Test
  void truncationIsTowardZero() {
    // 0.9 of the way from level 5 to level 6 is still level 5, on both sides
    float scale = (float) Arithmetic.quantizerScale(RANGE, 6);
    assertThat(kernel(6, 3, 5.9f / scale, -5.9f / scale))
        .containsExactly(new float[] {5 / scale, -5 / scale}, within(1e-6f));
  }

  @ParameterizedTest
  @CsvSource({"6, 3", "5, 0", "3, 0", "2, 0", "23, 0", "24, 1", "32, 0"})
  void kernelAndInterpreterAgreeAwayFromTheSteps(int bits, int threshold) {
    double scale = Arithmetic.quantizerScale(RANGE, bits);
    float[] x = sweep();
    float[] y = kernel(bits, threshold, x);
    int compared = 0;
    for (int i = 0; i < SAMPLES; i++) {
      double level = Math.abs(x[i]) * scale;
      double allowed = 1e-6;
      if (Math.abs(level - Math.rint(level)) < 1e-4 * Math.max(1, level / 100)) {
        // beside a step the two may stand one level apart
        allowed += (level < threshold + 2 ? threshold + 1 : 1) / scale;
      } else {
        compared++;
      }
      assertThat((double) y[i])
          .isCloseTo(Arithmetic.quantize(x[i], RANGE, bits, threshold), within(allowed));
    }
    assertThat(compared).isGreaterThan(bits < 8 ? SAMPLES / 2 : 0);
  }
}
