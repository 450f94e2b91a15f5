package rheobase.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import rheobase.data.Normalisation.Kind;

class NormalisationTest {
  /** Two channels: 1, 3, 5, 7 and four times 10; seen in two sequences of different length. */
  private static final SequenceSet TRAIN =
      set(sequence("a", 1, 10), sequence("b", 3, 10, 5, 10, 7, 10));

  @Test
  void zScoresHaveMeanZeroAndDeviationOneOverAllSteps() {
    final Normalisation fitted = Normalisation.of(Kind.Z_SCORE).fitted(TRAIN);
    assertThat(fitted.offset()).containsExactly(4.0, 10.0);
    assertThat(fitted.scale().getFirst()).isCloseTo(Math.sqrt(5), within(1e-6));
    assertThat(fitted.apply(TRAIN).sequences().getFirst().values()[0])
        .isCloseTo((float) (-3 / Math.sqrt(5)), within(1e-6f));
  }

  @Test
  void dividingByTheDeviationAloneLeavesZeroWhereItIs() {
    final Normalisation fitted = Normalisation.of(Kind.DEVIATION).fitted(TRAIN);
    assertThat(fitted.offset()).containsExactly(0.0, 0.0);
    assertThat(fitted.scale()).isEqualTo(Normalisation.of(Kind.Z_SCORE).fitted(TRAIN).scale());
    assertThat(fitted.apply(TRAIN).sequences().getFirst().values())
        .containsExactly(new float[] {(float) (1 / Math.sqrt(5)), 10}, within(1e-6f));
  }

  @Test
  void theSmallestBecomesZeroAndTheLargestOne() {
    final Normalisation fitted = Normalisation.of(Kind.MIN_MAX).fitted(TRAIN);
    assertThat(fitted.offset()).containsExactly(1.0, 10.0);
    assertThat(fitted.apply(TRAIN).sequences().get(1).values())
        .containsExactly(new float[] {2 / 6f, 0, 4 / 6f, 0, 1, 0}, within(1e-6f));
  }

  @Test
  void aChannelThatNeverChangesKeepsItsScale() {
    assertThat(Normalisation.of(Kind.Z_SCORE).fitted(TRAIN).scale().get(1)).isEqualTo(1);
    assertThat(Normalisation.of(Kind.MIN_MAX).fitted(TRAIN).scale().get(1)).isEqualTo(1);
  }

  @Test
  void theNumbersComeFromTheTrainingSetAndAreKept() {
    final Normalisation fitted = Normalisation.of(Kind.Z_SCORE).fitted(TRAIN);
    final SequenceSet other = set(sequence("c", 100, 0));
    assertThat(fitted.fitted(other)).isEqualTo(fitted);
    assertThat(fitted.apply(other).sequences().getFirst().values()[1]).isEqualTo(-10);
  }

  @Test
  void theNumbersAreShortEnoughToBeWrittenDown() {
    final SequenceSet odd = set(sequence("a", 0.1f, 1 / 3f, 0.7f, 1e-7f, 2.3e5f, 4));
    final Normalisation fitted = Normalisation.of(Kind.Z_SCORE).fitted(odd);
    for (double number : fitted.offset()) {
      assertThat(Double.toString(number).replaceAll("[^0-9]", "").length()).isLessThan(12);
    }
  }

  @Test
  void withoutNormalisationNothingChanges() {
    assertThat(Normalisation.NONE.fitted(TRAIN).apply(TRAIN)).isSameAs(TRAIN);
  }

  @Test
  void numbersThatCannotBeAreRefused() {
    assertThatThrownBy(() -> new Normalisation(Kind.Z_SCORE, List.of(1.0), List.of(0.0)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("the scale not 0");
    assertThatThrownBy(() -> new Normalisation(Kind.Z_SCORE, List.of(1.0), List.of()))
        .hasMessageContaining("has 1 offsets and 0 scales");
    assertThatThrownBy(() -> Normalisation.of(Kind.Z_SCORE).fitted(set()))
        .hasMessage("The set own is empty; there is nothing to take a normalisation from.");
    assertThatThrownBy(
            () -> new Normalisation(Kind.Z_SCORE, List.of(1.0), List.of(1.0)).apply(TRAIN))
        .hasMessage("The normalisation is for 1 channels, but own has 2.");
  }

  @Test
  void eventsAreNotNormalised() {
    final SequenceSet events = new LevelCrossing(1).encode(TRAIN);
    assertThatThrownBy(() -> Normalisation.of(Kind.Z_SCORE).fitted(events))
        .isInstanceOf(DataException.class)
        .hasMessage("Sequence a is not a sampled signal; only those can be normalised.");
    assertThatThrownBy(() -> new LevelCrossing(1).encode(events))
        .hasMessage("Sequence a is not a sampled signal; only those can be turned into events.");
  }

  @Test
  void aSetOfEventsHoldsWhatTheEncoderGives() {
    final SequenceSet events = new LevelCrossing(2).encode(TRAIN);
    assertThat(events.channels()).isEqualTo(4);
    final double[][] leads = {{3, 5, 7}, {10, 10, 10}};
    assertThat(events.sequences().get(1).values())
        .containsExactly(new LevelCrossing(2).encode(leads));
    assertThat(events.sequences().get(1).values()[4]).isEqualTo(1);
  }

  private static SequenceSet set(Sequence... sequences) {
    return new SequenceSet("own", 2, List.of("sit", "walk"), List.of(sequences));
  }

  private static Sequence sequence(String id, float... values) {
    return new Sequence(id, id, values.length / 2, 2, values, new int[] {0}, new boolean[] {true});
  }
}
