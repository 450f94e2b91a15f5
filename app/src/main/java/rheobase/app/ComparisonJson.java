package rheobase.app;

import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import rheobase.network.energy.Cost;
import rheobase.network.energy.NetworkEnergy;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What {@code rheo compare --json} prints, energies in picojoules:
 *
 * <pre>
 *   {"rows": [{"name", "experiment", "selectedOn", "sameTestSet", "parameters",
 *              "runs": [what train --json prints of each], "mean": {..}, "sd": {..},
 *              "firingRate", "steps",
 *              "step": {"accumulates", "multiplyAccumulates", "wordsRead", "wordsWritten",
 *                       "memory", "int32", "int32WithMemory", "fp32", "fp32WithMemory"},
 *              "inference": the same,
 *              "ratio": {"int32", "int32WithMemory", "fp32", "fp32WithMemory"}}],
 *    "picture": path}
 * </pre>
 *
 * Mean and sd are those of {@code train --seeds}. Operations and energies are means over the seeds.
 * Ratios are to the first row, of an inference.
 */
final class ComparisonJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final List<Cost> COSTS = List.of(Cost.INT32, Cost.FP32);

  private ComparisonJson() {}

  static ObjectNode of(List<ComparedRow> rows, Path picture) {
    var object = NODES.objectNode();
    var array = object.putArray("rows");
    rows.forEach(row -> array.add(row(row, rows.getFirst())));
    object.put("picture", picture.toAbsolutePath().normalize().toString());
    return object;
  }

  private static ObjectNode row(ComparedRow row, ComparedRow first) {
    var object = NODES.objectNode();
    object.put("name", row.label());
    object.put("experiment", row.experiment().name());
    object.put("selectedOn", row.experiment().training().selectOn().text());
    object.put("sameTestSet", row.sameAnswers());
    object.put("parameters", row.parameters());
    object.setAll(ResultJson.runs(row.results()));
    object.set("firingRate", ResultJson.number(row.firingRate()));
    object.put("steps", row.steps());
    object.set("step", figures(row, 1));
    object.set("inference", figures(row, row.steps()));
    var ratio = object.putObject("ratio");
    for (var cost : COSTS) {
      ratio.set(cost.name(), ratio(row, first, energy -> energy.picojoules(cost)));
      ratio.set(
          cost.name() + "WithMemory",
          ratio(row, first, energy -> energy.picojoulesWithMemory(cost)));
    }
    return object;
  }

  private static JsonNode ratio(
      ComparedRow row, ComparedRow first, ToDoubleFunction<NetworkEnergy> figure) {
    return ResultJson.number(row.inference(figure) / first.inference(figure));
  }

  private static ObjectNode figures(ComparedRow row, double steps) {
    var object = NODES.objectNode();
    object.put("accumulates", steps * row.step(energy -> energy.operations().accumulates()));
    object.put(
        "multiplyAccumulates",
        steps * row.step(energy -> energy.operations().multiplyAccumulates()));
    object.put("wordsRead", steps * row.step(energy -> energy.traffic().read()));
    object.put("wordsWritten", steps * row.step(energy -> energy.traffic().written()));
    object.put("memory", steps * row.step(NetworkEnergy::memoryPicojoules));
    for (var cost : COSTS) {
      object.put(cost.name(), steps * row.step(energy -> energy.picojoules(cost)));
      object.put(
          cost.name() + "WithMemory",
          steps * row.step(energy -> energy.picojoulesWithMemory(cost)));
    }
    return object;
  }
}
