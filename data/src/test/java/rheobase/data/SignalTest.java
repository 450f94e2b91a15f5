package rheobase.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SignalTest {
  private static final Signal.Spikes SPIKES =
      new Signal.Spikes(4, new int[] {0, 2, 2, 3}, new char[] {0, 3, 1});

  @Test
  void spikesAreOnesAtTheirChannels() {
    assertThat(sequence(SPIKES).values()).containsExactly(1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0);
  }

  @Test
  void onesAmongZerosAreListed() {
    final float[] values = {1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0};
    assertThat(Signal.Spikes.of(3, 4, values).sameAs(SPIKES)).isTrue();
    values[5] = 0.5f;
    assertThatThrownBy(() -> Signal.Spikes.of(3, 4, values)).hasMessage("0.5 is no spike");
  }

  @Test
  void readingAStepClearsWhatStoodThere() {
    final float[] row = {9, 9, 9, 9, 9};
    SPIKES.read(2, row, 0);
    assertThat(row).containsExactly(0, 1, 0, 0, 9);
  }

  @Test
  void theLastWindowsStayOnTheFinalSamples() {
    final Signal window = new Signal.Window(4, 2, new float[] {1, 2, 3, 4});
    assertThat(sequence(window).values()).containsExactly(1, 2, 2, 3, 3, 4, 3, 4);
  }

  @Test
  void theFirstStepsAreThoseOfTheWhole() {
    assertThat(sequence(SPIKES.first(2)).values()).containsExactly(1, 0, 0, 1, 0, 0, 0, 0);
    assertThat(SPIKES.first(3)).isSameAs(SPIKES);
    final Signal dense = new Signal.Dense(3, 1, new float[] {1, 2, 3});
    assertThat(sequence(dense.first(2)).values()).containsExactly(1, 2);
    final Signal window = new Signal.Window(4, 2, new float[] {1, 2, 3, 4});
    assertThat(sequence(window.first(1)).values()).containsExactly(1, 2);
  }

  @Test
  void aPieceHasTheStepsOfTheWhole() {
    assertThat(sequence(SPIKES.piece(1, 3)).values()).containsExactly(0, 0, 0, 0, 0, 1, 0, 0);
    assertThat(SPIKES.piece(1, 3)).isInstanceOf(Signal.Spikes.class);
    final Signal dense = new Signal.Dense(3, 1, new float[] {1, 2, 3});
    assertThat(sequence(dense.piece(1, 3)).values()).containsExactly(2, 3);
    final Signal window = new Signal.Window(4, 2, new float[] {1, 2, 3, 4});
    assertThat(sequence(window.piece(1, 4)).values()).containsExactly(2, 3, 3, 4, 3, 4);
  }

  @Test
  void theHashOfSpikesSeesChannelAndStep() {
    final Signal otherChannel = new Signal.Spikes(4, new int[] {0, 2, 2, 3}, new char[] {0, 3, 2});
    final Signal otherStep = new Signal.Spikes(4, new int[] {0, 2, 3, 3}, new char[] {0, 3, 1});
    assertThat(List.of(hash(SPIKES), hash(otherChannel), hash(otherStep))).doesNotHaveDuplicates();
  }

  @Test
  void spikesOutOfOrderOrBeyondTheChannelsAreRefusedWithTheirStep() {
    assertThatThrownBy(() -> sequence(new Signal.Spikes(4, new int[] {0, 0, 2}, new char[] {3, 1})))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("channel 1 at step 1");
    assertThatThrownBy(() -> sequence(new Signal.Spikes(4, new int[] {0, 1}, new char[] {4})))
        .hasMessageContaining("channel 4 at step 0");
  }

  @Test
  void aWindowWiderThanItsSamplesIsRefused() {
    assertThatThrownBy(() -> sequence(new Signal.Window(1, 3, new float[2])))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("2 samples, fewer than its window of 3");
  }

  private static String hash(Signal signal) {
    return new SequenceSet("set", 4, List.of("a"), List.of(sequence(signal))).sha256();
  }

  private static Sequence sequence(Signal signal) {
    return new Sequence("s", "g", signal, new int[1], new boolean[1]);
  }
}
