package rheobase.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SequenceTest {
  private static final List<String> CLASSES = List.of("quiet", "loud");

  @Test
  void aValueThatIsNotFiniteIsNamedByStepAndChannel() {
    final float[] values = new float[12];
    values[7] = Float.NaN;
    assertThatThrownBy(() -> perStep("bad", 4, 3, values))
        .isInstanceOf(DataException.class)
        .hasMessage("Sequence bad holds NaN at step 2, channel 1; every value must be finite.");
    values[7] = Float.NEGATIVE_INFINITY;
    assertThatThrownBy(() -> perStep("bad", 4, 3, values)).hasMessageContaining("-Infinity");
  }

  @Test
  void shapesThatDoNotFitAreRefusedWithBothNumbers() {
    assertThatThrownBy(() -> perStep("s", 4, 3, new float[11]))
        .isInstanceOf(DataException.class)
        .hasMessage("Sequence s has 11 values, but 4 steps of 3 channels make 12.");
    assertThatThrownBy(() -> new Sequence("s", "g", 4, 1, new float[4], new int[2], new boolean[2]))
        .hasMessageContaining("has 2 targets; it needs one per step (4) or one for the whole");
    assertThatThrownBy(() -> new Sequence("s", "g", 4, 1, new float[4], new int[4], new boolean[1]))
        .hasMessageContaining("4 targets but says of 1 whether they are annotated");
    assertThatThrownBy(() -> perStep("s", 0, 3, new float[0])).hasMessageContaining("0 steps");
  }

  @Test
  void aLabelOutsideTheClassesIsNamedByStep() {
    final Sequence sequence = perStep("odd", 5, 1, new float[5]);
    sequence.targets()[3] = 2;
    assertThatThrownBy(() -> new SequenceSet("set", 1, CLASSES, List.of(sequence)))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Sequence odd has the label 2 at step 3; the classes of set are 0 to 1 (quiet, loud).");
    sequence.targets()[3] = -1;
    assertThatThrownBy(() -> new SequenceSet("set", 1, CLASSES, List.of(sequence)))
        .hasMessageContaining("the label -1 at step 3");
    final Sequence whole =
        new Sequence("w", "g", 5, 1, new float[5], new int[] {9}, new boolean[] {true});
    assertThatThrownBy(() -> new SequenceSet("set", 1, CLASSES, List.of(whole)))
        .hasMessageContaining("Sequence w has the label 9; the classes");
  }

  @Test
  void aSetRefusesOtherChannelsAndRepeatedIds() {
    final Sequence one = perStep("one", 2, 1, new float[2]);
    assertThatThrownBy(() -> new SequenceSet("set", 2, CLASSES, List.of(one)))
        .hasMessage("Sequence one has 1 channels, but the set set has 2.");
    assertThatThrownBy(() -> new SequenceSet("set", 1, CLASSES, List.of(one, one)))
        .hasMessageContaining("two sequences with the id one");
    assertThatThrownBy(() -> new SequenceSet("set", 1, List.of(), List.of()))
        .hasMessageContaining("names no classes");
  }

  @Test
  void theHashSeesEveryValueTargetAndAnnotationButNotTheName() {
    final String hash = example("a").sha256();
    assertThat(hash).matches("[0-9a-f]{64}").isEqualTo(example("b").sha256());
    final SequenceSet value = example("a");
    ((Signal.Dense) value.sequences().get(1).signal()).values()[3] += 1;
    final SequenceSet target = example("a");
    target.sequences().get(1).targets()[1] = 1;
    final SequenceSet annotation = example("a");
    annotation.sequences().get(0).annotated()[0] = true;
    assertThat(List.of(value.sha256(), target.sha256(), annotation.sha256()))
        .doesNotContain(hash)
        .doesNotHaveDuplicates();
  }

  @Test
  void whatIsSaidMayHaveAnyLengthButNoBlank() {
    final Signal signal = new Signal.Dense(3, 1, new float[3]);
    for (int labels = 0; labels < 6; labels++) {
      final Sequence said = Sequence.transcribed("s", "g", signal, new int[labels]);
      assertThat(said.targetsEachStep()).isFalse();
      assertThat(said.annotated()).hasSize(labels).doesNotContain(false);
      assertThat(said.with(signal).transcribed()).isTrue();
      assertThat(new SequenceSet("set", 1, CLASSES, List.of(said)).size()).isOne();
    }
    final Sequence blank = Sequence.transcribed("s", "g", signal, new int[] {0, 1});
    assertThatThrownBy(() -> new SequenceSet("set", 1, CLASSES, List.of(blank)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Sequence s has the label 1 (" + CLASSES.getLast() + ") in place 1")
        .hasMessageContaining("the last class is the blank");
  }

  @Test
  void whatIsSaidIsNotCutWithTheSignal() {
    final Signal signal = new Signal.Dense(3, 1, new float[3]);
    final Sequence said = Sequence.transcribed("speech", "g", signal, new int[] {0});
    assertThat(said.first(3)).isSameAs(said);
    assertThatThrownBy(() -> said.first(2))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Sequence speech has 3 steps and cannot be cut to 2");
  }

  @Test
  void theHashTellsWhatIsSaidFromATargetEachStep() {
    final Signal signal = new Signal.Dense(1, 1, new float[1]);
    final boolean[] annotated = {true};
    final Sequence each = new Sequence("s", "g", signal, new int[1], annotated);
    final Sequence said = Sequence.transcribed("s", "g", signal, new int[1]);
    assertThat(new SequenceSet("set", 1, CLASSES, List.of(said)).sha256())
        .isNotEqualTo(new SequenceSet("set", 1, CLASSES, List.of(each)).sha256());
  }

  @Test
  void aSummaryCountsEventsAndClasses() {
    final Sequence sequence =
        new Sequence(
            "s",
            "g",
            4,
            2,
            new float[] {1, 0, 0, 0, 1, 1, -1, 0},
            new int[] {0, 0, 1, 0},
            new boolean[] {false, true, true, true});
    final SequenceSummary summary =
        SequenceSummary.of(new SequenceSet("set", 2, CLASSES, List.of(sequence)));
    assertThat(summary.eventRates()).containsExactly(0.5, 0.25);
    assertThat(summary.classShares()).containsExactly(0.75, 0.25);
    assertThat(summary.annotatedShares()).containsExactly(2 / 3.0, 1 / 3.0);
    assertThat(summary.annotated()).isEqualTo(0.75);
    assertThat(summary.text()).contains("set: 1 sequence of 1 group").contains("loud");
    final SequenceSummary empty =
        SequenceSummary.of(new SequenceSet("empty", 1, CLASSES, List.of()));
    assertThat(empty.text()).contains("0 sequences").doesNotContain("NaN");
  }

  @Test
  void aSummaryOfManyChannelsTellsTheirMeanAndRange() {
    final float[] values = new float[2 * 10];
    values[3] = values[13] = values[4] = 1;
    final SequenceSet set =
        new SequenceSet("wide", 10, CLASSES, List.of(perStep("s", 2, 10, values)));
    assertThat(SequenceSummary.of(set).text())
        .contains("0.1500 per step and channel, mean of 10 channels from 0.0000 to 1.0000");
  }

  private static SequenceSet example(String name) {
    return new SequenceSet(
        name,
        2,
        CLASSES,
        List.of(perStep("one", 2, 2, new float[4]), perStep("two", 3, 2, new float[6])));
  }

  private static Sequence perStep(String id, int steps, int channels, float[] values) {
    return new Sequence(id, "g", steps, channels, values, new int[steps], new boolean[steps]);
  }
}
