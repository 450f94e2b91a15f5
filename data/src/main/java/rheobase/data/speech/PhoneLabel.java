package rheobase.data.speech;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import rheobase.data.DataException;

/**
 * A line of a .PHN file of TIMIT: a phone and where it lies.
 *
 * @param line its number, from 1
 * @param from first sample
 * @param to sample behind the last
 * @param phone one of {@link Phones#SYMBOLS}
 */
record PhoneLabel(int line, int from, int to, String phone) {

  /**
   * Reads a file: lines {@code from to phone}, without a gap from sample 0 on.
   *
   * @return at least one
   * @throws DataException naming the file, the line and what is wrong with it
   */
  static List<PhoneLabel> read(Path file) {
    final List<PhoneLabel> labels = new ArrayList<>();
    final List<String> lines = lines(file);
    int end = 0;
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).isBlank()) {
        continue;
      }
      final PhoneLabel label = parse(file, i + 1, lines.get(i).strip());
      if (label.from > end) {
        throw wrong(
            file,
            label.line,
            "begins at sample %d, but the labels before it end at %d: the samples between have none"
                .formatted(label.from, end));
      }
      if (label.from < end) {
        throw wrong(
            file,
            label.line,
            "begins at sample %d, but the label before it ends at %d only"
                .formatted(label.from, end));
      }
      end = label.to;
      labels.add(label);
    }
    if (labels.isEmpty()) {
      throw new DataException("%s is empty; expected are lines like '0 3050 h#'.".formatted(file));
    }
    return labels;
  }

  private static PhoneLabel parse(Path file, int line, String text) {
    final String[] fields = text.split("\\s+");
    try {
      if (fields.length == 3) {
        final var label =
            new PhoneLabel(
                line, Integer.parseInt(fields[0]), Integer.parseInt(fields[1]), fields[2]);
        if (label.from < 0 || label.to < label.from) {
          throw wrong(
              file,
              line,
              "is a label from sample %d to %d; the second must not be smaller"
                  .formatted(label.from, label.to));
        }
        if (!Phones.SYMBOLS.contains(label.phone)) {
          throw wrong(
              file, line, "names '%s', which is none of TIMIT's 61 phones".formatted(label.phone));
        }
        return label;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw wrong(
        file, line, "is '%s'; expected is 'from to phone', such as '0 3050 h#'".formatted(text));
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw DataException.unreadable(file, e);
    }
  }

  static DataException wrong(Path file, int line, String what) {
    return new DataException("%s:%d %s.".formatted(file, line, what));
  }
}
