package rheobase.network.product;

/** Finds the non-zero elements of one row of a layer's output. */
sealed interface RowScan permits ScalarRowScan, VectorRowScan {
  /** How far past the last event found a scan may write. */
  int SLACK = Products.ALIGNMENT;

  /**
   * Writes index and value of the non-zero elements among {@code values[offset .. offset + units)}
   * to {@code unitsFound} and {@code valuesFound} from {@code at}, in ascending order.
   *
   * @return where the next event goes: {@code at} plus the number found
   */
  int scan(
      float[] values, int offset, int units, int[] unitsFound, float[] valuesFound, int at);
}
