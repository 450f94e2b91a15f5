package rheobase.data.sound;

import java.util.Arrays;

/**
 * The discrete Fourier transform of one length, X[k] = sum over n of x[n] exp(-2 pi i k n / N), by
 * the algorithm of Cooley and Tukey 1965 for any factors: with N = p M, the p transforms of every
 * p-th sample are put together by
 *
 * <pre>
 * X[k + r M] = sum over q &lt; p of  W^(q k) Y_q[k] exp(-2 pi i q r / p),   W = exp(-2 pi i / N)
 * </pre>
 *
 * for r &lt; p and k &lt; M, and each of them is taken apart in the same way. Its cost is N times
 * the sum of the prime factors of N: made for lengths such as 480 = 2^5 3 5. It holds buffers, so
 * one thread at a time may use it.
 */
final class Fourier {
  private final int length;
  private final int[] factors;
  private final double[] cos;
  private final double[] sin;

  // buffers of a transform: the result, and the p values that meet in a sum
  private final double[] re;
  private final double[] im;
  private final double[] partRe;
  private final double[] partIm;

  /**
   * @param length N, at least 1
   */
  Fourier(int length) {
    this.length = length;
    factors = factors(length);
    cos = new double[length];
    sin = new double[length];
    for (int n = 0; n < length; n++) {
      cos[n] = StrictMath.cos(2 * Math.PI * n / length);
      sin[n] = -StrictMath.sin(2 * Math.PI * n / length);
    }
    re = new double[length];
    im = new double[length];
    partRe = new double[length];
    partIm = new double[length];
  }

  /** The number of frequencies from zero to half the sampling rate. */
  int frequencies() {
    return length / 2 + 1;
  }

  /**
   * Power of real samples, |X[k]|^2.
   *
   * @param samples N of them
   * @param power receives {@link #frequencies} values
   */
  void power(double[] samples, double[] power) {
    transform(samples, 0, 1, 0, 0);
    for (int k = 0; k < frequencies(); k++) {
      power[k] = re[k] * re[k] + im[k] * im[k];
    }
  }

  /**
   * Transforms the samples {@code from}, {@code from + stride}, ... into the result from {@code at}
   * on; there are N / stride of them.
   */
  private void transform(double[] samples, int from, int stride, int at, int depth) {
    if (depth == factors.length) {
      re[at] = samples[from];
      im[at] = 0;
      return;
    }
    final int p = factors[depth];
    final int m = length / stride / p;
    for (int q = 0; q < p; q++) {
      transform(samples, from + q * stride, stride * p, at + q * m, depth + 1);
    }
    for (int k = at; k < at + m; k++) {
      if (p == 2) {
        pair(k, m, (k - at) * stride);
      } else {
        several(k, m, (k - at) * stride, p);
      }
    }
  }

  /** The sum of two, which most lengths are made of. */
  private void pair(int k, int m, int turn) {
    final double otherRe = re[k + m] * cos[turn] - im[k + m] * sin[turn];
    final double otherIm = re[k + m] * sin[turn] + im[k + m] * cos[turn];
    re[k + m] = re[k] - otherRe;
    im[k + m] = im[k] - otherIm;
    re[k] += otherRe;
    im[k] += otherIm;
  }

  private void several(int k, int m, int turn, int p) {
    for (int q = 0; q < p; q++) {
      final double y = re[k + q * m];
      final double z = im[k + q * m];
      partRe[q] = y * cos[q * turn] - z * sin[q * turn];
      partIm[q] = y * sin[q * turn] + z * cos[q * turn];
    }
    for (int r = 0; r < p; r++) {
      double sumRe = partRe[0];
      double sumIm = partIm[0];
      for (int q = 1; q < p; q++) {
        final int root = q * r % p * (length / p);
        sumRe += partRe[q] * cos[root] - partIm[q] * sin[root];
        sumIm += partRe[q] * sin[root] + partIm[q] * cos[root];
      }
      re[k + r * m] = sumRe;
      im[k + r * m] = sumIm;
    }
  }

  private static int[] factors(int length) {
    final int[] found = new int[31];
    int count = 0;
    int left = length;
    for (int p = 2; left > 1; p++) {
      for (; left % p == 0; left /= p) {
        found[count++] = p;
      }
    }
    return Arrays.copyOf(found, count);
  }
}
