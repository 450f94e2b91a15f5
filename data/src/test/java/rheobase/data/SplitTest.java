package rheobase.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SplitTest {
  private static final List<String> CLASSES = List.of("a", "b");

  @Test
  void noGroupLiesOnBothSides() {
    for (long seed = 0; seed < 20; seed++) {
      final Split split = Split.carve(set("train", 40, 7), set("test", 3, 2), 0.1, seed);
      assertThat(groups(split.train())).doesNotContainAnyElementsOf(groups(split.validation()));
      assertThat(split.train().size() + split.validation().size())
          .isEqualTo(set("train", 40, 7).size());
    }
  }

  @Test
  void theShareIsAsCloseAsWholeGroupsAllow() {
    final SequenceSet train = set("train", 60, 9);
    for (long seed = 0; seed < 20; seed++) {
      final Split split = Split.carve(train, set("test", 1, 1), 0.2, seed);
      assertThat((double) split.validation().size())
          .isCloseTo(0.2 * train.size(), within(4.5)); // half of the largest group
    }
  }

  @Test
  void theSeedAloneDecides() {
    final SequenceSet train = set("train", 30, 5);
    final SequenceSet test = set("test", 2, 2);
    final List<String> first = ids(Split.carve(train, test, 0.1, 7).validation());
    assertThat(ids(Split.carve(train, test, 0.1, 7).validation())).isEqualTo(first);
    assertThat(ids(Split.carve(train, test, 0.1, 8).validation())).isNotEqualTo(first);
  }

  @Test
  void bothPartsKeepTheOrderOfTheTrainingSet() {
    final SequenceSet train = set("train", 30, 5);
    final Split split = Split.carve(train, set("test", 2, 2), 0.3, 1);
    assertThat(ids(split.train())).isSubsetOf(ids(train)).isSorted();
    assertThat(ids(split.validation())).isSorted();
  }

  @Test
  void aShareOfZeroLeavesTheValidationEmpty() {
    final SequenceSet train = set("train", 1, 4);
    final Split split = Split.carve(train, set("test", 1, 1), 0, 3);
    assertThat(split.validation().sequences()).isEmpty();
    assertThat(split.train().sha256()).isEqualTo(train.sha256());
  }

  @Test
  void atLeastOneGroupIsTakenAndOneIsLeft() {
    final SequenceSet train = set("train", 2, 10);
    for (double fraction : new double[] {0.001, 0.999}) {
      final Split split = Split.carve(train, set("test", 1, 1), fraction, 5);
      assertThat(groups(split.validation())).hasSize(1);
      assertThat(groups(split.train())).hasSize(1);
    }
  }

  @Test
  void aSplitThatCannotBeIsRefused() {
    final SequenceSet test = set("test", 1, 1);
    assertThatThrownBy(() -> Split.carve(set("train", 1, 4), test, 0.1, 3))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("All sequences of train are of one group");
    for (double fraction : new double[] {-0.1, 1, Double.NaN}) {
      assertThatThrownBy(() -> Split.carve(set("train", 3, 4), test, fraction, 3))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("must be at least 0 and below 1");
    }
    final SequenceSet other = new SequenceSet("other", 1, List.of("a", "c"), List.of());
    assertThatThrownBy(() -> Split.carve(set("train", 3, 4), other, 0.1, 3))
        .hasMessage("The set train has the classes a, b, but other has a, c.");
    final SequenceSet train = set("train", 3, 4);
    assertThatThrownBy(() -> Split.carve(train, train, 0.1, 3))
        .hasMessageContaining("stands in two of the sets");
  }

  /** Groups of 1 .. largest sequences, in turn. */
  private static SequenceSet set(String name, int groups, int largest) {
    final List<Sequence> sequences = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      for (int i = 0; i <= group % largest; i++) {
        sequences.add(
            new Sequence(
                "%s-%03d-%d".formatted(name, group, i),
                name + group,
                1,
                1,
                new float[1],
                new int[1],
                new boolean[1]));
      }
    }
    return new SequenceSet(name, 1, CLASSES, sequences);
  }

  private static Set<String> groups(SequenceSet set) {
    return set.sequences().stream().map(Sequence::group).collect(Collectors.toSet());
  }

  private static List<String> ids(SequenceSet set) {
    return set.sequences().stream().map(Sequence::id).toList();
  }
}
