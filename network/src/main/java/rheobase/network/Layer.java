package rheobase.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import rheobase.cell.graph.Cell;
import rheobase.cell.graph.Cell.From;
import rheobase.cell.graph.Cell.Initial;
import rheobase.cell.graph.StepProgram;
import rheobase.cell.kernel.KernelCompiler;
import rheobase.cell.kernel.StepKernel;
import rheobase.cell.kernel.Tape;
import rheobase.cell.language.Cells;
import rheobase.cell.language.Overrides;
import rheobase.data.RandomStream;
import rheobase.network.parameter.InitialValues;
import rheobase.network.parameter.Initializer;
import rheobase.network.parameter.Parameters;
import rheobase.network.parameter.Tensor;

/**
 * A layer ready to run: its cell compiled, its tensors laid out. Holds no values, so all workers
 * share it.
 *
 * <p>Tensors are called {@code <layer>.weight_in [to][from]}, {@code .bias_in}, {@code
 * .weight_rec}, {@code .bias_rec} and {@code <layer>.<param>} for every parameter of the cell. A
 * cell with several inputs has a gate block per input, in the order the cell declares those the
 * connection feeds.
 */
final class Layer {
  /**
   * Group of the tensors that hold tracked ranges of quantisers: kept with the weights, but not
   * trained.
   */
  static final String RANGE = "range";

  private final LayerSpec spec;
  private final Cell cell;
  private final StepProgram program;
  private final StepKernel kernel;
  private final int from;
  private final Span[] spansBelow;
  private final Span[] spansRecurrent;
  private Tensor weightIn;
  private Tensor biasIn;
  private Tensor weightRec;
  private Tensor biasRec;
  private Tensor range;
  private final List<Tensor> cellParameters = new ArrayList<>();

  /** Blocks of a connection that lie next to each other in the drive too: {@code count} of them. */
  record Span(int weightBlock, int driveBlock, int count) {}

  private Layer(LayerSpec spec, int from) {
    this.spec = spec;
    this.from = from;
    String file = "cell of layer '" + spec.name() + "'";
    cell =
        Cells.compile(
            file,
            spec.cellText(),
            new Overrides(spec.constants(), spec.parameters(), spec.states()));
    if (spec.emits() != null && !cell.has(spec.emits())) {
      throw new NetworkException(
          "layer '%s' emits '%s', but cell '%s' assigns no such value"
              .formatted(spec.name(), spec.emits(), cell.name()));
    }
    spansBelow = spans(cell, From.BELOW);
    spansRecurrent = spec.recurrent() ? spans(cell, From.RECURRENCE) : new Span[0];
    if (!spec.recurrent() && cell.inputs().stream().anyMatch(i -> i.from() == From.RECURRENCE)) {
      throw new NetworkException(
          "cell '%s' has an input from recurrence, but layer '%s' is not recurrent; set recurrent = true"
              .formatted(cell.name(), spec.name()));
    }
    if (spec.dropout() > 0 && cell.masks().isEmpty()) {
      throw new NetworkException(
          "layer '%s' has dropout, but cell '%s' declares no mask"
              .formatted(spec.name(), cell.name()));
    }
    program = StepProgram.of(cell, spec.emits(), spec.recurrent(), spec.surrogate());
    kernel = KernelCompiler.compile(program);
  }

  /** Lays out the tensors of a layer above {@code from} units or channels. */
  static Layer of(LayerSpec spec, int from, Parameters.Builder parameters) {
    var layer = new Layer(spec, from);
    layer.layOut(parameters);
    return layer;
  }

  private void layOut(Parameters.Builder parameters) {
    int below = blocks(spansBelow);
    weightIn = parameters.matrix(name("weight_in"), "weight", below, spec.units(), from);
    if (spec.inputBias() != null) {
      biasIn = parameters.vector(name("bias_in"), "bias", below, spec.units());
    }
    if (spec.recurrent()) {
      int recurrent = blocks(spansRecurrent);
      weightRec =
          parameters.matrix(name("weight_rec"), "weight", recurrent, spec.units(), spec.units());
      if (spec.recurrentBias() != null) {
        biasRec = parameters.vector(name("bias_rec"), "bias", recurrent, spec.units());
      }
    }
    for (Cell.Parameter parameter : cell.parameters()) {
      cellParameters.add(parameters.vector(name(parameter.name()), parameter.name(), spec.units()));
    }
    if (cell.ranges() > 0) {
      range = parameters.vector(name(RANGE), RANGE, cell.ranges());
    }
  }

