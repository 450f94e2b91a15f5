package rheobase.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import rheobase.cell.kernel.Tape;
import rheobase.data.Sequence;
import rheobase.network.product.Products;

/**
 * Carries one micro-batch at a time through the whole network, forward and back, in buffers of its
 * own. Any number of workers share a {@link Network}; what one computes does not depend on what it
 * computed before.
 *
 * <p><b>Stretches of time.</b> The buffers hold a fixed number of steps. A sequence that fits is
 * run once. A longer one is run stretch by stretch with only the states between stretches kept;
 * going back, each stretch is run again from there (checkpointed backpropagation through time,
 * exact to the bit because every sum over time is made in fixed blocks of {@link LayerRun#BLOCK}
 * steps).
 *
 * <p><b>Groups of layers.</b> Layers run block by block together, so that what one writes the next
 * finds in the cache. A bidirectional layer waits for all of the sequence below it and holds back
 * the layers above until it is done: it is a group by itself, and a network with one runs every
 * sequence in one stretch. A layer that normalises its drive while it is trained waits for that of
 * all micro-batches of the batch: it begins a group, and {@link Crew} leads all workers through the
 * groups together.
 */
final class Worker {
  private final Network network;
  private final Products products;
  private final int rows;
  private final boolean whole;
  private final List<Group> groups;
  private final Objective objective;

  private final boolean trains;
  private float[][] kept = new float[0][];

  private int stretch;
  private LayerPass[] layers;
  private LayerPass top;
  private List<LayerRun> runs;
  private InputBuffer input;

  /**
   * Gradient of the loss over a whole stretch, where it is made while the forward pass runs: {@code
   * [step][row][stride]} of the top layer.
   */
  private float[] lossGradient;

  /**
   * Of the highest layer of each group but the last: gradient of what it hands upwards in a whole
   * stretch, {@code [step][row][stride]}; null for all other layers.
   */
  private float[][] between;

  /** Of each row, where only the outputs are wanted; else null. */
  private float[][] outputs;

  /** Layers that run block by block together: {@code first <= i < end}. */
  private record Group(int first, int end) {}

  /** Of the micro-batch run last. */
  final Tally tally;

  final Activity activity;

  /** Of the micro-batch run last, flat as the parameters; null in a worker that only looks. */
  final float[] gradient;

  /**
   * @param rows most sequences of a micro-batch
   * @param stretch steps the buffers hold; rounded up to whole blocks
   * @param trains whether gradients are wanted
   */
  Worker(Network network, int rows, int stretch, boolean trains) {
    this(network, rows, stretch, trains, Products.best());
  }

  Worker(Network network, int rows, int stretch, boolean trains, Products products) {
    this.network = network;
    this.products = products;
    this.rows = rows;
    this.trains = trains;
    // where nothing is trained, a drive is normalised by numbers that are there
    whole =
        network.spec().wholeSequenceLayer().filter(l -> trains || l.bidirectional()).isPresent();
    groups = groups(network.levels());
    makeBuffers(stretch);
    Layer last = network.layers().getLast();
    tally = new Tally(last.units());
    activity = new Activity(layers.length);
    objective =
        new Objective(network.spec().readout(), network.spec().loss(), last.units(), tally, trains);
    gradient = trains ? new float[network.parameters().values().length] : null;
  }

  private void makeBuffers(int steps) {
    stretch = Math.ceilDiv(steps, LayerRun.BLOCK) * LayerRun.BLOCK;
    float[] parameters = network.parameters().values();
    List<Level> levels = network.levels();
    // the other forms of a layer keep copies of what is below, with strides of their own
    boolean plain =
        levels.stream().noneMatch(l -> l.spec().bidirectional() || l.spec().substeps() > 1);
    layers = new LayerPass[levels.size()];
    for (int i = 0; i < layers.length; i++) {
      layers[i] = levels.get(i).pass(products, parameters, rows, stretch, i == 0, trains, plain);
    }
    top = layers[layers.length - 1];
    runs = Arrays.stream(layers).flatMap(layer -> layer.runs().stream()).toList();
    input = new InputBuffer(stretch * rows, network.spec().inputs());
    boolean eachStep = network.spec().gradientEachStep();
    lossGradient =
        trains && eachStep
            ? new float[stretch * rows * Tape.stride(levels.getLast().spec().width())]
            : null;
    between = new float[layers.length][];
    for (Group group : groups) {
      int under = group.first - 1;
      if (under >= 0 && trains) {
        between[under] =
            layers[under] instanceof TwoWayRun twoWay
                ? twoWay.gradientFromAbove()
                : new float[stretch * rows * Tape.stride(levels.get(under).spec().width())];
      }
    }
  }

