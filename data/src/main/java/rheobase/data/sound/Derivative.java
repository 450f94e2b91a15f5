package rheobase.data.sound;

import rheobase.data.DataException;

/**
 * How features change: the derivative of the polynomial that fits nine steps best, taken in their
 * middle (Savitzky and Golay 1964). As librosa's {@code feature.delta} has it, the polynomial for
 * the first derivative is a line and that for the second a parabola. A line has one slope and a
 * parabola one curvature, so the four steps at either end, which have no nine around them, take the
 * value of the nearest that has.
 */
public enum Derivative {
  /** Slope of the line, per step: the sum of k x[k] / 60. */
  FIRST {
    @Override
    double weight(int k) {
      return k / 60.0;
    }
  },
  /** Curvature of the parabola, per step squared: the sum of (3 k^2 - 20) x[k] / 462. */
  SECOND {
    @Override
    double weight(int k) {
      return (3 * k * k - 20) / 462.0;
    }
  };

  private static final int REACH = 4;

  /** Of the value k steps away, k = -4 ... 4. */
  abstract double weight(int k);

  /**
   * The derivative over time of every channel.
   *
   * @param values {@code [step][channel]}, flat
   * @return as many values
   * @throws DataException when there are fewer than nine steps
   */
  public double[] of(double[] values, int steps, int channels) {
    if (steps <= 2 * REACH) {
      throw new DataException(
          "A derivative over %d steps is not possible; it needs %d."
              .formatted(steps, 2 * REACH + 1));
    }
    final double[] derivative = new double[values.length];
    for (int step = 0; step < steps; step++) {
      final int middle = Math.clamp(step, REACH, steps - 1 - REACH);
      for (int k = -REACH; k <= REACH; k++) {
        final double weight = weight(k);
        for (int c = 0; c < channels; c++) {
          derivative[step * channels + c] += weight * values[(middle + k) * channels + c];
        }
      }
    }
    return derivative;
  }
}
