package rheobase.data.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import rheobase.data.Signal;
import rheobase.data.npy.NpyArray;
import rheobase.data.npy.NpzFile;
import rheobase.data.sound.MelSpectrogram;

class CommandFeaturesTest {
  private static final int SAMPLES = 15_601;

  @Test
  void powerInMelBandsIsThatOfLibrosa() throws URISyntaxException {
    final Map<String, NpyArray> figures = figures();
    final float[] sound = sound();
    float loudest = 0;
    for (float sample : sound) {
      loudest = Math.max(loudest, Math.abs(sample));
    }
    final float[] clip = new float[16_000];
    for (int n = 0; n < SAMPLES; n++) {
      clip[(16_000 - SAMPLES) / 2 + n] = sound[n] / loudest;
    }
    final double[] power = new MelSpectrogram(16_000, 480, 160, 40, 20, 4000).of(clip);
    final int[] steps = figures.get("steps").ints();
    final double[] expected = figures.get("power").doubles();
    for (int i = 0; i < expected.length; i++) {
      assertThat(power[steps[i / 40] * 40 + i % 40])
          .isCloseTo(expected[i], within(1e-5 * expected[i] + 1e-9));
    }
  }

  @Test
  void featuresAreThoseOfLibrosa() throws URISyntaxException {
    final Map<String, NpyArray> figures = figures();
    final Signal.Dense features = new CommandFeatures().of(sound());
    assertThat(features.steps()).isEqualTo(101);
    final int[] steps = figures.get("steps").ints();
    final double[] expected = figures.get("features").doubles();
    for (int i = 0; i < expected.length; i++) {
      assertThat(features.values()[steps[i / 120] * 120 + i % 120])
          .isCloseTo((float) expected[i], within(1e-5f));
    }
    final double[] sums = new double[120];
    for (int i = 0; i < features.values().length; i++) {
      sums[i % 120] += Math.abs(features.values()[i]);
    }
    final double[] expectedSums = figures.get("sums").doubles();
    for (int c = 0; c < 120; c++) {
      assertThat(sums[c]).isCloseTo(expectedSums[c], within(1e-4));
    }
  }

  @Test
  void loudnessDoesNotMatter() {
    final float[] soft = sound();
    for (int n = 0; n < SAMPLES; n++) {
      soft[n] /= 1024;
    }
    assertThat(new CommandFeatures().of(soft).values())
        .containsExactly(new CommandFeatures().of(sound()).values());
  }

  @Test
  void silenceIsAllZeros() {
    assertThat(new CommandFeatures().of(new float[16_000]).values()).containsOnly(0);
    assertThat(new CommandFeatures().of(new float[0]).values()).containsOnly(0);
  }

  @Test
  void aShortClipStandsInTheMiddle() {
    final float[] whole = new float[16_000];
    final float[] part = Arrays.copyOf(sound(), 6001);
    System.arraycopy(part, 0, whole, 4999, part.length);
    assertThat(new CommandFeatures().of(part).values())
        .containsExactly(new CommandFeatures().of(whole).values());
  }

  /** The sound of {@code write.py}. */
  private static float[] sound() {
    final float[] sound = new float[SAMPLES];
    long state = 1;
    for (int n = 0; n < SAMPLES; n++) {
      final double seconds = n / 16_000.0;
      final double tone =
          Math.sin(2 * Math.PI * (300 * seconds + 1100 * seconds * seconds))
              * Math.sin(Math.PI * n / SAMPLES);
      state = (state * 1_103_515_245 + 12_345) % (1L << 31);
      sound[n] = (float) ((long) (12_000 * tone) + (state >> 16) % 401 - 200);
    }
    return sound;
  }

  private static Map<String, NpyArray> figures() throws URISyntaxException {
    return NpzFile.read(
        Path.of(
            CommandFeaturesTest.class.getResource("/rheobase/data/speech/features.npz").toURI()));
  }
}
