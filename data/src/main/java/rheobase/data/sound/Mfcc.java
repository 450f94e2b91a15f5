package rheobase.data.sound;

import java.util.Arrays;
import rheobase.data.DataException;
import rheobase.data.Signal;

/**
 * Mel-frequency cepstral coefficients with the log energy and two derivatives: 39 numbers every 10
 * ms, as the networks for phones of Yin, Corradi and Bohté 2021 see speech.
 *
 * <p>The definitions are those of the program they used, python_speech_features, with its defaults:
 *
 * <pre>
 * pre-emphasis   y[n] = x[n] - 0.97 x[n-1],  y[0] = x[0]
 * frames         25 ms every 10 ms, no window; zeros behind the end fill the last one
 * power          p[k] = |DFT of 512 points|^2 / 512,  k = 0 .. 256
 * filters        26 triangles w_j between 28 corners, equally spaced in mel from 0 Hz to half the rate,
 *                mel(f) = 2595 log10(1 + f / 700); a corner lies at bin floor(513 f / rate)
 * cepstrum       c_i = DCT-II, orthonormal, of log(sum over k of w_j[k] p[k]);  i = 0 .. 11
 * lifter         c_i (1 + 11 sin(pi i / 22))
 * energy         log(sum over k of p[k])
 * </pre>
 *
 * A sum that is 0 counts as 2^-52 before its logarithm. c_0 to c_11 and the energy are the first 13
 * features; the next are their differences along time, half that of the neighbours (at both ends
 * the one to the only neighbour), and the last the differences of these. Every feature then has its
 * mean over the recording taken away and is divided by its standard deviation there; one that never
 * changes is 0.
 *
 * <p>Double precision throughout, with logarithms and sines of {@link StrictMath}: the same bits on
 * every machine. Holds buffers; belongs to one thread.
 */
public final class Mfcc {
  /** Numbers a frame. */
  public static final int FEATURES = 39;

  private static final int STATIC = 13;
  private static final int CEPSTRA = 12;
  private static final int FILTERS = 26;
  private static final int POINTS = 512;
  private static final int BINS = POINTS / 2 + 1;
  private static final double PRE_EMPHASIS = 0.97;
  private static final double WINDOW_SECONDS = 0.025;
  private static final double STEP_SECONDS = 0.01;

  private final int rate;
  private final int window;
  private final int step;

  /** {@code [filter][bin]}. */
  private final double[][] filters;

  /** {@code [coefficient][filter]}, the lifter included. */
  private final double[][] cosines;

  private final Fourier fourier = new Fourier(POINTS);
  private final double[] frame = new double[POINTS]; // zeros behind the window
  private final double[] power = new double[BINS];
  private final double[] logs = new double[FILTERS];

  /**
   * @param rate samples per second of the sounds to come
   * @throws DataException when it is too high: a window must fit into 512 samples
   */
  public Mfcc(int rate) {
    this.rate = rate;
    window = (int) Math.floor(WINDOW_SECONDS * rate + 0.5);
    step = (int) Math.floor(STEP_SECONDS * rate + 0.5);
    if (window > POINTS || step < 1) {
      throw new DataException(
          "A sound of %d samples per second cannot be cut into windows of 1 to %d samples and 25 ms; resample it to 16000."
              .formatted(rate, POINTS));
    }
    filters = filters(rate);
    cosines = Liftered.cosines(CEPSTRA, FILTERS);
  }

  private static double[][] filters(int rate) {
    final double highest = 2595 * StrictMath.log10(1 + rate / 2.0 / 700);
    final int[] corners = new int[FILTERS + 2];
    for (int i = 0; i < corners.length; i++) {
      final double hertz = 700 * (StrictMath.pow(10, highest * i / (FILTERS + 1) / 2595) - 1);
      corners[i] = (int) Math.floor((POINTS + 1) * hertz / rate);
    }
    final double[][] filters = new double[FILTERS][BINS];
    for (int j = 0; j < FILTERS; j++) {
      final int low = corners[j];
      final int peak = corners[j + 1];
      final int high = corners[j + 2];
      for (int k = low; k < peak; k++) {
        filters[j][k] = (double) (k - low) / (peak - low);
      }
      for (int k = peak; k < high; k++) {
        filters[j][k] = (double) (high - k) / (high - peak);
      }
    }
    return filters;
  }

