package rheobase.network;

import java.util.List;
import rheobase.network.product.Events;

/**
 * One layer of a network carrying one micro-batch through time, forward and back, as the layers
 * above and below it see it: steps are those of the sequence, values and gradients stand {@code
 * [step][row][stride]}. Owned by one worker.
 *
 * <p>Call order: {@link #begin}; for each stretch of time {@link #beginStretch}, {@link #forward}
 * for its blocks from the first to the last, {@link #count}, {@link #carry} before the next. Going
 * back, stretch by stretch from the last and block by block: whoever stands above adds to {@link
 * #gradientFromAbove} after {@link #clearEmittedGradient}; then {@link #backward} and {@link
 * #passDown}.
 */
sealed interface LayerPass permits LayerRun, SubstepRun, TwoWayRun {

  /**
   * Draws the initial states of a micro-batch.
   *
   * @param level of the layer in its network, from 0 for the lowest
   */
  void begin(MicroBatch batch, int level);

  /**
   * Before a stretch: its states before step 0 stand on the tape, no step has run.
   *
   * @param first the sequence's step that is step 0 here
   */
  void beginStretch(int first);

  /** Runs the steps {@code from <= t < to} of the stretch, one block, on what lies below. */
  void forward(Source below, int from, int to);

  /** What this layer hands upwards: its emitted value from step 0 on. */
  Source source();

  /**
   * Zeroes the gradient of what is emitted in the steps {@code from <= t < to}, one block, for the
   * loss or the layer above to add to.
   */
  void clearEmittedGradient(int from, int to);

  /**
   * Of the block cleared last, where the gradient of what is emitted is used at all, a row of
   * events for each {@code [step][row]}; null where it may be anywhere.
   */
  Events wanted();

  /**
   * Gradient of the value handed upwards, {@code [step][row][stride]}: in the block that goes back
   * next; of a bidirectional layer, in the whole sequence.
   */
  float[] gradientFromAbove();

  /** Where the first step of that stands. */
  int gradientFromAboveAt();

  /**
   * Goes back through the steps {@code from <= t < to}, one block, of a stretch that was run
   * forward last.
   *
   * @param truncateSteps the gradient does not pass from a step that is a multiple of this to the
   *     one before; 0 to let it
   * @param gradient flat, laid out as the parameters; added to
   */
  void backward(Source below, int from, int to, int truncateSteps, float[] gradient);

  /**
   * Adds what this layer's drive passed down in the block that went back last to the gradient of
   * the layer below. A bidirectional layer does not keep to the block, so what it adds to is that
   * of the whole sequence.
   *
   * @param gradientBelow {@code [step][row][stride]}
   * @param at where the first step of the block stands
   * @param steps of the block
   * @param wanted see {@link #wanted} of the layer below; null for everything
   */
  void passDown(float[] gradientBelow, int at, int steps, Events wanted);

  /**
   * Before a stretch: the states after step {@code count} of the last one become those before step
   * 0 of this one.
   */
  void carry(int count);

  /**
   * Counts the spikes (non-zero outputs) of a stretch; nothing of a cell that does not spike.
   *
   * @param level from 1 for the lowest
   * @param steps of the stretch
   * @param places rows times steps in which they run
   */
  void count(Activity total, int level, int steps, long places);

  /** Whether all states after step {@code t} of a row, and what it emits, are finite numbers. */
  boolean finite(int t, int row);

  /** Everything the first row did in the stretch run last. */
  Trace.LayerTrace trace(int steps);

  /** The runs it is made of, one a direction. */
  List<LayerRun> runs();
}
