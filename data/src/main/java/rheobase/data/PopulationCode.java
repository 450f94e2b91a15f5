package rheobase.data;

import java.util.Arrays;

/**
 * A number told by a population of neurons, each of which answers to the numbers around its own:
 * the input of Yin, Corradi and Bohté 2020 for sequential MNIST, a pixel at a time.
 *
 * <p>Of n neurons, neuron i (from 0) is tuned to {@code mu_i = (i - 1) / (n - 2)}, so that the
 * second is tuned to 0 and the last to 1, and answers to x with the density of a Gaussian,
 *
 * <pre>
 *   N(x; mu_i, sigma) = exp(-(x - mu_i)² / (2 sigma²)) / (sigma sqrt(2 pi)),   sigma = 1 / (n - 2).
 * </pre>
 *
 * An answer is a real number, no spike. What is further away than six sigma is left at 0 instead of
 * less than 2e-8 of the highest.
 *
 * @param neurons for each channel; at least 3
 */
public record PopulationCode(int neurons) {
  private static final double FAR = 6;

  /**
   * @throws DataException for fewer than three neurons
   */
  public PopulationCode {
    if (neurons < 3) {
      throw new DataException(
          "A population of %d neurons cannot tell numbers apart; it needs 3 at least."
              .formatted(neurons));
    }
  }

  /** A set of the answers to its sequences: channel c becomes those from {@code c n} on. */
  public SequenceSet encode(SequenceSet set) {
    return new SequenceSet(
        set.name(),
        set.channels() * neurons,
        set.classes(),
        set.sequences().stream()
            .map(sequence -> sequence.with(new Signal.Population(sequence.signal(), this)))
            .toList());
  }

  /** Writes the answer of each neuron to a number, from {@code at} on. */
  void answer(float x, float[] to, int at) {
    Arrays.fill(to, at, at + neurons, 0);
    final double place = x * (neurons - 2.0) + 1; // in sigmas, as its number is counted
    final double peak = (neurons - 2) / Math.sqrt(2 * Math.PI);
    final int first = (int) Math.max(0, Math.ceil(place - FAR));
    final int last = (int) Math.min(neurons - 1, Math.floor(place + FAR));
    for (int i = first; i <= last; i++) {
      final double distance = place - i;
      to[at + i] = (float) (peak * StrictMath.exp(-distance * distance / 2));
    }
  }
}
