package rheobase.data.csv;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.stream.IntStream;
import rheobase.data.DataException;
import rheobase.data.Nearest;

/**
 * A CSV file, row by row. The library splits it into fields (RFC 4180: a field in quotation marks
 * may hold delimiters, line breaks and doubled quotation marks); what is here finds out the {@link
 * Dialect}, turns fields into numbers, and says of everything that is wrong where it stands: {@code
 * walk.csv:17:3} is line 17, third column.
 *
 * <p>Text is UTF-8, with or without a byte-order mark. Numbers have a decimal point. Blank lines
 * are passed over. Every row must have as many fields as the first.
 */
public final class CsvFile implements Closeable {
  /** What stands for a value that is not there, in small letters. */
  private static final Set<String> MISSING = Set.of("", "na", "n/a", "nan", "null", "none", "?");

  private final Path path;
  private final WatchedReader text;
  private final CsvReader<CsvRecord> reader;
  private final Iterator<CsvRecord> records;
  private final List<String> columns;
  private final boolean header;
  private final int width;
  private CsvRecord upcoming;
  private CsvRecord row;

  /**
   * Opens a file and reads the names of its columns.
   *
   * @throws DataException when it cannot be read, is empty, or is no text
   */
  public static CsvFile open(Path path, Dialect dialect) {
    return new CsvFile(path, dialect);
  }

  private CsvFile(Path path, Dialect dialect) {
    this.path = path;
    final char delimiter = Beginning.of(path).delimiter(dialect.delimiter());
    text = WatchedReader.open(path);
    reader = reader(delimiter, text);
    records = reader.iterator();
    try {
      upcoming = take();
      if (upcoming == null) {
        throw new DataException("%s is empty.".formatted(path));
      }
    } catch (DataException e) {
      close();
      throw e;
    }
    final CsvRecord first = upcoming;
    width = first.getFieldCount();
    header =
        switch (dialect.header()) {
          case PRESENT -> true;
          case ABSENT -> false;
          case DETECT ->
              first.getFields().stream().allMatch(field -> Float.isNaN(number(field.strip())));
        };
    columns =
        IntStream.range(0, width)
            .mapToObj(i -> header ? name(first.getField(i), i) : "" + (i + 1))
            .toList();
    if (header) {
      upcoming = take();
    }
  }

  static CsvReader<CsvRecord> reader(char delimiter, Reader text) {
    return CsvReader.builder()
        .fieldSeparator(delimiter)
        .allowExtraFields(true)
        .allowMissingFields(true)
        .allowExtraCharsAfterClosingQuote(false)
        .trimWhitespacesAroundQuotes(true)
        .ofCsvRecord(text);
  }

  /** NumPy writes its header behind a hash. */
  private static String name(String field, int index) {
    final String stripped = field.strip();
    final String name =
        index == 0 && stripped.startsWith("#") ? stripped.substring(1).strip() : stripped;
    return name.isEmpty() ? "" + (index + 1) : name;
  }

  /** Names of the columns; their numbers from 1 on where there is no header. */
  public List<String> columns() {
    return columns;
  }

  /** Whether the first row names the columns. */
  public boolean hasHeader() {
    return header;
  }

  /**
   * The index of a column.
   *
   * @throws DataException when there is none of this name, or two
   */
  public int column(String name, Nearest nearest) {
    final int index = columns.indexOf(name);
    if (index < 0) {
      throw new DataException(
          "%s has no column '%s'%s"
              .formatted(
                  header ? path + ":1" : path + " (without a header, columns go by number)",
                  name,
                  nearest.hint(name, columns)));
    }
    if (columns.lastIndexOf(name) != index) {
      throw new DataException("%s:1 names two columns '%s'.".formatted(path, name));
    }
    return index;
  }

