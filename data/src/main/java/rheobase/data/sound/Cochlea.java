package rheobase.data.sound;

import java.util.Arrays;
import rheobase.data.DataException;
import rheobase.data.Signal;

/**
 * An artificial cochlea: sound becomes spikes of 700 channels, low frequencies first.
 *
 * <p>It follows the stages of Cramer, Stradmann, Schemmel and Zenke 2020 ("The Heidelberg Spiking
 * Data Sets for the Systematic Evaluation of Spiking Neural Networks", section II), with a simpler
 * model for each. For every sample, n, and channel, c:
 *
 * <pre>
 * outer ear          e = (x[n] - k x[n-1]) / (1 - k)               k = exp(-2 pi 500 Hz / rate)
 * basilar membrane   y_1 = g e + a y_1,  y_k = g y_(k-1) + a y_k   k = 2, 3, 4, complex
 *                    a = exp((-b + i f_c) 2 pi / rate),  g = 1 - |a|,  b = 1.019 ERB(f_c)
 * hair cell          h = sqrt(max(0, 2 Re y_4))                       half-wave, compressed
 *                    v = v + (h - v) (1 - exp(-2 pi 1000 Hz / rate))  low-pass
 *                    r = v q                                          released transmitter
 *                    q = q + ((1 - q) / 60 ms - r 80 / s) / rate      what is left of it
 * bushy cell         u = u + (gain r - u) / (4 ms rate);  u &gt; 1: spike, u = 0
 * </pre>
 *
 * The filters are gammatones of fourth order as cascades of complex one-pole filters (Hohmann 2002,
 * "Frequency analysis and synthesis using a Gammatone filterbank"); a tone of f_c leaves them as
 * loud as it came. Before them, frequencies above 500 Hz gain 6 dB per octave, about what speech
 * loses there. ERB(f) = 24.7 Hz (4.37 f / 1 kHz + 1) (Glasberg and Moore 1990), and the f_c lie
 * equally spaced on the scale that goes with it. The depletion of transmitter, a single pool in
 * place of the three of Meddis 1986, makes onsets stand out. Nothing is random: there is no
 * spontaneous release.
 *
 * <p>Steps are {@code step} seconds long; a channel is one in those where its bushy cell fired.
 *
 * <p>Everything is 32-bit arithmetic in a fixed order, so the spikes are the same on every machine.
 * The states of all channels lie one after the other in one array, which lets the compiler run the
 * same stage of several channels at once.
 *
 * @param gain of the bushy cells; the higher, the more spikes
 * @param step seconds
 */
public record Cochlea(Range range, double gain, double step) {
  /** Places along the basilar membrane. */
  public static final int CHANNELS = 700;

  private static final int C = CHANNELS;

  // where the states begin: the filters' real and imaginary parts, v, q, u, r;
  // then what stays: a and g
  private static final int Y1 = 0;
  private static final int Y2 = 2 * C;
  private static final int Y3 = 4 * C;
  private static final int Y4 = 6 * C;
  private static final int V = 8 * C;
  private static final int Q = 9 * C;
  private static final int U = 10 * C;
  private static final int R = 11 * C;
  private static final int A = 12 * C;
  private static final int G = 14 * C;
  private static final int ALL = 15 * C;

  private static final double BANDWIDTH = 1.019;
  private static final double EAR_HERTZ = 500;
  private static final double HAIR_CELL_HERTZ = 1000;
  private static final double RECOVERY_SECONDS = 0.06;
  private static final double RELEASE_PER_SECOND = 80;
  private static final double BUSHY_SECONDS = 0.004;

  /**
   * Centre frequencies of the first and the last channel.
   *
   * @param lowest hertz
   * @param highest hertz; below half the samples per second of every sound
   */
  public record Range(double lowest, double highest) {
    public Range {
      if (!(lowest > 0 && highest > lowest)) {
        throw new DataException(
            "Channels from %s to %s Hz are not possible; the frequencies must rise from above zero."
                .formatted(lowest, highest));
      }
    }

    /** Of a channel, in hertz. */
    public double centre(int channel) {
      final double from = erbs(lowest);
      return hertz(from + (erbs(highest) - from) * channel / (CHANNELS - 1));
    }

    private static double erbs(double hertz) {
      return 21.4 * StrictMath.log10(1 + 0.00437 * hertz);
    }

    private static double hertz(double erbs) {
      return (StrictMath.pow(10, erbs / 21.4) - 1) / 0.00437;
    }
  }

  public Cochlea {
    if (!(gain > 0) || !(step > 0)) {
      throw new DataException(
          "A gain of %s and steps of %s s are not possible; both must be above zero."
              .formatted(gain, step));
    }
  }

