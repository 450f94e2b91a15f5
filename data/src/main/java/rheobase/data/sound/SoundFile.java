package rheobase.data.sound;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import rheobase.data.DataException;

/**
 * Files with one channel of sound, told apart by their first bytes.
 *
 * <ul>
 *   <li>RIFF WAV (Microsoft and IBM 1991): PCM of 8 (unsigned), 16, 24 or 32 bits, or IEEE floats
 *       of 32 or 64, plain or as WAVE_FORMAT_EXTENSIBLE;
 *   <li>NIST SPHERE: PCM of 16 bits in either byte order, as TIMIT is published. Compressed ones
 *       (shorten) are refused;
 *   <li>FLAC of 16 or 24 bits, as LibriSpeech is published.
 * </ul>
 *
 * Samples of n bits are divided by 2^(n-1), so that full scale is -1 to 1.
 */
public final class SoundFile {
  private static final int PCM = 1;
  private static final int FLOAT = 3;
  private static final int EXTENSIBLE = 0xfffe;
  private static final int LARGEST = 1 << 30;

  private SoundFile() {}

  /** How samples lie in the bytes. */
  private record Form(int rate, int bits, boolean floats, ByteOrder order) {}

  /**
   * Reads a file.
   *
   * @return at least one sample, all finite
   * @throws DataException naming the file and what is wrong with it
   */
  public static Sound read(Path file) {
    final ByteBuffer bytes = ByteBuffer.wrap(content(file));
    if (bytes.capacity() == 0) {
      throw new DataException(
          "%s is empty; expected is a WAV, SPHERE or FLAC file.".formatted(file));
    }
    if (begins(bytes, "RIFF")) {
      return wav(file, bytes.order(ByteOrder.LITTLE_ENDIAN));
    }
    if (begins(bytes, "NIST_1A")) {
      return sphere(file, bytes);
    }
    if (begins(bytes, "fLaC")) {
      return FlacFile.read(file, bytes.array());
    }
    throw new DataException(
        ("%s is no sound file that can be read: a WAV begins with RIFF, a SPHERE file with NIST_1A"
                + " and a FLAC file with fLaC, but this begins with %s.")
            .formatted(file, beginning(bytes)));
  }

  private static Sound wav(Path file, ByteBuffer bytes) {
    try {
      if (!tag(bytes, 8).equals("WAVE")) {
        throw new DataException(
            "%s is a RIFF file of the kind '%s'; expected is WAVE.".formatted(file, tag(bytes, 8)));
      }
      Form form = null;
      int at = 12;
      while (at + 8 <= bytes.capacity()) {
        final String chunk = tag(bytes, at);
        final long size = Integer.toUnsignedLong(bytes.getInt(at + 4));
        final int from = at + 8;
        if (chunk.equals("fmt ")) {
          form = format(file, bytes, from, size);
        } else if (chunk.equals("data")) {
          if (form == null) {
            throw new DataException(
                "%s has its samples (byte %d) before their format.".formatted(file, at));
          }
          return samples(file, bytes, from, size, form);
        }
        if (size > bytes.capacity() - from) {
          throw new DataException(
              "%s is cut short: its chunk '%s' at byte %d promises %d bytes, but %d follow."
                  .formatted(file, chunk, at, size, bytes.capacity() - from));
        }
        at = (int) Math.min(from + size + (size & 1), Integer.MAX_VALUE - 8);
      }
    } catch (IndexOutOfBoundsException | BufferUnderflowException e) {
      throw new DataException(
          "%s ends within its header, at byte %d.".formatted(file, bytes.capacity()), e);
    }
    throw new DataException(
        "%s holds no samples: it has no chunk 'data' in its %d bytes."
            .formatted(file, bytes.capacity()));
  }

  private static Form format(Path file, ByteBuffer bytes, int at, long size) {
    int kind = Short.toUnsignedInt(bytes.getShort(at));
    final int channels = Short.toUnsignedInt(bytes.getShort(at + 2));
    final int rate = bytes.getInt(at + 4);
    final int bits = Short.toUnsignedInt(bytes.getShort(at + 14));
    if (kind == EXTENSIBLE && size >= 26) {
      kind = Short.toUnsignedInt(bytes.getShort(at + 24)); // begins the GUID of the sub-format
    }
    if (channels != 1) {
      throw channels(file, channels);
    }
    final boolean known =
        switch (kind) {
          case PCM -> bits == 8 || bits == 16 || bits == 24 || bits == 32;
          case FLOAT -> bits == 32 || bits == 64;
          default -> false;
        };
    if (!known) {
      throw new DataException(
          ("%s is coded as format %d with %d bits; readable are PCM (1) of 8, 16, 24 or 32 bits"
                  + " and floats (3) of 32 or 64.")
              .formatted(file, kind, bits));
    }
    return new Form(rate(file, rate), bits, kind == FLOAT, ByteOrder.LITTLE_ENDIAN);
  }