  private static List<Group> groups(List<Level> levels) {
    var groups = new ArrayList<Group>();
    int first = 0;
    for (int i = 0; i < levels.size(); i++) {
      boolean alone = levels.get(i).spec().bidirectional();
      if ((alone || levels.get(i).spec().isNormalised()) && i > first) {
        groups.add(new Group(first, i));
        first = i;
      }
      if (alone || i == levels.size() - 1) {
        groups.add(new Group(first, i + 1));
        first = i + 1;
      }
    }
    return groups;
  }

  /**
   * What a micro-batch is made of.
   *
   * @param sequences one a row
   * @param keys one a row, naming the random initial states together with seed and purpose
   */
  record Rows(List<Sequence> sequences, long[] keys, long seed, String purpose) {
    int steps() {
      return sequences.stream().mapToInt(Sequence::steps).max().orElseThrow();
    }
  }

  /** See {@link LayerRun#followSteps}. */
  void followSteps(boolean move) {
    runs.forEach(run -> run.followSteps(move));
  }

  /** Runs forward only: loss, score and activity. */
  void evaluate(Rows rows) {
    begin(rows, 1, false);
    int steps = rows.steps();
    for (int first = 0; first < steps; first += stretch) {
      int count = Math.min(stretch, steps - first);
      forward(rows, first, count, true, false);
      count(rows, first, count);
      carry(count);
    }
    objective.finish();
  }

  /**
   * Runs forward only, without a look at targets.
   *
   * @return of each row, what the last layer hands to the readout, {@code [step][class]}
   */
  float[][] outputs(Rows rows) {
    begin(rows, 1, false);
    int classes = tally.classes();
    outputs =
        rows.sequences().stream()
            .map(sequence -> new float[sequence.steps() * classes])
            .toArray(float[][]::new);
    try {
      int steps = rows.steps();
      for (int first = 0; first < steps; first += stretch) {
        int count = Math.min(stretch, steps - first);
        forward(rows, first, count, true, false);
        carry(count);
      }
      return outputs;
    } finally {
      outputs = null;
    }
  }

  /**
   * Runs forward and back; the gradient of {@code share} times the loss of each sequence lies in
   * {@link #gradient} afterwards.
   *
   * @param truncateSteps see {@link LayerRun#backward}
   */
  void train(Rows rows, double share, int truncateSteps) {
    begin(rows, share, true);
    Arrays.fill(gradient, 0);
    int steps = rows.steps();
    int stretches = Math.ceilDiv(steps, stretch);
    boolean atOnce = stretches == 1 && network.spec().gradientEachStep();
    keep(stretches - 1);
    for (int s = 0; s < stretches; s++) {
      int first = s * stretch;
      int count = Math.min(stretch, steps - first);
      if (s < stretches - 1) {
        save(kept[s]);
      }
      forward(rows, first, count, true, atOnce);
      count(rows, first, count);
      if (s < stretches - 1) {
        carry(count);
      }
    }
    objective.finish();
    for (LayerRun run : runs) {
      run.beginBackward();
    }
    for (int s = stretches - 1; s >= 0; s--) {
      int first = s * stretch;
      int count = Math.min(stretch, steps - first);
      if (s < stretches - 1) {
        restore(kept[s]);
        forward(rows, first, count, false, false);
      }
      backward(rows, first, count, truncateSteps, atOnce);
    }
    for (LayerRun run : runs) {
      run.gatherParameterGradients(gradient);
    }
  }

