package rheobase.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PoissonCodeTest {
  private static final int STEPS = 4000;
  private static final PoissonCode THREE = new PoissonCode(3, 1);

  /** Three channels of constant values. */
  private static SequenceSet constant(String id, float... values) {
    final float[] all = new float[STEPS * values.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = values[i % values.length];
    }
    final var signal = new Signal.Dense(STEPS, values.length, all);
    final var sequence = new Sequence(id, "g", signal, new int[1], new boolean[1]);
    return new SequenceSet("s", values.length, List.of("a"), List.of(sequence));
  }

  private static float[] events(PoissonCode code, SequenceSet set) {
    return code.encode(set).sequences().getFirst().values();
  }

  @Test
  void everyNeuronFiresAsOftenAsTheValueSays() {
    final float[] events = events(THREE, constant("one", 0.1f, 0, 0.75f));
    final int[] counts = new int[9];
    for (int i = 0; i < events.length; i++) {
      assertThat(events[i]).isIn(0f, 1f);
      counts[i % 9] += (int) events[i];
    }
    for (int i = 0; i < 3; i++) {
      // within four standard deviations
      assertThat(counts[i]).as("neuron %d of the first channel", i).isBetween(400 - 76, 400 + 76);
      assertThat(counts[3 + i]).isZero();
      assertThat(counts[6 + i]).isBetween(3000 - 110, 3000 + 110);
    }
  }

  @Test
  void neuronsFireEachByItself() {
    final float[] events = events(THREE, constant("one", 0.5f));
    int together = 0;
    for (int step = 0; step < STEPS; step++) {
      together += events[3 * step] == events[3 * step + 1] ? 1 : 0;
    }
    assertThat(together).isBetween(STEPS / 2 - 127, STEPS / 2 + 127);
  }

  @Test
  void beyondAProbabilityTheyNeverOrAlwaysFire() {
    final float[] events = events(new PoissonCode(1, 1), constant("one", -0.5f, 1, 3));
    for (int i = 0; i < events.length; i++) {
      assertThat(events[i]).isEqualTo(i % 3 == 0 ? 0 : 1);
    }
  }

  @Test
  void eventsAreThoseOfTheSeedAndTheSequence() {
    final SequenceSet one = constant("one", 0.5f);
    final float[] events = events(THREE, one);
    assertThat(events(THREE, one)).isEqualTo(events);
    assertThat(events(new PoissonCode(3, 2), one)).isNotEqualTo(events);
    assertThat(events(THREE, constant("two", 0.5f))).isNotEqualTo(events);
    assertThat(Arrays.copyOf(events, 30)).isNotEqualTo(Arrays.copyOfRange(events, 30, 60));
    // a part of a sequence has the events that the whole has there
    final Signal whole = THREE.encode(one).sequences().getFirst().signal();
    final float[] row = new float[3];
    whole.first(20).read(19, row, 0);
    assertThat(row).isEqualTo(Arrays.copyOfRange(events, 57, 60));
    whole.piece(10, 30).read(9, row, 0);
    assertThat(row).isEqualTo(Arrays.copyOfRange(events, 57, 60));
  }

  @Test
  void theHashTellsSeedsApart() {
    final SequenceSet one = constant("one", 0.5f);
    final String hash = THREE.encode(one).sha256();
    assertThat(THREE.encode(one).sha256()).isEqualTo(hash).isNotEqualTo(one.sha256());
    assertThat(new PoissonCode(3, 2).encode(one).sha256()).isNotEqualTo(hash);
    assertThat(new PoissonCode(4, 1).encode(one).sha256()).isNotEqualTo(hash);
  }

  @Test
  void aCodeWithoutNeuronsIsRefused() {
    assertThatThrownBy(() -> new PoissonCode(0, 1)).isInstanceOf(DataException.class);
  }
}
