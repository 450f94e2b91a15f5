package rheobase.cell.kernel;

import java.util.ArrayList;
import java.util.List;
import rheobase.cell.graph.Node;
import rheobase.cell.graph.Node.Leaf;
import rheobase.cell.graph.StepProgram;
import rheobase.cell.graph.Surrogate;

/**
 * A cell's step and its reverse in double precision, one sequence at a time, by the {@link
 * Interpreter}. Arrays are {@code [kind][unit]}: which drive, state, emitted value, coefficient or
 * parameter, then which neuron.
 */
public final class ReferenceCell {
  private final StepProgram program;
  private final int units;
  private final double[][] masks;
  private final double[] ranges;
  private final double[][] coefficients;
  private final Interpreter forward;
  private final Interpreter backward;
  private final NearTies nearTies;

  /**
   * @param parameters {@code [parameter][unit]}
   * @param masks {@code [mask][unit]}
   * @param ranges one a quantiser
   * @param smooth null for the cell as it is, else see {@link Interpreter}
   */
  public ReferenceCell(
      StepProgram program,
      int units,
      double[][] parameters,
      double[][] masks,
      double[] ranges,
      Surrogate smooth) {
    this.program = program;
    this.units = units;
    this.masks = masks;
    this.ranges = ranges;
    coefficients = coefficients(program, units, parameters);
    var made = new ArrayList<>(program.next());
    made.addAll(program.emitted());
    forward = new Interpreter(made, smooth);
    var gradients = new ArrayList<>(program.driveGradient());
    gradients.addAll(program.previousGradient());
    gradients.addAll(program.coefficientGradient());
    backward = new Interpreter(gradients, smooth);
    made.addAll(gradients);
    nearTies = new NearTies(made);
  }

  /** What parameters come to: {@code [coefficient][unit]}. */
  public static double[][] coefficients(StepProgram program, int units, double[][] parameters) {
    var interpreter = new Interpreter(program.coefficients(), null);
    double[][] result = new double[program.coefficients().size()][units];
    for (int j = 0; j < units; j++) {
      int unit = j;
      spread(interpreter.run(leaf -> parameters[leaf.index()][unit]), 0, result, j);
    }
    return result;
  }

  /** The gradient of the parameters from that of the coefficients: {@code [parameter][unit]}. */
  public static double[][] parameterGradient(
      StepProgram program, int units, double[][] parameters, double[][] coefficientGradient) {
    var interpreter = new Interpreter(program.parameterGradient(), null);
    double[][] result = new double[program.parameterGradient().size()][units];
    for (int j = 0; j < units; j++) {
      int unit = j;
      double[] gradients =
          interpreter.run(leaf ->
              leaf.source() == Node.Source.PARAMETER
                  ? parameters[leaf.index()][unit]
                  : coefficientGradient[leaf.index()][unit]);
      spread(gradients, 0, result, j);
    }
    return result;
  }

  /** States after a step and what it emits. */
  public record Step(double[][] next, double[][] emitted) {}

  public Step forward(double[][] drive, double[][] previous) {
    var step =
        new Step(
            new double[program.next().size()][units], new double[program.emitted().size()][units]);
    for (int j = 0; j < units; j++) {
      int unit = j;
      double[] values = forward.run(leaf -> known(leaf, unit, drive, previous));
      spread(values, 0, step.next(), j);
      spread(values, step.next().length, step.emitted(), j);
    }
    return step;
  }

  /** Gradients of a step's inputs. */
  public record Reverse(double[][] drive, double[][] previous, double[][] coefficients) {}

  /**
   * @param next the states that {@link #forward} gave
   * @param emittedGradient of the emitted values
   * @param nextGradient of the states after the step
   */
  public Reverse backward(
      double[][] drive,
      double[][] previous,
      double[][] next,
      double[][] emittedGradient,
      double[][] nextGradient) {
    var reverse =
        new Reverse(
            new double[program.driveGradient().size()][units],
            new double[program.previousGradient().size()][units],
            new double[program.coefficientGradient().size()][units]);
    int emitted = program.emitted().size();
    for (int j = 0; j < units; j++) {
      int unit = j;
      double[] values =
          backward.run(leaf ->
              switch (leaf.source()) {
                case NEXT -> next[leaf.index()][unit];
                case GRADIENT ->
                    leaf.index() < emitted
                        ? emittedGradient[leaf.index()][unit]
                        : nextGradient[leaf.index() - emitted][unit];
                default -> known(leaf, unit, drive, previous);
              });
      spread(values, 0, reverse.drive(), j);
      spread(values, reverse.drive().length, reverse.previous(), j);
      spread(values, reverse.drive().length + reverse.previous().length, reverse.coefficients(), j);
    }
    return reverse;
  }

  /**
   * Per neuron, whether rounding may decide what this step or its reverse comes to; see {@link
   * NearTies}.
   */
  boolean[] nearTies(double[][] drive, double[][] previous, double[][] next) {
    boolean[] near = new boolean[units];
    for (int j = 0; j < units; j++) {
      int unit = j;
      near[j] =
          nearTies.at(leaf ->
              leaf.source() == Node.Source.NEXT
                  ? next[leaf.index()][unit]
                  : known(leaf, unit, drive, previous));
    }
    return near;
  }

  private double known(Leaf leaf, int unit, double[][] drive, double[][] previous) {
    return switch (leaf.source()) {
      case DRIVE -> drive[leaf.index()][unit];
      case PREVIOUS -> previous[leaf.index()][unit];
      case COEFFICIENT -> coefficients[leaf.index()][unit];
      case MASK -> masks[leaf.index()][unit];
      case RANGE -> ranges[leaf.index()];
      default -> throw new IllegalArgumentException("a step cannot read " + leaf);
    };
  }

  /** Writes {@code values[from...]} into column {@code unit}. */
  private static void spread(double[] values, int from, double[][] columns, int unit) {
    for (int k = 0; k < columns.length; k++) {
      columns[k][unit] = values[from + k];
    }
  }

  /** The states that are carried, as the cell names them. */
  public List<String> stateNames() {
    return program.states().stream().map(i -> program.cell().states().get(i).name()).toList();
  }
}
