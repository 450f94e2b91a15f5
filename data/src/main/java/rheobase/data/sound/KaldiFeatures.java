package rheobase.data.sound;

import java.util.Arrays;
import rheobase.data.DataException;
import rheobase.data.Signal;

/**
 * Cepstra or log-mel filter banks by the definitions of Kaldi (its {@code compute-mfcc-feats} and
 * {@code compute-fbank-feats}, without dither), every 10 ms:
 *
 * <pre>
 * samples        as 16-bit numbers, -32768 to 32767
 * frames         25 ms that lie within the sound; what is left at its end is left out
 * in each frame  mean taken away; energy = log(sum over n of x[n]^2)
 * pre-emphasis   y[n] = x[n] - 0.97 x[n-1],  y[0] = 0.03 x[0]
 * window         MFCC: (0.5 - 0.5 cos(2 pi n / (N-1)))^0.85;  filter banks: 0.54 - 0.46 cos(2 pi n / (N-1))
 * power          p[k] = |DFT of the next power of two of points|^2
 * filters        triangles equally spaced in mel from 20 Hz to half the rate, straight lines in mel,
 *                mel(f) = 1127 log(1 + f / 700)
 * log            of each filter's sum, at least 2^-23
 * cepstrum       c_i = DCT-II, orthonormal;  c_i (1 + 11 sin(pi i / 22));  i = 0 .. 12
 * </pre>
 *
 * The windows are those of Kaldi's TIMIT and LibriSpeech recipes. Double precision throughout: the
 * same bits on every machine. Holds buffers; belongs to one thread.
 */
public final class KaldiFeatures {
  private static final double PRE_EMPHASIS = 0.97;

  /** Seconds of a frame. */
  public static final double WINDOW_SECONDS = 0.025;

  /** Seconds from a frame to the next. */
  public static final double STEP_SECONDS = 0.01;

  private static final double LOWEST_HERTZ = 20;
  private static final double LEAST = 0x1p-23; // of single precision, which Kaldi computes in
  private static final int CEPSTRA = 13;
  private static final double FULL_SCALE = 32768;

  private final Kind kind;
  private final boolean energy;
  private final int rate;
  private final int window;
  private final int step;
  private final Fourier fourier;
  private final double[] taper;

  /** {@code [filter][frequency]}. */
  private final double[][] filters;

  /** {@code [coefficient][filter]}, the lifter included; null of filter banks. */
  private final double[][] cosines;

  private final double[] frame;
  private final double[] power;
  private final double[] logs;

  /** What comes out. */
  public enum Kind {
    /** 13 cepstral coefficients. */
    MFCC,
    /** The logarithms of the filters themselves. */
    FILTER_BANK
  }

  /**
   * @param rate samples per second of the sounds to come
   * @param filters mel filters: 23 in Kaldi's recipes for TIMIT and LibriSpeech
   * @param energy whether the log energy takes the place of c_0, or stands before the filters
   * @throws DataException when the rate is too low for that many filters
   */
  public KaldiFeatures(int rate, Kind kind, int filters, boolean energy) {
    this.kind = kind;
    this.energy = energy;
    this.rate = rate;
    window = (int) (rate * WINDOW_SECONDS);
    step = (int) (rate * STEP_SECONDS);
    if (step < 1 || filters < 3) {
      throw new DataException(
          "%d samples per second and %d filters are not possible; there must be 100 samples and 3 filters at least."
              .formatted(rate, filters));
    }
    final int points = window == 1 ? 2 : Integer.highestOneBit(window - 1) * 2;
    fourier = new Fourier(points);
    taper = taper(kind, window);
    this.filters = filters(rate, points, filters);
    cosines = kind == Kind.MFCC ? Liftered.cosines(CEPSTRA, filters) : null;
    frame = new double[points];
    power = new double[fourier.frequencies()];
    logs = new double[filters];
  }

  private static double[] taper(Kind kind, int window) {
    final double[] taper = new double[window];
    for (int n = 0; n < window; n++) {
      final double cosine = StrictMath.cos(2 * Math.PI * n / (window - 1));
      taper[n] =
          kind == Kind.MFCC ? StrictMath.pow(0.5 - 0.5 * cosine, 0.85) : 0.54 - 0.46 * cosine;
    }
    return taper;
  }

