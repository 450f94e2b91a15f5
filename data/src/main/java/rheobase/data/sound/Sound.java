package rheobase.data.sound;

import rheobase.data.DataException;

/**
 * Samples of one channel of sound. The array is not copied: whoever makes a sound hands it over.
 *
 * @param rate samples per second
 * @param samples full scale is -1 to 1
 */
public record Sound(int rate, float[] samples) {
  public Sound {
    if (rate < 1) {
      throw new DataException(
          "A sound of %d samples per second is not possible; it needs at least one."
              .formatted(rate));
    }
  }

  public double seconds() {
    return (double) samples.length / rate;
  }

  /**
   * The same sound, louder or softer; itself where it is silent.
   *
   * @param wanted root of the mean square of its samples
   */
  public Sound ofLoudness(double wanted) {
    double squares = 0;
    for (float sample : samples) {
      squares += (double) sample * sample;
    }
    if (squares == 0) {
      return this;
    }
    final float factor = (float) (wanted / Math.sqrt(squares / samples.length));
    final float[] scaled = new float[samples.length];
    for (int n = 0; n < scaled.length; n++) {
      scaled[n] = factor * samples[n];
    }
    return new Sound(rate, scaled);
  }
}
