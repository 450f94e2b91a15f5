package rheobase.app.toml;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where each value of an experiment was written, for error sentences: {@code
 * experiments/ecg.toml:14}, or {@code --set training.epochs}. A path is the list of keys from the
 * root, an index standing for each element of an array of tables.
 *
 * <p>The TOML reader keeps no positions, so the text is read a second time, line by line, for
 * headers and keys alone. What stands inside an inline table is found at the line of its outermost
 * key.
 */
public final class Places {
  private static final Pattern HEADER =
      Pattern.compile("\\s*(\\[\\[?)\\s*([^\\[\\]]+?)\\s*]]?\\s*(?:#.*)?");
  private static final Pattern ASSIGNMENT = Pattern.compile("\\s*([^=#\\[\\]{}]+?)\\s*=(.*)");
  private static final Pattern KEY = Pattern.compile("\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9_-]+)");

  private final String file;
  private final Map<List<String>, String> known = new HashMap<>();

  private Places(String file) {
    this.file = file;
  }

  /** Reads the places out of a TOML text that the real parser has accepted. */
  public static Places of(String file, String text) {
    var places = new Places(file);
    var arrays = new HashMap<List<String>, Integer>();
    var table = List.<String>of();
    String openQuotes = null;
    int line = 0;
    for (var content : text.lines().toList()) {
      line++;
      if (openQuotes != null) {
        openQuotes = content.contains(openQuotes) ? null : openQuotes;
        continue;
      }
      var header = HEADER.matcher(content);
      var assignment = ASSIGNMENT.matcher(content);
      if (header.matches()) {
        table = keys(header.group(2));
        if (header.group(1).length() == 2) {
          int index = arrays.merge(table, 1, Integer::sum) - 1;
          table = child(table, List.of("" + index));
        } else {
          table = inNewestElement(table, arrays);
        }
        places.known.put(table, file + ":" + line);
      } else if (assignment.matches()) {
        // a.b.c = 1 is also the first place of the table a.b, unless it has a header of its own.
        var dotted = keys(assignment.group(1));
        for (int length = dotted.size(); length > 0; length--) {
          places.known.putIfAbsent(child(table, dotted.subList(0, length)), file + ":" + line);
        }
        openQuotes = opened(assignment.group(2));
      }
    }
    return places;
  }

  /** {@code [layer.weights]} after {@code [[layer]]} belongs to the newest layer. */
  private static List<String> inNewestElement(
      List<String> table, Map<List<String>, Integer> arrays) {
    for (int length = table.size(); length > 0; length--) {
      var count = arrays.get(table.subList(0, length));
      if (count != null) {
        var head = child(table.subList(0, length), List.of("" + (count - 1)));
        return child(head, table.subList(length, table.size()));
      }
    }
    return table;
  }

  private static String opened(String value) {
    for (var quotes : List.of("'''", "\"\"\"")) {
      int first = value.indexOf(quotes);
      if (first >= 0 && value.indexOf(quotes, first + 3) < 0) {
        return quotes;
      }
    }
    return null;
  }

  /** The parts of a dotted key, quotes taken off. */
  public static List<String> keys(String dotted) {
    return KEY.matcher(dotted)
        .results()
        .map(part ->
            part.group(1) != null
                ? part.group(1)
                : part.group(2) != null ? part.group(2) : part.group(3))
        .toList();
  }

  /** Whether a text is a dotted key and nothing else. */
  public static boolean isDottedKey(String text) {
    var part = "(?:" + KEY.pattern() + ")";
    Matcher matcher =
        Pattern.compile("\\s*" + part + "(?:\\s*\\.\\s*" + part + ")*\\s*").matcher(text);
    return matcher.matches();
  }

  public static List<String> child(List<String> path, List<String> more) {
    return Stream.concat(path.stream(), more.stream()).toList();
  }

  /** The place of the value, or else of the innermost table around it that has one. */
  public String of(List<String> path) {
    for (int length = path.size(); length > 0; length--) {
      var place = known.get(path.subList(0, length));
      if (place != null) {
        return place;
      }
    }
    return file;
  }

  /** From now on the value at this path was written there. */
  public void put(List<String> path, String place) {
    known
        .keySet()
        .removeIf(
            other -> other.size() > path.size() && other.subList(0, path.size()).equals(path));
    known.put(List.copyOf(path), place);
  }
}
