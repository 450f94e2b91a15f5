package rheobase.network.ctc;

import java.util.Arrays;
import rheobase.data.Sequence;
import rheobase.network.NetworkException;

/**
 * Connectionist temporal classification (Graves, Fernandez, Gomez and Schmidhuber 2006,
 * "Connectionist temporal classification: labelling unsegmented sequence data with recurrent neural
 * networks").
 *
 * <p>A path names one class a step. It reads as the labels that are left when runs of the same
 * class are drawn together and blanks are then taken out. The loss of a sequence is the negative
 * logarithm of the probability of all paths that read as its labels.
 *
 * <p><b>States.</b> The labels with a blank before, between and after them, {@code 2 labels + 1} of
 * them; a path stays in a state, goes to the next, or leaves out the blank between two labels that
 * differ. State {@code s} is a label where {@code s} is odd.
 *
 * <p><b>Forward and backward.</b> {@code forward[t][s]} is the logarithm of the probability of all
 * beginnings of paths that are in {@code s} at step {@code t}, what is emitted at {@code t}
 * included; {@code backward[s]} of all endings from there, excluded. Their sum less the logarithm
 * of the whole is that of having been in {@code s} at {@code t}, so nothing is ever divided by a
 * probability that may be as good as zero. Only states that can be reached from the beginning and
 * from which the end can be reached are visited. Everything is in double precision, in a fixed
 * order.
 *
 * <p>A buffer: its arrays grow with the sequences it is given.
 */
public final class CtcLoss {
  private static final double NEVER = Double.NEGATIVE_INFINITY;

  private final int classes;

  /** Of the sequence at hand. */
  private int states;

  private int[] labels;

  /** Logarithms of the softmax, {@code [step][class]}. */
  private double[] logs = new double[0];

  /** {@code [step][state]}. */
  private double[] forward = new double[0];

  /** Of a step, {@code [state]}. */
  private double[] backward = new double[0];

  /** Of the step after it, with what is emitted there. */
  private double[] later = new double[0];

  /** How probable it is, given the labels, that a step emits a class. */
  private final double[] emits;

  /**
   * @param classes with the blank, which is the last of them
   */
  public CtcLoss(int classes) {
    this.classes = classes;
    emits = new double[classes];
  }

  /**
   * Fewest steps in which these labels can be said: one each, and a blank between two that are the
   * same.
   */
  public static int leastSteps(int[] labels) {
    return Sequence.leastSteps(labels);
  }

  /**
   * Checks that a sequence is long enough for its labels.
   *
   * @param id of the sequence
   * @param steps that count
   * @throws NetworkException naming the sequence, when it is not
   */
  public static void check(String id, int steps, int[] labels) {
    int least = leastSteps(labels);
    if (steps < least) {
      int repeats = least - labels.length;
      String why =
          repeats == 0
              ? "one for each of %d labels".formatted(labels.length)
              : "one for each of %d labels and one for a blank between each of %d pairs of the same label"
                  .formatted(labels.length, repeats);
      throw new NetworkException(
          "sequence '%s' has %d steps that count, but CTC needs %d of them: %s; leave the sequence out or give it more steps a second"
              .formatted(id, steps, least, why));
    }
  }

  /**
   * Loss of a sequence, and its gradient.
   *
   * @param id of the sequence
   * @param logits {@code [step][class]} from {@code from} on
   * @param labels in order, none of them the blank; there may be none
   * @param gradient where {@code factor} times the gradient of the loss with respect to the logits
   *     goes, laid out like them from {@code from} on; may be the same array; null where it is not
   *     wanted
   * @throws NetworkException when the sequence is too short for its labels
   */
  public double of(
      String id,
      float[] logits,
      int from,
      int steps,
      int[] labels,
      double factor,
      float[] gradient) {
    check(id, steps, labels);
    this.labels = labels;
    states = 2 * labels.length + 1;
    grow(steps);
    LogSoftmax.of(logits, from, steps, classes, logs);
    double whole = forward(steps);
    if (gradient != null) {
      backward(steps, whole, factor, gradient, from);
    }
    return -whole;
  }

  private void grow(int steps) {
    if (logs.length < steps * classes) {
      logs = new double[steps * classes];
    }
    if (forward.length < steps * states) {
      forward = new double[steps * states];
    }
    if (backward.length < states) {
      backward = new double[states];
      later = new double[states];
    }
  }

  /** Class of a state. */
  private int emitted(int state) {
    return state % 2 == 0 ? classes - 1 : labels[state / 2];
  }

  /** Whether a path may come to this state from two states before it. */
  private boolean leapsTo(int state) {
    return state % 2 == 1 && state > 1 && labels[state / 2] != labels[state / 2 - 1];
  }

  /** First state from which the end can still be reached after step {@code t}. */
  private int first(int t, int steps) {
    return Math.max(0, states - 2 * (steps - t));
  }

  /** End of the states that can be reached by step {@code t}. */
  private int end(int t) {
    return Math.min(states, 2 * t + 2);
  }

  /** Logarithm of the probability of the labels. */
  private double forward(int steps) {
    Arrays.fill(forward, 0, steps * states, NEVER);
    for (int s = first(0, steps); s < end(0); s++) {
      forward[s] = logs[emitted(s)];
    }
    for (int t = 1; t < steps; t++) {
      int here = t * states;
      int before = here - states;
      for (int s = first(t, steps); s < end(t); s++) {
        double sum = forward[before + s];
        if (s > 0) {
          sum = LogSoftmax.plus(sum, forward[before + s - 1]);
        }
        if (leapsTo(s)) {
          sum = LogSoftmax.plus(sum, forward[before + s - 2]);
        }
        forward[here + s] = sum + logs[t * classes + emitted(s)];
      }
    }
    int last = steps * states - 1;
    return states == 1 ? forward[last] : LogSoftmax.plus(forward[last], forward[last - 1]);
  }

  private void backward(int steps, double whole, double factor, float[] gradient, int to) {
    for (int t = steps - 1; t >= 0; t--) {
      stepBack(t, steps);
      Arrays.fill(emits, 0);
      for (int s = first(t, steps); s < end(t); s++) {
        emits[emitted(s)] += StrictMath.exp(forward[t * states + s] + backward[s] - whole);
      }
      for (int c = 0; c < classes; c++) {
        double probability = StrictMath.exp(logs[t * classes + c]);
        gradient[to + t * classes + c] = (float) (factor * (probability - emits[c]));
      }
    }
  }

  /** Makes {@code backward} that of step {@code t}, from that of the step after it. */
  private void stepBack(int t, int steps) {
    if (t == steps - 1) {
      Arrays.fill(backward, 0, states, NEVER);
      backward[states - 1] = 0;
      if (states > 1) {
        backward[states - 2] = 0;
      }
      return;
    }
    for (int s = 0; s < states; s++) {
      later[s] = backward[s] + logs[(t + 1) * classes + emitted(s)];
    }
    for (int s = first(t, steps); s < end(t); s++) {
      double sum = later[s];
      if (s + 1 < states) {
        sum = LogSoftmax.plus(sum, later[s + 1]);
      }
      if (s + 2 < states && leapsTo(s + 2)) {
        sum = LogSoftmax.plus(sum, later[s + 2]);
      }
      backward[s] = sum;
    }
  }
}
