package rheobase.app.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HistogramTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 6, 36, 400, 5000})
  void everyValueFallsIntoABinThatHoldsIt(int count) {
    final var random = new Random(count);
    final double[] before = random.doubles(count, 15, 25).toArray();
    final double[] after = random.doubles(count, 1, 90).toArray();
    final var histogram = Histogram.of(before, after);
    final double[] edges = histogram.edges();
    assertThat(histogram.before()).hasSize(edges.length - 1);
    for (int bin = 0; bin + 1 < edges.length; bin++) {
      final double from = edges[bin];
      final double to = edges[bin + 1];
      assertThat(histogram.after()[bin])
          .isEqualTo(
              (int) Arrays.stream(after).filter(value -> value >= from && value < to).count());
    }
    assertThat(Arrays.stream(histogram.before()).sum()).isEqualTo(count);
    assertThat(Arrays.stream(histogram.after()).sum()).isEqualTo(count);
    assertThat(edges.length).isBetween(3, 80);
  }

  @Test
  void equalValuesHaveABinOfTheirOwn() {
    final var histogram = Histogram.of(new double[] {20, 20, 20}, new double[] {20, 20, 20});
    assertThat(Arrays.stream(histogram.before()).filter(count -> count > 0).toArray())
        .containsExactly(3);
    assertThat(Histogram.of(new double[] {0}, new double[] {0}).before()).containsExactly(1);
  }

  @Test
  void whatIsNoNumberIsNotCounted() {
    final var histogram =
        Histogram.of(new double[] {Double.NaN, 1}, new double[] {Double.POSITIVE_INFINITY, 2});
    assertThat(Arrays.stream(histogram.before()).sum()).isEqualTo(1);
    assertThat(Arrays.stream(histogram.after()).sum()).isEqualTo(1);
    assertThat(Histogram.of(new double[] {Double.NaN}, new double[] {Double.NaN}).edges())
        .isEmpty();
  }
}
