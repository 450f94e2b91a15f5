package rheobase.app.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rheobase.cell.graph.Surrogate;
import rheobase.cell.language.Cells;
import rheobase.data.Signal;
import rheobase.network.LayerSpec;
import rheobase.network.LossSpec;
import rheobase.network.NetworkSpec;
import rheobase.network.Readout;
import rheobase.network.parameter.Initializer;

/**
 * What a scenario is made of; the sizes are those of the peers' {@code common.py}.
 *
 * @param name as the command takes it
 * @param dump name of the peers' scenario that has its data
 * @param hiddenCell of the recurrent layers
 * @param sequences of the batch
 * @param hidden units of the recurrent layers, from below
 * @param outputs classes
 * @param input what the sequences look like
 * @param activity mean share of active inputs, for {@link Input#SPIKES}
 * @param gain of the input weights over Glorot's, so that the layers fire as trained ones do
 * @param microBatch sequences that a thread carries through time together, as in the experiments of
 *     like shape
 */
record ScenarioShape(
    String name,
    String dump,
    String hiddenCell,
    int sequences,
    int steps,
    int inputs,
    List<Integer> hidden,
    int outputs,
    Input input,
    double activity,
    double gain,
    int microBatch) {

  /** What the sequences of a scenario look like. */
  enum Input {
    /** Two leads of heartbeats as up and down events, a class at every step. */
    HEARTBEATS,
    /** Spikes of a bump that moves over the channels and fades, a class a sequence. */
    SPIKES,
    /** Grey levels of drawn strokes, pixel by pixel, a class a sequence. */
    PIXELS
  }

  private static final String SPIKING = "alif";

  /** Steps before this one do not count where every step has a class. */
  private static final int FIRST_COUNTED = 10;

  private static final List<ScenarioShape> SPIKING_SCENARIOS =
      List.of(
          new ScenarioShape(
              "A", "A", SPIKING, 64, 1301, 4, List.of(36), 6, Input.HEARTBEATS, 0, 15, 8),
          spikes("B1", 64, 100, List.of(128, 128), 0.03, 4),
          spikes("B2", 64, 250, List.of(128, 128), 0.02, 7),
          spikes("B3", 128, 100, List.of(256), 0.03, 5),
          spikes("B4", 128, 250, List.of(256), 0.02, 7),
          new ScenarioShape(
              "C", "C", SPIKING, 256, 784, 1, List.of(64, 256, 256), 10, Input.PIXELS, 0, 16, 16),
          spikes("D", 64, 100, List.of(1024), 0.03, 6));

  private static final ScenarioShape TINY =
      new ScenarioShape(
          "tiny", "tiny", SPIKING, 4, 20, 30, List.of(16, 12), 5, Input.SPIKES, 0.1, 1, 16);

  private static final Map<String, ScenarioShape> KNOWN = known();

  private static ScenarioShape spikes(
      String name, int sequences, int steps, List<Integer> hidden, double activity, double gain) {
    return new ScenarioShape(
        name, name, SPIKING, sequences, steps, 700, hidden, 20, Input.SPIKES, activity, gain, 16);
  }

  private static Map<String, ScenarioShape> known() {
    var known = new LinkedHashMap<String, ScenarioShape>();
    SPIKING_SCENARIOS.forEach(shape -> known.put(shape.name, shape));
    for (String rival : List.of("B2", "C")) {
      for (String cell : List.of("lstm", "gru")) {
        ScenarioShape shape = known.get(rival).of(cell);
        known.put(shape.name, shape);
      }
    }
    known.put(TINY.name, TINY);
    return known;
  }

  /** The scenarios that are run where none is named. */
  static List<String> usual() {
    return SPIKING_SCENARIOS.stream().map(ScenarioShape::name).toList();
  }

  /** All names, in the order they are told of. */
  static List<String> names() {
    return List.copyOf(KNOWN.keySet());
  }

  static Optional<ScenarioShape> named(String name) {
    return Optional.ofNullable(KNOWN.get(name));
  }

  /** The same sizes and data with recurrent layers of another cell. */
  private ScenarioShape of(String cell) {
    return new ScenarioShape(
        name + "-" + cell,
        dump,
        cell,
        sequences,
        steps,
        inputs,
        hidden,
        outputs,
        input,
        activity,
        gain,
        microBatch);
  }

  /** Whether it is made of spiking neurons, for which the peers write down what they compute. */
  boolean spiking() {
    return hiddenCell.equals(SPIKING);
  }

  /** Whether it is small enough that its times mean nothing: it is there to try things out. */
  boolean trial() {
    return this == TINY;
  }

  boolean classEachStep() {
    return input == Input.HEARTBEATS;
  }

  /**
   * Values of a sequence, {@code [step][channel]}, in the form that a loader of such data makes.
   */
  Signal signal(float[] values) {
    return input == Input.SPIKES
        ? Signal.Spikes.of(steps, inputs, values)
        : new Signal.Dense(steps, inputs, values);
  }

  /** The network, with the initial values of the peers' distributions. */
  NetworkSpec network() {
    return spiking() ? spikingNetwork(Map.of()) : gatedNetwork();
  }

  /**
   * The network of spiking neurons.
   *
   * @param constants of its adaptive neurons
   */
  NetworkSpec spikingNetwork(Map<String, Double> constants) {
    var zero = new Initializer.Constant(0);
    var layers = new ArrayList<LayerSpec>();
    int below = inputs;
    for (int units : hidden) {
      var weights = glorot(below, units, gain);
      var orthogonal = new Initializer.Orthogonal(1);
      layers.add(
          layer("layer" + layers.size(), SPIKING, units, constants, weights, orthogonal, zero));
      below = units;
    }
    var weights = glorot(below, outputs, 1);
    layers.add(layer("readout", "leaky_integrator", outputs, Map.of(), weights, null, zero));
    return new NetworkSpec(
        inputs,
        layers,
        classEachStep() ? Readout.EACH_STEP : Readout.SUM_OF_SOFTMAX,
        new LossSpec(
            LossSpec.Kind.CROSS_ENTROPY,
            classEachStep() ? FIRST_COUNTED : 0,
            classEachStep() ? LossSpec.Reduction.MEAN : LossSpec.Reduction.SUM));
  }

  /** As torch begins its own: everything uniform within 1 / sqrt(units). */
  private NetworkSpec gatedNetwork() {
    var layers = new ArrayList<LayerSpec>();
    for (int units : hidden) {
      var values = uniform(1 / Math.sqrt(units));
      layers.add(
          layer("layer" + layers.size(), hiddenCell, units, Map.of(), values, values, values));
    }
    var values = uniform(1 / Math.sqrt(hidden.getLast()));
    layers.add(layer("readout", "linear", outputs, Map.of(), values, null, values));
    return new NetworkSpec(
        inputs,
        layers,
        Readout.LAST,
        new LossSpec(LossSpec.Kind.CROSS_ENTROPY, 0, LossSpec.Reduction.SUM));
  }

  private static LayerSpec layer(
      String name,
      String cell,
      int units,
      Map<String, Double> constants,
      Initializer weights,
      Initializer recurrent,
      Initializer bias) {
    return new LayerSpec(
        name,
        Cells.text(cell),
        units,
        recurrent != null,
        constants,
        Map.of(),
        Map.of(),
        Surrogate.DEFAULT,
        weights,
        recurrent,
        bias,
        recurrent == null ? null : bias,
        null);
  }

  private static Initializer glorot(int from, int to, double gain) {
    return uniform(gain * Math.sqrt(6.0 / (from + to)));
  }

  private static Initializer uniform(double bound) {
    return new Initializer.Uniform(-bound, bound);
  }

  /** Of every tensor of the spiking network our name to the peers'. */
  Map<String, String> peerNames() {
    var names = new LinkedHashMap<String, String>();
    for (int i = 0; i < hidden.size(); i++) {
      String layer = "layer" + i + ".";
      names.put(layer + "weight_in", layer + "W_in");
      names.put(layer + "bias_in", layer + "b_in");
      names.put(layer + "weight_rec", layer + "R");
      names.put(layer + "bias_rec", layer + "b_rec");
      names.put(layer + "tau_m", layer + "tau_m");
      names.put(layer + "tau_adp", layer + "tau_adp");
    }
    names.put("readout.weight_in", "readout.W_o");
    names.put("readout.bias_in", "readout.b_o");
    names.put("readout.tau", "readout.tau_o");
    return names;
  }
}
