package rheobase.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import us.hebi.matlab.mat.format.BufferAllocator;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.format.Mat5File;
import us.hebi.matlab.mat.types.MatFile.Entry;
import us.hebi.matlab.mat.types.Matrix;
import us.hebi.matlab.mat.types.Sources;

/**
 * Numeric variables of a MATLAB 5 file, read without trusting the file.
 *
 * <p>The library that decodes the variables believes every length it reads: one flipped bit makes
 * it ask for two gigabytes, and it stops reading a compressed variable before the checksum. So the
 * file is first taken apart here: every element must lie inside its parent, every compressed
 * variable is inflated to its end, checksum included, and within {@link #LIMIT}. What is left of
 * the wanted variables is put together again, uncompressed, and handed to the library.
 *
 * <p>The format: a header of 128 bytes, then elements of an 8-byte tag (type, length) and their
 * bytes; a compressed element (type 15) holds one zlib-packed element; a variable (type 14) holds
 * the elements flags, dimensions, name and data. MathWorks, "MAT-File Format", chapter 1.
 */
final class MatFile {
  /**
   * Largest file, and largest variable after unpacking [bytes]: ten times what the published files
   * need.
   */
  static final int LIMIT = 64 << 20;

  private static final int HEADER = 128;
  private static final int COMPRESSED = 15;
  private static final int MATRIX = 14;
  private static final int FLAGS = 6;
  private static final int DIMENSIONS = 5;
  private static final int NAME = 1;
  private static final int NUMERIC_FIRST = 6; // double; single, int8, uint8, ... follow
  private static final int NUMERIC_LAST = 15; // uint64
  private static final int COMPLEX_OR_LOGICAL = 0x0a00;

  /** The library would take direct memory, outside the limit of the heap. */
  private static final BufferAllocator ON_HEAP =
      new BufferAllocator() {
        @Override
        public ByteBuffer allocate(int size) {
          return ByteBuffer.allocate(size);
        }

        @Override
        public void release(ByteBuffer buffer) {
          // left to the garbage collector
        }
      };

  private final Path path;
  private final Set<String> seen = new TreeSet<>();
  private final Map<String, Matrix> variables = new LinkedHashMap<>();

  private MatFile(Path path) {
    this.path = path;
  }

  /**
   * Reads the wanted variables of a file; others are passed over.
   *
   * @throws DataException naming the file and, where it makes sense, the byte at which it went
   *     wrong
   */
  static MatFile read(Path path, Set<String> wanted) {
    final MatFile file = new MatFile(path);
    final byte[] bytes = file.load();
    file.checkHeader(bytes);
    file.decode(file.takeApart(bytes, wanted));
    return file;
  }

  /**
   * A variable of this name.
   *
   * @throws DataException when the file has none
   */
  Matrix variable(String name) {
    final Matrix matrix = variables.get(name);
    if (matrix == null) {
      throw problem(
          "has no variable %s; it has %s"
              .formatted(name, seen.isEmpty() ? "none at all" : String.join(", ", seen)));
    }
    return matrix;
  }

  private byte[] load() {
    try {
      final long size = Files.size(path);
      if (size > LIMIT) {
        throw problem("has %d bytes, more than the %d that are read".formatted(size, LIMIT));
      }
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw DataException.unreadable(path, e);
    }
  }

  private void checkHeader(byte[] bytes) {
    final String start = latin(bytes, 0, Math.min(bytes.length, 10));
    if (start.equals("MATLAB 7.3") || hasHdfSignature(bytes, 0) || hasHdfSignature(bytes, 512)) {
      throw problem(
          "is a MATLAB 7.3 (HDF5) file, and only version 5 is read; in MATLAB, save it with -v7");
    }
    if (bytes.length < HEADER && "MATLAB 5.0".startsWith(start)) {
      throw problem(
          "is cut off: it ends after %d bytes, inside its header".formatted(bytes.length));
    }
    if (bytes.length < HEADER || !start.equals("MATLAB 5.0")) {
      throw problem("is not a MATLAB file: it does not begin with \"MATLAB 5.0\"");
    }
    final String endian = latin(bytes, 126, 2);
    final boolean little = endian.equals("IM");
    if (!little && !endian.equals("MI") || bytes[little ? 125 : 124] != 1) {
      throw problem("has a damaged header: its version or byte order is unknown");
    }
  }

