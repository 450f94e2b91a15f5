package rheobase.network;

import java.util.Arrays;
import java.util.List;
import rheobase.data.Sequence;

/**
 * Readout, loss and score of one micro-batch: from the last layer's emitted values to a loss, to
 * counts of what was classified right, and to the gradient of those values.
 *
 * <p>Call order: {@link #begin}; {@link #observe} for every stretch of time, forward; {@link
 * #finish}; {@link #gradient} for stretches in any order. A readout each step may hand its gradient
 * out while it observes.
 *
 * <p>Only the steps {@code fromStep <= t < length} of a sequence count; what stands in the padding
 * of a shorter one is never looked at.
 */
final class Objective {
  private final Readout readout;
  private final LossSpec loss;
  private final int classes;
  private final int stride;
  private final Tally tally;
  private final Softmax softmax;

  private List<Sequence> sequences;

  /** Steps of each row. */
  private int[] lengths;

  /**
   * Sums over the steps, of the readouts that have one row of logits a sequence: {@code
   * [row][class]}.
   */
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
    softmax = new Softmax(classes);
  }

  /**
   * @param sequences one a row
   * @param share of this sequence in the loss of the batch: 1 / batch
   */
  void begin(List<Sequence> sequences, double share) {
    this.sequences = sequences;
    lengths = sequences.stream().mapToInt(Sequence::steps).toArray();
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
   * @param first the sequence's step that stands there first
   * @param gradient where the gradient of a readout each step goes, {@code [step][row][stride]}
   *     from {@code gradientOffset} on; null to leave that to {@link #gradient}
   */
  void observe(
      float[] values, int offset, int first, int steps, float[] gradient, int gradientOffset) {
    int rows = sequences.size();
    for (int from = 0; from < steps * rows; from += Softmax.MOST) {
      int count = Math.min(Softmax.MOST, steps * rows - from);
      if (readout == Readout.EACH_STEP || readout == Readout.SUM_OF_SOFTMAX) {
        softmax.run(values, offset + from * stride, stride, count);
      }
      int row = from % rows;
      int step = first + from / rows;
      for (int i = 0; i < count; i++) {
        if (step >= loss.fromStep() && step < lengths[row]) {
          observe(
              values,
              offset + (from + i) * stride,
              i,
              row,
              step,
              gradient,
              gradientOffset + (from + i) * stride);
        }
        if (++row == rows) {
          row = 0;
          step++;
        }
      }
    }
  }

  private void observe(float[] values, int at, int i, int row, int step, float[] gradient, int to) {
    Sequence sequence = sequences.get(row);
    switch (readout) {
      case EACH_STEP -> {
        int target = sequence.targets()[step];
        tally.add(
            row,
            target,
            softmax.largest(i),
            sequence.annotated()[step],
            lost(values, at, i, target));
        if (gradient != null) {
          lossGradient(values, at, i, target, stepScale(sequence), gradient, to);
        }
      }
      case MEAN, SPIKE_COUNT -> addTo(row, values, at);
      case LAST -> {
        if (step == sequence.steps() - 1) {
          addTo(row, values, at);
        }
      }
      case SUM_OF_SOFTMAX -> {
        for (int c = 0; c < classes; c++) {
          sums[row * classes + c] += softmax.probability(i, c);
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
    int rows = sequences.size();
    for (int row = 0; row < rows; row++) {
      boolean eachStep = readout == Readout.EACH_STEP;
      if (!eachStep) {
        finish(row);
      }
      tally.endRow(row, eachStep && loss.reduction() == LossSpec.Reduction.MEAN);
    }
  }

  private void finish(int row) {
    Sequence sequence = sequences.get(row);
    int at = row * classes;
    float share = readout == Readout.MEAN ? 1f / counted(sequence) : 1;
    for (int c = 0; c < classes; c++) {
      sums[at + c] *= share;
    }
    int target = sequence.targets()[0];
    softmax.run(sums, at, classes, 1);
    tally.add(row, target, softmax.largest(0), sequence.annotated()[0], lost(sums, at, 0, target));
    lossGradient(sums, at, 0, target, scale * share, sumGradients, at);
  }

  private int counted(Sequence sequence) {
    return Math.max(1, sequence.steps() - loss.fromStep());
  }

  /** Writes the gradient of a stretch; arguments as in {@link #observe}. */
  void gradient(
      float[] values, int offset, int first, int steps, float[] gradient, int gradientOffset) {
    int rows = sequences.size();
    for (int from = 0; from < steps * rows; from += Softmax.MOST) {
      int count = Math.min(Softmax.MOST, steps * rows - from);
      if (readout == Readout.EACH_STEP || readout == Readout.SUM_OF_SOFTMAX) {
        softmax.run(values, offset + from * stride, stride, count);
      }
      int row = from % rows;
      int step = first + from / rows;
      for (int i = 0; i < count; i++) {
        if (step >= loss.fromStep() && step < lengths[row]) {
          gradient(
              values,
              offset + (from + i) * stride,
              i,
              row,
              step,
              gradient,
              gradientOffset + (from + i) * stride);
        }
        if (++row == rows) {
          row = 0;
          step++;
        }
      }
    }
  }

  private void gradient(
      float[] values, int at, int i, int row, int step, float[] gradient, int to) {
    Sequence sequence = sequences.get(row);
    switch (readout) {
      case EACH_STEP ->
          lossGradient(values, at, i, sequence.targets()[step], stepScale(sequence), gradient, to);
      case MEAN, SPIKE_COUNT ->
          System.arraycopy(sumGradients, row * classes, gradient, to, classes);
      case LAST -> {
        if (step == sequence.steps() - 1) {
          System.arraycopy(sumGradients, row * classes, gradient, to, classes);
        }
      }
      case SUM_OF_SOFTMAX -> throughSoftmax(i, row * classes, gradient, to);
    }
  }

  private float stepScale(Sequence sequence) {
    return loss.reduction() == LossSpec.Reduction.MEAN ? scale / counted(sequence) : scale;
  }

  /** d/dm of the sum over c of g_c softmax(m)_c. */
  private void throughSoftmax(int i, int g, float[] gradient, int to) {
    float mean = 0;
    for (int c = 0; c < classes; c++) {
      mean = Math.fma(softmax.probability(i, c), sumGradients[g + c], mean);
    }
    for (int c = 0; c < classes; c++) {
      gradient[to + c] = softmax.probability(i, c) * (sumGradients[g + c] - mean);
    }
  }

  /** The loss of row {@code i} of the softmax computed last, whose logits stand at {@code at}. */
  private double lost(float[] values, int at, int i, int target) {
    return switch (loss.kind()) {
      case CROSS_ENTROPY -> softmax.surprise(i, target);
      case MEAN_SQUARED_ERROR -> {
        double sum = 0;
        for (int c = 0; c < classes; c++) {
          float difference = values[at + c] - (c == target ? 1 : 0);
          sum += (double) difference * difference / classes;
        }
        yield sum;
      }
    };
  }

  /** The gradient of {@code factor} times that loss. */
  private void lossGradient(
      float[] values, int at, int i, int target, float factor, float[] gradient, int to) {
    switch (loss.kind()) {
      case CROSS_ENTROPY -> {
        for (int c = 0; c < classes; c++) {
          gradient[to + c] = factor * softmax.probability(i, c);
        }
        gradient[to + target] = factor * (softmax.probability(i, target) - 1);
      }
      case MEAN_SQUARED_ERROR -> {
        for (int c = 0; c < classes; c++) {
          gradient[to + c] = factor * 2 / classes * (values[at + c] - (c == target ? 1 : 0));
        }
      }
    }
  }
}
