package rheobase.data.wfdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rheobase.data.DataException;
import rheobase.data.wfdb.WfdbHeader.Signal;

/**
 * The signals of a record in physical units.
 *
 * <p>Format 16 is two bytes a sample, little-endian, two's complement; -32768 stands for no sample.
 * Format 212 packs two samples of 12 bits into three bytes: the low byte of the first, then the
 * upper four bits of the second and of the first, then the low byte of the second; -2048 stands for
 * no sample. The signals of a file take turns, sample by sample. Checksums are verified.
 *
 * @param header of the record
 * @param frequency samples a second
 * @param names of the signals, such as {@code MLII}; their numbers from 1 on where they have none
 * @param samples of each signal
 * @param values {@code [sample][signal]}, flat; NaN for no sample
 */
public record WfdbRecord(
    Path header, double frequency, List<String> names, int samples, float[] values) {

  /**
   * Reads a record.
   *
   * @param path of its header
   * @throws DataException naming file and line, or file and signal, of what is wrong
   */
  public static WfdbRecord read(Path path) {
    final WfdbHeader header = WfdbHeader.read(path);
    final Map<String, byte[]> files = new LinkedHashMap<>();
    for (Signal signal : header.signals()) {
      files.computeIfAbsent(signal.file(), name -> bytes(path, name));
    }
    final int samples = header.samples() > 0 ? header.samples() : fitting(header, files);
    final int signals = header.signals().size();
    if ((long) samples * signals > Integer.MAX_VALUE - 64) {
      throw new DataException("%s has more samples than can be read.".formatted(path));
    }
    files.forEach((name, bytes) -> checkLength(header, name, bytes.length, samples));
    final float[] values = new float[samples * signals];
    for (int s = 0; s < signals; s++) {
      read(header, s, files, samples, values);
    }
    return new WfdbRecord(path, header.frequency(), names(header), samples, values);
  }

  private static List<String> names(WfdbHeader header) {
    return header.signals().stream()
        .map(signal ->
            signal.name().isEmpty() ? "" + (header.signals().indexOf(signal) + 1) : signal.name())
        .toList();
  }

  private static byte[] bytes(Path header, String name) {
    final Path path = header.resolveSibling(name);
    try {
      return Files.readAllBytes(path);
    } catch (NoSuchFileException e) {
      throw new DataException(
          "There is no file %s, in which %s says the signals are.".formatted(path, header), e);
    } catch (IOException e) {
      throw DataException.unreadable(path, e);
    } catch (OutOfMemoryError e) {
      throw new DataException("%s is too large to be read.".formatted(path), e);
    }
  }

  private static List<Signal> in(WfdbHeader header, String file) {
    return header.signals().stream().filter(signal -> signal.file().equals(file)).toList();
  }

  /** Whole samples of each signal that the first signal file holds. */
  private static int fitting(WfdbHeader header, Map<String, byte[]> files) {
    final Signal first = header.signals().getFirst();
    final List<Signal> together = in(header, first.file());
    final long bytes = files.get(first.file()).length - (long) first.offset();
    final long samples = first.format() == 16 ? bytes / 2 : bytes * 2 / 3;
    if (samples < together.size()) {
      throw new DataException(
          "%s holds no sample.".formatted(header.path().resolveSibling(first.file())));
    }
    return (int) (samples / together.size());
  }

  private static void checkLength(WfdbHeader header, String name, int length, int samples) {
    final List<Signal> together = in(header, name);
    final Signal first = together.getFirst();
    for (Signal signal : together) {
      if (signal.format() != first.format() || signal.offset() != first.offset()) {
        throw new DataException(
            "%s:%d gives %s another format than line %d does."
                .formatted(header.path(), signal.line(), name, first.line()));
      }
    }
    final long count = (long) samples * together.size();
    final long wanted = first.offset() + (first.format() == 16 ? 2 * count : (3 * count + 1) / 2);
    // A last pair of one sample may be padded, and files to whole blocks: more does no harm.
    if (length < wanted) {
      throw new DataException(
          "%s is cut off: it has %d bytes, but %d samples of %d signals in format %d take %d."
              .formatted(
                  header.path().resolveSibling(name),
                  length,
                  samples,
                  together.size(),
                  first.format(),
                  wanted));
    }
  }

  private static void read(
      WfdbHeader header, int index, Map<String, byte[]> files, int samples, float[] values) {
    final Signal signal = header.signals().get(index);
    final byte[] bytes = files.get(signal.file());
    final List<Signal> together = in(header, signal.file());
    final int turn = together.indexOf(signal);
    final int signals = header.signals().size();
    final int none = signal.format() == 16 ? -32768 : -2048;
    int sum = 0;
    for (int i = 0; i < samples; i++) {
      final int sample =
          signal.format() == 16
              ? sample16(bytes, signal.offset(), i * together.size() + turn)
              : sample212(bytes, signal.offset(), i * together.size() + turn);
      sum += sample;
      values[i * signals + index] =
          sample == none ? Float.NaN : (float) ((sample - signal.baseline()) / signal.gain());
    }
    // Some headers have 0 where nobody computed it.
    if (signal.checksum() != null
        && signal.checksum() != 0
        && signal.checksum() != (sum & 0xffff)) {
      throw new DataException(
          "%s is damaged: the samples of signal %d add up to %d (16 bits), but %s:%d says %d."
              .formatted(
                  header.path().resolveSibling(signal.file()),
                  index + 1,
                  (short) sum,
                  header.path(),
                  signal.line(),
                  (short) (int) signal.checksum()));
    }
  }

  private static int sample16(byte[] bytes, int offset, int index) {
    final int at = offset + 2 * index;
    return bytes[at] & 0xff | bytes[at + 1] << 8;
  }

  private static int sample212(byte[] bytes, int offset, int index) {
    final int at = offset + index / 2 * 3;
    final int unsigned =
        index % 2 == 0
            ? bytes[at] & 0xff | (bytes[at + 1] & 0x0f) << 8
            : bytes[at + 2] & 0xff | (bytes[at + 1] & 0xf0) << 4;
    return unsigned << 20 >> 20;
  }
}
