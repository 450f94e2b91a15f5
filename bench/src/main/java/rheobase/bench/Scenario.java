package rheobase.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import rheobase.cell.graph.Surrogate;
import rheobase.cell.language.Cells;
import rheobase.data.Sequence;
import rheobase.data.SequenceSet;
import rheobase.network.LayerSpec;
import rheobase.network.LossSpec;
import rheobase.network.Network;
import rheobase.network.NetworkSpec;
import rheobase.network.Readout;
import rheobase.network.model.Json;
import rheobase.network.parameter.Initializer;
import tools.jackson.databind.JsonNode;

/**
 * A scenario of the peers, as their {@code dump_scenario.py} writes it: recurrent {@code alif}
 * layers below a {@code leaky_integrator}, one batch of sequences, the values of all parameters,
 * and what the peer itself computed from them.
 *
 * <p>In the folder lie {@code NAME.index.json} and, as raw little-endian arrays, {@code NAME.x.bin}
 * ({@code float [step][sequence][channel]}), {@code NAME.y.bin} ({@code int [step][sequence]} or
 * {@code [sequence]}) and {@code NAME.TENSOR.bin} for every parameter, matrices {@code [to][from]}.
 *
 * @param data the batch, in order
 * @param tensors our name of every parameter to the peer's, which also is what its file is called
 * @param values by our name, in saved shape
 * @param single the first step in the peer's single precision
 * @param exact the same in double precision
 */
