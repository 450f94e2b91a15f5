package rheobase.network;

import java.util.Arrays;
import java.util.List;
import rheobase.data.Sequence;
import rheobase.network.ctc.CtcLoss;
import rheobase.network.ctc.Greedy;

/**
 * Loss, score and gradient of a micro-batch of transcribed sequences: what an {@link Objective}
 * does where the loss is CTC. Nothing can be said of a step before all have been seen, so the
 * logits of whole sequences are kept, and their gradients take their place.
 */
final class Transcripts {
  private final LossSpec loss;
  private final int classes;
  private final boolean trains;
  private final CtcLoss ctc;

  private List<Sequence> sequences;
  private double share;

  /** From a row of logits to the next. */
  private int stride;

  /** Steps of the longest sequence. */
  private int longest;

  /** {@code [row][step][class]}; logits, after {@link #finish} their gradients. */
  private float[] kept = new float[0];

  /**
   * @param trains whether gradients are wanted
   */
  Transcripts(LossSpec loss, int classes, boolean trains) {
    this.loss = loss;
    this.classes = classes;
    this.trains = trains;
    ctc = new CtcLoss(classes);
  }

  /** Arguments as for {@link Objective#begin}. */
  void begin(List<Sequence> sequences, double share, int stride) {
    this.sequences = sequences;
    this.share = share;
    this.stride = stride;
    longest = sequences.stream().mapToInt(Sequence::steps).max().orElseThrow();
    int length = sequences.size() * longest * classes;
    if (kept.length < length) {
      kept = new float[length];
    }
  }

  private int at(int row, int step) {
    return (row * longest + step) * classes;
  }

  /** Arguments as for {@link Objective#observe}. */
  void observe(float[] values, int offset, int first, int steps) {
    int rows = sequences.size();
    for (int row = 0; row < rows; row++) {
      int end = Math.min(steps, sequences.get(row).steps() - first);
      for (int t = 0; t < end; t++) {
        System.arraycopy(
            values, offset + (t * rows + row) * stride, kept, at(row, first + t), classes);
      }
    }
  }

  /** Scores all rows. */
  void finish(Tally tally) {
    int first = loss.fromStep();
    for (int row = 0; row < sequences.size(); row++) {
      Sequence sequence = sequences.get(row);
      int steps = sequence.steps() - first;
      double part = loss.reduction() == LossSpec.Reduction.MEAN ? 1.0 / steps : 1;
      int[] recognised = Greedy.labels(kept, at(row, first), steps, classes);
      double lost =
          ctc.of(
              sequence.id(),
              kept,
              at(row, first),
              steps,
              sequence.targets(),
              share * part,
              trains ? kept : null);
      tally.addTranscript(row, sequence.targets(), recognised, part * lost);
    }
  }

  /** Arguments as for {@link Objective#gradient}. */
  void gradient(int first, int steps, float[] gradient, int to) {
    int rows = sequences.size();
    for (int row = 0; row < rows; row++) {
      int length = sequences.get(row).steps();
      for (int t = 0; t < steps; t++) {
        int step = first + t;
        int at = to + (t * rows + row) * stride;
        if (step >= loss.fromStep() && step < length) {
          System.arraycopy(kept, at(row, step), gradient, at, classes);
        } else {
          Arrays.fill(gradient, at, at + classes, 0);
        }
      }
    }
  }
}
