package rheobase.network;

import java.util.Arrays;
import java.util.List;
import rheobase.cell.kernel.Tape;
import rheobase.network.product.Events;
import rheobase.network.product.Products;

/**
 * One cell and its connections carrying one micro-batch through a stretch of time, forward and
 * back: a plain layer, or what the other forms of a layer are made of. Owned by one worker; its
 * buffers are made once for the longest stretch and used again.
 *
 * <p>Time passes in blocks of {@link #BLOCK} steps, all layers of the network together, so that
 * what one layer writes the next finds in the cache.
 *
 * <p><b>Forward.</b> The drive of a block from below is one product (a gather of weight rows where
 * the layer below is mostly silent). Then, for each step: the rows of the neurons that fired one
 * step ago are added, the kernel runs, its spikes become an event list.
 *
 * <p><b>Beyond its end</b> a row stands still: its cell does not run, it emits zeros, and its drive
 * has no gradient. So whatever shares a micro-batch with longer sequences is what it would be
 * alone.
 *
 * <p><b>Backward.</b> For each step from the last: the gradient that the recurrent weights carry
 * back from the step after is added to that from above, and the kernel turns both into the gradient
 * of the drive, in the drive's place. After each block the gradients of the weights are gathered.
 * Blocks lie at fixed steps of the sequence, so sums are the same however it is cut into stretches.
 */
final class LayerRun implements LayerPass {
  /** Steps whose weight gradients are gathered together; stretches begin at multiples of it. */
  static final int BLOCK = 32;

  /**
   * Above this activity every product is dense ({@link Products#gatherPays}), so spikes are counted
   * but not listed, which took a tenth of a training step of the ECG network. What decides is the
   * activity of the micro-batch before: no result depends on it.
   */
  private static final double NO_LISTING = 0.3;

  private final Layer layer;
  private final Weights weights;
  private final Products products;
  private final float[] parameters;
  private final int inputs;

  /** Whether rows may stand close, see {@link Tape#period}. */
  private final boolean mayPack;

  /** From a unit's weights, or a block of them, to the next. */
  private final int weightStride;

  /** From a row of the tape to the next; of the micro-batch under way. */
  private int stride;

  /** The same of the layer below. */
  private int strideBelow;

  private final Tape tape = new Tape();
  private final Events events = new Events();
  private final float[] spikes;

  /** Whether {@link #spikes} can only be 0 or 1 after the first step. */
  private final boolean plainSpikes;

  private final float[] ones;
  private final float[] spikeSums;

  private final InitialState initialState;
  private final Drive drive;
  private final WeightGradients weightGradients;

  /**
   * Gradient of the drive at the first step of the block after this one, {@code
   * [row][input][stride]}.
   */
  private final float[] driveGradientAfter;

  private boolean gradientComesFromAfter;

  /**
   * Where the gradient of what is emitted is used in the block that goes back, row by row; null
   * where the surrogate of the layer has no end.
   */
  private final Events wanted;

  private Source source;

  /**
   * Where ranges follow every step, those tracked by each, or what each reached where they move
   * after the batch: {@code [step][quantiser]}. Null where steps are not looked at.
   */
  private float[] rangesOfSteps;

  /** Whether ranges move with every step. */
  private boolean rangesMove;

  /** The step that moved ranges last. */
  private int rangesMovedAt;

  /** Whether the spikes of the micro-batch under way are listed as events. */
  private boolean listing = true;

  /** Null where the drive is not normalised by the batch. */
  private final DriveNorm norm;

  /** The micro-batch under way. */
  private MicroBatch batch;

  /** Steps in which all of its rows run. */
  private int shortest;

  /** The sequence's step that is step 0 of the stretch. */
  private int first;

  /** Spikes per neuron and step of the stretch counted last, of whichever micro-batch. */
  private double activity;

