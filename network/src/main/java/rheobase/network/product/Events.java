package rheobase.network.product;

import java.util.Arrays;
import java.util.Objects;

/**
 * The events (non-zero outputs, spikes or graded) of one layer over the rows of a micro-batch, row
 * after row; with time-major data the row of sequence {@code r} at step {@code t} is {@code t *
 * sequences + r}.
 *
 * <p>A buffer, filled and cleared again and again by the one worker that owns it. It grows to the
 * largest batch seen and allocates nothing after that. Neither {@code 0.0} nor {@code -0.0} is an
 * event; NaN is.
 *
 * <p>Layout: the events of row {@code i} are {@code start(i) .. start(i + 1)}, in ascending order
 * of unit.
 */
public final class Events {
  private static final RowScan SCAN =
      BestProducts.VECTORS ? new VectorRowScan() : new ScalarRowScan();

  private int rows;
  private int unitsSeen;

  /** {@code starts[i]}: first event of row i; {@code starts[rows]}: number of events. */
  int[] starts;

  /** Unit and value of each event, with {@link RowScan#SLACK} of room after the last. */
  int[] units;

  float[] values;

  /**
   * So many of {@link #values} are 1 from the first on, listed or left from lists before: plain
   * spikes need no values written.
   */
  private int ones;

  /** Events by unit, made anew by each transposed gather; see {@link #transpose}. */
  int[] unitStarts = new int[0];

  int[] rowsByUnit = new int[0];
  float[] valuesByUnit = new float[0];

  /** As {@link #ones}. */
  private int onesByUnit;

  /** Parts of a sum, see {@link Products#pick}. */
  final float[] parts = new float[Products.ALIGNMENT];

  /** An empty list that grows as it is filled. */
  public Events() {
    this(0, 0);
  }

  /**
   * An empty list with room from the start.
   *
   * @param rows rows expected
   * @param events events expected over all rows
   */
  public Events(int rows, int events) {
    starts = new int[rows + 1];
    units = new int[events + RowScan.SLACK];
    values = new float[events + RowScan.SLACK];
  }

  /** Forgets all rows; the room stays. */
  public void clear() {
    rows = 0;
    unitsSeen = 0;
  }

  /**
   * Adds a row: the non-zero elements of {@code row[offset .. offset + units)}.
   *
   * @return the number of events in this row
   */
  public int append(float[] row, int offset, int units) {
    return append(1, units, row, offset, units);
  }

  /**
   * Adds {@code count} rows of {@code units} elements that lie {@code stride} apart.
   *
   * @return the number of events in these rows together
   */
  public int append(int count, int units, float[] rows, int offset, int stride) {
    return append(count, units, rows, offset, stride, false);
  }

  /**
   * As {@link #append(int, int, float[], int, int)} of rows that hold nothing but ones and zeros,
   * which is taken on trust.
   */
  public int appendSpikes(int count, int units, float[] rows, int offset, int stride) {
    return append(count, units, rows, offset, stride, true);
  }

  private int append(
      int count, int units, float[] rows, int offset, int stride, boolean plainSpikes) {
    if (count == 0) {
      return 0;
    }
    long end = offset + (count - 1L) * stride + units;
    if (units < 0 || stride < 0 || offset < 0 || end > rows.length) {
      throw new IllegalArgumentException(
          "%d rows of %d units with offset %d and stride %d do not fit an array of %d floats"
              .formatted(count, units, offset, stride, rows.length));
    }
    int before = starts[this.rows];
    makeRoom(count, (long) count * units);
    int next;
    if (plainSpikes) {
      next = SCAN.scanSpikes(count, units, rows, offset, stride, this, this.rows);
      beOnes(before, next);
    } else {
      ones = Math.min(ones, before);
      next = SCAN.scan(count, units, rows, offset, stride, this, this.rows);
    }
    this.rows += count;
    unitsSeen = Math.max(unitsSeen, units);
    return next - before;
  }

