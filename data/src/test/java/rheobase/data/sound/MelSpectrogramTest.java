package rheobase.data.sound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import rheobase.data.DataException;

class MelSpectrogramTest {
  private static final MelSpectrogram SPECTROGRAM =
      new MelSpectrogram(16_000, 480, 160, 40, 20, 4000);

  @Test
  void aToneIsLoudestInTheBandAroundIt() {
    final double[] mel = SPECTROGRAM.of(tone(1000));
    final int loudest =
        IntStream.range(0, 40)
            .reduce(0, (one, other) -> mel[50 * 40 + other] > mel[50 * 40 + one] ? other : one);
    final double centre =
        MelBands.hertz(
            MelBands.mel(20) + (MelBands.mel(4000) - MelBands.mel(20)) * (loudest + 1) / 41);
    assertThat(centre).isCloseTo(1000, within(40.0));
  }

  @Test
  void theScaleOfMelIsUndoneByItsInverse() {
    for (double hertz : new double[] {20, 999, 1000, 1001, 7000}) {
      assertThat(MelBands.hertz(MelBands.mel(hertz))).isCloseTo(hertz, within(1e-9));
    }
    assertThat(MelBands.mel(200)).isEqualTo(3);
    assertThat(MelBands.mel(6400)).isCloseTo(42, within(1e-12));
  }

  @Test
  void aSoundShorterThanAWindowHasAFrame() {
    assertThat(SPECTROGRAM.frames(0)).isOne();
    assertThat(SPECTROGRAM.frames(159)).isOne();
    assertThat(SPECTROGRAM.frames(16_000)).isEqualTo(101);
    assertThat(SPECTROGRAM.of(new float[0])).containsOnly(0).hasSize(40);
  }

  @Test
  void bandsThatCannotBeToldApartAreRefused() {
    assertThatThrownBy(() -> new MelSpectrogram(16_000, 128, 160, 80, 20, 4000))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("holds no frequency of a transform of 128 samples at 16000 a second");
  }

  @Test
  void derivativesOfAParabolaAreItsOwn() {
    final double[] parabola = new double[2 * 12];
    for (int step = 0; step < 12; step++) {
      parabola[2 * step] = 3 * step;
      parabola[2 * step + 1] = 5 - 0.5 * step * step;
    }
    final double[] slope = Derivative.FIRST.of(parabola, 12, 2);
    final double[] curvature = Derivative.SECOND.of(parabola, 12, 2);
    for (int step = 0; step < 12; step++) {
      assertThat(slope[2 * step]).isCloseTo(3, within(1e-12));
      assertThat(curvature[2 * step]).isCloseTo(0, within(1e-12));
      assertThat(curvature[2 * step + 1]).isCloseTo(-1, within(1e-12));
    }
    assertThat(slope[2 * 6 + 1]).isCloseTo(-6, within(1e-12));
  }

  @Test
  void aDerivativeNeedsNineSteps() {
    assertThatThrownBy(() -> Derivative.FIRST.of(new double[8], 8, 1))
        .hasMessageContaining("over 8 steps is not possible; it needs 9");
  }

  private static float[] tone(double hertz) {
    final float[] tone = new float[16_000];
    for (int n = 0; n < tone.length; n++) {
      tone[n] = (float) Math.sin(2 * Math.PI * hertz * n / 16_000);
    }
    return tone;
  }
}