  /**
   * @param rows sequences of a micro-batch
   * @param steps of the longest stretch
   * @param trains whether gradients are wanted
   * @param mayPack whether its neighbours follow when the stride of its rows changes
   */
  LayerRun(
      Layer layer,
      Weights weights,
      Products products,
      float[] parameters,
      int rows,
      int steps,
      boolean trains,
      boolean mayPack) {
    this.layer = layer;
    this.weights = weights;
    this.products = products;
    this.parameters = parameters;
    inputs = layer.cell().inputs().size();
    weightStride = layer.stride();
    // several inputs a unit share one product, whose columns would no longer be theirs
    this.mayPack = mayPack && inputs == 1 && layer.cell().ranges() == 0 && layer.norm() == null;
    norm = trains && layer.norm() != null ? new DriveNorm(layer, rows, steps) : null;
    // the buffers are for rows that stand apart, which take more room
    int plane = rows * weightStride;
    var program = layer.program();
    int states = program.next().size();
    int emitted = program.emitted().size();
    tape.units = layer.units();
    tape.first = Tape.LEAD;
    tape.drive = new float[Tape.LEAD + size(layer, steps, plane * inputs)];
    tape.states = new float[states][Tape.LEAD + size(layer, steps + 1, plane)];
    tape.emitted = new float[emitted][];
    tape.emittedGradient = new float[emitted][];
    for (int e = 0; e < emitted; e++) {
      int state = program.emittedState().get(e);
      tape.emitted[e] =
          state < 0 ? new float[Tape.LEAD + size(layer, steps + 1, plane)] : tape.states[state];
      tape.emittedGradient[e] = new float[Tape.LEAD + BLOCK * plane];
    }
    tape.driveGradient = new float[Tape.LEAD + BLOCK * plane * inputs];
    tape.masks = new float[layer.cell().masks().size()][Tape.LEAD + plane];
    tape.ranges = weights.ranges;
    tape.reached = new float[Tape.LEAD + layer.cell().ranges() * weightStride];
    tape.stateGradient = new float[states][Tape.LEAD + plane];
    driveGradientAfter = new float[Tape.LEAD + plane * inputs];
    wanted = trains && program.near() != null ? new Events() : null;
    tape.near = new float[wanted == null ? 0 : Tape.LEAD + plane];
    ones = new float[BLOCK * rows];
    Arrays.fill(ones, 1);
    initialState = new InitialState(layer, tape);
    drive = new Drive(layer, weights, products, parameters, tape);
    weightGradients = new WeightGradients(layer, weights, products, tape, ones);
    spikeSums = new float[weightStride];
    spikes = layer.spikes(tape);
    plainSpikes = layer.program().spikes();
  }

  /** Floats of a buffer, or a word on what to do when there are too many. */
  static int size(Layer layer, int steps, int step) {
    long size = (long) steps * step;
    if (size > Integer.MAX_VALUE - 8 - Tape.LEAD) {
      throw new NetworkException(
          "layer '%s' would need %d floats for one micro-batch, and an array holds 2^31; set training.checkpoint_steps or a smaller training.micro_batch"
              .formatted(layer.spec().name(), size));
    }
    return (int) size;
  }

  @Override
  public void begin(MicroBatch batch, int level) {
    this.batch = batch;
    shortest = batch.shortest();
    int rows = batch.rows();
    tape.rows = rows;
    setApart(mayPack && batch.shortest() == batch.longest() ? Tape.period(layer.units(), rows) : 1);
    float[] up = tape.emitted[layer.up()];
    boolean asEvents = spikes != null && spikes == up;
    // what is not listed is counted by adding it up, so it has to be ones
    listing =
        spikes != null
            && !(plainSpikes && (activity > NO_LISTING || !(asEvents || layer.recurrent())));
    source =
        new Source(
            up,
            tape.first + rows * stride,
            stride,
            layer.units(),
            asEvents && listing ? events : null,
            rows,
            false);
    initialState.draw(batch, level);
    Arrays.fill(tape.reached, 0);
    for (int e = 0; e < tape.emitted.length; e++) {
      if (layer.program().emittedState().get(e) < 0) {
        Arrays.fill(tape.emitted[e], tape.first, tape.first + rows * stride, 0);
      }
    }
  }

