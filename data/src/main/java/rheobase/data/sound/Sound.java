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
}
