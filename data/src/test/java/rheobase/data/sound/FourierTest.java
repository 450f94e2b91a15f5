package rheobase.data.sound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rheobase.data.RandomStream;

class FourierTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 7, 12, 13, 30, 127, 441, 480, 512})
  void powerIsThatOfTheDefinition(int length) {
    final var random = RandomStream.of(1, "samples", length);
    final double[] samples = new double[length];
    for (int n = 0; n < length; n++) {
      samples[n] = random.nextGaussian();
    }
    final var fourier = new Fourier(length);
    assertThat(fourier.frequencies()).isEqualTo(length / 2 + 1);
    final double[] power = new double[fourier.frequencies()];
    fourier.power(samples, power);
    for (int k = 0; k < power.length; k++) {
      double re = 0;
      double im = 0;
      for (int n = 0; n < length; n++) {
        re += samples[n] * Math.cos(2 * Math.PI * n * k / length);
        im -= samples[n] * Math.sin(2 * Math.PI * n * k / length);
      }
      assertThat(power[k]).isCloseTo(re * re + im * im, within(1e-9 * length));
    }
  }
}