  /** Lays the rows of the tape out in periods, see {@link Tape#period}. */
  private void setApart(int period) {
    tape.period = period;
    stride = period == 1 ? weightStride : layer.units();
    tape.stride = stride;
    if (period == 1) {
      tape.coefficients = weights.coefficients;
    } else {
      tape.coefficients = repeated(weights.coefficients, period);
    }
    if (tape.coefficientGradient == null
        || tape.coefficientGradient.length != tape.coefficients.length) {
      tape.coefficientGradient = new float[tape.coefficients.length];
    }
  }

  /** Each coefficient's units so many times, one after the other. */
  private float[] repeated(float[] coefficients, int times) {
    int units = layer.units();
    int count = layer.program().coefficients().size();
    float[] all = new float[Tape.LEAD + count * times * units];
    for (int i = 0; i < count * times; i++) {
      int from = Tape.LEAD + i / times * weightStride;
      System.arraycopy(coefficients, from, all, Tape.LEAD + i * units, units);
    }
    return all;
  }

  @Override
  public void carry(int count) {
    int plane = tape.rows * stride;
    for (float[] state : tape.states) {
      System.arraycopy(state, tape.first + count * plane, state, tape.first, plane);
    }
    for (int e = 0; e < tape.emitted.length; e++) {
      if (layer.program().emittedState().get(e) < 0) {
        System.arraycopy(
            tape.emitted[e], tape.first + count * plane, tape.emitted[e], tape.first, plane);
      }
    }
  }

  /** Floats that {@link #save} writes. */
  int savedLength() {
    return tape.rows * stride * (tape.states.length + tape.emitted.length);
  }

  /** Writes what stands before step 0 into {@code to}, so that the stretch can be run again. */
  void save(float[] to, int offset) {
    int plane = tape.rows * stride;
    for (float[] state : tape.states) {
      System.arraycopy(state, tape.first, to, offset, plane);
      offset += plane;
    }
    for (float[] value : tape.emitted) {
      System.arraycopy(value, tape.first, to, offset, plane);
      offset += plane;
    }
  }

  /** Undoes {@link #save}. */
  void restore(float[] from, int offset) {
    int plane = tape.rows * stride;
    for (float[] state : tape.states) {
      System.arraycopy(from, offset, state, tape.first, plane);
      offset += plane;
    }
    for (float[] value : tape.emitted) {
      System.arraycopy(from, offset, value, tape.first, plane);
      offset += plane;
    }
  }

  @Override
  public void beginStretch(int first) {
    this.first = first;
    events.clear();
    if (listing) {
      listSpikes(0, 1, plainSpikes && beginsWithSpikes());
    }
  }

  /** Initial values may be anything. */
  private boolean beginsWithSpikes() {
    boolean all = true;
    for (int i = tape.first; i < tape.first + tape.rows * stride; i++) {
      all &= spikes[i] == 0 || spikes[i] == 1;
    }
    return all;
  }

  private void listSpikes(int from, int steps, boolean plain) {
    int at = tape.first + from * tape.rows * stride;
    if (plain) {
      events.appendSpikes(steps * tape.rows, layer.units(), spikes, at, stride);
    } else {
      events.append(steps * tape.rows, layer.units(), spikes, at, stride);
    }
  }

