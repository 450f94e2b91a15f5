package rheobase.network.ctc;

import java.util.List;

/**
 * The most probable path that reads as given labels: when each of them was most probably said
 * (Viterbi, over the states of {@link CtcLoss}).
 */
public final class BestPath {
  private BestPath() {}

  /**
   * Finds the path.
   *
   * @param id of the sequence
   * @param logits {@code [step][class]} from {@code from} on; the last class is the blank
   * @param labels in order, none of them the blank
   * @return a class a step
   * @throws rheobase.network.NetworkException when the sequence is too short for its labels
   */
  public static int[] of(
      String id, float[] logits, int from, int steps, int classes, int[] labels) {
    CtcLoss.check(id, steps, labels);
    double[] logs = new double[steps * classes];
    LogSoftmax.of(logits, from, steps, classes, logs);
    int[] emitted = new int[2 * labels.length + 1];
    for (int s = 0; s < emitted.length; s++) {
      emitted[s] = s % 2 == 0 ? classes - 1 : labels[s / 2];
    }
    int[][] cameBy = new int[steps][emitted.length];
    double[] best = new double[emitted.length];
    for (int t = 0; t < steps; t++) {
      // from the last state down, so that what is needed of the step before is still there
      for (int s = emitted.length - 1; s >= 0; s--) {
        double before;
        if (t == 0) {
          before = s < 2 ? 0 : Double.NEGATIVE_INFINITY;
        } else {
          cameBy[t][s] = mostProbable(best, emitted, s, classes);
          before = best[cameBy[t][s]];
        }
        best[s] = before + logs[t * classes + emitted[s]];
      }
    }
    int state = emitted.length - 1;
    if (state > 0 && best[state - 1] > best[state]) {
      state--;
    }
    int[] path = new int[steps];
    for (int t = steps - 1; t >= 0; t--) {
      path[t] = emitted[state];
      state = cameBy[t][state];
    }
    return path;
  }

  /** Where the best way to a state comes from: itself, the one before, or the one before that. */
  private static int mostProbable(double[] best, int[] emitted, int s, int classes) {
    int from = s;
    if (s > 0 && best[s - 1] > best[from]) {
      from = s - 1;
    }
    boolean leaps = s > 1 && emitted[s] != classes - 1 && emitted[s] != emitted[s - 2];
    return leaps && best[s - 2] > best[from] ? s - 2 : from;
  }

  /** When each of the labels was most probably said; arguments as for {@link #of}. */
  public static List<Greedy.Spoken> times(
      String id, float[] logits, int from, int steps, int classes, int[] labels) {
    return Greedy.read(of(id, logits, from, steps, classes, labels), classes);
  }
}
