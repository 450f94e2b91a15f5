package rheobase.app;

import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the commands that work on data have in common; none of it can change a result. */
final class RunOptions {
  @Option(names = "--data", paramLabel = "DIR", description = "Folder of the recordings.")
  private Path data;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Threads to work with; the result is the same for any number. Default: one a core.")
  private Integer threads;

  @Option(names = "--json", description = "Print the result as one JSON object on standard output.")
  boolean json;

  @Option(
      names = "--skip-bad",
      description =
          "Leave out files that cannot be used, each with a line that says why, in place of"
              + " stopping at the first.")
  private boolean skipBad;

  @Option(names = "--quiet", description = "Print no progress.")
  boolean quiet;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec mixee;

  int threads() {
    int count = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    if (count < 1) {
      throw new ParameterException(
          mixee.commandLine(), "--threads is " + count + "; it must be at least 1");
    }
    return count;
  }

  /** What shows how the reading of data goes on. */
  DataPreparation preparation(RheoCommand rheo) {
    return new DataPreparation(rheo.surroundings, quiet, skipBad);
  }

  /** The folder of the recordings under the working folder; null when none was named. */
  Path data(RheoCommand rheo) {
    return rheo.resolve(data);
  }
}