  /**
   * Where a micro-batch stands between two pieces of its time: a buffer, of whoever trains it piece
   * by piece.
   */
  static final class Standing {
    private float[] states = new float[0];
    private float[] sums = new float[0];
  }

  /**
   * Runs forward and back a piece of time; the gradient of {@code share} times the loss of each
   * sequence's answer so far lies in {@link #gradient} afterwards. It goes back to the beginning of
   * the piece: what stands there is taken as given.
   *
   * @param first step of the piece; pieces come in their order
   * @param steps of the piece, which the buffers hold
   * @param standing after the piece before; overwritten
   */
  void trainPiece(Rows rows, double share, int first, int steps, Standing standing) {
    begin(rows, share, true);
    Arrays.fill(gradient, 0);
    int count = Math.min(steps, rows.steps() - first);
    if (count <= 0) { // others of the batch are longer
      return;
    }
    if (first == 0) {
      standing.states = new float[runs.stream().mapToInt(LayerRun::savedLength).sum()];
      standing.sums = new float[rows.sequences().size() * tally.classes()];
    } else {
      restore(standing.states);
    }
    objective.beginPiece(first, first + steps, standing.sums);
    forward(rows, first, count, true, false);
    count(rows, first, count);
    objective.keepSums(standing.sums);
    objective.finish();
    for (LayerRun run : runs) {
      run.beginBackward();
    }
    backward(rows, first, count, 0, false);
    for (LayerRun run : runs) {
      run.gatherParameterGradients(gradient);
    }
    carry(count);
    save(standing.states);
  }

  /** One micro-batch of a batch that goes through the groups of layers together. */
  final class Together {
    private final Rows rows;
    private final int steps;
    private final boolean atOnce = network.spec().gradientEachStep();

    /** Begins a micro-batch; arguments as for {@link #train}. */
    Together(Rows rows, double share) {
      this.rows = rows;
      steps = rows.steps();
      begin(rows, share, true);
      Arrays.fill(gradient, 0);
      input.begin(rows.sequences());
      for (LayerPass layer : layers) {
        layer.beginStretch(0);
      }
      input.fill(rows.sequences(), 0, 0, steps);
    }

    /** The drive of a normalised group's first layer; what is below has run forward. */
    DriveNorm driveAhead(int group) {
      return first(group).driveAhead(below(groups.get(group).first));
    }

    /**
     * Runs a group forward.
     *
     * @param statistics of its first layer; null where that is not normalised
     */
    void forward(int group, BatchStatistics statistics) {
      if (statistics != null) {
        first(group).normalise(statistics);
      }
      Worker.this.forward(groups.get(group), rows, 0, steps, true, atOnce);
    }

    /** Between the way forward and the way back. */
    void turn() {
      count(rows, 0, steps);
      objective.finish();
      for (LayerRun run : runs) {
        run.beginBackward();
      }
    }

    /**
     * Goes back through a group, all but the weights below its first layer if normalised.
     *
     * @param truncateSteps see {@link LayerRun#backward}
     */
    void backward(int group, int truncateSteps) {
      Worker.this.backward(groups.get(group), rows, 0, steps, truncateSteps, atOnce);
    }

    /** What a normalised group's first layer holds for its normalisation. */
    DriveNorm norm(int group) {
      return first(group).norm();
    }

    /** The rest of a normalised group. */
    void backBelow(int group, BatchStatistics statistics) {
      Group of = groups.get(group);
      first(group).backBelow(below(of.first), statistics, gradient, under(of));
    }

    void end() {
      for (LayerRun run : runs) {
        run.gatherParameterGradients(gradient);
      }
    }

    private LayerRun first(int group) {
      return (LayerRun) layers[groups.get(group).first];
    }
  }

  /** For each group, from the lowest up, its first layer if that is normalised, else null. */
  static List<Layer> normalisedGroups(List<Level> levels) {
    var first = new ArrayList<Layer>();
    for (Group group : groups(levels)) {
      Level level = levels.get(group.first);
      first.add(level.spec().isNormalised() ? level.directions().getFirst() : null);
    }
    return first;
  }