  /**
   * Adds a row of plain spikes.
   *
   * @param active the units that fired are {@code active[from .. to)}, ascending
   * @param units units of the row
   */
  public void appendSpikes(char[] active, int from, int to, int units) {
    int count = to - from;
    if (count > 0 && active[to - 1] >= units) {
      throw new IllegalArgumentException(
          "unit %d is none of %d".formatted((int) active[to - 1], units));
    }
    makeRoom(1, count);
    int next = starts[rows];
    for (int i = 0; i < count; i++) {
      this.units[next + i] = active[from + i];
    }
    beOnes(next, next + count);
    starts[++rows] = next + count;
    unitsSeen = Math.max(unitsSeen, units);
  }

  /** Makes the values of the events {@code from .. to} ones. */
  private void beOnes(int from, int to) {
    int known = Math.clamp(ones, from, to);
    Arrays.fill(values, known, to, 1);
    if (ones == known) {
      ones = to;
    }
  }

  /** Rows appended since the last {@link #clear}. */
  public int rows() {
    return rows;
  }

  /** Events over all rows. */
  public int count() {
    return starts[rows];
  }

  /** Events of the rows {@code first .. first + count}. */
  public int count(int first, int count) {
    Objects.checkFromIndexSize(first, count, rows);
    return starts[first + count] - starts[first];
  }

  /** The first event of a row; that of row {@link #rows()} is {@link #count()}. */
  public int start(int row) {
    return starts[row];
  }

  /** The unit that fired. */
  public int unit(int event) {
    return units[event];
  }

  /** What it emitted: 1 for a plain spike. */
  public float value(int event) {
    return values[event];
  }

  /** Number of units in the widest row appended: every event's unit is below it. */
  int unitsSeen() {
    return unitsSeen;
  }

  /**
   * Sorts the events of the rows {@code first .. first + count} by unit, by counting: afterwards
   * those of unit {@code u} are {@code unitStarts[u] .. unitStarts[u + 1]} in {@code rowsByUnit}
   * (relative to {@code first}, ascending) and {@code valuesByUnit}.
   */
  void transpose(int first, int count, int unitCount) {
    int from = starts[first];
    int to = starts[first + count];
    if (unitStarts.length < unitCount + 2) {
      unitStarts = new int[unitCount + 2];
    }
    if (rowsByUnit.length < to - from) {
      int length = grown(rowsByUnit.length, to - from);
      rowsByUnit = new int[length];
      valuesByUnit = new float[length];
      onesByUnit = 0;
    }
    // One place to the right: the scatter below turns next[u + 1], the first free place of unit u,
    // into its end, which is the start of unit u + 1.
    int[] next = unitStarts;
    Arrays.fill(next, 0, unitCount + 2, 0);
    for (int e = from; e < to; e++) {
      next[units[e] + 2]++;
    }
    for (int u = 2; u < unitCount + 2; u++) {
      next[u] += next[u - 1];
    }
    boolean plainSpikes = ones >= to;
    for (int row = 0; row < count; row++) {
      for (int e = starts[first + row]; e < starts[first + row + 1]; e++) {
        int place = next[units[e] + 1]++;
        rowsByUnit[place] = row;
        if (!plainSpikes) {
          valuesByUnit[place] = values[e];
        }
      }
    }
    if (!plainSpikes) {
      onesByUnit = 0;
    } else if (onesByUnit < to - from) {
      Arrays.fill(valuesByUnit, onesByUnit, to - from, 1);
      onesByUnit = to - from;
    }
  }

  private void makeRoom(int moreRows, long moreEvents) {
    if (rows + 1 + moreRows > starts.length) {
      starts = Arrays.copyOf(starts, grown(starts.length, rows + 1L + moreRows));
    }
    long needed = starts[rows] + moreEvents + RowScan.SLACK;
    if (needed > units.length) {
      int length = grown(units.length, needed);
      units = Arrays.copyOf(units, length);
      values = Arrays.copyOf(values, length);
    }
  }

  private static int grown(int length, long needed) {
    long wanted = Math.max(needed, length + (length >> 1));
    if (needed > Integer.MAX_VALUE - 8) {
      throw new IllegalStateException(
          "an event list of %d entries is longer than an array; use smaller micro-batches"
              .formatted(needed));
    }
    return (int) Math.min(wanted, Integer.MAX_VALUE - 8);
  }
}
