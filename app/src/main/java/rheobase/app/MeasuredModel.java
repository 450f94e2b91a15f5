package rheobase.app;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import rheobase.cell.language.Cells;
import rheobase.network.Network.Evaluation;
import rheobase.network.energy.Multiplications;
import rheobase.network.energy.NetworkEnergy;

/**
 * A trained model with what it did on its test set.
 *
 * @param model that was run
 * @param data it was run on
 * @param test score and firing rates
 * @param energy of one step at these rates
 */
record MeasuredModel(TrainedModel model, Dataset data, Evaluation test, NetworkEnergy energy) {

  /** Runs a model over the test set. */
  static MeasuredModel of(TrainedModel model, Dataset data, int threads) {
    var test = model.test(data, threads);
    return new MeasuredModel(
        model, data, test, data.energy(model.network().spec(), test.firingRates()));
  }

  /** Those of a step as Ponghiran and Roy 2022 count them; empty for networks unlike theirs. */
  Optional<Multiplications> multiplications() {
    return Multiplications.of(model.network().spec(), energy);
  }

  /** The same of a dense network with hidden layers of the same sizes. */
  Optional<Multiplications> multiplicationsOfRival(int gates) {
    return Multiplications.ofRival(model.network().spec(), gates);
  }

  /** Mean steps of an inference. */
  double steps() {
    return data.testSteps();
  }

  /** Events, or other values than zero, per input channel and step. */
  double inputRate() {
    return Dataset.inputRate(data.split().test());
  }

  /** Whether both were asked for the same answers, though perhaps to other encodings. */
  boolean answersTheSameAs(MeasuredModel other) {
    return Arrays.deepEquals(targets(), other.targets());
  }

  private int[][] targets() {
    return data.split().test().sequences().stream()
        .map(sequence -> sequence.targets())
        .toArray(int[][]::new);
  }

  /** Names of the cells, layer by layer. */
  List<String> cells() {
    return model.network().spec().layers().stream()
        .map(layer -> Cells.nameOf(layer.name(), layer.cellText()))
        .toList();
  }
}
