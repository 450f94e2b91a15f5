package rheobase.network.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import rheobase.network.NetworkException;

/**
 * A few named entries in one zip file, written so that equal entries give equal bytes: nothing is
 * compressed (another zlib would compress otherwise, and weights hardly shrink), and every entry
 * carries the same date. Any zip tool reads it. Each entry has a checksum and the directory comes
 * last, so a torn or damaged file is recognised.
 */
public final class Archive {
  /**
   * Not the first moment zip can name: that one the JDK takes for an earlier one, and adds a time
   * in the local zone.
   */
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

  private Archive() {}

  /**
   * Writes the entries in their order, through {@link DurableFile}.
   *
   * @throws WriteException when the disk does not let it
   */
  public static void write(Path file, SequencedMap<String, byte[]> entries) {
    DurableFile.write(
        file,
        out -> {
          var zip = new ZipOutputStream(out);
          for (var entry : entries.entrySet()) {
            zip.putNextEntry(stored(entry.getKey(), entry.getValue()));
            zip.write(entry.getValue());
            zip.closeEntry();
          }
          zip.finish();
        });
  }

  /**
   * Reads entries, compressed or not; others in the file are left alone.
   *
   * @param what the file is expected to be, for the error: {@code "model file"}
   * @throws NetworkException when the file is missing, no archive, cut short or damaged, or lacks
   *     an entry; names the file
   */
  public static Map<String, byte[]> read(Path file, String what, String... names) {
    if (!Files.isRegularFile(file)) {
      throw new NetworkException("there is no " + what + " at " + file);
    }
    try (var zip = new ZipFile(file.toFile())) {
      var entries = new LinkedHashMap<String, byte[]>();
      for (var name : names) {
        var entry = zip.getEntry(name);
        if (entry == null) {
          throw new NetworkException(
              file + " is no Rheobase " + what + ": it has no entry '" + name + "'");
        }
        entries.put(name, entry(zip, entry, file));
      }
      return entries;
    } catch (IOException | IllegalArgumentException e) {
      throw new NetworkException(
          file
              + " is no Rheobase "
              + what
              + ", or is cut short or damaged ("
              + e.getMessage()
              + ")",
          e);
    }
  }

  /**
   * The bytes of one entry of any zip file, its checksum looked at.
   *
   * @throws NetworkException when they are cut short or damaged; names entry and file
   */
  public static byte[] entry(ZipFile zip, ZipEntry entry, Path file) {
    long size = entry.getSize();
    if (size < 0 || size > Integer.MAX_VALUE - 8) {
      throw new NetworkException(
          "the entry '"
              + entry.getName()
              + "' of "
              + file
              + " says it has "
              + size
              + " bytes; it is damaged");
    }
    try (var in = zip.getInputStream(entry)) {
      var bytes = in.readNBytes((int) size);
      var checksum = new CRC32();
      checksum.update(bytes);
      if (bytes.length != size || in.read() >= 0 || checksum.getValue() != entry.getCrc()) {
        throw new NetworkException(
            "the entry '"
                + entry.getName()
                + "' of "
                + file
                + " is damaged: its checksum does not fit; use another copy of the file");
      }
      return bytes;
    } catch (IOException e) {
      throw new NetworkException(
          "the entry '"
              + entry.getName()
              + "' of "
              + file
              + " is cut short or damaged ("
              + e.getMessage()
              + ")",
          e);
    }
  }

  private static ZipEntry stored(String name, byte[] bytes) {
    var checksum = new CRC32();
    checksum.update(bytes);
    var entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(bytes.length);
    entry.setCrc(checksum.getValue());
    entry.setTimeLocal(NO_TIME);
    return entry;
  }
}
