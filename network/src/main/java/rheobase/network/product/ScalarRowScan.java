package rheobase.network.product;

/** The plain form: every element is written and kept only when it is not zero, without a branch. */
final class ScalarRowScan implements RowScan {
  @Override
  public int scan(
      float[] values, int offset, int units, int[] unitsFound, float[] valuesFound, int at) {
    int next = at;
    for (int u = 0; u < units; u++) {
      float value = values[offset + u];
      unitsFound[next] = u;
      valuesFound[next] = value;
      next += value != 0.0f ? 1 : 0;
    }
    return next;
  }
}
