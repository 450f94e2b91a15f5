package rheobase.data.sound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rheobase.data.DataException;
import rheobase.data.RandomStream;

class SoundFileTest {
  @TempDir Path folder;

  @Test
  void everyWidthOfPcmHasTheSameFullScale() throws IOException {
    check(wav(1, 1, 8, (byte) 0, (byte) 128, (byte) 192), -1, 0, 0.5f);
    check(
        wav(
            1,
            1,
            16,
            bytes(6).putShort((short) -32768).putShort((short) 0).putShort((short) 16384)),
        -1,
        0,
        0.5f);
    check(wav(1, 1, 24, 0, 0, 0x80, 0, 0, 0, 0, 0, 0x40), -1, 0, 0.5f);
    check(
        wav(1, 1, 32, bytes(12).putInt(Integer.MIN_VALUE).putInt(0).putInt(1 << 30)), -1, 0, 0.5f);
    check(wav(3, 1, 32, bytes(12).putFloat(-1).putFloat(0).putFloat(0.5f)), -1, 0, 0.5f);
    check(wav(3, 1, 64, bytes(24).putDouble(-1).putDouble(0).putDouble(0.5)), -1, 0, 0.5f);
  }

  @Test
  void theSmallestStepOf24BitsIsKept() throws IOException {
    check(wav(1, 1, 24, 1, 0, 0, 0xff, 0xff, 0xff), 1f / 8388608, -1f / 8388608);
  }

  @Test
  void chunksAroundTheSamplesAreSteppedOver() throws IOException {
    final byte[] plain = wav(1, 1, 16, bytes(4).putShort((short) 16384).putShort((short) -16384));
    final byte[] more = new byte[plain.length + 12];
    System.arraycopy(plain, 0, more, 0, 12);
    ByteBuffer.wrap(more, 12, 12).order(ByteOrder.LITTLE_ENDIAN).put("LIST".getBytes()).putInt(3);
    System.arraycopy(plain, 12, more, 24, plain.length - 12); // 3 bytes and one of padding
    check(more, 0.5f, -0.5f);
  }

  @Test
  void sphereIsReadInBothByteOrders() throws IOException {
    check(sphere("pcm", "01", 2, 0x00, 0x40, 0x00, 0xc0), 0.5f, -0.5f);
    check(sphere("pcm", "10", 2, 0x40, 0x00, 0xc0, 0x00), 0.5f, -0.5f);
  }

  @Test
  void aTruncatedFileIsToldWithBothLengths() throws IOException {
    final byte[] whole = wav(1, 1, 16, new byte[200]);
    refused(Arrays.copyOf(whole, 144), "is cut short: it promises 100 samples, but only 50");
    refused(Arrays.copyOf(whole, 30), "ends within its header, at byte 30");
    refused(Arrays.copyOf(whole, 9), "ends within its header, at byte 9");
    refused(Arrays.copyOf(whole, 36), "holds no samples");
    refused(sphere("pcm", "01", 3, 0, 0, 0, 0), "it promises 3 samples, but only 2");
    refused(
        Arrays.copyOf(sphere("pcm", "01", 1, 0, 0), 500), "ends within its header, at byte 500");
  }

  @Test
  void anEmptyFileAndAFileWithoutSamplesAreRefused() throws IOException {
    refused(new byte[0], "is empty");
    refused(wav(1, 1, 16, new byte[0]), "not a single sample");
    refused(sphere("pcm", "01", 0), "not a single sample");
  }

  @Test
  void whatIsNoSoundFileIsRefusedByItsFirstBytes() throws IOException {
    refused("OggS and so on".getBytes(), "this begins with the bytes 79 103 103 83");
    final byte[] avi = wav(1, 1, 16, new byte[2]);
    System.arraycopy("AVI ".getBytes(), 0, avi, 8, 4);
    refused(avi, "of the kind 'AVI '");
  }

