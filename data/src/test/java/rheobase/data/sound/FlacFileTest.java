package rheobase.data.sound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rheobase.data.DataException;

/** Files written by the reference encoder (made of what {@code flac.py} writes). */
class FlacFileTest {
  @TempDir private Path folder;

  private static int sample(int n) {
    return (int)
        Math.rint(
            8000 * Math.sin(2 * Math.PI * 440 * n / 16000) + 2000 * Math.sin((long) n * n % 977));
  }

  private Path copy(String name) throws IOException {
    final Path file = folder.resolve(name);
    try (var stream = FlacFileTest.class.getResourceAsStream("/rheobase/data/sound/" + name)) {
      Files.write(file, stream.readAllBytes());
    }
    return file;
  }

  @Test
  void everySampleIsTheOneThatWasEncoded() throws IOException {
    final Sound sound = SoundFile.read(copy("tone.flac"));
    assertThat(sound.rate()).isEqualTo(16000);
    assertThat(sound.samples()).hasSize(1600);
    for (int n = 0; n < 1600; n++) {
      assertThat(sound.samples()[n]).as("sample %d", n).isEqualTo(sample(n) / 32768f);
    }
  }

  @Test
  void twentyFourBitsAreRead() throws IOException {
    final Sound sound = SoundFile.read(copy("deep.flac"));
    assertThat(sound.rate()).isEqualTo(8000);
    for (int n = 0; n < 1600; n++) {
      assertThat(sound.samples()[n]).as("sample %d", n).isEqualTo(sample(n) * 200 / 8388608f);
    }
  }

  @Test
  void twoChannelsAreRefused() throws IOException {
    final Path file = copy("stereo.flac");
    assertThatThrownBy(() -> SoundFile.read(file))
        .isInstanceOf(DataException.class)
        .hasMessage(file + " has 2 channels; expected is one.");
  }

  @Test
  void everyTruncationIsASentenceAboutTheFile() throws IOException {
    final Path file = copy("tone.flac");
    final byte[] whole = Files.readAllBytes(file);
    for (int length = 4; length < whole.length; length += 13) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> SoundFile.read(file))
          .as("%d bytes", length)
          .isInstanceOf(DataException.class)
          .hasMessageStartingWith(file + " is a damaged FLAC file: ");
    }
  }

  @Test
  void changedBytesNeverGiveOtherSamples() throws IOException {
    final Path file = copy("tone.flac");
    final byte[] whole = Files.readAllBytes(file);
    final float[] samples = SoundFile.read(file).samples();
    for (int at = 4; at < whole.length; at += 7) {
      final byte[] changed = whole.clone();
      changed[at] ^= 0x55;
      Files.write(file, changed);
      try {
        assertThat(SoundFile.read(file).samples()).as("byte %d", at).isEqualTo(samples);
      } catch (DataException e) {
        assertThat(e).hasMessageStartingWith(file.toString());
      }
    }
  }
}
