package rheobase.network.parameter;

import rheobase.data.RandomStream;

/**
 * Random matrices with orthonormal rows or columns, whichever are fewer, uniform over all such
 * matrices (Haar's measure).
 *
 * <p>Gaussian vectors are made orthonormal by modified Gram-Schmidt, twice over: after one pass
 * vectors that were nearly dependent are not yet orthogonal to rounding, after two they are
 * (Giraud, Langou and Rozloznik 2005). Dividing by a norm, which is positive, fixes the signs as a
 * QR factorisation with a positive diagonal does; without that the distribution would not be
 * uniform (Mezzadri 2007).
 */
final class OrthogonalMatrix {
  private OrthogonalMatrix() {}

  /** The matrix as {@code [to][from]}. */
  static double[][] draw(int to, int from, RandomStream random) {
    boolean wide = to <= from;
    var vectors = orthonormal(Math.min(to, from), Math.max(to, from), random);
    if (wide) {
      return vectors;
    }
    var turned = new double[to][from];
    for (int i = 0; i < to; i++) {
      for (int j = 0; j < from; j++) {
        turned[i][j] = vectors[j][i];
      }
    }
    return turned;
  }

  private static double[][] orthonormal(int count, int length, RandomStream random) {
    var vectors = new double[count][length];
    for (int i = 0; i < count; i++) {
      for (int k = 0; k < length; k++) {
        vectors[i][k] = random.nextGaussian();
      }
      for (int pass = 0; pass < 2; pass++) {
        for (int j = 0; j < i; j++) {
          subtract(vectors[i], vectors[j], dot(vectors[i], vectors[j]));
        }
      }
      double norm = Math.sqrt(dot(vectors[i], vectors[i]));
      for (int k = 0; k < length; k++) {
        vectors[i][k] /= norm;
      }
    }
    return vectors;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += a[k] * b[k];
    }
    return sum;
  }

  private static void subtract(double[] from, double[] direction, double length) {
    for (int k = 0; k < from.length; k++) {
      from[k] -= length * direction[k];
    }
  }
}
