package rheobase.data;

import java.util.Arrays;

/**
 * A number told by how often neurons fire, each by itself and at random: at every step a neuron
 * fires with the probability x of its channel, which is a Poisson process seen at steps. Below 0 it
 * never does, above 1 always. One of the inputs that Yin, Corradi and Bohté 2020 offer for
 * sequential MNIST.
 *
 * <p>The events of a sequence are a function of the seed, the sequence's id, the channel, the
 * neuron and the step, and the same in every epoch.
 *
 * @param neurons for each channel; at least 1
 */
public record PoissonCode(int neurons, long seed) {
  /**
   * @throws DataException for no neuron
   */
  public PoissonCode {
    if (neurons < 1) {
      throw new DataException(
          "A Poisson code of %d neurons says nothing; it needs 1 at least.".formatted(neurons));
    }
  }

  /** A set of the events of its sequences: channel c becomes those from {@code c n} on. */
  public SequenceSet encode(SequenceSet set) {
    return new SequenceSet(
        set.name(),
        set.channels() * neurons,
        set.classes(),
        set.sequences().stream()
            .map(sequence ->
                sequence.with(new Signal.Poisson(sequence.signal(), this, key(sequence.id()))))
            .toList());
  }

  private long key(String id) {
    return RandomStream.of(seed, "Poisson code of " + id).nextLong();
  }

  /**
   * Turns the values of a step into events, in their place.
   *
   * @param key of the sequence
   * @param values of {@code channels} channels, from {@code at} on; there is room for all neurons
   */
  void fire(long key, int step, int channels, float[] values, int at) {
    final RandomStream random = RandomStream.of(key, "step", step);
    // from the last one on, as the events of a channel take the place of those behind it
    for (int c = channels - 1; c >= 0; c--) {
      final float x = values[at + c];
      final int from = at + c * neurons;
      Arrays.fill(values, from, from + neurons, 0);
      for (int i = 0; x > 0 && i < neurons; i++) {
        values[from + i] = random.nextFloat() < x ? 1 : 0;
      }
    }
  }
}
