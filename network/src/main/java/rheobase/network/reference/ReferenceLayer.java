package rheobase.network.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rheobase.cell.graph.Cell;
import rheobase.cell.graph.Cell.From;
import rheobase.cell.graph.Cell.Initial;
import rheobase.cell.graph.Node.Leaf;
import rheobase.cell.graph.StepProgram;
import rheobase.cell.graph.Surrogate;
import rheobase.cell.kernel.Interpreter;
import rheobase.cell.kernel.ReferenceCell;
import rheobase.cell.language.Cells;
import rheobase.network.LayerSpec;
import rheobase.network.NetworkException;

/**
 * One layer of a {@link ReferenceNetwork}, or one direction of it. Forward, the cell's equations
 * are computed as they stand in its text, every state and every assigned name; backward by the
 * cell's derived reverse step. So what the derivation leaves out of the step, because nothing
 * depends on it, is checked too.
 */
final class ReferenceLayer {
  private final LayerSpec spec;
  private final String name;
  private final Cell cell;
  private final StepProgram program;
  private final double[][] cellParameters;
  private final ReferenceCell reverse;
  private final Interpreter equations;
  private final List<String> names;
  private final Connection below;
  private final Connection recurrent;

  /**
   * @param name what its tensors begin with
   */
  ReferenceLayer(
      LayerSpec spec, String name, int from, Map<String, double[]> parameters, boolean smooth) {
    this.spec = spec;
    this.name = name;
    int units = spec.units();
    cell = Cells.compile("cell of layer '" + spec.name() + "'", spec.cellText(), spec.overrides());
    program = StepProgram.of(cell, spec.emits(), spec.recurrent(), spec.surrogate());
    cellParameters = new double[cell.parameters().size()][];
    for (int p = 0; p < cellParameters.length; p++) {
      cellParameters[p] = tensor(parameters, cell.parameters().get(p).name(), units);
    }
    below = connection(From.BELOW, "in", from, spec.inputBias() != null, parameters);
    recurrent =
        spec.recurrent()
            ? connection(From.RECURRENCE, "rec", units, spec.recurrentBias() != null, parameters)
            : null;
    double[][] masks = ones(cell.masks().size(), units);
    double[] ranges = ones(1, cell.ranges())[0];
    Surrogate smoothing = smooth ? spec.surrogate() : null;
    reverse = new ReferenceCell(program, units, cellParameters, masks, ranges, smoothing);
    names = cell.values().keySet().stream().sorted().toList();
    equations = new Interpreter(names.stream().map(cell::value).toList(), smoothing);
  }

  private static double[][] ones(int kinds, int units) {
    double[][] ones = new double[kinds][units];
    for (double[] kind : ones) {
      Arrays.fill(kind, 1);
    }
    return ones;
  }

  private double[] tensor(Map<String, double[]> parameters, String name, int size) {
    String full = this.name + "." + name;
    double[] values = parameters.get(full);
    if (values == null) {
      throw new NetworkException("there are no values for the tensor '" + full + "'");
    }
    if (values.length != size) {
      throw new NetworkException(
          "the tensor '%s' takes %d values, but there are %d".formatted(full, size, values.length));
    }
    return values;
  }

  /**
   * Weights onto some of the cell's inputs.
   *
   * @param inputs which, in the order of the blocks
   * @param weights {@code [block * units + to][from]}; null where each unit is driven by the one of
   *     its number
   * @param bias {@code [block * units + to]}; null for none
   */
  private record Connection(
      String suffix, List<Integer> inputs, int units, int from, double[] weights, double[] bias) {

    /** Adds to {@code drive[input][unit]}. */
    void drive(double[] values, double[][] drive) {
      for (int block = 0; block < inputs.size(); block++) {
        for (int j = 0; j < units; j++) {
          int row = block * units + j;
          double sum = bias == null ? 0 : bias[row];
          for (int f = 0; f < from; f++) {
            sum += weight(row, j, f) * values[f];
          }
          drive[inputs.get(block)][j] += sum;
        }
      }
    }

    private double weight(int row, int to, int f) {
      return weights != null ? weights[row * from + f] : to == f ? 1 : 0;
    }

    /** The gradient of the values, and, added up, that of weights and bias. */
    double[] back(
        double[] values, double[][] driveGradient, double[] weightGradient, double[] biasGradient) {
      double[] gradient = new double[from];
      for (int block = 0; block < inputs.size(); block++) {
        for (int j = 0; j < units; j++) {
          int row = block * units + j;
          double g = driveGradient[inputs.get(block)][j];
          biasGradient[row] += g;
          for (int f = 0; f < from; f++) {
            if (weights != null) {
              weightGradient[row * from + f] += g * values[f];
            }
            gradient[f] += g * weight(row, j, f);
          }
        }
      }
      return gradient;
    }
  }

