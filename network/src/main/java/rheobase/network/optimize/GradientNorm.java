package rheobase.network.optimize;

/**
 * The Euclidean norm of all gradients together, and keeping it from growing too large (Pascanu et
 * al. 2013, algorithm 1).
 */
public final class GradientNorm {
  private GradientNorm() {}

  /**
   * Summed in double precision from the first element to the last, so it is the same number
   * everywhere.
   */
  public static double of(float[] gradients) {
    double sum = 0;
    for (float gradient : gradients) {
      sum += (double) gradient * gradient;
    }
    return Math.sqrt(sum);
  }

  /**
   * Scales all gradients by {@code largest / (norm + 1e-6)} if that is below 1: PyTorch's {@code
   * clip_grad_norm_}. A norm that is no finite number leaves them as they are, for the caller to
   * see and stop.
   *
   * @param largest norm let pass, 0 for any
   * @return the norm before clipping
   */
  public static double clip(float[] gradients, double largest) {
    double norm = of(gradients);
    double scale = largest / (norm + 1e-6);
    if (largest > 0 && Double.isFinite(norm) && scale < 1) {
      float factor = (float) scale;
      for (int i = 0; i < gradients.length; i++) {
        gradients[i] *= factor;
      }
    }
    return norm;
  }
}
