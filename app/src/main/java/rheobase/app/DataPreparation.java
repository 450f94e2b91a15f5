package rheobase.app;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import rheobase.data.DataException;
import rheobase.data.EncodedFile;
import rheobase.data.Preparation;
import rheobase.data.SequenceSet;

/**
 * Shows on standard error how far the preparation of data is, and keeps encoded data in a folder of
 * the user's for the next time.
 *
 * <p>What is kept counts only for the same settings and for the same files, by their paths, sizes
 * and times of change. If it cannot be written or read, the data are encoded again and a line says
 * why: a cache is never a reason to fail.
 */
final class DataPreparation implements Preparation {
  private static final long REDRAW_NANOS = 100_000_000;
  private static final long LINE_NANOS = 10_000_000_000L;

  /** Changes whenever the same settings and files come to be encoded otherwise. */
  private static final String EDITION = "1";

  private final PrintStream err;
  private final boolean live;
  private final boolean quiet;
  private final boolean skipBad;
  private final Path cache;
  private final LongSupplier clock;

  private long said;
  private boolean drawn;
  private int skipped;

  /**
   * @param skipBad whether files that cannot be used are left out
   */
  DataPreparation(Surroundings surroundings, boolean quiet, boolean skipBad) {
    this(
        surroundings.err(),
        surroundings.live(),
        quiet,
        skipBad,
        surroundings.cache(),
        System::nanoTime);
  }

  /**
   * @param skipBad whether files that cannot be used are left out
   * @param cache folder, made when needed
   * @param clock nanoseconds, as {@link System#nanoTime}
   */
  DataPreparation(
      PrintStream err,
      boolean live,
      boolean quiet,
      boolean skipBad,
      Path cache,
      LongSupplier clock) {
    this.err = err;
    this.live = live;
    this.quiet = quiet;
    this.skipBad = skipBad;
    this.cache = cache;
    this.clock = clock;
    this.said = clock.getAsLong();
  }

  /**
   * The folder for encoded data: {@code RHEOBASE_CACHE}, else {@code rheobase} in {@code
   * XDG_CACHE_HOME}, else {@code .cache/rheobase} in the home folder.
   */
  static Path cache(Map<String, String> environment, Path home) {
    final String named = environment.getOrDefault("RHEOBASE_CACHE", "");
    if (!named.isEmpty()) {
      return Path.of(named).toAbsolutePath();
    }
    final String caches = environment.getOrDefault("XDG_CACHE_HOME", "");
    // a relative one is to be ignored, says the XDG Base Directory Specification
    return (Path.of(caches).isAbsolute() ? Path.of(caches) : home.resolve(".cache"))
        .resolve("rheobase");
  }

  /** On a terminal a line that changes; elsewhere a line every ten seconds. */
  @Override
  public void progress(String what, int done, int of) {
    final long now = clock.getAsLong();
    if (quiet || now - said < (live ? REDRAW_NANOS : LINE_NANOS)) {
      return;
    }
    said = now;
    final String line = "%s, %,d of %,d".formatted(what, done, of);
    if (live) {
      err.print("\r" + line + "\u001b[K");
      err.flush();
      drawn = true;
    } else {
      err.println(line);
    }
  }

  /** Takes the line off the terminal. */
  @Override
  public void done() {
    if (drawn) {
      err.print("\r\u001b[K");
      err.flush();
      drawn = false;
    }
  }

  /** Says why a file is left out, even where progress is not wanted, or stops. */
  @Override
  public void bad(DataException why) {
    if (!skipBad) {
      throw why;
    }
    skipped++;
    say("left out: " + why.getMessage());
  }

  @Override
  public int skipped() {
    return skipped;
  }

  /** A set that lacks bad files is not kept, so that they are told of the next time too. */
  @Override
  public SequenceSet cached(
      String name, String settings, List<Path> files, Supplier<SequenceSet> encode) {
    final String key = key(settings, files);
    final Path kept =
        cache.resolve(name + "-" + ExperimentText.sha256(key).substring(0, 16) + ".rheoseq");
    if (Files.exists(kept)) {
      try {
        return EncodedFile.read(kept, key);
      } catch (IOException e) {
        say(kept + " " + reason(e) + "; encoding the data again");
      }
    }
    final int before = skipped;
    final SequenceSet set = encode.get();
    if (skipped > before) {
      return set;
    }
    try {
      EncodedFile.write(kept, key, set);
    } catch (IOException e) {
      say("the encoded data could not be kept for the next time: " + reason(e));
    }
    return set;
  }

  private void say(String line) {
    done();
    err.println("rheo: " + line);
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? "is damaged" : e.getMessage();
  }

  private static String key(String settings, List<Path> files) {
    final var key = new StringBuilder(EDITION).append('\n').append(settings).append('\n');
    for (Path file : files) {
      final Path absolute = file.toAbsolutePath().normalize();
      try {
        key.append(absolute)
            .append(' ')
            .append(Files.size(absolute))
            .append(' ')
            .append(Files.getLastModifiedTime(absolute).toMillis())
            .append('\n');
      } catch (IOException e) {
        // it is for the loader to say what is wrong with it
        key.append(absolute).append(" unread\n");
      }
    }
    return key.toString();
  }
}
