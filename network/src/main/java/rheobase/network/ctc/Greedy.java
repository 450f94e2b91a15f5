package rheobase.network.ctc;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads the most probable path (Graves et al. 2006, "best path decoding"): the largest logit of
 * each step, the first of equals; runs of the same class are one label, and blanks are none.
 */
public final class Greedy {
  private Greedy() {}

  /**
   * A label and the steps at which a path names it.
   *
   * @param first of them
   * @param end of them, exclusive
   */
  public record Spoken(int label, int first, int end) {}

  /**
   * Reads a sequence.
   *
   * @param logits {@code [step][class]} from {@code from} on; the last class is the blank
   */
  public static List<Spoken> read(float[] logits, int from, int steps, int classes) {
    int[] path = new int[steps];
    for (int t = 0; t < steps; t++) {
      int at = from + t * classes;
      for (int c = 1; c < classes; c++) {
        if (logits[at + c] > logits[at + path[t]]) {
          path[t] = c;
        }
      }
    }
    return read(path, classes);
  }

  /** What a path says, a class a step. */
  static List<Spoken> read(int[] path, int classes) {
    var spoken = new ArrayList<Spoken>();
    int first = 0;
    for (int t = 1; t <= path.length; t++) {
      if (t == path.length || path[t] != path[first]) {
        if (path[first] != classes - 1) {
          spoken.add(new Spoken(path[first], first, t));
        }
        first = t;
      }
    }
    return spoken;
  }

  /** Only the labels of {@link #read}. */
  public static int[] labels(float[] logits, int from, int steps, int classes) {
    return read(logits, from, steps, classes).stream().mapToInt(Spoken::label).toArray();
  }
}
