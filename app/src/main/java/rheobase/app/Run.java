package rheobase.app;

import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import rheobase.cell.language.CellException;
import rheobase.network.NetworkException;
import rheobase.network.NetworkSpec;
import rheobase.network.energy.NetworkEnergy;
import rheobase.network.model.ModelFile;
import rheobase.network.training.EpochRecord;
import rheobase.network.training.TrainingListener;
import rheobase.network.training.TrainingResult;
import rheobase.network.training.TrainingRun;
import tools.jackson.databind.node.ObjectNode;

/**
 * One training run in its folder, from the first epoch or from where it was stopped, to the model
 * and what is said of it.
 *
 * @param folder of the run, holding its experiment
 * @param experiment as run
 * @param text of the experiment
 * @param dataset it learns from
 */
record Run(RunFolder folder, Experiment experiment, String text, Dataset dataset) {

  /**
   * How a run ended.
   *
   * @param finished false when it was stopped
   * @param epochs done
   * @param json null unless finished
   * @param summary null unless finished
   */
  record Outcome(boolean finished, int epochs, ObjectNode json, String summary) {}

  /** Writes what a run begins with into its new folder. */
  static Run begin(RunFolder folder, Experiment planned, Dataset dataset, Path data) {
    var experiment = planned.withData(dataset.spec());
    var text = ExperimentText.of(experiment);
    folder.write(RunFolder.EXPERIMENT, text);
    var where = data == null ? null : data.toAbsolutePath().normalize().toString();
    folder.write(RunFolder.NOTE, RunNote.now(text, where, dataset.sha256()).json());
    return new Run(folder, experiment, text, dataset);
  }

  /**
   * A run that began earlier, whose experiment and data are known to be the same as then.
   *
   * @param text of the experiment as it stands in the folder
   */
  static Run again(RunFolder folder, Experiment experiment, String text, Dataset dataset) {
    if (!folder.has(RunFolder.CHECKPOINT)) {
      // Killed within its first epoch: there is nothing to go on from but the beginning.
      folder.delete(RunFolder.METRICS);
    }
    return new Run(folder, experiment, text, dataset);
  }

  /**
   * Trains to the end, or until asked to stop.
   *
   * @throws CellException or {@link NetworkException} when the network cannot be made; a folder
   *     that nothing came to be in is then removed
   */
  Outcome train(int threads, boolean quiet, Surroundings surroundings, StopRequest stop) {
    var spec =
        experiment.network(dataset.split().train().channels(), dataset.split().train().classes());
    boolean resumed = folder.has(RunFolder.CHECKPOINT);
    var run = prepare(spec, threads, resumed);
    var progress = new Progress(surroundings, experiment.training().epochs());
    var result = run.run(quiet ? Quiet.LISTENER : progress, stop);
    if (!result.finished()) {
      if (!quiet) {
        progress.breakOff();
      }
      return new Outcome(false, result.epochs(), null, null);
    }
    return finish(result, threads, surroundings);
  }

  private TrainingRun prepare(NetworkSpec spec, int threads, boolean resumed) {
    var provenance = provenance();
    if (resumed) {
      return TrainingRun.resume(
          folder.path(), spec, experiment.training(), dataset.split(), threads, provenance);
    }
    try {
      return TrainingRun.start(
          folder.path(), spec, experiment.training(), dataset.split(), threads, provenance);
    } catch (CellException | NetworkException e) {
      folder.discard();
      throw e;
    }
  }

  private Outcome finish(TrainingResult result, int threads, Surroundings surroundings) {
    var report = folder.file(RunFolder.REPORT);
    var energy = energy(result);
    RunReport.write(this, result, energy, report);
    var json =
        ResultJson.withFurther(
            ResultJson.run(
                experiment.name(),
                experiment.training().seed(),
                result.epochs(),
                result.network().parameterCount(),
                result.train(),
                result.validation(),
                result.test(),
                result.firingRates(),
                result.secondsPerEpoch(),
                result.model().toAbsolutePath().toString(),
                result.weightsSha256(),
                report.toAbsolutePath().toString()),
            experiment.data().source(),
            result.test());
    ResultJson.withSkipped(json, dataset.skipped());
    var recognised = recognised(result, threads);
    ResultJson.withDecoded(json, recognised);
    var summary =
        Summary.of(
            experiment,
            result,
            energy,
            dataset.skipped(),
            surroundings.shown(result.model()),
            surroundings.shown(report));
    summary += Recognised.text(recognised);
    folder.write(RunFolder.SUMMARY, summary);
    // Written last: a folder with a result has everything else too.
    folder.write(RunFolder.RESULT, ResultJson.text(json) + "\n");
    return new Outcome(true, result.epochs(), json, summary);
  }

  /**
   * Where frames are phones, what the test set says; what a transcription needs for it is kept in
   * the model file.
   */
  private List<Recognised> recognised(TrainingResult result, int threads) {
    var network = result.network();
    var decoder = PhoneDecoder.tuned(experiment, network, dataset, threads);
    decoder.ifPresent(each ->
        ModelFile.read(result.model()).with(PhoneDecoder.KEPT, each.text()).write(result.model()));
    return decoder
        .map(each -> each.recognised(experiment, network, dataset, threads))
        .orElse(List.of());
  }

  /** On the firing rates of the test set. */
  private NetworkEnergy energy(TrainingResult result) {
    return dataset.energy(result.network().spec(), result.firingRates());
  }

  /**
   * How the model comes to be, for its file. Nothing here may differ between runs that give the
   * same weights: no time, no folder, no number of threads.
   */
  private TreeMap<String, String> provenance() {
    var training = experiment.training();
    var provenance = new TreeMap<String, String>();
    provenance.put("experiment", experiment.name());
    provenance.put("experiment_text", text);
    provenance.put("experiment_sha256", ExperimentText.sha256(text));
    provenance.put("data", dataset.split().train().name() + ", " + dataset.split().test().name());
    provenance.put("data_sha256", dataset.sha256());
    provenance.put("train_sequences", "" + dataset.split().train().sequences().size());
    provenance.put("validation_sequences", "" + dataset.split().validation().sequences().size());
    provenance.put("test_sequences", "" + dataset.split().test().sequences().size());
    provenance.put("seed", "" + training.seed());
    provenance.put("selected_on", training.selectOn().text());
    provenance.put("rheobase", RheoCommand.Version.number());
    provenance.put("java", Runtime.version().toString());
    return provenance;
  }

  /** For {@code --quiet}. */
  private static final class Quiet implements TrainingListener {
    static final Quiet LISTENER = new Quiet();

    @Override
    public void step(
        int epoch,
        int sequences,
        int total,
        double loss,
        double accuracy,
        List<Double> firingRates) {}

    @Override
    public void epoch(EpochRecord record) {}
  }
}
