package rheobase.data.sound;

import java.util.Arrays;

/**
 * Reads bytes bit by bit, the highest of each first. Beyond the end it throws {@link
 * ArrayIndexOutOfBoundsException}.
 */
final class BitReader {
  private final byte[] bytes;
  private long at;

  BitReader(byte[] bytes) {
    this.bytes = bytes;
  }

  byte[] bytes() {
    return bytes;
  }

  /** A number of up to 32 bits, without a sign below 32. */
  int take(int count) {
    long value = 0;
    int left = count;
    while (left > 0) {
      final int inByte = (int) (at & 7);
      final int taken = Math.min(left, 8 - inByte);
      final int part = (bytes[(int) (at >> 3)] & 0xff) >> 8 - inByte - taken & (1 << taken) - 1;
      value = value << taken | part;
      at += taken;
      left -= taken;
    }
    return (int) value;
  }

  /** A number in two's complement; of no bits it is 0. */
  int takeSigned(int count) {
    return count == 0 ? 0 : take(count) << 32 - count >> 32 - count;
  }

  /** Passes over zeros and the one behind them. */
  int zerosBeforeOne() {
    int zeros = 0;
    while (take(1) == 0) {
      zeros++;
    }
    return zeros;
  }

  /** A Rice code: how often 2^parameter fits, the rest, and the sign in the lowest bit. */
  int rice(int parameter) {
    final int folded = zerosBeforeOne() << parameter | take(parameter);
    return folded >>> 1 ^ -(folded & 1);
  }

  byte[] takeBytes(int count) {
    final int from = bytePosition();
    if (from + count > bytes.length) {
      throw new ArrayIndexOutOfBoundsException(bytes.length);
    }
    at += 8L * count;
    return Arrays.copyOfRange(bytes, from, from + count);
  }

  void skipBytes(int count) {
    at += 8L * count;
    if (at > 8L * bytes.length) {
      throw new ArrayIndexOutOfBoundsException(bytes.length);
    }
  }

  void toNextByte() {
    at = at + 7 & ~7L;
  }

  /** Of the byte that the next bit lies in. */
  int bytePosition() {
    return (int) (at >> 3);
  }

  int bytesLeft() {
    return bytes.length - bytePosition();
  }
}
