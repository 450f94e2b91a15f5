package rheobase.network;

import java.util.Arrays;
import java.util.List;
import rheobase.data.Sequence;

/**
 * Readout, loss and score of one micro-batch: from the last layer's emitted values to a loss, to counts of what was classified right,
 * and to the gradient of those values.
 *
 * <p>Call order: {@link #begin}; {@link #observe} for every stretch of time, forward; {@link #finish}; {@link #gradient} for stretches in any
 * order. A readout each step may hand its gradient out while it observes.
 *
 * <p>Only the steps {@code fromStep <= t < length} of a sequence count; what stands in the padding of a shorter one is never looked at.
 */
final class Objective {
  private final Readout readout;
  private final LossSpec loss;
  private final int classes;
  private final int stride;
  private final Tally tally;
  private final float[] probability;

  private List<Sequence> sequences;

  /** Sums over the steps, of the readouts that have one row of logits a sequence: {@code [row][class]}. */
  private float[] sums = new float[0];

  /** Gradient of those logits. */
  private float[] sumGradients = new float[0];

  private float scale;

  Objective(Readout readout, LossSpec loss, int classes, int stride, Tally tally) {
    this.readout = readout;
    this.loss = loss;
    this.classes = classes;
    this.stride = stride;
    this.tally = tally;
    probability = new float[classes];
  }

  /**
   * @param sequences one a row
   * @param share of this sequence in the loss of the batch: 1 / batch
   */
  void begin(List<Sequence> sequences, double share) {
    this.sequences = sequences;
    scale = (float) share;
    int size = sequences.size() * classes;
    if (sums.length < size) {
      sums = new float[size];
      sumGradients = new float[size];
    }
    Arrays.fill(sums, 0, size, 0);
    tally.begin(sequences.size());
  }

  /**
   * Takes in a stretch.
   *
   * @param values the emitted values, {@code [step][row][stride]} from {@code offset} on
   * @param first the sequence's step that is the stretch's step 0
   * @param gradient where the gradient of a readout each step goes, {@code [step][row][stride]} from 0 on; null to leave that to {@link
   *     #gradient}
   */
  void observe(float[] values, int offset, int first, int steps, float[] gradient) {
    int rows = sequences.size();
    for (int r = 0; r < rows; r++) {
      Sequence sequence = sequences.get(r);
      int end = Math.min(steps, sequence.steps() - first);
      int begin = Math.max(0, loss.fromStep() - first);
      for (int t = begin; t < end; t++) {
        int at = offset + (t * rows + r) * stride;
        switch (readout) {
          case EACH_STEP -> scoreStep(values, at, r, first + t, gradient, (t * rows + r) * stride);
          case MEAN, SPIKE_COUNT -> addTo(r, values, at);
          case LAST -> {
            if (first + t == sequence.steps() - 1) {
              addTo(r, values, at);
            }
          }
          case SUM_OF_SOFTMAX -> {
            softmax(values, at, probability);
            for (int c = 0; c < classes; c++) {
              sums[r * classes + c] += probability[c];
            }
          }
        }
      }
    }
  }

  private void addTo(int row, float[] values, int at) {
    for (int c = 0; c < classes; c++) {
      sums[row * classes + c] += values[at + c];
    }
  }

  /** After the last stretch: scores the readouts that have one row of logits a sequence. */
  void finish() {
    for (int r = 0; r < sequences.size(); r++) {
      Sequence sequence = sequences.get(r);
      if (readout != Readout.EACH_STEP) {
        int at = r * classes;
        if (readout == Readout.MEAN) {
          float share = 1f / counted(sequence);
          for (int c = 0; c < classes; c++) {
            sums[at + c] *= share;
          }
        }
        float factor = readout == Readout.MEAN ? scale / counted(sequence) : scale;
        int target = sequence.targets()[0];
        int largest = largest(sums, at);
        double lost = lossAndGradient(sums, at, target, largest, factor, sumGradients, at);
        tally.add(r, target, largest, sequence.annotated()[0], lost);
      }
      tally.endRow(r, readout == Readout.EACH_STEP && loss.reduction() == LossSpec.Reduction.MEAN);
    }
  }

