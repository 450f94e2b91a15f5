package rheobase.data;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Folders that recordings lie in. */
public final class DataFolder {
  private DataFolder() {}

  /**
   * Refuses what is no folder.
   *
   * @param wanted a sentence or two: which files should be in it, and where they are published
   * @throws DataException with these sentences
   */
  public static void check(Path folder, String wanted) {
    if (!Files.exists(folder)) {
      throw new DataException("There is no folder %s. %s".formatted(folder, wanted));
    }
    if (!Files.isDirectory(folder)) {
      throw new DataException("%s is a file; expected is a folder. %s".formatted(folder, wanted));
    }
  }

  /**
   * What lies in a folder, by its names.
   *
   * @throws DataException where it is none, or may not be read
   */
  public static List<Path> entries(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    } catch (AccessDeniedException e) {
      throw DataException.unreadable(folder, e);
    } catch (IOException e) {
      throw new DataException(
          Files.exists(folder)
              ? "%s is a file; expected is a folder.".formatted(folder)
              : "There is no folder %s.".formatted(folder),
          e);
    }
  }

  /** Those of a folder that end in {@code .wav}. */
  public static List<Path> sounds(Path folder) {
    return entries(folder).stream().filter(file -> file.toString().endsWith(".wav")).toList();
  }
}
