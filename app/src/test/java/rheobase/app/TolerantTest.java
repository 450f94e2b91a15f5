package rheobase.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rheobase.data.Sequence;
import rheobase.data.SequenceSet;
import tools.jackson.databind.json.JsonMapper;

class TolerantTest {
  @TempDir private Path folder;

  /** Classes a, b, c; unlabelled steps, which count as a, are '-'. */
  private static Sequence sequence(String classes) {
    var targets = classes.chars().map(c -> c == '-' ? 0 : c - 'a').toArray();
    var annotated = new boolean[targets.length];
    for (int t = 0; t < targets.length; t++) {
      annotated[t] = classes.charAt(t) != '-';
    }
    return new Sequence(
        classes, classes, targets.length, 1, new float[targets.length], targets, annotated);
  }

  private static float[] said(String classes) {
    var values = new float[3 * classes.length()];
    for (int t = 0; t < classes.length(); t++) {
      values[3 * t + classes.charAt(t) - 'a'] = 1;
    }
    return values;
  }

  private static Tolerant score(int fromStep, int steps, String... truthAndSaid) {
    var sequences = Arrays.stream(truthAndSaid).limit(truthAndSaid.length / 2);
    var answers = Arrays.stream(truthAndSaid).skip(truthAndSaid.length / 2);
    var set =
        new SequenceSet(
            "test", 1, List.of("a", "b", "c"), sequences.map(TolerantTest::sequence).toList());
    return Tolerant.of(set, answers.map(TolerantTest::said).toList(), fromStep, steps);
  }

  @Test
  void anAnswerIsRightIfAStepSoNearHasThatClass() {
    assertThat(score(0, 1, "aaabbb", "aabbbb").accuracy()).isEqualTo(1);
    assertThat(score(0, 1, "aaabbb", "abbbbb").accuracy()).isEqualTo(5 / 6.0);
    assertThat(score(0, 2, "aaabbb", "abbbbb").accuracy()).isEqualTo(1);
    assertThat(score(0, 2, "aaabbb", "aaaaaa").accuracy()).isEqualTo(5 / 6.0);
    assertThat(score(0, 5, "aaabbb", "cccccc").accuracy()).isZero();
  }

  @Test
  void stepsThatAreNotScoredCanStillBeNear() {
    assertThat(score(3, 1, "aaabbb", "ccccab").accuracy()).isEqualTo(1 / 3.0);
    assertThat(score(3, 1, "aaabbb", "cccabb").accuracy()).isEqualTo(1);
  }

  @Test
  void everySequenceCountsTheSameAndEveryLabelledStep() {
    var score = score(0, 1, "bb", "bbbb-cccc-", "cc", "bbbbbbbbaa");
    assertThat(score.accuracy()).isCloseTo((0 + 0.7) / 2, within(1e-15));
    // of two and eight labelled steps none and four: the last a is near an unlabelled one only
    assertThat(score.accuracyLabelled()).isEqualTo(4 / 10.0);
  }

  @Test
  void evaluateTellsItBesideThePlainAccuracy() {
    assertThat(Rheo.small(folder, "train", "ecg", "--quiet", "--out", "run").status()).isZero();
    var call = Rheo.call(folder, "evaluate", "run/model.rheo", "--tolerance", "5", "--json");
    assertThat(call.status()).as(call.err()).isZero();
    var test = JsonMapper.builder().build().readTree(call.out()).get("test");
    assertThat(test.at("/tolerant/steps").asInt()).isEqualTo(5);
    assertThat(test.at("/tolerant/accuracy").asDouble())
        .isBetween(test.get("accuracy").asDouble(), 1.0);
    var table = Rheo.call(folder, "evaluate", "run/model.rheo", "--tolerance", "5");
    var shown = Words.percent(test.at("/tolerant/accuracy").asDouble());
    assertThat(table.out()).containsPattern("\n    within 5 +" + shown + " +");

    var none = Rheo.call(folder, "evaluate", "run/model.rheo", "--tolerance", "0");
    assertThat(none.status()).isEqualTo(2);
    assertThat(none.err()).contains("--tolerance is 0; it must be 1 or more steps");
  }

  @Test
  void aModelWithOneAnswerASequenceIsRefused() throws Exception {
    SmallFolder.CSV.write(folder);
    var arguments = List.of("train", "csv", "--data", ".", "--epochs", "1", "--quiet");
    var more = List.of("--set", "layer.output.units=2", "--set", "layer.hidden.units=2");
    var all = new ArrayList<>(arguments);
    all.addAll(more);
    all.addAll(List.of("--out", "run"));
    var run = Rheo.call(folder, all.toArray(String[]::new));
    assertThat(run.status()).as(run.err()).isZero();
    var call = Rheo.call(folder, "evaluate", "run/model.rheo", "--data", ".", "--tolerance", "5");
    assertThat(call.status()).isEqualTo(2);
    assertThat(call.err()).contains("--tolerance is for models that give each step a class");
  }
}
