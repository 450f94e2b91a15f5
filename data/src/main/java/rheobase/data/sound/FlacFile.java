package rheobase.data.sound;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import rheobase.data.DataException;

/**
 * FLAC (RFC 9639) of one channel of 8 to 24 bits, as LibriSpeech is published. A decoder of our
 * own: the one library there is for Java takes all memory when a file is damaged.
 *
 * <p>A file is blocks of metadata, of which the first says what it holds, then frames: a head, one
 * subframe, and a checksum. A subframe is a constant, plain samples, or a linear prediction from
 * the samples before with its error in Rice codes. Every frame's CRC-16 and the MD5 of all samples
 * are compared, so a damaged file is noticed, never half believed.
 */
final class FlacFile {
  private static final int STREAM_INFO = 0;
  private static final int LARGEST_ORDER = 32;

  /** Coefficients of the fixed predictors, nearest sample first. */
  private static final int[][] FIXED = {{}, {1}, {2, -1}, {3, -3, 1}, {4, -6, 4, -1}};

  private final BitReader in;
  private int rate;
  private int bits;
  private long total;
  private byte[] md5;
  private int[] samples = new int[0];
  private int count;

  private FlacFile(byte[] content) {
    in = new BitReader(content);
  }

  /** Why a file cannot be read, as the end of a sentence. */
  private static final class Damage extends RuntimeException {
    private static final long serialVersionUID = 1;

    Damage(String how) {
      super(how);
    }
  }

  /**
   * @param content of the file, which begins with fLaC
   * @throws DataException naming the file and what is wrong with it
   */
  static Sound read(Path file, byte[] content) {
    try {
      return new FlacFile(content).read();
    } catch (Damage | ArrayIndexOutOfBoundsException e) {
      final String how =
          e instanceof Damage ? e.getMessage() : "is a damaged FLAC file: it ends too early.";
      throw new DataException(file + " " + how, e);
    }
  }