  private static boolean hasHdfSignature(byte[] bytes, int at) {
    return bytes.length >= at + 8 && latin(bytes, at, 8).equals("\u0089HDF\r\n\u001a\n");
  }

  /** The file with only the wanted numeric variables, uncompressed, every length of which holds. */
  private byte[] takeApart(byte[] bytes, Set<String> wanted) {
    final ByteBuffer file = ByteBuffer.wrap(bytes);
    file.order(bytes[126] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    kept.write(bytes, 0, 116);
    kept.writeBytes(new byte[8]); // no subsystem data: it would point into the old file
    kept.write(bytes, 124, 4);
    file.position(HEADER);
    while (file.hasRemaining()) {
      final int at = file.position();
      if (file.remaining() < 8) {
        throw cutOff(at, 8, file.remaining());
      }
      final int type = file.getInt();
      final int length = file.getInt();
      if (type != COMPRESSED && type != MATRIX) {
        throw damaged(at, "an element of type %d where a variable should be".formatted(type));
      }
      if (length < 0 || length > file.remaining()) {
        throw cutOff(at, length & 0xffffffffL, file.remaining());
      }
      final ByteBuffer content = file.slice(file.position(), length).order(file.order());
      file.position(file.position() + length);
      keep(type == COMPRESSED ? inflated(content, at) : content, at, wanted, kept);
    }
    return kept.toByteArray();
  }

  /** The bytes of the one variable inside a compressed element, without its tag. */
  private ByteBuffer inflated(ByteBuffer packed, int at) {
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(packed.duplicate());
      byte[] bytes = new byte[Math.min(LIMIT, Math.max(1024, 4 * packed.remaining()))];
      int count = 0;
      while (!inflater.finished()) {
        if (count == bytes.length) {
          if (count == LIMIT) {
            throw damaged(at, "a variable that unpacks to more than %d bytes".formatted(LIMIT));
          }
          bytes = Arrays.copyOf(bytes, (int) Math.min(LIMIT, 2L * count));
        }
        final int got = inflater.inflate(bytes, count, bytes.length - count);
        count += got;
        if (got == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
          throw damaged(at, "a compressed variable that does not end");
        }
      }
      final ByteBuffer content = ByteBuffer.wrap(bytes, 0, count).order(packed.order());
      if (count < 8 || content.getInt() != MATRIX || content.getInt() != count - 8) {
        throw damaged(at, "a compressed element that is not one whole variable");
      }
      return content.slice().order(packed.order());
    } catch (DataFormatException e) {
      throw damaged(at, "a variable that does not unpack (%s)".formatted(e.getMessage()));
    }
  }

  private void keep(ByteBuffer variable, int at, Set<String> wanted, ByteArrayOutputStream kept) {
    if (!variable.hasRemaining()) {
      return; // an empty variable without a name, which MATLAB sometimes writes
    }
    final ByteBuffer content = variable.duplicate().order(variable.order());
    final ByteBuffer flags = element(content, at, FLAGS);
    if (flags.remaining() != 8) {
      throw damaged(at, "a variable with %d bytes of flags".formatted(flags.remaining()));
    }
    final int flag = flags.getInt();
    final int kind = flag & 0xff;
    if (kind == 17) {
      return; // an object of a MATLAB class: its layout is its own
    }
    final ByteBuffer shape = element(content, at, DIMENSIONS);
    final ByteBuffer nameBytes = element(content, at, NAME);
    if (shape.remaining() < 8 || shape.remaining() > 128 || nameBytes.remaining() > 128) {
      throw damaged(at, "a variable without a proper name or dimensions");
    }
    final String name = StandardCharsets.ISO_8859_1.decode(nameBytes).toString().strip();
    seen.add(name);
    if (!wanted.contains(name)) {
      return;
    }
    if (kind < NUMERIC_FIRST || kind > NUMERIC_LAST || (flag & COMPLEX_OR_LOGICAL) != 0) {
      throw problem("holds no plain numbers in its variable %s".formatted(name));
    }
    checkNumbers(content, shape, at);
    kept.writeBytes(
        ByteBuffer.allocate(8)
            .order(variable.order())
            .putInt(MATRIX)
            .putInt(variable.remaining())
            .array());
    kept.write(
        variable.array(), variable.arrayOffset() + variable.position(), variable.remaining());
  }

