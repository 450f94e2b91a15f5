package rheobase.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import rheobase.app.report.ReportData.Selection;
import rheobase.network.Score;
import rheobase.network.energy.Cost;
import rheobase.network.energy.NetworkEnergy;
import rheobase.network.energy.Neuron;
import rheobase.network.training.TrainingResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The table a run ends with, for people. */
final class Summary {
  private Summary() {}

  /**
   * Of one run.
   *
   * @param energy on the firing rates of the test set
   * @param skipped files that were left out
   * @param model where it lies
   * @param report where it lies
   */
  static String of(
      Experiment experiment,
      TrainingResult result,
      NetworkEnergy energy,
      int skipped,
      String model,
      String report) {
    var training = experiment.training();
    var text = new StringBuilder();
    text.append(experiment.name()).append(", seed ").append(training.seed()).append('\n');
    text.append(
            new Selection(
                    training.selectOn(), result.bestEpoch(), result.epochs(), training.epochs())
                .sentence(true))
        .append("\n\n");
    var further = FurtherScore.of(experiment.data().source());
    heading(text, "", further);
    score(text, "train", result.train(), further);
    score(text, "validation", result.validation(), further);
    score(text, "test", result.test(), further);
    text.append('\n');

    var names = new ArrayList<String>();
    for (int layer = 0; layer < experiment.layers().size(); layer++) {
      names.add(
          experiment.layers().get(layer).name()
              + " "
              + Words.rates(List.of(result.firingRates().get(layer))));
    }
    line(
        text,
        "firing rates",
        String.join(", ", names) + "  (spikes per neuron and step, test set)");
    line(text, "parameters", String.format(Locale.ROOT, "%,d", result.network().parameterCount()));
    energy(text, energy);
    line(text, "time", Words.number(result.secondsPerEpoch()) + " s an epoch");
    skipped(text, skipped);
    text.append('\n');
    line(text, "model", model);
    line(text, "report", report);
    return text.toString();
  }

  /**
   * Of a model file, scored again.
   *
   * @param parameters trained numbers
   * @param tolerant the same test set scored with tolerance; null for not
   * @param skipped files that were left out
   * @param model where it lies
   */
  static String of(
      Experiment experiment,
      int parameters,
      Score test,
      Tolerant tolerant,
      int skipped,
      String model) {
    var text = new StringBuilder();
    var training = experiment.training();
    text.append(experiment.name()).append(", seed ").append(training.seed());
    text.append(", selected on ").append(training.selectOn().text()).append("\n\n");
    var further = FurtherScore.of(experiment.data().source());
    heading(text, "", further);
    score(text, "test", test, further);
    if (tolerant != null) {
      row(
          text,
          "  within " + tolerant.steps(),
          List.of(Words.percent(tolerant.accuracy()), Words.percent(tolerant.accuracyLabelled())));
    }
    text.append('\n');
    line(text, "parameters", String.format(Locale.ROOT, "%,d", parameters));
    skipped(text, skipped);
    line(text, "model", model);
    return text.toString();
  }

  /**
   * Of several seeds.
   *
   * @param runs as {@code --json} gives them
   * @param folder they lie in
   */
  static String of(Experiment experiment, List<ObjectNode> runs, String folder) {
    var text = new StringBuilder();
    text.append(experiment.name()).append(", ").append(runs.size()).append(" seeds\n\n");
    var further = FurtherScore.of(experiment.data().source());
    heading(text, "test", further);
    for (var run : runs) {
      row(text, "seed " + run.get("seed").asLong(), further, key -> number(run, key));
    }
    row(
        text,
        "mean",
        further,
        key -> ResultJson.mean(runs.stream().map(run -> number(run, key)).toList()));
    row(
        text,
        "sd",
        further,
        key -> ResultJson.standardDeviation(runs.stream().map(run -> number(run, key)).toList()));
    text.append('\n');
    line(text, "runs", folder);
    return text.toString();
  }

  private static void skipped(StringBuilder text, int files) {
    if (files > 0) {
      line(text, "left out", Words.skipped(files));
    }
  }

  private static void energy(StringBuilder text, NetworkEnergy energy) {
    var operations = energy.operations();
    line(
        text,
        "per step",
        String.format(
            Locale.ROOT,
            "%,.0f AC + %,.0f MAC, %,.0f bytes of weights",
            operations.accumulates(),
            operations.multiplyAccumulates(),
            energy.traffic().weights() * Float.BYTES));
    double int32 = energy.picojoules(Cost.INT32);
    double fp32 = energy.picojoules(Cost.FP32);
    line(text, "energy", column(Words.energy(int32) + " (int32)") + Words.energy(fp32) + " (fp32)");
    for (var kind : List.of(Neuron.RNN, Neuron.LSTM)) {
      var dense = energy.rival(kind);
      line(
          text,
          "  " + (kind == Neuron.RNN ? "tanh RNN" : "LSTM"),
          column(against(dense.picojoules(Cost.INT32), int32))
              + against(dense.picojoules(Cost.FP32), fp32));
    }
  }

  private static String against(double dense, double ours) {
    return Words.energy(dense) + ", " + Words.times(dense / ours);
  }

  private static String column(String text) {
    return String.format("%-22s", text);
  }

  private static void score(
      StringBuilder text, String set, Score score, List<FurtherScore> further) {
    if (score != null) {
      var cells = new ArrayList<String>();
      cells.add(Words.percent(score.accuracy()));
      cells.add(Words.percent(score.accuracyAnnotated()));
      further.forEach(each -> cells.add(Words.percent(each.of().applyAsDouble(score))));
      cells.add(Words.number(score.loss()));
      row(text, set, cells);
    }
  }

  /** A row of figures that are called as in {@code --json}. */
  private static void row(
      StringBuilder text,
      String name,
      List<FurtherScore> further,
      ToDoubleFunction<String> figure) {
    var cells = new ArrayList<String>();
    cells.add(Words.percent(figure.applyAsDouble("/accuracy")));
    cells.add(Words.percent(figure.applyAsDouble("/accuracyLabelled")));
    further.forEach(each -> cells.add(Words.percent(figure.applyAsDouble(each.pointer()))));
    cells.add(Words.number(figure.applyAsDouble("/loss")));
    row(text, name, cells);
  }

  private static double number(ObjectNode run, String path) {
    JsonNode figure = run.path("test").at(path);
    return figure.isNumber() ? figure.asDouble() : Double.NaN;
  }

  private static void heading(StringBuilder text, String name, List<FurtherScore> further) {
    var cells = new ArrayList<>(List.of("accuracy", "labelled only"));
    further.forEach(each -> cells.add(each.name()));
    cells.add("loss");
    row(text, name, cells);
  }

  private static void row(StringBuilder text, String name, List<String> cells) {
    text.append(String.format("  %-14s", name));
    for (var cell : cells) {
      text.append(String.format("%16s", cell));
    }
    text.append('\n');
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(String.format("  %-14s%s%n", name, value));
  }
}