  private Sound read() {
    in.take(32);
    metadata();
    while (in.bytesLeft() > 0) {
      frame();
    }
    if (count == 0 || total != 0 && count != total) {
      throw new Damage(
          "is a damaged FLAC file: it holds %d of the %d samples it names."
              .formatted(count, total));
    }
    // an encoder that did not compute it leaves zeros
    if (!Arrays.equals(md5, new byte[md5.length]) && !Arrays.equals(md5, digest())) {
      throw new Damage(
          "is a damaged FLAC file: its samples are not those its MD5 was computed of.");
    }
    final float full = Math.scalb(1f, bits - 1);
    final float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = samples[i] / full;
    }
    return new Sound(rate, values);
  }

  private void metadata() {
    boolean first = true;
    boolean last = false;
    while (!last) {
      last = in.take(1) == 1;
      final int kind = in.take(7);
      final int length = in.take(24);
      if (first != (kind == STREAM_INFO)) {
        throw new Damage("is a damaged FLAC file: it does not begin with what it holds.");
      }
      if (first) {
        streamInfo();
      } else {
        in.skipBytes(length);
      }
      first = false;
    }
  }

  private void streamInfo() {
    in.skipBytes(10); // sizes of blocks and frames
    rate = in.take(20);
    final int channels = in.take(3) + 1;
    bits = in.take(5) + 1;
    total = (long) in.take(4) << 32 | Integer.toUnsignedLong(in.take(32));
    md5 = in.takeBytes(16);
    if (channels != 1) {
      throw new Damage("has %d channels; expected is one.".formatted(channels));
    }
    if (bits < 8 || bits > 24) {
      throw new Damage("has samples of %d bits; 8 to 24 can be read.".formatted(bits));
    }
    if (rate == 0) {
      throw new Damage("is a damaged FLAC file: it names no samples per second.");
    }
  }

  private void frame() {
    final int from = in.bytePosition();
    if (in.take(15) != 0b111111111111100) {
      throw new Damage(
          "is a damaged FLAC file: there is no frame where one should begin (byte %d)."
              .formatted(from));
    }
    in.take(1); // whether blocks differ in size: each says its own
    final int size = in.take(4);
    final int rateCode = in.take(4);
    final int channels = in.take(4);
    final int bitsCode = in.take(3);
    in.take(1);
    skipCodedNumber(from);
    final int block = blockSize(size, from);
    in.skipBytes(
        switch (rateCode) {
          case 12 -> 1;
          case 13, 14 -> 2;
          default -> 0;
        });
    in.skipBytes(1); // CRC-8 of the head; that of the frame covers it
    if (channels != 0 || bitsCode != 0 && bitsOf(bitsCode) != bits) {
      throw damaged(from, "it is of another kind than the file");
    }
    if (count + block > samples.length) {
      // no more than a file of this length can hold: a block takes some bytes at least
      samples = Arrays.copyOf(samples, Math.max(count + block, samples.length * 3 / 2));
    }
    subframe(block, from);
    in.toNextByte();
    final int expected = crc16(in.bytes(), from, in.bytePosition());
    if (in.take(16) != expected) {
      throw damaged(from, "its checksum is wrong");
    }
    count += block;
  }

  private static Damage damaged(int from, String how) {
    return new Damage(
        "is a damaged FLAC file: the frame at byte %d cannot be read, %s.".formatted(from, how));
  }

  /** The number of the frame, or of its first sample, coded as UTF-8 codes a letter. */
  private void skipCodedNumber(int from) {
    final int first = in.take(8);
    final int ones = Integer.numberOfLeadingZeros(~(first << 24));
    if (ones == 1 || ones > 7) {
      throw damaged(from, "it has no number");
    }
    in.skipBytes(Math.max(0, ones - 1));
  }

  private int blockSize(int code, int from) {
    return switch (code) {
      case 0 -> throw damaged(from, "it has no size");
      case 1 -> 192;
      case 2, 3, 4, 5 -> 144 << code;
      case 6 -> in.take(8) + 1;
      case 7 -> in.take(16) + 1;
      default -> 1 << code;
    };
  }

  private static int bitsOf(int code) {
    return switch (code) {
      case 1 -> 8;
      case 2 -> 12;
      case 4 -> 16;
      case 5 -> 20;
      case 6 -> 24;
      default -> -1;
    };
  }

  private void subframe(int block, int from) {
    in.take(1);
    final int kind = in.take(6);
    int wasted = 0;
    if (in.take(1) == 1) {
      wasted = in.zerosBeforeOne() + 1;
    }
    final int width = bits - wasted;
    if (width < 1) {
      throw damaged(from, "it has no bits");
    }
    if (kind == 0) {
      Arrays.fill(samples, count, count + block, in.takeSigned(width));
    } else if (kind == 1) {
      plain(block, width);
    } else if (kind >= 8 && kind <= 12) {
      final int order = kind - 8;
      checkOrder(order, block, from);
      plain(order, width);
      predicted(block, FIXED[order], 0, from);
    } else if (kind >= 32) {
      final int order = kind - 31;
      checkOrder(order, block, from);
      plain(order, width);
      linear(block, order, from);
    } else {
      throw damaged(from, "it is coded in no known way");
    }
    for (int i = count; i < count + block; i++) {
      samples[i] <<= wasted;
    }
  }

  private static void checkOrder(int order, int block, int from) {
    if (order > block || order > LARGEST_ORDER) {
      throw damaged(from, "it is predicted from more samples than it has");
    }
  }

  private void plain(int length, int width) {
    for (int i = 0; i < length; i++) {
      samples[count + i] = in.takeSigned(width);
    }
  }

  private void linear(int block, int order, int from) {
    final int precision = in.take(4) + 1;
    final int shift = in.takeSigned(5);
    if (precision == 16 || shift < 0) {
      throw damaged(from, "its prediction is not allowed");
    }
    final int[] coefficients = new int[order];
    for (int i = 0; i < order; i++) {
      coefficients[i] = in.takeSigned(precision);
    }
    predicted(block, coefficients, shift, from);
  }

  /** Reads the errors of the prediction, in partitions of Rice codes, and adds the prediction. */
  private void predicted(int block, int[] coefficients, int shift, int from) {
    final int order = coefficients.length;
    final int method = in.take(2);
    if (method > 1) {
      throw damaged(from, "its errors are coded in no known way");
    }
    final int parameterBits = 4 + method;
    final int escape = (1 << parameterBits) - 1;
    final int partitions = 1 << in.take(4);
    if (block % partitions != 0 || block / partitions < order) {
      throw damaged(from, "it cannot be parted so");
    }
    int i = order;
    for (int p = 0; p < partitions; p++) {
      final int end = (p + 1) * (block / partitions);
      final int parameter = in.take(parameterBits);
      final int width = parameter == escape ? in.take(5) : -1;
      for (; i < end; i++) {
        final int error = width >= 0 ? in.takeSigned(width) : in.rice(parameter);
        long sum = 0;
        for (int c = 0; c < order; c++) {
          sum += (long) coefficients[c] * samples[count + i - 1 - c];
        }
        samples[count + i] = (int) (sum >> shift) + error;
      }
    }
  }

  private byte[] digest() {
    final int width = (bits + 7) / 8;
    final byte[] bytes = new byte[count * width];
    for (int i = 0; i < count; i++) {
      for (int b = 0; b < width; b++) {
        bytes[i * width + b] = (byte) (samples[i] >> 8 * b);
      }
    }
    try {
      return MessageDigest.getInstance("MD5").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has MD5", e);
    }
  }

  /** Polynomial x^16 + x^15 + x^2 + 1, from 0. */
  private static int crc16(byte[] bytes, int from, int to) {
    int crc = 0;
    for (int i = from; i < to; i++) {
      crc ^= (bytes[i] & 0xff) << 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 0x8000) == 0 ? crc << 1 : crc << 1 ^ 0x8005;
      }
    }
    return crc & 0xffff;
  }
}
