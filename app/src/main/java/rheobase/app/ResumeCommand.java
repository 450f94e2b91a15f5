package rheobase.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import rheobase.network.NetworkException;

/**
 * {@code rheo resume}: goes on with a run that was stopped or killed; the result is the one it
 * would have had.
 */
@Command(
    name = "resume",
    header = "Go on with a run that was stopped.",
    usageHelpWidth = RheoCommand.WIDTH,
    description = {
      "",
      "The run ends with the same bits as one that was never stopped. Refuses when the experiment"
          + " in the folder was changed, or the data are no longer the same.",
      ""
    })
final class ResumeCommand implements Callable<Integer> {
  @ParentCommand private RheoCommand rheo;

  @Parameters(paramLabel = "FOLDER", description = "Run folder, of one seed or of several.")
  private Path path;

  @Mixin private RunOptions run;

  @Override
  public Integer call() {
    int threads = run.threads();
    var folder = rheo.resolve(path);
    var session = new TrainingSession(rheo.surroundings, threads, run.json, run.quiet);
    var seeds = Files.isDirectory(folder) ? RunFolder.seedFolders(folder) : List.<Path>of();
    if (!seeds.isEmpty()) {
      try (var parent = RunFolder.openSeeds(folder)) {
        return alreadyFinished(parent) ? 0 : session.several(parent, several(seeds));
      }
    }
    try (var only = RunFolder.open(folder)) {
      return alreadyFinished(only) ? 0 : session.one(begun(only, new HashMap<>()));
    }
  }

  private List<Run> several(List<Path> folders) {
    var runs = new ArrayList<Run>();
    var loaded = new HashMap<DataSpec, Dataset>();
    try {
      for (var each : folders) {
        var folder = RunFolder.open(each);
        runs.add(begun(folder, loaded));
      }
      return runs;
    } catch (RuntimeException e) {
      runs.forEach(begun -> begun.folder().close());
      throw e;
    }
  }

  private boolean alreadyFinished(RunFolder folder) {
    if (!folder.has(RunFolder.RESULT) || !folder.has(RunFolder.SUMMARY)) {
      return false;
    }
    rheo.surroundings.err().println("this run has finished already; here is its result");
    rheo.surroundings.out().print(folder.read(run.json ? RunFolder.RESULT : RunFolder.SUMMARY));
    rheo.surroundings.out().flush();
    return true;
  }

  /**
   * A run as it was begun.
   *
   * @param loaded data that were read for another seed of the same experiment
   * @throws NetworkException when experiment or data have changed since
   */
  private Run begun(RunFolder folder, Map<DataSpec, Dataset> loaded) {
    var note = RunNote.read(folder);
    var text = folder.read(RunFolder.EXPERIMENT);
    var file = rheo.surroundings.shown(folder.file(RunFolder.EXPERIMENT));
    if (!ExperimentText.sha256(text).equals(note.experimentSha256())) {
      throw new NetworkException(
          file
              + " was changed since the run began; put it back, or begin a new run with: rheo train"
              + " "
              + file);
    }
    var experiment = ExperimentDraft.of(file, text, new CellTexts(List.of())).experiment();
    var named = run.data(rheo);
    var recordings = named != null ? named : note.data() == null ? null : Path.of(note.data());
    var dataset =
        loaded.computeIfAbsent(
            experiment.data(), _ -> Dataset.load(experiment, recordings, run.preparation(rheo)));
    if (!dataset.sha256().equals(note.dataSha256())) {
      throw new NetworkException(
          "the data are not those that the run in "
              + rheo.surroundings.shown(folder.path())
              + " began with"
              + (recordings == null ? "" : " (now read from " + recordings + ")")
              + "; name their folder with --data, or begin a new run");
    }
    return Run.again(folder, experiment, text, dataset);
  }
}
