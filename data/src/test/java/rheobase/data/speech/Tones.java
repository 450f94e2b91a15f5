package rheobase.data.speech;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Files of sound to test readers with. */
final class Tones {
  private Tones() {}

  /** A tone as a WAV file of 16 bits. */
  static byte[] wav(int rate, double hertz, int samples) {
    final ByteBuffer bytes = ByteBuffer.allocate(44 + 2 * samples).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put("RIFF".getBytes()).putInt(36 + 2 * samples).put("WAVEfmt ".getBytes()).putInt(16);
    bytes.putShort((short) 1).putShort((short) 1).putInt(rate).putInt(2 * rate);
    bytes.putShort((short) 2).putShort((short) 16).put("data".getBytes()).putInt(2 * samples);
    for (int n = 0; n < samples; n++) {
      bytes.putShort((short) (8000 * Math.sin(2 * Math.PI * hertz * n / rate)));
    }
    return bytes.array();
  }
}
