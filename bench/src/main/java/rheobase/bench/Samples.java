package rheobase.bench;

import java.util.Random;
import rheobase.network.product.Products;

/** Matrices to multiply, the same in every run. */
final class Samples {
  private Samples() {}

  /** Small enough that a sum over a whole benchmark stays finite. */
  static float[] weights(int length) {
    Random random = new Random(length);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (random.nextFloat() - 0.5f) * 1e-2f;
    }
    return values;
  }

  /** Rows of spikes, {@link Products#stride} floats apart. */
  static float[] raster(int rows, int units, int percentActive) {
    Random random = new Random(rows + units);
    int stride = Products.stride(units);
    float[] values = new float[rows * stride];
    for (int row = 0; row < rows; row++) {
      for (int u = 0; u < units; u++) {
        values[row * stride + u] = random.nextInt(100) < percentActive ? 1 : 0;
      }
    }
    return values;
  }
}