  /**
   * Goes to the next row.
   *
   * @return false behind the last
   * @throws DataException when the row has not as many fields as the first, or is broken
   */
  public boolean next() {
    row = upcoming;
    if (row == null) {
      return false;
    }
    upcoming = take();
    final int fields = row.getFieldCount();
    if (fields != width) {
      throw new DataException(
          "%s:%d has %s where %s %d%s."
              .formatted(
                  path,
                  row.getStartingLineNumber(),
                  fields == 1 ? "1 field" : fields + " fields",
                  header ? "the header has" : "the first row has",
                  width,
                  upcoming == null && fields < width ? "; the file may be cut off" : ""));
    }
    return true;
  }

  /** The next record, null behind the last. */
  private CsvRecord take() {
    try {
      CsvRecord record = null;
      do {
        record = records.hasNext() ? records.next() : null;
      } while (record != null && record.getFieldCount() == 1 && record.getField(0).isBlank());
      if (record == null && text.oddQuotes()) {
        throw new DataException(
            ("%s:%d: a field that begins with a quotation mark here, or above, never ends with one;"
                    + " the file may be cut off.")
                .formatted(path, row == null ? 1 : row.getStartingLineNumber()));
      }
      return record;
    } catch (CsvParseException e) {
      throw broken(e);
    } catch (NoSuchElementException e) {
      return null;
    } catch (UncheckedIOException e) {
      throw unreadable(path, e.getCause());
    }
  }

  /** The library names the line of a record by "started in line N" and the reason in the cause. */
  private DataException broken(CsvParseException e) {
    final String line = e.getMessage().replaceFirst(".* line (\\d+).*", "$1");
    final String reason = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
    return new DataException(
        "%s:%s is not valid CSV: %s.".formatted(path, line.matches("\\d+") ? line : "?", reason),
        e);
  }

  static DataException unreadable(Path path, IOException e) {
    return e instanceof CharacterCodingException
        ? new DataException(
            "%s:%d is not UTF-8 text; save the file as UTF-8."
                .formatted(path, WatchedReader.firstBadLine(path)),
            e)
        : DataException.unreadable(path, e);
  }

  /** The line at which the present row begins, from 1 on. */
  public long line() {
    return row.getStartingLineNumber();
  }

  /** A field of the present row, without white space around it. */
  public String text(int column) {
    return row.getField(column).strip();
  }

  /** Whether nothing stands in a field: it is empty, or NA, N/A, NaN, null, none or ?. */
  public boolean isMissing(int column) {
    return isMissing(text(column));
  }

  /**
   * A field of the present row as a number.
   *
   * @return NaN where it is missing
   * @throws DataException with line and column where it is something else
   */
  public float number(int column) {
    final String field = text(column);
    if (isMissing(field)) {
      return Float.NaN;
    }
    final float number = number(field);
    if (Float.isNaN(number)) {
      throw problem(
          column,
          field.matches("[-+]?\\d*,\\d+")
              ? "holds %s, with a decimal comma; write numbers with a point".formatted(shown(field))
              : "holds %s, which is no number".formatted(shown(field)));
    }
    if (Float.isInfinite(number)) {
      throw problem(column, "holds %s, which is too large".formatted(shown(field)));
    }
    return number;
  }

  private static boolean isMissing(String field) {
    return field.length() <= 4 && MISSING.contains(field.toLowerCase(Locale.ROOT));
  }

  /** A decimal number; NaN for anything else. Java would also take {@code 1f} and {@code 0x1p3}. */
  private static float number(String field) {
    for (int i = 0; i < field.length(); i++) {
      final char c = field.charAt(i);
      if ((c < '0' || c > '9') && "+-.eE".indexOf(c) < 0) {
        return Float.NaN;
      }
    }
    try {
      return Float.parseFloat(field);
    } catch (NumberFormatException e) {
      return Float.NaN;
    }
  }

  /** An error that begins with file, line and column, and names the column. */
  public DataException problem(int column, String what) {
    return new DataException(
        "%s:%d:%d: column '%s' %s.".formatted(path, line(), column + 1, columns.get(column), what));
  }

  /** A field as error sentences quote it. */
  private static String shown(String field) {
    return "'" + (field.length() <= 40 ? field : field.substring(0, 37) + "...") + "'";
  }

  @Override
  public void close() {
    try {
      reader.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