  @Override
  public void forward(Source below, int from, int to) {
    if (!normalising()) {
      drive.make(below, from, to);
    }
    for (int t = from; t < to; t++) {
      if (layer.recurrent()) {
        drive.recur(t, listing ? events : null);
      }
      if (rangesOfSteps != null) {
        Arrays.fill(tape.reached, 0);
        step(t);
        moveRanges(t);
      }
      if (rangesOfSteps == null || rangesMove) {
        step(t); // by the ranges that know it
      }
      if (listing && layer.recurrent()) {
        listSpikes(t + 1, 1, plainSpikes);
      }
    }
    if (listing && !layer.recurrent()) {
      listSpikes(from + 1, to - from, plainSpikes);
    }
  }

  private void step(int t) {
    if (first + t < shortest) {
      layer.kernel().forward(tape, t);
    } else {
      forwardWhereRunning(t);
    }
  }

  /**
   * Looks at what quantisers reach in every step of the batches to come.
   *
   * @param move whether ranges move with it
   */
  void followSteps(boolean move) {
    if (layer.cell().ranges() > 0 && rangesOfSteps == null) {
      rangesMove = move;
      rangesOfSteps = new float[0];
      if (move) {
        tape.ranges = new float[layer.cell().ranges()];
      }
    }
  }

  /** Moves ranges towards what step {@code t} has just reached, or keeps that for later. */
  private void moveRanges(int t) {
    int quantisers = tape.ranges.length;
    if (rangesOfSteps.length < (t + 1) * quantisers) {
      rangesOfSteps = Arrays.copyOf(rangesOfSteps, 2 * (t + 1) * quantisers);
    }
    rangesMovedAt = t;
    for (int r = 0; r < quantisers; r++) {
      float atFirst = parameters[layer.range().offset() + r];
      float before = t > 0 ? rangesOfSteps[(t - 1) * quantisers + r] : atFirst;
      // after a batch the correction for the start is less than anybody could measure
      double share = Crew.rangeShare(atFirst == 0 ? t + 1 : Long.MAX_VALUE);
      rangesOfSteps[t * quantisers + r] =
          rangesMove ? before + (float) (share * (reached(r) - before)) : reached(r);
    }
    useRanges(t);
  }

  private void useRanges(int t) {
    for (int r = 0; rangesMove && r < tape.ranges.length; r++) {
      tape.ranges[r] = weights.range(r, rangesOfSteps[t * tape.ranges.length + r]);
    }
  }

  /** Mean over the steps of the batch of the range that a quantiser had, or of what it reached. */
  float meanRange(int r) {
    double sum = 0;
    for (int t = 0; t <= rangesMovedAt; t++) {
      sum += rangesOfSteps[t * tape.ranges.length + r];
    }
    return (float) (sum / (rangesMovedAt + 1));
  }

  private void forwardWhereRunning(int t) {
    for (int row = 0; row < tape.rows; row = endOfRun(t, row)) {
      int end = endOfRun(t, row);
      if (running(t, row)) {
        tape.skippedBefore = row;
        tape.skippedAfter = tape.rows - end;
        layer.kernel().forward(tape, t);
      } else {
        int from = tape.first + ((t + 1) * tape.rows + row) * stride;
        int to = from + (end - row) * stride;
        for (float[] value : tape.emitted) {
          Arrays.fill(value, from, to, 0);
        }
        if (spikes != null) {
          Arrays.fill(spikes, from, to, 0);
        }
      }
    }
    tape.skippedBefore = 0;
    tape.skippedAfter = 0;
  }

  private void backwardWhereRunning(int t) {
    for (int row = 0; row < tape.rows; row = endOfRun(t, row)) {
      int end = endOfRun(t, row);
      if (running(t, row)) {
        tape.skippedBefore = row;
        tape.skippedAfter = tape.rows - end;
        layer.kernel().backward(tape, t);
      } else {
        int from = tape.first + ((t - tape.gradientFrom) * tape.rows + row) * inputs * stride;
        Arrays.fill(tape.driveGradient, from, from + (end - row) * inputs * stride, 0);
      }
    }
    tape.skippedBefore = 0;
    tape.skippedAfter = 0;
  }

