package rheobase.network;

import java.util.Arrays;
import java.util.List;
import rheobase.data.Sequence;

/**
 * Sequences that go through time together, one a row, as layers see them.
 *
 * @param lengths steps of each row
 * @param keys one a row, naming the random initial states together with seed and purpose
 * @param training whether masks are drawn
 */
record MicroBatch(int[] lengths, long[] keys, long seed, String purpose, boolean training) {

  static MicroBatch of(
      List<Sequence> sequences, long[] keys, long seed, String purpose, boolean training) {
    int[] lengths = sequences.stream().mapToInt(Sequence::steps).toArray();
    return new MicroBatch(lengths, keys, seed, purpose, training);
  }

  /** The same with every step so many times. */
  MicroBatch repeated(int times) {
    int[] longer = Arrays.stream(lengths).map(length -> length * times).toArray();
    return new MicroBatch(longer, keys, seed, purpose, training);
  }

  int rows() {
    return lengths.length;
  }

  /** Steps in which no row has ended yet. */
  int shortest() {
    return Arrays.stream(lengths).min().orElseThrow();
  }

  int longest() {
    return Arrays.stream(lengths).max().orElseThrow();
  }
}