  /** Samples from the beginning of one frame to that of the next. */
  public int step() {
    return step;
  }

  /** Samples of a frame. */
  public int window() {
    return window;
  }

  /** Frames that so many samples give. */
  public int frames(int samples) {
    return samples <= window ? 1 : 1 + (samples - window + step - 1) / step;
  }

  /**
   * The features of a recording.
   *
   * @return a step a frame, of 39 channels
   * @throws DataException when it has another rate, or less than two frames
   */
  public Signal.Dense of(Sound sound) {
    if (sound.rate() != rate) {
      throw new DataException(
          "The sound has %d samples per second; expected are %d.".formatted(sound.rate(), rate));
    }
    final int frames = frames(sound.samples().length);
    if (frames < 2) {
      throw new DataException(
          "The sound has %d samples; its derivatives need two frames, %d samples at least."
              .formatted(sound.samples().length, window + 1));
    }
    return new Signal.Dense(frames, FEATURES, standardised(unscaled(sound.samples()), frames));
  }

  /** The features before they are standardised, {@code [frame][feature]}. */
  double[] unscaled(float[] samples) {
    final int frames = frames(samples.length);
    final double[] features = new double[frames * FEATURES];
    final double[] emphasised = emphasised(samples);
    for (int t = 0; t < frames; t++) {
      final int from = t * step;
      for (int n = 0; n < window; n++) {
        frame[n] = from + n < emphasised.length ? emphasised[from + n] : 0;
      }
      cepstrum(features, t * FEATURES);
    }
    differences(features, frames, 0);
    differences(features, frames, STATIC);
    return features;
  }

  private static double[] emphasised(float[] samples) {
    final double[] emphasised = new double[samples.length];
    for (int n = 0; n < samples.length; n++) {
      emphasised[n] = samples[n] - (n == 0 ? 0 : PRE_EMPHASIS * samples[n - 1]);
    }
    return emphasised;
  }

  /** Cepstrum and energy of the frame in the buffer. */
  private void cepstrum(double[] features, int at) {
    fourier.power(frame, power);
    double energy = 0;
    for (int k = 0; k < BINS; k++) {
      power[k] /= POINTS;
      energy += power[k];
    }
    for (int j = 0; j < FILTERS; j++) {
      double sum = 0;
      for (int k = 0; k < BINS; k++) {
        sum += filters[j][k] * power[k];
      }
      logs[j] = log(sum);
    }
    for (int i = 0; i < CEPSTRA; i++) {
      double sum = 0;
      for (int j = 0; j < FILTERS; j++) {
        sum += cosines[i][j] * logs[j];
      }
      features[at + i] = sum;
    }
    features[at + CEPSTRA] = log(energy);
  }

  private static double log(double sum) {
    return StrictMath.log(sum == 0 ? Math.ulp(1.0) : sum);
  }

  /** Fills the 13 features from {@code to = from + 13} on with differences of those from here. */
  private static void differences(double[] features, int frames, int from) {
    for (int t = 0; t < frames; t++) {
      final int before = Math.max(t - 1, 0);
      final int after = Math.min(t + 1, frames - 1);
      for (int c = from; c < from + STATIC; c++) {
        features[t * FEATURES + c + STATIC] =
            (features[after * FEATURES + c] - features[before * FEATURES + c]) / (after - before);
      }
    }
  }

  /** The mean is taken of distances from the first frame: exactly that frame where none differs. */
  private static float[] standardised(double[] features, int frames) {
    final double[] mean = new double[FEATURES];
    for (int i = 0; i < features.length; i++) {
      mean[i % FEATURES] += features[i] - features[i % FEATURES];
    }
    Arrays.setAll(mean, c -> features[c] + mean[c] / frames);
    final double[] deviation = new double[FEATURES];
    for (int i = 0; i < features.length; i++) {
      final double away = features[i] - mean[i % FEATURES];
      deviation[i % FEATURES] += away * away;
    }
    Arrays.setAll(deviation, c -> Math.sqrt(deviation[c] / frames));
    final float[] standardised = new float[features.length];
    for (int i = 0; i < features.length; i++) {
      final int c = i % FEATURES;
      standardised[i] = deviation[c] == 0 ? 0 : (float) ((features[i] - mean[c]) / deviation[c]);
    }
    return standardised;
  }
}
