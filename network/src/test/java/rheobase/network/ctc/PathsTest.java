package rheobase.network.ctc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The best path of all, and the best that reads as given labels. */
class PathsTest {
  private static float[] named(int classes, int... path) {
    float[] logits = new float[path.length * classes];
    for (int t = 0; t < path.length; t++) {
      logits[t * classes + path[t]] = 2;
    }
    return logits;
  }

  @Test
  void runsAreOneLabelAndBlanksNone() {
    assertThat(Greedy.read(named(3, 2, 0, 0, 2, 0, 1, 1, 2, 2, 1), 0, 10, 3))
        .containsExactly(
            new Greedy.Spoken(0, 1, 3),
            new Greedy.Spoken(0, 4, 5),
            new Greedy.Spoken(1, 5, 7),
            new Greedy.Spoken(1, 9, 10));
    assertThat(Greedy.labels(named(3, 2, 2, 2), 0, 3, 3)).isEmpty();
    assertThat(Greedy.labels(named(3, 1, 2, 2, 0, 2), 3, 4, 3)).containsExactly(0);
  }

  @Test
  void firstOfEqualLogitsIsRead() {
    assertThat(Greedy.labels(new float[6], 0, 2, 3)).containsExactly(0);
  }

  @Test
  void labelsGetTheStepsThatSpeakForThem() {
    float[] logits = named(3, 2, 0, 0, 2, 0, 1, 1, 2, 2, 1);
    assertThat(BestPath.of("s", logits, 0, 10, 3, new int[] {0, 0, 1, 1}))
        .containsExactly(2, 0, 0, 2, 0, 1, 1, 2, 2, 1);
    assertThat(BestPath.times("s", logits, 0, 10, 3, new int[] {0, 1}))
        .hasSize(2)
        .extracting(Greedy.Spoken::label)
        .containsExactly(0, 1);
  }

  @Test
  void noOtherPathThatReadsAsTheLabelsIsMoreProbable() {
    var random = new Random(8);
    for (int trial = 0; trial < 30; trial++) {
      int steps = 1 + random.nextInt(6);
      float[] logits = new float[steps * 3];
      for (int i = 0; i < logits.length; i++) {
        logits[i] = (float) random.nextGaussian();
      }
      int[] labels = random.ints(random.nextInt(4), 0, 2).toArray();
      if (CtcLoss.leastSteps(labels) <= steps) {
        int[] path = BestPath.of("s", logits, 0, steps, 3, labels);
        assertThat(said(path)).containsExactly(labels);
        assertThat(sum(logits, path)).isEqualTo(best(logits, steps, labels));
      }
    }
  }

  private static int[] said(int[] path) {
    return Greedy.read(path, 3).stream().mapToInt(Greedy.Spoken::label).toArray();
  }

  private static double sum(float[] logits, int[] path) {
    double sum = 0;
    for (int t = 0; t < path.length; t++) {
      sum += logits[t * 3 + path[t]];
    }
    return sum;
  }

  private static double best(float[] logits, int steps, int[] labels) {
    double best = Double.NEGATIVE_INFINITY;
    for (int number = 0; number < Math.pow(3, steps); number++) {
      int[] path = new int[steps];
      for (int t = 0, rest = number; t < steps; t++, rest /= 3) {
        path[t] = rest % 3;
      }
      if (Arrays.equals(said(path), labels)) {
        best = Math.max(best, sum(logits, path));
      }
    }
    return best;
  }
}
