package rheobase.data.sound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import rheobase.data.DataException;
import rheobase.data.Signal;
import rheobase.data.sound.KaldiFeatures.Kind;

/** Against NumPy ({@code kaldi.py}). */
class KaldiFeaturesTest {
  private static final int RATE = 16000;

  /** A rising tone, something rough, and an offset. */
  private static Sound wave() {
    final float[] samples = new float[3000];
    for (int n = 0; n < samples.length; n++) {
      final double t = (double) n / RATE;
      samples[n] =
          (float)
              (0.3 * Math.sin(2 * Math.PI * (300 * t + 900 * t * t))
                  + 0.05 * Math.sin((long) n * n % 997)
                  + 0.01);
    }
    return new Sound(RATE, samples);
  }

  private static double[] expected(String name) throws IOException {
    try (var file = KaldiFeaturesTest.class.getResourceAsStream("/rheobase/data/sound/kaldi.txt")) {
      return new String(file.readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .map(line -> line.split(" "))
          .filter(parts -> parts[0].equals(name))
          .flatMapToDouble(parts -> Arrays.stream(parts).skip(1).mapToDouble(Double::parseDouble))
          .toArray();
    }
  }

  private static void close(Signal.Dense features, String name) throws IOException {
    final double[] expected = expected(name);
    assertThat(features.values()).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) features.values()[i])
          .as("%s, frame %d, feature %d", name, i / features.channels(), i % features.channels())
          .isCloseTo(expected[i], within(1e-4));
    }
  }

  @Test
  void cepstraAreThoseOfAnIndependentProgram() throws IOException {
    close(new KaldiFeatures(RATE, Kind.MFCC, 23, false).of(wave()), "mfcc");
    close(new KaldiFeatures(RATE, Kind.MFCC, 23, true).of(wave()), "energy");
  }

  @Test
  void filterBanksAreThoseOfAnIndependentProgram() throws IOException {
    close(new KaldiFeatures(RATE, Kind.FILTER_BANK, 40, true).of(wave()), "fbank");
  }

  @Test
  void derivativesAreThoseOfAnIndependentProgram() throws IOException {
    final Signal.Dense cepstra = new KaldiFeatures(RATE, Kind.MFCC, 23, false).of(wave());
    final Signal.Dense all = KaldiFeatures.withDerivatives(cepstra, 2);
    assertThat(all.channels()).isEqualTo(39);
    close(all, "deltas");
  }

  @Test
  void onlyWholeFramesCount() {
    final var features = new KaldiFeatures(RATE, Kind.MFCC, 23, false);
    assertThat(features.frames(399)).isZero();
    assertThat(features.frames(400)).isOne();
    assertThat(features.frames(559)).isOne();
    assertThat(features.frames(560)).isEqualTo(2);
  }

  @Test
  void silenceIsFinite() {
    final var silence = new Sound(RATE, new float[800]);
    for (float value : new KaldiFeatures(RATE, Kind.MFCC, 23, true).of(silence).values()) {
      assertThat(value).isFinite();
    }
  }

  @Test
  void whatCannotBeCutIntoFramesIsSaid() {
    final var features = new KaldiFeatures(RATE, Kind.MFCC, 23, false);
    assertThatThrownBy(() -> features.of(new Sound(RATE, new float[399])))
        .isInstanceOf(DataException.class)
        .hasMessage("The sound has 399 samples, less than a frame of 400.");
    assertThatThrownBy(() -> features.of(new Sound(8000, new float[800])))
        .hasMessage("The sound has 8000 samples per second; expected are 16000.");
    assertThatThrownBy(() -> new KaldiFeatures(RATE, Kind.FILTER_BANK, 200, false))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("200 mel filters are too many for 16000 samples per second");
  }
}
