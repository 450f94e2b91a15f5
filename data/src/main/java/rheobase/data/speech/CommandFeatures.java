package rheobase.data.speech;

import rheobase.data.Signal;
import rheobase.data.sound.Derivative;
import rheobase.data.sound.MelSpectrogram;

/**
 * What Yin, Corradi and Bohté 2021 make of a second of speech (their code for Google Speech
 * Commands):
 *
 * <pre>
 * x = x / max |x|, with zeros on both sides up to 16,000 samples
 * S = power in 40 mel bands from 20 to 4000 Hz; windows of 30 ms every 10 ms
 * L = ln(1 + S / max S)
 * channels 0 to 39 are L, 40 to 79 its first and 80 to 119 its second derivative over time
 * each channel is divided by its standard deviation over time, unless that is 0
 * </pre>
 *
 * It holds buffers, so one thread at a time may use it.
 */
final class CommandFeatures {
  /** Samples per second. */
  static final int RATE = 16_000;

  /** Samples of a clip; shorter ones are filled up. */
  static final int SAMPLES = 16_000;

  /** Seconds from a step to the next. */
  static final double STEP_SECONDS = 0.01;

  /** Channels of each step. */
  static final int CHANNELS = 120;

  private static final int BANDS = 40;

  private final MelSpectrogram spectrogram = new MelSpectrogram(RATE, 480, 160, BANDS, 20, 4000);

  /**
   * The features of a clip.
   *
   * @param samples at most {@link #SAMPLES}, of any scale
   * @return 101 steps of {@link #CHANNELS}
   */
  Signal.Dense of(float[] samples) {
    final double[] level = spectrogram.of(filledUp(samples));
    final int steps = level.length / BANDS;
    compress(level);
    final float[] features = new float[steps * CHANNELS];
    write(level, features, steps, 0);
    write(Derivative.FIRST.of(level, steps, BANDS), features, steps, BANDS);
    write(Derivative.SECOND.of(level, steps, BANDS), features, steps, 2 * BANDS);
    return new Signal.Dense(steps, CHANNELS, features);
  }

  private static float[] filledUp(float[] samples) {
    float loudest = 0;
    for (float sample : samples) {
      loudest = Math.max(loudest, Math.abs(sample));
    }
    final float[] clip = new float[SAMPLES];
    final int from = (SAMPLES - samples.length) / 2;
    for (int n = 0; n < samples.length; n++) {
      clip[from + n] = loudest == 0 ? 0 : samples[n] / loudest;
    }
    return clip;
  }

  private static void compress(double[] power) {
    double most = 0;
    for (double value : power) {
      most = Math.max(most, value);
    }
    for (int i = 0; i < power.length && most > 0; i++) {
      power[i] = StrictMath.log1p(power[i] / most);
    }
  }

  /** Writes bands, divided by their standard deviations, into the channels from one on. */
  private static void write(double[] values, float[] features, int steps, int channel) {
    for (int band = 0; band < BANDS; band++) {
      double sum = 0;
      for (int step = 0; step < steps; step++) {
        sum += values[step * BANDS + band];
      }
      final double mean = sum / steps;
      double squares = 0;
      for (int step = 0; step < steps; step++) {
        final double away = values[step * BANDS + band] - mean;
        squares += away * away;
      }
      final double deviation = squares == 0 ? 1 : Math.sqrt(squares / steps);
      for (int step = 0; step < steps; step++) {
        features[step * CHANNELS + channel + band] =
            (float) (values[step * BANDS + band] / deviation);
      }
    }
  }
}
