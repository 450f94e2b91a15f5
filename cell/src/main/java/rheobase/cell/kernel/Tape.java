package rheobase.cell.kernel;

/**
 * The buffers of one layer for one micro-batch, which its kernel reads and writes. Whoever runs the
 * layer owns them.
 *
 * <p>All are time-major, units contiguous: element {@code (step, row, unit)} of a plane stands at
 * {@code first + (step * rows + row) * stride + unit}, where a row is a sequence of the
 * micro-batch.
 *
 * <p>As a rule {@code stride} is {@code units} rounded up to {@link #ALIGNMENT}. Lanes past the
 * last unit are zero and stay so: kernels blend them out of everything they store.
 *
 * <p>Where that would leave many lanes idle, rows may stand close, {@code stride} being {@code
 * units}: then every {@link #period} rows fill whole vectors, and kernels run over them as if they
 * were one row of {@code period * units} neurons. What is kept once per unit, such as coefficients,
 * is kept once for each place of a period. Such a tape has one input, no quantisers and skips no
 * rows.
 */
public final class Tape {
  /** Strides are multiples of this many floats (64 bytes), whatever the machine's vectors are. */
  public static final int ALIGNMENT = 16;

  /**
   * Floats to leave free ahead of the first row of an array whose rows are read in passing: an
   * array's elements begin 16 bytes after the object, and with objects at multiples of 64 bytes,
   * which {@code rheo} asks the virtual machine for, rows then begin where cache lines do. A vector
   * fills a line, so that otherwise each one is fetched from two (adding up rows that lie in the
   * cache takes 1.4 to 1.6 times as long).
   */
  public static final int LEAD = 12;

  /** Sequences carried through time together. */
  public int rows;

  /** Rows, from the first on, that a kernel leaves as they are. */
  public int skippedBefore;

  /** Rows, back from the last, that a kernel leaves as they are. */
  public int skippedAfter;

  public int units;
  public int stride;

  /**
   * Rows that a kernel takes as one: 1, or where rows stand close as many as fill whole vectors; a
   * divisor of {@link #rows}.
   */
  public int period = 1;

  /** Where everything but {@link #ranges} begins in its array: 0 or {@link #LEAD}. */
  public int first;

  /** Synaptic drive, {@code [step][row][input][stride]}. */
  public float[] drive;

  /**
   * Per live state {@code [step][row][stride]}: index 0 is the initial state, index t+1 the state
   * after step t.
   */
  public float[][] states;

  /**
   * Per emitted value {@code [step][row][stride]} with index t+1 after step t, as for states; for
   * one that is a state, its very plane.
   */
  public float[][] emitted;

  /** {@code [coefficient][period][stride]}. */
  public float[] coefficients;

  /** Per mask {@code [row][stride]}. */
  public float[][] masks;

  /** One number per quantiser. */
  public float[] ranges;

  /**
   * Largest magnitude each quantiser met, {@code [quantiser][stride]}; kernels raise it, whoever
   * owns the tape clears it.
   */
  public float[] reached;

  /**
   * {@code [row][stride]}: 1 where the gradient of the emitted value is used in the step looked at
   * last, else 0; null where it always is.
   */
  public float[] near;

  /**
   * The step that stands first in {@link #emittedGradient} and {@link #driveGradient}. They hold
   * only the steps gone back through together, so that they stay in the cache, where whole planes
   * would be carried to memory and back (a tenth of a training step of the ECG network).
   */
  public int gradientFrom;

  /**
   * Per emitted value {@code [step - gradientFrom][row][stride]}: gradient from the layer above,
   * the recurrent connection and the loss.
   */
  public float[][] emittedGradient;

  /**
   * Gradient of the drive, {@code [step - gradientFrom][row][input][stride]}; may be {@link #drive}
   * itself where that begins at the same step.
   */
  public float[] driveGradient;

  /**
   * Per live state {@code [row][stride]}: gradient of its value after the step, turned into that
   * before the step.
   */
  public float[][] stateGradient;

  /** {@code [coefficient][period][stride]}; kernels add to it. */
  public float[] coefficientGradient;

  /**
   * Rows that fill whole vectors when they stand close, or 1 where that is not worth while: less
   * than an eighth of the lanes would be idle, or the rows do not divide into such groups.
   */
  public static int period(int units, int rows) {
    int period = ALIGNMENT / Math.min(ALIGNMENT, Integer.lowestOneBit(units));
    return stride(units) * 7 < units * 8 || rows % period != 0 ? 1 : period;
  }

  /** {@code units} rounded up to whole vectors. */
  public static int stride(int units) {
    return (units + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }
}
