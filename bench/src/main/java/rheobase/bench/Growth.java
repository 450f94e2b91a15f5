package rheobase.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import rheobase.app.bench.Stopwatch;
import rheobase.cell.graph.Surrogate;
import rheobase.cell.language.Cells;
import rheobase.data.RandomStream;
import rheobase.data.Sequence;
import rheobase.data.SequenceSet;
import rheobase.network.Activity;
import rheobase.network.Crew;
import rheobase.network.LayerSpec;
import rheobase.network.LossSpec;
import rheobase.network.Network;
import rheobase.network.NetworkSpec;
import rheobase.network.Readout;
import rheobase.network.Tally;
import rheobase.network.model.Json;
import rheobase.network.parameter.Initializer;

/**
 * How the cost of a training step and of a forward pass grows: one network, of which one size at a
 * time is changed. Writes {@code growth.jsonl}, a line a point, and a picture an axis.
 *
 * <pre>java -cp ... rheobase.bench.Growth FOLDER [AXIS...]</pre>
 *
 * <p>Activity is what all else would change along with it, so it is held: the bias of the recurrent
 * layer is searched for that makes it fire as often as its input does.
 */
final class Growth {
  /** What is changed. */
  enum Axis {
    STEPS(50, 100, 200, 400, 800),
    UNITS(64, 128, 256, 512, 1024),
    SEQUENCES(16, 32, 64, 128, 256),
    /** In percent. */
    ACTIVITY(1, 2, 5, 10, 20, 37, 50),
    THREADS(IntStream.rangeClosed(1, Runtime.getRuntime().availableProcessors()).toArray());

    private final int[] values;

    Axis(int... values) {
      this.values = values;
    }

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The sizes of a network and its data.
   *
   * @param activity mean spikes per input, neuron and step, in percent
   */
  record Size(int steps, int units, int sequences, int activity, int threads) {
    static final Size USUAL = new Size(100, 256, 64, 10, 1);

    Size with(Axis axis, int value) {
      return switch (axis) {
        case STEPS -> new Size(value, units, sequences, activity, threads);
        case UNITS -> new Size(steps, value, sequences, activity, threads);
        case SEQUENCES -> new Size(steps, units, value, activity, threads);
        case ACTIVITY -> new Size(steps, units, sequences, value, threads);
        case THREADS -> new Size(steps, units, sequences, activity, value);
      };
    }
  }

  /**
   * What was measured at one size.
   *
   * @param firingRate of the recurrent layer, which the search for its bias came to
   */
  record Point(Axis axis, int value, double train, double forward, double firingRate) {
    String json() {
      return Json.line(
          Json.object()
              .put("axis", axis.text())
              .put("value", value)
              .put("trainMedianSeconds", train)
              .put("forwardMedianSeconds", forward)
              .put("firingRate", firingRate));
    }
  }

  private static final int INPUTS = 256;
  private static final int CLASSES = 20;
  private static final int MICRO_BATCH = 16;
  private static final long SEED = 1;
  private static final String BIAS = "hidden.bias_in";

  /** Neighbouring points are compared by eye, not with other programs. */
  private static final Stopwatch.Pace PACE = new Stopwatch.Pace(0.2, 10, 2, 20);

  private final Size size;
  private final SequenceSet data;
  private final Network network;

  Growth(Size size) {
    this.size = size;
    data = data(size);
    network = Network.create(spec(size), SEED);
    network.check(data);
  }

  public static void main(String[] arguments) throws IOException {
    if (arguments.length == 0) {
      System.err.println(
          "usage: rheobase.bench.Growth FOLDER [steps|units|sequences|activity|threads]...");
      System.exit(2);
    }
    var folder = Files.createDirectories(Path.of(arguments[0]));
    var axes = List.of(arguments).subList(1, arguments.length);
    for (Axis axis : Axis.values()) {
      if (axes.isEmpty() || axes.contains(axis.text())) {
        var points = measured(axis, PACE);
        write(folder.resolve("growth.jsonl"), points);
        Files.writeString(
            folder.resolve("growth-" + axis.text() + ".svg"), picture(axis, points).svg());
      }
    }
  }

  static List<Point> measured(Axis axis, Stopwatch.Pace pace) {
    var points = new ArrayList<Point>();
    for (int value : axis.values) {
      Point point = new Growth(Size.USUAL.with(axis, value)).measure(axis, value, pace);
      System.err.println(point.json());
      points.add(point);
    }
    return points;
  }

