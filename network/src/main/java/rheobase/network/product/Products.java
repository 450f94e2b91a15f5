package rheobase.network.product;

/**
 * The four products a layer needs, on flat row-major {@code float[]} buffers with offsets. Each
 * adds to what stands in its result.
 *
 * <p>Every implementation gives the same bits for finite numbers, whatever the lane count, and
 * {@link #gather} gives the bits of {@link #dense}: an element of the result accumulates its terms
 * one by one in ascending order of the inner index, each by one fused multiply-add, starting from
 * what stood there; a zero term changes nothing but the sign of a zero; and no product leaves a
 * negative zero behind ({@code +0.0} is added once at the end). So a caller may choose by speed
 * alone. With an infinite or NaN weight the forms differ: {@code dense} meets it under a zero,
 * {@code gather} does not.
 *
 * <p>Widths {@code n} are multiples of {@value #ALIGNMENT} floats on every machine; what stands
 * past a layer's units is zero and stays zero. All methods throw {@link IllegalArgumentException}
 * when a shape does not fit its array. Implementations hold no state and may be shared by threads;
 * {@link Events} may not.
 */
public sealed interface Products permits ScalarProducts, VectorProducts {
  /** Row strides and widths are multiples of this many floats: one 512-bit vector. */
  int ALIGNMENT = 16;

  /**
   * The fastest form this JVM can run. Warns once on standard error when the JVM was started
   * without the vector module, because the scalar form is several times slower.
   */
  static Products best() {
    return BestProducts.CHOSEN;
  }

  /** {@code units} rounded up to a multiple of {@value #ALIGNMENT}. */
  static int stride(int units) {
    return (units + ALIGNMENT - 1) & -ALIGNMENT;
  }

  /**
   * Whether {@link #gather} is expected to beat {@link #dense}. Depends on its arguments alone and
   * never on the machine, so that a run takes the same way everywhere.
   *
   * <p>Measured on one Zen 5 core with 16 rows, the activity at which both take the same time, at
   * [k n]: 18 % [36 16], 25 % [36 48], 28 % [36 144], 12 % [512 16], 33 % [128 128], 27 % [256
   * 256], 23 % [512 512], 19 % [1024 1024]. So a quarter, and an eighth for a width of one vector,
   * where a row's sum is a single chain of multiply-adds.
   *
   * @param events number of non-zero elements of A {@code [rows x k]}
   * @param n width of the result
   */
  static boolean gatherPays(long events, int rows, int k, int n) {
    return events * (n == ALIGNMENT ? 8 : 4) < (long) rows * k;
  }

  /**
   * Whether {@link #gatherTransposed} is expected to beat the transposed {@link #dense}; as {@link
   * #gatherPays}, but sorting the events costs as much as 50 floats of width.
   *
   * <p>Measured over 4096 rows, the activity at which both take the same time, at [units n]: 8 %
   * [36 16], 11 % [36 48], 17 % [36 144], 19 % [128 128], 22 % [256 256], 23 % [512 512].
   *
   * @param events number of events in the {@code rows}
   * @param dense multiply-adds of the dense product for each row
   * @param n width of dW
   */
  static boolean transposedGatherPays(long events, int rows, int dense, int n) {
    return events * 4 * (50 + n) < (long) rows * dense;
  }

  /**
   * Whether {@link #pick} is expected to beat {@link #dense} for a row.
   *
   * @param events wanted elements of the row
   * @param units all of them
   */
  static boolean pickPays(int events, int units) {
    return events * 4 < units;
  }

  /**
   * {@code C[m x n] += A[m x k] B[k x n]}.
   *
   * <p>Element (i, p) of A is {@code a[aOffset + i * aRowStride + p * aColumnStride]}, so the
   * transposed product {@code A^T B} of a row-major A is {@code aRowStride = 1, aColumnStride =}
   * the stride of A. Rows of B and C are contiguous. C must not overlap A or B.
   *
   * @param n multiple of {@value #ALIGNMENT}
   */
  void dense(
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
      int cStride);

  /**
   * {@code C[i] += sum of value * B[unit]} over the events of row {@code first + i}, for {@code i}
   * in {@code [0, count)}: the dense product with A given by its events.
   *
   * @param first first row of {@code events}; {@code cOffset} is where its result stands
   * @param b one row of {@code n} weights per unit
   * @param n multiple of {@value #ALIGNMENT}
   */
  void gather(
      Events events,
      int first,
      int count,
      float[] b,
      int bOffset,
      int bStride,
      int n,
      float[] c,
      int cOffset,
      int cStride);

  /**
   * {@code C[i][unit] += A[i] B[unit]}, the scalar product of two rows of {@code n}, for each event
   * of row {@code first + i}, for {@code i} in {@code [0, count)}; values of the events are not
   * used, and their buffers are. The dense product {@code A B^T} where only some of its elements
   * are wanted.
   *
   * <p>Here alone sums run along the lanes: 16 of them, each of every sixteenth term in ascending
   * order, whose halves are added until one is left. So it gives the same bits in every form, but
   * other ones than {@link #dense}.
   *
   * @param b one row of {@code n} weights per unit
   * @param n multiple of {@value #ALIGNMENT}
   */
  void pick(
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
      int cStride);

  /**
   * {@code dW[u] += sum of value * K[i]} over the events of unit {@code u} at rows {@code first +
   * i}, {@code i} ascending in {@code [0, count)}: the dense product {@code A^T K} with A given by
   * its events. Uses buffers owned by {@code events}.
   *
   * @param units rows of dW; events of higher units are refused
   * @param k one row of {@code n} per row of events; {@code kOffset} is that of row {@code first}
   * @param n multiple of {@value #ALIGNMENT}
   */
  void gatherTransposed(
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
      int dwStride);
}
