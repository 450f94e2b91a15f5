package rheobase.app;

import rheobase.data.Sequence;
import rheobase.data.SequenceSet;
import rheobase.network.LossSpec;
import rheobase.network.Network;
import rheobase.network.NetworkException;
import rheobase.network.Readout;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Accuracy of a network that answers each step, where an answer is right, too, if it is the class
 * of a step nearby: how Yin, Corradi and Bohté 2020 also score their ECG, with 5 steps to either
 * side. The borders between segments, where nobody labels to the sample, then count for less.
 *
 * <p>All steps of the sequence are near, those before {@code from_step} included; only those from
 * there on are scored.
 *
 * @param steps to either side
 * @param accuracy mean over sequences of the share of scored steps
 * @param accuracyLabelled share of all scored steps with an expert's label; steps nearby count only
 *     if they have one
 */
record Tolerant(int steps, double accuracy, double accuracyLabelled) {

  /**
   * Scores a set.
   *
   * @param steps at least 1
   * @throws NetworkException when the network does not give each step a class
   */
  static Tolerant of(Network network, SequenceSet set, int steps, int threads, long seed) {
    var spec = network.spec();
    if (steps < 1) {
      throw new NetworkException(
          "--tolerance is " + steps + "; it must be 1 or more steps to either side");
    }
    boolean scoredEachStep =
        spec.readout() == Readout.EACH_STEP && spec.loss().kind() != LossSpec.Kind.CTC;
    if (!scoredEachStep) {
      throw new NetworkException(
          "--tolerance is for models that give each step a class; this one was trained with readout"
              + " = \""
              + spec.readout().text()
              + "\" and loss.kind = \""
              + spec.loss().kind().text()
              + "\"");
    }
    return of(set, network.outputs(set, threads, seed), spec.loss().fromStep(), steps);
  }

  /** The score of {@code outputs}, {@code [step][class]} of each sequence. */
  static Tolerant of(SequenceSet set, Iterable<float[]> outputs, int fromStep, int steps) {
    double shares = 0;
    int sequences = 0;
    long labelled = 0;
    long labelledRight = 0;
    var each = outputs.iterator();
    for (var sequence : set.sequences()) {
      int classes = set.classes().size();
      var values = each.next();
      long right = 0;
      for (int t = fromStep; t < sequence.steps(); t++) {
        int said = largest(values, t * classes, classes);
        right += near(sequence, t, steps, said, false) ? 1 : 0;
        if (sequence.annotated()[t]) {
          labelled++;
          labelledRight += near(sequence, t, steps, said, true) ? 1 : 0;
        }
      }
      if (sequence.steps() > fromStep) {
        shares += (double) right / (sequence.steps() - fromStep);
        sequences++;
      }
    }
    return new Tolerant(steps, shares / sequences, (double) labelledRight / labelled);
  }

  private static boolean near(Sequence sequence, int step, int steps, int said, boolean annotated) {
    int to = Math.min(sequence.steps() - 1, step + steps);
    for (int t = Math.max(0, step - steps); t <= to; t++) {
      if (sequence.targets()[t] == said && (!annotated || sequence.annotated()[t])) {
        return true;
      }
    }
    return false;
  }

  /** The first of equals, as the plain accuracy has it. */
  private static int largest(float[] values, int at, int count) {
    int best = 0;
    for (int c = 1; c < count; c++) {
      best = values[at + c] > values[at + best] ? c : best;
    }
    return best;
  }

  /** For {@code --json}. */
  ObjectNode json() {
    var object = JsonNodeFactory.instance.objectNode();
    object.put("steps", steps);
    object.set("accuracy", ResultJson.number(accuracy));
    object.set("accuracyLabelled", ResultJson.number(accuracyLabelled));
    return object;
  }
}
