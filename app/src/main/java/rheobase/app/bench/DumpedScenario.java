package rheobase.app.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rheobase.data.Sequence;
import rheobase.data.SequenceSet;
import rheobase.network.Network;
import rheobase.network.NetworkException;
import rheobase.network.model.JsonFields;

/**
 * A scenario as the peers' {@code dump_scenario.py} writes it: recurrent {@code alif} layers below
 * a {@code leaky_integrator}, one batch of sequences, the values of all parameters, and what the
 * peer itself computed from them.
 *
 * <p>In the folder lie {@code NAME.index.json} and, as raw little-endian arrays, {@code NAME.x.bin}
 * ({@code float [step][sequence][channel]}), {@code NAME.y.bin} ({@code int [step][sequence]} or
 * {@code [sequence]}) and {@code NAME.TENSOR.bin} for every parameter, matrices {@code [to][from]}.
 */
final class DumpedScenario {
  private final Path folder;
  private final ScenarioShape shape;
  private final Path file;
  private final JsonFields index;
  private final JsonFields arrays;

  /**
   * Opens a dump.
   *
   * @throws NetworkException when there is none, or of another shape
   */
  DumpedScenario(Path folder, ScenarioShape shape) {
    this.folder = folder;
    this.shape = shape;
    file = folder.resolve(shape.dump() + ".index.json");
    index =
        JsonFields.parse(
            new String(bytes(file), StandardCharsets.UTF_8), file.toAbsolutePath().toString());
    arrays = index.object("arrays");
    List<Integer> sizes =
        List.of(
            index.smallWhole("B"),
            index.smallWhole("T"),
            index.smallWhole("nin"),
            index.smallWhole("out"));
    List<Integer> known =
        List.of(shape.sequences(), shape.steps(), shape.inputs(), shape.outputs());
    List<Integer> hidden = index.wholes("hid").stream().map(Math::toIntExact).toList();
    if (!sizes.equals(known) || !hidden.equals(shape.hidden())) {
      throw new NetworkException(
          "%s has other sizes than scenario %s: sequences, steps, inputs, outputs %s and layers %s instead of %s and %s"
              .formatted(file, shape.dump(), sizes, hidden, known, shape.hidden()));
    }
  }

  /**
   * Everything.
   *
   * @throws NetworkException when a file is missing or has another length than its shape says; the
   *     message names it
   */
  Scenario read() {
    var network =
        Network.blank(
            shape.spikingNetwork(Map.of("b0", index.number("b0"), "beta", index.number("beta"))));
    Map<String, String> tensors = shape.peerNames();
    tensors.forEach((ours, theirs) ->
        network.parameters().set(ours, floats(theirs, network.parameters().tensor(ours).count())));
    network.follow();
    return new Scenario(
        shape.name(),
        network,
        data(),
        shape.microBatch(),
        tensors,
        Optional.of(new Scenario.Reference(firstStep("f32"), firstStep("f64"))),
        "dumped in " + folder);
  }

  /** The batch alone. */
  SequenceSet data() {
    int batch = shape.sequences();
    int steps = shape.steps();
    int channels = shape.inputs();
    float[] x = floats("x", steps * batch * channels);
    int targets = shape.classEachStep() ? steps : 1;
    int[] y = integers("y", targets * batch);
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
      String id = shape.name() + " " + b;
      sequences.add(new Sequence(id, id, shape.signal(values), own, annotated));
    }
    return new SequenceSet(
        "scenario " + shape.name(), channels, MadeData.classes(shape.outputs()), sequences);
  }

  private FirstStep firstStep(String precision) {
    JsonFields written = index.object(precision);
    JsonFields norms = written.object("grad_l2");
    var gradients = new LinkedHashMap<String, Double>();
    norms.names().forEach(name -> gradients.put(name, norms.number(name)));
    return new FirstStep(written.number("loss"), written.numbersOrNaN("rates"), gradients);
  }

  private float[] floats(String array, int count) {
    float[] values = new float[count];
    buffer(array, "<f4", (long) count * Float.BYTES).asFloatBuffer().get(values);
    return values;
  }

  private int[] integers(String array, int count) {
    int[] values = new int[count];
    buffer(array, "<i4", (long) count * Integer.BYTES).asIntBuffer().get(values);
    return values;
  }

  private ByteBuffer buffer(String array, String type, long length) {
    Path place = folder.resolve(shape.dump() + "." + array + ".bin");
    String written = arrays.object(array).text("dtype");
    if (!written.equals(type)) {
      throw new NetworkException(
          "%s should hold %s, but %s says '%s'; dump the scenario again"
              .formatted(place, type, file.getFileName(), written));
    }
    byte[] read = bytes(place);
    if (read.length != length) {
      throw new NetworkException(
          "%s has %d bytes, but scenario %s needs %d; dump the scenario again"
              .formatted(place, read.length, shape.dump(), length));
    }
    return ByteBuffer.wrap(read).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] bytes(Path file) {
    if (!Files.exists(file)) {
      throw new NetworkException(
          "%s does not exist; write it with the peers' dump_scenario.py, or leave out --data for data of the same shape"
              .formatted(file));
    }
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new NetworkException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }
}
