package rheobase.data.sound;

import rheobase.data.DataException;

/**
 * Triangular bands over a power spectrum, equally spaced on Slaney's mel scale (Slaney 1998,
 * "Auditory Toolbox", as librosa has it): 3 mel are 200 Hz up to 1000 Hz, and above them 27 mel are
 * a factor of 6.4. A band reaches from the centre of the one below to that of the one above, and
 * has an area of 1 Hz.
 */
final class MelBands {
  private static final double LINEAR_HERTZ = 200.0 / 3;
  private static final double KNEE_HERTZ = 1000;
  private static final double KNEE_MEL = KNEE_HERTZ / LINEAR_HERTZ;
  private static final double STEP = StrictMath.log(6.4) / 27;

  // of each band: its first frequency, and its weights from there on
  private final int[] first;
  private final double[][] weights;

  /**
   * @param length of the Fourier transform: its k-th frequency is k rate / length
   * @param bands at least one
   * @param lowest hertz, where the first band begins
   * @param highest hertz, where the last band ends; at most half the rate
   * @throws DataException when a band lies between two frequencies and would always be empty
   */
  MelBands(int rate, int length, int bands, double lowest, double highest) {
    final double[] corner = new double[bands + 2];
    final double from = mel(lowest);
    for (int i = 0; i < corner.length; i++) {
      corner[i] = hertz(from + (mel(highest) - from) * i / (bands + 1));
    }
    first = new int[bands];
    weights = new double[bands][];
    for (int band = 0; band < bands; band++) {
      final double low = corner[band];
      final double centre = corner[band + 1];
      final double high = corner[band + 2];
      first[band] = (int) Math.floor(low * length / rate) + 1;
      final int end = Math.min(length / 2, (int) Math.ceil(high * length / rate) - 1) + 1;
      if (end <= first[band]) {
        throw new DataException(
            "The band from %.1f to %.1f Hz holds no frequency of a transform of %d samples at %d a second."
                .formatted(low, high, length, rate));
      }
      weights[band] = new double[end - first[band]];
      for (int i = 0; i < weights[band].length; i++) {
        final double hertz = (double) (first[band] + i) * rate / length;
        final double height =
            hertz <= centre ? (hertz - low) / (centre - low) : (high - hertz) / (high - centre);
        weights[band][i] = height * 2 / (high - low);
      }
    }
  }

  /** Number of bands. */
  int count() {
    return first.length;
  }

  /**
   * Weighs a spectrum.
   *
   * @param to receives {@link #count} values from {@code at} on
   */
  void weigh(double[] power, double[] to, int at) {
    for (int band = 0; band < first.length; band++) {
      double sum = 0;
      for (int i = 0; i < weights[band].length; i++) {
        sum += weights[band][i] * power[first[band] + i];
      }
      to[at + band] = sum;
    }
  }

  static double mel(double hertz) {
    return hertz < KNEE_HERTZ
        ? hertz / LINEAR_HERTZ
        : KNEE_MEL + StrictMath.log(hertz / KNEE_HERTZ) / STEP;
  }

  static double hertz(double mel) {
    return mel < KNEE_MEL
        ? mel * LINEAR_HERTZ
        : KNEE_HERTZ * StrictMath.exp(STEP * (mel - KNEE_MEL));
  }
}
