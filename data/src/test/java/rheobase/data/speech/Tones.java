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

  /** The same tone as a SPHERE file, as TIMIT is published. */
  static byte[] sphere(int rate, double hertz, int samples) {
    final String header =
        """
        NIST_1A
           1024
        channel_count -i 1
        sample_count -i %d
        sample_rate -i %d
        sample_n_bytes -i 2
        sample_byte_format -s2 01
        end_head
        """
            .formatted(samples, rate);
    final ByteBuffer bytes = ByteBuffer.allocate(1024 + 2 * samples).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(header.getBytes()).position(1024);
    bytes.put(wav(rate, hertz, samples), 44, 2 * samples);
    return bytes.array();
  }
}