  private String name(String tensor) {
    return spec.name() + "." + tensor;
  }

  private static int blocks(Span[] spans) {
    return Arrays.stream(spans).mapToInt(Span::count).sum();
  }

  private static Span[] spans(Cell cell, From connection) {
    var spans = new ArrayList<Span>();
    int weightBlock = 0;
    for (int i = 0; i < cell.inputs().size(); i++) {
      From from = cell.inputs().get(i).from();
      if (from != From.BOTH && from != connection) {
        continue;
      }
      Span last = spans.isEmpty() ? null : spans.getLast();
      if (last != null && last.driveBlock() + last.count() == i) {
        spans.set(
            spans.size() - 1, new Span(last.weightBlock(), last.driveBlock(), last.count() + 1));
      } else {
        spans.add(new Span(weightBlock, i, 1));
      }
      weightBlock++;
    }
    return spans.toArray(Span[]::new);
  }

  /** Draws the initial values of all its tensors. */
  void initialize(Parameters parameters, long seed) {
    InitialValues.weights(parameters, weightIn, spec.inputWeights(), stream(seed, weightIn));
    if (biasIn != null) {
      InitialValues.vector(parameters, biasIn, spec.inputBias(), from, stream(seed, biasIn));
    }
    if (weightRec != null) {
      InitialValues.weights(
          parameters, weightRec, spec.recurrentWeights(), stream(seed, weightRec));
    }
    if (biasRec != null) {
      InitialValues.vector(
          parameters, biasRec, spec.recurrentBias(), spec.units(), stream(seed, biasRec));
    }
    for (int p = 0; p < cellParameters.size(); p++) {
      Cell.Parameter parameter = cell.parameters().get(p);
      Tensor tensor = cellParameters.get(p);
      Initializer initializer =
          switch (parameter.initial()) {
            case Initial.Number(double value) -> new Initializer.Constant(value);
            case Initial.Normal(double mean, double deviation) ->
                new Initializer.Normal(mean, deviation);
            case Initial.Uniform(double low, double high) -> new Initializer.Uniform(low, high);
            case Initial.SameAs _ ->
                throw new IllegalStateException("only states start as another state");
          };
      InitialValues.vector(parameters, tensor, initializer, from, stream(seed, tensor));
      float[] drawn = parameters.get(tensor.name());
      for (int j = 0; j < drawn.length; j++) {
        drawn[j] = Math.clamp(drawn[j], (float) parameter.lower(), (float) parameter.upper());
      }
      parameters.set(tensor.name(), drawn);
    }
  }

  private static RandomStream stream(long seed, Tensor tensor) {
    return RandomStream.of(seed, "initial " + tensor.name());
  }

  LayerSpec spec() {
    return spec;
  }

  Cell cell() {
    return cell;
  }

  StepProgram program() {
    return program;
  }

  StepKernel kernel() {
    return kernel;
  }

  int units() {
    return spec.units();
  }

  int stride() {
    return Tape.stride(spec.units());
  }

  /** Units or channels below. */
  int from() {
    return from;
  }

  boolean recurrent() {
    return spec.recurrent();
  }

  /** An array, as time steps pass over it: an iterator each would be garbage. */
  Span[] spansBelow() {
    return spansBelow;
  }

  Span[] spansRecurrent() {
    return spansRecurrent;
  }

  Tensor weightIn() {
    return weightIn;
  }

  /** Null where there is none, as for the next two. */
  Tensor biasIn() {
    return biasIn;
  }

  Tensor weightRec() {
    return weightRec;
  }

  Tensor biasRec() {
    return biasRec;
  }

  /** The tracked ranges of its quantisers; null where the cell has none. */
  Tensor range() {
    return range;
  }

  List<Tensor> cellParameters() {
    return cellParameters;
  }

  /**
   * Place, among the emitted values, of the one handed upwards. The cell's output, where it comes
   * back, is at 0.
   */
  int up() {
    return program.emitted().size() - 1;
  }

  /**
   * Which plane of a tape holds the cell's spikes, plain or graded; null when it emits none or
   * nothing keeps them.
   */
  float[] spikes(Tape tape) {
    if (!program.sparse()) {
      return null;
    }
    if (spec.recurrent() || spec.emits() == null || spec.emits().equals(cell.output())) {
      return tape.emitted[0];
    }
    for (int k = 0; k < tape.states.length; k++) {
      if (cell.states().get(program.states().get(k)).name().equals(cell.output())) {
        return tape.states[k];
      }
    }
    return null;
  }
}
