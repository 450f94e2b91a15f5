package rheobase.network.training;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import rheobase.network.NetworkException;
import rheobase.network.model.Archive;
import rheobase.network.model.Json;
import rheobase.network.model.JsonFields;
import rheobase.network.model.Safetensors;
import rheobase.network.model.SavedTensor;
import rheobase.network.model.WriteException;
import rheobase.network.optimize.Schedule;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Everything a run needs to go on as if it had never stopped: one zip of {@code checkpoint.json}
 * and {@code arrays.safetensors}, replaced as a whole at each writing. Floats and doubles come back
 * to the bit, also NaN and infinities. Random streams need no place here: they are keyed by seed,
 * epoch and sequence.
 *
 * @param experiment text of the run's {@link Fingerprint}
 * @param data SHA-256 of the data
 * @param epoch the epoch under way or, with position 0, the next one to begin; from 1
 * @param position sequences of that epoch already trained on
 * @param schedule what the schedule remembers
 * @param bestEpoch epoch of the model kept so far, 0 for none
 * @param bestScore its score
 * @param optimizerSteps as bias correction counts them
 * @param history one record per finished epoch
 * @param more whatever else the run must remember: texts, booleans, numbers, lists and maps of
 *     these; whole numbers come back as {@code Long}, others as {@code Double}
 * @param arrays flat arrays by name: parameters, moments, best and initial parameters
 */
public record Checkpoint(
    String experiment,
    String data,
    int epoch,
    int position,
    Schedule.State schedule,
    int bestEpoch,
    double bestScore,
    long optimizerSteps,
    List<EpochRecord> history,
    Map<String, Object> more,
    Map<String, float[]> arrays) {
  private static final String HEADER = "checkpoint.json";
  private static final String ARRAYS = "arrays.safetensors";
  private static final int VERSION = 1;

  /**
   * Writes the file as a whole or not at all.
   *
   * @throws TrainingException when the disk does not let it; the checkpoint from before is then
   *     untouched
   */
  public void write(Path file) {
    var json = Json.object();
    json.put("version", VERSION)
        .put("experiment", experiment)
        .put("data", data)
        .put("epoch", epoch)
        .put("position", position);
    json.putObject("schedule")
        .put("scale", schedule.scale())
        .put("best", schedule.best())
        .put("epochs_since_best", schedule.epochsSinceBest());
    json.put("best_epoch", bestEpoch)
        .put("best_score", bestScore)
        .put("optimizer_steps", optimizerSteps);
    var lines = json.putArray("history");
    history.forEach(record -> lines.add(EpochLine.write(record)));
    var words = json.putObject("more");
    more.forEach((name, value) -> put(words, name, value));
    var tensors = new ArrayList<SavedTensor>();
    new TreeMap<>(arrays)
        .forEach(
            (name, array) -> tensors.add(new SavedTensor(name, new int[] {array.length}, array)));
    var entries = new LinkedHashMap<String, byte[]>();
    entries.put(HEADER, Json.line(json).getBytes(StandardCharsets.UTF_8));
    entries.put(ARRAYS, new Safetensors(tensors, Map.of()).bytes());
    try {
      Archive.write(file, entries);
    } catch (WriteException e) {
      throw new TrainingException(e.getMessage() + " Then go on with 'rheo resume'.", e);
    }
  }

  /**
   * Reads a checkpoint.
   *
   * @throws NetworkException when the file is missing, foreign, torn or damaged; names the file
   */
  public static Checkpoint read(Path file) {
    var entries = Archive.read(file, "checkpoint", HEADER, ARRAYS);
    try {
      var json = JsonFields.parse(new String(entries.get(HEADER), StandardCharsets.UTF_8), HEADER);
      long version = json.whole("version");
      if (version != VERSION) {
        throw new NetworkException(
            "its version is " + version + ", and this Rheobase goes on from " + VERSION);
      }
      var arrays = new LinkedHashMap<String, float[]>();
      Safetensors.read(entries.get(ARRAYS))
          .tensors()
          .forEach(tensor -> arrays.put(tensor.name(), tensor.values()));
      var checkpoint = read(json, arrays);
      json.nothingElse();
      return checkpoint;
    } catch (NetworkException e) {
      throw new NetworkException(
          "the checkpoint " + file + " cannot be used: " + e.getMessage(), e);
    }
  }

  /** An array by name. */
  public float[] array(String name) {
    var array = arrays.get(name);
    if (array == null) {
      throw new NetworkException(
          "the checkpoint has no array '" + name + "'; another version wrote it");
    }
    return array;
  }

  private static Checkpoint read(JsonFields json, Map<String, float[]> arrays) {
    var schedule = json.object("schedule");
    var more = new LinkedHashMap<String, Object>();
    var words = json.object("more");
    words.names().forEach(name -> more.put(name, value(words.get(name))));
    return new Checkpoint(
        json.text("experiment"),
        json.text("data"),
        json.smallWhole("epoch"),
        json.smallWhole("position"),
        new Schedule.State(
            schedule.number("scale"),
            schedule.number("best"),
            schedule.smallWhole("epochs_since_best")),
        json.smallWhole("best_epoch"),
        json.number("best_score"),
        json.whole("optimizer_steps"),
        json.texts("history").stream().map(EpochLine::read).toList(),
        more,
        arrays);
  }

  private static void put(ObjectNode json, String name, Object value) {
    switch (value) {
      case String text -> json.put(name, text);
      case Boolean flag -> json.put(name, flag);
      case Double number -> json.put(name, number);
      case Integer number -> json.put(name, number);
      case Long number -> json.put(name, number);
      case List<?> list -> {
        var array = json.putArray(name);
        list.forEach(element -> add(array, element));
      }
      case Map<?, ?> map -> {
        var object = json.putObject(name);
        map.forEach((key, inner) -> put(object, (String) key, inner));
      }
      default ->
          throw new IllegalArgumentException(
              name + " is a " + value.getClass() + ", which no checkpoint holds");
    }
  }

  private static void add(ArrayNode json, Object value) {
    var holder = Json.object();
    put(holder, "element", value);
    json.add(holder.get("element"));
  }

  private static Object value(JsonNode node) {
    if (node.isArray()) {
      return node.values().stream().map(Checkpoint::value).toList();
    }
    if (node.isObject()) {
      var map = new LinkedHashMap<String, Object>();
      node.properties().forEach(field -> map.put(field.getKey(), value(field.getValue())));
      return map;
    }
    if (node.isString()) {
      return node.stringValue();
    }
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    if (node.isIntegralNumber()) {
      return node.longValue();
    }
    return node.doubleValue();
  }
}
