package rheobase.data.sound;

import rheobase.data.DataException;

/**
 * Brings a sound to fewer samples per second: what lies above half the new rate is taken away by a
 * low-pass filter, a sinc of {@value #CROSSINGS} zero crossings on either side under a Kaiser
 * window, and the rest is read between the samples (Smith, "Digital audio resampling").
 *
 * <pre>
 * y[n] = sum over k of x[k] h(k / from - n / to),  h(t) = c sinc(2 f t) kaiser(t),  f = 0.46 to
 * </pre>
 *
 * <p>Up to 0.4 of the new rate a tone keeps its height to 0.1 %; above 0.53 of it less than a
 * thousandth is left. Beyond both ends there is silence.
 */
public final class Resampler {
  private static final int CROSSINGS = 32;
  private static final double CUTOFF = 0.46;
  private static final double KAISER_BETA = 8;

  private final int from;
  private final int to;

  /** Output samples after which the places between input samples come again, and their inputs. */
  private final int phases;

  private final int advance;

  /** Input samples to either side that reach an output sample. */
  private final int reach;

  /** {@code [phase][tap]}. */
  private final double[][] taps;

  /**
   * @param from samples per second of the sounds to come
   * @param to wanted
   * @throws DataException when more are wanted than there are: what a recording lacks cannot be
   *     made
   */
  public Resampler(int from, int to) {
    if (to < 1 || to > from) {
      throw new DataException(
          "%d samples per second cannot be made of %d; only fewer can.".formatted(to, from));
    }
    this.from = from;
    this.to = to;
    final int common = gcd(from, to);
    phases = to / common;
    advance = from / common;
    reach = (int) Math.ceil(CROSSINGS * (double) from / to);
    taps = new double[phases][2 * reach + 2];
    for (int phase = 0; phase < phases; phase++) {
      // of the output sample n = phase, in input samples
      final double place = (double) phase * advance / phases;
      final int left = (int) Math.floor(place) - reach;
      double sum = 0;
      for (int i = 0; i < taps[phase].length; i++) {
        taps[phase][i] = weight((left + i - place) * to / from);
        sum += taps[phase][i];
      }
      for (int i = 0; i < taps[phase].length; i++) {
        taps[phase][i] /= sum;
      }
    }
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  /** At a time in new samples. */
  private static double weight(double time) {
    final double place = time / CROSSINGS;
    if (Math.abs(place) >= 1) {
      return 0;
    }
    final double angle = 2 * Math.PI * CUTOFF * time;
    final double sinc = angle == 0 ? 1 : StrictMath.sin(angle) / angle;
    return sinc * bessel(KAISER_BETA * Math.sqrt(1 - place * place));
  }

  /** The modified Bessel function of order 0, by its power series. */
  private static double bessel(double x) {
    double sum = 1;
    double term = 1;
    for (int k = 1; term > 1e-17 * sum; k++) {
      term *= x / (2 * k) * (x / (2 * k));
      sum += term;
    }
    return sum;
  }

  /**
   * The sound at the new rate.
   *
   * @throws DataException when it has another rate than this is for
   */
  public Sound of(Sound sound) {
    if (sound.rate() != from) {
      throw new DataException(
          "A sound of %d samples per second came where %d were expected."
              .formatted(sound.rate(), from));
    }
    if (from == to) {
      return sound;
    }
    final float[] samples = sound.samples();
    final int length = Math.toIntExact(Math.ceilDiv((long) samples.length * to, from));
    final float[] resampled = new float[length];
    for (int n = 0; n < length; n++) {
      final double[] own = taps[n % phases];
      final long before = (long) (n / phases) * advance + (long) (n % phases) * advance / phases;
      final int left = (int) before - reach;
      double sum = 0;
      for (int i = Math.max(0, -left); i < Math.min(own.length, samples.length - left); i++) {
        sum += own[i] * samples[left + i];
      }
      resampled[n] = (float) sum;
    }
    return new Sound(to, resampled);
  }
}
