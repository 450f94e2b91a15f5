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
import rheobase.data.RandomStream;
import rheobase.network.parameter.InitialValues;
import rheobase.network.parameter.Initializer;
import rheobase.network.parameter.Parameters;
import rheobase.network.parameter.Tensor;

/**
 * A layer ready to run, or one direction of a bidirectional one: its cell compiled, its tensors
 * laid out. Holds no values, so all workers share it.
 *
 * <p>Tensors are called {@code <layer>.weight_in [to][from]}, {@code .bias_in}, {@code
 * .weight_rec}, {@code .bias_rec} and {@code <layer>.<param>} for every parameter of the cell. A
 * cell with several inputs has a gate block per input, in the order the cell declares those the
 * connection feeds. The directions of a bidirectional layer are layers by themselves and named so:
 * {@code <layer>.forward.weight_in}, {@code <layer>.backward.weight_in}.
 */
final class Layer {
  /**
   * Group of the tensors that are kept with the weights but tracked instead of trained: ranges of
   * quantisers, means and variances of a normalised drive.
   */
  static final String TRACKED = "tracked";

  private final LayerSpec spec;
  private final Direction direction;
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
  private NormTensors norm;
  private final List<Tensor> cellParameters = new ArrayList<>();

  /** Blocks of a connection that lie next to each other in the drive too: {@code count} of them. */
  record Span(int weightBlock, int driveBlock, int count) {}

  /**
   * Of a normalised drive from below, each {@code [block][unit]}.
   *
   * @param scale gamma of Ioffe and Szegedy 2015, trained
   * @param shift beta there, trained
   * @param mean tracked
   * @param variance tracked
   */
  record NormTensors(Tensor scale, Tensor shift, Tensor mean, Tensor variance) {}

  /** Which way a layer reads a sequence. */
  enum Direction {
    /** The only direction of its layer. */
    ONLY(""),
    FORWARD(".forward"),
    BACKWARD(".backward");

    private final String suffix;

    Direction(String suffix) {
      this.suffix = suffix;
    }

    /** What stands before the names of a layer's tensors, without the last dot. */
    String prefix(String layer) {
      return layer + suffix;
    }

    /** Names a stream of random numbers apart from that of the other direction. */
    String stream(String purpose) {
      return this == BACKWARD ? purpose + suffix : purpose;
    }
  }

  private Layer(LayerSpec spec, Direction direction, int from) {
    this.spec = direction == Direction.BACKWARD ? spec.backward() : spec;
    this.direction = direction;
    this.from = from;
    cell = compile(0);
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
    if (oneToOne() && from != spec.units()) {
      throw new NetworkException(
          "layer '%s' is connected one to one, so it needs as many units as lie below it: %d, not %d"
              .formatted(spec.name(), from, spec.units()));
    }
    program = StepProgram.of(cell, spec.emits(), spec.recurrent(), spec.surrogate());
    kernel = KernelCompiler.compile(program);
  }

  /**
   * A layer above {@code from} units or channels, in one direction or two, its tensors laid out.
   */
  static List<Layer> directions(LayerSpec spec, int from, Parameters.Builder parameters) {
    var directions =
        spec.bidirectional()
            ? List.of(Direction.FORWARD, Direction.BACKWARD)
            : List.of(Direction.ONLY);
    var layers = directions.stream().map(direction -> new Layer(spec, direction, from)).toList();
    layers.forEach(layer -> layer.layOut(parameters));
    return layers;
  }

  private void layOut(Parameters.Builder parameters) {
    int below = blocks(spansBelow);
    if (!oneToOne()) {
      weightIn = parameters.matrix(name("weight_in"), "weight", below, spec.units(), from);
    }
    if (spec.inputBias() != null) {
      biasIn = parameters.vector(name("bias_in"), "bias", below, spec.units());
    }
    if (spec.isNormalised()) {
      norm =
          new NormTensors(
              parameters.vector(name("norm_scale"), "norm_scale", below, spec.units()),
              parameters.vector(name("norm_shift"), "norm_shift", below, spec.units()),
              parameters.vector(name("norm_mean"), TRACKED, below, spec.units()),
              parameters.vector(name("norm_variance"), TRACKED, below, spec.units()));
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
      range = parameters.vector(name("range"), TRACKED, cell.ranges());
    }
  }

  /** The cell as one share of the units begins with it; in all else they are the same. */
  private Cell compile(int share) {
    return Cells.compile(
        "cell of layer '" + spec.name() + "'", spec.cellText(), spec.overrides(share));
  }

  private String name(String tensor) {
    return direction.prefix(spec.name()) + "." + tensor;
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
    if (weightIn != null) {
      InitialValues.weights(parameters, weightIn, spec.inputWeights(), stream(seed, weightIn));
    }
    if (biasIn != null) {
      InitialValues.vector(parameters, biasIn, spec.inputBias(), from, stream(seed, biasIn));
    }
    if (norm != null) {
      for (Tensor ones : List.of(norm.scale(), norm.variance())) {
        float[] values = new float[ones.count()];
        Arrays.fill(values, 1);
        parameters.set(ones.name(), values);
      }
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
      float[] values = new float[units()];
      int shares = Math.max(1, spec.initialValues(parameter.name()).size());
      for (int share = 0; share < shares; share++) {
        Initial initial =
            share == 0 ? parameter.initial() : compile(share).parameters().get(p).initial();
        var random = share == 0 ? stream(seed, tensor) : stream(seed, tensor, share);
        InitialValues.vector(parameters, tensor, initializer(initial), from, random);
        float[] drawn = parameters.get(tensor.name());
        for (int j = share * units() / shares; j < (share + 1) * units() / shares; j++) {
          values[j] = Math.clamp(drawn[j], (float) parameter.lower(), (float) parameter.upper());
        }
      }
      parameters.set(tensor.name(), values);
    }
  }

  private static Initializer initializer(Initial initial) {
    return switch (initial) {
      case Initial.Number(double value) -> new Initializer.Constant(value);
      case Initial.Normal(double mean, double deviation) -> new Initializer.Normal(mean, deviation);
      case Initial.Uniform(double low, double high) -> new Initializer.Uniform(low, high);
      case Initial.SameAs _ ->
          throw new IllegalStateException("only states start as another state");
    };
  }

  private static RandomStream stream(long seed, Tensor tensor, long... path) {
    return RandomStream.of(seed, "initial " + tensor.name(), path);
  }

  LayerSpec spec() {
    return spec;
  }

  Direction direction() {
    return direction;
  }

  /** Whether each unit is driven by the one below of its own number, without weights. */
  boolean oneToOne() {
    return spec.connection() == LayerSpec.Connection.ONE_TO_ONE;
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

  /** Null where there is none, as for the next three. */
  Tensor weightIn() {
    return weightIn;
  }

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

  /** Null where the drive from below is taken as it is. */
  NormTensors norm() {
    return norm;
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
