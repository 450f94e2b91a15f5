package rheobase.app;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A table in columns as wide as what is in them, for people. */
final class Columns {
  private Columns() {}

  /**
   * One line a row, two blanks before each column.
   *
   * @param alignment one letter a column: {@code l} for left, {@code r} for right
   * @param rows of as many cells as there are letters
   */
  static String text(String alignment, List<List<String>> rows) {
    var widths =
        IntStream.range(0, alignment.length())
            .map(column -> rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0))
            .toArray();
    return rows.stream()
        .map(row ->
            IntStream.range(0, row.size())
                .mapToObj(column ->
                    "  "
                        + (alignment.charAt(column) == 'l'
                            ? left(row.get(column), widths[column])
                            : right(row.get(column), widths[column])))
                .collect(Collectors.joining())
                .stripTrailing())
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private static String left(String text, int width) {
    return text + " ".repeat(width - text.length());
  }

  private static String right(String text, int width) {
    return " ".repeat(width - text.length()) + text;
  }
}
