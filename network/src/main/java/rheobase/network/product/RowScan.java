package rheobase.network.product;

/** Finds the non-zero elements of a layer's outputs. */
sealed interface RowScan permits ScalarRowScan, VectorRowScan {
  /** How far past the last event found a scan may write. */
  int SLACK = Products.ALIGNMENT;

  /**
   * Appends the non-zero elements of {@code count} rows of {@code units} floats, {@code stride}
   * apart, to {@code events}, which has room for all of them. Writes {@code units}, {@code values}
   * and the starts that follow row {@code firstRow}.
   *
   * @param firstRow number the first of the rows gets
   * @return where the next event goes
   */
  int scan(int count, int units, float[] rows, int offset, int stride, Events events, int firstRow);

  /** The same without {@code values}. */
  int scanSpikes(
      int count, int units, float[] rows, int offset, int stride, Events events, int firstRow);
}
