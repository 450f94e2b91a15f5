package rheobase.data;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/**
 * An array of unsigned bytes in the IDX format of the MNIST database: two zero bytes, the type (8),
 * the number of dimensions, each dimension as a big-endian int, then the bytes, the last dimension
 * fastest. Plain or gzip, told apart by the first bytes.
 *
 * @param shape sizes of the dimensions
 * @param bytes as many as the shape says
 */
record IdxFile(int[] shape, byte[] bytes) {
  private static final int UNSIGNED_BYTES = 8;

  /**
   * Reads a file.
   *
   * @param dimensions expected
   * @throws DataException naming the file and what is wrong with it
   */
  static IdxFile read(Path file, int dimensions) {
    final byte[] content = content(file);
    if (content.length == 0) {
      throw new DataException("%s is empty; expected is an IDX file.".formatted(file));
    }
    final int header = 4 + 4 * dimensions;
    if (content.length < 4) {
      throw new DataException(
          "%s has %d bytes; it is no IDX file.".formatted(file, content.length));
    }
    if (content[0] != 0 || content[1] != 0 || content[2] != UNSIGNED_BYTES) {
      throw new DataException(
          "%s begins with the bytes %d %d %d; an IDX file of unsigned bytes begins with 0 0 8."
              .formatted(file, content[0] & 0xff, content[1] & 0xff, content[2] & 0xff));
    }
    if (content[3] != dimensions) {
      throw new DataException(
          "%s holds an array of %d dimensions; expected are %d."
              .formatted(file, content[3] & 0xff, dimensions));
    }
    if (content.length < header) {
      throw new DataException(
          "%s ends within its header, at byte %d.".formatted(file, content.length));
    }
    final int[] shape = new int[dimensions];
    long size = 1;
    for (int d = 0; d < dimensions; d++) {
      shape[d] = bigEndian(content, 4 + 4 * d);
      if (shape[d] < 0 || size * shape[d] > content.length) {
        throw new DataException(
            "%s promises %s bytes of data, more than the %d there are."
                .formatted(file, product(content, dimensions), content.length - header));
      }
      size *= shape[d];
    }
    if (content.length - header != size) {
      throw new DataException(
          "%s promises %d bytes of data (%s), but %d follow its header."
              .formatted(file, size, product(content, dimensions), content.length - header));
    }
    return new IdxFile(shape, Arrays.copyOfRange(content, header, content.length));
  }

  private static String product(byte[] content, int dimensions) {
    return IntStream.range(0, dimensions)
        .mapToObj(d -> Integer.toUnsignedString(bigEndian(content, 4 + 4 * d)))
        .collect(Collectors.joining(" x "));
  }

  private static byte[] content(Path file) {
    try (InputStream plain = Files.newInputStream(file)) {
      final byte[] bytes = plain.readAllBytes();
      final boolean zipped =
          bytes.length > 1 && (bytes[0] & 0xff) == 0x1f && (bytes[1] & 0xff) == 0x8b;
      if (!zipped) {
        return bytes;
      }
      try (InputStream unzipped = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
        return unzipped.readAllBytes();
      } catch (IOException e) {
        throw new DataException("%s cannot be unzipped: %s.".formatted(file, e.getMessage()), e);
      }
    } catch (IOException e) {
      throw DataException.unreadable(file, e);
    }
  }

  private static int bigEndian(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 24
        | (bytes[at + 1] & 0xff) << 16
        | (bytes[at + 2] & 0xff) << 8
        | bytes[at + 3] & 0xff;
  }
}