  @Test
  void codingsThatAreNotReadAreNamed() throws IOException {
    refused(wav(7, 1, 8, new byte[2]), "coded as format 7 with 8 bits");
    refused(wav(1, 1, 12, new byte[2]), "coded as format 1 with 12 bits");
    refused(wav(1, 2, 16, new byte[4]), "has 2 channels");
    refused(sphere("pcm,embedded-shorten-v2.00", "01", 1, 0, 0), "embedded-shorten", "sph2pipe");
    refused(sphere("pcm", "1", 1, 0, 0), "byte order '1'");
    refused(wav(3, 1, 32, bytes(8).putFloat(0).putFloat(Float.NaN)), "NaN at sample 1");
  }

  @Test
  void damagedFilesEndInASentenceOrInSound() throws IOException {
    final byte[] samples = new byte[120];
    for (byte[] whole :
        List.of(
            wav(1, 1, 16, samples),
            wav(3, 1, 32, samples),
            sphere("pcm", "01", 60, new int[120]))) {
      int refused = 0;
      for (int trial = 0; trial < 400; trial++) {
        final var random = RandomStream.of(1, "damage", trial);
        final byte[] damaged =
            trial % 2 == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
        for (int flips = trial % 2 * 3; flips > 0; flips--) {
          damaged[random.nextInt(whole.length - samples.length)] ^=
              (byte) (1 + random.nextInt(255));
        }
        final Path file = Files.write(folder.resolve("sound"), damaged);
        final Throwable refusal = catchThrowable(() -> SoundFile.read(file));
        if (refusal != null) {
          refused++;
          assertThat(refusal)
              .isInstanceOf(DataException.class)
              .hasMessageContaining(file.toString());
        }
      }
      assertThat(refused).as("all that is cut off, and more").isGreaterThanOrEqualTo(200);
    }
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> SoundFile.read(folder.resolve("none.wav")))
        .hasMessageContaining("There is no file ");
  }

  private void check(byte[] content, float... samples) throws IOException {
    final Path file = Files.write(folder.resolve("sound"), content);
    final Sound sound = SoundFile.read(file);
    assertThat(sound.rate()).isEqualTo(8000);
    assertThat(sound.samples()).containsExactly(samples);
  }

  private void refused(byte[] content, String... parts) throws IOException {
    final Path file = Files.write(folder.resolve("sound"), content);
    final var refusal = assertThatThrownBy(() -> SoundFile.read(file));
    refusal.hasMessageContaining(file.toString());
    for (String part : parts) {
      refusal.hasMessageContaining(part);
    }
  }

  private static ByteBuffer bytes(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] wav(int kind, int channels, int bits, int... data) {
    final byte[] bytes = new byte[data.length];
    for (int i = 0; i < data.length; i++) {
      bytes[i] = (byte) data[i];
    }
    return wav(kind, channels, bits, bytes);
  }

  private static byte[] wav(int kind, int channels, int bits, ByteBuffer data) {
    return wav(kind, channels, bits, data.array());
  }

  private static byte[] wav(int kind, int channels, int bits, byte... data) {
    return bytes(44 + data.length)
        .put("RIFF".getBytes())
        .putInt(36 + data.length)
        .put("WAVEfmt ".getBytes())
        .putInt(16)
        .putShort((short) kind)
        .putShort((short) channels)
        .putInt(8000)
        .putInt(8000 * bits / 8)
        .putShort((short) (bits / 8))
        .putShort((short) bits)
        .put("data".getBytes())
        .putInt(data.length)
        .put(data)
        .array();
  }

  private static byte[] sphere(String coding, String order, int samples, int... data) {
    final String header =
        """
        NIST_1A
           1024
        database_id -s5 TIMIT
        channel_count -i 1
        sample_count -i %d
        sample_rate -i 8000
        sample_n_bytes -i 2
        sample_byte_format -s2 %s
        sample_coding -s%d %s
        end_head
        """
            .formatted(samples, order, coding.length(), coding);
    final ByteBuffer bytes = bytes(1024 + data.length);
    bytes.put(header.getBytes(StandardCharsets.US_ASCII)).position(1024);
    for (int b : data) {
      bytes.put((byte) b);
    }
    return bytes.array();
  }
}
