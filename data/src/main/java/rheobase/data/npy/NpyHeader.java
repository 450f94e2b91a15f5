package rheobase.data.npy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import rheobase.data.DataException;

/**
 * The head of a {@code .npy} file: six bytes {@code \x93NUMPY}, two of version, the length of the
 * rest (two bytes, four from version 2 on, little-endian), and a Python dictionary such as {@code
 * {'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }}. NumPy's own documentation, {@code
 * numpy.lib.format}, is the source. The dictionary is looked at, never evaluated.
 *
 * @param littleEndian byte order of the values
 * @param kind of a value, as NumPy writes it: {@code f}, {@code i}, {@code u}, {@code b}, {@code U}
 *     or {@code S}
 * @param size of a value [bytes]
 * @param fortranOrder whether the first index moves fastest
 * @param shape extents, none for a single value
 * @param length of the head [bytes]
 */
record NpyHeader(
    boolean littleEndian, char kind, int size, boolean fortranOrder, int[] shape, int length) {
  /** Bytes from which the length of the whole head is known. */
  static final int START = 12;

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /** NumPy itself refuses to evaluate longer ones. */
  private static final int LONGEST = 10_000;

  private static final Pattern TYPE = Pattern.compile("[<>|=]?([a-zA-Z])(\\d*)");
  private static final Pattern SHAPE =
      Pattern.compile("'shape'\\s*:\\s*\\(\\s*((?:\\d+\\s*,\\s*)*(?:\\d+)?)\\s*\\)");
  private static final Pattern ORDER =
      Pattern.compile("'fortran_order'\\s*:\\s*(True|False)\\s*[,}]");
  private static final Pattern DESCRIPTION = Pattern.compile("'descr'\\s*:\\s*'([^']*)'");

  /** Whether bytes begin as a {@code .npy} file does. */
  static boolean begins(byte[] bytes) {
    return bytes.length >= MAGIC.length
        && Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  /**
   * The length of the whole head.
   *
   * @param start the first {@link #START} bytes
   * @param problem makes an error of what is wrong
   */
  static int length(byte[] start, Function<String, DataException> problem) {
    if (start.length < START || !begins(start)) {
      throw problem.apply(
          begins(start)
              ? "is cut off inside its head"
              : "is not a NumPy array: it does not begin with \\x93NUMPY");
    }
    final int version = start[6];
    if (version < 1 || version > 3) {
      throw problem.apply("is of NumPy's format version %d; 1 to 3 are read".formatted(version));
    }
    final int low = start[8] & 0xff | (start[9] & 0xff) << 8;
    final long rest =
        version == 1 ? low : low | (start[10] & 0xffL) << 16 | (start[11] & 0xffL) << 24;
    if (rest < 2 || rest > LONGEST) {
      throw problem.apply("is damaged: its head would be %d bytes long".formatted(rest));
    }
    return (int) rest + (version == 1 ? 10 : 12);
  }

  /**
   * Reads the head.
   *
   * @param head all {@link #length} bytes of it
   */
  static NpyHeader read(byte[] head, Function<String, DataException> problem) {
    final int begin = head[6] == 1 ? 10 : 12;
    final String text =
        new String(head, begin, head.length - begin, StandardCharsets.ISO_8859_1).strip();
    if (!text.startsWith("{") || !text.endsWith("}")) {
      throw problem.apply("is damaged: its head is no dictionary");
    }
    final Matcher type = TYPE.matcher(description(text, problem));
    final Matcher order = ORDER.matcher(text);
    final Matcher shape = SHAPE.matcher(text);
    if (!type.matches() || !order.find() || !shape.find()) {
      throw problem.apply("is damaged: its head is " + shown(text));
    }
    final char kind = type.group(1).charAt(0);
    final String size = type.group(2);
    return new NpyHeader(
        type.group().charAt(0) != '>',
        kind,
        size(kind, size.length() > 8 ? -1 : size.isEmpty() ? 0 : Integer.parseInt(size), problem),
        order.group(1).equals("True"),
        extents(shape.group(1), problem),
        head.length);
  }

  private static String description(String text, Function<String, DataException> problem) {
    final Matcher description = DESCRIPTION.matcher(text);
    if (description.find()) {
      return description.group(1);
    }
    throw problem.apply(
        text.contains("'descr': [")
            ? "holds records of several fields; save each field as an array of its own"
            : "is damaged: its head is " + shown(text));
  }

  private static int size(char kind, int size, Function<String, DataException> problem) {
    final boolean known =
        switch (kind) {
          case 'f' -> size == 2 || size == 4 || size == 8;
          case 'i', 'u' -> size == 1 || size == 2 || size == 4 || size == 8;
          case 'b' -> size == 1;
          case 'U', 'S' -> size >= 1;
          default -> false;
        };
    if (kind == 'O') {
      throw problem.apply(
          "holds Python objects, which could only be read by running code; save plain numbers, for"
              + " sequences of different length one after the other with an array of their"
              + " lengths");
    }
    if (!known) {
      throw problem.apply(
          "holds values of NumPy's type %s%s; numbers of 8 to 64 bits, bools and texts are read"
              .formatted(kind, size < 0 ? "" : size));
    }
    return kind == 'U' ? 4 * size : size;
  }

  private static int[] extents(String list, Function<String, DataException> problem) {
    final String[] parts = list.isBlank() ? new String[0] : list.strip().split("\\s*,\\s*");
    final int[] extents = new int[parts.length];
    for (int i = 0; i < parts.length; i++) {
      final long extent = parts[i].length() > 18 ? Long.MAX_VALUE : Long.parseLong(parts[i]);
      if (extent > Integer.MAX_VALUE) {
        throw problem.apply("has the extent %s, more than can be read".formatted(parts[i]));
      }
      extents[i] = (int) extent;
    }
    return extents;
  }

  private static String shown(String text) {
    return text.length() <= 60 ? text : text.substring(0, 57) + "...";
  }

  /**
   * Bytes of all values together.
   *
   * @return more than an array can hold where they are too many
   */
  long contentBytes() {
    long bytes = size;
    for (int extent : shape) {
      bytes = Math.min(bytes * extent, 1L << 32); // at most 2^63 before the minimum
    }
    return bytes;
  }
}
