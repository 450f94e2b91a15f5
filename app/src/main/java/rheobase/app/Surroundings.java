package rheobase.app;

import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What a command sees of the world, as a value, so that a test can put another in its place.
 *
 * @param home folder of the {@code rheo} script, with {@code experiments/} in it
 * @param workingFolder that relative paths and {@code runs/} are under
 * @param out results
 * @param err progress and errors
 * @param live whether {@code err} is a terminal whose last line can be overwritten
 * @param columns width of that terminal
 * @param cache folder that encoded data are kept in
 * @param stop makes the listener for Ctrl-C when a run begins
 */
record Surroundings(
    Path home,
    Path workingFolder,
    PrintStream out,
    PrintStream err,
    boolean live,
    int columns,
    Path cache,
    Supplier<StopRequest> stop) {

  /**
   * Those of this process. The launcher sets {@code rheobase.home} and says what its standard error
   * is.
   */
  static Surroundings ofProcess() {
    var working = Path.of("").toAbsolutePath();
    var environment = System.getenv();
    return new Surroundings(
        Path.of(System.getProperty("rheobase.home", working.toString())).toAbsolutePath(),
        working,
        System.out,
        System.err,
        live(environment),
        columns(environment),
        DataPreparation.cache(environment, Path.of(System.getProperty("user.home"))),
        () -> StopRequest.onInterrupt(System.err));
  }

  /** Whether {@code err} can show characters beyond ASCII. */
  boolean unicode() {
    Charset charset = err.charset();
    return charset.equals(StandardCharsets.UTF_8) || charset.newEncoder().canEncode('━');
  }

  /** A path as a person here would type it. */
  String shown(Path path) {
    var absolute = path.toAbsolutePath().normalize();
    return absolute.startsWith(workingFolder) && !absolute.equals(workingFolder)
        ? workingFolder.relativize(absolute).toString()
        : absolute.toString();
  }

  private static boolean live(Map<String, String> environment) {
    if ("dumb".equals(environment.get("TERM"))) {
      return false;
    }
    var said = environment.get("RHEO_STDERR_TTY");
    if (said != null) {
      return said.equals("1");
    }
    // A console knows of standard input and output only; when both are a terminal, standard error
    // most likely is.
    var console = System.console();
    return console != null && console.isTerminal();
  }

  private static int columns(Map<String, String> environment) {
    var columns = environment.getOrDefault("COLUMNS", "");
    return columns.matches("[1-9]\\d{1,3}") ? Integer.parseInt(columns) : 120;
  }
}
