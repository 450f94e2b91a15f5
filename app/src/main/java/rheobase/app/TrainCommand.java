package rheobase.app;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code rheo train}: learns, and says how well. */
@Command(
    name = "train",
    header = "Train the network of an experiment.",
    usageHelpWidth = RheoCommand.WIDTH,
    description = {
      "",
      "Without --data, an experiment that has a table [without_data] makes its own data. Ctrl-C"
          + " stops after the current step and writes a checkpoint; rheo resume goes on from it.",
      ""
    })
final class TrainCommand implements Callable<Integer> {
  @ParentCommand private RheoCommand rheo;
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "EXPERIMENT",
      description = "Name of an experiment, or path of its .toml file.")
  private String name;

  @Mixin private ExperimentOptions options;
  @Mixin private RunOptions run;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description =
          "Train N times with seeds counting up, a folder each; report mean and standard"
              + " deviation.")
  private Integer seeds;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Run folder; must be empty. Default: runs/<name>-<time>.")
  private Path out;

  @Override
  public Integer call() {
    if (seeds != null && seeds < 1) {
      throw new ParameterException(
          spec.commandLine(), "--seeds is " + seeds + "; it must be at least 1");
    }
    int threads = run.threads();
    var data = run.data(rheo);
    var experiment = options.experiment(rheo, name, data);
    var dataset = Dataset.load(experiment, data, run.preparation(rheo));
    experiment.network(dataset.split().train().channels(), dataset.split().train().classes());

    var training = new TrainingSession(rheo.surroundings, threads, run.json, run.quiet);
    try (var folder =
        out == null
            ? RunFolder.create(
                rheo.surroundings.workingFolder().resolve("runs"),
                experiment.name(),
                LocalDateTime.now())
            : RunFolder.createAt(rheo.resolve(out))) {
      if (seeds == null) {
        return training.one(Run.begin(folder, experiment, dataset, data));
      }
      return training.several(folder, begin(folder, experiment, dataset, data));
    }
  }

  private List<Run> begin(RunFolder parent, Experiment experiment, Dataset dataset, Path data) {
    var runs = new ArrayList<Run>();
    long first = experiment.training().seed();
    IntStream.range(0, seeds)
        .mapToLong(index -> first + index)
        .forEach(seed ->
            runs.add(
                Run.begin(
                    RunFolder.createAt(parent.file("seed-" + seed)),
                    experiment.withSeed(seed),
                    dataset,
                    data)));
    return runs;
  }
}
