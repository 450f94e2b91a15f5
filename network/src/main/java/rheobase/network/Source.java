package rheobase.network;

import java.util.Arrays;
import rheobase.network.product.Events;
import rheobase.network.product.Products;

/**
 * What a layer is driven by: the values of the layer below or of the data, as rows {@code
 * [step][row]} and, where most are zero, as events too.
 *
 * @param values buffer of whoever made them; a whole vector may be read from any unit of any row.
 *     Rows that may be unwritten are there after {@link #written}
 * @param offset of the row of step 0
 * @param stride floats from a row to the next
 * @param units values in a row
 * @param events null where values are dense
 * @param first row of {@code events} that is step 0
 * @param unwritten whether values are known by their events alone until somebody asks for them
 */
record Source(
    float[] values,
    int offset,
    int stride,
    int units,
    Events events,
    int first,
    boolean unwritten) {

  /** The values, of which {@code count} rows from {@code row} on are wanted. */
  float[] written(int row, int count) {
    if (unwritten) {
      int from = offset + row * stride;
      Arrays.fill(values, from, from + count * stride, 0);
      for (int i = row; i < row + count; i++) {
        for (int e = events.start(first + i); e < events.start(first + i + 1); e++) {
          values[offset + i * stride + events.unit(e)] = events.value(e);
        }
      }
    }
    return values;
  }

  /**
   * Whether a gather over {@code count} rows from {@code row} on is expected to beat the dense
   * product.
   */
  boolean gatherPays(int row, int count, int n) {
    return events != null && Products.gatherPays(events.count(first + row, count), count, units, n);
  }

  /** The same for the transposed gather, which sorts its events first. */
  boolean transposedGatherPays(int row, int count, int dense, int n) {
    return events != null
        && Products.transposedGatherPays(events.count(first + row, count), count, dense, n);
  }
}
