package rheobase.network.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Dense and event products, vector and scalar: one meaning, the same bits. */
class ProductsTest {
  private static final Products SCALAR = new ScalarProducts();
  private static final Products VECTOR = new VectorProducts();
  private static final List<Products> BOTH = List.of(SCALAR, VECTOR);

  static Stream<Arguments> inputsAndUnits() {
    return Stream.of(1, 3, 13, 36, 130, 257, 700)
        .flatMap(k -> Stream.of(16, 32, 48, 64, 80, 112, 128, 208).map(n -> Arguments.of(k, n)));
  }

  @Test
  void aSmallProductComesOutAsByHand() {
    float[] a = {1, 2, 0, 3};
    float[] b = new float[32];
    b[0] = 5;
    b[1] = 7;
    b[16] = 11;
    b[17] = 13;
    for (Products products : BOTH) {
      float[] c = new float[32];
      c[0] = 100;
      products.dense(2, 16, 2, a, 0, 2, 1, b, 0, 16, c, 0, 16);
      assertThat(c).startsWith(127, 33, 0);
      assertThat(c[16]).isEqualTo(33);
      assertThat(c[17]).isEqualTo(39);

      float[] transposed = new float[32];
      products.dense(2, 16, 2, a, 0, 1, 2, b, 0, 16, transposed, 0, 16);
      assertThat(transposed).startsWith(5, 7, 0);
      assertThat(transposed[16]).isEqualTo(43);
      assertThat(transposed[17]).isEqualTo(53);
    }
  }

