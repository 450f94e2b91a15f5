package rheobase.network.product;

import java.util.Random;

/**
 * Matrices that are hard on a product: spikes and graded values among zeros of both signs, weights
 * of very different size (some so small that products with them underflow), and numbers around a
 * matrix that must not be touched.
 */
final class SampleMatrices {
  private final Random random;

  SampleMatrices(long seed) {
    random = new Random(seed);
  }

  /** A layer's output: each element is an event with probability {@code activity}. */
  float[] raster(int length, double activity) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      if (random.nextDouble() < activity) {
        values[i] = random.nextBoolean() ? 1 : (float) random.nextGaussian();
      } else {
        values[i] = random.nextDouble() < 0.1 ? -0.0f : 0.0f;
      }
    }
    return values;
  }

  /** Weights or gradients. */
  float[] weights(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] =
          switch (random.nextInt(16)) {
            case 0 -> -0.0f;
            case 1 -> (float) random.nextGaussian() * Float.MIN_NORMAL;
            case 2 -> (float) random.nextGaussian() * 1e-38f * 1e-6f;
            case 3 -> (float) random.nextGaussian() * 1e6f;
            default -> (float) random.nextGaussian();
          };
    }
    return values;
  }

  double activity() {
    return random.nextInt(4) == 0 ? 0 : random.nextDouble();
  }

  int between(int low, int high) {
    return low + random.nextInt(high - low + 1);
  }

  int oneOf(int... choices) {
    return choices[random.nextInt(choices.length)];
  }

  boolean coin() {
    return random.nextBoolean();
  }
}
