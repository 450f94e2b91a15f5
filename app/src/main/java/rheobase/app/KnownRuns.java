package rheobase.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import rheobase.cell.language.CellException;
import rheobase.network.NetworkException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs that lie in some folders, found again by what they were made of: the whole experiment as
 * run, with its seed, and the sequences it read.
 *
 * <p>An experiment is compared as {@link ExperimentText} would write it now, so a run that was
 * written before a key existed is found all the same. A folder whose experiment was edited or
 * cannot be read any more is passed over: it is nothing to build on, and no reason to fail.
 */
final class KnownRuns {
  /** {@code runs/comparison/experiment/seed-1} is the deepest that commands here make. */
  private static final int DEPTH = 3;

  /**
   * What makes two runs the same.
   *
   * @param experiment its whole text
   * @param data fingerprint of the sequences
   */
  private record Made(String experiment, String data) {
    static Made of(Experiment experiment, Dataset dataset) {
      return new Made(ExperimentText.of(experiment.withData(dataset.spec())), dataset.sha256());
    }
  }

  /**
   * A run that has finished.
   *
   * @param folder it lies in
   * @param result as {@code --json} gave it
   */
  record Finished(Path folder, ObjectNode result) {}

  private final Map<Made, Finished> finished = new HashMap<>();
  private final Map<Made, Path> begun = new HashMap<>();

  private KnownRuns() {}

  /**
   * Looks through folders and the folders in them.
   *
   * @param folders some may not exist
   * @param data fingerprints of the data in question: runs on other data are not looked at
   */
  static KnownRuns in(List<Path> folders, Set<String> data) {
    var known = new KnownRuns();
    for (var folder : folders) {
      known.look(folder, data, DEPTH);
    }
    return known;
  }

  private void look(Path folder, Set<String> data, int depth) {
    if (RunFolder.isRun(folder)) {
      keep(folder, data);
    } else if (depth > 0) {
      for (var each : foldersIn(folder)) {
        look(each, data, depth - 1);
      }
    }
  }

  /** In the order of their names, so that of several equal runs it is always the same one. */
  private static List<Path> foldersIn(Path folder) {
    try (var entries = Files.list(folder)) {
      return entries.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private void keep(Path folder, Set<String> data) {
    try {
      var file = folder.resolve(RunFolder.NOTE);
      var note = RunNote.of(Files.readString(file), file);
      if (!data.contains(note.dataSha256())) {
        return;
      }
      var text = Files.readString(folder.resolve(RunFolder.EXPERIMENT));
      if (!ExperimentText.sha256(text).equals(note.experimentSha256())) {
        return;
      }
      var experiment =
          ExperimentDraft.of(folder.toString(), text, new CellTexts(List.of())).experiment();
      var made = new Made(ExperimentText.of(experiment), note.dataSha256());
      var result = result(folder);
      if (result.isPresent()) {
        finished.putIfAbsent(made, new Finished(folder, result.get()));
      } else if (!begun.containsKey(made) || !hasCheckpoint(begun.get(made))) {
        begun.put(made, folder);
      }
    } catch (IOException | NetworkException | CellException e) {
      // Not a run of this experiment as it is written today.
    }
  }

  /** Empty for a run that has not finished; one whose result is damaged is taken up again. */
  private static Optional<ObjectNode> result(Path folder) throws IOException {
    var file = folder.resolve(RunFolder.RESULT);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(ResultJson.read(Files.readString(file)))
          .filter(result -> result.has("parameters") && result.has("firingRates"));
    } catch (JacksonException | ClassCastException e) {
      return Optional.empty();
    }
  }

  private static boolean hasCheckpoint(Path folder) {
    return Files.exists(folder.resolve(RunFolder.CHECKPOINT));
  }

  /** A finished run of this experiment, with this seed, on these data. */
  Optional<Finished> finished(Experiment experiment, Dataset dataset) {
    return Optional.ofNullable(finished.get(Made.of(experiment, dataset)));
  }

  /** The folder of one that began and did not finish. */
  Optional<Path> begun(Experiment experiment, Dataset dataset) {
    return Optional.ofNullable(begun.get(Made.of(experiment, dataset)));
  }
}