  private int counted(Sequence sequence) {
    return Math.max(1, sequence.steps() - loss.fromStep());
  }

  /** Writes the gradient of a stretch; {@code values} as in {@link #observe}. */
  void gradient(float[] values, int offset, int first, int steps, float[] gradient) {
    int rows = sequences.size();
    for (int r = 0; r < rows; r++) {
      Sequence sequence = sequences.get(r);
      int end = Math.min(steps, sequence.steps() - first);
      int begin = Math.max(0, loss.fromStep() - first);
      for (int t = begin; t < end; t++) {
        int at = offset + (t * rows + r) * stride;
        int to = (t * rows + r) * stride;
        switch (readout) {
          case EACH_STEP ->
              lossAndGradient(
                  values, at, sequence.targets()[first + t], largest(values, at), stepScale(sequence), gradient, to);
          case MEAN, SPIKE_COUNT -> System.arraycopy(sumGradients, r * classes, gradient, to, classes);
          case LAST -> {
            if (first + t == sequence.steps() - 1) {
              System.arraycopy(sumGradients, r * classes, gradient, to, classes);
            }
          }
          case SUM_OF_SOFTMAX -> throughSoftmax(values, at, r * classes, gradient, to);
        }
      }
    }
  }

  private float stepScale(Sequence sequence) {
    return loss.reduction() == LossSpec.Reduction.MEAN ? scale / counted(sequence) : scale;
  }

  private void scoreStep(float[] values, int at, int row, int step, float[] gradient, int to) {
    Sequence sequence = sequences.get(row);
    int target = sequence.targets()[step];
    int largest = largest(values, at);
    double lost =
        gradient == null
            ? lossAndGradient(values, at, target, largest, 0, probability, 0)
            : lossAndGradient(values, at, target, largest, stepScale(sequence), gradient, to);
    tally.add(row, target, largest, sequence.annotated()[step], lost);
  }

  /** d/dm of sum over c of g_c softmax(m)_c. */
  private void throughSoftmax(float[] values, int at, int g, float[] gradient, int to) {
    softmax(values, at, probability);
    float mean = 0;
    for (int c = 0; c < classes; c++) {
      mean = Math.fma(probability[c], sumGradients[g + c], mean);
    }
    for (int c = 0; c < classes; c++) {
      gradient[to + c] = probability[c] * (sumGradients[g + c] - mean);
    }
  }

  /** The loss of one row of logits; its gradient, times {@code factor}, goes to {@code gradient}. */
  private double lossAndGradient(
      float[] values, int at, int target, int largest, float factor, float[] gradient, int to) {
    return switch (loss.kind()) {
      case CROSS_ENTROPY -> {
        double sum = softmax(values, at, largest, gradient, to);
        // as fast as Math.log, which differs between machines in the last bit
        double lost = StrictMath.log(sum) - (values[at + target] - values[at + largest]);
        for (int c = 0; c < classes; c++) {
          gradient[to + c] = factor * (gradient[to + c] - (c == target ? 1 : 0));
        }
        yield lost;
      }
      case MEAN_SQUARED_ERROR -> {
        double lost = 0;
        for (int c = 0; c < classes; c++) {
          float difference = values[at + c] - (c == target ? 1 : 0);
          lost += (double) difference * difference / classes;
          gradient[to + c] = factor * 2 / classes * difference;
        }
        yield lost;
      }
    };
  }

  private void softmax(float[] values, int at, float[] result) {
    softmax(values, at, largest(values, at), result, 0);
  }

  /** Softmax into {@code result}; returns the sum of exp(value - largest). */
  private float softmax(float[] values, int at, int largest, float[] result, int to) {
    float shift = values[at + largest];
    float sum = 0;
    for (int c = 0; c < classes; c++) {
      float e = FastExp.exp(values[at + c] - shift);
      result[to + c] = e;
      sum += e;
    }
    float inverse = 1 / sum;
    for (int c = 0; c < classes; c++) {
      result[to + c] *= inverse;
    }
    return sum;
  }

  private int largest(float[] values, int at) {
    int best = 0;
    for (int c = 1; c < classes; c++) {
      if (values[at + c] > values[at + best]) {
        best = c;
      }
    }
    return best;
  }
}
