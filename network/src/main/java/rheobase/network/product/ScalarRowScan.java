package rheobase.network.product;

/** The plain form: every element is written and kept only when it is not zero, without a branch. */
final class ScalarRowScan implements RowScan {
  @Override
  public int scan(
      int count, int units, float[] rows, int offset, int stride, Events events, int firstRow) {
    int next = events.starts[firstRow];
    for (int i = 0; i < count; i++) {
      for (int u = 0; u < units; u++) {
        float value = rows[offset + i * stride + u];
        events.units[next] = u;
        events.values[next] = value;
        next += value != 0.0f ? 1 : 0;
      }
      events.starts[firstRow + i + 1] = next;
    }
    return next;
  }

  @Override
  public int scanSpikes(
      int count, int units, float[] rows, int offset, int stride, Events events, int firstRow) {
    int next = events.starts[firstRow];
    for (int i = 0; i < count; i++) {
      for (int u = 0; u < units; u++) {
        events.units[next] = u;
        next += rows[offset + i * stride + u] != 0.0f ? 1 : 0;
      }
      events.starts[firstRow + i + 1] = next;
    }
    return next;
  }
}
