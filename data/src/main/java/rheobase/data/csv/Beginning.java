package rheobase.data.csv;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import rheobase.data.DataException;

/**
 * The first lines of a file, by which its kind and its delimiter are told.
 *
 * @param whole lines, as many as there are in the first 64 KiB; all of the file when it is shorter
 */
record Beginning(String text) {
  private static final int BYTES = 1 << 16;

  /**
   * In this order: a comma may stand inside numbers and texts of the others, where it is the sign
   * of a decimal comma, and then parts all rows alike as well.
   */
  private static final char[] DELIMITERS = {'\t', ';', '|', ','};

  /**
   * Reads it.
   *
   * @throws DataException when the file is empty or of a kind that is no text
   */
  static Beginning of(Path path) {
    try (InputStream in = Files.newInputStream(path)) {
      final byte[] bytes = in.readNBytes(BYTES);
      if (bytes.length == 0) {
        throw new DataException("%s is empty.".formatted(path));
      }
      checkKind(path, bytes);
      final String text = new String(bytes, StandardCharsets.UTF_8);
      final int end = text.lastIndexOf('\n');
      return new Beginning(bytes.length < BYTES || end < 0 ? text : text.substring(0, end + 1));
    } catch (IOException e) {
      throw DataException.unreadable(path, e);
    }
  }

  private static void checkKind(Path path, byte[] bytes) {
    final int first = bytes.length < 2 ? 0 : (bytes[0] & 0xff) << 8 | bytes[1] & 0xff;
    final String kind =
        switch (first) {
          case 'P' << 8 | 'K' -> "a zip file, such as an Excel workbook; save the sheet as CSV";
          case 0xd0cf -> "an old Excel workbook; save the sheet as CSV";
          case 0x1f8b -> "compressed by gzip; unpack it";
          case 0xfffe, 0xfeff -> "UTF-16 text; save it as UTF-8";
          default -> null;
        };
    if (kind != null) {
      throw new DataException("%s is %s.".formatted(path, kind));
    }
  }

  /** The delimiter: the given one, or else that which parts all rows alike. */
  char delimiter(char given) {
    if (given != Dialect.FIND) {
      return given;
    }
    char most = ',';
    int fields = 1;
    for (char delimiter : DELIMITERS) {
      final List<Integer> widths = widths(delimiter);
      final int first = widths.isEmpty() ? 0 : widths.getFirst();
      if (first > 1 && widths.stream().allMatch(width -> width == first)) {
        return delimiter;
      }
      if (first > fields) { // a broken row will be found and named later
        most = delimiter;
        fields = first;
      }
    }
    return most;
  }

  private List<Integer> widths(char delimiter) {
    final List<Integer> widths = new ArrayList<>();
    try (CsvReader<CsvRecord> reader = CsvFile.reader(delimiter, new StringReader(text))) {
      reader.forEach(record -> widths.add(record.getFieldCount()));
    } catch (CsvParseException | IOException e) {
      // told when the whole file is read
    }
    return widths;
  }
}
