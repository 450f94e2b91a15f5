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
 *
 * <p>Of transcribed sequences all this is done by {@link Transcripts}.
 */
final class Objective {
  private final Readout readout;
  private final LossSpec loss;
  private final int classes;
  private final Tally tally;
  private final Softmax softmax;

  /** Null unless the loss is CTC. */
  private final Transcripts transcripts;

  private int rows;

  /** From a row of logits to the next. */
  private int stride;

  /** Of each row: steps, targets, which of these are annotated. */
  private int[] lengths = new int[0];

  private int[][] targets = new int[0][];
  private boolean[][] annotated = new boolean[0][];

  /** Of each row: what a step's loss is multiplied by. */
  private float[] stepScale = new float[0];

  /**
   * Sums over the steps, of the readouts that have one row of logits a sequence: {@code
   * [row][class]}.
   */
  private float[] sums = new float[0];

  /** Gradient of those logits. */
  private float[] sumGradients = new float[0];

  private float scale;

  /** Steps of the piece of time under way: all, unless {@link #beginPiece} says otherwise. */
  private int pieceBegin;

  private int pieceEnd;

  /** Of the rows in a {@link Softmax}: target, and {@code stepScale}, 0 where it does not count. */
  private final int[] target = new int[Softmax.MOST];

  private final float[] factor = new float[Softmax.MOST];

  /**
   * @param tally of the rows
   * @param trains whether gradients are wanted
   */
  Objective(Readout readout, LossSpec loss, int classes, Tally tally, boolean trains) {
    this.readout = readout;
    this.loss = loss;
    this.classes = classes;
    this.tally = tally;
    softmax = new Softmax(classes);
    transcripts = loss.kind() == LossSpec.Kind.CTC ? new Transcripts(loss, classes, trains) : null;
  }

  /**
   * @param sequences one a row
   * @param share of this sequence in the loss of the batch: 1 / batch
   * @param stride of the emitted values
   */
  void begin(List<Sequence> sequences, double share, int stride) {
    this.stride = stride;
    rows = sequences.size();
    scale = (float) share;
    pieceBegin = 0;
    pieceEnd = Integer.MAX_VALUE;
    if (transcripts != null) {
      transcripts.begin(sequences, share, stride);
      tally.begin(rows);
      return;
    }
    if (lengths.length < rows) {
      lengths = new int[rows];
      targets = new int[rows][];
      annotated = new boolean[rows][];
      stepScale = new float[rows];
      sums = new float[rows * classes];
      sumGradients = new float[rows * classes];
    }
    for (int row = 0; row < rows; row++) {
      Sequence sequence = sequences.get(row);
      lengths[row] = sequence.steps();
      targets[row] = sequence.targets();
      annotated[row] = sequence.annotated();
      stepScale[row] = loss.reduction() == LossSpec.Reduction.MEAN ? scale / counted(row) : scale;
    }
    Arrays.fill(sums, 0, rows * classes, 0);
    tally.begin(rows);
  }

  /**
   * After {@link #begin}, where sequences are trained piece by piece of their time: sums go on from
   * those of the pieces before, and the loss is that of the answer so far. Only in the piece in
   * which a sequence ends is it scored.
   *
   * @param begin first step of the piece
   * @param end step after its last
   * @param before what {@link #keepSums} wrote in the piece before
   */
  void beginPiece(int begin, int end, float[] before) {
    pieceBegin = begin;
    pieceEnd = end;
    System.arraycopy(before, 0, sums, 0, rows * classes);
  }

  /** Before {@link #finish}: the sums over all steps so far, {@code [row][class]}. */
  void keepSums(float[] to) {
    System.arraycopy(sums, 0, to, 0, rows * classes);
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
    if (transcripts != null) {
      transcripts.observe(values, offset, first, steps);
      return;
    }
    for (int from = 0; from < steps * rows; from += Softmax.MOST) {
      int count = Math.min(Softmax.MOST, steps * rows - from);
      int at = offset + from * stride;
      if (readout == Readout.EACH_STEP || readout == Readout.SUM_OF_SOFTMAX) {
        softmax.run(values, at, stride, count);
      }
      if (readout == Readout.EACH_STEP) {
        aim(first, from, count);
        score(values, at, first, from, count);
        if (gradient != null) {
          stepGradients(values, at, count, gradient, gradientOffset + from * stride);
        }
      } else {
        sumUp(values, at, first, from, count);
      }
    }
  }

  /** Finds target and factor of the rows {@code from .. from + count} of a stretch. */
  private void aim(int first, int from, int count) {
    int row = from % rows;
    int step = first + from / rows;
    for (int i = 0; i < count; i++) {
      boolean counts = step >= loss.fromStep() && step < lengths[row];
      target[i] = counts ? targets[row][step] : 0;
      factor[i] = counts ? stepScale[row] * (float) loss.late().weight(step) : 0;
      if (++row == rows) {
        row = 0;
        step++;
      }
    }
  }

