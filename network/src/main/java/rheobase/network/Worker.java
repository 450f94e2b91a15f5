package rheobase.network;

import java.util.Arrays;
import java.util.List;
import rheobase.data.Sequence;
import rheobase.network.product.Events;
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
 */
final class Worker {
  /**
   * Below this many channels a dense product costs less than finding the events: a row of QTDB's
   * four channels is 12 multiply-adds of a vector, and listing it takes as long.
   */
  private static final int LEAST_CHANNELS = 16;

  private final Network network;
  private final LayerRun[] layers;
  private final LayerRun top;
  private final Objective objective;
  private final int channels;
  private final int stretch;
  private final float[] input;

  /** The input as events; null where it has too few channels for events to pay. */
  private final Events inputEvents;

  private final Source inputSource;
  private float[][] kept = new float[0][];

  /**
   * Gradient of the loss over a whole stretch, where it is made while the forward pass runs: {@code
   * [step][row][stride]} of the top layer.
   */
  private final float[] lossGradient;

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
    this.stretch = Math.ceilDiv(stretch, LayerRun.BLOCK) * LayerRun.BLOCK;
    float[] parameters = network.parameters().values();
    layers = new LayerRun[network.layers().size()];
    for (int i = 0; i < layers.length; i++) {
      layers[i] =
          new LayerRun(
              network.layers().get(i),
              network.weights().get(i),
              products,
              parameters,
              rows,
              this.stretch);
    }
    top = layers[layers.length - 1];
    channels = network.spec().inputs();
    input = new float[this.stretch * rows * channels];
    inputEvents = channels < LEAST_CHANNELS ? null : new Events();
    inputSource = new Source(input, 0, channels, channels, inputEvents, 0);
    Layer last = network.layers().getLast();
    tally = new Tally(last.units());
    activity = new Activity(layers.length);
    objective =
        new Objective(
            network.spec().readout(), network.spec().loss(), last.units(), last.stride(), tally);
    gradient = trains ? new float[parameters.length] : null;
    boolean eachStep = network.spec().readout() == Readout.EACH_STEP;
    lossGradient = trains && eachStep ? new float[this.stretch * rows * last.stride()] : null;
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
    boolean atOnce = stretches == 1 && network.spec().readout() == Readout.EACH_STEP;
    keep(stretches - 1);
    for (int s = 0; s < stretches; s++) {
      int first = s * stretch;
      int count = Math.min(stretch, steps - first);
      if (s < stretches - 1) {
        save(s);
      }
      forward(rows, first, count, true, atOnce);
      count(rows, first, count);
      if (s < stretches - 1) {
        carry(count);
      }
    }
    objective.finish();
    for (LayerRun layer : layers) {
      layer.beginBackward();
    }
    for (int s = stretches - 1; s >= 0; s--) {
      int first = s * stretch;
      int count = Math.min(stretch, steps - first);
      if (s < stretches - 1) {
        restore(s);
        forward(rows, first, count, false, false);
      }
      backward(first, count, truncateSteps, atOnce);
    }
    for (LayerRun layer : layers) {
      layer.gatherParameterGradients(gradient);
    }
  }

  private void begin(Rows rows, double share, boolean training) {
    tally.clear();
    activity.clear();
    objective.begin(rows.sequences(), share);
    boolean equalLengths =
        rows.sequences().stream().mapToInt(Sequence::steps).distinct().count() == 1;
    for (int i = 0; i < layers.length; i++) {
      layers[i].begin(
          rows.sequences().size(),
          rows.seed(),
          rows.purpose(),
          rows.keys(),
          i,
          training,
          equalLengths);
    }
  }

  /**
   * Runs a stretch forward, block by block.
   *
   * @param observed whether the objective is to see it
   * @param withGradient whether the gradient of the loss is made while it is observed
   */
  private void forward(Rows rows, int first, int count, boolean observed, boolean withGradient) {
    if (inputEvents != null) {
      inputEvents.clear();
    }
    for (LayerRun layer : layers) {
      layer.beginStretch();
    }
    for (int from = 0; from < count; from += LayerRun.BLOCK) {
      int to = Math.min(count, from + LayerRun.BLOCK);
      fillInput(rows.sequences(), first, from, to);
      Source below = inputSource;
      for (LayerRun layer : layers) {
        layer.forward(below, from, to);
        below = layer.source();
      }
      if (observed) {
        int at = from * rows.sequences().size() * below.stride();
        objective.observe(
            below.values(),
            below.offset() + at,
            first + from,
            to - from,
            withGradient ? lossGradient : null,
            at);
      }
    }
  }

  /**
   * Steps {@code from <= t < to} of the stretch that begins at {@code first}; zero beyond a
   * sequence's end.
   */
  private void fillInput(List<Sequence> sequences, int first, int from, int to) {
    int rows = sequences.size();
    Arrays.fill(input, from * rows * channels, to * rows * channels, 0);
    for (int r = 0; r < rows; r++) {
      Sequence sequence = sequences.get(r);
      int end = Math.min(to, sequence.steps() - first);
      for (int t = from; t < end; t++) {
        sequence.signal().read(first + t, input, (t * rows + r) * channels);
      }
    }
    if (inputEvents != null) {
      inputEvents.append((to - from) * rows, channels, input, from * rows * channels, channels);
    }
  }

  private void count(Rows rows, int first, int count) {
    int[] lengths =
        rows.sequences().stream().mapToInt(s -> Math.clamp(s.steps() - first, 0, count)).toArray();
    long places = Arrays.stream(lengths).asLongStream().sum();
    for (int i = 0; i < layers.length; i++) {
      activity.add(i + 1, layers[i].spikes(lengths), places * network.layers().get(i).units());
    }
    // beyond a sequence's end the input is zero
    activity.add(
        0,
        inputEvents != null
            ? inputEvents.count()
            : gradient == null ? nonZero(count * rows.sequences().size()) : 0,
        places * channels);
  }

  private long nonZero(int rows) {
    int count = 0;
    for (int i = 0; i < rows * channels; i++) {
      int bits = Float.floatToRawIntBits(input[i]) << 1; // without the sign of a zero
      count += (bits | -bits) >>> 31;
    }
    return count;
  }

  /** Goes back through the stretch on the tapes, block by block. */
  private void backward(int first, int count, int truncateSteps, boolean lossGradientThere) {
    for (int from = (count - 1) / LayerRun.BLOCK * LayerRun.BLOCK;
        from >= 0;
        from -= LayerRun.BLOCK) {
      int to = Math.min(count, from + LayerRun.BLOCK);
      for (int i = layers.length - 1; i >= 0; i--) {
        LayerRun layer = layers[i];
        if (layer == top) {
          lossGradient(first, from, to, lossGradientThere);
        }
        Source below = i == 0 ? inputSource : layers[i - 1].source();
        layer.backward(below, first, from, to, truncateSteps, gradient);
        if (i > 0) {
          layers[i - 1].clearEmittedGradient(to - from);
          layer.passDown(layers[i - 1].gradientFromAbove(), to - from);
        }
      }
    }
  }

  /** Hands the top layer the gradient of the loss in a block. */
  private void lossGradient(int first, int from, int to, boolean there) {
    Source emitted = top.source();
    int at = from * top.tape().rows * emitted.stride();
    top.clearEmittedGradient(to - from);
    float[] gradient = top.gradientFromAbove();
    if (there) {
      int length = (to - from) * top.tape().rows * emitted.stride();
      System.arraycopy(lossGradient, at, gradient, 0, length);
    } else {
      objective.gradient(
          emitted.values(), emitted.offset() + at, first + from, to - from, gradient, 0);
    }
  }

  private void carry(int count) {
    for (LayerRun layer : layers) {
      layer.carry(count);
    }
  }

  private void keep(int stretches) {
    int length = Arrays.stream(layers).mapToInt(LayerRun::savedLength).sum();
    if (kept.length < stretches || stretches > 0 && kept[0].length < length) {
      kept = new float[stretches][length];
    }
  }

  private void save(int s) {
    int offset = 0;
    for (LayerRun layer : layers) {
      layer.save(kept[s], offset);
      offset += layer.savedLength();
    }
  }

  private void restore(int s) {
    int offset = 0;
    for (LayerRun layer : layers) {
      layer.restore(kept[s], offset);
      offset += layer.savedLength();
    }
  }

  /**
   * Runs forward until something is no finite number; says which layer, step and sequence were
   * first, or null.
   */
  String firstBadPlace(Rows rows) {
    begin(rows, 1, true);
    int steps = rows.steps();
    for (int first = 0; first < steps; first += stretch) {
      int count = Math.min(stretch, steps - first);
      forward(rows, first, count, false, false);
      for (int t = 0; t < count; t++) {
        for (int i = 0; i < layers.length; i++) {
          for (int r = 0; r < rows.sequences().size(); r++) {
            if (!layers[i].finite(t, r)) {
              return "layer '%s', step %d, sequence '%s'"
                  .formatted(
                      network.layers().get(i).spec().name(),
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

  /** The tape of a layer after the stretch run last. */
  LayerRun layer(int i) {
    return layers[i];
  }
}
