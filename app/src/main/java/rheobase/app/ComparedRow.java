package rheobase.app;

import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.StreamSupport;
import rheobase.network.energy.NetworkEnergy;
import rheobase.network.training.SelectOn;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One experiment of a comparison with its runs, one a seed.
 *
 * @param label the experiment as the call named it, with its settings
 * @param experiment with its first seed
 * @param dataset it learnt from
 * @param runs their folders
 * @param results what {@code --json} printed of each
 * @param energies of a step, at the firing rates of each run's test
 * @param sameAnswers whether its test set asks for the same answers as that of the first row
 */
record ComparedRow(
    String label,
    Experiment experiment,
    Dataset dataset,
    List<Path> runs,
    List<ObjectNode> results,
    List<NetworkEnergy> energies,
    boolean sameAnswers) {

  ComparedRow {
    runs = List.copyOf(runs);
    results = List.copyOf(results);
    energies = List.copyOf(energies);
  }

  /** Counts what each run costs, too. */
  static ComparedRow of(
      String label,
      Experiment experiment,
      Dataset dataset,
      List<KnownRuns.Finished> runs,
      boolean sameAnswers) {
    var test = dataset.split().test();
    var network = experiment.network(test.channels(), test.classes());
    var results = runs.stream().map(KnownRuns.Finished::result).toList();
    return new ComparedRow(
        label,
        experiment,
        dataset,
        runs.stream().map(KnownRuns.Finished::folder).toList(),
        results,
        results.stream().map(result -> dataset.energy(network, rates(result))).toList(),
        sameAnswers);
  }

  boolean selectedOnTest() {
    return experiment.training().selectOn() == SelectOn.TEST;
  }

  /**
   * A figure of every run.
   *
   * @param pointer as in {@code /test/accuracy}
   * @return NaN where a run has no such number
   */
  List<Double> figures(String pointer) {
    return results.stream().map(result -> number(result.at(pointer))).toList();
  }

  double mean(String pointer) {
    return ResultJson.mean(figures(pointer));
  }

  /** Of a sample; NaN for one seed. */
  double deviation(String pointer) {
    return ResultJson.standardDeviation(figures(pointer));
  }

  /** What is scored beside, by custom of the data. */
  List<FurtherScore> further() {
    return FurtherScore.of(experiment.data().source());
  }

  int parameters() {
    return results.getFirst().get("parameters").asInt();
  }

  /** Mean spikes per neuron and step of all that spike, mean of the runs; NaN where none does. */
  double firingRate() {
    return ResultJson.mean(results.stream().map(this::firingRate).toList());
  }

  private double firingRate(ObjectNode result) {
    var rates = rates(result);
    var layers = experiment.layers();
    double spikes = 0;
    long neurons = 0;
    for (int layer = 0; layer < layers.size(); layer++) {
      if (!Double.isNaN(rates.get(layer))) {
        spikes += rates.get(layer) * layers.get(layer).width();
        neurons += layers.get(layer).width();
      }
    }
    return spikes / neurons;
  }

  /** Mean length of the test sequences. */
  double steps() {
    return dataset.testSteps();
  }

  /** A figure of a step, mean of the runs. */
  double step(ToDoubleFunction<NetworkEnergy> figure) {
    return ResultJson.mean(energies.stream().map(figure::applyAsDouble).toList());
  }

  /** The same of an inference: of all steps of a sequence. */
  double inference(ToDoubleFunction<NetworkEnergy> figure) {
    return steps() * step(figure);
  }

  private static List<Double> rates(ObjectNode result) {
    return StreamSupport.stream(result.get("firingRates").spliterator(), false)
        .map(ComparedRow::number)
        .toList();
  }

  private static double number(JsonNode node) {
    return node.isNumber() ? node.asDouble() : Double.NaN;
  }
}