  private void score(float[] values, int at, int first, int from, int count) {
    int row = from % rows;
    int step = first + from / rows;
    for (int i = 0; i < count; i++) {
      if (factor[i] != 0) {
        tally.add(
            row,
            target[i],
            softmax.largest(i),
            annotated[row][step],
            loss.late().weight(step) * lost(values, at + i * stride, i, target[i]));
        if (step == lengths[row] - 1) {
          tally.addEnd(target[i], softmax.largest(i));
        }
      }
      if (++row == rows) {
        row = 0;
        step++;
      }
    }
  }

  private void sumUp(float[] values, int at, int first, int from, int count) {
    int row = from % rows;
    int step = first + from / rows;
    for (int i = 0; i < count; i++) {
      if (step >= loss.fromStep() && step < lengths[row]) {
        switch (readout) {
          case MEAN, SPIKE_COUNT -> addTo(row, values, at + i * stride);
          case LAST -> {
            if (step == lengths[row] - 1) {
              addTo(row, values, at + i * stride);
            }
          }
          case SUM_OF_SOFTMAX -> {
            for (int c = 0; c < classes; c++) {
              sums[row * classes + c] += softmax.probability(i, c);
            }
          }
          case EACH_STEP -> throw new IllegalStateException("has no sum");
        }
      }
      if (++row == rows) {
        row = 0;
        step++;
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
    if (transcripts != null) {
      transcripts.finish(tally);
      return;
    }
    boolean eachStep = readout == Readout.EACH_STEP;
    for (int row = 0; row < rows; row++) {
      if (!eachStep) {
        finish(row);
      }
      tally.endRow(row, eachStep && loss.reduction() == LossSpec.Reduction.MEAN);
    }
  }

  private void finish(int row) {
    int at = row * classes;
    float share = readout == Readout.MEAN ? 1f / counted(row) : 1;
    for (int c = 0; c < classes; c++) {
      sums[at + c] *= share;
    }
    target[0] = targets[row][0];
    factor[0] = scale * share;
    softmax.run(sums, at, classes, 1);
    if (lengths[row] > pieceBegin && lengths[row] <= pieceEnd) {
      tally.add(
          row, target[0], softmax.largest(0), annotated[row][0], lost(sums, at, 0, target[0]));
    }
    stepGradients(sums, at, 1, sumGradients, at);
  }

  private int counted(int row) {
    return Math.max(1, Math.min(lengths[row], pieceEnd) - loss.fromStep());
  }

  /** Writes the gradient of a stretch; arguments as in {@link #observe}. */
  void gradient(
      float[] values, int offset, int first, int steps, float[] gradient, int gradientOffset) {
    if (transcripts != null) {
      transcripts.gradient(first, steps, gradient, gradientOffset);
      return;
    }
    for (int from = 0; from < steps * rows; from += Softmax.MOST) {
      int count = Math.min(Softmax.MOST, steps * rows - from);
      int at = offset + from * stride;
      int to = gradientOffset + from * stride;
      if (readout == Readout.EACH_STEP || readout == Readout.SUM_OF_SOFTMAX) {
        softmax.run(values, at, stride, count);
      }
      if (readout == Readout.EACH_STEP) {
        aim(first, from, count);
        stepGradients(values, at, count, gradient, to);
      } else {
        spreadSumGradients(first, from, count, gradient, to);
      }
    }
  }

  private void spreadSumGradients(int first, int from, int count, float[] gradient, int to) {
    int row = from % rows;
    int step = first + from / rows;
    for (int i = 0; i < count; i++) {
      int at = to + i * stride;
      boolean counts = step >= loss.fromStep() && step < lengths[row];
      if (!counts || readout == Readout.LAST && step < lengths[row] - 1) {
        Arrays.fill(gradient, at, at + classes, 0);
      } else if (readout == Readout.SUM_OF_SOFTMAX) {
        throughSoftmax(i, row * classes, gradient, at);
      } else {
        System.arraycopy(sumGradients, row * classes, gradient, at, classes);
      }
      if (++row == rows) {
        row = 0;
        step++;
      }
    }
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
      case CTC -> throw new IllegalStateException("has no loss of a step");
    };
  }

  /**
   * The gradients of {@code factor} times the loss, for all rows of the softmax computed last; zero
   * where that is zero. Class by class, because loops over few classes cost more than their work.
   */
  private void stepGradients(float[] values, int at, int count, float[] gradient, int to) {
    switch (loss.kind()) {
      case CROSS_ENTROPY -> {
        for (int c = 0; c < classes; c++) {
          for (int i = 0; i < count; i++) {
            gradient[to + i * stride + c] =
                factor[i] == 0 ? 0 : factor[i] * softmax.probability(i, c);
          }
        }
        for (int i = 0; i < count; i++) {
          if (factor[i] != 0) {
            gradient[to + i * stride + target[i]] =
                factor[i] * (softmax.probability(i, target[i]) - 1);
          }
        }
      }
      case MEAN_SQUARED_ERROR -> {
        for (int i = 0; i < count; i++) {
          for (int c = 0; c < classes; c++) {
            float wanted = c == target[i] ? 1 : 0;
            gradient[to + i * stride + c] =
                factor[i] == 0
                    ? 0
                    : factor[i] * 2 / classes * (values[at + i * stride + c] - wanted);
          }
        }
      }
      case CTC -> throw new IllegalStateException("has no gradient of a step by itself");
    }
  }
}
