package rheobase.app;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A call of the command within the test's own process.
 *
 * @param status as the process would end with
 * @param out standard output
 * @param err standard error
 */
record Rheo(int status, String out, String err) {
  /** The repository: tests run in the folder of their module. */
  static final Path HOME = Path.of("..").toAbsolutePath().normalize();

  /**
   * Makes an experiment so small that a run of it takes no time: few, short sequences and two
   * epochs.
   */
  static final String[] SMALL = {
    "--set",
    "data.train_sequences=18",
    "--set",
    "data.test_sequences=6",
    "--set",
    "data.steps=60",
    "--set",
    "training.batch=6",
    "--set",
    "training.micro_batch=3",
    "--epochs",
    "2",
    "--threads",
    "1"
  };

  static Rheo call(Path workingFolder, String... arguments) {
    return call(workingFolder, () -> false, arguments);
  }

  /**
   * @param stop asked after each step whether Ctrl-C was pressed
   */
  static Rheo call(Path workingFolder, BooleanSupplier stop, String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    int status =
        Main.run(
            new Surroundings(
                HOME,
                workingFolder.toAbsolutePath(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                120,
                workingFolder.resolve("cache").toAbsolutePath(),
                () -> StopRequest.when(stop)),
            arguments);
    return new Rheo(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** A small run: the arguments, then {@link #SMALL}. */
  static Rheo small(Path workingFolder, String... arguments) {
    return call(workingFolder, small(arguments));
  }

  static String[] small(String... arguments) {
    return Stream.concat(Stream.of(arguments), Stream.of(SMALL)).toArray(String[]::new);
  }
}
