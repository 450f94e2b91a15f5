package rheobase.app;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import rheobase.app.source.DataSource;
import rheobase.network.Score;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The one object that {@code --json} prints. Numbers that do not exist are null: JSON has no NaN.
 *
 * <pre>
 *   {"experiment", "seed", "epochs", "parameters",
 *    "train": {"accuracy", "loss"}, "validation": {"accuracy", "loss"} or null,
 *    "test": {"accuracy", "accuracyLabelled", "loss"},
 *    "firingRates": [..], "secondsPerEpoch", "model": path, "weightsSha256", "report": path}
 * </pre>
 *
 * Where classes are folded too, {@code test} also has {@code "folded": {name: accuracy}}; where the
 * last step is scored apart, {@code "lastStep": {"accuracy", "classMean"}}. Of transcripts it has
 * error rates, {@code "phoneErrorRate"}, {@code "characterErrorRate"}, {@code "wordErrorRate"} or
 * {@code "digitErrorRate"}.
 *
 * <p>Where a tolerance was asked for, {@code test} has {@code "tolerant": {"steps", "accuracy",
 * "accuracyLabelled"}}.
 *
 * <p>Where the test set is speech, {@code "decoded"} is a list of the ways it was read: {@code
 * {"by", rate: {"rate", "labels", "substitutions", "deletions", "insertions"}, "scales"}}.
 *
 * <p>Where files were left out, it has {@code "skippedFiles"}, their number.
 *
 * <p>Of several seeds: {@code {"runs": [..], "mean": {..}, "sd": {..}}}, mean and sample standard
 * deviation of everything that was measured.
 */
final class ResultJson {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String DECODED = "decoded";
  private static final List<String> MEASURED =
      List.of("train", "validation", "test", "firingRates", "secondsPerEpoch", DECODED);

  private ResultJson() {}

  /**
   * One run, or one evaluation of a model, which has null for all that only a run has.
   *
   * @param seed null when not known
   * @param epochs null when not known
   * @param report null for none
   */
  static ObjectNode run(
      String experiment,
      Long seed,
      Integer epochs,
      int parameters,
      Score train,
      Score validation,
      Score test,
      List<Double> firingRates,
      double secondsPerEpoch,
      String model,
      String weightsSha256,
      String report) {
    var object = NODES.objectNode();
    object.put("experiment", experiment);
    object.put("seed", seed);
    object.put("epochs", epochs);
    object.put("parameters", parameters);
    object.set("train", score(train, false));
    object.set("validation", score(validation, false));
    object.set("test", score(test, true));
    var rates = object.putArray("firingRates");
    firingRates.forEach(rate -> rates.add(number(rate)));
    object.set("secondsPerEpoch", number(secondsPerEpoch));
    object.put("model", model);
    object.put("weightsSha256", weightsSha256);
    object.put("report", report);
    return object;
  }

  /** Adds to what one run says of the test set what is scored beside, by custom of the data. */
  static ObjectNode withFurther(ObjectNode run, DataSource source, Score test) {
    var object = (ObjectNode) run.get("test");
    for (var further : FurtherScore.of(source)) {
      var keys = further.pointer().substring(1).split("/", 2);
      var inner = keys.length == 1 ? object : object.withObject("/" + keys[0]);
      inner.set(keys[keys.length - 1], number(further.of().applyAsDouble(test)));
    }
    return run;
  }

  /** Adds to what one run says how many files were left out, where any were. */
  static ObjectNode withSkipped(ObjectNode run, int files) {
    return files == 0 ? run : run.put("skippedFiles", files);
  }

  /** Adds to what one run says of the test set how it is scored with tolerance; null for not. */
  static ObjectNode withTolerant(ObjectNode run, Tolerant score) {
    if (score != null) {
      ((ObjectNode) run.get("test")).set("tolerant", score.json());
    }
    return run;
  }

  /** Adds what was recognised in the test set, one entry for each way of reading it. */
  static ObjectNode withDecoded(ObjectNode run, List<Recognised> recognised) {
    if (!recognised.isEmpty()) {
      var all = run.putArray(DECODED);
      recognised.forEach(each -> all.add(each.json()));
    }
    return run;
  }

  /** Several runs of one experiment. */
  static ObjectNode runs(List<ObjectNode> runs) {
    var object = NODES.objectNode();
    object.set("runs", NODES.arrayNode().addAll(runs));
    object.set("mean", overall(runs, ResultJson::mean));
    object.set("sd", overall(runs, ResultJson::standardDeviation));
    return object;
  }

  /** On one line. */
  static String text(JsonNode node) {
    return MAPPER.writeValueAsString(node);
  }

  static ObjectNode read(String text) {
    return (ObjectNode) MAPPER.readTree(text);
  }

  /**
   * NaN for no value. Of equal values exactly that value: what is averaged is the distance from the
   * first.
   */
  static double mean(List<Double> values) {
    if (values.isEmpty()) {
      return Double.NaN;
    }
    double first = values.getFirst();
    return first + values.stream().mapToDouble(value -> value - first).sum() / values.size();
  }

  /** Of a sample: over n - 1. NaN for fewer than two values. */
  static double standardDeviation(List<Double> values) {
    if (values.size() < 2) {
      return Double.NaN;
    }
    double mean = mean(values);
    double squares = values.stream().mapToDouble(value -> (value - mean) * (value - mean)).sum();
    return Math.sqrt(squares / (values.size() - 1));
  }

  private static ObjectNode overall(
      List<ObjectNode> runs, ToDoubleFunction<List<Double>> statistic) {
    var object = NODES.objectNode();
    for (var key : MEASURED) {
      if (runs.stream().anyMatch(run -> !run.has(key))) {
        continue; // what only some data have
      }
      object.set(key, overallOf(runs.stream().map(run -> run.get(key)).toList(), statistic));
    }
    return object;
  }

  /** Goes down into objects and arrays of the same shape; null as soon as one run has no number. */
  private static JsonNode overallOf(
      List<JsonNode> nodes, ToDoubleFunction<List<Double>> statistic) {
    var first = nodes.getFirst();
    if (nodes.stream().allMatch(JsonNode::isNumber)) {
      return number(statistic.applyAsDouble(nodes.stream().map(JsonNode::asDouble).toList()));
    }
    if (first.isString() && nodes.stream().allMatch(first::equals)) {
      return first;
    }
    if (nodes.stream().allMatch(JsonNode::isObject)) {
      var object = NODES.objectNode();
      for (var name : first.propertyNames()) {
        object.set(name, overallOf(nodes.stream().map(node -> node.get(name)).toList(), statistic));
      }
      return object;
    }
    if (nodes.stream().allMatch(JsonNode::isArray)) {
      ArrayNode array = NODES.arrayNode();
      for (int index = 0; index < first.size(); index++) {
        int at = index;
        var column = new ArrayList<JsonNode>();
        nodes.forEach(node -> column.add(node.get(at)));
        array.add(overallOf(column, statistic));
      }
      return array;
    }
    return NODES.nullNode();
  }

  private static JsonNode score(Score score, boolean labelled) {
    if (score == null) {
      return NODES.nullNode();
    }
    var object = NODES.objectNode();
    object.set("accuracy", number(score.accuracy()));
    if (labelled) {
      object.set("accuracyLabelled", number(score.accuracyAnnotated()));
    }
    object.set("loss", number(score.loss()));
    return object;
  }

  /** Null for what is no finite number: JSON has no NaN. */
  static JsonNode number(Double value) {
    return value == null || !Double.isFinite(value) ? NODES.nullNode() : NODES.numberNode(value);
  }
}
