package rheobase.data.own;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import rheobase.data.DataException;

/**
 * Which files of a folder are meant, and what their paths tell: {@code {label}/{group}-*.csv} takes
 * {@code walk/anna-03.csv}, with the label {@code walk} and the group {@code anna}.
 *
 * <p>A {@code *} stands for any characters of one name, {@code **} for any across folders, {@code
 * {label}}, {@code {group}} and {@code {split}} for as few characters of one name as make the rest
 * fit, at least one. Small and capital letters are the same, so that {@code *.csv} takes {@code
 * A.CSV}. Paths are those below the folder, parted by {@code /}.
 *
 * @param text as written
 */
public record FilePattern(String text) {
  private static final List<String> NAMES = List.of("label", "group", "split");
  private static final Pattern PART = Pattern.compile("\\{([^}]*)}|\\*\\*/?|\\*|[^{*]+");

  /** Checks the names in braces. */
  public FilePattern {
    regex(text);
  }

  /**
   * A file that is meant.
   *
   * @param path of the file
   * @param name its path below the folder
   * @param told what its path tells, by the names in braces
   */
  public record Found(Path path, String name, Map<String, String> told) {}

  /** Whether the paths tell something of this name. */
  public boolean tells(String name) {
    return text.contains("{" + name + "}");
  }

  /**
   * The files that are meant, in the order of their names. Hidden files and folders are passed
   * over.
   *
   * @param folder or a single file, which is then taken if its own name fits
   * @param except the name of a file that is not meant, null for none
   * @throws DataException when there is no such folder, or no file in it fits
   */
  public List<Found> find(Path folder, String except) {
    final List<String> names = names(folder);
    final Pattern pattern = Pattern.compile(regex(text), Pattern.CASE_INSENSITIVE);
    final List<Found> found = new ArrayList<>();
    for (String name : names) {
      final Matcher matcher = pattern.matcher(name);
      if (!name.equals(except) && matcher.matches()) {
        found.add(
            new Found(
                Files.isDirectory(folder) ? folder.resolve(name) : folder,
                name,
                NAMES.stream()
                    .filter(this::tells)
                    .collect(Collectors.toMap(told -> told, matcher::group))));
      }
    }
    if (found.isEmpty()) {
      throw new DataException(
          "No file of %s fits data.files = \"%s\"; %s."
              .formatted(
                  folder,
                  text,
                  names.isEmpty()
                      ? "the folder is empty"
                      : "it holds %d others, such as %s"
                          .formatted(names.size(), names.getFirst())));
    }
    return found;
  }

  private static List<String> names(Path folder) {
    if (Files.isRegularFile(folder)) {
      return List.of(folder.getFileName().toString());
    }
    if (!Files.isDirectory(folder)) {
      throw new DataException("There is no folder or file %s.".formatted(folder));
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString().replace('\\', '/'))
          .filter(name -> !name.startsWith(".") && !name.contains("/."))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new DataException("%s cannot be read: %s.".formatted(folder, e.getMessage()), e);
    } catch (UncheckedIOException e) {
      throw new DataException("%s cannot be read: %s.".formatted(folder, e.getMessage()), e);
    }
  }

  private static String regex(String text) {
    final StringBuilder regex = new StringBuilder();
    final Matcher part = PART.matcher(text);
    int end = 0;
    while (part.find() && part.start() == end) {
      end = part.end();
      final String name = part.group(1);
      if (name != null) {
        if (!NAMES.contains(name) || regex.indexOf("<" + name + ">") >= 0) {
          throw new DataException(
              "The file pattern '%s' has {%s}; {label}, {group} and {split} may stand once each."
                  .formatted(text, name));
        }
        regex.append("(?<").append(name).append(">[^/]+?)");
      } else {
        regex.append(
            switch (part.group()) {
              case "**/" -> "(?:.*/)?";
              case "**" -> ".*";
              case "*" -> "[^/]*?";
              default -> Pattern.quote(part.group());
            });
      }
    }
    if (end < text.length() || text.isEmpty()) {
      throw new DataException(
          "The file pattern '%s' is not understood; it is a path such as {label}/*.csv."
              .formatted(text));
    }
    return regex.toString();
  }
}
