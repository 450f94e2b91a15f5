package rheobase.network.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import rheobase.data.RandomStream;

class EpochOrderTest {
  private static final int BATCH = 32;

  private static int[] lengths(int count) {
    var random = RandomStream.of(1, "lengths");
    return IntStream.range(0, count).map(_ -> 10 + random.nextInt(190)).toArray();
  }

  private static int[] shuffle(int count, int epoch) {
    int[] order = IntStream.range(0, count).toArray();
    RandomStream.of(5, "order of sequences", epoch).shuffle(order);
    return order;
  }

  /** The batches of an order, each with its sequences ascending. */
  private static List<List<Integer>> batches(int[] order) {
    return IntStream.iterate(0, from -> from < order.length, from -> from + BATCH)
        .mapToObj(from ->
            Arrays.stream(order, from, Math.min(order.length, from + BATCH))
                .sorted()
                .boxed()
                .toList())
        .toList();
  }

  @Test
  void equalLengthsAreAPlainShuffle() {
    int[] lengths = new int[100];
    Arrays.fill(lengths, 50);
    assertThat(EpochOrder.of(lengths, BATCH, 5, 3)).isEqualTo(shuffle(100, 3));
  }

  @Test
  void everySequenceComesOnce() {
    for (int count : new int[] {1, 31, 32, 33, 5000}) {
      assertThat(EpochOrder.of(lengths(count), BATCH, 5, 1))
          .containsExactlyInAnyOrder(IntStream.range(0, count).toArray());
    }
  }

  @Test
  void oneSeedAndEpochGiveOneOrder() {
    int[] order = EpochOrder.of(lengths(500), BATCH, 5, 1);
    assertThat(EpochOrder.of(lengths(500), BATCH, 5, 1)).isEqualTo(order);
    assertThat(EpochOrder.of(lengths(500), BATCH, 5, 2)).isNotEqualTo(order);
    assertThat(EpochOrder.of(lengths(500), BATCH, 6, 1)).isNotEqualTo(order);
  }

  @Test
  void fewStepsOfAMicroBatchLieBeyondTheEndOfASequence() {
    int[] lengths = lengths(3000);
    int[] order = EpochOrder.of(lengths, BATCH, 5, 1);
    assertThat(waste(order, lengths)).isLessThan(0.03);
    assertThat(waste(shuffle(3000, 1), lengths)).isGreaterThan(0.3);
  }

  /** Share of steps beyond a sequence's end in micro-batches of 16. */
  private static double waste(int[] order, int[] lengths) {
    long run = 0;
    long own = 0;
    for (int from = 0; from < order.length; from += 16) {
      int to = Math.min(order.length, from + 16);
      int longest = Arrays.stream(order, from, to).map(i -> lengths[i]).max().orElseThrow();
      run += (long) longest * (to - from);
      own += Arrays.stream(order, from, to).mapToLong(i -> lengths[i]).sum();
    }
    return 1 - (double) own / run;
  }

  @Test
  void batchesOfOneLengthDoNotFollowEachOtherAndMixAnewEveryEpoch() {
    int[] lengths = lengths(3000);
    var first = batches(EpochOrder.of(lengths, BATCH, 5, 1));
    var second = batches(EpochOrder.of(lengths, BATCH, 5, 2));
    int growing = 0;
    for (int b = 1; b < first.size(); b++) {
      growing += lengths[first.get(b).getFirst()] > lengths[first.get(b - 1).getFirst()] ? 1 : 0;
    }
    assertThat(growing).isBetween(first.size() / 4, first.size() * 3 / 4);
    assertThat(second).doesNotContainAnyElementsOf(first);
  }

  @Test
  void theBatchThatIsNotFullIsTheLastAndOfSequencesDrawnAtRandom() {
    int[] lengths = lengths(100);
    int[] order = EpochOrder.of(lengths, BATCH, 5, 1);
    assertThat(Arrays.copyOfRange(order, 96, 100))
        .containsExactlyInAnyOrder(Arrays.copyOfRange(shuffle(100, 1), 96, 100));
  }

  @Test
  void aBalancedEpochDrawsAllClassesEquallyOften() {
    int[] classes = IntStream.range(0, 5000).map(i -> i < 50 ? 7 : i < 1000 ? 2 : 4).toArray();
    int[] lengths = lengths(5000);
    int[] order = EpochOrder.balanced(lengths, classes, BATCH, 5, 1);
    assertThat(order).hasSize(5000);
    for (int c : new int[] {2, 4, 7}) {
      long drawn = Arrays.stream(order).filter(i -> classes[i] == c).count();
      // a third, within four standard deviations
      assertThat(drawn).as("of class %d", c).isBetween(5000L / 3 - 134, 5000L / 3 + 134);
    }
    long[] ofSeven = new long[50];
    Arrays.stream(order).filter(i -> i < 50).forEach(i -> ofSeven[i]++);
    assertThat(Arrays.stream(ofSeven).min().orElse(0)).as("rarest of the rare class").isPositive();
    assertThat(waste(order, lengths)).isLessThan(0.03);
  }

  @Test
  void aBalancedEpochIsAFunctionOfSeedAndEpoch() {
    int[] classes = IntStream.range(0, 500).map(i -> i % 7 == 0 ? 0 : 1).toArray();
    int[] order = EpochOrder.balanced(lengths(500), classes, BATCH, 5, 1);
    assertThat(EpochOrder.balanced(lengths(500), classes, BATCH, 5, 1)).isEqualTo(order);
    assertThat(EpochOrder.balanced(lengths(500), classes, BATCH, 5, 2)).isNotEqualTo(order);
    assertThat(EpochOrder.balanced(lengths(500), classes, BATCH, 6, 1)).isNotEqualTo(order);
  }
}
