package rheobase.app;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import rheobase.app.toml.Toml;
import rheobase.cell.graph.Surrogate;
import rheobase.data.Normalisation;
import rheobase.network.LayerSpec;
import rheobase.network.LossSpec;
import rheobase.network.RangePolicy;
import rheobase.network.parameter.Initializer;
import rheobase.network.training.Curriculum;
import rheobase.network.training.Sampling;

/**
 * The one text of an experiment: every key in one order, defaults written out, the cells' own text
 * included, so that it runs again by itself. Two experiments are the same exactly when these texts
 * are.
 */
public final class ExperimentText {
  private ExperimentText() {}

  /** The text; {@link ExperimentDraft} reads it back to an equal experiment. */
  public static String of(Experiment experiment) {
    var text =
        new StringBuilder(
            "# The experiment as it was run: every setting written out, cells included.\n");
    line(text, "name", experiment.name());
    line(text, "readout", experiment.readout().text());

    text.append("\n[data]\n");
    var data = experiment.data();
    line(text, "source", data.source().text());
    data.source().settings().forEach((key, value) -> line(text, key, value));
    if (!data.source().namesValidation()) {
      line(text, "validation", data.validation());
    }
    line(text, "validation_seed", data.validationSeed());
    line(text, "steps", data.steps());
    if (data.normalise().kind() != Normalisation.Kind.NONE) {
      line(text, "normalise", normalise(data.normalise()));
    }
    if (data.levelCrossing() > 0) {
      line(text, "level_crossing", data.levelCrossing());
    }
    if (data.population() > 0) {
      line(text, "population", data.population());
    }
    if (data.poisson() > 0) {
      line(text, "poisson", data.poisson());
      line(text, "poisson_seed", data.poissonSeed());
    }

    experiment.layers().forEach(layer -> layer(text, layer));

    text.append("\n[loss]\n");
    line(text, "kind", experiment.loss().kind().text());
    line(text, "from_step", experiment.loss().fromStep());
    line(text, "reduction", experiment.loss().reduction().text());
    var late = experiment.loss().late();
    if (!late.equals(LossSpec.Late.NONE)) {
      line(text, "late_weight", pair("after", late.after(), "over", late.over()));
    }

    text.append("\n[training]\n");
    var training = experiment.training();
    line(text, "epochs", training.epochs());
    line(text, "batch", training.batch());
    line(text, "micro_batch", training.microBatch());
    line(text, "optimizer", training.optimizer().settings());
    line(text, "rates", new TreeMap<>(training.rateFactors()));
    line(text, "schedule", training.schedule().settings());
    line(text, "clip_norm", training.clipNorm());
    line(text, "seed", training.seed());
    line(text, "select_on", training.selectOn().text());
    line(text, "checkpoint_steps", training.checkpointSteps());
    line(text, "truncate_steps", training.truncateSteps());
    if (!training.curriculum().stages().isEmpty()) {
      line(text, "curriculum", stages(training.curriculum()));
    }
    if (training.range() != RangePolicy.BATCH) {
      line(text, "range", training.range().text());
    }
    if (training.sampling() != Sampling.SHUFFLED) {
      line(text, "sampling", training.sampling().text());
    }
    if (training.stepEvery() > 0) {
      line(text, "step_every", training.stepEvery());
    }
    return text.toString();
  }

  /** SHA-256 of a text in UTF-8, in hexadecimal: of an experiment's text, its fingerprint. */
  public static String sha256(String text) {
    try {
      var digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  private static void layer(StringBuilder text, LayerSpec layer) {
    text.append("\n[[layer]]\n");
    line(text, "name", layer.name());
    line(text, "units", layer.units());
    line(text, "recurrent", layer.recurrent());
    if (layer.connection() != LayerSpec.Connection.ALL_TO_ALL) {
      line(text, "connection", layer.connection().text());
    }
    if (layer.bidirectional()) {
      line(text, "bidirectional", true);
    }
    if (layer.substeps() > 1) {
      line(text, "substeps", layer.substeps());
    }
    if (layer.isNormalised()) {
      line(text, "normalise", layer.normalise().text());
    }
    if (layer.dropout() > 0) {
      line(text, "dropout", layer.dropout());
    }
    if (layer.emits() != null) {
      line(text, "emits", layer.emits());
    }
    line(text, "constants", new TreeMap<>(layer.constants()));
    line(text, "parameters", new TreeMap<>(layer.parameters()));
    line(text, "states", new TreeMap<>(layer.states()));
    line(text, "surrogate", surrogate(layer.surrogate()));
    line(text, "weights", weights(layer));
    text.append("cell = ").append(Toml.lines(layer.cellText())).append('\n');
  }

  private static List<Map<String, Object>> stages(Curriculum curriculum) {
    return curriculum.stages().stream()
        .map(stage -> pair("epochs", stage.epochs(), "steps", stage.steps()))
        .toList();
  }

  private static Map<String, Object> pair(String key, Object value, String other, Object second) {
    var table = new LinkedHashMap<String, Object>();
    table.put(key, value);
    table.put(other, second);
    return table;
  }

  private static Object normalise(Normalisation normalise) {
    if (!normalise.isFitted()) {
      return normalise.kind().text();
    }
    var table = new LinkedHashMap<String, Object>();
    table.put("kind", normalise.kind().text());
    table.put("offset", normalise.offset());
    table.put("scale", normalise.scale());
    return table;
  }

  private static Map<String, Object> surrogate(Surrogate surrogate) {
    var table = new LinkedHashMap<String, Object>();
    table.put("kind", surrogate.kind().text());
    table.putAll(surrogate.numbers());
    return table;
  }

  private static Map<String, Object> weights(LayerSpec layer) {
    var table = new LinkedHashMap<String, Object>();
    if (layer.inputWeights() != null) {
      table.put("input", layer.inputWeights().text());
    }
    table.put("bias", orNone(layer.inputBias()));
    if (layer.recurrent()) {
      table.put("recurrent", layer.recurrentWeights().text());
      table.put("recurrent_bias", orNone(layer.recurrentBias()));
    }
    return table;
  }

  private static String orNone(Initializer initializer) {
    return initializer == null ? "none" : initializer.text();
  }

  private static void line(StringBuilder text, String key, Object value) {
    text.append(Toml.key(key)).append(" = ").append(Toml.value(value)).append('\n');
  }
}
