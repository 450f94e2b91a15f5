package rheobase.app;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

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
    var trained = TrainedModel.read(path, all);
    var experiment = trained.experiment();
    var dataset = trained.load(run.data(rheo), run.preparation(rheo));
    if (trained.wasTrainedWithout(dataset)) {
      rheo.surroundings
          .err()
          .println(
              "rheo: these data are not those the model was trained with; the score is on what was"
                  + " read now");
    }
    var network = trained.network();
    var test = trained.test(dataset, threads);
    var json =
        ResultJson.withFurther(
            ResultJson.run(
                experiment.name(),
                trained.seed(),
                null,
                network.parameterCount(),
                null,
                null,
                test.score(),
                test.firingRates(),
                Double.NaN,
                path.toAbsolutePath().normalize().toString(),
                network.parameters().sha256(),
                null),
            experiment.data().source(),
            test.score());
    ResultJson.withSkipped(json, dataset.skipped());
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
                  dataset.skipped(),
                  rheo.surroundings.shown(path)));
    }
    rheo.surroundings.out().flush();
    return 0;
  }
}
