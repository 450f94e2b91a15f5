package rheobase.data.speech;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import rheobase.data.Sequence;

class SpeakersTest {
  /** Two utterances of ann, one of bob; the second channel of ann never changes. */
  private static final List<Sequence> ALL =
      List.of(
          utterance("a1", "ann", 1, 5, 3, 5),
          utterance("b1", "bob", 10, 0, 20, 4),
          utterance("a2", "ann", 5, 5, 7, 5));

  private static Sequence utterance(String id, String speaker, float... values) {
    return new Sequence(id, speaker, 2, 2, values, new int[2], new boolean[2]);
  }

  @Test
  void asTheyAreTheyAreNotTouched() {
    assertThat(Speakers.AS_THEY_ARE.alike(ALL)).isSameAs(ALL);
  }

  @Test
  void theMeanIsThatOfAllOfASpeakersFrames() {
    final List<Sequence> alike = Speakers.MEAN.alike(ALL);
    assertThat(alike).extracting(Sequence::id).containsExactly("a1", "b1", "a2");
    assertThat(alike.get(0).values()).containsExactly(-3, 0, -1, 0);
    assertThat(alike.get(1).values()).containsExactly(-5, -2, 5, 2);
    assertThat(alike.get(2).values()).containsExactly(1, 0, 3, 0);
    assertThat(ALL.getFirst().values()).containsExactly(1, 5, 3, 5);
  }

  @Test
  void aChannelThatNeverChangesStaysAtZero() {
    final List<Sequence> alike = Speakers.MEAN_AND_DEVIATION.alike(ALL);
    assertThat(alike.get(1).values()).containsExactly(-1, -1, 1, 1);
    final double deviation = Math.sqrt(5);
    assertThat(alike.get(2).values())
        .containsExactly((float) (1 / deviation), 0, (float) (3 / deviation), 0);
  }
}
