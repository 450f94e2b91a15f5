package rheobase.app.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import rheobase.app.report.ReportData.Energy;
import rheobase.app.report.ReportData.Scores;
import rheobase.app.report.ReportData.TrainedParameter;
import rheobase.data.Folding;
import rheobase.network.Score;
import rheobase.network.training.EpochRecord;
import tools.jackson.databind.json.JsonMapper;

/**
 * The data of a page as the JSON that its scripts read: columns instead of records, numbers rounded
 * to what can be seen, {@code null} for what is no number.
 */
final class ReportJson {
  /** More epochs than this are thinned out; a chart has no more pixels. */
  static final int MOST_EPOCHS = 1500;

  private static final JsonMapper MAPPER = new JsonMapper();

  private ReportJson() {}

  /**
   * JSON that can stand inside a {@code <script>} element: {@code < > &} are written as escapes, so
   * that no text of the user can end the element or start another.
   */
  static String text(ReportData data) {
    return MAPPER
        .writeValueAsString(tree(data))
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026");
  }

  private static Map<String, Object> tree(ReportData data) {
    final var tree = new LinkedHashMap<String, Object>();
    tree.put("name", data.name());
    tree.put("headline", data.selection().sentence(data.scores().test() != null));
    tree.put("optimistic", data.selection().optimistic());
    tree.put("selectedOn", data.selection().on().text());
    tree.put("bestEpoch", data.selection().epoch());
    tree.put("epochs", data.selection().epochs());
    tree.put("seconds", number(data.history().stream().mapToDouble(EpochRecord::seconds).sum()));
    tree.put("classes", data.classes());
    tree.put("history", history(data));
    final var scores = new LinkedHashMap<String, Object>();
    final Scores told = data.scores();
    final Folding folding = told.folding();
    scores.put("train", score(told.train(), told));
    scores.put("validation", score(told.validation(), told));
    scores.put("test", score(told.test(), told));
    tree.put("scores", scores);
    tree.put("folding", folding == null ? null : folding.name());
    tree.put("lastStep", told.lastStep());
    tree.put(
        "layers",
        data.layers().stream()
            .map(layer ->
                entries(
                    "name", layer.name(),
                    "cell", layer.cell(),
                    "inputs", layer.inputs(),
                    "units", layer.units(),
                    "recurrent", layer.recurrent(),
                    "parameters", layer.parameters(),
                    "firingRate", number(layer.firingRate())))
            .toList());
    tree.put("parameters", data.parameters().stream().map(ReportJson::parameter).toList());
    tree.put("example", data.example() == null ? null : ExampleJson.tree(data.example()));
    tree.put("energy", data.energy() == null ? null : energy(data.energy()));
    final var provenance = data.provenance();
    tree.put(
        "provenance",
        entries(
            "data", provenance.data(),
            "dataSha256", provenance.dataSha256(),
            "seed", Long.toString(provenance.seed()), // a script's numbers end at 2^53
            "version", provenance.version(),
            "jvm", provenance.jvm(),
            "weightsSha256", provenance.weightsSha256(),
            "experiment", provenance.experiment(),
            "more", provenance.more()));
    return tree;
  }

  private static Map<String, Object> history(ReportData data) {
    final List<EpochRecord> epochs = thinned(data.history(), data.selection().epoch());
    final var history = new LinkedHashMap<String, Object>();
    history.put("epoch", epochs.stream().map(EpochRecord::epoch).toList());
    history.put("train", curves(epochs, EpochRecord::train));
    history.put("validation", curves(epochs, EpochRecord::validation));
    history.put("test", curves(epochs, EpochRecord::test));
    history.put("gradientNorm", column(epochs, EpochRecord::gradientNorm));
    history.put("rate", column(epochs, EpochRecord::rate));
    final var rates = new ArrayList<List<Number>>();
    for (int layer = 0; layer < data.layers().size(); layer++) {
      final int index = layer;
      rates.add(column(epochs, epoch -> orNaN(epoch.firingRates().get(index))));
    }
    history.put("firingRates", rates);
    history.put("sequencesPerSecond", column(epochs, EpochRecord::sequencesPerSecond));
    return history;
  }

  /** Every k-th epoch, and in any case the best and the last. */
  private static List<EpochRecord> thinned(List<EpochRecord> history, int best) {
    final int every = Math.ceilDiv(history.size(), MOST_EPOCHS);
    final var kept = new ArrayList<EpochRecord>();
    for (int index = 0; index < history.size(); index++) {
      final var epoch = history.get(index);
      if (index % every == 0 || epoch.epoch() == best || index == history.size() - 1) {
        kept.add(epoch);
      }
    }
    return kept;
  }

