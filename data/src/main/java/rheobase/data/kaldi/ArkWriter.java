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
 * Writes an archive of Kaldi's, and where wanted a list of the places of what lies in it. Kaldi's
 * programs read it as {@code ark:FILE}.
 */
public final class ArkWriter implements AutoCloseable {
  /** How an archive holds its objects; {@link KaldiInput} has the layouts. */
  public enum Form {
    /** Single precision. */
    BINARY,
    /**
     * Matrices by 16 bits a value ({@code CM2}), equal steps from the smallest value of a matrix to
     * its largest; integers are binary. Not for scores with a floor far below the rest.
     */
    COMPRESSED,
    TEXT
  }

  /** Levels of 16 bits above the lowest. */
  private static final int LEVELS = 0xffff;

  private final Path file;
  private final Form form;
  private final OutputStream out;
  private final StringBuilder places;
  private final Path list;
  private long position;

  /**
   * @param file of the archive
   * @param list where the list of places goes; null for none. It names the archive by its absolute
   *     path
   * @throws DataException when the file cannot be written
   */
  public ArkWriter(Path file, Path list, Form form) {
    this.file = file;
    this.list = list;
    this.form = form;
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

  /**
   * Appends a matrix.
   *
   * @throws DataException when it is to be compressed and a value is not finite
   */
  public void write(String key, Matrix matrix) {
    if (form == Form.COMPRESSED) {
      checkFinite(key, matrix); // before its name stands there
    }
    begin(key);
    switch (form) {
      case BINARY -> writeBinary(matrix);
      case COMPRESSED -> writeCompressed(matrix);
      case TEXT -> writeText(matrix);
    }
  }

  private void writeText(Matrix matrix) {
    final var lines = new StringBuilder(" [\n");
    for (int r = 0; r < matrix.rows(); r++) {
      lines.append(' ');
      for (int c = 0; c < matrix.columns(); c++) {
        lines.append(' ').append(number(matrix.values()[r * matrix.columns() + c]));
      }
      lines.append(r + 1 < matrix.rows() ? "\n" : "");
    }
    write(lines.append(" ]\n").toString().getBytes(StandardCharsets.US_ASCII));
  }

  private void writeBinary(Matrix matrix) {
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

  private void checkFinite(String key, Matrix matrix) {
    for (float value : matrix.values()) {
      if (!Float.isFinite(value)) {
        throw new DataException(
            "%s cannot stand in %s: it holds %s, and compressed matrices have finite values."
                .formatted(key, file, value));
      }
    }
  }

  private void writeCompressed(Matrix matrix) {
    float least = matrix.values().length == 0 ? 0 : Float.POSITIVE_INFINITY;
    float most = matrix.values().length == 0 ? 0 : Float.NEGATIVE_INFINITY;
    for (float value : matrix.values()) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    final double range = Math.max((double) most - least, Float.MIN_NORMAL);
    final ByteBuffer bytes =
        ByteBuffer.allocate(Math.addExact(22, Math.multiplyExact(matrix.values().length, 2)))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.put((byte) 0).put((byte) 'B').put((byte) 'C').put((byte) 'M').put((byte) '2');
    bytes.put((byte) ' ').putFloat(least).putFloat((float) range);
    bytes.putInt(matrix.rows()).putInt(matrix.columns());
    for (float value : matrix.values()) {
      bytes.putShort((short) Math.round((value - (double) least) / range * LEVELS));
    }
    write(bytes.array());
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
    if (form == Form.TEXT) {
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