  private Connection connection(
      From which, String suffix, int from, boolean hasBias, Map<String, double[]> parameters) {
    var inputs = new ArrayList<Integer>();
    for (int i = 0; i < cell.inputs().size(); i++) {
      From fed = cell.inputs().get(i).from();
      if (fed == From.BOTH || fed == which) {
        inputs.add(i);
      }
    }
    int rows = inputs.size() * spec.units();
    boolean weightless =
        which == From.BELOW && spec.connection() == LayerSpec.Connection.ONE_TO_ONE;
    return new Connection(
        suffix,
        inputs,
        spec.units(),
        from,
        weightless ? null : tensor(parameters, "weight_" + suffix, rows * from),
        hasBias ? tensor(parameters, "bias_" + suffix, rows) : null);
  }

  /**
   * A sequence carried through the layer.
   *
   * @param below what came from below, {@code [step][from]}
   * @param initial every state of the cell before the first step, {@code [state][unit]}
   * @param drive {@code [step][input][unit]}
   * @param values every assigned name, {@code [step][unit]}
   * @param emitted {@code [step][unit]}
   */
  record Pass(
      double[][] below,
      double[][] initial,
      double[][][] drive,
      Map<String, double[][]> values,
      double[][] emitted) {}

  Pass forward(double[][] from, Map<String, double[]> given) {
    int steps = from.length;
    int units = spec.units();
    double[][] initial = initialStates(given);
    double[][][] drive = new double[steps][cell.inputs().size()][units];
    var values = new LinkedHashMap<String, double[][]>();
    names.forEach(name -> values.put(name, new double[steps][units]));
    String emits = spec.emits() == null ? cell.output() : spec.emits();
    var pass = new Pass(from, initial, drive, values, values.get(emits));
    for (int t = 0; t < steps; t++) {
      below.drive(from[t], drive[t]);
      if (recurrent != null) {
        recurrent.drive(outputBefore(pass, t), drive[t]);
      }
      double[][] previous = statesBefore(pass, t);
      for (int j = 0; j < units; j++) {
        int unit = j;
        double[][] driven = drive[t];
        double[] made = equations.run(leaf -> leaf(leaf, unit, driven, previous));
        for (int n = 0; n < made.length; n++) {
          values.get(names.get(n))[t][j] = made[n];
        }
      }
    }
    return pass;
  }

  private double leaf(Leaf leaf, int unit, double[][] drive, double[][] previous) {
    return switch (leaf.source()) {
      case DRIVE -> drive[leaf.index()][unit];
      case PREVIOUS -> previous[leaf.index()][unit];
      case PARAMETER -> cellParameters[leaf.index()][unit];
      case MASK, RANGE -> 1;
      default -> throw new IllegalArgumentException("no equation of a cell reads " + leaf);
    };
  }

  /** What a step finds of every state of the cell. */
  private double[][] statesBefore(Pass pass, int t) {
    double[][] states = new double[cell.states().size()][];
    for (int k = 0; k < states.length; k++) {
      states[k] = t == 0 ? pass.initial[k] : pass.values.get(cell.states().get(k).name())[t - 1];
    }
    return states;
  }