  private void begin(Rows rows, double share, boolean training) {
    if (whole && rows.steps() > stretch) {
      makeBuffers(rows.steps());
    }
    tally.clear();
    activity.clear();
    var batch = MicroBatch.of(rows.sequences(), rows.keys(), rows.seed(), rows.purpose(), training);
    for (int i = 0; i < layers.length; i++) {
      layers[i].begin(batch, i);
    }
    objective.begin(rows.sequences(), share, top.source().stride());
  }

  /**
   * Runs a stretch forward, group by group and block by block.
   *
   * @param observed whether the objective is to see it
   * @param withGradient whether the gradient of the loss is made while it is observed
   */
  private void forward(Rows rows, int first, int count, boolean observed, boolean withGradient) {
    input.begin(rows.sequences());
    for (LayerPass layer : layers) {
      layer.beginStretch(first);
    }
    if (whole) {
      input.fill(rows.sequences(), first, 0, count);
    }
    for (Group group : groups) {
      forward(group, rows, first, count, observed, withGradient);
    }
  }

  private void forward(
      Group group, Rows rows, int first, int count, boolean observed, boolean withGradient) {
    for (int from = 0; from < count; from += LayerRun.BLOCK) {
      int to = Math.min(count, from + LayerRun.BLOCK);
      if (group.first == 0 && !whole) {
        input.fill(rows.sequences(), first, from, to);
      }
      for (int i = group.first; i < group.end; i++) {
        layers[i].forward(below(i), from, to);
      }
      if (observed && group.end == layers.length) {
        observe(rows, first, from, to, withGradient);
      }
    }
  }

  private Source below(int i) {
    return i == 0 ? input.source() : layers[i - 1].source();
  }

  private void observe(Rows rows, int first, int from, int to, boolean withGradient) {
    Source emitted = top.source();
    int at = from * rows.sequences().size() * emitted.stride();
    if (outputs != null) {
      copyOutputs(rows, emitted, first, from, to);
      return;
    }
    objective.observe(
        emitted.values(),
        emitted.offset() + at,
        first + from,
        to - from,
        withGradient ? lossGradient : null,
        at);
  }

  private void copyOutputs(Rows rows, Source emitted, int first, int from, int to) {
    int count = rows.sequences().size();
    int classes = tally.classes();
    for (int row = 0; row < count; row++) {
      int end = Math.min(to, rows.sequences().get(row).steps() - first);
      for (int t = from; t < end; t++) {
        System.arraycopy(
            emitted.values(),
            emitted.offset() + (t * count + row) * emitted.stride(),
            outputs[row],
            (first + t) * classes,
            classes);
      }
    }
  }

  private void count(Rows rows, int first, int count) {
    long places =
        rows.sequences().stream().mapToLong(s -> Math.clamp(s.steps() - first, 0, count)).sum();
    for (int i = 0; i < layers.length; i++) {
      layers[i].count(activity, i + 1, count, places);
    }
    // beyond a sequence's end the input is zero
    boolean counted = gradient == null || input.source().events() != null;
    activity.add(
        0,
        counted ? input.nonZero(count * rows.sequences().size()) : 0,
        places * network.spec().inputs());
  }

  /** Goes back through the stretch on the tapes, group by group and block by block. */
  private void backward(
      Rows rows, int first, int count, int truncateSteps, boolean lossGradientThere) {
    for (Group group : groups.reversed()) {
      backward(group, rows, first, count, truncateSteps, lossGradientThere);
    }
  }

