package rheobase.network.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventsTest {
  @Test
  void aRowIsListedByUnitAndValue() {
    Events events = new Events();
    assertThat(events.append(new float[] {9, 0, 1, 0, -2.5f, 9}, 1, 4)).isEqualTo(2);
    assertThat(events.append(new float[3], 0, 3)).isZero();
    assertThat(events.append(new float[] {0, 0, 3}, 0, 3)).isEqualTo(1);
    assertThat(events.rows()).isEqualTo(3);
    assertThat(events.count()).isEqualTo(3);
    assertThat(events.count(1, 2)).isEqualTo(1);
    assertThat(Arrays.copyOf(events.starts, 4)).containsExactly(0, 2, 2, 3);
    assertThat(Arrays.copyOf(events.units, 3)).containsExactly(1, 3, 2);
    assertThat(Arrays.copyOf(events.values, 3)).containsExactly(1, -2.5f, 3);
  }

  @Test
  void zerosOfBothSignsAreSilenceAndNaNIsNot() {
    Events events = new Events();
    assertThat(events.append(new float[] {0.0f, -0.0f, Float.NaN, Float.MIN_VALUE}, 0, 4))
        .isEqualTo(2);
    assertThat(events.unit(0)).isEqualTo(2);
    assertThat(events.value(0)).isNaN();
    assertThat(events.value(1)).isEqualTo(Float.MIN_VALUE);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 13, 15, 16, 17, 31, 32, 36, 48, 130, 207})
  void vectorScanFindsWhatThePlainScanFinds(int units) {
    SampleMatrices samples = new SampleMatrices(units);
    for (int stride : new int[] {units, units + 5, Products.stride(units)}) {
      // Neighbours past a row's units are not zero here, and the array ends with the last row.
      int rows = 9;
      float[] values = samples.raster(7 + (rows - 1) * stride + units, samples.activity());
      Events vector = scanned(new VectorRowScan(), values, rows, units, stride);
      Events scalar = scanned(new ScalarRowScan(), values, rows, units, stride);
      int count = scalar.starts[rows];
      assertThat(Arrays.copyOf(vector.starts, rows + 1))
          .isEqualTo(Arrays.copyOf(scalar.starts, rows + 1));
      assertThat(Arrays.copyOf(vector.units, count)).isEqualTo(Arrays.copyOf(scalar.units, count));
      assertThat(Arrays.copyOf(vector.values, count))
          .isEqualTo(Arrays.copyOf(scalar.values, count));
      for (RowScan scan : new RowScan[] {new VectorRowScan(), new ScalarRowScan()}) {
        Events spikes = new Events(rows, rows * units);
        scan.scanSpikes(rows, units, values, 7, stride, spikes, 0);
        assertThat(Arrays.copyOf(spikes.starts, rows + 1))
            .isEqualTo(Arrays.copyOf(scalar.starts, rows + 1));
        assertThat(Arrays.copyOf(spikes.units, count))
            .isEqualTo(Arrays.copyOf(scalar.units, count));
      }
    }
  }

  private static Events scanned(RowScan scan, float[] values, int rows, int units, int stride) {
    Events events = new Events(rows, rows * units);
    scan.scan(rows, units, values, 7, stride, events, 0);
    return events;
  }

  @Test
  void clearedListStartsAgainAtRowZero() {
    Events events = new Events();
    events.append(new float[] {1, 1, 1}, 0, 3);
    events.clear();
    assertThat(events.rows()).isZero();
    assertThat(events.count()).isZero();
    events.append(new float[] {0, 1}, 0, 2);
    assertThat(events.count()).isEqualTo(1);
    assertThat(events.unit(0)).isEqualTo(1);
  }

  @Test
  void theListGrowsWithoutLosingEvents() {
    Events events = new Events();
    float[] row = new float[40];
    for (int i = 0; i < 1000; i++) {
      row[i % 40] = i + 1;
      events.append(row, 0, 40);
      row[i % 40] = 0;
    }
    assertThat(events.count()).isEqualTo(1000);
    for (int i = 0; i < 1000; i++) {
      assertThat(events.unit(i)).isEqualTo(i % 40);
      assertThat(events.value(i)).isEqualTo(i + 1);
      assertThat(events.start(i)).isEqualTo(i);
    }
  }

  @Test
  void transposedListsHoldEachUnitsRowsInOrder() {
    Events events = new Events();
    float[] values = {
      1, 0, 0, //
      9, 9, 9, //
      0, 0, 2, //
      3, 0, 4, //
    };
    events.append(4, 3, values, 0, 3);
    events.transpose(2, 2, 4);
    assertThat(Arrays.copyOf(events.unitStarts, 5)).containsExactly(0, 1, 1, 3, 3);
    assertThat(Arrays.copyOf(events.rowsByUnit, 3)).containsExactly(1, 0, 1);
    assertThat(Arrays.copyOf(events.valuesByUnit, 3)).containsExactly(3, 2, 4);
  }

  @Test
  void spikesThatAreKnownAreListedAsIfTheyHadBeenFound() {
    Events events = new Events();
    events.appendSpikes(new char[] {9, 1, 4, 9}, 1, 3, 5);
    events.appendSpikes(new char[0], 0, 0, 5);
    events.append(new float[] {0, 3}, 0, 2);
    assertThat(events.rows()).isEqualTo(3);
    assertThat(Arrays.copyOf(events.starts, 4)).containsExactly(0, 2, 2, 3);
    assertThat(Arrays.copyOf(events.units, 3)).containsExactly(1, 4, 1);
    assertThat(Arrays.copyOf(events.values, 3)).containsExactly(1, 1, 3);
    assertThat(events.unitsSeen()).isEqualTo(5);
    assertThatThrownBy(() -> events.appendSpikes(new char[] {5}, 0, 1, 5))
        .hasMessage("unit 5 is none of 5");
  }

  @Test
  void plainSpikesAreOnesWhateverStoodThereBefore() {
    RandomGenerator random = new SplittableRandom(3);
    Events events = new Events();
    for (int round = 0; round < 200; round++) {
      events.clear();
      Events found = new Events();
      for (int list = random.nextInt(5); list >= 0; list--) {
        boolean plain = random.nextBoolean();
        int rows = 1 + random.nextInt(4);
        float[] values = new float[rows * 20];
        for (int i = 0; i < values.length; i++) {
          values[i] = random.nextInt(3) > 0 ? 0 : plain ? 1 : 1 + random.nextInt(3);
        }
        int count =
            plain
                ? events.appendSpikes(rows, 20, values, 0, 20)
                : events.append(rows, 20, values, 0, 20);
        assertThat(found.append(rows, 20, values, 0, 20)).isEqualTo(count);
        char[] active = {0, (char) (1 + random.nextInt(19))};
        events.appendSpikes(active, 0, 2, 20);
        float[] row = new float[20];
        row[0] = 1;
        row[active[1]] = 1;
        found.append(row, 0, 20);
      }
      int count = found.count();
      assertThat(Arrays.copyOf(events.units, count)).isEqualTo(Arrays.copyOf(found.units, count));
      assertThat(Arrays.copyOf(events.values, count)).isEqualTo(Arrays.copyOf(found.values, count));
      int first = random.nextInt(found.rows());
      int some = random.nextInt(found.rows() - first);
      int listed = found.count(first, some);
      events.transpose(first, some, 20);
      found.transpose(first, some, 20);
      assertThat(Arrays.copyOf(events.rowsByUnit, listed))
          .isEqualTo(Arrays.copyOf(found.rowsByUnit, listed));
      assertThat(Arrays.copyOf(events.valuesByUnit, listed))
          .isEqualTo(Arrays.copyOf(found.valuesByUnit, listed));
    }
  }

  @Test
  void rowsOutsideTheArrayAreRefused() {
    Events events = new Events();
    assertThatThrownBy(() -> events.append(3, 4, new float[10], 0, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "3 rows of 4 units with offset 0 and stride 4 do not fit an array of 10 floats");
  }
}
