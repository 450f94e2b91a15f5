package rheobase.app;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import rheobase.app.source.OwnSource;
import rheobase.data.DataException;
import rheobase.network.Network;
import rheobase.network.NetworkException;
import rheobase.network.model.ModelFile;

/** {@code rheo evaluate}: scores a model file on the test set of its experiment. */
@Command(
    name = "evaluate",
    header = "Score a model file on the test set.",
    usageHelpWidth = RheoCommand.WIDTH,
    description = {
      "",
      "The test set is that of the experiment the model was trained by. With --data, recordings are"
          + " read from DIR; the score then is on these, and a warning says when they are not those"
          + " of the training run.",
      ""
    })
final class EvaluateCommand implements Callable<Integer> {
  @ParentCommand private RheoCommand rheo;

  @Parameters(paramLabel = "MODEL", description = "Path of a .rheo file.")
  private Path model;

  @Mixin private RunOptions run;

  @Option(
      names = "--all",
      description =
          "Score every sequence of DIR, for recordings of your own that no training saw; otherwise"
              + " only those of the test set.")
  private boolean all;

  @Override
  public Integer call() {
    int threads = run.threads();
    var path = rheo.resolve(model);
    var file = ModelFile.read(path);
    var experiment = experiment(file, path, all);
    var dataset = load(experiment, run.data(rheo));
    var trainedOn = file.provenance().get("data_sha256"); // null of an imported model
    if (trainedOn != null && !trainedOn.equals(dataset.sha256())) {
      rheo.surroundings
          .err()
          .println(
              "rheo: these data are not those the model was trained with; the score is on what was"
                  + " read now");
    }
    long seed = experiment.training().seed();
    var network = Network.blank(file.network());
    file.restore(network.parameters());
    network.follow();
    var test = network.evaluate(dataset.split().test(), threads, seed);
    var json =
        ResultJson.run(
            experiment.name(),
            seed,
            null,
            network.parameterCount(),
            null,
            null,
            test.score(),
            test.firingRates(),
            Double.NaN,
            path.toAbsolutePath().normalize().toString(),
            network.parameters().sha256(),
            null);
    if (run.json) {
      rheo.surroundings.out().println(ResultJson.text(json));
    } else {
      rheo.surroundings
          .out()
          .print(
              Summary.of(
                  experiment,
                  network.parameterCount(),
                  test.score(),
                  rheo.surroundings.shown(path)));
    }
    rheo.surroundings.out().flush();
    return 0;
  }

  private Dataset load(Experiment experiment, Path folder) {
    try {
      return Dataset.load(experiment, folder, new DataPreparation(rheo.surroundings, run.quiet));
    } catch (DataException e) {
      if (experiment.data().source() instanceof OwnSource && !all) {
        throw new DataException(
            e.getMessage() + " (To score every sequence of new recordings: --all.)", e);
      }
      throw e;
    }
  }

  /** The experiment that a model carries in its provenance. */
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
}
