package rheobase.app;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import rheobase.data.Preparation;
import rheobase.data.SequenceSummary;

/** {@code rheo data}: what an experiment would learn from. */
@Command(
    name = "data",
    header = "Print what the data of an experiment hold.",
    usageHelpWidth = RheoCommand.WIDTH,
    description = {
      "",
      "Sequences, records, classes, events and the hash of each set, as they would be trained on.",
      ""
    })
final class DataCommand implements Callable<Integer> {
  @ParentCommand private RheoCommand rheo;

  @Parameters(
      paramLabel = "EXPERIMENT",
      description = "Name of an experiment, or path of its .toml file. Default: ${DEFAULT-VALUE}.",
      arity = "0..1",
      defaultValue = "ecg")
  private String name;

  @Mixin private ExperimentOptions options;

  @Option(names = "--data", paramLabel = "DIR", description = "Folder of the recordings.")
  private Path data;

  @Override
  public Integer call() {
    var folder = rheo.resolve(data);
    var experiment = options.experiment(rheo, name, folder);
    var split = Dataset.load(experiment, folder, Preparation.NONE).split();
    var out = rheo.surroundings.out();
    for (var set : List.of(split.train(), split.validation(), split.test())) {
      if (!set.sequences().isEmpty()) {
        out.print(SequenceSummary.of(set).text());
        out.println("  sha256       " + set.sha256());
      }
    }
    out.flush();
    return 0;
  }
}
