package rheobase.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import rheobase.data.Sequence;
import rheobase.network.NetworkException;
import rheobase.network.model.WriteException;

/**
 * {@code rheo compare}: several experiments, several seeds each, one table. What was trained before
 * is not trained again.
 */
@Command(
    name = "compare",
    header = "Train experiments, or take their finished runs, and print one table.",
    usageHelpWidth = RheoCommand.WIDTH,
    description = {
      "",
      "An experiment is a name or a file, with settings behind it if it shall have some of its own:"
          + " rheo compare ecg ecg-rival \"ecg-rival layer.hidden.cell=gru\". A run in runs/ or in"
          + " --out that has the same experiment, seed and data is taken instead of a new one, and"
          + " one that was stopped goes on. Ratios are to the first row.",
      ""
    })
final class CompareCommand implements Callable<Integer> {
  /** The settings of an experiment: blanks inside a value do not end it. */
  private static final String BETWEEN_SETTINGS = "\\s+(?=[A-Za-z_][\\w-]*(\\.[\\w-]+)*\\s*=)";

  @ParentCommand private RheoCommand rheo;
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "EXPERIMENT",
      arity = "1..*",
      description =
          "Name of an experiment or path of its .toml file; settings may follow in the"
              + " same argument.")
  private List<String> arguments;

  @Mixin private ExperimentOptions options;
  @Mixin private RunOptions run;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "Runs of each experiment, seeds counting up. Default: ${DEFAULT-VALUE}.")
  private int seeds = 5;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder of the table, the picture and new runs. Default: runs/compare-<time>.")
  private Path out;

  /** Runs that were there before. */
  private KnownRuns known;

  /** Those of them that are to go on, held until they have. */
  private final Map<Path, RunFolder> begun = new HashMap<>();

  /**
   * One row before it is trained.
   *
   * @param label as the call has it
   * @param experiment with its first seed
   * @param dataset it learns from
   */
  private record Wanted(String label, Experiment experiment, Dataset dataset) {
    Experiment withSeed(int index) {
      return experiment.withSeed(experiment.training().seed() + index);
    }
  }

  @Override
  public Integer call() {
    if (seeds < 1) {
      throw new ParameterException(
          spec.commandLine(), "--seeds is " + seeds + "; it must be at least 1");
    }
    run.threads(); // a wrong number is told of before data are read
    var wanted = wanted();
    var folder = out == null ? null : rheo.resolve(out);
    var earlier = rheo.surroundings.workingFolder().resolve("runs");
    known =
        KnownRuns.in(
            Stream.of(folder, earlier).filter(Objects::nonNull).distinct().toList(),
            wanted.stream().map(row -> row.dataset().sha256()).collect(Collectors.toSet()));
    try (var stop = rheo.surroundings.stop().get()) {
      hold(wanted); // a run that another process is at is told of before hours pass
      var place = folder == null ? made(earlier) : madeAt(folder);
      var rows = new ArrayList<ComparedRow>();
      for (var row : wanted) {
        var runs = new ArrayList<KnownRuns.Finished>();
        for (int seed = 0; seed < seeds; seed++) {
          var finished = finished(row, seed, place, stop);
          if (finished.isEmpty()) {
            return Main.INTERRUPTED;
          }
          runs.add(finished.get());
        }
        rows.add(
            ComparedRow.of(
                row.label(),
                row.experiment(),
                row.dataset(),
                runs,
                answers(row.dataset(), wanted.getFirst().dataset())));
      }
      finish(place, rows);
      return 0;
    } finally {
      begun.values().forEach(RunFolder::close);
    }
  }

  private List<Wanted> wanted() {
    var data = run.data(rheo);
    var labels = new ArrayList<String>();
    var experiments = new ArrayList<Experiment>();
    var texts = new HashSet<String>();
    for (var argument : arguments) {
      var parts = Arrays.asList(argument.strip().split(BETWEEN_SETTINGS));
      var experiment = experiment(argument, parts, data);
      if (!texts.add(ExperimentText.of(experiment))) {
        throw new NetworkException(
            "'" + argument.strip() + "' is the same experiment as another that is compared");
      }
      labels.add(String.join(" ", parts));
      experiments.add(experiment);
    }
    // of several experiments some may make their own data; if all do, the first refuses the folder
    boolean needed = experiments.stream().anyMatch(each -> each.data().source().needsFolder());
    var read = new HashMap<List<Object>, Dataset>();
    var wanted = new ArrayList<Wanted>();
    for (int row = 0; row < experiments.size(); row++) {
      var experiment = experiments.get(row);
      var folder = needed && !experiment.data().source().needsFolder() ? null : data;
      var dataset =
          read.computeIfAbsent(
              List.of(experiment.data(), experiment.training().selectOn()),
              _ -> Dataset.load(experiment, folder, run.preparation(rheo)));
      experiment.network(dataset.split().test().channels(), dataset.split().test().classes());
      wanted.add(new Wanted(labels.get(row), experiment, dataset));
    }
    return wanted;
  }

  /** One of several: of a setting that it has not it is told to which it was given. */
  private Experiment experiment(String argument, List<String> parts, Path data) {
    try {
      return options.experiment(rheo, parts.getFirst(), data, parts.subList(1, parts.size()));
    } catch (NetworkException e) {
      throw arguments.size() > 1 && e.getMessage().startsWith("--")
          ? new NetworkException(argument.strip() + ": " + e.getMessage(), e)
          : e;
    }
  }

  /** Opens the runs that are to go on. */
  private void hold(List<Wanted> wanted) {
    for (var row : wanted) {
      for (int seed = 0; seed < seeds; seed++) {
        var experiment = row.withSeed(seed);
        if (known.finished(experiment, row.dataset()).isEmpty()) {
          known
              .begun(experiment, row.dataset())
              .ifPresent(path -> begun.computeIfAbsent(path, RunFolder::open));
        }
      }
    }
  }

  /** Finds or trains one run; empty when it was stopped. */
  private Optional<KnownRuns.Finished> finished(
      Wanted row, int seed, Path place, StopRequest stop) {
    var experiment = row.withSeed(seed);
    var found = known.finished(experiment, row.dataset());
    if (found.isPresent()) {
      say(row, experiment, "taken from " + rheo.surroundings.shown(found.get().folder()));
      return found;
    }
    try (var folder = folder(row, experiment, place)) {
      var training = training(row, experiment, folder);
      var outcome = training.train(run.threads(), run.quiet, rheo.surroundings, stop);
      if (outcome.finished()) {
        return Optional.of(new KnownRuns.Finished(folder.path(), outcome.json()));
      }
      rheo.surroundings
          .err()
          .println(
              "stopped after "
                  + outcome.epochs()
                  + " whole epochs; the checkpoint is in "
                  + rheo.surroundings.shown(folder.path())
                  + "\nthe same comparison goes on from there");
      return Optional.empty();
    }
  }

  private RunFolder folder(Wanted row, Experiment experiment, Path place) {
    return known
        .begun(experiment, row.dataset())
        .map(begun::remove)
        .orElseGet(() ->
            RunFolder.create(
                place,
                experiment.name() + "-seed-" + experiment.training().seed(),
                LocalDateTime.now()));
  }

  private Run training(Wanted row, Experiment experiment, RunFolder folder) {
    boolean again = folder.has(RunFolder.EXPERIMENT);
    say(
        row,
        experiment,
        (again ? "going on in " : "training in ") + rheo.surroundings.shown(folder.path()));
    if (again) {
      return Run.again(
          folder,
          experiment.withData(row.dataset().spec()),
          folder.read(RunFolder.EXPERIMENT),
          row.dataset());
    }
    var data = experiment.data().source().needsFolder() ? run.data(rheo) : null;
    return Run.begin(folder, experiment, row.dataset(), data);
  }

  private void say(Wanted row, Experiment experiment, String what) {
    if (!run.quiet) {
      rheo.surroundings
          .err()
          .println(row.label() + ", seed " + experiment.training().seed() + ": " + what);
    }
  }

  private static boolean answers(Dataset one, Dataset first) {
    return one == first || Arrays.deepEquals(targets(one), targets(first));
  }

  private static int[][] targets(Dataset dataset) {
    return dataset.split().test().sequences().stream().map(Sequence::targets).toArray(int[][]::new);
  }

  private static Path made(Path runs) {
    try (var folder = RunFolder.create(runs, "compare", LocalDateTime.now())) {
      return folder.path();
    }
  }

  private static Path madeAt(Path folder) {
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new NetworkException(
          "cannot write into " + folder + ": " + Failures.reason(e) + "; choose another with --out",
          e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new WriteException("cannot write " + file + ": " + Failures.reason(e), e);
    }
  }

  private void finish(Path place, List<ComparedRow> rows) {
    var picture = place.resolve("comparison.svg");
    var json = ResultJson.text(ComparisonJson.of(rows, picture)) + "\n";
    var text = ComparisonText.of(rows);
    write(picture, ComparisonPicture.of(rows));
    write(place.resolve("comparison.json"), json);
    write(place.resolve("comparison.md"), text);
    if (!run.quiet) {
      rheo.surroundings.err().println("picture: " + rheo.surroundings.shown(picture));
    }
    rheo.surroundings.out().print(run.json ? json : text);
    rheo.surroundings.out().flush();
  }
}
