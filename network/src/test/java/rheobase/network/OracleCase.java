package rheobase.network;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rheobase.cell.graph.Surrogate;
import rheobase.cell.language.Cells;
import rheobase.data.Sequence;
import rheobase.network.parameter.Initializer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A network, a batch and what an independent implementation made of them in double precision: one
 * file of the oracle folder, or a vector given in numbers.
 *
 * @param parameters by tensor name, in saved shape
 * @param loss mean over the batch
 * @param gradients by tensor name, in saved shape
 * @param traces per layer, by assigned name, {@code [step][sequence][unit]}
 * @param drives per layer with one input, {@code [step][sequence][unit]}; null where not given
 * @param adamLosses before each of five optimiser steps and after the last; null where not given
 * @param adamParameters after the last step
 */
record OracleCase(
    String name,
    NetworkSpec spec,
    Map<String, double[]> parameters,
    List<Sequence> batch,
    double loss,
    Map<String, double[]> gradients,
    List<Map<String, double[][][]>> traces,
    List<double[][][]> drives,
    double[] adamLosses,
    Map<String, double[]> adamParameters) {

  private static final Map<String, String> RECURRENT_TENSORS =
      Map.of(
          "W_in", "weight_in",
          "b_in", "bias_in",
          "R", "weight_rec",
          "b_rec", "bias_rec",
          "tau_m", "tau_m",
          "tau_adp", "tau_adp");
  private static final Map<String, String> FEED_FORWARD_TENSORS =
      Map.of("W_in", "weight_in", "b_in", "bias_in", "tau_m", "tau_m", "tau_adp", "tau_adp");
  private static final Map<String, String> INTEGRATOR_TENSORS =
      Map.of("W_o", "weight_in", "b_o", "bias_in", "tau_o", "tau");
  private static final Map<String, String> GATED_TENSORS =
      Map.of(
          "weight_ih", "weight_in",
          "weight_hh", "weight_rec",
          "bias_ih", "bias_in",
          "bias_hh", "bias_rec");
  private static final Map<String, String> LINEAR_TENSORS =
      Map.of("W_o", "weight_in", "b_o", "bias_in");

  /**
   * A file of the folder, without its ending; skips the test that asks when there is no such file.
   */
  static OracleCase read(String name) {
    return switch (name) {
      case "lif" -> hardReset();
      case "lstm", "gru" -> gated(name);
      default -> spiking(name);
    };
  }

  private static JsonNode json(String name) {
    Path file = folder().resolve(name + ".json");
    assumeTrue(Files.isRegularFile(file), () -> "no oracle at " + file);
    return JsonMapper.shared().readTree(file);
  }

  /** {@code oracle} beside the data that RHEOBASE_DATA names, else {@code shared/oracle} above. */
  private static Path folder() {
    String data = System.getenv("RHEOBASE_DATA");
    if (data != null) {
      return Path.of(data).toAbsolutePath().normalize().resolveSibling("oracle");
    }
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.isDirectory(folder.resolve("shared/oracle"))) {
      folder = folder.getParent();
    }
    assumeTrue(folder != null, "no folder shared/oracle above, and RHEOBASE_DATA is not set");
    return folder.resolve("shared/oracle");
  }

  static LayerSpec layer(
      String name, String cell, int units, boolean recurrent, Map<String, Double> constants) {
    return layer(name, cell, units, recurrent, constants, null);
  }

  static LayerSpec layer(
      String name,
      String cell,
      int units,
      boolean recurrent,
      Map<String, Double> constants,
      String emits) {
    return new LayerSpec(
        name,
        Cells.text(cell),
        units,
        recurrent,
        constants,
        Map.of(),
        Map.of(),
        Surrogate.DEFAULT,
        new Initializer.Xavier(),
        new Initializer.Xavier(),
        new Initializer.Constant(0),
        new Initializer.Constant(0),
        emits);
  }

  private static OracleCase spiking(String name) {
    JsonNode json = json(name);
    JsonNode settings = json.get("cfg");
    double b0 = settings.get("b0").asDouble();
    var layers = new ArrayList<LayerSpec>();
    var parameters = new LinkedHashMap<String, double[]>();
    var gradients = new LinkedHashMap<String, double[]>();
    var after = new LinkedHashMap<String, double[]>();
    var traces = new ArrayList<Map<String, double[][][]>>();
    var drives = new ArrayList<double[][][]>();
    int[] sizes = flatInts(json.get("sizes"));
    JsonNode stepped = json.get("adam").get("params_after_5");
    for (int i = 0; i < json.get("layers").size(); i++) {
      JsonNode layer = json.get("layers").get(i);
      String layerName = "hidden" + (i + 1);
      double beta = settings.get("beta").get(i).asDouble();
      layers.add(layer(layerName, "alif", sizes[i + 1], true, Map.of("b0", b0, "beta", beta)));
      put(parameters, layerName, layer.get("params"), RECURRENT_TENSORS);
      put(gradients, layerName, layer.get("grads"), RECURRENT_TENSORS);
      put(after, layerName, stepped.get("layers").get(i), RECURRENT_TENSORS);
      JsonNode trace = layer.get("trace");
      traces.add(
          Map.of(
              "eta", cube(trace.get("b")),
              "theta", cube(trace.get("theta")),
              "u", cube(trace.get("mem")),
              "s", cube(trace.get("spike"))));
      drives.add(cube(trace.get("I")));
    }
    JsonNode readout = json.get("readout");
    boolean integrates = settings.get("readout").asString().equals("li");
    int classes = sizes[sizes.length - 1];
    Map<String, String> tensors = integrates ? INTEGRATOR_TENSORS : FEED_FORWARD_TENSORS;
    layers.add(
        integrates
            ? layer("readout", "leaky_integrator", classes, false, Map.of())
            : layer(
                "readout",
                "alif",
                classes,
                false,
                Map.of("b0", b0, "beta", settings.get("beta_out").asDouble()),
                "u"));
    put(parameters, "readout", readout.get("params"), tensors);
    put(gradients, "readout", readout.get("grads"), tensors);
    put(after, "readout", stepped.get("readout"), tensors);
    traces.add(Map.of(integrates ? "m" : "u", cube(readout.get("trace"))));
    drives.add(null);
    boolean eachStep = settings.get("loss").asString().equals("perstep");
    var loss =
        new LossSpec(
            LossSpec.Kind.CROSS_ENTROPY, settings.get("skip").asInt(), LossSpec.Reduction.MEAN);
    var spec =
        new NetworkSpec(
            sizes[0], layers, eachStep ? Readout.EACH_STEP : Readout.SUM_OF_SOFTMAX, loss);
    return new OracleCase(
        name,
        spec,
        parameters,
        batch(json),
        json.get("loss").asDouble(),
        gradients,
        traces,
        drives,
        flat(json.get("adam").get("losses_before_each_step_and_final")),
        after);
  }

  private static OracleCase hardReset() {
    JsonNode json = json("lif");
    JsonNode given = json.get("params");
    var hidden =
        Map.of("W_in", "weight_in", "b_in", "bias_in", "R", "weight_rec", "b_rec", "bias_rec");
    var constants =
        Map.of(
            "decay", json.get("decay").asDouble(), "threshold", json.get("threshold").asDouble());
    var parameters = new LinkedHashMap<String, double[]>();
    put(parameters, "hidden", given, hidden);
    put(parameters, "readout", given, INTEGRATOR_TENSORS);
    var gradients = new LinkedHashMap<String, double[]>();
    put(gradients, "hidden", json.get("grads"), hidden);
    put(gradients, "readout", json.get("grads"), INTEGRATOR_TENSORS);
    JsonNode trace = json.get("trace");
    return new OracleCase(
        "lif",
        new NetworkSpec(
            given.get("W_in").get(0).size(),
            List.of(
                layer("hidden", "lif_hard", given.get("b_in").size(), true, constants),
                layer("readout", "leaky_integrator", given.get("b_o").size(), false, Map.of())),
            Readout.SUM_OF_SOFTMAX,
            new LossSpec(LossSpec.Kind.CROSS_ENTROPY, 0, LossSpec.Reduction.SUM)),
        parameters,
        batch(json),
        json.get("loss").asDouble(),
        gradients,
        List.of(
            Map.of(
                "v", cube(trace.get("v_before_reset")),
                "u", cube(trace.get("mem_after_reset")),
                "s", cube(trace.get("spike"))),
            Map.of("m", cube(trace.get("out")))),
        Arrays.asList(null, null),
        null,
        null);
  }

  private static OracleCase gated(String name) {
    JsonNode json = json(name);
    JsonNode given = json.get("params");
    var parameters = new LinkedHashMap<String, double[]>();
    put(parameters, "hidden", given, GATED_TENSORS);
    put(parameters, "readout", given, LINEAR_TENSORS);
    var gradients = new LinkedHashMap<String, double[]>();
    put(gradients, "hidden", json.get("grads"), GATED_TENSORS);
    put(gradients, "readout", json.get("grads"), LINEAR_TENSORS);
    var trace = new LinkedHashMap<String, double[][][]>();
    json.get("trace").properties().forEach(e -> trace.put(e.getKey(), cube(e.getValue())));
    return new OracleCase(
        name,
        new NetworkSpec(
            given.get("weight_ih").get(0).size(),
            List.of(
                layer("hidden", name, given.get("weight_hh").get(0).size(), true, Map.of()),
                layer("readout", "linear", given.get("b_o").size(), false, Map.of())),
            Readout.LAST,
            new LossSpec(LossSpec.Kind.CROSS_ENTROPY, 0, LossSpec.Reduction.SUM)),
        parameters,
        batch(json),
        json.get("loss").asDouble(),
        gradients,
        List.of(trace, Map.of()),
        Arrays.asList(null, null),
        null,
        null);
  }

  /**
   * Appendix A of the specification of the adaptive spiking recurrent networks: an adaptive layer
   * and leaky integrators over six steps.
   */
  static OracleCase appendix() {
    var parameters = new LinkedHashMap<String, double[]>();
    parameters.put("hidden.weight_in", new double[] {1.5, -.5, -.8, 2});
    parameters.put("hidden.bias_in", new double[] {.05, -.02});
    parameters.put("hidden.weight_rec", new double[] {.3, -.4, .6, .1});
    parameters.put("hidden.bias_rec", new double[] {0, 0});
    parameters.put("hidden.tau_m", new double[] {4, 2.5});
    parameters.put("hidden.tau_adp", new double[] {7, 10});
    parameters.put("readout.weight_in", new double[] {1, -1, -.5, .7});
    parameters.put("readout.bias_in", new double[] {.1, -.1});
    parameters.put("readout.tau", new double[] {3, 5});
    var gradients = new LinkedHashMap<String, double[]>();
    gradients.put(
        "hidden.weight_in",
        new double[] {
          .0342785771560645, .05333222075950727, -.05018398542454007, -.08642527000262334
        });
    double[] bias = {.06334834366478073, -.10888520331908809};
    gradients.put("hidden.bias_in", bias);
    gradients.put("hidden.bias_rec", bias);
    gradients.put(
        "hidden.weight_rec",
        new double[] {
          .010378336227102054, .036767084395703524, -.01467856269808903, -.055299636927615
        });
    gradients.put("hidden.tau_m", new double[] {-.0018618201769378447, .04543900650014999});
    gradients.put("hidden.tau_adp", new double[] {.0015121395348862338, -.005124400562908586});
    gradients.put(
        "readout.weight_in",
        new double[] {
          .0418083402821879, .17120947710006182, -.043631883022086024, -.14295073796554825
        });
    gradients.put("readout.bias_in", new double[] {.2771944823511257, -.2448035222978796});
    gradients.put("readout.tau", new double[] {.015386325209723231, .0071542063690980505});
    Map<String, double[][][]> hidden =
        Map.of(
            "eta",
            steps(
                .08668779, .09048374, .20826983, .08187308, .18054451, .1692444, .15651005,
                .24830125, .1356751, .22467226, .11761375, .20329187),
            "theta",
            steps(
                .25603802, .26287074, .47488569, .24737154, .42498012, .40463993, .38171809,
                .54694225, .34421518, .50441007, .31170474, .46592537),
            "u",
            steps(
                .34285879,
                -.27033756,
                .09075194,
                .40561763,
                -.11734165,
                .55298801,
                .16299333,
                -.41363287,
                .13799929,
                -.28386001,
                .33973314,
                .19874529),
            "s",
            steps(1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0));
    Map<String, double[][][]> readout =
        Map.of(
            "m",
            steps(
                .31181556,
                -.10876155,
                -.03169621,
                .01971512,
                -.27783315,
                .12490293,
                -.17072928,
                .08413494,
                -.09398601,
                .05075694,
                .24447164,
                -.06720528));
    float[] values = {1, 0, 1, 1, 0, 1, 1, 0, 0, 0, 1, 1};
    int[] targets = {0, 0, 1, 1, 0, 1};
    boolean[] annotated = {true, true, true, true, true, true};
    return new OracleCase(
        "appendix A",
        new NetworkSpec(
            2,
            List.of(
                layer("hidden", "alif", 2, true, Map.of("b0", .1, "beta", 1.8)),
                layer("readout", "leaky_integrator", 2, false, Map.of())),
            Readout.EACH_STEP,
            new LossSpec(LossSpec.Kind.CROSS_ENTROPY, 0, LossSpec.Reduction.SUM)),
        parameters,
        List.of(new Sequence("a", "a", 6, 2, values, targets, annotated)),
        3.9389370019753285,
        gradients,
        List.of(hidden, readout),
        Arrays.asList(null, null),
        null,
        null);
  }

  /** Two units, one sequence. */
  private static double[][][] steps(double... values) {
    double[][][] steps = new double[values.length / 2][1][];
    for (int t = 0; t < steps.length; t++) {
      steps[t][0] = new double[] {values[2 * t], values[2 * t + 1]};
    }
    return steps;
  }

  private static List<Sequence> batch(JsonNode json) {
    double[][][] x = cube(json.get("x"));
    JsonNode y = json.get("y");
    boolean eachStep = y.get(0).isArray();
    var batch = new ArrayList<Sequence>();
    for (int b = 0; b < x[0].length; b++) {
      int channels = x[0][b].length;
      float[] values = new float[x.length * channels];
      int[] targets = new int[eachStep ? x.length : 1];
      for (int t = 0; t < x.length; t++) {
        for (int c = 0; c < channels; c++) {
          values[t * channels + c] = (float) x[t][b][c];
        }
        if (eachStep) {
          targets[t] = y.get(t).get(b).asInt();
        }
      }
      if (!eachStep) {
        targets[0] = y.get(b).asInt();
      }
      boolean[] annotated = new boolean[targets.length];
      Arrays.fill(annotated, true);
      String id = "sequence " + b;
      batch.add(new Sequence(id, id, x.length, channels, values, targets, annotated));
    }
    return batch;
  }

  private static void put(
      Map<String, double[]> into, String layer, JsonNode values, Map<String, String> tensors) {
    tensors.forEach((theirs, ours) -> into.put(layer + "." + ours, flat(values.get(theirs))));
  }

  private static double[] flat(JsonNode node) {
    return node.isArray()
        ? node.valueStream().flatMapToDouble(child -> Arrays.stream(flat(child))).toArray()
        : new double[] {node.asDouble()};
  }

  private static int[] flatInts(JsonNode node) {
    return Arrays.stream(flat(node)).mapToInt(value -> (int) value).toArray();
  }

  private static double[][][] cube(JsonNode node) {
    return node.valueStream()
        .map(plane -> plane.valueStream().map(OracleCase::flat).toArray(double[][]::new))
        .toArray(double[][][]::new);
  }
}
