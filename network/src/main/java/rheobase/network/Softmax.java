package rheobase.network;

import java.util.Arrays;
import rheobase.cell.graph.Cell;
import rheobase.cell.graph.StepProgram;
import rheobase.cell.graph.Surrogate;
import rheobase.cell.kernel.KernelCompiler;
import rheobase.cell.kernel.StepKernel;
import rheobase.cell.kernel.Tape;
import rheobase.cell.language.Cells;
import rheobase.cell.language.Overrides;

/**
 * Softmax of many rows of logits at once, by cells: rows stand where neurons do, classes pass as
 * time steps. So it is computed in vectors, in a fixed order of classes, with the bits of the plain
 * form.
 *
 * <p>A buffer, owned by one {@link Objective}.
 */
final class Softmax {
  /** Most rows of one call. */
  static final int MOST = 256;

  private static final String LARGEST =
      """
      cell largest
      input z
      state best = -3e38, place = 0, k = 0
      better = spike(z - best)
      place  = place + better * (k - place)
      best   = max(best, z)
      k      = k + 1
      output place
      """;

  private static final String EXPONENTIAL =
      """
      cell exponential
      input z
      state top = 0, sum = 0
      e   = exp(z - top)
      sum = sum + e
      top = top
      output e
      """;

  private static final String SHARE =
      """
      cell share
      input e
      state sum = 0
      p   = e / sum
      sum = sum
      output p
      """;

  private static final String LOGARITHM =
      """
      cell logarithm
      input z
      y = log(z)
      output y
      """;

  private static final Part FIND = new Part(LARGEST, "best");
  private static final Part RAISE = new Part(EXPONENTIAL, "sum");
  private static final Part DIVIDE = new Part(SHARE, "sum");
  private static final Part REDUCE = new Part(LOGARITHM, null);

  private final int classes;
  private final Tape find;
  private final Tape raise;
  private final Tape divide;
  private final Tape reduce;

  // planes of the tapes, by what they hold
  private final float[] logits;
  private final float[] places;
  private final float[] tops;
  private final float[] probabilities;
  private final float[] logarithms;

  Softmax(int classes) {
    this.classes = classes;
    find = FIND.tape(classes);
    raise = RAISE.tape(classes);
    divide = DIVIDE.tape(classes + 1);
    reduce = REDUCE.tape(1);
    raise.drive = find.drive;
    logits = find.drive;
    places = find.emitted[0];
    tops = RAISE.state(raise, "top");
    // what the exponential emits at step c stands at c + 1, and is divided at step c + 1
    divide.drive = raise.emitted[0];
    probabilities = divide.emitted[0];
    logarithms = reduce.emitted[0];
  }

  /** One of the cells, compiled. */
  private static final class Part {
    private final StepProgram program;
    private final StepKernel kernel;

    Part(String text, String emits) {
      Cell cell = Cells.compile("softmax", text, Overrides.NONE);
      program = StepProgram.of(cell, emits, true, Surrogate.DEFAULT);
      kernel = KernelCompiler.compile(program);
    }

    Tape tape(int steps) {
      var tape = new Tape();
      tape.rows = 1;
      tape.stride = MOST;
      tape.drive = new float[steps * MOST];
      tape.states = new float[program.next().size()][(steps + 1) * MOST];
      tape.emitted = new float[program.emitted().size()][];
      for (int e = 0; e < tape.emitted.length; e++) {
        int state = program.emittedState().get(e);
        tape.emitted[e] = state < 0 ? new float[(steps + 1) * MOST] : tape.states[state];
      }
      return tape;
    }

    void run(Tape tape, int from, int to, int rows) {
      tape.units = rows;
      for (int t = from; t < to; t++) {
        kernel.forward(tape, t);
      }
    }

    /** The plane of a state, {@code [step][row]}. */
    float[] state(Tape tape, String name) {
      for (int k = 0; k < tape.states.length; k++) {
        if (program.cell().states().get(program.states().get(k)).name().equals(name)) {
          return tape.states[k];
        }
      }
      throw new IllegalArgumentException(name);
    }
  }

  /**
   * Computes everything the other methods hand out.
   *
   * @param values logits, {@code stride} floats from a row to the next
   * @param rows at most {@link #MOST}
   */
  void run(float[] values, int offset, int stride, int rows) {
    for (int c = 0; c < classes; c++) {
      for (int i = 0; i < rows; i++) {
        logits[c * MOST + i] = values[offset + i * stride + c];
      }
    }
    Arrays.fill(FIND.state(find, "best"), 0, rows, -3e38f);
    Arrays.fill(FIND.state(find, "place"), 0, rows, 0);
    Arrays.fill(FIND.state(find, "k"), 0, rows, 0);
    FIND.run(find, 0, classes, rows);
    System.arraycopy(FIND.state(find, "best"), classes * MOST, tops, 0, rows);
    float[] sum = RAISE.state(raise, "sum");
    Arrays.fill(sum, 0, rows, 0);
    RAISE.run(raise, 0, classes, rows);
    System.arraycopy(sum, classes * MOST, reduce.drive, 0, rows);
    REDUCE.run(reduce, 0, 1, rows);
    System.arraycopy(sum, classes * MOST, DIVIDE.state(divide, "sum"), MOST, rows);
    DIVIDE.run(divide, 1, classes + 1, rows);
  }

  /** Class with the largest logit, the first of equals. */
  int largest(int row) {
    return (int) places[classes * MOST + row];
  }

  float probability(int row, int c) {
    return probabilities[(c + 2) * MOST + row];
  }

  /**
   * Negative logarithm of the probability of {@code target}, without computing it by way of the
   * probability.
   */
  double surprise(int row, int target) {
    double difference = (double) logits[target * MOST + row] - tops[row];
    return logarithms[MOST + row] - difference;
  }
}
