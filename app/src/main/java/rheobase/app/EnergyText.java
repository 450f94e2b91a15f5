package rheobase.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import rheobase.cell.graph.StepOperations.Signal;
import rheobase.network.energy.Cost;
import rheobase.network.energy.Multiplications;
import rheobase.network.energy.NetworkEnergy;
import rheobase.network.energy.Neuron;

/** The tables of {@code rheo energy}, for people. */
final class EnergyText {
  private EnergyText() {}

  /**
   * All of them.
   *
   * @param rivals trained models to compare with
   * @param shown how a path is written
   */
  static String of(MeasuredModel model, List<MeasuredModel> rivals, Function<Path, String> shown) {
    var energy = model.energy();
    var text = new StringBuilder();
    text.append(
        "%s, seed %d, selected on %s; test accuracy %s, %,d sequences of %s steps%n%n"
            .formatted(
                model.model().experiment().name(),
                model.model().seed(),
                model.model().experiment().training().selectOn().text(),
                Words.percent(model.test().score().accuracy()),
                model.data().split().test().sequences().size(),
                Words.number(model.steps())));

    text.append("operations of a step, at the rates of the test set\n");
    text.append(Columns.text("llrrrrrl", operations(model)));
    text.append("\nmemory traffic of a step, in words of 32 bits\n");
    text.append(Columns.text("lrrrrr", traffic(energy)));
    text.append(
        "  the network fits into %s: %.0f pJ a word%n"
            .formatted(energy.memory().text(), energy.memory().picojoulesPerWord()));
    text.append("\nenergy\n").append(Columns.text("lrrrr", energy(energy, model.steps())));
    multiplications(model, rivals, shown)
        .ifPresent(rows ->
            text.append("\nmultiplications of a step, by Ponghiran and Roy 2022\n")
                .append(Columns.text("lrrrr", rows)));
    text.append("\nthe same answer from others, an inference each\n");
    text.append(Columns.text("lrrrrrrlrr", comparison(model, rivals, shown)));
    return text.toString();
  }

  private static List<List<String>> operations(MeasuredModel model) {
    var energy = model.energy();
    var rows = new ArrayList<List<String>>();
    rows.add(List.of("layer", "cell", "in", "out", "synapses", "AC", "MAC", "formula"));
    for (int index = 0; index < energy.layers().size(); index++) {
      var layer = energy.layers().get(index);
      double out = model.test().firingRates().get(index);
      rows.add(
          List.of(
              layer.name(),
              model.cells().get(index),
              layer.input() == Signal.REAL ? "real" : rate(layer.inputRate()),
              Double.isNaN(out) ? "real" : rate(out),
              count(layer.synaptic().count()),
              count(layer.operations().accumulates()),
              count(layer.operations().multiplyAccumulates()),
              layer.formula()));
    }
    rows.add(
        List.of(
            "network",
            "",
            "",
            "",
            count(energy.synaptic().count()),
            count(energy.operations().accumulates()),
            count(energy.operations().multiplyAccumulates()),
            ""));
    return rows;
  }

  private static Optional<List<List<String>>> multiplications(
      MeasuredModel model, List<MeasuredModel> rivals, Function<Path, String> shown) {
    if (model.multiplications().isEmpty()) {
      return Optional.empty();
    }
    var own = model.multiplications().orElseThrow();
    var rows = new ArrayList<List<String>>();
    rows.add(List.of("", "corrected", "ratio", "as coded", "ratio"));
    rows.add(multiplied("this model", own, own));
    rows.add(multiplied("GRU, same sizes", model.multiplicationsOfRival(3).orElseThrow(), own));
    rows.add(multiplied("LSTM, same sizes", model.multiplicationsOfRival(4).orElseThrow(), own));
    for (var rival : rivals) {
      rival
          .multiplications()
          .ifPresent(count -> rows.add(multiplied(shown.apply(rival.model().path()), count, own)));
    }
    return Optional.of(rows);
  }

