package rheobase.network;

import rheobase.network.product.Events;
import rheobase.network.product.Products;

/**
 * The gradient of a drive carried back through its weights to whatever made the drive: {@code C +=
 * D W^T}. Where only few elements of a row of C are wanted, those alone are made.
 *
 * <p>That is decided for each row by itself, so that a sequence's gradient does not depend on what
 * shares its micro-batch.
 */
final class BackProduct {
  private BackProduct() {}

  /**
   * @param rows of C and D
   * @param wanted elements of C, by row from {@code firstWanted} on; null for all
   * @param units of the driven layer
   * @param below units of what drives it
   * @param w weights, {@code [below][units]}
   * @param turned the same, {@code [units][below]}
   */
  static void add(
      Products products,
      int rows,
      Events wanted,
      int firstWanted,
      int units,
      int below,
      float[] d,
      int dOffset,
      int dStride,
      float[] w,
      int wOffset,
      int wStride,
      float[] turned,
      int turnedOffset,
      int turnedStride,
      float[] c,
      int cOffset,
      int cStride) {
    int row = 0;
    while (row < rows) {
      boolean pick = picks(wanted, firstWanted + row, below);
      int end = row + 1;
      while (end < rows && picks(wanted, firstWanted + end, below) == pick) {
        end++;
      }
      int dAt = dOffset + row * dStride;
      int cAt = cOffset + row * cStride;
      if (pick) {
        products.pick(
            wanted,
            firstWanted + row,
            end - row,
            d,
            dAt,
            dStride,
            w,
            wOffset,
            wStride,
            Products.stride(units),
            c,
            cAt,
            cStride);
      } else {
        products.dense(
            end - row,
            turnedStride,
            units,
            d,
            dAt,
            dStride,
            1,
            turned,
            turnedOffset,
            turnedStride,
            c,
            cAt,
            cStride);
      }
      row = end;
    }
  }

  private static boolean picks(Events wanted, int row, int below) {
    return wanted != null && Products.pickPays(wanted.count(row, 1), below);
  }
}
