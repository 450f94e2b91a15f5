package rheobase.data;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.exceptions.HdfInvalidPathException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * An HDF5 file, open: arrays by their path, and every failure as a sentence that names the file.
 */
final class HdfData implements AutoCloseable {
  private static final String SIGNATURE = "\u0089HDF\r\n\u001a\n";

  private final Path file;
  private final HdfFile hdf;

  private HdfData(Path file, HdfFile hdf) {
    this.file = file;
    this.hdf = hdf;
  }

  /**
   * Opens a file.
   *
   * @param wanted what to say where there is none
   * @throws DataException where it is missing or no HDF5 file
   */
  static HdfData open(Path file, String wanted) {
    if (!Files.isRegularFile(file)) {
      throw new DataException("There is no file %s. %s".formatted(file, wanted));
    }
    checkBeginning(file);
    try {
      return new HdfData(file, new HdfFile(file));
    } catch (RuntimeException e) {
      throw new DataException(
          "%s is no HDF5 file that can be read: %s.".formatted(file, why(e)), e);
    }
  }

  /**
   * What is no HDF5 file, and one that is shorter than it says: the end of the file stands in the
   * superblock (HDF5 File Format Specification 3.0, section II.A).
   */
  private static void checkBeginning(Path file) {
    final long length;
    final byte[] start;
    try (InputStream in = Files.newInputStream(file)) {
      length = Files.size(file);
      start = in.readNBytes(64);
    } catch (IOException e) {
      throw DataException.unreadable(file, e);
    }
    if (length == 0) {
      throw new DataException("%s is empty; expected is an HDF5 file.".formatted(file));
    }
    final String text = new String(start, StandardCharsets.ISO_8859_1);
    if (text.startsWith("PK\3\4") || text.startsWith("\u001f\u008b")) {
      throw new DataException("%s is packed; unpack it to an HDF5 file.".formatted(file));
    }
    if (!text.startsWith(SIGNATURE)) {
      if (length < 512 || text.strip().startsWith("<")) { // other files may begin with a user block
        throw new DataException(
            "%s is no HDF5 file: it does not begin with the signature of one.".formatted(file));
      }
      return;
    }
    final int version = start.length > 8 ? start[8] : 0;
    final int place = version == 0 ? 40 : version == 1 ? 44 : 28;
    final int offsets = start.length < 64 ? 0 : start[version < 2 ? 13 : 9];
    final long end =
        offsets == 8 ? ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getLong(place) : 0;
    if (start.length < 64 || end > length) {
      throw new DataException(
          "%s is cut off: it has %d bytes%s; download it again."
              .formatted(file, length, end > length ? " of the " + end + " it says" : ""));
    }
  }

  @Override
  public void close() {
    hdf.close();
  }

  /** Whether there is an array under this path. */
  boolean has(String path) {
    try {
      return hdf.getByPath(path) instanceof Dataset;
    } catch (HdfInvalidPathException e) {
      return false;
    } catch (RuntimeException e) {
      throw unreadable(path, e);
    }
  }

  /** Number of elements of a one-dimensional array. */
  int length(String path) {
    final int[] shape = shape(path);
    if (shape.length != 1) {
      throw wrong(path, "has %d dimensions; expected is one.".formatted(shape.length));
    }
    return shape[0];
  }

  int[] shape(String path) {
    return read(path, () -> dataset(path).getDimensions());
  }

  /** A one-dimensional array of whole numbers. */
  int[] wholeNumbers(String path) {
    length(path);
    return whole(path, read(path, () -> dataset(path).getData()));
  }

  /** A one-dimensional array of texts. */
  String[] texts(String path) {
    length(path);
    return switch (read(path, () -> dataset(path).getData())) {
      case String[] texts -> texts;
      case Object other ->
          throw wrong(path, "holds %s; expected are texts.".formatted(kind(other)));
    };
  }

  /** All values of an array of numbers, flat. */
  float[] numbers(String path) {
    return floats(path, read(path, () -> dataset(path).getDataFlat()));
  }

  /** Some rows of an array of rows of different lengths. */
  Object[] rows(String path, int from, int count) {
    final Object rows =
        read(path, () -> dataset(path).getData(new long[] {from}, new int[] {count}));
    if (rows instanceof Object[] array && !(rows instanceof String[])) {
      return array;
    }
    throw wrong(path, "holds %s; expected are rows of different lengths.".formatted(kind(rows)));
  }

  /** A row of numbers. */
  float[] floats(String path, Object row) {
    return switch (row) {
      case float[] numbers -> numbers;
      case double[] numbers -> {
        final float[] floats = new float[numbers.length];
        for (int i = 0; i < floats.length; i++) {
          floats[i] = (float) numbers[i];
        }
        yield floats;
      }
      default -> {
        final int[] whole = whole(path, row);
        final float[] floats = new float[whole.length];
        for (int i = 0; i < floats.length; i++) {
          floats[i] = whole[i];
        }
        yield floats;
      }
    };
  }

  /** A row of whole numbers. */
  int[] whole(String path, Object row) {
    return switch (row) {
      case int[] numbers -> numbers;
      case long[] numbers ->
          read(path, () -> Arrays.stream(numbers).mapToInt(Math::toIntExact).toArray());
      case short[] numbers -> {
        final int[] whole = new int[numbers.length];
        for (int i = 0; i < whole.length; i++) {
          whole[i] = numbers[i];
        }
        yield whole;
      }
      case byte[] numbers -> {
        final int[] whole = new int[numbers.length];
        for (int i = 0; i < whole.length; i++) {
          whole[i] = numbers[i];
        }
        yield whole;
      }
      default -> throw wrong(path, "holds %s; expected are whole numbers.".formatted(kind(row)));
    };
  }

  /** A sentence about an array of this file. */
  DataException wrong(String path, String sentence) {
    return new DataException("%s: the array %s %s".formatted(file, path, sentence));
  }

  private Dataset dataset(String path) {
    final var node = read(path, () -> hdf.getByPath(path));
    if (node instanceof Dataset dataset) {
      return dataset;
    }
    throw wrong(path, "is a group; expected is an array.");
  }

  private <T> T read(String path, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (DataException e) {
      throw e;
    } catch (HdfInvalidPathException e) {
      throw new DataException("%s holds no array %s.".formatted(file, path), e);
    } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
      // a damaged file may promise more than any machine holds
      throw unreadable(path, e);
    }
  }

  private DataException unreadable(String path, Throwable e) {
    return new DataException(
        "%s: the array %s cannot be read: %s.".formatted(file, path, why(e)), e);
  }

  private static String why(Throwable e) {
    final String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return why.endsWith(".") ? why.substring(0, why.length() - 1) : why;
  }

  private static String kind(Object value) {
    return value == null ? "nothing" : value.getClass().getSimpleName();
  }
}
