package rheobase.data.sound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rheobase.data.DataException;

class ResamplerTest {
  private static Sound tone(int rate, double hertz, double seconds) {
    final float[] samples = new float[(int) (rate * seconds)];
    for (int n = 0; n < samples.length; n++) {
      samples[n] = (float) Math.sin(2 * Math.PI * hertz * n / rate);
    }
    return new Sound(rate, samples);
  }

  @ParameterizedTest
  @CsvSource({
    "48000, 16000, 1000",
    "44100, 16000, 300",
    "44100, 16000, 6400",
    "22050, 16000, 3100",
    "16000, 8000, 3200",
    "16001, 16000, 500"
  })
  void aLowToneIsWhatItWouldHaveBeen(int from, int to, double hertz) {
    final Sound heard = new Resampler(from, to).of(tone(from, hertz, 0.2));
    final Sound expected = tone(to, hertz, 0.2);
    assertThat(heard.rate()).isEqualTo(to);
    assertThat(heard.samples().length)
        .isBetween(expected.samples().length, expected.samples().length + 1);
    for (int n = 100; n < expected.samples().length - 100; n++) {
      assertThat(heard.samples()[n]).isCloseTo(expected.samples()[n], within(1e-3f));
    }
  }

  @ParameterizedTest
  @CsvSource({"48000, 16000, 8500", "48000, 16000, 15000", "44100, 8000, 4300"})
  void aToneAboveHalfTheNewRateIsGone(int from, int to, double hertz) {
    final float[] heard = new Resampler(from, to).of(tone(from, hertz, 0.2)).samples();
    for (int n = 100; n < heard.length - 100; n++) {
      assertThat(heard[n]).isCloseTo(0, within(1e-3f));
    }
  }

  @Test
  void theSameRateChangesNothing() {
    final Sound sound = tone(8000, 700, 0.1);
    assertThat(new Resampler(8000, 8000).of(sound)).isSameAs(sound);
  }

  @Test
  void moreSamplesThanThereAreCannotBeMade() {
    assertThatThrownBy(() -> new Resampler(8000, 16000))
        .isInstanceOf(DataException.class)
        .hasMessage("16000 samples per second cannot be made of 8000; only fewer can.");
  }
}
