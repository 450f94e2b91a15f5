package rheobase.network;

import java.util.ArrayList;
import java.util.List;
import rheobase.cell.graph.Cell;
import rheobase.data.Sequence;
import rheobase.data.SequenceSet;
import rheobase.network.ctc.CtcLoss;
import rheobase.network.optimize.Bounds;
import rheobase.network.parameter.Parameters;
import rheobase.network.parameter.Tensor;

/**
 * A network with its parameters. Whoever changes the parameters calls {@link #follow} before it is
 * run again.
 */
public final class Network {
  /**
   * Steps per stretch where only the forward pass is run: enough to make one product of many rows,
   * few enough for the cache.
   */
  private static final int EVALUATION_STRETCH = 64;

  private static final int EVALUATION_ROWS = 16;

  private final NetworkSpec spec;
  private final List<Level> levels = new ArrayList<>();
  private final List<Layer> layers = new ArrayList<>();
  private final Parameters parameters;

  private Network(NetworkSpec spec) {
    this.spec = spec;
    var builder = Parameters.builder();
    var directions = new ArrayList<List<Layer>>();
    int from = spec.inputs();
    for (LayerSpec layer : spec.layers()) {
      directions.add(Layer.directions(layer, from, builder));
      from = layer.width();
    }
    parameters = builder.build();
    for (int i = 0; i < directions.size(); i++) {
      boolean lowest = i == 0;
      var weights =
          directions.get(i).stream().map(layer -> new Weights(layer, parameters, lowest)).toList();
      levels.add(new Level(spec.layers().get(i), directions.get(i), weights));
      layers.addAll(directions.get(i));
    }
  }

  /**
   * A network with initial values drawn from the seed.
   *
   * @throws rheobase.cell.language.CellException where a cell's text is wrong
   * @throws NetworkException where the layers do not fit together
   */
  public static Network create(NetworkSpec spec, long seed) {
    var network = new Network(spec);
    network.layers.forEach(layer -> layer.initialize(network.parameters, seed));
    network.follow();
    return network;
  }

  /** A network with all parameters zero, for values that come from elsewhere. */
  public static Network blank(NetworkSpec spec) {
    return new Network(spec);
  }

  /** A network of its own with the same values. */
  public Network copy() {
    var copy = new Network(spec);
    copy.take(parameters.values());
    return copy;
  }

  /** Takes on flat parameter values. */
  public void take(float[] values) {
    System.arraycopy(values, 0, parameters.values(), 0, values.length);
    follow();
  }

  /** Makes everything derived from the parameters follow them. */
  public void follow() {
    levels.forEach(level -> level.weights().forEach(Weights::update));
  }

  public NetworkSpec spec() {
    return spec;
  }

  public Parameters parameters() {
    return parameters;
  }

  /** Number of trained values. */
  public int parameterCount() {
    return parameters.tensors().stream()
        .filter(tensor -> !tensor.group().equals(Layer.TRACKED))
        .mapToInt(Tensor::count)
        .sum();
  }

  /** Bounds of every parameter as the cells declare them; infinite elsewhere. */
  public Bounds bounds() {
    var bounds = new Bounds(parameters);
    for (Layer layer : layers) {
      for (int p = 0; p < layer.cellParameters().size(); p++) {
        Tensor tensor = layer.cellParameters().get(p);
        Cell.Parameter parameter = layer.cell().parameters().get(p);
        bounds.set(tensor, (float) parameter.lower(), (float) parameter.upper());
      }
    }
    return bounds;
  }

  /**
   * Checks that data fit the network.
   *
   * @throws NetworkException naming both sides
   */
  public void check(SequenceSet data) {
    checkShape(data);
    boolean eachStep = spec.readout() == Readout.EACH_STEP;
    for (Sequence sequence : data.sequences()) {
      checkTranscript(sequence);
      if (sequence.transcribed()) {
        continue;
      }
      if (sequence.targetsEachStep() != eachStep && sequence.steps() > 1) {
        throw new NetworkException(
            eachStep
                ? "the readout each_step needs a target for every step, but sequence '%s' has one for the whole"
                    .formatted(sequence.id())
                : "the readout %s needs one target a sequence, but sequence '%s' has one for every step"
                    .formatted(spec.readout().text(), sequence.id()));
      }
    }
  }

  private void checkShape(SequenceSet data) {
    if (data.channels() != spec.inputs()) {
      throw new NetworkException(
          "%s has %d channels, but the network takes %d"
              .formatted(data.name(), data.channels(), spec.inputs()));
    }
    int classes = layers.getLast().units();
    if (data.classes().size() != classes) {
      throw new NetworkException(
          "%s has %d classes, but the last layer has %d units"
              .formatted(data.name(), data.classes().size(), classes));
    }
    for (Sequence sequence : data.sequences()) {
      if (sequence.steps() <= spec.loss().fromStep()) {
        throw new NetworkException(
            "sequence '%s' has %d steps, but the loss counts from step %d on; lower loss.from_step or leave the sequence out"
                .formatted(sequence.id(), sequence.steps(), spec.loss().fromStep()));
      }
    }
  }

  private void checkTranscript(Sequence sequence) {
    boolean ctc = spec.loss().kind() == LossSpec.Kind.CTC;
    if (ctc != sequence.transcribed()) {
      throw new NetworkException(
          ctc
              ? "the loss ctc needs what is said in order, but sequence '%s' has %s; train it with the loss cross_entropy"
                  .formatted(
                      sequence.id(),
                      sequence.targetsEachStep()
                          ? "a target for every step"
                          : "one target for the whole")
              : "the loss %s needs targets with their steps, but of sequence '%s' is known only what is said in order; train it with the loss ctc"
                  .formatted(spec.loss().kind().text(), sequence.id()));
    }
    if (ctc) {
      CtcLoss.check(sequence.id(), sequence.steps() - spec.loss().fromStep(), sequence.targets());
    }
  }

  /** What came out of an evaluation. */
  public record Evaluation(Score score, double inputRate, List<Double> firingRates) {}

  /**
   * Runs all sequences forward.
   *
   * @param seed of the random initial states; the same seed gives the same bits, on any number of
   *     threads
   */
  public Evaluation evaluate(SequenceSet data, int threads, long seed) {
    check(data);
    try (var crew = evaluators(threads)) {
      return crew.evaluate(data, seed);
    }
  }

  /**
   * Runs all sequences forward and gives what the last layer hands to the readout: {@code
   * [step][class]}, flat, of each. Targets are not looked at.
   *
   * @param seed as for {@link #evaluate}, which scores the same bits
   */
  public List<float[]> outputs(SequenceSet data, int threads, long seed) {
    checkShape(data);
    try (var crew = evaluators(threads)) {
      return crew.outputs(data, seed);
    }
  }

  /** Workers that only run forward, for whoever evaluates more than once. */
  public Crew evaluators(int threads) {
    return new Crew(this, threads, EVALUATION_ROWS, EVALUATION_STRETCH, false);
  }

  /**
   * Runs one sequence forward and keeps everything it did.
   *
   * @param seed of the random initial state
   */
  public Trace trace(Sequence sequence, long seed) {
    var worker = new Worker(this, 1, sequence.steps(), false);
    worker.evaluate(new Worker.Rows(List.of(sequence), new long[] {0}, seed, "trace"));
    return worker.trace(sequence.steps());
  }

  /** From the lowest to the highest. */
  List<Level> levels() {
    return levels;
  }

  /** All layers, both directions of a bidirectional one: forward first. */
  List<Layer> layers() {
    return layers;
  }
}
