package rheobase.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import rheobase.cell.kernel.Tape;
import rheobase.network.product.Events;

/**
 * A bidirectional layer: one half reads the sequence, the other, with parameters of its own, reads
 * it from its last step to its first (Schuster and Paliwal 1997). Each sequence is turned round
 * within its own length, so padding stays at the end for both. What both emit at a step stands side
 * by side, forward first: {@code [step][row][stride of 2 units]}.
 *
 * <p>The halves do not know of each other: both run forward in time, the backward one on a reversed
 * copy of what lies below, and its output is turned back. So what this layer emits at any step is
 * complete only after its last block, and what it passes down only after its last block backward:
 * whoever stands above and below waits for the whole sequence.
 */
final class TwoWayRun implements LayerPass {
  private final LayerPass forward;
  private final LayerPass backward;
  private final int units;
  private final int width;
  private final int stride;
  private final int halfStride;
  private final int strideBelow;

  /** What lies below, every row from its last step to its first. */
  private final float[] reversed;

  private final Events reversedEvents = new Events();
  private Source reversedSource;

  private final float[] emitted;
  private final float[] gradient;
  private final Events events = new Events();
  private Source source;

  /** Gradient of {@link #reversed} in a block; empty where nobody below wants it. */
  private final float[] reversedGradient;

  /** First step of the block that went back last. */
  private int blockBegin;

  private int rows;
  private int[] lengths;
  private int steps;

  /**
   * @param forward one half
   * @param backward the other
   * @param rows most sequences of a micro-batch
   * @param steps of the longest sequence
   * @param lowest whether what lies below has no gradient
   */
  TwoWayRun(
      Level level, LayerPass forward, LayerPass backward, int rows, int steps, boolean lowest) {
    this.forward = forward;
    this.backward = backward;
    Layer half = level.directions().getFirst();
    units = half.units();
    halfStride = half.stride();
    width = level.spec().width();
    stride = Tape.stride(width);
    strideBelow = Tape.stride(level.from());
    reversed = new float[LayerRun.size(half, steps, rows * strideBelow)];
    reversedGradient = new float[lowest ? 0 : LayerRun.BLOCK * rows * strideBelow];
    emitted = new float[LayerRun.size(half, steps, rows * stride)];
    gradient = new float[emitted.length];
  }

  @Override
  public void begin(MicroBatch batch, int level) {
    rows = batch.rows();
    lengths = batch.lengths();
    steps = batch.longest();
    forward.begin(batch, level);
    backward.begin(batch, level);
    boolean listed = forward.source().events() != null || backward.source().events() != null;
    source = new Source(emitted, 0, stride, width, listed ? events : null, 0, false);
  }

  @Override
  public void beginStretch(int first) {
    reversedEvents.clear();
    events.clear();
    // a row is silent beyond its end, in either direction
    Arrays.fill(emitted, 0, steps * rows * stride, 0);
    forward.beginStretch(first);
    backward.beginStretch(first);
  }

  @Override
  public void forward(Source below, int from, int to) {
    forward.forward(below, from, to);
    reverse(below, from, to);
    backward.forward(reversedSource, from, to);
    for (int t = from; t < to; t++) {
      for (int row = 0; row < rows; row++) {
        if (t < lengths[row]) {
          copyUp(forward.source(), t, row, t, 0);
          copyUp(backward.source(), t, row, lengths[row] - 1 - t, units);
        }
      }
    }
    if (to == steps && source.events() != null) {
      events.append(steps * rows, width, emitted, 0, stride);
    }
  }

  private void copyUp(Source half, int t, int row, int toStep, int column) {
    System.arraycopy(
        half.values(),
        half.offset() + (t * rows + row) * halfStride,
        emitted,
        (toStep * rows + row) * stride + column,
        units);
  }

  private void reverse(Source below, int from, int to) {
    int across = below.stride();
    float[] values = from == 0 ? below.written(0, steps * rows) : below.values();
    Arrays.fill(reversed, from * rows * across, to * rows * across, 0);
    for (int row = 0; row < rows; row++) {
      for (int t = from; t < Math.min(to, lengths[row]); t++) {
        System.arraycopy(
            values,
            below.offset() + ((lengths[row] - 1 - t) * rows + row) * across,
            reversed,
            (t * rows + row) * across,
            below.units());
      }
    }
    boolean listed = below.events() != null;
    if (listed) {
      reversedEvents.append(
          (to - from) * rows, below.units(), reversed, from * rows * across, across);
    }
    reversedSource =
        new Source(reversed, 0, across, below.units(), listed ? reversedEvents : null, 0, false);
  }

  @Override
  public Source source() {
    return source;
  }

  @Override
  public void clearEmittedGradient(int from, int to) {
    Arrays.fill(gradient, 0, (to - from) * rows * stride, 0);
  }

  @Override
  public Events wanted() {
    return null;
  }

  @Override
  public float[] gradientFromAbove() {
    return gradient;
  }

  @Override
  public int gradientFromAboveAt() {
    return 0;
  }

  @Override
  public void backward(
      Source below, int from, int to, int truncateSteps, float[] parameterGradient) {
    blockBegin = from;
    forward.clearEmittedGradient(from, to);
    backward.clearEmittedGradient(from, to);
    for (int t = from; t < to; t++) {
      for (int row = 0; row < rows; row++) {
        if (t < lengths[row]) {
          copyDown(t, 0, row, forward, t - from);
          copyDown(lengths[row] - 1 - t, units, row, backward, t - from);
        }
      }
    }
    forward.backward(below, from, to, truncateSteps, parameterGradient);
    backward.backward(reversedSource, from, to, truncateSteps, parameterGradient);
  }

  private void copyDown(int fromStep, int column, int row, LayerPass half, int toStep) {
    System.arraycopy(
        gradient,
        (fromStep * rows + row) * stride + column,
        half.gradientFromAbove(),
        half.gradientFromAboveAt() + (toStep * rows + row) * halfStride,
        units);
  }

  @Override
  public void passDown(float[] gradientBelow, int at, int steps, Events wanted) {
    forward.passDown(gradientBelow, at, steps, null);
    int plane = rows * strideBelow;
    Arrays.fill(reversedGradient, 0, steps * plane, 0);
    backward.passDown(reversedGradient, 0, steps, null);
    int begin = at - blockBegin * plane;
    for (int row = 0; row < rows; row++) {
      for (int t = blockBegin; t < Math.min(blockBegin + steps, lengths[row]); t++) {
        OneToOne.add(
            reversedGradient,
            (t - blockBegin) * plane + row * strideBelow,
            strideBelow,
            gradientBelow,
            begin + (lengths[row] - 1 - t) * plane + row * strideBelow,
            strideBelow,
            1,
            strideBelow);
      }
    }
  }

  /** There is no next stretch. */
  @Override
  public void carry(int count) {}

  @Override
  public void count(Activity total, int level, int steps, long places) {
    forward.count(total, level, steps, places);
    backward.count(total, level, steps, places);
  }

  @Override
  public boolean finite(int t, int row) {
    return forward.finite(t, row) && backward.finite(lengths[row] - 1 - t, row);
  }

  @Override
  public Trace.LayerTrace trace(int steps) {
    return forward.trace(steps).beside(backward.trace(steps).reversed());
  }

  @Override
  public List<LayerRun> runs() {
    var runs = new ArrayList<>(forward.runs());
    runs.addAll(backward.runs());
    return runs;
  }
}