  /** Whether a row's sequence has not ended before a step of the stretch. */
  private boolean running(int t, int row) {
    return first + t < batch.lengths()[row];
  }

  /** The first row after this one that does not do as this one does. */
  private int endOfRun(int t, int row) {
    boolean runs = running(t, row);
    int end = row + 1;
    while (end < tape.rows && running(t, end) == runs) {
      end++;
    }
    return end;
  }

  /** Whether the drive of the micro-batch under way is normalised by its batch. */
  private boolean normalising() {
    return norm != null && batch.training();
  }

  /** Makes the drive of all steps and hands it over to be normalised; see {@link #normalise}. */
  DriveNorm driveAhead(Source below) {
    int steps = batch.longest();
    for (int from = 0; from < steps; from += BLOCK) {
      int to = Math.min(steps, from + BLOCK);
      int driveRow = inputs * stride;
      Arrays.fill(
          tape.drive,
          tape.first + from * tape.rows * driveRow,
          tape.first + to * tape.rows * driveRow,
          0);
      drive.addProduct(below, from, to, parameters, layer.weightIn().offset());
    }
    norm.take(tape, batch);
    return norm;
  }

  /** Normalises the drive made ahead. */
  void normalise(BatchStatistics statistics) {
    norm.normalise(tape, statistics, parameters, weights.biasRec);
  }

  /**
   * After all steps went back: from the gradient of the normalised drive to that of the weights
   * from below and of what lies there.
   *
   * @param gradientBelow {@code [step][row][stride]}, of all steps; null where nobody wants it
   */
  void backBelow(
      Source below, BatchStatistics statistics, float[] gradient, float[] gradientBelow) {
    norm.back(statistics, parameters);
    int rows = tape.rows;
    int steps = batch.longest();
    for (int from = (steps - 1) / BLOCK * BLOCK; from >= 0; from -= BLOCK) {
      int count = Math.min(steps - from, BLOCK);
      norm.putGradient(tape, from, count);
      weightGradients.below(below, from * rows, count * rows, gradient);
      if (gradientBelow != null) {
        passDown(gradientBelow, from * rows * below.stride(), count, null);
      }
    }
  }

  @Override
  public Source source() {
    return source;
  }

  /** Before the last stretch of a sequence goes back: nothing comes from after the end. */
  void beginBackward() {
    for (float[] gradient : tape.stateGradient) {
      Arrays.fill(gradient, 0);
    }
    weightGradients.begin();
    gradientComesFromAfter = false;
  }

  @Override
  public void clearEmittedGradient(int from, int to) {
    for (float[] gradient : tape.emittedGradient) {
      Arrays.fill(gradient, tape.first, tape.first + (to - from) * tape.rows * stride, 0);
    }
    if (wanted() != null) {
      wanted.clear();
      for (int t = from; t < to; t++) {
        layer.kernel().near(tape, t);
        wanted.appendSpikes(tape.rows, layer.units(), tape.near, tape.first, stride);
      }
    }
  }

  @Override
  public Events wanted() {
    // rows that stand close are short, and every element of a short row is cheap
    return tape.period == 1 ? wanted : null;
  }

  @Override
  public float[] gradientFromAbove() {
    return tape.emittedGradient[layer.up()];
  }

  @Override
  public int gradientFromAboveAt() {
    return tape.first;
  }

  @Override
  public void backward(Source below, int from, int to, int truncateSteps, float[] gradient) {
    tape.gradientFrom = from;
    strideBelow = below.stride();
    for (int t = to - 1; t >= from; t--) {
      if (layer.recurrent()) {
        recurBack(t - from, t == to - 1);
      }
      if (rangesOfSteps != null) {
        useRanges(t);
      }
      if (first + t < shortest) {
        layer.kernel().backward(tape, t);
      } else {
        backwardWhereRunning(t);
      }
      if (truncateSteps > 0 && (first + t) % truncateSteps == 0) {
        for (float[] g : tape.stateGradient) {
          Arrays.fill(g, 0);
        }
        gradientComesFromAfter = false;
      } else {
        gradientComesFromAfter = true;
      }
    }
    gatherWeightGradients(below, from, to - from, gradient);
    System.arraycopy(
        tape.driveGradient,
        tape.first,
        driveGradientAfter,
        tape.first,
        tape.rows * inputs * stride);
  }