  private static List<String> multiplied(String name, Multiplications count, Multiplications own) {
    return List.of(
        name,
        count(count.corrected()),
        Words.times(count.corrected() / own.corrected()),
        count(count.asCoded()),
        Words.times(count.asCoded() / own.asCoded()));
  }

  private static List<List<String>> traffic(NetworkEnergy energy) {
    var rows = new ArrayList<List<String>>();
    rows.add(List.of("layer", "weights", "constants", "states", "read", "written"));
    for (var layer : energy.layers()) {
      var words = layer.traffic();
      rows.add(
          List.of(
              layer.name(),
              count(words.weights()),
              count(words.constants()),
              count(words.states()),
              count(words.read()),
              count(words.written())));
    }
    var words = energy.traffic();
    rows.add(
        List.of(
            "network",
            count(words.weights()),
            count(words.constants()),
            count(words.states()),
            count(words.read()),
            count(words.written())));
    return rows;
  }

  private static List<List<String>> energy(NetworkEnergy energy, double steps) {
    var rows = new ArrayList<List<String>>();
    rows.add(List.of("", "int32", "fp32", "memory", "int32 and memory"));
    rows.add(energies("a step", energy, 1));
    rows.add(energies("an inference", energy, steps));
    return rows;
  }

  private static List<String> energies(String name, NetworkEnergy energy, double steps) {
    return List.of(
        name,
        Words.energy(steps * energy.picojoules(Cost.INT32)),
        Words.energy(steps * energy.picojoules(Cost.FP32)),
        Words.energy(steps * energy.memoryPicojoules()),
        Words.energy(steps * energy.picojoulesWithMemory(Cost.INT32)));
  }

  private static List<List<String>> comparison(
      MeasuredModel model, List<MeasuredModel> rivals, Function<Path, String> shown) {
    var own = model.energy();
    double steps = model.steps();
    var rows = new ArrayList<List<String>>();
    rows.add(
        List.of(
            "",
            "accuracy",
            "int32",
            "ratio",
            "fp32",
            "ratio",
            "words",
            "from and to",
            "int32 and memory",
            "ratio"));
    var accuracy = Words.percent(model.test().score().accuracy());
    rows.add(compared("this model", accuracy, own, steps, own, steps));
    rows.add(compared("tanh RNN, same sizes", "", own.rival(Neuron.RNN), steps, own, steps));
    rows.add(compared("GRU, same sizes", "", own.rival(Neuron.GRU), steps, own, steps));
    rows.add(compared("LSTM, same sizes", "", own.rival(Neuron.LSTM), steps, own, steps));
    for (var rival : rivals) {
      rows.add(
          compared(
              shown.apply(rival.model().path()),
              Words.percent(rival.test().score().accuracy()),
              rival.energy(),
              rival.steps(),
              own,
              steps));
    }
    return rows;
  }

  private static List<String> compared(
      String name,
      String accuracy,
      NetworkEnergy energy,
      double steps,
      NetworkEnergy own,
      double ownSteps) {
    double int32 = steps * energy.picojoules(Cost.INT32);
    double fp32 = steps * energy.picojoules(Cost.FP32);
    double both = steps * energy.picojoulesWithMemory(Cost.INT32);
    return List.of(
        name,
        accuracy,
        Words.energy(int32),
        Words.times(int32 / (ownSteps * own.picojoules(Cost.INT32))),
        Words.energy(fp32),
        Words.times(fp32 / (ownSteps * own.picojoules(Cost.FP32))),
        count(steps * energy.traffic().words()),
        energy.memory().text(),
        Words.energy(both),
        Words.times(both / (ownSteps * own.picojoulesWithMemory(Cost.INT32))));
  }

  private static String rate(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  private static String count(double value) {
    return String.format(
        Locale.ROOT, value < 10 && value != Math.rint(value) ? "%,.1f" : "%,.0f", value);
  }
}
