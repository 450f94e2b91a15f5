package rheobase.data.sound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rheobase.data.DataException;
import rheobase.data.Signal;

class CochleaTest {
  private static final Cochlea.Range RANGE = new Cochlea.Range(60, 3600);
  private static final Cochlea COCHLEA = new Cochlea(RANGE, 14, 0.004);

  @ParameterizedTest
  @ValueSource(doubles = {200, 500, 1000, 2000, 3000})
  void aToneExcitesItsPlace(double hertz) {
    final int[] spikes = perChannel(COCHLEA.hear(tone(8000, hertz, 0.05, 0.5)));
    assertThat(RANGE.centre((int) Math.round(middle(spikes))))
        .isBetween(0.93 * hertz, 1.07 * hertz);
    assertThat(Arrays.stream(spikes).sum()).isGreaterThan(100);
  }

  @Test
  void samplesPerSecondDoNotMoveThePlace() {
    final int[] slow = perChannel(COCHLEA.hear(tone(8000, 1000, 0.02, 0.5)));
    final int[] fast = perChannel(COCHLEA.hear(tone(16000, 1000, 0.02, 0.5)));
    assertThat(middle(fast)).isCloseTo(middle(slow), within(4.0));
  }

  @Test
  void silenceIsSilent() {
    final Signal.Spikes spikes = COCHLEA.hear(new Sound(8000, new float[4000]));
    assertThat(spikes.active()).isEmpty();
    assertThat(spikes.steps()).isEqualTo(125);
  }

  @Test
  void louderGivesMoreSpikes() {
    int before = 0;
    for (double loudness : new double[] {0.02, 0.04, 0.08, 0.16}) {
      final int spikes = COCHLEA.hear(tone(8000, 1000, loudness, 0.5)).active().length;
      assertThat(spikes).as("at %s", loudness).isGreaterThan(before);
      before = spikes;
    }
  }

  @Test
  void anOnsetStandsOut() {
    final Signal.Spikes spikes = COCHLEA.hear(tone(8000, 1000, 0.05, 0.5));
    final int early = spikes.starts()[15] - spikes.starts()[3];
    final int late = spikes.starts()[115] - spikes.starts()[103];
    assertThat(early).isGreaterThan(late * 3 / 2);
  }

  @Test
  void theSameSoundGivesTheSameSpikesForEver() {
    final Signal.Spikes spikes = COCHLEA.hear(tone(8000, 440, 0.1, 0.25));
    final Signal.Spikes again = COCHLEA.hear(tone(8000, 440, 0.1, 0.25));
    assertThat(again.active()).isEqualTo(spikes.active());
    assertThat(again.starts()).isEqualTo(spikes.starts());
    assertThat(spikes.active().length).isEqualTo(1643);
  }

  @Test
  void theLastStepMayBeIncomplete() {
    assertThat(COCHLEA.hear(new Sound(8000, new float[1])).steps()).isEqualTo(1);
    assertThat(COCHLEA.hear(new Sound(8000, new float[32])).steps()).isEqualTo(1);
    assertThat(COCHLEA.hear(new Sound(8000, new float[33])).steps()).isEqualTo(2);
  }

  @Test
  void channelsAreSpacedLikeTheEar() {
    assertThat(RANGE.centre(0)).isCloseTo(60, within(1e-9));
    assertThat(RANGE.centre(699)).isCloseTo(3600, within(1e-9));
    assertThat(RANGE.centre(350)).isCloseTo(824.7, within(0.1));
  }

  @Test
  void channelsAboveTheSoundAreRefused() {
    assertThatThrownBy(() -> COCHLEA.hear(new Sound(7000, new float[100])))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Channels up to 3600.0 Hz need more than the 7000 samples per second of this sound.");
  }

  private static double middle(int[] spikes) {
    double sum = 0;
    double places = 0;
    for (int c = 0; c < spikes.length; c++) {
      sum += spikes[c];
      places += (double) spikes[c] * c;
    }
    return places / sum;
  }

  private static int[] perChannel(Signal.Spikes spikes) {
    final int[] counts = new int[Cochlea.CHANNELS];
    for (char channel : spikes.active()) {
      counts[channel]++;
    }
    return counts;
  }

  private static Sound tone(int rate, double hertz, double loudness, double seconds) {
    final float[] samples = new float[(int) (seconds * rate)];
    for (int n = 0; n < samples.length; n++) {
      samples[n] = (float) (loudness * StrictMath.sin(2 * Math.PI * hertz * n / rate));
    }
    return new Sound(rate, samples);
  }
}
