package rheobase.data.sound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import rheobase.data.DataException;
import rheobase.data.Signal;

class MfccTest {
  private static final int RATE = 16000;

  @Test
  void featuresAreThoseOfAnIndependentProgram() throws IOException {
    final double[] expected = expected();
    final double[] features = new Mfcc(RATE).unscaled(wave().samples());
    assertThat(features).hasSize(18 * 39);
    for (int i = 0; i < expected.length; i++) {
      assertThat(features[i])
          .as("frame %d, feature %d", i / 39, i % 39)
          .isCloseTo(expected[i], within(1e-6));
    }
  }

  @Test
  void everyFeatureHasMeanZeroAndDeviationOne() throws IOException {
    final double[] expected = expected();
    final Signal.Dense features = new Mfcc(RATE).of(wave());
    assertThat(features.steps()).isEqualTo(18);
    assertThat(features.channels()).isEqualTo(39);
    for (int c = 0; c < 39; c++) {
      final int channel = c;
      final double[] own =
          IntStream.range(0, 18).mapToDouble(frame -> expected[frame * 39 + channel]).toArray();
      final double mean = Arrays.stream(own).average().orElseThrow();
      final double deviation =
          Math.sqrt(Arrays.stream(own).map(x -> (x - mean) * (x - mean)).average().orElseThrow());
      for (int frame = 0; frame < 18; frame++) {
        assertThat((double) features.values()[frame * 39 + c])
            .as("frame %d, feature %d", frame, c)
            .isCloseTo((own[frame] - mean) / deviation, within(1e-5));
      }
    }
  }

  private static double[] expected() throws IOException {
    try (var file = MfccTest.class.getResourceAsStream("/rheobase/data/sound/mfcc.txt")) {
      return Arrays.stream(
              new String(file.readAllBytes(), StandardCharsets.US_ASCII).strip().split("\\s+"))
          .mapToDouble(Double::parseDouble)
          .toArray();
    }
  }

  @Test
  void loudnessDoesNotMatter() {
    final Sound quiet = new Sound(RATE, noise(2000));
    final Sound loud = quiet.ofLoudness(0.3);
    final float[] one = new Mfcc(RATE).of(quiet).values();
    final float[] other = new Mfcc(RATE).of(loud).values();
    for (int i = 0; i < one.length; i++) {
      assertThat(other[i]).isCloseTo(one[i], within(1e-4f));
    }
  }

  @Test
  void theLastFrameBeginsBeforeTheSoundEnds() {
    final var mfcc = new Mfcc(RATE);
    assertThat(mfcc.frames(1)).isEqualTo(1);
    assertThat(mfcc.frames(400)).isEqualTo(1);
    assertThat(mfcc.frames(401)).isEqualTo(2);
    assertThat(mfcc.frames(560)).isEqualTo(2);
    assertThat(mfcc.frames(561)).isEqualTo(3);
  }

  @Test
  void whatNeverChangesIsZero() {
    final float[] features = new Mfcc(RATE).of(new Sound(RATE, new float[3000])).values();
    assertThat(features).containsOnly(0f);
  }

  @Test
  void aSoundOfOneFrameHasNoDerivative() {
    assertThatThrownBy(() -> new Mfcc(RATE).of(new Sound(RATE, noise(400))))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("400 samples")
        .hasMessageContaining("401 samples at least");
  }

  @Test
  void aRateIsRefusedWhereAWindowDoesNotFit() {
    assertThatThrownBy(() -> new Mfcc(44100))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("44100 samples per second");
    assertThatThrownBy(() -> new Mfcc(RATE).of(new Sound(8000, noise(4000))))
        .hasMessageContaining("8000 samples per second; expected are 16000");
  }

  /** The sound of mfcc.py: a rising wave with noise, and silence in its middle. */
  private static Sound wave() {
    final float[] samples = new float[3000];
    long noise = 1;
    int phase = 0;
    for (int n = 0; n < samples.length; n++) {
      noise = (1103515245 * noise + 12345) % (1L << 31);
      phase = (phase + 400 + n) % 65536;
      final int triangle = Math.abs(phase - 32768) - 16384;
      if (n < 1200 || n >= 1900) {
        samples[n] = (Math.floorDiv(triangle * n, 4000) + (noise >> 16) / 64 - 256) / 32768f;
      }
    }
    return new Sound(RATE, samples);
  }

  private static float[] noise(int length) {
    final float[] samples = new float[length];
    long noise = 1;
    for (int n = 0; n < length; n++) {
      noise = (1103515245 * noise + 12345) % (1L << 31);
      samples[n] = (noise - (1L << 30)) / 4e9f;
    }
    return samples;
  }
}
