package rheobase.network;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import rheobase.cell.graph.Cell;
import rheobase.cell.graph.Cell.Initial;
import rheobase.cell.kernel.ReferenceCell;
import rheobase.cell.kernel.Tape;
import rheobase.data.RandomStream;
import rheobase.network.parameter.Tensor;
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
  private final float[] ones;
  private final float[] spikeSums;

  /** See {@link #turnedWeightGradients}; made when first needed. */
  private float[] turnedGradient;

  /** Sum of the drive's gradient over steps and rows, {@code [input][stride]}. */
  private final float[] biasGradient;

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
    tape.drive = new float[size(layer, steps, plane * inputs)];
    tape.states = new float[states][size(layer, steps + 1, plane)];
    tape.emitted = new float[emitted][];
    tape.emittedGradient = new float[emitted][];
    for (int e = 0; e < emitted; e++) {
      int state = program.emittedState().get(e);
      tape.emitted[e] = state < 0 ? new float[size(layer, steps + 1, plane)] : tape.states[state];
      tape.emittedGradient[e] = new float[BLOCK * plane];
    }
    tape.driveGradient = new float[BLOCK * plane * inputs];
    tape.masks = new float[layer.cell().masks().size()][plane];
    tape.ranges = weights.ranges;
    tape.reached = new float[layer.cell().ranges() * weightStride];
    tape.stateGradient = new float[states][plane];
    driveGradientAfter = new float[plane * inputs];
    wanted = trains && program.near() != null ? new Events() : null;
    tape.near = new float[wanted == null ? 0 : plane];
    ones = new float[BLOCK * rows];
    Arrays.fill(ones, 1);
    biasGradient = new float[inputs * weightStride];
    spikeSums = new float[weightStride];
    spikes = layer.spikes(tape);
  }

  /** Floats of a buffer, or a word on what to do when there are too many. */
  static int size(Layer layer, int steps, int step) {
    long size = (long) steps * step;
    if (size > Integer.MAX_VALUE - 8) {
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
    boolean countable = layer.program().spikes();
    listing =
        spikes != null
            && !(countable && (activity > NO_LISTING || !(asEvents || layer.recurrent())));
    source =
        new Source(
            up, rows * stride, stride, layer.units(), asEvents && listing ? events : null, rows);
    Cell cell = layer.cell();
    Map<String, float[]> drawn = new HashMap<>();
    for (int r = 0; r < rows; r++) {
      long key = batch.keys()[r];
      var random = RandomStream.of(batch.seed(), stream(batch.purpose()), level, key);
      drawn.clear();
      // states that no longer live draw too: dropping one must not change the others
      for (Cell.State state : cell.states()) {
        drawn.put(state.name(), draw(state.initial(), drawn, random));
      }
      for (int k = 0; k < tape.states.length; k++) {
        // another micro-batch may have left rows that stood otherwise
        Arrays.fill(tape.states[k], r * stride, (r + 1) * stride, 0);
        String name = cell.states().get(layer.program().states().get(k)).name();
        System.arraycopy(drawn.get(name), 0, tape.states[k], r * stride, layer.units());
      }
      drawMasks(
          r,
          batch.training() ? layer.spec().dropout() : 0,
          RandomStream.of(batch.seed(), stream("dropout"), level, key));
    }
    Arrays.fill(tape.reached, 0);
    for (int e = 0; e < tape.emitted.length; e++) {
      if (layer.program().emittedState().get(e) < 0) {
        Arrays.fill(tape.emitted[e], 0, rows * stride, 0);
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
    int count = coefficients.length / weightStride;
    float[] all = new float[count * times * units];
    for (int i = 0; i < count * times; i++) {
      System.arraycopy(coefficients, i / times * weightStride, all, i * units, units);
    }
    return all;
  }

  private String stream(String purpose) {
    return layer.direction().stream(purpose);
  }

  private void drawMasks(int row, double dropout, RandomStream random) {
    float kept = (float) (1 / (1 - dropout));
    for (float[] mask : tape.masks) {
      for (int j = 0; j < layer.units(); j++) {
        mask[row * stride + j] = dropout > 0 && random.nextDouble() < dropout ? 0 : kept;
      }
    }
  }

  private float[] draw(Initial initial, Map<String, float[]> drawn, RandomStream random) {
    float[] values = new float[layer.units()];
    switch (initial) {
      case Initial.Number(double value) -> Arrays.fill(values, (float) value);
      case Initial.Normal(double mean, double deviation) -> {
        for (int j = 0; j < values.length; j++) {
          values[j] = (float) (mean + deviation * random.nextGaussian());
        }
      }
      case Initial.Uniform(double low, double high) -> {
        for (int j = 0; j < values.length; j++) {
          values[j] = (float) (low + (high - low) * random.nextDouble());
        }
      }
      case Initial.SameAs(String state) ->
          System.arraycopy(drawn.get(state), 0, values, 0, values.length);
    }
    return values;
  }

  @Override
  public void carry(int count) {
    int plane = tape.rows * stride;
    for (float[] state : tape.states) {
      System.arraycopy(state, count * plane, state, 0, plane);
    }
    for (int e = 0; e < tape.emitted.length; e++) {
      if (layer.program().emittedState().get(e) < 0) {
        System.arraycopy(tape.emitted[e], count * plane, tape.emitted[e], 0, plane);
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
      System.arraycopy(state, 0, to, offset, plane);
      offset += plane;
    }
    for (float[] value : tape.emitted) {
      System.arraycopy(value, 0, to, offset, plane);
      offset += plane;
    }
  }

  /** Undoes {@link #save}. */
  void restore(float[] from, int offset) {
    int plane = tape.rows * stride;
    for (float[] state : tape.states) {
      System.arraycopy(from, offset, state, 0, plane);
      offset += plane;
    }
    for (float[] value : tape.emitted) {
      System.arraycopy(from, offset, value, 0, plane);
      offset += plane;
    }
  }

  @Override
  public void beginStretch(int first) {
    this.first = first;
    events.clear();
    listSpikes(0, 1);
  }

  private void listSpikes(int from, int steps) {
    if (listing) {
      events.append(steps * tape.rows, layer.units(), spikes, from * tape.rows * stride, stride);
    }
  }

  @Override
  public void forward(Source below, int from, int to) {
    if (!normalising()) {
      drive(below, from, to);
    }
    for (int t = from; t < to; t++) {
      if (layer.recurrent()) {
        recur(t);
      }
      if (first + t < shortest) {
        layer.kernel().forward(tape, t);
      } else {
        forwardWhereRunning(t);
      }
      if (layer.recurrent()) {
        listSpikes(t + 1, 1);
      }
    }
    if (!layer.recurrent()) {
      listSpikes(from + 1, to - from);
    }
  }

  private void forwardWhereRunning(int t) {
    for (int row = 0; row < tape.rows; row = endOfRun(t, row)) {
      int end = endOfRun(t, row);
      if (running(t, row)) {
        tape.skippedBefore = row;
        tape.skippedAfter = tape.rows - end;
        layer.kernel().forward(tape, t);
      } else {
        int from = ((t + 1) * tape.rows + row) * stride;
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
        int from = ((t - tape.gradientFrom) * tape.rows + row) * inputs * stride;
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
      Arrays.fill(tape.drive, from * tape.rows * driveRow, to * tape.rows * driveRow, 0);
      multiplyBelow(below, from, to, parameters, layer.weightIn().offset());
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
      gatherWeightGradientsBelow(below, from * rows, count * rows, gradient);
      if (gradientBelow != null) {
        passDown(gradientBelow, from * rows * below.stride(), count, null);
      }
    }
  }

  /** The part of the drive that comes from below: bias and one product for all steps. */
  private void drive(Source below, int from, int to) {
    int rows = tape.rows;
    int driveRow = inputs * stride;
    int total = (to - from) * rows;
    fill(weights.bias, driveRow, tape.drive, from * rows * driveRow, total);
    if (layer.oneToOne()) {
      driveOneToOne(below, from * rows, total);
    } else if (layer.norm() != null) {
      multiplyBelow(below, from, to, weights.inFolded, 0);
    } else {
      multiplyBelow(below, from, to, parameters, layer.weightIn().offset());
    }
  }

  /** Adds what comes from below through weights that begin at {@code offset} of {@code values}. */
  private void multiplyBelow(Source below, int from, int to, float[] values, int offset) {
    int rows = tape.rows;
    int driveRow = inputs * stride;
    int total = (to - from) * rows;
    Tensor w = layer.weightIn();
    boolean gather = below.gatherPays(from * rows, total, w.columns());
    for (Layer.Span span : layer.spansBelow()) {
      int b = offset + span.weightBlock() * weightStride;
      int c = from * rows * driveRow + span.driveBlock() * stride;
      int n = span.count() * weightStride;
      if (gather) {
        products.gather(
            below.events(),
            below.first() + from * rows,
            total,
            values,
            b,
            w.stride(),
            n,
            tape.drive,
            c,
            driveRow);
      } else {
        products.dense(
            total,
            n,
            layer.from(),
            below.values(),
            below.offset() + from * rows * below.stride(),
            below.stride(),
            1,
            values,
            b,
            w.stride(),
            tape.drive,
            c,
            driveRow);
      }
    }
  }

  private void driveOneToOne(Source below, int row, int rows) {
    int driveRow = inputs * stride;
    for (Layer.Span span : layer.spansBelow()) {
      for (int i = 0; i < span.count(); i++) {
        OneToOne.add(
            below.values(),
            below.offset() + row * below.stride(),
            below.stride(),
            tape.drive,
            row * driveRow + (span.driveBlock() + i) * stride,
            driveRow,
            rows,
            layer.units());
      }
    }
  }

  /**
   * Writes {@code rows} copies of a row one after the other; doubling, as few long copies are
   * cheap.
   */
  private static void fill(float[] row, int length, float[] to, int at, int rows) {
    System.arraycopy(row, 0, to, at, length);
    for (int done = 1; done < rows; done *= 2) {
      System.arraycopy(to, at, to, at + done * length, Math.min(done, rows - done) * length);
    }
  }

  private void recur(int t) {
    int rows = tape.rows;
    int driveRow = inputs * stride;
    Tensor u = layer.weightRec();
    boolean gather =
        listing
            && Products.gatherPays(events.count(t * rows, rows), rows, layer.units(), u.columns());
    for (Layer.Span span : layer.spansRecurrent()) {
      int b = u.offset() + span.weightBlock() * weightStride;
      int c = t * rows * driveRow + span.driveBlock() * stride;
      int n = span.count() * weightStride;
      if (gather) {
        products.gather(
            events, t * rows, rows, parameters, b, u.stride(), n, tape.drive, c, driveRow);
      } else {
        products.dense(
            rows,
            n,
            layer.units(),
            tape.emitted[0],
            t * rows * stride,
            stride,
            1,
            parameters,
            b,
            u.stride(),
            tape.drive,
            c,
            driveRow);
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
    Arrays.fill(tape.coefficientGradient, 0);
    Arrays.fill(biasGradient, 0);
    gradientComesFromAfter = false;
  }

  @Override
  public void clearEmittedGradient(int from, int to) {
    for (float[] gradient : tape.emittedGradient) {
      Arrays.fill(gradient, 0, (to - from) * tape.rows * stride, 0);
    }
    if (wanted() != null) {
      wanted.clear();
      for (int t = from; t < to; t++) {
        layer.kernel().near(tape, t);
        wanted.append(tape.rows, layer.units(), tape.near, 0, stride);
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
  public void backward(Source below, int from, int to, int truncateSteps, float[] gradient) {
    tape.gradientFrom = from;
    strideBelow = below.stride();
    for (int t = to - 1; t >= from; t--) {
      if (layer.recurrent()) {
        recurBack(t - from, t == to - 1);
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
    System.arraycopy(tape.driveGradient, 0, driveGradientAfter, 0, tape.rows * inputs * stride);
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
    int offset = last ? 0 : (t + 1) * rows * driveRow;
    Tensor u = layer.weightRec();
    for (Layer.Span span : layer.spansRecurrent()) {
      for (int i = 0; i < span.count(); i++) {
        int block = span.weightBlock() + i;
        BackProduct.add(
            products,
            rows,
            wanted(),
            t * rows,
            layer.units(),
            layer.units(),
            after,
            offset + (span.driveBlock() + i) * stride,
            driveRow,
            parameters,
            u.offset() + block * weightStride,
            u.stride(),
            weights.recTransposed,
            block * layer.units() * weightStride,
            weightStride,
            tape.emittedGradient[0],
            t * rows * stride,
            stride);
      }
    }
  }

  private void gatherWeightGradients(Source below, int t, int steps, float[] gradient) {
    int rows = tape.rows;
    int count = steps * rows;
    int driveRow = inputs * stride;
    if (normalising()) {
      norm.takeGradient(tape, t, steps);
    } else if (!layer.oneToOne()) {
      gatherWeightGradientsBelow(below, t * rows, count, gradient);
    }
    if (layer.biasIn() != null || layer.biasRec() != null) {
      // the sum over rows is the product with a row of ones
      products.dense(
          1,
          inputs * weightStride,
          count,
          ones,
          0,
          count,
          1,
          tape.driveGradient,
          0,
          driveRow,
          biasGradient,
          0,
          inputs * weightStride);
    }
    if (!layer.recurrent()) {
      return;
    }
    Tensor u = layer.weightRec();
    boolean gather =
        listing
            && Products.transposedGatherPays(
                events.count(t * rows, count), count, layer.units() * u.columns(), u.columns());
    for (Layer.Span span : layer.spansRecurrent()) {
      int k = span.driveBlock() * stride;
      int n = span.count() * weightStride;
      int du = u.offset() + span.weightBlock() * weightStride;
      if (gather) {
        products.gatherTransposed(
            events,
            t * rows,
            count,
            layer.units(),
            tape.driveGradient,
            k,
            driveRow,
            n,
            gradient,
            du,
            u.stride());
      } else {
        products.dense(
            layer.units(),
            n,
            count,
            tape.emitted[0],
            t * rows * stride,
            1,
            stride,
            tape.driveGradient,
            k,
            driveRow,
            gradient,
            du,
            u.stride());
      }
    }
  }

  private void gatherWeightGradientsBelow(Source below, int row, int count, float[] gradient) {
    int driveRow = inputs * stride;
    Tensor w = layer.weightIn();
    boolean turned = turnedPays(below);
    int work = turned ? layer.units() * Products.stride(below.units()) : layer.from() * w.columns();
    boolean gatherBelow = below.transposedGatherPays(row, count, work, w.columns());
    if (turned && !gatherBelow) {
      turnedWeightGradients(below, row, count, gradient);
      return;
    }
    for (Layer.Span span : layer.spansBelow()) {
      int k = span.driveBlock() * stride;
      int n = span.count() * weightStride;
      int dw = w.offset() + span.weightBlock() * weightStride;
      if (gatherBelow) {
        products.gatherTransposed(
            below.events(),
            below.first() + row,
            count,
            layer.from(),
            tape.driveGradient,
            k,
            driveRow,
            n,
            gradient,
            dw,
            w.stride());
      } else {
        products.dense(
            layer.from(),
            n,
            count,
            below.values(),
            below.offset() + row * below.stride(),
            1,
            below.stride(),
            tape.driveGradient,
            k,
            driveRow,
            gradient,
            dw,
            w.stride());
      }
    }
  }

  /**
   * Whether the product of weight gradients is cheaper turned round, with the units below along the
   * vectors: a readout of six units fills six of sixteen lanes, and the 36 units below it 36 of 48.
   */
  private boolean turnedPays(Source below) {
    return inputs == 1
        && layer.units() * Products.stride(below.units()) < layer.from() * weightStride;
  }

  /** As the dense product, but on a copy of the gradient that is turned there and back. */
  private void turnedWeightGradients(Source below, int row, int count, float[] gradient) {
    Tensor w = layer.weightIn();
    int width = Products.stride(below.units());
    if (turnedGradient == null) {
      turnedGradient = new float[layer.units() * width];
    }
    for (int from = 0; from < layer.from(); from++) {
      for (int to = 0; to < layer.units(); to++) {
        turnedGradient[to * width + from] = gradient[w.offset() + from * w.stride() + to];
      }
    }
    products.dense(
        layer.units(),
        width,
        count,
        tape.driveGradient,
        0,
        1,
        stride,
        below.values(),
        below.offset() + row * below.stride(),
        below.stride(),
        turnedGradient,
        0,
        width);
    for (int from = 0; from < layer.from(); from++) {
      for (int to = 0; to < layer.units(); to++) {
        gradient[w.offset() + from * w.stride() + to] = turnedGradient[to * width + from];
      }
    }
  }

  @Override
  public void passDown(float[] gradientBelow, int at, int steps, Events wanted) {
    int rows = tape.rows;
    int driveRow = inputs * stride;
    for (Layer.Span span : layer.spansBelow()) {
      for (int i = 0; i < span.count(); i++) {
        int k = (span.driveBlock() + i) * stride;
        if (layer.oneToOne()) {
          OneToOne.add(
              tape.driveGradient,
              k,
              driveRow,
              gradientBelow,
              at,
              strideBelow,
              steps * rows,
              layer.units());
          continue;
        }
        int block = span.weightBlock() + i;
        BackProduct.add(
            products,
            steps * rows,
            wanted,
            0,
            layer.units(),
            layer.from(),
            tape.driveGradient,
            k,
            driveRow,
            parameters,
            layer.weightIn().offset() + block * weightStride,
            layer.weightIn().stride(),
            weights.inTransposed,
            block * layer.units() * weights.inStride,
            weights.inStride,
            gradientBelow,
            at,
            strideBelow);
      }
    }
  }

  /**
   * At the end of the backward pass: the gradient of the biases, and of the cell's parameters from
   * that of its coefficients.
   */
  void gatherParameterGradients(float[] gradient) {
    addBiasGradient(layer.biasIn(), layer.spansBelow(), gradient);
    addBiasGradient(layer.biasRec(), layer.spansRecurrent(), gradient);
    if (tape.period > 1) {
      // the widths of products are whole vectors: they added what stands in the next row
      clearPastUnits(layer.weightIn(), gradient);
      clearPastUnits(layer.weightRec(), gradient);
    }
    double[][] ofCoefficients = new double[layer.program().coefficients().size()][layer.units()];
    for (int c = 0; c < ofCoefficients.length; c++) {
      for (int j = 0; j < layer.units(); j++) {
        for (int place = 0; place < tape.period; place++) {
          ofCoefficients[c][j] += tape.coefficientGradient[(c * tape.period + place) * stride + j];
        }
      }
    }
    double[][] made =
        ReferenceCell.parameterGradient(
            layer.program(), layer.units(), weights.cellParameters(), ofCoefficients);
    for (int p = 0; p < made.length; p++) {
      int offset = layer.cellParameters().get(p).offset();
      for (int j = 0; j < layer.units(); j++) {
        gradient[offset + j] += (float) made[p][j];
      }
    }
  }

  private void clearPastUnits(Tensor tensor, float[] gradient) {
    if (tensor != null) {
      for (int i = 0; i < tensor.rows(); i++) {
        int row = tensor.offset() + i * tensor.stride();
        Arrays.fill(gradient, row + layer.units(), row + weightStride, 0);
      }
    }
  }

  private void addBiasGradient(Tensor bias, Layer.Span[] spans, float[] gradient) {
    if (bias == null) {
      return;
    }
    for (Layer.Span span : spans) {
      for (int i = 0; i < span.count(); i++) {
        int from = (span.driveBlock() + i) * weightStride;
        int to = bias.offset() + (span.weightBlock() + i) * weightStride;
        for (int j = 0; j < layer.units(); j++) {
          gradient[to + j] += biasGradient[from + j];
        }
      }
    }
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
          (from + 1) * tape.rows * stride,
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
      largest = Math.max(largest, tape.reached[r * stride + j]);
    }
    return largest;
  }

  @Override
  public boolean finite(int t, int row) {
    int at = ((t + 1) * tape.rows + row) * stride;
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
