package rheobase.network.training;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import rheobase.network.NetworkSpec;
import rheobase.network.RangePolicy;
import rheobase.network.model.Json;
import rheobase.network.model.NetworkJson;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Everything in an experiment that can change its result, as one text: equal experiments have equal
 * texts, so a checkpoint can tell whether the run that resumes it is the run that wrote it, and if
 * not, what differs.
 *
 * @param text JSON on one line
 */
public record Fingerprint(String text) {

  /** Of a network and how it is trained. */
  public static Fingerprint of(NetworkSpec network, TrainingSpec training) {
    var json = Json.object();
    json.set("network", NetworkJson.write(network));
    var run = json.putObject("training");
    run.put("epochs", training.epochs())
        .put("batch", training.batch())
        .put("micro_batch", training.microBatch());
    put(run.putObject("optimizer"), training.optimizer().settings());
    new TreeMap<>(training.rateFactors()).forEach(run.putObject("rates")::put);
    put(run.putObject("schedule"), training.schedule().settings());
    run.put("clip_norm", training.clipNorm())
        .put("seed", training.seed())
        .put("select_on", training.selectOn().text())
        .put("checkpoint_steps", training.checkpointSteps())
        .put("truncate_steps", training.truncateSteps());
    // younger than runs that may still go on: what they never had is not in their checkpoints
    if (!training.curriculum().equals(Curriculum.NONE)) {
      var stages = run.putArray("curriculum");
      for (var stage : training.curriculum().stages()) {
        stages.addObject().put("epochs", stage.epochs()).put("steps", stage.steps());
      }
    }
    if (training.range() != RangePolicy.BATCH) {
      run.put("range", training.range().text());
    }
    if (training.sampling() != Sampling.SHUFFLED) {
      run.put("sampling", training.sampling().text());
    }
    if (training.stepEvery() > 0) {
      run.put("step_every", training.stepEvery());
    }
    return new Fingerprint(Json.line(json));
  }

  /** Of the text, in lower-case hexadecimal. */
  public String sha256() {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /**
   * The first setting that differs, as {@code training.epochs was 400 and is now 200}; empty when
   * none does.
   */
  public Optional<String> changeTo(Fingerprint now) {
    return change("", Json.parse(text, "an experiment"), Json.parse(now.text, "an experiment"));
  }

  private static Optional<String> change(String path, JsonNode then, JsonNode now) {
    if (then.equals(now)) {
      return Optional.empty();
    }
    if (then.isArray() && now.isArray() && then.size() == now.size()) {
      for (int i = 0; i < then.size(); i++) {
        var change = change(path + "[" + i + "]", then.get(i), now.get(i));
        if (change.isPresent()) {
          return change;
        }
      }
    }
    if (then.isObject() && now.isObject()) {
      var names = new LinkedHashSet<>(then.propertyNames());
      names.addAll(now.propertyNames());
      for (var name : names) {
        var change =
            change(path.isEmpty() ? name : path + "." + name, then.path(name), now.path(name));
        if (change.isPresent()) {
          return change;
        }
      }
    }
    return Optional.of(path + " was " + shown(then) + " and is now " + shown(now));
  }

  /** A cell's whole text would bury the sentence it stands in. */
  private static String shown(JsonNode node) {
    var text = node.isMissingNode() ? "not set" : Json.line(node);
    return text.length() <= 60 ? text : text.substring(0, 57) + "...";
  }

  private static void put(ObjectNode json, Map<String, Object> settings) {
    settings.forEach((name, value) -> {
      switch (value) {
        case Integer number -> json.put(name, number);
        case Double number -> json.put(name, number);
        default -> json.put(name, value.toString());
      }
    });
  }
}