  @Test
  void scalarFormIsTheProductInDoublePrecision() {
    SampleMatrices samples = new SampleMatrices(1);
    int m = 7;
    int k = 50;
    int n = 48;
    float[] a = new float[m * k];
    float[] b = new float[k * n];
    for (int i = 0; i < a.length; i++) {
      a[i] = samples.between(-100, 100) / 64f;
    }
    for (int i = 0; i < b.length; i++) {
      b[i] = samples.between(-100, 100) / 64f;
    }
    float[] c = new float[m * n];
    SCALAR.dense(m, n, k, a, 0, k, 1, b, 0, n, c, 0, n);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double sum = 0;
        for (int p = 0; p < k; p++) {
          sum += (double) a[i * k + p] * b[p * n + j];
        }
        assertThat((double) c[i * n + j]).isCloseTo(sum, within(1e-3));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("inputsAndUnits")
  void denseGivesTheSameBitsInVectorAndScalarForm(int k, int n) {
    SampleMatrices samples = new SampleMatrices(31L * k + n);
    for (int m = 1; m <= 20; m++) {
      boolean transposed = samples.coin();
      int aRowStride = transposed ? 1 : k + samples.between(0, 5);
      int aColumnStride = transposed ? m + samples.between(0, 5) : 1;
      int aOffset = samples.between(0, 20);
      int bStride = n + samples.oneOf(0, 16, 3);
      int bOffset = samples.between(0, 20);
      int cStride = n + samples.oneOf(0, 16, 3);
      int cOffset = samples.between(0, 20);
      float[] a = samples.weights(aOffset + (m - 1) * aRowStride + (k - 1) * aColumnStride + 1);
      float[] b = samples.weights(bOffset + (k - 1) * bStride + n);
      float[] c = samples.weights(cOffset + m * cStride + 20);
      float[] expected = c.clone();
      SCALAR.dense(
          m,
          n,
          k,
          a,
          aOffset,
          aRowStride,
          aColumnStride,
          b,
          bOffset,
          bStride,
          expected,
          cOffset,
          cStride);
      VECTOR.dense(
          m, n, k, a, aOffset, aRowStride, aColumnStride, b, bOffset, bStride, c, cOffset, cStride);
      assertSameBits(c, expected);
    }
  }

  @ParameterizedTest
  @MethodSource("inputsAndUnits")
  void gatherGivesTheBitsOfTheDenseProduct(int k, int n) {
    SampleMatrices samples = new SampleMatrices(37L * k + n);
    for (int m = 1; m <= 20; m++) {
      int before = samples.between(0, 3);
      int aStride = k + samples.between(0, 5);
      float[] a = samples.raster((before + m) * aStride, samples.activity());
      Events events = new Events();
      events.append(before + m, k, a, 0, aStride);
      int bStride = n + samples.oneOf(0, 16, 3);
      int bOffset = samples.between(0, 20);
      int cStride = n + samples.oneOf(0, 16, 3);
      int cOffset = samples.between(0, 20);
      float[] b = samples.weights(bOffset + (k - 1) * bStride + n);
      float[] c = samples.weights(cOffset + m * cStride + 20);
      float[] expected = c.clone();
      SCALAR.dense(
          m,
          n,
          k,
          a,
          before * aStride,
          aStride,
          1,
          b,
          bOffset,
          bStride,
          expected,
          cOffset,
          cStride);
      for (Products products : BOTH) {
        float[] result = c.clone();
        products.gather(events, before, m, b, bOffset, bStride, n, result, cOffset, cStride);
        assertSameBits(result, expected);
      }
    }
  }

  /** {@code units} of the result, rows of {@code n} that are multiplied. */
  @ParameterizedTest
  @MethodSource("inputsAndUnits")
  void pickedElementsAreThoseOfTheProductAndNoOthersChange(int units, int n) {
    SampleMatrices samples = new SampleMatrices(41L * units + n);
    for (int m = 1; m <= 9; m++) {
      int before = samples.between(0, 3);
      Events events = new Events();
      float[] wanted = samples.raster((before + m) * units, samples.activity());
      events.append(before + m, units, wanted, 0, units);
      int aStride = n + samples.oneOf(0, 16, 3);
      int bStride = n + samples.oneOf(0, 16, 3);
      int cStride = Products.stride(units) + samples.oneOf(0, 16, 3);
      float[] a = samples.weights(m * aStride + n);
      float[] b = samples.weights(7 + units * bStride + n);
      float[] c = samples.weights(m * cStride + cStride);
      float[][] results = {c.clone(), c.clone()};
      for (int p = 0; p < results.length; p++) {
        BOTH.get(p)
            .pick(events, before, m, a, 0, aStride, b, 7, bStride, n, results[p], 0, cStride);
      }
      assertSameBits(results[1], results[0]);
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < cStride; j++) {
          int at = i * cStride + j;
          if (j < units && wanted[(before + i) * units + j] != 0) {
            double sum = c[at];
            double size = Math.abs(sum);
            for (int k = 0; k < n; k++) {
              double term = (double) a[i * aStride + k] * b[7 + j * bStride + k];
              sum += term;
              size += Math.abs(term);
            }
            assertThat((double) results[0][at]).isCloseTo(sum, within(1e-6 * size + 1e-30));
          } else {
            assertThat(results[0][at]).isEqualTo(c[at]);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("inputsAndUnits")
  void transposedGatherGivesTheBitsOfTheTransposedDenseProduct(int units, int n) {
    SampleMatrices samples = new SampleMatrices(41L * units + n);
    for (int rows : new int[] {0, 1, 2, 7, 40}) {
      checkTransposedGather(samples, rows, units, n);
    }
  }

  /** Lists are made for blocks of rows; a unit's sum goes on across them. */
  @ParameterizedTest
  @ValueSource(ints = {1023, 1024, 1025, 2500})
  void transposedGatherGoesOnOverManyRows(int rows) {
    SampleMatrices samples = new SampleMatrices(rows);
    checkTransposedGather(samples, rows, 36, 48);
    checkTransposedGather(samples, rows, 5, 16);
  }

  private static void checkTransposedGather(SampleMatrices samples, int rows, int units, int n) {
    int before = samples.between(0, 3);
    int aStride = units + samples.between(0, 5);
    float[] a = samples.raster((before + rows) * aStride, samples.activity());
    Events events = new Events();
    events.append(before + rows, units, a, 0, aStride);
    int kStride = n + samples.oneOf(0, 16, 3);
    int kOffset = samples.between(0, 20);
    int dwStride = n + samples.oneOf(0, 16, 3);
    int dwOffset = samples.between(0, 20);
    float[] k = samples.weights(kOffset + rows * kStride + n);
    float[] dw = samples.weights(dwOffset + units * dwStride + 20);
    for (Products products : BOTH) {
      float[] expected = dw.clone();
      products.dense(
          units,
          n,
          rows,
          a,
          before * aStride,
          1,
          aStride,
          k,
          kOffset,
          kStride,
          expected,
          dwOffset,
          dwStride);
      float[] result = dw.clone();
      products.gatherTransposed(
          events, before, rows, units, k, kOffset, kStride, n, result, dwOffset, dwStride);
      assertSameBits(result, expected);
    }
  }

  @Test
  void aSumMayBeContinuedByASecondCallWithoutAChangeOfBits() {
    SampleMatrices samples = new SampleMatrices(5);
    int m = 9;
    int n = 48;
    int k = 40;
    float[] a = samples.weights(m * k);
    float[] b = samples.weights(k * n);
    for (Products products : BOTH) {
      float[] once = new float[m * n];
      products.dense(m, n, k, a, 0, k, 1, b, 0, n, once, 0, n);
      float[] twice = new float[m * n];
      products.dense(m, n, 17, a, 0, k, 1, b, 0, n, twice, 0, n);
      products.dense(m, n, k - 17, a, 17, k, 1, b, 17 * n, n, twice, 0, n);
      assertSameBits(twice, once);
    }
  }

  @Test
  void noProductLeavesANegativeZero() {
    for (Products products : BOTH) {
      Events silent = new Events();
      silent.append(2, 1, new float[2], 0, 1);
      float[] c = negativeZeros(32);
      products.dense(2, 16, 0, new float[0], 0, 0, 1, new float[0], 0, 16, c, 0, 16);
      assertSameBits(c, new float[32]);
      c = negativeZeros(32);
      products.gather(silent, 0, 2, new float[16], 0, 16, 16, c, 0, 16);
      assertSameBits(c, new float[32]);
      c = negativeZeros(32);
      products.gatherTransposed(silent, 0, 2, 2, new float[32], 0, 16, 16, c, 0, 16);
      assertSameBits(c, new float[32]);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 6, 10, 20, 36, 50, 84})
  void rowsOfTheResultMayStandCloserThanTheyAreWide(int units) {
    SampleMatrices samples = new SampleMatrices(units);
    int n = Products.stride(units);
    for (int m = 1; m <= 20; m++) {
      int k = 30;
      float[] a = samples.raster(m * k, samples.activity());
      Events events = new Events();
      events.append(m, k, a, 0, k);
      float[] b = samples.weights(k * n);
      for (int p = 0; p < k; p++) {
        Arrays.fill(b, p * n + units, (p + 1) * n, 0);
      }
      float[] apart = samples.weights(m * n);
      float[] close = new float[m * units + Products.ALIGNMENT];
      Arrays.fill(close, 7);
      for (int i = 0; i < m; i++) {
        System.arraycopy(apart, i * n, close, i * units, units);
      }
      SCALAR.dense(m, n, k, a, 0, k, 1, b, 0, n, apart, 0, n);
      float[] expected = close.clone();
      for (int i = 0; i < m; i++) {
        System.arraycopy(apart, i * n, expected, i * units, units);
      }
      for (Products products : BOTH) {
        float[] dense = close.clone();
        products.dense(m, n, k, a, 0, k, 1, b, 0, n, dense, 0, units);
        assertSameBits(dense, expected);
        float[] gathered = close.clone();
        products.gather(events, 0, m, b, 0, n, n, gathered, 0, units);
        assertSameBits(gathered, expected);
      }
    }
  }

  @Test
  void emptyShapesTouchNothing() {
    for (Products products : BOTH) {
      float[] c = {3, -0.0f};
      float[] none = new float[0];
      products.dense(0, 16, 4, none, 0, 4, 1, new float[64], 0, 16, c, 0, 16);
      products.dense(4, 0, 4, new float[16], 0, 4, 1, none, 0, 0, c, 0, 0);
      products.gather(new Events(), 0, 0, none, 0, 16, 16, c, 0, 16);
      products.gatherTransposed(new Events(), 0, 0, 0, none, 0, 16, 16, c, 0, 16);
      assertSameBits(c, new float[] {3, -0.0f});
    }
  }

  @Test
  void shapesThatDoNotFitAreRefusedByName() {
    float[] small = new float[31];
    float[] large = new float[64];
    Events events = new Events();
    events.append(new float[] {1, 1, 1}, 0, 3);
    for (Products products : BOTH) {
      assertThatThrownBy(() -> products.dense(2, 16, 1, large, 0, 1, 1, large, 0, 16, small, 0, 16))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("C[2 x 16] with offset 0 and stride 16 does not fit its array of 31 floats");
      assertThatThrownBy(() -> products.dense(1, 16, 2, large, 0, 1, 1, small, 0, 16, large, 0, 16))
          .hasMessageContaining("B[2 x 16]");
      assertThatThrownBy(
              () -> products.dense(2, 16, 2, large, 0, 99, 1, large, 0, 16, large, 0, 16))
          .hasMessage(
              "A[2 x 2] with offset 0 and strides 99, 1 ends at 100, but its array holds 64");
      assertThatThrownBy(() -> products.dense(1, 17, 1, large, 0, 1, 1, large, 0, 17, large, 0, 17))
          .hasMessage("C is [1 x 17]; its width must be a multiple of 16");
      assertThatThrownBy(() -> products.gather(events, 0, 2, large, 0, 16, 16, large, 0, 16))
          .hasMessage("rows 0 to 2 are not among the 1 rows of the event list");
      assertThatThrownBy(() -> products.gather(events, 0, 1, small, 0, 16, 16, large, 0, 16))
          .hasMessageContaining("B[3 x 16]");
      assertThatThrownBy(
              () -> products.gatherTransposed(events, 0, 1, 2, large, 0, 16, 16, large, 0, 16))
          .hasMessage("dW has 2 rows, but the events come from rows of 3 units");
    }
  }

  @Test
  void theEventFormIsPreferredForFewEventsOnly() {
    for (int n : new int[] {16, 48, 128, 512}) {
      for (int k : new int[] {36, 512}) {
        int full = 16 * k;
        assertThat(Products.gatherPays(0, 16, k, n)).isTrue();
        assertThat(Products.gatherPays(full / 20, 16, k, n)).isTrue();
        assertThat(Products.gatherPays(full / 2, 16, k, n)).isFalse();
        assertThat(Products.transposedGatherPays(0, 16, k * n, n)).isTrue();
        assertThat(Products.transposedGatherPays(full / 2, 16, k * n, n)).isFalse();
      }
    }
  }

  private static float[] negativeZeros(int length) {
    float[] zeros = new float[length];
    Arrays.fill(zeros, -0.0f);
    return zeros;
  }

  private static void assertSameBits(float[] actual, float[] expected) {
    assertThat(bits(actual)).isEqualTo(bits(expected));
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }
}
