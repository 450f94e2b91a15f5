package rheobase.network.product;

import java.util.Arrays;

/**
 * The products as plain loops: what they mean. The vector form is tested against this one to the
 * bit, and a JVM without {@code jdk.incubator.vector} runs it.
 */
public final class ScalarProducts implements Products {
  @Override
  public void dense(
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
    Shapes.checkDense(
        m, n, k, a, aOffset, aRowStride, aColumnStride, b, bOffset, bStride, c, cOffset, cStride);
    for (int i = 0; i < m; i++) {
      int cRow = cOffset + i * cStride;
      for (int p = 0; p < k; p++) {
        float value = a[aOffset + i * aRowStride + p * aColumnStride];
        addRow(value, b, bOffset + p * bStride, n, c, cRow);
      }
      dropNegativeZeros(n, c, cRow);
    }
  }

  @Override
  public void gather(
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
    Shapes.checkGather(events, first, count, b, bOffset, bStride, n, c, cOffset, cStride);
    for (int i = 0; i < count; i++) {
      int cRow = cOffset + i * cStride;
      for (int e = events.start(first + i); e < events.start(first + i + 1); e++) {
        addRow(events.value(e), b, bOffset + events.unit(e) * bStride, n, c, cRow);
      }
      dropNegativeZeros(n, c, cRow);
    }
  }

  @Override
  public void pick(
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
    Shapes.checkPick(
        events, first, count, a, aOffset, aStride, b, bOffset, bStride, n, c, cOffset, cStride);
    float[] sums = events.parts;
    for (int i = 0; i < count; i++) {
      int aRow = aOffset + i * aStride;
      for (int e = events.start(first + i); e < events.start(first + i + 1); e++) {
        int bRow = bOffset + events.unit(e) * bStride;
        Arrays.fill(sums, 0);
        for (int j = 0; j < n; j++) {
          sums[j % ALIGNMENT] = Math.fma(a[aRow + j], b[bRow + j], sums[j % ALIGNMENT]);
        }
        for (int half = ALIGNMENT / 2; half > 0; half /= 2) {
          for (int lane = 0; lane < half; lane++) {
            sums[lane] += sums[lane + half];
          }
        }
        c[cOffset + i * cStride + events.unit(e)] += sums[0];
      }
    }
  }

  @Override
  public void gatherTransposed(
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
    Shapes.checkGatherTransposed(
        events, first, count, units, k, kOffset, kStride, n, dw, dwOffset, dwStride);
    for (int i = 0; i < count; i++) {
      for (int e = events.start(first + i); e < events.start(first + i + 1); e++) {
        int dwRow = dwOffset + events.unit(e) * dwStride;
        addRow(events.value(e), k, kOffset + i * kStride, n, dw, dwRow);
      }
    }
    for (int u = 0; u < units; u++) {
      dropNegativeZeros(n, dw, dwOffset + u * dwStride);
    }
  }

  private static void addRow(float value, float[] from, int fromAt, int n, float[] to, int toAt) {
    for (int j = 0; j < n; j++) {
      to[toAt + j] = Math.fma(value, from[fromAt + j], to[toAt + j]);
    }
  }

  /**
   * Terms that are zero may turn a negative zero positive, and the event forms skip them; without
   * negative zeros the forms agree to the bit.
   */
  private static void dropNegativeZeros(int n, float[] row, int at) {
    for (int j = 0; j < n; j++) {
      row[at + j] += 0.0f;
    }
  }
}
