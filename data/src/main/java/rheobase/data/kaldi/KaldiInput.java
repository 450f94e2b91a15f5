package rheobase.data.kaldi;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import rheobase.data.DataException;

/**
 * Reads objects of Kaldi's formats from a stream of bytes, and knows how far it has come.
 *
 * <p>An object begins with the bytes 0 and 'B' where it is binary, and else is text. Binary are
 *
 * <pre>
 * FM, DM, FV, DV  4 rows 4 columns (of a vector its length alone), then floats or doubles by rows
 * CM              min range rows columns, for each column four percentiles of 16 bits, then by columns
 *                 a byte a value: 0 to 64 lie between the first and the second, to 192 the third, to 255
 *                 the fourth percentile, which are themselves 65535ths of the range
 * CM2, CM3        min range rows columns, then by rows 16 bits or 8 a value, of the range
 * integers        4 length, then each: 4 value
 * </pre>
 *
 * where each 4 before a number is a byte with its size, and all is little-endian. As text, a matrix
 * is its rows, a line each, between [ and ]; integers stand on one line.
 */
final class KaldiInput implements AutoCloseable {
  /** Kaldi's tables are of speech: more would be a slip in the header. */
  private static final int MOST_VALUES = 1 << 27;

  private static final int GZIP = 0x8b1f;

  private final Path file;
  private final InputStream in;
  private long position;

  /** Read ahead; -2 for nothing, -1 at the end. */
  private int next = -2;

  private KaldiInput(Path file, InputStream in, long position) {
    this.file = file;
    this.in = in;
    this.position = position;
  }

