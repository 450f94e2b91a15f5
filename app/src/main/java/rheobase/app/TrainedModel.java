package rheobase.app;

import java.nio.file.Path;
import java.util.List;
import rheobase.app.source.OwnSource;
import rheobase.data.DataException;
import rheobase.data.Preparation;
import rheobase.network.Network;
import rheobase.network.NetworkException;
import rheobase.network.model.ModelFile;

/**
 * A model file that can be run again: its network with its weights, and the experiment that it
 * carries in its provenance.
 *
 * @param path of the file
 * @param file as read
 * @param experiment it was trained by
 * @param network with the weights of the file
 * @param all whether every sequence of the data is a test sequence
 */
record TrainedModel(
    Path path, ModelFile file, Experiment experiment, Network network, boolean all) {

  /**
   * Reads a model.
   *
   * @param all to test on every sequence: for recordings of one's own only
   * @throws NetworkException when the file cannot be used, or does not say what it was trained by
   */
  static TrainedModel read(Path path, boolean all) {
    var file = ModelFile.read(path);
    var experiment = experiment(file, path, all);
    var network = Network.blank(file.network());
    file.restore(network.parameters());
    network.follow();
    return new TrainedModel(path, file, experiment, network, all);
  }

  private static Experiment experiment(ModelFile file, Path path, boolean all) {
    var text = file.provenance().get("experiment_text");
    if (text == null) {
      throw new NetworkException(
          path + " does not say which experiment it was trained by, so its test set is not known");
    }
    var draft = ExperimentDraft.of(path + " (experiment_text)", text, new CellTexts(List.of()));
    if (all) {
      var source = draft.experiment().data().source();
      if (!(source instanceof OwnSource)) {
        throw new NetworkException(
            "the source '"
                + source.text()
                + "' has a published test set; --all is for recordings of your own");
      }
      draft.set("data.test", 1, "--all");
    }
    return draft.experiment();
  }

  /**
   * The data of its experiment.
   *
   * @param folder of the recordings; null when none was named
   * @param preparation hears how the reading goes on
   * @throws DataException when they cannot be read
   */
  Dataset load(Path folder, Preparation preparation) {
    try {
      return Dataset.load(experiment, folder, preparation);
    } catch (DataException e) {
      if (experiment.data().source() instanceof OwnSource && !all) {
        throw new DataException(
            e.getMessage() + " (To score every sequence of new recordings: --all.)", e);
      }
      throw e;
    }
  }

  /** Whether it is known to be trained with other data; of an imported model nothing is known. */
  boolean wasTrainedWithout(Dataset data) {
    var trained = file.provenance().get("data_sha256");
    return trained != null && !trained.equals(data.sha256());
  }

  long seed() {
    return experiment.training().seed();
  }

  /** Scores it, and counts its spikes, on the test set. */
  Network.Evaluation test(Dataset data, int threads) {
    return network.evaluate(data.split().test(), threads, seed());
  }
}
