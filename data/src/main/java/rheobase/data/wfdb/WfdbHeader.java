package rheobase.data.wfdb;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import rheobase.data.DataException;

/**
 * A header file, {@code .hea}: a line for the record, then a line for each signal; lines that begin
 * with a hash are comments.
 *
 * @param path of the header
 * @param frequency samples a second
 * @param samples of each signal; 0 where the header leaves it to the length of the signal file
 * @param signals in the order of the header
 */
record WfdbHeader(Path path, double frequency, int samples, List<Signal> signals) {

  /**
   * A signal.
   *
   * @param file that holds it, beside the header
   * @param format 16 or 212
   * @param offset bytes before the first sample of the file
   * @param gain steps of the converter a physical unit
   * @param baseline value of the converter that stands for 0
   * @param checksum the lower 16 bits of the sum of all samples; null where it is not given
   * @param line of the header it stands in
   */
  record Signal(
      String file,
      int format,
      int offset,
      double gain,
      int baseline,
      Integer checksum,
      String name,
      int line) {}

  private static final Pattern RECORD =
      Pattern.compile(
          "[^\\s/]+(/\\d+)?\\s+(\\d{1,6})"
              + "(?:\\s+([-+.\\deE]+)(?:/\\S*)?(?:\\s+(\\d{1,9})(?:\\s.*)?)?)?");
  private static final Pattern SIGNAL =
      Pattern.compile(
          "(\\S+)\\s+(\\d{1,4})(?:x(\\d{1,6}))?(?::(\\d{1,9}))?(?:\\+(\\d{1,9}))?(?:\\s+(.*))?");
  private static final Pattern GAIN =
      Pattern.compile("([-+.\\deE]+)(?:\\((-?\\d{1,10})\\))?(?:/\\S*)?");

  /** What the gain is when the header does not say. */
  private static final double DEFAULT_GAIN = 200;

  private static final double DEFAULT_FREQUENCY = 250;

  /**
   * Reads a header.
   *
   * @throws DataException with file and line, for what is damaged or not read here: records of
   *     several segments, formats other than 16 and 212, several samples a frame
   */
  static WfdbHeader read(Path path) {
    final List<String> lines = lines(path);
    WfdbHeader header = null;
    int signals = 0;
    for (int i = 0; i < lines.size(); i++) {
      final String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      if (header == null) {
        final Matcher record = RECORD.matcher(line);
        if (!record.matches()) {
          throw problem(path, i + 1, "is not the first line of a WFDB header: " + shown(line));
        }
        if (record.group(1) != null) {
          throw problem(
              path, i + 1, "begins a record of several segments; give each segment as a record");
        }
        signals = Integer.parseInt(record.group(2));
        header =
            new WfdbHeader(
                path,
                record.group(3) == null
                    ? DEFAULT_FREQUENCY
                    : number(path, i + 1, record.group(3), "the sampling frequency"),
                record.group(4) == null ? 0 : Integer.parseInt(record.group(4)),
                new ArrayList<>());
      } else if (header.signals.size() < signals) {
        header.signals.add(signal(path, i + 1, line));
      } else {
        throw problem(
            path,
            i + 1,
            "is one line more than the %d signals of the record: %s"
                .formatted(signals, shown(line)));
      }
    }
    if (header == null || header.signals.size() < signals || signals == 0) {
      throw new DataException(
          header == null
              ? "%s is empty.".formatted(path)
              : "%s announces %d signals and describes %d; it may be cut off."
                  .formatted(path, signals, header.signals.size()));
    }
    if (!(header.frequency > 0)) {
      throw new DataException("%s gives %s samples a second.".formatted(path, header.frequency));
    }
    return new WfdbHeader(path, header.frequency, header.samples, List.copyOf(header.signals));
  }

  private static List<String> lines(Path path) {
    try {
      return new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1).lines().toList();
    } catch (IOException e) {
      throw DataException.unreadable(path, e);
    }
  }

  private static Signal signal(Path path, int line, String text) {
    final Matcher signal = SIGNAL.matcher(text);
    if (!signal.matches()) {
      throw problem(path, line, "is not the description of a signal: " + shown(text));
    }
    final String file = signal.group(1);
    if (file.contains("/") || file.contains("\\") || file.equals("..")) {
      throw problem(path, line, "names a signal file elsewhere, " + shown(file));
    }
    final int format = Integer.parseInt(signal.group(2));
    if (format != 16 && format != 212) {
      throw problem(
          path,
          line,
          "has a signal of format %d; 16 and 212 are read, and xform of the WFDB software converts"
                  .formatted(format)
              + " others");
    }
    if (signal.group(3) != null && Integer.parseInt(signal.group(3)) != 1) {
      throw problem(path, line, "has a signal with several samples a frame; resample it");
    }
    if (signal.group(4) != null && Integer.parseInt(signal.group(4)) != 0) {
      throw problem(path, line, "has a signal that is shifted in time (skew)");
    }
    // gain, resolution, zero, first sample, checksum, block size, name; each needs those before it
    final String rest = signal.group(6) == null ? "" : signal.group(6).strip();
    final String[] fields = rest.isEmpty() ? new String[0] : rest.split("\\s+", 7);
    final int zero = fields.length > 2 ? whole(path, line, fields[2], "the converter's zero") : 0;
    double gain = DEFAULT_GAIN;
    int baseline = zero;
    if (fields.length > 0) {
      final Matcher parts = GAIN.matcher(fields[0]);
      if (!parts.matches()) {
        throw problem(path, line, "has %s where the gain should be".formatted(shown(fields[0])));
      }
      final double given = number(path, line, parts.group(1), "the gain");
      gain = given == 0 ? DEFAULT_GAIN : given;
      baseline = parts.group(2) == null ? zero : whole(path, line, parts.group(2), "the baseline");
    }
    return new Signal(
        file,
        format,
        signal.group(5) == null ? 0 : Integer.parseInt(signal.group(5)),
        gain,
        baseline,
        fields.length > 4 ? whole(path, line, fields[4], "the checksum") & 0xffff : null,
        fields.length > 6 ? fields[6].strip() : "",
        line);
  }

  private static double number(Path path, int line, String text, String what) {
    try {
      final double number = Double.parseDouble(text);
      if (Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw problem(path, line, "has %s where %s should be".formatted(shown(text), what));
  }

  private static int whole(Path path, int line, String text, String what) {
    if (text.matches("-?\\d{1,9}")) {
      return Integer.parseInt(text);
    }
    throw problem(path, line, "has %s where %s should be".formatted(shown(text), what));
  }

  private static String shown(String text) {
    return "'" + (text.length() <= 60 ? text : text.substring(0, 57) + "...") + "'";
  }

  private static DataException problem(Path path, int line, String what) {
    return new DataException("%s:%d %s.".formatted(path, line, what));
  }
}