record Scenario(
    String name,
    NetworkSpec network,
    SequenceSet data,
    Map<String, String> tensors,
    Map<String, float[]> values,
    FirstStep single,
    FirstStep exact) {

  /** The parts of a peer's adaptive layer: its name, ours. */
  private static final Map<String, String> HIDDEN =
      ordered(
          "W_in",
          "weight_in",
          "b_in",
          "bias_in",
          "R",
          "weight_rec",
          "b_rec",
          "bias_rec",
          "tau_m",
          "tau_m",
          "tau_adp",
          "tau_adp");

  private static final Map<String, String> READOUT =
      ordered("W_o", "weight_in", "b_o", "bias_in", "tau_o", "tau");

  /**
   * Reads a scenario.
   *
   * @throws IOException when a file is missing or has another length than the index says; the
   *     message names it
   */
  static Scenario read(Path folder, String name) throws IOException {
    Path file = folder.resolve(name + ".index.json");
    JsonNode index = Json.parse(Files.readString(existing(file)), file.toString());
    Map<String, String> tensors = tensors(index.get("hid").size());
    var values = new LinkedHashMap<String, float[]>();
    for (var tensor : tensors.entrySet()) {
      values.put(tensor.getKey(), floats(folder, index, tensor.getValue()));
    }
    return new Scenario(
        name,
        network(index),
        data(name, index, floats(folder, index, "x"), integers(folder, index, "y")),
        tensors,
        values,
        firstStep(index.get("f32")),
        firstStep(index.get("f64")));
  }

  /** The network with the scenario's values. */
  Network create() {
    Network created = Network.blank(network);
    values.forEach(created.parameters()::set);
    created.follow();
    return created;
  }

  int steps() {
    return data.sequences().getFirst().steps();
  }

  private static NetworkSpec network(JsonNode index) {
    boolean eachStep = index.get("loss").asString().equals("perstep");
    var layers = new ArrayList<LayerSpec>();
    for (int i = 0; i < index.get("hid").size(); i++) {
      var constants =
          Map.of("b0", index.get("b0").asDouble(), "beta", index.get("beta").asDouble());
      layers.add(layer("layer" + i, "alif", index.get("hid").get(i).asInt(), true, constants));
    }
    layers.add(layer("readout", "leaky_integrator", index.get("out").asInt(), false, Map.of()));
    return new NetworkSpec(
        index.get("nin").asInt(),
        layers,
        eachStep ? Readout.EACH_STEP : Readout.SUM_OF_SOFTMAX,
        new LossSpec(
            LossSpec.Kind.CROSS_ENTROPY,
            index.path("skip").asInt(0),
            eachStep ? LossSpec.Reduction.MEAN : LossSpec.Reduction.SUM));
  }

  private static LayerSpec layer(
      String name, String cell, int units, boolean recurrent, Map<String, Double> constants) {
    var zero = new Initializer.Constant(0);
    return new LayerSpec(
        name,
        Cells.text(cell),
        units,
        recurrent,
        constants,
        Map.of(),
        Map.of(),
        Surrogate.DEFAULT,
        zero,
        zero,
        zero,
        recurrent ? zero : null,
        null);
  }

  private static Map<String, String> tensors(int hidden) {
    var tensors = new LinkedHashMap<String, String>();
    for (int i = 0; i < hidden; i++) {
      String layer = "layer" + i + ".";
      HIDDEN.forEach((theirs, ours) -> tensors.put(layer + ours, layer + theirs));
    }
    READOUT.forEach((theirs, ours) -> tensors.put("readout." + ours, "readout." + theirs));
    return tensors;
  }

  private static SequenceSet data(String name, JsonNode index, float[] x, int[] y) {
    int batch = index.get("B").asInt();
    int steps = index.get("T").asInt();
    int channels = index.get("nin").asInt();
    int targets = y.length / batch;
    var sequences = new ArrayList<Sequence>();
    for (int b = 0; b < batch; b++) {
      float[] values = new float[steps * channels];
      for (int t = 0; t < steps; t++) {
        System.arraycopy(x, (t * batch + b) * channels, values, t * channels, channels);
      }
      int[] own = new int[targets];
      for (int t = 0; t < targets; t++) {
        own[t] = y[t * batch + b];
      }
      boolean[] annotated = new boolean[targets];
      Arrays.fill(annotated, true);
      String id = name + " " + b;
      sequences.add(new Sequence(id, id, steps, channels, values, own, annotated));
    }
    List<String> classes =
        IntStream.range(0, index.get("out").asInt()).mapToObj(Integer::toString).toList();
    return new SequenceSet("scenario " + name, channels, classes, sequences);
  }

  private static FirstStep firstStep(JsonNode node) {
    var gradients = new LinkedHashMap<String, Double>();
    for (var gradient : node.get("grad_l2").properties()) {
      gradients.put(gradient.getKey(), gradient.getValue().asDouble());
    }
    return new FirstStep(
        node.get("loss").asDouble(),
        StreamSupport.stream(node.get("rates").spliterator(), false)
            .map(JsonNode::asDouble)
            .toList(),
        gradients);
  }

  private static float[] floats(Path folder, JsonNode index, String array) throws IOException {
    ByteBuffer bytes = bytes(folder, index, array, "<f4");
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(values);
    return values;
  }

  private static int[] integers(Path folder, JsonNode index, String array) throws IOException {
    ByteBuffer bytes = bytes(folder, index, array, "<i4");
    int[] values = new int[bytes.remaining() / Integer.BYTES];
    bytes.asIntBuffer().get(values);
    return values;
  }

  private static ByteBuffer bytes(Path folder, JsonNode index, String array, String type)
      throws IOException {
    JsonNode entry = index.get("arrays").path(array);
    Path file = folder.resolve(index.get("scenario").asString() + "." + array + ".bin");
    if (!entry.path("dtype").asString("").equals(type)) {
      throw new IOException(
          "%s should hold %s, but the index says '%s'; dump the scenario again"
              .formatted(file, type, entry.path("dtype").asString("nothing")));
    }
    long length = 4;
    for (JsonNode side : entry.get("shape")) {
      length *= side.asLong();
    }
    byte[] read = Files.readAllBytes(existing(file));
    if (read.length != length) {
      throw new IOException(
          "%s has %d bytes, but its shape %s takes %d; dump the scenario again"
              .formatted(file, read.length, entry.get("shape"), length));
    }
    return ByteBuffer.wrap(read).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static Path existing(Path file) throws NoSuchFileException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(
          "%s does not exist; write it with the peers' dump_scenario.py".formatted(file));
    }
    return file;
  }

  private static Map<String, String> ordered(String... pairs) {
    var map = new LinkedHashMap<String, String>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put(pairs[i], pairs[i + 1]);
    }
    return map;
  }
}
