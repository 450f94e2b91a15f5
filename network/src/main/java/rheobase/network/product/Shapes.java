package rheobase.network.product;

/** Checks that a product's operands lie inside their arrays, before any of them is touched. */
final class Shapes {
  private Shapes() {}

  static void checkDense(
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      int aRowStride,
      int aColumnStride,
      float[] b,
      int bOffset,
      int bStride,
      float[] c,
      int cOffset,
      int cStride) {
    checkMatrix("C", m, n, c, cOffset, cStride);
    checkMatrix("B", k, n, b, bOffset, bStride);
    if (aRowStride < 0 || aColumnStride < 0 || aOffset < 0) {
      throw new IllegalArgumentException(
          "A has offset %d and strides %d, %d; they must not be negative"
              .formatted(aOffset, aRowStride, aColumnStride));
    }
    if (m > 0 && k > 0) {
      long last = aOffset + (m - 1L) * aRowStride + (k - 1L) * aColumnStride;
      if (last >= a.length) {
        throw new IllegalArgumentException(
            "A[%d x %d] with offset %d and strides %d, %d ends at %d, but its array holds %d"
                .formatted(m, k, aOffset, aRowStride, aColumnStride, last, a.length));
      }
    }
  }

  static void checkGather(
      Events events,
      int first,
      int count,
      float[] b,
      int bOffset,
      int bStride,
      int n,
      float[] c,
      int cOffset,
      int cStride) {
    checkRows(events, first, count);
    checkMatrix("C", count, n, c, cOffset, cStride);
    checkMatrix("B", events.unitsSeen(), n, b, bOffset, bStride);
  }

  static void checkPick(
      Events events,
      int first,
      int count,
      float[] a,
      int aOffset,
      int aStride,
      float[] b,
      int bOffset,
      int bStride,
      int n,
      float[] c,
      int cOffset,
      int cStride) {
    checkRows(events, first, count);
    checkMatrix("A", count, n, a, aOffset, aStride);
    checkMatrix("B", events.unitsSeen(), n, b, bOffset, bStride);
    checkMatrix("C", count, Products.stride(events.unitsSeen()), c, cOffset, cStride);
  }

  static void checkGatherTransposed(
      Events events,
      int first,
      int count,
      int units,
      float[] k,
      int kOffset,
      int kStride,
      int n,
      float[] dw,
      int dwOffset,
      int dwStride) {
    checkRows(events, first, count);
    checkMatrix("K", count, n, k, kOffset, kStride);
    checkMatrix("dW", units, n, dw, dwOffset, dwStride);
    if (events.unitsSeen() > units) {
      throw new IllegalArgumentException(
          "dW has %d rows, but the events come from rows of %d units"
              .formatted(units, events.unitsSeen()));
    }
  }

  private static void checkRows(Events events, int first, int count) {
    if (first < 0 || count < 0 || first > events.rows() - count) {
      throw new IllegalArgumentException(
          "rows %d to %d are not among the %d rows of the event list"
              .formatted(first, (long) first + count, events.rows()));
    }
  }

  /**
   * A row-major matrix with rows of {@code columns} floats, {@code stride} apart, which may be
   * less.
   */
  private static void checkMatrix(
      String name, int rows, int columns, float[] array, int offset, int stride) {
    if (rows < 0 || columns < 0 || columns % Products.ALIGNMENT != 0) {
      throw new IllegalArgumentException(
          "%s is [%d x %d]; its width must be a multiple of %d"
              .formatted(name, rows, columns, Products.ALIGNMENT));
    }
    if (rows == 0) {
      return;
    }
    if (offset < 0 || stride < 0 || offset + (rows - 1L) * stride + columns > array.length) {
      throw new IllegalArgumentException(
          "%s[%d x %d] with offset %d and stride %d does not fit its array of %d floats"
              .formatted(name, rows, columns, offset, stride, array.length));
    }
  }
}
