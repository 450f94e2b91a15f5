package rheobase.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RandomStreamTest {

  /**
   * Computed by an independent Python implementation of the algorithm in the Javadoc. Never change
   * these.
   */
  @Test
  void theNumbersAreTheSameForEver() {
    final RandomStream stream = RandomStream.of(42, "mask", 3, -1);
    assertThat(new long[] {stream.nextLong(), stream.nextLong(), stream.nextLong()})
        .containsExactly(0x8389ad565628da76L, 0x4a5ed75f531c09bcL, 0xd194d1c16b692e66L);
    assertThat(RandomStream.of(0, "").nextLong()).isEqualTo(0x2ecc50f02c658679L);
    assertThat(RandomStream.of(7, "Übung").nextLong()).isEqualTo(0xd9fb5f1591dd64aaL);
    assertThat(RandomStream.of(42, "mask", 3, -1).nextFloat()).isEqualTo(0.5138195157051086f);
    assertThat(RandomStream.of(42, "mask", 3, -1).nextDouble()).isEqualTo(0.5138195358069056);
    final RandomStream normal = RandomStream.of(1, "normal");
    assertThat(new double[] {normal.nextGaussian(), normal.nextGaussian(), normal.nextGaussian()})
        .containsExactly(
            new double[] {0.5523586470854428, 1.3466060562707463, 1.8075703172427928},
            within(1e-14));
    final RandomStream integers = RandomStream.of(2, "integers");
    assertThat(IntStream.range(0, 8).map(i -> integers.nextInt(1000)).toArray())
        .containsExactly(650, 733, 436, 745, 711, 655, 852, 926);
    final int[] order = IntStream.range(0, 10).toArray();
    RandomStream.of(3, "shuffle", 1).shuffle(order);
    assertThat(order).containsExactly(5, 4, 1, 0, 7, 3, 2, 6, 9, 8);
  }

  @Test
  void everyPartOfTheKeyCounts() {
    final Set<Long> first = new HashSet<>();
    first.add(RandomStream.of(1, "a").nextLong());
    first.add(RandomStream.of(2, "a").nextLong());
    first.add(RandomStream.of(1, "b").nextLong());
    first.add(RandomStream.of(1, "a", 0).nextLong());
    first.add(RandomStream.of(1, "a", 0, 0).nextLong());
    first.add(RandomStream.of(1, "a", 1, 0).nextLong());
    first.add(RandomStream.of(1, "a", 0, 1).nextLong());
    assertThat(first).hasSize(7);
  }

  @Test
  void uniformNumbersFillTheUnitIntervalEvenly() {
    final RandomStream stream = RandomStream.of(5, "uniform");
    final int[] counts = new int[64];
    final int draws = 640_000;
    for (int i = 0; i < draws; i++) {
      final float value = i % 2 == 0 ? stream.nextFloat() : (float) stream.nextDouble();
      counts[Math.min(63, (int) (value * 64))]++;
    }
    assertThat(chiSquared(counts, draws / 64.0))
        .isBetween(30.0, 110.0); // 63 degrees of freedom, sd 11
  }

  /**
   * The first number of many streams with neighbouring keys must look as random as one stream's
   * numbers.
   */
  @Test
  void neighbouringKeysGiveUnrelatedStreams() {
    final int draws = 640_000;
    final int[] counts = new int[64];
    double correlation = 0;
    double previous = 0;
    for (int i = 0; i < draws; i++) {
      final double value = RandomStream.of(9, "neighbours", i).nextDouble();
      counts[(int) (value * 64)]++;
      correlation += (value - 0.5) * (previous - 0.5) * 12;
      previous = value;
    }
    assertThat(chiSquared(counts, draws / 64.0)).isBetween(30.0, 110.0);
    assertThat(correlation / draws).isCloseTo(0, within(5 / Math.sqrt(draws)));
  }

  @Test
  void everyBitIsSetHalfOfTheTime() {
    final RandomStream stream = RandomStream.of(11, "bits");
    final int[] ones = new int[64];
    final int draws = 100_000;
    for (int i = 0; i < draws; i++) {
      final long value = stream.nextLong();
      for (int bit = 0; bit < 64; bit++) {
        ones[bit] += (int) (value >>> bit & 1);
      }
    }
    for (int count : ones) {
      assertThat(count).isCloseTo(draws / 2, within(800)); // five standard deviations
    }
  }

  @Test
  void gaussiansHaveTheMomentsOfTheNormalDistribution() {
    final RandomStream stream = RandomStream.of(6, "normal");
    final int draws = 400_000;
    double sum = 0;
    double squares = 0;
    double fourth = 0;
    int beyondTwo = 0;
    for (int i = 0; i < draws; i++) {
      final double x = stream.nextGaussian();
      sum += x;
      squares += x * x;
      fourth += x * x * x * x;
      beyondTwo += Math.abs(x) > 2 ? 1 : 0;
    }
    assertThat(sum / draws).isCloseTo(0, within(0.01));
    assertThat(squares / draws).isCloseTo(1, within(0.01));
    assertThat(fourth / draws).isCloseTo(3, within(0.1));
    assertThat(beyondTwo / (double) draws).isCloseTo(0.0455, within(0.0015));
  }

  @Test
  void boundedIntegersAreUniformAlsoForAwkwardBounds() {
    final RandomStream stream = RandomStream.of(8, "bounded");
    final int[] counts = new int[7];
    for (int i = 0; i < 70_000; i++) {
      counts[stream.nextInt(7)]++;
    }
    assertThat(chiSquared(counts, 10_000)).isLessThan(25);
    for (int i = 0; i < 1000; i++) {
      assertThat(stream.nextInt(Integer.MAX_VALUE)).isNotNegative();
      assertThat(stream.nextInt(1)).isZero();
    }
    assertThatThrownBy(() -> stream.nextInt(0)).hasMessageContaining("positive, not 0");
  }

  @Test
  void shufflingMakesEveryOrderEquallyLikely() {
    final int[] counts = new int[6];
    for (int i = 0; i < 60_000; i++) {
      final int[] order = {0, 1, 2};
      RandomStream.of(4, "orders", i).shuffle(order);
      counts[order[0] * 2 + (order[1] > order[2] ? 1 : 0)]++;
    }
    assertThat(chiSquared(counts, 10_000)).isLessThan(22);
  }

  private static double chiSquared(int[] counts, double expected) {
    return IntStream.of(counts).mapToDouble(c -> (c - expected) * (c - expected) / expected).sum();
  }
}