  /**
   * Opens a file, compressed by gzip or not.
   *
   * @param from where to begin; above 0 only where it is not compressed
   */
  static KaldiInput open(Path file, long from) {
    try {
      if (from > Files.size(file)) {
        throw new DataException(
            "%s has %d bytes, so nothing can begin at byte %d."
                .formatted(file, Files.size(file), from));
      }
      final FileChannel channel = FileChannel.open(file).position(from);
      final var stream = new BufferedInputStream(Channels.newInputStream(channel), 1 << 16);
      stream.mark(2);
      final int magic = stream.read() | stream.read() << 8;
      stream.reset();
      return new KaldiInput(
          file,
          from == 0 && magic == GZIP
              ? new BufferedInputStream(new GZIPInputStream(stream), 1 << 16)
              : stream,
          from);
    } catch (NoSuchFileException e) {
      throw new DataException("%s cannot be read: there is no such file.".formatted(file), e);
    } catch (IOException e) {
      throw new DataException("%s cannot be read: %s.".formatted(file, e.getMessage()), e);
    }
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      // it was only read
    }
  }

  // Bytes

  private int peek() {
    if (next == -2) {
      try {
        next = in.read();
      } catch (EOFException e) {
        throw new DataException("%s is cut short: its gzip stream ends.".formatted(file), e);
      } catch (IOException e) {
        throw new DataException("%s cannot be read: %s.".formatted(file, e.getMessage()), e);
      }
    }
    return next;
  }

  private int take() {
    final int taken = peek();
    if (taken >= 0) {
      next = -2;
      position++;
    }
    return taken;
  }

  /** The bytes that come next; what only claims to be long takes no memory. */
  private ByteBuffer bytes(long count, String key) {
    final byte[] bytes;
    try {
      bytes = in.readNBytes((int) count);
    } catch (EOFException e) {
      throw wrong(key, "is cut short");
    } catch (IOException e) {
      throw new DataException("%s cannot be read: %s.".formatted(file, e.getMessage()), e);
    }
    position += bytes.length;
    if (bytes.length < count) {
      throw wrong(key, "is cut short: %d bytes are missing".formatted(count - bytes.length));
    }
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A sentence about the object of an utterance, with the byte that was reached. */
  DataException wrong(String key, String what) {
    return new DataException("%s: %s %s (byte %d).".formatted(file, key, what, position));
  }

  // Objects

  /** The name that comes next in an archive; null at its end. */
  String key() {
    while (peek() == '\n' || peek() == '\r' || peek() == ' ' || peek() == '\t') {
      take();
    }
    if (peek() < 0) {
      return null;
    }
    final var key = new StringBuilder();
    while (peek() > ' ') {
      key.append((char) take());
      if (key.length() > 4096) {
        throw wrong("what should be a name", "has more than 4096 letters; is this an archive?");
      }
    }
    if (peek() < 0) {
      throw wrong(key.toString(), "is the last word, and nothing follows it");
    }
    if (peek() == ' ' || peek() == '\t') {
      take();
    } else if (peek() != '\n' && peek() != '\r') {
      throw wrong(
          "after '" + key + "'", "there is a byte %d; is this an archive?".formatted(peek()));
    }
    return new String(key.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  /** Whether a binary object comes; takes its mark. */
  private boolean binary(String key) {
    if (peek() != 0) {
      return false;
    }
    take();
    if (take() != 'B') {
      throw wrong(key, "begins with 0, which must be followed by 'B'");
    }
    return true;
  }

  /** A matrix, or a vector as one row. */
  Matrix matrix(String key) {
    if (!binary(key)) {
      return matrixOfText(key);
    }
    final var kind = new StringBuilder();
    while (peek() > ' ' && kind.length() < 4) {
      kind.append((char) take());
    }
    if (take() != ' ') {
      throw wrong(key, "is no matrix: it begins with '%s'".formatted(kind));
    }
    return switch (kind.toString()) {
      case "FM" -> plain(key, false, true);
      case "DM" -> plain(key, true, true);
      case "FV" -> plain(key, false, false);
      case "DV" -> plain(key, true, false);
      case "CM" -> byColumns(key);
      case "CM2" -> byRows(key, Short.BYTES);
      case "CM3" -> byRows(key, Byte.BYTES);
      default ->
          throw wrong(
              key, "is of the kind '%s'; read are FM, DM, FV, DV, CM, CM2 and CM3".formatted(kind));
    };
  }

  private int size(String key) {
    final int width = take();
    if (width != Integer.BYTES) {
      throw wrong(key, "has a number of %d bytes where one of 4 is expected".formatted(width));
    }
    return bytes(Integer.BYTES, key).getInt();
  }

  private long checked(String key, int rows, int columns) {
    final long values = (long) rows * columns;
    if (rows < 0 || columns < 0 || columns > MOST_VALUES / 8 || values > MOST_VALUES) {
      throw wrong(key, "claims %d rows and %d columns".formatted(rows, columns));
    }
    return values;
  }

  private Matrix plain(String key, boolean doubles, boolean matrix) {
    final int rows = matrix ? size(key) : 1;
    final int columns = size(key);
    final long count = checked(key, rows, columns);
    final ByteBuffer bytes = bytes(count * (doubles ? Double.BYTES : Float.BYTES), key);
    final float[] values = new float[(int) count];
    for (int i = 0; i < values.length; i++) {
      values[i] = doubles ? (float) bytes.getDouble() : bytes.getFloat();
    }
    return new Matrix(rows, columns, values);
  }

  private record Header(float least, float range, int rows, int columns) {}

  private Header header(String key) {
    final ByteBuffer bytes = bytes(16, key);
    return new Header(bytes.getFloat(), bytes.getFloat(), bytes.getInt(), bytes.getInt());
  }

  private Matrix byRows(String key, int width) {
    final Header header = header(key);
    final long count = checked(key, header.rows, header.columns);
    final ByteBuffer bytes = bytes(count * width, key);
    final float[] values = new float[(int) count];
    final float step = header.range / (width == Short.BYTES ? 65535 : 255);
    for (int i = 0; i < values.length; i++) {
      final int level = width == Short.BYTES ? bytes.getChar() : bytes.get() & 0xff;
      values[i] = header.least + step * level;
    }
    return new Matrix(header.rows, header.columns, values);
  }

  private Matrix byColumns(String key) {
    final Header header = header(key);
    final long count = checked(key, header.rows, header.columns);
    final ByteBuffer percentiles = bytes(8L * header.columns, key);
    final ByteBuffer bytes = bytes(count, key);
    final float[] values = new float[(int) count];
    final float step = header.range / 65535;
    for (int c = 0; c < header.columns; c++) {
      final float first = header.least + step * percentiles.getChar();
      final float quarter = header.least + step * percentiles.getChar();
      final float threeQuarters = header.least + step * percentiles.getChar();
      final float last = header.least + step * percentiles.getChar();
      for (int r = 0; r < header.rows; r++) {
        final int level = bytes.get() & 0xff;
        values[r * header.columns + c] =
            level <= 64
                ? first + (quarter - first) * level / 64
                : level <= 192
                    ? quarter + (threeQuarters - quarter) * (level - 64) / 128
                    : threeQuarters + (last - threeQuarters) * (level - 192) / 63;
      }
    }
    return new Matrix(header.rows, header.columns, values);
  }

  private Matrix matrixOfText(String key) {
    final String beginning = word();
    if (!"[".equals(beginning)) {
      throw wrong(
          key,
          "is no matrix: it begins with '%s' and not with ["
              .formatted(beginning == null ? "" : beginning));
    }
    float[] values = new float[1024];
    int count = 0;
    int rows = 0;
    int columns = 0;
    int ended = 0; // values in the rows so far
    while (true) {
      final boolean newLine = skipBlanks();
      if (newLine && count > ended) {
        rows++;
        columns = checkedRow(key, rows, columns, count - ended);
        ended = count;
      }
      final String word = word();
      if (word == null) {
        throw wrong(key, "is cut short: its ] is missing");
      }
      if (word.equals("]")) {
        break;
      }
      if (count == values.length) {
        values = Arrays.copyOf(values, 2 * count);
      }
      values[count++] = number(key, word);
    }
    if (count > ended) {
      rows++;
      columns = checkedRow(key, rows, columns, count - ended);
    }
    return new Matrix(rows, columns, Arrays.copyOf(values, count));
  }

  private int checkedRow(String key, int row, int columns, int found) {
    if (row > 1 && found != columns) {
      throw wrong(
          key, "has %d values in row %d, but %d in those before".formatted(found, row, columns));
    }
    return found;
  }

  private float number(String key, String word) {
    try {
      return switch (word) {
        case "nan", "-nan" -> Float.NaN;
        case "inf" -> Float.POSITIVE_INFINITY;
        case "-inf" -> Float.NEGATIVE_INFINITY;
        default -> Float.parseFloat(word);
      };
    } catch (NumberFormatException e) {
      throw wrong(key, "holds '%s' where a number is expected".formatted(word));
    }
  }

  /** Skips white space; tells whether a line ended. */
  private boolean skipBlanks() {
    boolean newLine = false;
    while (peek() >= 0 && peek() <= ' ') {
      newLine |= take() == '\n';
    }
    return newLine;
  }

  /** The next word after white space, also beyond the line; null at the end. */
  private String word() {
    skipBlanks();
    final var word = new StringBuilder();
    while (peek() > ' ') {
      word.append((char) take());
      if (word.length() > 64) {
        break;
      }
    }
    return word.isEmpty() ? null : word.toString();
  }

  /** Integers, such as an alignment. */
  int[] integers(String key) {
    return binary(key) ? binaryIntegers(key) : integersOfText(key);
  }

  private int[] binaryIntegers(String key) {
    if (peek() != Integer.BYTES) {
      throw wrong(key, "is no vector of integers: it begins with a byte %d".formatted(peek()));
    }
    final int length = size(key);
    if (length < 0 || length > MOST_VALUES / 8) {
      throw wrong(key, "claims %d integers".formatted(length));
    }
    final ByteBuffer bytes = bytes(5L * length, key);
    final int[] integers = new int[length];
    for (int i = 0; i < length; i++) {
      final int width = bytes.get();
      if (width != Integer.BYTES) {
        throw wrong(
            key, "has a number of %d bytes in place %d; expected are 4".formatted(width, i));
      }
      integers[i] = bytes.getInt();
    }
    return integers;
  }

  private int[] integersOfText(String key) {
    final var line = new StringBuilder();
    while (peek() >= 0 && peek() != '\n') {
      line.append((char) take());
    }
    final String[] words = line.toString().strip().split("\\s+");
    if (words.length == 1 && words[0].isEmpty()) {
      return new int[0];
    }
    final int[] integers = new int[words.length];
    for (int i = 0; i < words.length; i++) {
      try {
        integers[i] = Integer.parseInt(words[i]);
      } catch (NumberFormatException e) {
        throw wrong(
            key, "holds '%s' in place %d where an integer is expected".formatted(words[i], i));
      }
    }
    return integers;
  }
}
