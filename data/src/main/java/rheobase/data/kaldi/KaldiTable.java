package rheobase.data.kaldi;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import rheobase.data.DataException;

/**
 * A file that holds a table of Kaldi's: an archive, plain or compressed by gzip; or, where its name
 * ends in {@code .scp}, a list of lines {@code utterance file} or {@code utterance file:byte}.
 *
 * <p>A file that such a list names with a path that is not absolute is looked for in the folder of
 * the data, and then beside the list. What Kaldi would run as a command ({@code ... |}) or cut
 * ({@code [0:9]}) is refused.
 */
final class KaldiTable {
  private static final String LIST = ".scp";

  private KaldiTable() {}

  /** Hands over the matrices of the utterances that are wanted, in the order of the file. */
  static void matrices(Path folder, Path file, Predicate<String> wanted, Reader<Matrix> reader) {
    read(folder, file, wanted, KaldiInput::matrix, reader);
  }

  /** The same with vectors of integers. */
  static void integers(Path folder, Path file, Predicate<String> wanted, Reader<int[]> reader) {
    read(folder, file, wanted, KaldiInput::integers, reader);
  }

  /** Takes what is read. */
  interface Reader<T> extends BiConsumer<String, T> {
    /** Hears of an object that cannot be read; in an archive those behind it are lost too. */
    void bad(DataException why);
  }

  private static <T> void read(
      Path folder,
      Path file,
      Predicate<String> wanted,
      BiFunction<KaldiInput, String, T> parse,
      Reader<T> reader) {
    if (file.getFileName().toString().endsWith(LIST)) {
      readList(folder, file, wanted, parse, reader);
    } else {
      try (KaldiInput in = KaldiInput.open(file, 0)) {
        for (String key = in.key(); key != null; key = in.key()) {
          final T object = parse.apply(in, key);
          if (wanted.test(key)) {
            reader.accept(key, object);
          }
        }
      } catch (DataException e) {
        reader.bad(e);
      }
    }
  }

  private static <T> void readList(
      Path folder,
      Path list,
      Predicate<String> wanted,
      BiFunction<KaldiInput, String, T> parse,
      Reader<T> reader) {
    final List<String> lines = lines(list);
    for (int i = 0; i < lines.size(); i++) {
      final String line = lines.get(i).strip();
      if (line.isEmpty()) {
        continue;
      }
      final String[] fields = line.split("\\s+", 2);
      if (!wanted.test(fields[0])) {
        continue;
      }
      final T object;
      try {
        object = object(folder, list, i + 1, fields, parse);
      } catch (DataException e) {
        reader.bad(e);
        continue;
      }
      reader.accept(fields[0], object);
    }
  }

  private static <T> T object(
      Path folder, Path list, int line, String[] fields, BiFunction<KaldiInput, String, T> parse) {
    final String place = fields.length > 1 ? fields[1] : "";
    if (place.isEmpty() || place.endsWith("|") || place.endsWith("]")) {
      throw new DataException(
          "%s:%d is '%s'; expected is 'utterance file' or 'utterance file:byte'. Commands and ranges of rows are not read: write them out with copy-feats first."
              .formatted(list, line, String.join(" ", fields)));
    }
    final int colon = place.lastIndexOf(':');
    final boolean hasByte = colon > 0 && place.substring(colon + 1).matches("[0-9]{1,18}");
    final String name = hasByte ? place.substring(0, colon) : place;
    final Path named = Path.of(name);
    final Path inFolder = folder.resolve(named);
    final Path file = Files.exists(inFolder) ? inFolder : list.resolveSibling(named);
    if (!Files.exists(file)) {
      throw new DataException(
          named.isAbsolute()
              ? "%s:%d names the file %s, which is not there.".formatted(list, line, named)
              : "%s:%d names the file %s, which is neither in %s nor beside the list."
                  .formatted(list, line, named, folder));
    }
    try (KaldiInput in =
        KaldiInput.open(file, hasByte ? Long.parseLong(place.substring(colon + 1)) : 0)) {
      return parse.apply(in, fields[0]);
    }
  }

  /** The lines of a text. */
  static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw new DataException("%s cannot be read: there is no such file.".formatted(file), e);
    } catch (IOException e) {
      throw new DataException("%s cannot be read: %s.".formatted(file, e.getMessage()), e);
    }
  }
}