  /**
   * @param t step of the block
   * @param last whether the step after it is of the block gone through before
   */
  private void recurBack(int t, boolean last) {
    if (!gradientComesFromAfter) {
      return;
    }
    int rows = tape.rows;
    int driveRow = inputs * stride;
    float[] after = last ? driveGradientAfter : tape.driveGradient;
    int offset = tape.first + (last ? 0 : (t + 1) * rows * driveRow);
    drive.recurBack(after, offset, t, wanted());
  }

  private void gatherWeightGradients(Source below, int t, int steps, float[] gradient) {
    int row = t * tape.rows;
    int count = steps * tape.rows;
    if (normalising()) {
      norm.takeGradient(tape, t, steps);
    } else if (!layer.oneToOne()) {
      weightGradients.below(below, row, count, gradient);
    }
    weightGradients.biases(count);
    if (layer.recurrent()) {
      weightGradients.recurrent(listing ? events : null, row, count, gradient);
    }
  }

  /** At the end of the backward pass: of the biases and of the cell's parameters. */
  void gatherParameterGradients(float[] gradient) {
    weightGradients.ofParameters(gradient);
  }

  @Override
  public void passDown(float[] gradientBelow, int at, int steps, Events wanted) {
    drive.passDown(gradientBelow, at, strideBelow, steps, wanted);
  }

  @Override
  public void count(Activity total, int level, int steps, long places) {
    if (spikes == null) {
      return;
    }
    // rows that have ended emit none
    long count = listing ? events.count(tape.rows, steps * tape.rows) : added(steps);
    activity = (double) count / Math.max(1, places * layer.units());
    total.add(level, count, places * layer.units());
  }

  /** Sums of ones, exact in floats: no block has 2^24 steps. */
  private long added(int steps) {
    long count = 0;
    for (int from = 0; from < steps; from += BLOCK) {
      int rows = Math.min(BLOCK, steps - from) * tape.rows;
      Arrays.fill(spikeSums, 0);
      products.dense(
          1,
          weightStride,
          rows,
          ones,
          0,
          rows,
          1,
          spikes,
          tape.first + (from + 1) * tape.rows * stride,
          stride,
          spikeSums,
          0,
          weightStride);
      for (int j = 0; j < layer.units(); j++) {
        count += (long) spikeSums[j];
      }
    }
    return count;
  }

  /** Largest magnitude that quantiser {@code r} met since {@link #begin}. */
  float reached(int r) {
    float largest = 0;
    for (int j = 0; j < tape.units; j++) {
      largest = Math.max(largest, tape.reached[tape.first + r * stride + j]);
    }
    return largest;
  }

  @Override
  public boolean finite(int t, int row) {
    int at = tape.first + ((t + 1) * tape.rows + row) * stride;
    for (int j = 0; j < tape.units; j++) {
      for (float[] state : tape.states) {
        if (!Float.isFinite(state[at + j])) {
          return false;
        }
      }
      for (float[] value : tape.emitted) {
        if (!Float.isFinite(value[at + j])) {
          return false;
        }
      }
    }
    return true;
  }

  @Override
  public Trace.LayerTrace trace(int steps) {
    return Trace.LayerTrace.of(layer, tape, steps);
  }

  @Override
  public List<LayerRun> runs() {
    return List.of(this);
  }

  /** Null where the drive is not normalised by the batch. */
  DriveNorm norm() {
    return norm;
  }

  Tape tape() {
    return tape;
  }
}