  /**
   * Hears a sound.
   *
   * @return as many steps as the sound touches
   * @throws DataException when the range does not fit the sound's samples per second, or it has no
   *     samples
   */
  public Signal.Spikes hear(Sound sound) {
    if (range.highest() >= sound.rate() / 2.0) {
      throw new DataException(
          "Channels up to %s Hz need more than the %d samples per second of this sound."
              .formatted(range.highest(), sound.rate()));
    }
    final double perStep = sound.rate() * step;
    if (sound.samples().length == 0 || perStep < 1) {
      throw new DataException(
          "A sound of %d samples cannot be cut into steps of %s samples."
              .formatted(sound.samples().length, perStep));
    }
    final float[] state = atRest(sound.rate());
    final float ear = (float) StrictMath.exp(-2 * Math.PI * EAR_HERTZ / sound.rate());
    final float lowPass =
        (float) (1 - StrictMath.exp(-2 * Math.PI * HAIR_CELL_HERTZ / sound.rate()));
    final float recovery = (float) (1 / (RECOVERY_SECONDS * sound.rate()));
    final float release = (float) (RELEASE_PER_SECOND / sound.rate());
    final float leak = (float) (1 / (BUSHY_SECONDS * sound.rate()));
    final float drive = (float) gain;
    final int steps = (int) ((sound.samples().length - 1) / perStep) + 1;
    final var written = new Written(steps);
    for (int at = 0, n = 0; at < steps; at++) {
      final int end = (int) Math.min(sound.samples().length, Math.ceil((at + 1) * perStep));
      for (; n < end; n++) {
        final float before = n == 0 ? 0 : sound.samples()[n - 1];
        membrane(state, (sound.samples()[n] - ear * before) / (1 - ear));
        hairCells(state, lowPass, recovery, release);
        bushyCells(state, leak, drive, written.fired);
      }
      written.close(at);
    }
    return written.spikes();
  }

  /** The states before a sound, and the filters' coefficients. */
  private float[] atRest(int rate) {
    final float[] state = new float[ALL];
    Arrays.fill(state, Q, Q + C, 1);
    for (int c = 0; c < C; c++) {
      final double centre = range.centre(c);
      final double width = BANDWIDTH * 24.7 * (0.00437 * centre + 1);
      final double radius = StrictMath.exp(-2 * Math.PI * width / rate);
      state[A + c] = (float) (radius * StrictMath.cos(2 * Math.PI * centre / rate));
      state[A + C + c] = (float) (radius * StrictMath.sin(2 * Math.PI * centre / rate));
      state[G + c] = (float) (1 - radius);
    }
    return state;
  }

  private static void membrane(float[] s, float sample) {
    for (int c = 0; c < C; c++) {
      final float re = s[G + c] * sample + s[A + c] * s[Y1 + c] - s[A + C + c] * s[Y1 + C + c];
      final float im = s[A + c] * s[Y1 + C + c] + s[A + C + c] * s[Y1 + c];
      s[Y1 + c] = re;
      s[Y1 + C + c] = im;
    }
    for (int c = 0; c < C; c++) {
      final float re = s[G + c] * s[Y1 + c] + s[A + c] * s[Y2 + c] - s[A + C + c] * s[Y2 + C + c];
      final float im =
          s[G + c] * s[Y1 + C + c] + s[A + c] * s[Y2 + C + c] + s[A + C + c] * s[Y2 + c];
      s[Y2 + c] = re;
      s[Y2 + C + c] = im;
    }
    for (int c = 0; c < C; c++) {
      final float re = s[G + c] * s[Y2 + c] + s[A + c] * s[Y3 + c] - s[A + C + c] * s[Y3 + C + c];
      final float im =
          s[G + c] * s[Y2 + C + c] + s[A + c] * s[Y3 + C + c] + s[A + C + c] * s[Y3 + c];
      s[Y3 + c] = re;
      s[Y3 + C + c] = im;
    }
    for (int c = 0; c < C; c++) {
      final float re = s[G + c] * s[Y3 + c] + s[A + c] * s[Y4 + c] - s[A + C + c] * s[Y4 + C + c];
      final float im =
          s[G + c] * s[Y3 + C + c] + s[A + c] * s[Y4 + C + c] + s[A + C + c] * s[Y4 + c];
      s[Y4 + c] = re;
      s[Y4 + C + c] = im;
    }
  }

  private static void hairCells(float[] s, float lowPass, float recovery, float release) {
    for (int c = 0; c < C; c++) {
      final float h = (float) Math.sqrt(Math.max(0, 2 * s[Y4 + c]));
      s[V + c] += lowPass * (h - s[V + c]);
    }
    for (int c = 0; c < C; c++) {
      s[R + c] = s[V + c] * s[Q + c];
    }
    for (int c = 0; c < C; c++) {
      s[Q + c] += recovery * (1 - s[Q + c]) - release * s[R + c];
    }
  }

  private static void bushyCells(float[] s, float leak, float drive, boolean[] fired) {
    for (int c = 0; c < C; c++) {
      s[U + c] += leak * (drive * s[R + c] - s[U + c]);
    }
    for (int c = 0; c < C; c++) {
      if (s[U + c] > 1) {
        s[U + c] = 0;
        fired[c] = true;
      }
    }
  }

  /** The spikes so far, step after step. */
  private static final class Written {
    private final boolean[] fired = new boolean[C];
    private final int[] starts;
    private char[] active = new char[1 << 12];
    private int count;

    Written(int steps) {
      starts = new int[steps + 1];
    }

    void close(int step) {
      if (count + C > active.length) {
        active = Arrays.copyOf(active, 2 * active.length);
      }
      for (int c = 0; c < C; c++) {
        if (fired[c]) {
          active[count++] = (char) c;
          fired[c] = false;
        }
      }
      starts[step + 1] = count;
    }

    Signal.Spikes spikes() {
      return new Signal.Spikes(C, starts, Arrays.copyOf(active, count));
    }
  }
}
