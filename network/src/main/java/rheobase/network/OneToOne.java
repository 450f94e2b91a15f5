package rheobase.network;

/** The connection without weights: a unit is driven by the value below of its own number. */
final class OneToOne {
  private OneToOne() {}

  /** Adds {@code units} values in each of {@code rows} rows, as far apart as the strides say. */
  static void add(
      float[] values,
      int at,
      int stride,
      float[] sums,
      int sumsAt,
      int sumsStride,
      int rows,
      int units) {
    for (int row = 0; row < rows; row++) {
      int from = at + row * stride;
      int to = sumsAt + row * sumsStride;
      for (int j = 0; j < units; j++) {
        sums[to + j] += values[from + j];
      }
    }
  }
}
