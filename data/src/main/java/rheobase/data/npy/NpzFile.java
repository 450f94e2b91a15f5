package rheobase.data.npy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import rheobase.data.DataException;

/**
 * A {@code .npz} file: a zip of {@code .npy} files, as {@code numpy.savez} and {@code
 * numpy.savez_compressed} write it. Checksums are verified, lengths believed only as far as there
 * are bytes, and Python objects refused.
 */
public final class NpzFile {
  private static final String SUFFIX = ".npy";

  /** The largest array that is read [bytes]: what a Java array can hold. */
  private static final long LIMIT = Integer.MAX_VALUE - 64;

  private NpzFile() {}

  /**
   * Reads every array of a file.
   *
   * @return by name, in the order of the file
   * @throws DataException naming the file and, where it is at fault, the array
   */
  public static Map<String, NpyArray> read(Path path) {
    checkBeginning(path);
    final Map<String, NpyArray> arrays = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(path.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        if (entry.getName().endsWith(SUFFIX)) {
          final String name =
              entry.getName().substring(0, entry.getName().length() - SUFFIX.length());
          arrays.put(name, array(path, zip, entry, name));
        }
      }
    } catch (ZipException e) {
      throw new DataException(
          "%s is cut off or damaged: it begins as a zip file but does not read as one (%s)."
              .formatted(path, e.getMessage()),
          e);
    } catch (IOException e) {
      throw DataException.unreadable(path, e);
    }
    if (arrays.isEmpty()) {
      throw new DataException(
          "%s is a zip file without a single .npy array in it.".formatted(path));
    }
    return arrays;
  }

  private static void checkBeginning(Path path) {
    try (InputStream in = Files.newInputStream(path)) {
      final byte[] start = in.readNBytes(6);
      if (start.length == 0) {
        throw new DataException("%s is empty.".formatted(path));
      }
      if (NpyHeader.begins(start)) {
        throw new DataException(
            "%s is a single array (.npy); put it into a file of named ones with numpy.savez."
                .formatted(path));
      }
      if (start.length < 2 || start[0] != 'P' || start[1] != 'K') {
        throw new DataException(
            "%s is not an .npz file: it is no zip file, which numpy.savez writes.".formatted(path));
      }
    } catch (IOException e) {
      throw DataException.unreadable(path, e);
    }
  }

  private static NpyArray array(Path path, ZipFile zip, ZipEntry entry, String name)
      throws IOException {
    final String where = "The array '%s' of %s".formatted(name, path);
    final Function<String, DataException> problem =
        what -> new DataException(where + " " + what + ".");
    try (CheckedInputStream in = new CheckedInputStream(zip.getInputStream(entry), new CRC32())) {
      final byte[] start = in.readNBytes(NpyHeader.START);
      final int length = NpyHeader.length(start, problem);
      final byte[] head = Arrays.copyOf(start, length);
      if (in.readNBytes(head, start.length, length - start.length) < length - start.length) {
        throw problem.apply("is cut off inside its head");
      }
      final NpyHeader header = NpyHeader.read(head, problem);
      final long wanted = header.contentBytes();
      if (wanted > LIMIT) {
        throw problem.apply("has more than two gigabytes; spread it over several files");
      }
      final byte[] content = in.readNBytes((int) wanted);
      if (content.length < wanted || in.read() >= 0) {
        throw problem.apply(
            "has %s bytes where its shape needs %d"
                .formatted(content.length < wanted ? content.length : "more", wanted));
      }
      if (in.getChecksum().getValue() != entry.getCrc()) {
        throw problem.apply("is damaged: its checksum does not fit");
      }
      return new NpyArray(where, header, content);
    } catch (ZipException e) {
      throw new DataException("%s is damaged: %s.".formatted(where, e.getMessage()), e);
    }
  }
}
