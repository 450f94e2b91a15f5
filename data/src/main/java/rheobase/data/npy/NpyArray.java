package rheobase.data.npy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import rheobase.data.DataException;

/**
 * An array as it lay in a NumPy file. Its values are kept as they came and converted when they are
 * asked for, always in C order: the last index moves fastest.
 */
public final class NpyArray {
  private final String where;
  private final NpyHeader header;
  private final ByteBuffer content;

  /**
   * @param where names the array in error sentences
   * @param content exactly {@code header.contentBytes()} bytes
   */
  NpyArray(String where, NpyHeader header, byte[] content) {
    this.where = where;
    this.header = header;
    this.content =
        ByteBuffer.wrap(header.fortranOrder() ? inOrder(header, content) : content)
            .order(header.littleEndian() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
  }

  /** The bytes of values that came first index fastest, last index fastest. */
  private static byte[] inOrder(NpyHeader header, byte[] content) {
    final int[] shape = header.shape();
    final int size = header.size();
    final int[] index = new int[shape.length];
    final byte[] ordered = new byte[content.length];
    for (int to = 0; to < content.length; to += Math.max(1, size)) {
      int from = 0;
      for (int axis = shape.length - 1; axis >= 0; axis--) {
        from = from * shape[axis] + index[axis];
      }
      System.arraycopy(content, from * size, ordered, to, size);
      for (int axis = shape.length - 1; axis >= 0 && ++index[axis] == shape[axis]; axis--) {
        index[axis] = 0;
      }
    }
    return ordered;
  }

  /** Extents, in an array of its own; none for a single value. */
  public int[] shape() {
    return header.shape().clone();
  }

  /** Number of axes. */
  public int rank() {
    return header.shape().length;
  }

  /** Number of values. */
  public int size() {
    return Arrays.stream(header.shape()).reduce(1, (one, other) -> one * other);
  }

  /** The shape as Python writes it: {@code (3, 2)}. */
  public String shapeText() {
    return rank() == 1
        ? "(" + header.shape()[0] + ",)"
        : Arrays.stream(header.shape())
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(", ", "(", ")"));
  }

  /** What the values are, as NumPy names it: {@code f4}, {@code i8}, {@code U}. */
  public String type() {
    return isText() ? "" + header.kind() : "" + header.kind() + header.size();
  }

  /** Whether the values are texts rather than numbers or bools. */
  public boolean isText() {
    return header.kind() == 'U' || header.kind() == 'S';
  }

  /**
   * All values, rounded to single precision; bools are 0 and 1.
   *
   * @return {@link #size} values in an array of its own
   * @throws DataException where they are texts
   */
  public float[] floats() {
    final float[] floats = new float[size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) number(i);
    }
    return floats;
  }

  /**
   * All values in double precision; integers beyond 2^53 are rounded.
   *
   * @return {@link #size} values in an array of its own
   * @throws DataException where they are texts
   */
  public double[] doubles() {
    final double[] doubles = new double[size()];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = number(i);
    }
    return doubles;
  }

  /**
   * All values as whole numbers.
   *
   * @return {@link #size} values in an array of its own
   * @throws DataException naming the first that is none or does not fit
   */
  public int[] ints() {
    final int[] ints = new int[size()];
    for (int i = 0; i < ints.length; i++) {
      final double value = number(i);
      ints[i] = (int) value;
      if (ints[i] != value) {
        throw problem("holds %s at %s, where a whole number should be", value, place(i));
      }
    }
    return ints;
  }

  /** All values as texts; whole numbers without a fraction, bools as 0 and 1. */
  public String[] texts() {
    final String[] texts = new String[size()];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = isText() ? text(i) : numberText(number(i));
    }
    return texts;
  }

  private static String numberText(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  private double number(int i) {
    final int at = i * header.size();
    return switch (header.kind()) {
      case 'f' ->
          switch (header.size()) {
            case 2 -> Float.float16ToFloat(content.getShort(at));
            case 4 -> content.getFloat(at);
            default -> content.getDouble(at);
          };
      case 'i' ->
          switch (header.size()) {
            case 1 -> content.get(at);
            case 2 -> content.getShort(at);
            case 4 -> content.getInt(at);
            default -> content.getLong(at);
          };
      case 'u' ->
          switch (header.size()) {
            case 1 -> content.get(at) & 0xff;
            case 2 -> content.getShort(at) & 0xffff;
            case 4 -> content.getInt(at) & 0xffffffffL;
            default -> unsigned(content.getLong(at));
          };
      case 'b' -> content.get(at) == 0 ? 0 : 1;
      default -> throw problem("holds texts where numbers should be");
    };
  }

  private static double unsigned(long value) {
    return value >= 0 ? value : (value >>> 1) * 2.0;
  }

  /** NumPy fills texts up with zeros. */
  private String text(int i) {
    final boolean unicode = header.kind() == 'U';
    final Charset charset =
        !unicode
            ? StandardCharsets.UTF_8
            : header.littleEndian() ? StandardCharsets.UTF_32LE : StandardCharsets.UTF_32BE;
    final String text = new String(content.array(), i * header.size(), header.size(), charset);
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == 0) {
      end--;
    }
    return text.substring(0, end);
  }

  /** Where a value stands, as Python writes it: {@code [2, 0]}. */
  public String place(int index) {
    final int[] place = new int[rank()];
    int rest = index;
    for (int axis = rank() - 1; axis >= 0; axis--) {
      place[axis] = rest % header.shape()[axis];
      rest /= header.shape()[axis];
    }
    return Arrays.toString(place);
  }

  /** An error that begins with the file and the name of the array. */
  public DataException problem(String what, Object... arguments) {
    return new DataException("%s %s.".formatted(where, what.formatted(arguments)));
  }
}