  private static double[][] filters(int rate, int points, int count) {
    final double low = mel(LOWEST_HERTZ);
    final double width = (mel(rate / 2.0) - low) / (count + 1);
    final double[][] filters = new double[count][points / 2 + 1];
    for (int j = 0; j < count; j++) {
      final double left = low + j * width;
      boolean any = false;
      // the highest frequency belongs to no filter
      for (int k = 0; k < points / 2; k++) {
        final double place = (mel((double) k * rate / points) - left) / width;
        if (place > 0 && place < 2) {
          filters[j][k] = place <= 1 ? place : 2 - place;
          any = true;
        }
      }
      if (!any) {
        throw new DataException(
            "%d mel filters are too many for %d samples per second: filter %d holds no frequency."
                .formatted(count, rate, j + 1));
      }
    }
    return filters;
  }

  private static double mel(double hertz) {
    return 1127 * StrictMath.log(1 + hertz / 700);
  }

  /** Numbers a frame. */
  public int features() {
    return kind == Kind.MFCC ? CEPSTRA : filters.length + (energy ? 1 : 0);
  }

  /** Frames that so many samples give. */
  public int frames(int samples) {
    return samples < window ? 0 : 1 + (samples - window) / step;
  }

  /**
   * The features of a recording.
   *
   * @return a step a frame
   * @throws DataException when it has another rate, or is shorter than a frame
   */
  public Signal.Dense of(Sound sound) {
    if (sound.rate() != rate) {
      throw new DataException(
          "The sound has %d samples per second; expected are %d.".formatted(sound.rate(), rate));
    }
    final int frames = frames(sound.samples().length);
    if (frames == 0) {
      throw new DataException(
          "The sound has %d samples, less than a frame of %d."
              .formatted(sound.samples().length, window));
    }
    final float[] features = new float[frames * features()];
    for (int t = 0; t < frames; t++) {
      frame(sound.samples(), t * step, features, t * features());
    }
    return new Signal.Dense(frames, features(), features);
  }

  private void frame(float[] samples, int from, float[] features, int at) {
    double mean = 0;
    for (int n = 0; n < window; n++) {
      frame[n] = samples[from + n] * FULL_SCALE;
      mean += frame[n];
    }
    mean /= window;
    double squares = 0;
    for (int n = 0; n < window; n++) {
      frame[n] -= mean;
      squares += frame[n] * frame[n];
    }
    for (int n = window - 1; n >= 0; n--) {
      frame[n] = taper[n] * (frame[n] - PRE_EMPHASIS * frame[Math.max(0, n - 1)]);
    }
    Arrays.fill(frame, window, frame.length, 0);
    fourier.power(frame, power);
    for (int j = 0; j < filters.length; j++) {
      double sum = 0;
      for (int k = 0; k < power.length; k++) {
        sum += filters[j][k] * power[k];
      }
      logs[j] = StrictMath.log(Math.max(sum, LEAST));
    }
    final float loud = (float) StrictMath.log(Math.max(squares, LEAST));
    if (kind == Kind.FILTER_BANK) {
      if (energy) {
        features[at++] = loud;
      }
      for (int j = 0; j < filters.length; j++) {
        features[at + j] = (float) logs[j];
      }
      return;
    }
    for (int i = 0; i < CEPSTRA; i++) {
      double sum = 0;
      for (int j = 0; j < filters.length; j++) {
        sum += cosines[i][j] * logs[j];
      }
      features[at + i] = (float) sum;
    }
    if (energy) {
      features[at] = loud;
    }
  }

  /**
   * Appends derivatives along time as Kaldi's {@code add-deltas} does: two frames to either side,
   * the second derivative by the same filter applied to itself, and both ends of the recording
   * repeated.
   *
   * @param order 1 or 2
   * @return {@code order + 1} times as many channels
   */
  public static Signal.Dense withDerivatives(Signal.Dense features, int order) {
    final int channels = features.channels();
    final int steps = features.steps();
    final float[] all = new float[steps * channels * (order + 1)];
    double[] filter = {1};
    for (int o = 0; o <= order; o++) {
      final int reach = filter.length / 2;
      for (int t = 0; t < steps; t++) {
        for (int c = 0; c < channels; c++) {
          double sum = 0;
          for (int n = -reach; n <= reach; n++) {
            final int from = Math.clamp(t + n, 0, steps - 1);
            sum += filter[n + reach] * features.values()[from * channels + c];
          }
          all[(t * (order + 1) + o) * channels + c] = (float) sum;
        }
      }
      filter = differentiated(filter);
    }
    return new Signal.Dense(steps, channels * (order + 1), all);
  }

  /** A filter followed by the slope over two frames to either side. */
  private static double[] differentiated(double[] filter) {
    final double[] result = new double[filter.length + 4];
    for (int i = 0; i < filter.length; i++) {
      for (int n = -2; n <= 2; n++) {
        result[i + n + 2] += filter[i] * n / 10;
      }
    }
    return result;
  }
}
