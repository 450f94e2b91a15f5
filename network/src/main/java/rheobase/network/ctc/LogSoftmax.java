package rheobase.network.ctc;

/**
 * Logarithms of probabilities, in double precision and with the bits that {@link StrictMath} gives
 * on any machine.
 */
public final class LogSoftmax {
  private LogSoftmax() {}

  /**
   * Logarithms of the softmax of each step.
   *
   * @param logits {@code [step][class]} from {@code from} on
   * @param result overwritten from 0 on, {@code [step][class]}
   */
  public static void of(float[] logits, int from, int steps, int classes, double[] result) {
    for (int t = 0; t < steps; t++) {
      int at = t * classes;
      double top = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < classes; c++) {
        top = Math.max(top, logits[from + at + c]);
      }
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        sum += StrictMath.exp(logits[from + at + c] - top);
      }
      double all = top + StrictMath.log(sum);
      for (int c = 0; c < classes; c++) {
        result[at + c] = logits[from + at + c] - all;
      }
    }
  }

  /** Logarithm of the sum of two numbers given by their logarithms. */
  static double plus(double a, double b) {
    double larger = a < b ? b : a;
    double smaller = a < b ? a : b;
    // of two zeros the difference would be no number
    return smaller == Double.NEGATIVE_INFINITY
        ? larger
        : larger + StrictMath.log1p(StrictMath.exp(smaller - larger));
  }
}