  /** The data must be as many numbers as the dimensions say. */
  private void checkNumbers(ByteBuffer content, ByteBuffer shape, int at) {
    long wanted = 1;
    while (shape.remaining() >= 4) {
      final int extent = shape.getInt();
      if (extent < 0 || extent > LIMIT) {
        throw damaged(at, "a dimension of %d".formatted(extent));
      }
      wanted = Math.min(wanted * extent, LIMIT + 1L); // at most 2^53 before the minimum
    }
    final int start = content.position();
    final int tag = content.remaining() < 4 ? 0 : content.getInt(start);
    final int size = bytesPerNumber(tag >>> 16 != 0 ? tag & 0xffff : tag);
    final int length = element(content, at, -1).remaining();
    if (size == 0 || length != wanted * size) {
      throw damaged(at, "data of %d bytes where %d numbers should be".formatted(length, wanted));
    }
  }

  /** 0 for an element type that holds no numbers. */
  private static int bytesPerNumber(int type) {
    return switch (type) {
      case 1, 2 -> 1;
      case 3, 4 -> 2;
      case 5, 6, 7 -> 4;
      case 9, 12, 13 -> 8;
      default -> 0;
    };
  }

  /** The next element inside a variable; small ones are packed into their tag. */
  private ByteBuffer element(ByteBuffer content, int at, int expectedType) {
    if (content.remaining() < 8) {
      throw damaged(at, "a variable that ends before its data");
    }
    final int tag = content.getInt();
    final boolean small = tag >>> 16 != 0;
    final int type = small ? tag & 0xffff : tag;
    final int length = small ? tag >>> 16 : content.getInt();
    if (small && length > 4 || length < 0 || length > content.remaining()) {
      throw damaged(at, "a part of %d bytes that does not fit".formatted(length & 0xffffffffL));
    }
    if (expectedType >= 0 && type != expectedType) {
      throw damaged(at, "a part of type %d instead of %d".formatted(type, expectedType));
    }
    final ByteBuffer part = content.slice(content.position(), length).order(content.order());
    final int padded = small ? 4 : (length + 7) / 8 * 8;
    content.position(content.position() + Math.min(content.remaining(), padded));
    return part;
  }

  private void decode(byte[] bytes) {
    try {
      final Mat5File decoded =
          Mat5.newReader(Sources.wrap(bytes))
              .setBufferAllocator(ON_HEAP)
              .disableSubsystemProcessing()
              .readMat();
      for (Entry entry : decoded.getEntries()) {
        if (entry.getValue() instanceof Matrix matrix) {
          variables.put(entry.getName().strip(), matrix);
        }
      }
    } catch (IOException | RuntimeException e) {
      throw new DataException(
          "%s is damaged: its variables cannot be decoded (%s).".formatted(path, e.getMessage()),
          e);
    }
  }

  /** A sentence that begins with the path. */
  DataException problem(String what) {
    return new DataException("%s %s.".formatted(path, what));
  }

  private DataException damaged(int at, String what) {
    return problem("is damaged: at byte %d it has %s".formatted(at, what));
  }

  private DataException cutOff(int at, long wanted, int left) {
    return problem(
        "is cut off or damaged: the element at byte %d needs %d more bytes, but only %d follow"
            .formatted(at, wanted, left));
  }

  private static String latin(byte[] bytes, int from, int length) {
    return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
  }
}
