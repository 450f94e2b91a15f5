package rheobase.data.own;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import rheobase.data.DataException;
import rheobase.data.Sequence;
import rheobase.data.SequenceSet;
import rheobase.data.Split;
import rheobase.data.own.ClassNames.ClassName;
import rheobase.data.own.OwnSpec.Scope;
import rheobase.data.own.Recordings.Recording;

class SetsTest {
  @Test
  void classesComeInTheOrderOfTheAlphabetWhateverComesFirst() {
    final Sets sets = of(Spec.of("*"), whole("a", "walk"), whole("b", "run"), whole("c", "sit"));
    assertThat(sets.split().train().classes()).containsExactly("run", "sit", "walk");
    assertThat(sets.settled().classes().names()).containsExactly("run", "sit", "walk");
  }

  @Test
  void classesThatAreNumbersComeInTheirOrder() {
    final Sets sets = of(Spec.of("*"), whole("a", "10"), whole("b", "9"), whole("c", "-1"));
    assertThat(sets.split().train().classes()).containsExactly("-1", "9", "10");
  }

  @Test
  void classesMayBeGivenAndGatherSeveralLabels() {
    final ClassNames classes =
        new ClassNames(
            List.of(
                new ClassName("moving", List.of("walk", "run")),
                new ClassName("still", List.of("sit"))));
    final Split split =
        of(
                Spec.of("*").classes(classes).test(new Part.Share(1)),
                whole("a", "walk"),
                whole("b", "sit"),
                whole("c", "run"))
            .split();
    assertThat(split.test().sequences())
        .extracting(sequence -> sequence.targets()[0])
        .containsExactly(0, 1, 0);
  }

  @Test
  void aLabelOutsideTheGivenClassesIsNamedWithItsSequence() {
    refused(Spec.of("*").classes("sit", "walk"), whole("a", "sit"), whole("b", "wlak"))
        .hasMessage(
            "Sequence b has the label 'wlak', which is none of the classes; known: [sit, walk].");
  }

  @Test
  void labelsThatTellNothingApartAreRefused() {
    refused(Spec.of("*"), whole("a", "sit"), whole("b", "sit"))
        .hasMessage("All sequences have the same label, 'sit'; there is nothing to tell apart.");
    refused(
            Spec.of("*"),
            IntStream.range(0, 1001)
                .mapToObj(i -> whole("" + i, i + ".5"))
                .toArray(Recording[]::new))
        .hasMessageContaining("There are 1001 different labels, such as '0.5'; are they classes?");
    assertThatThrownBy(() -> ClassNames.of(List.of("sit", "sit")))
        .hasMessage("Two classes are called 'sit'.");
  }

  @Test
  void labelsThatChangeMakeATargetForEachStep() {
    final Sets sets =
        of(
            Spec.of("*").test(new Part.Share(1)),
            steps("a", "sit", "sit", "walk"),
            whole("b", "walk"));
    assertThat(sets.settled().scope()).isEqualTo(Scope.STEP);
    assertThat(sets.split().test().sequences())
        .extracting(Sequence::targets)
        .containsExactly(new int[] {0, 0, 1}, new int[] {1, 1, 1, 1});
  }

  @Test
  void labelsThatNeverChangeMakeOneTargetForASequence() {
    final Sets sets = of(Spec.of("*"), steps("a", "sit", "sit"), steps("b", "walk", "walk"));
    assertThat(sets.settled().scope()).isEqualTo(Scope.SEQUENCE);
    assertThat(sets.split().train().sequences().getFirst().targets()).hasSize(1);
  }

  @Test
  void aChangeWhereOneLabelShouldBeIsNamedWithItsStep() {
    refused(Spec.of("*").scope(Scope.SEQUENCE), steps("a", "sit", "sit", "walk"), whole("b", "sit"))
        .hasMessageStartingWith(
            "Sequence a has the label 'sit' at step 0 and 'walk' at step 2, but should have one;");
  }

  @Test
  void windowsCutARecordingAndStayInItsGroup() {
    final Recording longer = recording("a", "anna", null, 10, "sit");
    final Split split =
        of(
                Spec.of("*").window(4, 3).test(new Part.Groups(List.of("ben"))),
                longer,
                recording("b", "ben", null, 3, "walk"))
            .split();
    assertThat(split.train().sequences())
        .extracting(Sequence::id)
        .containsExactly("a@0", "a@3", "a@6");
    assertThat(split.train().sequences()).allMatch(piece -> piece.group().equals("anna"));
    assertThat(split.train().sequences().get(1).values()).containsExactly(3, 4, 5, 6);
    assertThat(split.test().sequences()).extracting(Sequence::steps).containsExactly(3);
  }

  @Test
  void windowsAcrossAChangeAreLeftOutWhereOneLabelIsWanted() {
    final Spec spec = Spec.of("*").scope(Scope.SEQUENCE).window(2, 2).test(new Part.Share(1));
    assertThat(
            of(spec, steps("a", "sit", "sit", "sit", "walk", "walk", "walk"))
                .split()
                .test()
                .sequences())
        .extracting(Sequence::id)
        .containsExactly("a@0", "a@4");
    refused(spec, steps("a", "sit", "walk", "sit", "walk"))
        .hasMessageContaining("The label changes inside every piece of 2 steps");
  }

