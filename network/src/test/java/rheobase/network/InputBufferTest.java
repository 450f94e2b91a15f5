package rheobase.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import rheobase.data.Sequence;
import rheobase.data.Signal;

/** Lists of spikes and the same as ones and zeros: a layer meets the same rows and events. */
class InputBufferTest {
  private static final int CHANNELS = 37;
  private static final int STRETCH = 64;

  private final InputBuffer listed = new InputBuffer(4 * STRETCH, CHANNELS);
  private final InputBuffer dense = new InputBuffer(4 * STRETCH, CHANNELS);

  private static List<Sequence> batch(Random random, boolean spikes) {
    var batch = new ArrayList<Sequence>();
    int rows = 1 + random.nextInt(4);
    for (int r = 0; r < rows; r++) {
      int steps = 1 + random.nextInt(2 * STRETCH);
      float[] values = new float[steps * CHANNELS];
      double activity = random.nextDouble() * random.nextDouble();
      for (int i = 0; i < values.length; i++) {
        values[i] = random.nextDouble() < activity ? 1 : 0;
      }
      Signal signal =
          spikes
              ? Signal.Spikes.of(steps, CHANNELS, values)
              : new Signal.Dense(steps, CHANNELS, values);
      batch.add(new Sequence("s" + r, "s", signal, new int[1], new boolean[1]));
    }
    return batch;
  }

  /** Fills a stretch block by block, as a worker does. */
  private static void fill(InputBuffer buffer, List<Sequence> batch, int first) {
    buffer.begin(batch);
    for (int from = 0; from < STRETCH; from += LayerRun.BLOCK) {
      buffer.fill(batch, first, from, from + LayerRun.BLOCK);
    }
  }

  private void assertSame(int rows) {
    var ours = listed.source().events();
    var theirs = dense.source().events();
    assertThat(ours.rows()).isEqualTo(theirs.rows()).isEqualTo(rows);
    for (int row = 0; row < rows; row++) {
      assertThat(ours.count(row, 1)).isEqualTo(theirs.count(row, 1));
    }
    for (int e = 0; e < ours.count(); e++) {
      assertThat(ours.unit(e)).isEqualTo(theirs.unit(e));
      assertThat(ours.value(e)).isEqualTo(theirs.value(e));
    }
    // in two pieces, the later one first
    listed.source().written(rows / 3, rows - rows / 3);
    float[] written = listed.source().written(0, rows / 3);
    assertThat(Arrays.copyOf(written, rows * CHANNELS))
        .containsExactly(Arrays.copyOf(dense.source().written(0, rows), rows * CHANNELS));
    assertThat(listed.nonZero(rows)).isEqualTo(dense.nonZero(rows));
  }

  @Test
  void listsOfSpikesReadAsTheirZerosAndOnesWhateverStoodThereBefore() {
    for (int seed = 0; seed < 60; seed++) {
      List<Sequence> spikes = batch(new Random(seed), true);
      List<Sequence> values = batch(new Random(seed), false);
      int first = seed % 3 * STRETCH / 2;
      fill(listed, spikes, first);
      fill(dense, values, first);
      assertSame(spikes.size() * STRETCH);
    }
  }

  @Test
  void sequencesOfBothFormsMayBeMixed() {
    for (int seed = 0; seed < 60; seed++) {
      List<Sequence> mixed = batch(new Random(seed), seed % 3 > 0);
      if (seed % 3 == 2) {
        mixed.set(0, batch(new Random(seed), false).getFirst());
      }
      fill(listed, mixed, 0);
      fill(dense, batch(new Random(seed), false), 0);
      assertSame(mixed.size() * STRETCH);
    }
  }
}
