package rheobase.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import rheobase.cell.language.Names;
import rheobase.network.NetworkException;

/**
 * Finds an experiment: {@code ecg} is {@code ecg.toml} of the folder of experiments, anything with
 * a slash or ending in {@code .toml} is a file.
 *
 * @param folder of the experiments that come with Rheobase
 * @param workingFolder that relative paths are under
 */
record ExperimentFiles(Path folder, Path workingFolder) {
  private static final String SUFFIX = ".toml";

  /**
   * The file of an experiment.
   *
   * @throws NetworkException when there is none, naming the nearest
   */
  Path find(String experiment) {
    boolean path = experiment.endsWith(SUFFIX) || experiment.contains("/");
    var file = path ? workingFolder.resolve(experiment) : folder.resolve(experiment + SUFFIX);
    if (Files.isRegularFile(file)) {
      return file;
    }
    throw new NetworkException(
        path
            ? "there is no experiment file " + experiment
            : "there is no experiment '"
                + experiment
                + "' in "
                + folder
                + Names.hint(experiment, names()));
  }

  /** Names of the experiments that come with Rheobase, in order. */
  List<String> names() {
    try (var files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(SUFFIX))
          .map(name -> name.substring(0, name.length() - SUFFIX.length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }
}
