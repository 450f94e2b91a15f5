package rheobase.data.kaldi;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import rheobase.data.DataException;

/**
 * Writes an archive of Kaldi's, binary or as text, and where wanted a list of the places of what
 * lies in it. Kaldi's programs read it as {@code ark:FILE}.
 */
public final class ArkWriter implements AutoCloseable {
  private final Path file;
  private final boolean text;
  private final OutputStream out;
  private final StringBuilder places;
  private final Path list;
  private long position;

  /**
   * @param file of the archive
   * @param list where the list of places goes; null for none. It names the archive by its absolute
   *     path
   * @param text whether it is text
   * @throws DataException when the file cannot be written
   */
  public ArkWriter(Path file, Path list, boolean text) {
    this.file = file;
    this.list = list;
    this.text = text;
    places = new StringBuilder();
    try {
      out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
    } catch (IOException e) {
      throw unwritten(file, e);
    }
  }

  private static DataException unwritten(Path file, IOException e) {
    return new DataException("%s cannot be written: %s.".formatted(file, e.getMessage()), e);
  }

  /** Appends a matrix. */
  public void write(String key, Matrix matrix) {
    begin(key);
    if (text) {
      final var lines = new StringBuilder(" [\n");
      for (int r = 0; r < matrix.rows(); r++) {
        lines.append(' ');
        for (int c = 0; c < matrix.columns(); c++) {
          lines.append(' ').append(number(matrix.values()[r * matrix.columns() + c]));
        }
        lines.append(r + 1 < matrix.rows() ? "\n" : "");
      }
      write(lines.append(" ]\n").toString().getBytes(StandardCharsets.US_ASCII));
      return;
    }
    final ByteBuffer head = ByteBuffer.allocate(15).order(ByteOrder.LITTLE_ENDIAN);
    head.put((byte) 0).put((byte) 'B').put((byte) 'F').put((byte) 'M').put((byte) ' ');
    head.put((byte) Integer.BYTES).putInt(matrix.rows());
    head.put((byte) Integer.BYTES).putInt(matrix.columns());
    write(head.array());
    final ByteBuffer body =
        ByteBuffer.allocate(Math.multiplyExact(matrix.values().length, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    body.asFloatBuffer().put(matrix.values());
    write(body.array());
  }

  /** Kaldi reads no Infinity. */
  private static String number(float value) {
    if (Float.isNaN(value)) {
      return "nan";
    }
    return Float.isInfinite(value) ? value > 0 ? "inf" : "-inf" : Float.toString(value);
  }

  /** Appends integers. */
  public void write(String key, int[] integers) {
    begin(key);
    if (text) {
      final var line = new StringBuilder();
      for (int value : integers) {
        line.append(line.isEmpty() ? "" : " ").append(value);
      }
      write(line.append('\n').toString().getBytes(StandardCharsets.US_ASCII));
      return;
    }
    final ByteBuffer bytes =
        ByteBuffer.allocate(7 + 5 * integers.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put((byte) 0).put((byte) 'B').put((byte) Integer.BYTES).putInt(integers.length);
    for (int value : integers) {
      bytes.put((byte) Integer.BYTES).putInt(value);
    }
    write(bytes.array());
  }

  private void begin(String key) {
    if (key.isEmpty() || key.chars().anyMatch(Character::isWhitespace)) {
      throw new DataException(
          "The sequence '%s' cannot stand in %s: names in an archive have no blanks."
              .formatted(key, file));
    }
    write((key + " ").getBytes(StandardCharsets.UTF_8));
    places.append(key).append(' ').append(file.toAbsolutePath()).append(':').append(position);
    places.append('\n');
  }

  private void write(byte[] bytes) {
    try {
      out.write(bytes);
      position += bytes.length;
    } catch (IOException e) {
      throw unwritten(file, e);
    }
  }

  /** Ends the archive and writes the list. */
  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw unwritten(file, e);
    }
    if (list != null) {
      try {
        Files.writeString(list, places);
      } catch (IOException e) {
        throw unwritten(list, e);
      }
    }
  }
}
