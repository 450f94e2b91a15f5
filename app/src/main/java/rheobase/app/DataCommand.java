package rheobase.app;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import rheobase.app.source.OwnSource;
import rheobase.app.toml.Toml;
import rheobase.data.Normalisation;
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

  @Option(
      names = "--skip-bad",
      description = "Leave out files that cannot be used, each with a line that says why.")
  private boolean skipBad;

  @Override
  public Integer call() {
    var folder = rheo.resolve(data);
    var experiment = options.experiment(rheo, name, folder);
    var dataset =
        Dataset.load(experiment, folder, new DataPreparation(rheo.surroundings, false, skipBad));
    var split = dataset.split();
    var out = rheo.surroundings.out();
    var channels =
        dataset.spec().source() instanceof OwnSource source ? source.channels() : List.<String>of();
    for (var set : List.of(split.train(), split.validation(), split.test())) {
      if (!set.sequences().isEmpty()) {
        out.print(SequenceSummary.of(set).text(channels));
        out.println("  sha256       " + set.sha256());
      }
    }
    if (dataset.skipped() > 0) {
      out.println("left out       " + Words.skipped(dataset.skipped()));
    }
    if (dataset.spec().source() instanceof OwnSource source) {
      out.println("read by");
      source.settings().forEach((key, value) -> out.printf("  %-12s %s%n", key, Toml.value(value)));
      normalisation(channels, dataset.spec().normalise(), out);
    }
    out.flush();
    return 0;
  }

  private static void normalisation(
      List<String> channels, Normalisation normalise, PrintStream out) {
    if (normalise.kind() == Normalisation.Kind.NONE) {
      out.println("values as they are (data.normalise would bring them to one scale)");
      return;
    }
    out.println("normalised by the training set (" + normalise.kind().text() + ")");
    for (int c = 0; c < normalise.offset().size(); c++) {
      double offset = normalise.offset().get(c);
      out.printf(
          "  %-12s (x %s %s) / %s%n",
          channels.isEmpty() ? "channel " + (c + 1) : channels.get(c),
          offset < 0 ? "+" : "-",
          Toml.number(Math.abs(offset)),
          Toml.number(normalise.scale().get(c)));
    }
  }
}
