package rheobase.network.training;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import rheobase.data.RandomStream;

/**
 * The order in which an epoch visits the training sequences: random, but so that those of a batch
 * have like lengths, as every step beyond a sequence's end is lost.
 *
 * <p>The sequences are shuffled. What does not fill a batch is set aside, for the last batch of the
 * epoch. The others are dealt into buckets of {@value #BATCHES} batches; a bucket is sorted by
 * length, the longest first, and cut into batches; the batches of all buckets are shuffled. So a
 * sequence meets others of its length, but other ones in every epoch. Where all are equally long
 * the order is the plain shuffle.
 *
 * <p>{@link #balanced} draws sequences in the place of shuffling them.
 */
final class EpochOrder {
  /** Batches of a bucket: many, for lengths alike; not all, for batches that differ. */
  private static final int BATCHES = 32;

  private EpochOrder() {}

  /**
   * Every place of {@code lengths} once; a function of its arguments alone.
   *
   * @param lengths steps of each sequence
   * @param batch sequences of a batch
   */
  static int[] of(int[] lengths, int batch, long seed, int epoch) {
    int[] shuffled = new int[lengths.length];
    Arrays.setAll(shuffled, i -> i);
    RandomStream.of(seed, "order of sequences", epoch).shuffle(shuffled);
    return inBatches(shuffled, lengths, batch, seed, epoch);
  }

  /**
   * As many places of {@code lengths} as it has, each drawn by itself: first a class, all alike,
   * then one of its sequences. That is a draw by weights of 1 / the size of the class.
   *
   * @param classes of each sequence
   */
  static int[] balanced(int[] lengths, int[] classes, int batch, long seed, int epoch) {
    List<int[]> members =
        Arrays.stream(classes)
            .distinct()
            .sorted()
            .mapToObj(
                c -> IntStream.range(0, classes.length).filter(i -> classes[i] == c).toArray())
            .toList();
    var random = RandomStream.of(seed, "balanced draw of sequences", epoch);
    int[] drawn = new int[lengths.length];
    for (int i = 0; i < drawn.length; i++) {
      int[] own = members.get(random.nextInt(members.size()));
      drawn[i] = own[random.nextInt(own.length)];
    }
    return inBatches(drawn, lengths, batch, seed, epoch);
  }

  private static int[] inBatches(int[] shuffled, int[] lengths, int batch, long seed, int epoch) {
    if (Arrays.stream(lengths).distinct().count() <= 1) {
      return shuffled;
    }
    int batches = lengths.length / batch;
    for (int from = 0; from < batches * batch; from += BATCHES * batch) {
      sort(shuffled, from, Math.min(batches * batch, from + BATCHES * batch), lengths);
    }
    sort(shuffled, batches * batch, shuffled.length, lengths);
    int[] turns = new int[batches];
    Arrays.setAll(turns, b -> b);
    RandomStream.of(seed, "order of batches", epoch).shuffle(turns);
    int[] order = shuffled.clone();
    for (int b = 0; b < batches; b++) {
      System.arraycopy(shuffled, turns[b] * batch, order, b * batch, batch);
    }
    return order;
  }

  /** Longest first; equals stay as they stand. */
  private static void sort(int[] order, int from, int to, int[] lengths) {
    int[] sorted =
        Arrays.stream(order, from, to)
            .boxed()
            .sorted(Comparator.comparingInt(i -> -lengths[i]))
            .mapToInt(i -> i)
            .toArray();
    System.arraycopy(sorted, 0, order, from, sorted.length);
  }
}