  /** The cell's output one step ago; one that is no state starts at zero. */
  private double[] outputBefore(Pass pass, int t) {
    if (t > 0) {
      return pass.values.get(cell.output())[t - 1];
    }
    for (int k = 0; k < cell.states().size(); k++) {
      if (cell.states().get(k).name().equals(cell.output())) {
        return pass.initial[k];
      }
    }
    return new double[spec.units()];
  }

  private double[][] initialStates(Map<String, double[]> given) {
    var states = new LinkedHashMap<String, double[]>();
    for (Cell.State state : cell.states()) {
      double[] values = given.get(state.name());
      if (values == null) {
        values =
            switch (state.initial()) {
              case Initial.Number(double number) -> {
                double[] same = new double[spec.units()];
                Arrays.fill(same, number);
                yield same;
              }
              case Initial.SameAs(String other) -> states.get(other);
              case Initial.Normal _, Initial.Uniform _ ->
                  throw new NetworkException(
                      "state '%s' of layer '%s' starts at random; give its initial values"
                          .formatted(state.name(), spec.name()));
            };
      }
      states.put(state.name(), values);
    }
    return states.values().toArray(double[][]::new);
  }

  /**
   * @param fromAbove gradient of {@code pass.emitted()}
   * @param gradients receives those of this layer's tensors
   * @return the gradient of what came from below
   */
  double[][] backward(
      Pass pass, double[][] fromAbove, int truncateSteps, Map<String, double[]> gradients) {
    int steps = fromAbove.length;
    int units = spec.units();
    double[][] belowGradient = new double[steps][];
    double[][] stateGradient = new double[program.states().size()][units];
    double[] outputGradient = new double[units];
    double[][] coefficientGradient = new double[program.coefficients().size()][units];
    var in = new double[below.weights == null ? 0 : below.weights.length];
    var inBias = new double[below.inputs.size() * units];
    var rec = new double[recurrent == null ? 0 : recurrent.weights.length];
    var recBias = new double[recurrent == null ? 0 : recurrent.inputs.size() * units];
    int up = program.emitted().size() - 1;
    for (int t = steps - 1; t >= 0; t--) {
      double[][] emittedGradient = new double[up + 1][units];
      add(fromAbove[t], emittedGradient[up]);
      // where the output comes back it is the first of what is emitted
      add(outputGradient, emittedGradient[0]);
      ReferenceCell.Reverse step =
          reverse.backward(
              pass.drive[t],
              live(statesBefore(pass, t)),
              live(statesBefore(pass, t + 1)),
              emittedGradient,
              stateGradient);
      belowGradient[t] = below.back(pass.below[t], step.drive(), in, inBias);
      if (recurrent != null) {
        outputGradient = recurrent.back(outputBefore(pass, t), step.drive(), rec, recBias);
      }
      stateGradient = step.previous();
      for (int c = 0; c < coefficientGradient.length; c++) {
        add(step.coefficients()[c], coefficientGradient[c]);
      }
      if (truncateSteps > 0 && t % truncateSteps == 0) {
        outputGradient = new double[units];
        stateGradient = new double[stateGradient.length][units];
      }
    }
    put(gradients, below, in, inBias);
    if (recurrent != null) {
      put(gradients, recurrent, rec, recBias);
    }
    double[][] parameterGradient =
        ReferenceCell.parameterGradient(program, units, cellParameters, coefficientGradient);
    for (int p = 0; p < parameterGradient.length; p++) {
      gradients.put(name + "." + cell.parameters().get(p).name(), parameterGradient[p]);
    }
    return belowGradient;
  }

  private void put(
      Map<String, double[]> gradients, Connection connection, double[] weights, double[] bias) {
    if (connection.weights != null) {
      gradients.put(name + ".weight_" + connection.suffix, weights);
    }
    if (connection.bias != null) {
      gradients.put(name + ".bias_" + connection.suffix, bias);
    }
  }

  /** The states that the step program carries. */
  private double[][] live(double[][] states) {
    return program.states().stream().map(k -> states[k]).toArray(double[][]::new);
  }

  private static void add(double[] from, double[] to) {
    for (int j = 0; j < to.length; j++) {
      to[j] += from[j];
    }
  }
}