  private void backward(
      Group group, Rows rows, int first, int count, int truncateSteps, boolean lossGradientThere) {
    int size = rows.sequences().size();
    float[] under = under(group);
    if (under != null) {
      Arrays.fill(under, 0, count * size * below(group.first).stride(), 0);
    }
    for (int from = (count - 1) / LayerRun.BLOCK * LayerRun.BLOCK;
        from >= 0;
        from -= LayerRun.BLOCK) {
      int to = Math.min(count, from + LayerRun.BLOCK);
      if (group.end == layers.length) {
        lossGradient(size, first, from, to, lossGradientThere);
      } else {
        takeFromAbove(group.end - 1, size, from, to);
      }
      for (int i = group.end - 1; i >= group.first; i--) {
        layers[i].backward(below(i), from, to, truncateSteps, gradient);
        if (i > group.first) {
          layers[i - 1].clearEmittedGradient(from, to);
          layers[i].passDown(
              layers[i - 1].gradientFromAbove(),
              layers[i - 1].gradientFromAboveAt(),
              to - from,
              layers[i - 1].wanted());
        } else if (i > 0 && !normalised(group)) {
          layers[i].passDown(under, from * size * below(i).stride(), to - from, null);
        }
      }
    }
  }

  /** Gradient of what a group stands on, over a whole stretch; null for the lowest. */
  private float[] under(Group group) {
    return group.first == 0 ? null : between[group.first - 1];
  }

  private boolean normalised(Group group) {
    return network.levels().get(group.first).spec().isNormalised();
  }

  /** Hands the highest layer of a group, but the last, its gradient in a block. */
  private void takeFromAbove(int i, int size, int from, int to) {
    float[] own = layers[i].gradientFromAbove();
    if (own != between[i]) {
      int plane = size * layers[i].source().stride();
      layers[i].clearEmittedGradient(from, to);
      System.arraycopy(
          between[i], from * plane, own, layers[i].gradientFromAboveAt(), (to - from) * plane);
    }
  }

  /** Hands the top layer the gradient of the loss in a block. */
  private void lossGradient(int size, int first, int from, int to, boolean there) {
    Source emitted = top.source();
    int at = from * size * emitted.stride();
    top.clearEmittedGradient(from, to);
    float[] gradient = top.gradientFromAbove();
    if (there) {
      int length = (to - from) * size * emitted.stride();
      System.arraycopy(lossGradient, at, gradient, top.gradientFromAboveAt(), length);
    } else {
      objective.gradient(
          emitted.values(),
          emitted.offset() + at,
          first + from,
          to - from,
          gradient,
          top.gradientFromAboveAt());
    }
  }

  private void carry(int count) {
    for (LayerPass layer : layers) {
      layer.carry(count);
    }
  }

  private void keep(int stretches) {
    int length = runs.stream().mapToInt(LayerRun::savedLength).sum();
    if (kept.length < stretches || stretches > 0 && kept[0].length < length) {
      kept = new float[stretches][length];
    }
  }

  private void save(float[] to) {
    int offset = 0;
    for (LayerRun run : runs) {
      run.save(to, offset);
      offset += run.savedLength();
    }
  }

  private void restore(float[] from) {
    int offset = 0;
    for (LayerRun run : runs) {
      run.restore(from, offset);
      offset += run.savedLength();
    }
  }

  /**
   * Runs forward until something is no finite number; says which layer, step and sequence were
   * first, or null.
   */
  String firstBadPlace(Rows rows) {
    // a normalised drive would wait for the other micro-batches
    begin(rows, 1, network.levels().stream().noneMatch(l -> l.spec().isNormalised()));
    int steps = rows.steps();
    for (int first = 0; first < steps; first += stretch) {
      int count = Math.min(stretch, steps - first);
      forward(rows, first, count, false, false);
      for (int t = 0; t < count; t++) {
        for (int i = 0; i < layers.length; i++) {
          for (int r = 0; r < rows.sequences().size(); r++) {
            if (first + t < rows.sequences().get(r).steps() && !layers[i].finite(t, r)) {
              return "layer '%s', step %d, sequence '%s'"
                  .formatted(
                      network.levels().get(i).spec().name(),
                      first + t,
                      rows.sequences().get(r).id());
            }
          }
        }
      }
      carry(count);
    }
    return null;
  }

  /** The run of {@code network.layers().get(i)}, with its tape after the stretch run last. */
  LayerRun layer(int i) {
    return runs.get(i);
  }

  /** Everything the layers did with the first sequence in the stretch run last. */
  Trace trace(int steps) {
    return new Trace(Arrays.stream(layers).map(layer -> layer.trace(steps)).toList());
  }
}