  private static Sound sphere(Path file, ByteBuffer bytes) {
    final int header = headerSize(file, bytes);
    final Map<String, String> fields = fields(file, bytes, header);
    final String coding = fields.getOrDefault("sample_coding", "pcm");
    if (!coding.equals("pcm")) {
      throw new DataException(
          "%s is coded as '%s'; only 'pcm' is read. Convert it first, e.g. with sph2pipe -p -f wav."
              .formatted(file, coding));
    }
    final int channels = number(file, fields, "channel_count", "1");
    if (channels != 1) {
      throw channels(file, channels);
    }
    final int width = number(file, fields, "sample_n_bytes", "2");
    if (width != 2) {
      throw new DataException(
          "%s has samples of %d bytes; only those of 2 are read.".formatted(file, width));
    }
    final String order = fields.getOrDefault("sample_byte_format", "01");
    if (!order.equals("01") && !order.equals("10")) {
      throw new DataException(
          "%s has the byte order '%s'; expected is 01 (low byte first) or 10."
              .formatted(file, order));
    }
    final Form form =
        new Form(
            rate(file, number(file, fields, "sample_rate", null)),
            16,
            false,
            order.equals("01") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    final int count = number(file, fields, "sample_count", null);
    return samples(file, bytes, header, 2L * count, form);
  }

  /** The second line of a SPHERE file is the size of its header. */
  private static int headerSize(Path file, ByteBuffer bytes) {
    final String start =
        new String(bytes.array(), 0, Math.min(16, bytes.capacity()), StandardCharsets.US_ASCII);
    final String[] lines = start.split("\n");
    int size = 0;
    try {
      size = lines.length > 1 ? Integer.parseInt(lines[1].strip()) : 0;
    } catch (NumberFormatException e) {
      throw new DataException(
          "%s says '%s' where a SPHERE file says the size of its header."
              .formatted(file, lines[1].strip()),
          e);
    }
    if (size < 16 || size > bytes.capacity()) {
      throw new DataException(
          "%s ends within its header, at byte %d; the header has %d."
              .formatted(file, bytes.capacity(), size));
    }
    return size;
  }

  private static Map<String, String> fields(Path file, ByteBuffer bytes, int header) {
    final Map<String, String> fields = new HashMap<>();
    final String text = new String(bytes.array(), 16, header - 16, StandardCharsets.ISO_8859_1);
    for (String line : text.split("\n")) {
      if (line.strip().equals("end_head")) {
        return fields;
      }
      final String[] parts = line.strip().split("\\s+", 3); // name, type, value
      if (parts.length == 3) {
        fields.put(parts[0], parts[2]);
      }
    }
    throw new DataException("The header of %s has no line 'end_head'.".formatted(file));
  }

  private static int number(Path file, Map<String, String> fields, String name, String otherwise) {
    final String value = fields.getOrDefault(name, otherwise);
    try {
      if (value != null && Integer.parseInt(value) >= 0) {
        return Integer.parseInt(value);
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new DataException(
        value == null
            ? "The header of %s does not say '%s'.".formatted(file, name)
            : "The header of %s says '%s' is '%s'; it must be a whole number."
                .formatted(file, name, value));
  }

  /** Takes {@code size} bytes of samples. */
  private static Sound samples(Path file, ByteBuffer bytes, int from, long size, Form form) {
    final int width = form.bits() / 8;
    final int there = bytes.capacity() - from;
    if (size > there) {
      throw new DataException(
          "%s is cut short: it promises %d samples, but only %d follow its header."
              .formatted(file, size / width, there / width));
    }
    if (size % width != 0) {
      throw new DataException(
          "%s promises %d bytes of samples, which is no multiple of the %d bytes of one."
              .formatted(file, size, width));
    }
    if (size == 0) {
      throw new DataException("%s holds a header but not a single sample.".formatted(file));
    }
    bytes.order(form.order());
    final float[] samples = new float[(int) (size / width)];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = sample(bytes, from + i * width, form);
      if (!Float.isFinite(samples[i])) {
        throw new DataException(
            "%s holds %s at sample %d; every sample must be finite."
                .formatted(file, samples[i], i));
      }
    }
    return new Sound(form.rate(), samples);
  }

  private static float sample(ByteBuffer bytes, int at, Form form) {
    return switch (form.bits()) {
      case 8 -> ((bytes.get(at) & 0xff) - 128) / 128f;
      case 16 -> bytes.getShort(at) / 32768f;
      case 24 -> (bytes.getShort(at + 1) << 8 | bytes.get(at) & 0xff) / 8388608f;
      case 32 -> form.floats() ? bytes.getFloat(at) : bytes.getInt(at) / 2147483648f;
      default -> (float) bytes.getDouble(at);
    };
  }

  private static int rate(Path file, int rate) {
    if (rate < 1) {
      throw new DataException("%s claims %d samples per second.".formatted(file, rate));
    }
    return rate;
  }

  private static DataException channels(Path file, int channels) {
    return new DataException(
        "%s has %d channels; only sounds of one are read.".formatted(file, channels));
  }

  private static boolean begins(ByteBuffer bytes, String tag) {
    return new String(
            bytes.array(), 0, Math.min(tag.length(), bytes.capacity()), StandardCharsets.ISO_8859_1)
        .equals(tag);
  }

  private static String tag(ByteBuffer bytes, int at) {
    final byte[] tag = new byte[4];
    bytes.get(at, tag);
    return new String(tag, StandardCharsets.ISO_8859_1);
  }

  private static String beginning(ByteBuffer bytes) {
    final var text = new StringBuilder("the bytes");
    for (int i = 0; i < Math.min(4, bytes.capacity()); i++) {
      text.append(' ').append(bytes.get(i) & 0xff);
    }
    return text.toString();
  }

  private static byte[] content(Path file) {
    try {
      if (Files.size(file) > LARGEST) {
        throw new DataException(
            "%s has %d bytes; a recording of more than %d is not read."
                .formatted(file, Files.size(file), LARGEST));
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw DataException.unreadable(file, e);
    }
  }
}