  @Test
  void aShareIsTakenInWholeGroupsBySeed() {
    final List<Recording> many = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      many.add(recording("r" + i, "person " + i % 10, null, 2, i % 3 == 0 ? "sit" : "walk"));
    }
    final Recording[] all = many.toArray(Recording[]::new);
    final Spec spec = Spec.of("*").test(new Part.Share(0.2));
    final Split split = of(spec, all).split();
    assertThat(split.test().size()).isEqualTo(12);
    final Set<String> both = new HashSet<>(groups(split.train()));
    both.retainAll(groups(split.test()));
    assertThat(both).isEmpty();
    assertThat(of(spec, all).split().test().sha256()).isEqualTo(split.test().sha256());
  }

  @Test
  void groupsCanBeNamedForTheTestAndForValidation() {
    final Split split =
        of(
                Spec.of("*")
                    .test(new Part.Groups(List.of("c")))
                    .validation(new Part.Groups(List.of("b"))),
                whole("a", "sit"),
                whole("b", "walk"),
                whole("c", "sit"))
            .split();
    assertThat(groups(split.train())).containsExactly("a");
    assertThat(groups(split.validation())).containsExactly("b");
    assertThat(groups(split.test())).containsExactly("c");
  }

  @Test
  void aGroupThatIsNotThereOrStandsTwiceIsNamed() {
    final Recording[] all = {whole("anna", "sit"), whole("ben", "walk")};
    refused(Spec.of("*").test(new Part.Groups(List.of("bem"))), all)
        .hasMessage("own has no group 'bem', which data.test names; known: [anna, ben].");
    refused(
            Spec.of("*")
                .test(new Part.Groups(List.of("ben")))
                .validation(new Part.Groups(List.of("ben"))),
            all)
        .hasMessage("The group 'ben' is named for validation and for test.");
  }

  @Test
  void markedRecordingsMakeTheSets() {
    final Split split =
        of(
                Spec.of("*").split("part"),
                recording("a", "a", MarkedSet.TRAIN, 2, "sit"),
                recording("b", "b", MarkedSet.VALIDATION, 2, "walk"),
                recording("c", "c", MarkedSet.TEST, 2, "sit"))
            .split();
    assertThat(split.train().name()).isEqualTo("own train");
    assertThat(List.of(split.train().size(), split.validation().size(), split.test().size()))
        .containsExactly(1, 1, 1);
  }

  @Test
  void aGroupInTwoMarkedSetsIsALeakAndRefused() {
    refused(
            Spec.of("*").split("part"),
            recording("a", "anna", MarkedSet.TRAIN, 2, "sit"),
            recording("b", "anna", MarkedSet.TEST, 2, "walk"))
        .hasMessage(
            "The group 'anna' is marked both for train and for test (b); a group belongs to one"
                + " set.");
  }

  @Test
  void marksWithoutATestSetAreRefused() {
    refused(
            Spec.of("*").split("part"),
            recording("a", "a", MarkedSet.TRAIN, 2, "sit"),
            recording("b", "b", MarkedSet.TRAIN, 2, "walk"))
        .hasMessageStartingWith("No sequence of own is marked for the test set");
  }

  @Test
  void aShareOfOneTestsOnAllWhateverTheirMarks() {
    final Split split =
        of(
                Spec.of("*").split("part").test(new Part.Share(1)),
                recording("a", "anna", MarkedSet.TRAIN, 2, "sit"),
                recording("b", "anna", MarkedSet.TEST, 2, "walk"))
            .split();
    assertThat(split.train().size()).isZero();
    assertThat(split.test().size()).isEqualTo(2);
  }

  @Test
  void oneGroupCannotBeDivided() {
    refused(
            Spec.of("*").test(new Part.Share(0.5)),
            recording("a", "anna", null, 2, "sit"),
            recording("b", "anna", null, 2, "walk"))
        .hasMessageContaining("are of one group, so none can be set apart for test");
  }

  private static Sets of(Spec spec, Recording... recordings) {
    return Sets.of(
        new Recordings("own", List.of("ax"), List.of(recordings)), spec.spec(), Spec.NEAREST);
  }

  private static AbstractThrowableAssert<?, ?> refused(Spec spec, Recording... recordings) {
    return assertThatThrownBy(() -> of(spec, recordings)).isInstanceOf(DataException.class);
  }

  private static Recording whole(String id, String label) {
    return recording(id, id, null, 4, label);
  }

  private static Recording steps(String id, String... labels) {
    return recording(id, id, null, labels.length, labels);
  }

  /** Step t of the recording has the value t. */
  private static Recording recording(
      String id, String group, MarkedSet set, int steps, String... labels) {
    final float[] values = new float[steps];
    for (int step = 0; step < steps; step++) {
      values[step] = step;
    }
    return new Recording(id, group, set, steps, values, labels);
  }

  private static Set<String> groups(SequenceSet set) {
    return set.sequences().stream().map(Sequence::group).collect(Collectors.toSet());
  }
}
