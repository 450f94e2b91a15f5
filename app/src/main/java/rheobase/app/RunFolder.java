package rheobase.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import rheobase.network.NetworkException;
import rheobase.network.model.WriteException;

/**
 * The folder of a run, held by one process at a time. In it:
 *
 * <pre>
 *   experiment.toml   the experiment as run, every setting written out
 *   run.json          what it began with: fingerprints of experiment and data, where the data lay
 *   metrics.jsonl     a line an epoch
 *   checkpoint        to go on from
 *   model.rheo        the selected model       \
 *   report.html       the page                  | when the run has finished
 *   result.json       what --json prints        |
 *   summary.txt       what is printed otherwise/
 *   lock              held while a process writes here
 * </pre>
 */
final class RunFolder implements AutoCloseable {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");
  private static final String LOCK = "lock";

  private final Path path;
  private final FileChannel lock;
  private final boolean ours;

  /** Names of what a run writes. */
  static final String EXPERIMENT = "experiment.toml";

  static final String NOTE = "run.json";
  static final String METRICS = "metrics.jsonl";
  static final String CHECKPOINT = "checkpoint";
  static final String MODEL = "model.rheo";
  static final String REPORT = "report.html";
  static final String RESULT = "result.json";
  static final String SUMMARY = "summary.txt";

  private RunFolder(Path path, FileChannel lock, boolean ours) {
    this.path = path;
    this.lock = lock;
    this.ours = ours;
  }

  /**
   * A new folder {@code <runs>/<name>-<yyyyMMdd-HHmmss>}, with {@code -2} and so on behind it when
   * that is taken.
   *
   * @throws NetworkException when it cannot be made
   */
  static RunFolder create(Path runs, String name, LocalDateTime now) {
    try {
      Files.createDirectories(runs);
      for (int number = 1; ; number++) {
        var folder =
            runs.resolve(name + "-" + TIME.format(now) + (number == 1 ? "" : "-" + number));
        try {
          Files.createDirectory(folder);
          return new RunFolder(folder, locked(folder), true);
        } catch (FileAlreadyExistsException e) {
          // Another run began in this second: take the next number.
        }
      }
    } catch (IOException e) {
      throw new NetworkException(
          "cannot make a run folder in "
              + runs
              + ": "
              + Failures.reason(e)
              + "; choose another with --out",
          e);
    }
  }

  /**
   * A folder that the call names; it must be empty or not exist yet.
   *
   * @throws NetworkException when it holds anything or cannot be made
   */
  static RunFolder createAt(Path folder) {
    try {
      boolean ours = !Files.exists(folder);
      if (!ours && RheoCommand.holdsAnything(folder)) {
        throw new NetworkException(
            folder
                + " is not empty; a run needs a folder of its own (to go on with a run: rheo resume"
                + " "
                + folder
                + ")");
      }
      Files.createDirectories(folder);
      return new RunFolder(folder, locked(folder), ours);
    } catch (IOException e) {
      throw new NetworkException(
          "cannot write into the run folder "
              + folder
              + ": "
              + Failures.reason(e)
              + "; choose another with --out",
          e);
    }
  }

  /**
   * The folder of a run that began earlier.
   *
   * @throws NetworkException when it is none, or another process is at it
   */
  static RunFolder open(Path folder) {
    if (!isRun(folder)) {
      throw new NetworkException(
          folder + " is no run folder: it has no experiment.toml and run.json");
    }
    return openSeeds(folder);
  }

  /** The folder of the runs of several seeds. */
  static RunFolder openSeeds(Path folder) {
    try {
      return new RunFolder(folder, locked(folder), false);
    } catch (IOException e) {
      throw new NetworkException("cannot write into " + folder + ": " + Failures.reason(e), e);
    }
  }

  /** Whether a run began in this folder. */
  static boolean isRun(Path folder) {
    return Files.isRegularFile(folder.resolve(EXPERIMENT))
        && Files.isRegularFile(folder.resolve(NOTE));
  }

  /**
   * The runs of several seeds in this folder, in order of their names; empty for a run of one seed.
   */
  static List<Path> seedFolders(Path folder) {
    try (var entries = Files.list(folder)) {
      return entries
          .filter(entry -> entry.getFileName().toString().matches("seed--?\\d+") && isRun(entry))
          .sorted(Comparator.comparingLong(RunFolder::seed))
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static long seed(Path folder) {
    return Long.parseLong(folder.getFileName().toString().substring("seed-".length()));
  }

  private static FileChannel locked(Path folder) throws IOException {
    var file = folder.resolve(LOCK);
    var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // Held within this process: the same answer.
    }
    channel.close();
    throw new NetworkException(
        "another rheo is at work in " + folder + "; wait for it, or stop it with Ctrl-C");
  }

  Path path() {
    return path;
  }

  Path file(String name) {
    return path.resolve(name);
  }

  boolean has(String name) {
    return Files.exists(file(name));
  }

  String read(String name) {
    try {
      return Files.readString(file(name));
    } catch (IOException e) {
      throw new NetworkException("cannot read " + file(name) + ": " + Failures.reason(e), e);
    }
  }

  void write(String name, String text) {
    try {
      Files.writeString(file(name), text);
    } catch (IOException e) {
      throw new WriteException("cannot write " + file(name) + ": " + Failures.reason(e), e);
    }
  }

  void delete(String name) {
    try {
      Files.deleteIfExists(file(name));
    } catch (IOException e) {
      throw new WriteException("cannot remove " + file(name) + ": " + Failures.reason(e), e);
    }
  }

  /**
   * Takes back a folder in which nothing came to be: removes it if it was made here and holds only
   * what a run begins with.
   */
  void discard() {
    try {
      for (var name : List.of(EXPERIMENT, NOTE, LOCK)) {
        Files.deleteIfExists(file(name));
      }
      if (ours && !RheoCommand.holdsAnything(path)) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      // The empty file stays: removed, it could be held by one process and made anew by another.
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
