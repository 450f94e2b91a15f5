package rheobase.cell.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import rheobase.cell.graph.Cell;
import rheobase.cell.graph.Cell.Initial;
import rheobase.cell.graph.StepProgram;
import rheobase.cell.graph.Surrogate;
import rheobase.cell.language.Cells;
import rheobase.cell.language.Overrides;

/**
 * Checks what a user must otherwise believe of a cell.
 *
 * @param cell its name
 * @param derivativeError of the reverse step over a whole sequence against central differences of
 *     the smoothed cell, in double precision: largest difference, relative to the largest gradient
 *     of its kind. Where the smoothed cell grows without limit, the sequence ends before
 * @param kernelError of the single-precision kernels against the interpreter, one step forward and
 *     back at a time from the same states: largest difference in a state, an emitted value or a
 *     gradient, relative to the value where that is above 1. Neurons so near a threshold or kink
 *     that rounding decides are left out ({@link NearTies})
 * @param formError of the vector kernel against the plain one: 0, as both round alike
 * @param streamingError of a sequence run one step at a time, on a tape of one step, against the
 *     sequence run whole, in states and emitted values: 0
 */
public record CellVerification(
    String cell,
    double derivativeError,
    double kernelError,
    double formError,
    double streamingError) {

  /** Largest errors that pass. */
  public static final double DERIVATIVE_LIMIT = 1e-6;

  public static final double KERNEL_LIMIT = 1e-4;

  private static final int UNITS = 19;
  private static final int STEPS = 24;
  private static final double LARGEST_STATE = 1000;

  /**
   * Steps of the central differences. The better of the two counts for each gradient: the larger
   * one rounds less, the smaller one less often steps across a kink of {@code relu}, {@code abs} or
   * a surrogate, where no difference is a derivative.
   */
  private static final double[] DIFFERENCES = {1e-5, 1e-6};

  public boolean passed() {
    return derivativeError <= DERIVATIVE_LIMIT
        && kernelError <= KERNEL_LIMIT
        && formError == 0
        && streamingError == 0;
  }

  /**
   * @param file what errors call the text
   * @throws rheobase.cell.language.CellException where the text is no cell
   */
  public static CellVerification verify(String file, String text, Surrogate surrogate) {
    Cell cell = Cells.compile(file, text, Overrides.NONE);
    StepProgram program = StepProgram.of(cell, null, false, surrogate);
    var trial = new Trial(program, surrogate, new Random(20210914));
    return new CellVerification(
        cell.name(),
        trial.derivativeError(),
        trial.kernelError(),
        trial.formError(),
        trial.streamingError());
  }

  /**
   * One random population of neurons with a random drive; the loss is a random weighted sum of
   * everything emitted.
   */
  private static final class Trial {
    private final StepProgram program;
    private final Surrogate surrogate;
    private final StepKernel kernel;
    private final int inputs;
    private final double[][] parameters;
    private final double[][] masks;
    private final double[] ranges;
    private final double[][] initial;
    private final double[][][] drive;
    private final double[][][] weights;
    private final double[][] stateWeights;

    Trial(StepProgram program, Surrogate surrogate, RandomGenerator random) {
      this.program = program;
      this.surrogate = surrogate;
      kernel = KernelCompiler.compile(program);
      Cell cell = program.cell();
      inputs = cell.inputs().size();
      parameters = new double[cell.parameters().size()][UNITS];
      for (int p = 0; p < parameters.length; p++) {
        Cell.Parameter parameter = cell.parameters().get(p);
        for (int j = 0; j < UNITS; j++) {
          double value = draw(parameter.initial(), random);
          parameters[p][j] =
              Math.clamp((float) value, (float) parameter.lower(), (float) parameter.upper());
        }
      }
      masks = floats(cell.masks().size(), UNITS, () -> random.nextInt(4) > 0 ? 1.25 : 0);
      ranges = new double[cell.ranges()];
      Arrays.fill(ranges, 3);
      initial = new double[program.states().size()][];
      for (int k = 0; k < initial.length; k++) {
        Initial start = cell.states().get(program.states().get(k)).initial();
        // upwards from where the cell starts: off its ties, and a state under a root or logarithm
        // stays above zero
        initial[k] =
            floats(1, UNITS, () -> draw(start, random) + 0.3 * Math.abs(random.nextGaussian()))[0];
      }
      stateWeights = floats(initial.length, UNITS, random::nextGaussian);
      drive = new double[STEPS][][];
      weights = new double[STEPS][][];
      for (int t = 0; t < STEPS; t++) {
        // strong enough that neurons with slow membranes fire
        drive[t] = floats(inputs, UNITS, () -> random.nextGaussian() * 2 + 0.5);
        weights[t] = floats(program.emitted().size(), UNITS, random::nextGaussian);
      }
    }

    private static double draw(Initial initial, RandomGenerator random) {
      return switch (initial) {
        case Initial.Number(double value) -> value;
        case Initial.Normal(double mean, double deviation) ->
            mean + deviation * random.nextGaussian();
        case Initial.Uniform(double low, double high) -> low + (high - low) * random.nextDouble();
        // drawn anew: equal starts would hide an error in telling the two states apart
        case Initial.SameAs _ -> random.nextDouble();
      };
    }

    private static double[][] floats(
        int kinds, int units, java.util.function.DoubleSupplier source) {
      double[][] values = new double[kinds][units];
      for (double[] kind : values) {
        for (int j = 0; j < units; j++) {
          kind[j] = (float) source.getAsDouble();
        }
      }
      return values;
    }

    private ReferenceCell reference(Surrogate smooth) {
      return new ReferenceCell(program, UNITS, parameters, masks, ranges, smooth);
    }

    /** All states from the initial ones on, in double precision. */
    private List<double[][]> states(ReferenceCell cell) {
      var states = new ArrayList<double[][]>();
      states.add(initial);
      for (int t = 0; t < STEPS; t++) {
        states.add(cell.forward(drive[t], states.get(t)).next());
      }
      return states;
    }

    /** The loss of each neuron by itself: neurons do not touch one another inside a cell. */
    private double[] loss(ReferenceCell cell, int steps) {
      double[] loss = new double[UNITS];
      double[][] state = initial;
      for (int t = 0; t < steps; t++) {
        ReferenceCell.Step step = cell.forward(drive[t], state);
        for (int e = 0; e < step.emitted().length; e++) {
          for (int j = 0; j < UNITS; j++) {
            loss[j] += weights[t][e][j] * step.emitted()[e][j];
          }
        }
        state = step.next();
      }
      return loss;
    }

    double derivativeError() {
      ReferenceCell cell = reference(surrogate);
      List<double[][]> states = states(cell);
      int steps = boundedSteps(states);
      double[][][] driveGradient = new double[steps][][];
      double[][] stateGradient = new double[program.states().size()][UNITS];
      double[][] coefficientGradient = new double[program.coefficients().size()][UNITS];
      for (int t = steps - 1; t >= 0; t--) {
        var reverse =
            cell.backward(drive[t], states.get(t), states.get(t + 1), weights[t], stateGradient);
        driveGradient[t] = reverse.drive();
        stateGradient = reverse.previous();
        for (int c = 0; c < coefficientGradient.length; c++) {
          for (int j = 0; j < UNITS; j++) {
            coefficientGradient[c][j] += reverse.coefficients()[c][j];
          }
        }
      }
      double[][] parameterGradient =
          ReferenceCell.parameterGradient(program, UNITS, parameters, coefficientGradient);
      double worst = difference(parameters, parameterGradient, steps);
      worst = Math.max(worst, difference(initial, stateGradient, steps));
      for (int t = 0; t < steps; t++) {
        worst = Math.max(worst, difference(drive[t], driveGradient[t], steps));
      }
      return worst;
    }

    /**
     * How far the smoothed cell stays bounded: with a spike that grows without limit, as
     * straight_through has it, some do not.
     */
    private static int boundedSteps(List<double[][]> states) {
      int steps = 1;
      while (steps < STEPS
          && Arrays.stream(states.get(steps + 1))
              .flatMapToDouble(Arrays::stream)
              .allMatch(value -> Math.abs(value) < LARGEST_STATE)) {
        steps++;
      }
      return steps;
    }

    /**
     * Largest relative difference between {@code gradient} and central differences in {@code
     * values}, all neurons at once.
     */
    private double difference(double[][] values, double[][] gradient, int steps) {
      double worst = 0;
      for (int k = 0; k < values.length; k++) {
        double scale = 1e-3;
        for (double g : gradient[k]) {
          scale = Math.max(scale, Math.abs(g));
        }
        double[] kept = values[k].clone();
        double[] error = new double[UNITS];
        Arrays.fill(error, Double.POSITIVE_INFINITY);
        for (double by : DIFFERENCES) {
          double[] above = shifted(values[k], kept, by, steps);
          double[] below = shifted(values[k], kept, -by, steps);
          for (int j = 0; j < UNITS; j++) {
            double measured = (above[j] - below[j]) / (2 * by);
            error[j] = Math.min(error[j], Math.abs(measured - gradient[k][j]) / scale);
          }
        }
        System.arraycopy(kept, 0, values[k], 0, UNITS);
        for (double e : error) {
          worst = Math.max(worst, e);
        }
      }
      return worst;
    }

    private double[] shifted(double[] values, double[] kept, double by, int steps) {
      for (int j = 0; j < UNITS; j++) {
        values[j] = kept[j] + by;
      }
      return loss(reference(surrogate), steps);
    }

    private Tape tape(int steps) {
      Tape tape = TapeFiller.empty(program, 2, UNITS, steps);
      double[][] coefficients = ReferenceCell.coefficients(program, UNITS, parameters);
      for (int c = 0; c < coefficients.length; c++) {
        TapeFiller.put(coefficients[c], tape.coefficients, c * tape.stride);
      }
      for (int r = 0; r < ranges.length; r++) {
        tape.ranges[r] = (float) ranges[r];
      }
      for (int row = 0; row < tape.rows; row++) {
        for (int m = 0; m < masks.length; m++) {
          TapeFiller.put(masks[m], tape.masks[m], row * tape.stride);
        }
        for (int k = 0; k < initial.length; k++) {
          TapeFiller.put(initial[k], tape.states[k], row * tape.stride);
        }
      }
      return tape;
    }

    private void putStep(Tape tape, int at, int t) {
      for (int row = 0; row < tape.rows; row++) {
        int place = at * tape.rows + row;
        for (int i = 0; i < inputs; i++) {
          TapeFiller.put(drive[t][i], tape.drive, (place * inputs + i) * tape.stride);
        }
        for (int e = 0; e < tape.emittedGradient.length; e++) {
          TapeFiller.put(weights[t][e], tape.emittedGradient[e], place * tape.stride);
        }
      }
    }

    private Tape whole(StepKernel kernel) {
      Tape tape = tape(STEPS);
      for (int t = 0; t < STEPS; t++) {
        putStep(tape, t, t);
        kernel.forward(tape, t);
      }
      return tape;
    }

    double formError() {
      if (!KernelCompiler.vectors()) {
        return 0;
      }
      StepKernel vector = KernelCompiler.compile(program, true);
      StepKernel plain = KernelCompiler.compile(program, false);
      Tape a = whole(vector);
      Tape b = whole(plain);
      for (int t = STEPS - 1; t >= 0; t--) {
        vector.backward(a, t);
        plain.backward(b, t);
      }
      return TapeFiller.distance(a, b);
    }

    double streamingError() {
      Tape whole = whole(kernel);
      Tape single = tape(1);
      int step = single.rows * single.stride;
      double worst = 0;
      for (int t = 0; t < STEPS; t++) {
        putStep(single, 0, t);
        kernel.forward(single, 0);
        worst = Math.max(worst, distance(single.states, whole.states, t, step));
        worst = Math.max(worst, distance(single.emitted, whole.emitted, t, step));
        for (float[] state : single.states) {
          System.arraycopy(state, step, state, 0, step);
        }
      }
      return worst;
    }

    /** Largest difference after step {@code t} between planes of one step and planes of all. */
    private static double distance(float[][] single, float[][] whole, int t, int step) {
      double worst = 0;
      for (int k = 0; k < single.length; k++) {
        for (int i = 0; i < step; i++) {
          worst = Math.max(worst, Math.abs(single[k][step + i] - whole[k][(t + 1) * step + i]));
        }
      }
      return worst;
    }

    /**
     * NaN, which passes no limit, when rounding decides everywhere so that nothing was compared.
     */
    double kernelError() {
      ReferenceCell cell = reference(null);
      Tape tape = whole(kernel);
      double worst = Double.NaN;
      for (int t = 0; t < STEPS; t++) {
        double[][] previous = TapeFiller.row(tape.states, t * tape.rows, tape.stride, UNITS);
        double[][] made = TapeFiller.row(tape.states, (t + 1) * tape.rows, tape.stride, UNITS);
        double[][] emitted = TapeFiller.row(tape.emitted, (t + 1) * tape.rows, tape.stride, UNITS);
        for (int k = 0; k < stateWeights.length; k++) {
          for (int row = 0; row < tape.rows; row++) {
            TapeFiller.put(stateWeights[k], tape.stateGradient[k], row * tape.stride);
          }
        }
        Arrays.fill(tape.coefficientGradient, 0);
        kernel.backward(tape, t);
        double[][] driveGradient =
            TapeFiller.row(
                new float[][] {tape.drive}, t * tape.rows * inputs, tape.stride, UNITS, inputs);
        double[][] stateGradient = TapeFiller.row(tape.stateGradient, 0, tape.stride, UNITS);
        double[][] coefficientGradient =
            TapeFiller.row(
                new float[][] {tape.coefficientGradient},
                0,
                tape.stride,
                UNITS,
                program.coefficients().size());

        ReferenceCell.Step step = cell.forward(drive[t], previous);
        ReferenceCell.Reverse reverse =
            cell.backward(drive[t], previous, made, weights[t], stateWeights);
        for (double[] gradient : reverse.coefficients()) {
          for (int j = 0; j < UNITS; j++) {
            gradient[j] *= tape.rows;
          }
        }
        boolean[] near = cell.nearTies(drive[t], previous, made);
        worst = larger(worst, error(step.next(), made, near));
        worst = larger(worst, error(step.emitted(), emitted, near));
        worst = larger(worst, error(reverse.drive(), driveGradient, near));
        worst = larger(worst, error(reverse.previous(), stateGradient, near));
        worst = larger(worst, error(reverse.coefficients(), coefficientGradient, near));
      }
      return worst;
    }

    /**
     * Largest difference relative to max(1, value) among neurons that are not left out; NaN when
     * there is none.
     */
    private static double error(double[][] expected, double[][] actual, boolean[] leftOut) {
      double worst = Double.NaN;
      for (int k = 0; k < expected.length; k++) {
        for (int j = 0; j < UNITS; j++) {
          if (!leftOut[j]) {
            double difference = Math.abs(expected[k][j] - actual[k][j]);
            double relative = difference / Math.max(1, Math.abs(expected[k][j]));
            worst = larger(worst, Double.isNaN(relative) ? Double.POSITIVE_INFINITY : relative);
          }
        }
      }
      return worst;
    }

    /** The larger, where NaN means none. */
    private static double larger(double a, double b) {
      return Double.isNaN(a) || b > a ? b : a;
    }
  }
}