  /** Null when no epoch has this score. */
  private static Map<String, Object> curves(
      List<EpochRecord> epochs, java.util.function.Function<EpochRecord, Score> which) {
    if (epochs.stream().map(which).allMatch(score -> score == null)) {
      return null;
    }
    return entries(
        "accuracy",
            column(
                epochs,
                epoch -> which.apply(epoch) == null ? Double.NaN : which.apply(epoch).accuracy()),
        "loss",
            column(
                epochs,
                epoch -> which.apply(epoch) == null ? Double.NaN : which.apply(epoch).loss()));
  }

  private static List<Number> column(
      List<EpochRecord> epochs, ToDoubleFunction<EpochRecord> value) {
    return epochs.stream().map(epoch -> number(value.applyAsDouble(epoch))).toList();
  }

  private static Map<String, Object> score(Score score, Scores told) {
    if (score == null) {
      return null;
    }
    final Map<String, Object> entries =
        entries(
            "accuracy", number(score.accuracy()),
            "accuracyAnnotated", number(score.accuracyAnnotated()),
            "loss", number(score.loss()),
            "confusion", score.confusion());
    if (told.folding() != null) {
      entries.put("accuracyFolded", number(told.folding().accuracy(score.confusion())));
    }
    if (told.lastStep()) {
      entries.put("accuracyAtEnd", number(score.accuracyAtEnd()));
      entries.put("classMeanAtEnd", number(score.classMeanAtEnd()));
    }
    return entries;
  }

  private static Map<String, Object> parameter(TrainedParameter parameter) {
    final var histogram = Histogram.of(parameter.before(), parameter.after());
    return entries(
        "layer", parameter.layer(),
        "name", parameter.name(),
        "unit", parameter.unit(),
        "count", parameter.before().length,
        "edges", Arrays.stream(histogram.edges()).mapToObj(ReportJson::number).toList(),
        "before", summary(parameter.before(), histogram.before()),
        "after", summary(parameter.after(), histogram.after()));
  }

  private static Map<String, Object> summary(double[] values, int[] counts) {
    final double[] numbers = Arrays.stream(values).filter(Double::isFinite).toArray();
    final double mean = Arrays.stream(numbers).average().orElse(Double.NaN);
    final double variance =
        Arrays.stream(numbers).map(value -> (value - mean) * (value - mean)).sum()
            / (numbers.length - 1);
    return entries(
        "counts", counts,
        "mean", number(mean),
        "sd", number(Math.sqrt(variance)),
        "least", number(Arrays.stream(numbers).min().orElse(Double.NaN)),
        "most", number(Arrays.stream(numbers).max().orElse(Double.NaN)));
  }

  private static Map<String, Object> energy(Energy energy) {
    return entries(
        "accumulate", number(energy.accumulate()),
        "multiplyAccumulate", number(energy.multiplyAccumulate()),
        "source", energy.source(),
        "picojoules", number(energy.picojoules()),
        "layers",
            energy.layers().stream()
                .map(row ->
                    entries(
                        "layer", row.layer(),
                        "formula", row.formula(),
                        "accumulates", number(row.accumulates()),
                        "multiplyAccumulates", number(row.multiplyAccumulates()),
                        "picojoules", number(row.picojoules()),
                        "bytes", number(row.bytes())))
                .toList(),
        "baselines",
            energy.baselines().stream()
                .map(baseline ->
                    entries(
                        "name", baseline.name(),
                        "picojoules", number(baseline.picojoules()),
                        "ratio", number(baseline.picojoules() / energy.picojoules())))
                .toList());
  }

  /**
   * Six significant digits, without a fraction where there is none; null for what is no finite
   * number.
   */
  static Number number(double value) {
    if (!Double.isFinite(value)) {
      return null;
    }
    return plain(BigDecimal.valueOf(value).round(new MathContext(6)));
  }

  /** To so many decimals; null for what is no finite number. */
  static Number decimals(double value, int decimals) {
    if (!Double.isFinite(value)) {
      return null;
    }
    return plain(BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_EVEN));
  }

  private static Number plain(BigDecimal rounded) {
    final double value = rounded.doubleValue();
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return (long) value;
    }
    return value;
  }

  private static double orNaN(Double value) {
    return value == null ? Double.NaN : value;
  }

  /** A map in the order written: name, value, name, value. */
  static Map<String, Object> entries(Object... namesAndValues) {
    final var map = new LinkedHashMap<String, Object>();
    for (int index = 0; index < namesAndValues.length; index += 2) {
      map.put((String) namesAndValues[index], namesAndValues[index + 1]);
    }
    return map;
  }
}