  private static void write(Path file, List<Point> points) {
    try {
      var lines =
          new ArrayList<>(Files.exists(file) ? Files.readAllLines(file) : List.<String>of());
      // a second measurement takes the place of the first
      lines.removeIf(line -> line.contains("\"axis\":\"" + points.getFirst().axis().text() + "\""));
      points.forEach(point -> lines.add(point.json()));
      Files.write(file, lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Chart picture(Axis axis, List<Point> points) {
    return new Chart(
        "cost and " + axis.text(),
        axis == Axis.ACTIVITY ? "activity, %" : axis.text(),
        "ms",
        points.stream().map(point -> (double) point.value()).toList(),
        List.of(
            new Chart.Series(
                "training step", points.stream().map(point -> 1e3 * point.train()).toList()),
            new Chart.Series(
                "forward pass", points.stream().map(point -> 1e3 * point.forward()).toList())));
  }

  Point measure(Axis axis, int value, Stopwatch.Pace pace) {
    double rate = tune();
    float[] gradient = new float[network.parameters().values().length];
    var tally = new Tally(CLASSES);
    var activity = new Activity(network.spec().layers().size());
    long[] keys = new long[data.size()];
    double train;
    try (var crew = new Crew(network, size.threads, MICRO_BATCH, size.steps, true)) {
      train =
          seconds(
              pace,
              () -> {
                tally.clear();
                activity.clear();
                crew.train(data.sequences(), keys, SEED, 0, gradient, tally, activity);
              });
    }
    try (var crew = network.evaluators(size.threads)) {
      return new Point(axis, value, train, seconds(pace, () -> crew.evaluate(data, SEED)), rate);
    }
  }

  private double seconds(Stopwatch.Pace pace, Runnable work) {
    return new Stopwatch(pace, size.threads, () -> {}, work).measure().median();
  }

  /** Finds the bias at which the recurrent layer fires as often as its input; gives the rate. */
  double tune() {
    double low = -100;
    double high = 100;
    double rate = 0;
    try (var crew = network.evaluators(size.threads)) {
      for (int halving = 0; halving < 20; halving++) {
        double bias = (low + high) / 2;
        float[] values = new float[size.units];
        Arrays.fill(values, (float) bias);
        network.parameters().set(BIAS, values);
        network.follow();
        rate = crew.evaluate(data, SEED).firingRates().getFirst();
        if (rate < size.activity / 100.0) {
          low = bias;
        } else {
          high = bias;
        }
      }
    }
    return rate;
  }

  private static NetworkSpec spec(Size size) {
    // without adaptation, which would hold activity down; a threshold far above what one spike adds
    var constants = Map.of("beta", 0.0, "b0", 1.0);
    return new NetworkSpec(
        INPUTS,
        List.of(
            layer("hidden", "alif", size.units, true, constants),
            layer("readout", "leaky_integrator", CLASSES, false, Map.of())),
        Readout.SUM_OF_SOFTMAX,
        new LossSpec(LossSpec.Kind.CROSS_ENTROPY, 0, LossSpec.Reduction.SUM));
  }

  private static LayerSpec layer(
      String name, String cell, int units, boolean recurrent, Map<String, Double> constants) {
    return new LayerSpec(
        name,
        Cells.text(cell),
        units,
        recurrent,
        constants,
        Map.of(),
        Map.of(),
        Surrogate.DEFAULT,
        new Initializer.Xavier(),
        recurrent ? new Initializer.Orthogonal(1) : null,
        new Initializer.Constant(0),
        null,
        null);
  }

  private static SequenceSet data(Size size) {
    var sequences = new ArrayList<Sequence>();
    for (int s = 0; s < size.sequences; s++) {
      var random = RandomStream.of(SEED, "growth", s);
      float[] values = new float[size.steps * INPUTS];
      for (int i = 0; i < values.length; i++) {
        values[i] = random.nextInt(100) < size.activity ? 1 : 0;
      }
      String id = "sequence " + s;
      sequences.add(
          new Sequence(
              id,
              id,
              size.steps,
              INPUTS,
              values,
              new int[] {random.nextInt(CLASSES)},
              new boolean[] {true}));
    }
    return new SequenceSet(
        "growth",
        INPUTS,
        IntStream.range(0, CLASSES).mapToObj(Integer::toString).toList(),
        sequences);
  }
}
