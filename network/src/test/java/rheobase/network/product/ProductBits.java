package rheobase.network.product;

import java.util.zip.CRC32;

/**
 * Prints a checksum over the bits of many products by {@link Products#best}: run in another JVM, it
 * says whether other lane counts, or none, give the same bits.
 */
final class ProductBits {
  private ProductBits() {}

  public static void main(String[] arguments) {
    Products products = Products.best();
    System.out.printf(
        "%s %d %08x%n", products.getClass().getSimpleName(), lanes(), checksum(products));
  }

  /** Lanes of the vector form in this JVM, 1 without it. */
  static int lanes() {
    return BestProducts.VECTORS ? VectorProducts.SPECIES.length() : 1;
  }

  static long checksum(Products products) {
    CRC32 checksum = new CRC32();
    SampleMatrices samples = new SampleMatrices(7);
    for (int round = 0; round < 60; round++) {
      int m = samples.between(1, 20);
      int k = samples.oneOf(1, 3, 13, 36, 130, 300);
      int n = 16 * samples.between(1, 13);
      int stride = Products.stride(k);
      float[] a = samples.raster(m * stride, samples.activity());
      float[] b = samples.weights(k * n);
      float[] dense = samples.weights(m * n);
      float[] gathered = dense.clone();
      float[] gradient = samples.weights(k * n);
      products.dense(m, n, k, a, 0, stride, 1, b, 0, n, dense, 0, n);
      Events events = new Events();
      events.append(m, k, a, 0, stride);
      products.gather(events, 0, m, b, 0, n, n, gathered, 0, n);
      products.gatherTransposed(events, 0, m, k, dense, 0, n, n, gradient, 0, n);
      float[] picked = samples.weights(m * stride);
      products.pick(events, 0, m, dense, 0, n, b, 0, n, n, picked, 0, stride);
      for (float[] result : new float[][] {dense, gathered, gradient, picked}) {
        for (float value : result) {
          int bits = Float.floatToRawIntBits(value);
          for (int shift = 0; shift < 32; shift += 8) {
            checksum.update(bits >> shift);
          }
        }
      }
    }
    return checksum.getValue();
  }
}
