package rheobase.network;

import java.util.Arrays;
import java.util.List;
import rheobase.cell.kernel.Tape;
import rheobase.network.product.Events;

/**
 * A layer that is faster than its network: each step from below is presented to it for several
 * sub-steps, and the mean of what it emits meanwhile goes upwards (Yin, Corradi and Bohté 2021, for
 * phones: five sub-steps of 2 ms a frame). All that lies in time inside the layer runs by
 * sub-steps.
 *
 * <p>A {@link LayerRun} over the sub-steps does the work; this adds the repeating before and the
 * mean after it, and in reverse the share of each sub-step in the mean and the sum over what was
 * repeated.
 */
final class SubstepRun implements LayerPass {
  private final LayerRun run;
  private final int substeps;
  private final int units;
  private final int stride;
  private final int strideBelow;

  /**
   * What comes from below, each step {@code substeps} times: {@code [sub-step][row][strideBelow]}.
   */
  private final float[] repeated;

  private final Events repeatedEvents = new Events();
  private Source repeatedSource;

  /** Means over sub-steps, {@code [step][row][stride]}. */
  private final float[] means;

  /** Gradient of the means in a block. */
  private final float[] gradient;

  private final Events events = new Events();
  private Source source;

  /** Gradient of {@link #repeated} in a block; empty where nobody below wants it. */
  private final float[] repeatedGradient;

  private int rows;

  /**
   * @param run over all sub-steps of the longest stretch
   * @param rows most sequences of a micro-batch
   * @param steps of the longest stretch
   * @param lowest whether what lies below has no gradient
   */
  SubstepRun(Layer layer, LayerRun run, int rows, int steps, boolean lowest) {
    this.run = run;
    substeps = layer.spec().substeps();
    units = layer.units();
    stride = layer.stride();
    strideBelow = Tape.stride(layer.from());
    int all = steps * substeps;
    repeated = new float[LayerRun.size(layer, all, rows * strideBelow)];
    repeatedGradient =
        new float[lowest ? 0 : LayerRun.size(layer, LayerRun.BLOCK * substeps, rows * strideBelow)];
    means = new float[LayerRun.size(layer, steps, rows * stride)];
    gradient = new float[LayerRun.BLOCK * rows * stride];
  }

  @Override
  public void begin(MicroBatch batch, int level) {
    rows = batch.rows();
    run.begin(batch.repeated(substeps), level);
    boolean listed = run.source().events() != null;
    source = new Source(means, 0, stride, units, listed ? events : null, 0, false);
  }

  @Override
  public void beginStretch(int first) {
    repeatedEvents.clear();
    events.clear();
    run.beginStretch(first * substeps);
  }

  @Override
  public void forward(Source below, int from, int to) {
    repeat(below, from, to);
    for (int block = from * substeps; block < to * substeps; block += LayerRun.BLOCK) {
      run.forward(repeatedSource, block, Math.min(to * substeps, block + LayerRun.BLOCK));
    }
    average(from, to);
  }

  private void repeat(Source below, int from, int to) {
    int plane = rows * below.stride();
    float[] values = below.written(from * rows, (to - from) * rows);
    for (int t = from; t < to; t++) {
      for (int k = t * substeps; k < (t + 1) * substeps; k++) {
        System.arraycopy(values, below.offset() + t * plane, repeated, k * plane, plane);
      }
    }
    boolean listed = below.events() != null;
    if (listed) {
      int first = from * substeps * rows;
      repeatedEvents.append(
          (to - from) * substeps * rows,
          below.units(),
          repeated,
          first * below.stride(),
          below.stride());
    }
    repeatedSource =
        new Source(
            repeated, 0, below.stride(), below.units(), listed ? repeatedEvents : null, 0, false);
  }

  private void average(int from, int to) {
    int plane = rows * stride;
    Source emitted = run.source();
    float share = 1f / substeps;
    for (int t = from; t < to; t++) {
      int mean = t * plane;
      Arrays.fill(means, mean, mean + plane, 0);
      for (int k = t * substeps; k < (t + 1) * substeps; k++) {
        int at = emitted.offset() + k * plane;
        for (int i = 0; i < plane; i++) {
          means[mean + i] += emitted.values()[at + i];
        }
      }
      for (int i = mean; i < mean + plane; i++) {
        means[i] *= share;
      }
    }
    if (source.events() != null) {
      events.append((to - from) * rows, units, means, from * plane, stride);
    }
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
    int begin = from * substeps;
    int end = to * substeps;
    for (int block = (end - 1) / LayerRun.BLOCK * LayerRun.BLOCK;
        block >= begin;
        block -= LayerRun.BLOCK) {
      int blockEnd = Math.min(end, block + LayerRun.BLOCK);
      share(from, block, blockEnd);
      run.backward(repeatedSource, block, blockEnd, truncateSteps * substeps, parameterGradient);
      if (repeatedGradient.length > 0) {
        int plane = rows * strideBelow;
        int at = (block - begin) * plane;
        Arrays.fill(repeatedGradient, at, at + (blockEnd - block) * plane, 0);
        run.passDown(repeatedGradient, at, blockEnd - block, null);
      }
    }
  }

  /**
   * Hands the sub-steps of a block their shares of the gradient of the means, from {@code first}
   * on.
   */
  private void share(int first, int block, int blockEnd) {
    run.clearEmittedGradient(block, blockEnd);
    float[] shares = run.gradientFromAbove();
    float share = 1f / substeps;
    int plane = rows * stride;
    for (int k = block; k < blockEnd; k++) {
      int mean = (k / substeps - first) * plane;
      int at = run.gradientFromAboveAt() + (k - block) * plane;
      for (int i = 0; i < plane; i++) {
        shares[at + i] = share * gradient[mean + i];
      }
    }
  }

  @Override
  public void passDown(float[] gradientBelow, int at, int steps, Events wanted) {
    int plane = rows * strideBelow;
    for (int k = 0; k < steps * substeps; k++) {
      int sum = at + k / substeps * plane;
      for (int i = 0; i < plane; i++) {
        gradientBelow[sum + i] += repeatedGradient[k * plane + i];
      }
    }
  }

  @Override
  public void carry(int count) {
    run.carry(count * substeps);
  }

  /** Spikes and places of sub-steps: what a neuron costs, it costs every sub-step. */
  @Override
  public void count(Activity total, int level, int steps, long places) {
    run.count(total, level, steps * substeps, places * substeps);
  }

  @Override
  public boolean finite(int t, int row) {
    for (int k = t * substeps; k < (t + 1) * substeps; k++) {
      if (!run.finite(k, row)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public Trace.LayerTrace trace(int steps) {
    return run.trace(steps * substeps).every(substeps);
  }

  @Override
  public List<LayerRun> runs() {
    return run.runs();
  }
}
