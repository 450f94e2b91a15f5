package rheobase.data.sound;

/**
 * Power of a sound in mel bands, frame by frame, after the conventions of librosa 0.9 and later:
 * the sound is prolonged by half a window of zeros at both ends, so that frame i is centred on
 * sample i x hop; a frame is weighted by a periodic Hann window; power is the squared magnitude of
 * its Fourier transform; bands are {@link MelBands}. It holds buffers, so one thread at a time may
 * use it.
 */
public final class MelSpectrogram {
  private final int window;
  private final int hop;
  private final double[] hann;
  private final Fourier fourier;
  private final MelBands bands;
  private final double[] frame;
  private final double[] power;

  /**
   * @param rate samples per second
   * @param window samples of a frame
   * @param hop samples from one frame to the next
   * @param bands how many
   * @param lowest hertz, where the first band begins
   * @param highest hertz, where the last band ends; at most half the rate
   * @throws rheobase.data.DataException when a band is narrower than the transform can tell apart
   */
  public MelSpectrogram(int rate, int window, int hop, int bands, double lowest, double highest) {
    this.window = window;
    this.hop = hop;
    this.bands = new MelBands(rate, window, bands, lowest, highest);
    fourier = new Fourier(window);
    frame = new double[window];
    power = new double[fourier.frequencies()];
    hann = new double[window];
    for (int n = 0; n < window; n++) {
      hann[n] = 0.5 - 0.5 * StrictMath.cos(2 * Math.PI * n / window);
    }
  }

  /** Number of frames of a sound of so many samples. */
  public int frames(int samples) {
    return 1 + samples / hop;
  }

  /**
   * The spectrogram.
   *
   * @return {@code [frame][band]}, flat
   */
  public double[] of(float[] samples) {
    final double[] mel = new double[frames(samples.length) * bands.count()];
    for (int i = 0; i < frames(samples.length); i++) {
      final int from = i * hop - window / 2;
      for (int n = 0; n < window; n++) {
        final int at = from + n;
        frame[n] = at < 0 || at >= samples.length ? 0 : hann[n] * samples[at];
      }
      fourier.power(frame, power);
      bands.weigh(power, mel, i * bands.count());
    }
    return mel;
  }
}
