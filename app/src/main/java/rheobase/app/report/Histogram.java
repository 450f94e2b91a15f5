package rheobase.app.report;

import java.util.Arrays;

/**
 * The values of one parameter before and after training, counted over the same bins.
 *
 * @param edges one more than there are bins, ascending, at round numbers
 * @param before counts of the values that are numbers
 * @param after likewise
 */
record Histogram(double[] edges, int[] before, int[] after) {
  /**
   * Bins wanted for the square root of the number of values, within what a small chart can show.
   */
  private static final int FEWEST = 8;

  private static final int MOST = 40;

  /**
   * Bins of round width (1, 2 or 5 times a power of ten) that cover both arrays. Without a single
   * number: no bins.
   */
  static Histogram of(double[] before, double[] after) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (double[] values : new double[][] {before, after}) {
      for (double value : values) {
        if (Double.isFinite(value)) {
          low = Math.min(low, value);
          high = Math.max(high, value);
        }
      }
    }
    if (low > high) {
      return new Histogram(new double[0], new int[0], new int[0]);
    }
    final double wanted = Math.clamp(1.5 * Math.sqrt(before.length), FEWEST, MOST);
    double span = high - low;
    if (span <= 1e-9 * Math.abs(low)) {
      span = low == 0 ? 1 : 0.1 * Math.abs(low);
    }
    final double width = roundWidth(span / wanted);
    final double first = Math.floor(low / width);
    final int bins = (int) (Math.floor(high / width) - first) + 1;
    final double[] edges = new double[bins + 1];
    Arrays.setAll(edges, edge -> (first + edge) * width);
    return new Histogram(
        edges, counts(before, first, width, bins), counts(after, first, width, bins));
  }

  private static int[] counts(double[] values, double first, double width, int bins) {
    final int[] counts = new int[bins];
    for (double value : values) {
      if (Double.isFinite(value)) {
        counts[(int) (Math.floor(value / width) - first)]++;
      }
    }
    return counts;
  }

  private static double roundWidth(double wanted) {
    final double power = Math.pow(10, Math.floor(Math.log10(wanted)));
    final double digits = wanted / power;
    return power * (digits < 1.5 ? 1 : digits < 3.5 ? 2 : digits < 7.5 ? 5 : 10);
  }
}
