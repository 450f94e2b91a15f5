package rheobase.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import rheobase.cell.graph.Surrogate;
import rheobase.cell.language.Cells;
import rheobase.data.Sequence;
import rheobase.network.ctc.CtcLoss;
import rheobase.network.parameter.Initializer;

/**
 * A network and a batch drawn from a seed: one to three layers of built-in or made-up cells, units,
 * connections, sparsity, readout, loss and lengths all random.
 *
 * @param spiking whether any layer's step has a jump, which rounding may put elsewhere
 */
public record RandomNetwork(
    NetworkSpec spec, List<Sequence> batch, long[] keys, long seed, boolean spiking) {

  private static final List<String> SMOOTH =
      List.of("leaky_integrator", "linear", "rnn", "lstm", "gru");
  private static final List<String> SPIKING = List.of("alif", "lif", "lif_hard");

  /**
   * How large things may get.
   *
   * @param steps of the longest sequence
   */
  public record Size(int layers, int units, int sequences, int steps) {}

  /** A network whose readout and loss are given. */
  public static RandomNetwork of(
      long seed, Size size, boolean spiking, Readout readout, LossSpec.Kind kind) {
    var random = new Random(seed * 7919 + 17);
    int inputs = 1 + random.nextInt(6);
    int classes = 2 + random.nextInt(Math.min(size.units, 20));
    int depth = 1 + random.nextInt(size.layers);
    var layers = new ArrayList<LayerSpec>();
    for (int i = 0; i < depth; i++) {
      boolean top = i == depth - 1;
      int units = top ? classes : 1 + random.nextInt(size.units);
      layers.add(layer("layer" + i, units, spiking && (!top || depth == 1), random));
    }
    int shortest = 1 + random.nextInt(size.steps);
    var loss =
        new LossSpec(
            kind,
            random.nextInt(Math.min(shortest, 12)),
            random.nextBoolean() ? LossSpec.Reduction.SUM : LossSpec.Reduction.MEAN);
    var batch = new ArrayList<Sequence>();
    int count = 1 + random.nextInt(size.sequences);
    long[] keys = new long[count];
    double density = random.nextDouble();
    for (int r = 0; r < count; r++) {
      int steps = shortest + random.nextInt(size.steps - shortest + 1);
      boolean eachStep = readout == Readout.EACH_STEP;
      Sequence drawn = sequence("sequence " + r, steps, inputs, classes, eachStep, density, random);
      batch.add(
          kind == LossSpec.Kind.CTC
              ? transcribed(drawn, steps - loss.fromStep(), classes - 1, random)
              : drawn);
      keys[r] = random.nextInt(1000);
    }
    return new RandomNetwork(
        new NetworkSpec(inputs, layers, readout, loss), batch, keys, seed, spiking);
  }

  /** The same with a loss in which late steps weigh more. */
  RandomNetwork weightedLate(LossSpec.Late late) {
    var loss =
        new LossSpec(spec.loss().kind(), spec.loss().fromStep(), spec.loss().reduction(), late);
    var weighted = new NetworkSpec(spec.inputs(), spec.layers(), spec.readout(), loss);
    return new RandomNetwork(weighted, batch, keys, seed, spiking);
  }

  /**
   * The same batch for a network of the same cells, of which some layers are presented each step
   * several times, some are connected one to one, and some are bidirectional.
   *
   * @param bidirectional whether any may be
   */
  public RandomNetwork rewired(boolean bidirectional) {
    var random = new Random(seed * 31 + 5);
    var layers = new ArrayList<LayerSpec>();
    int from = spec.inputs();
    for (LayerSpec layer : spec.layers()) {
      boolean top = layer == spec.layers().getLast();
      boolean oneToOne = !top && random.nextInt(3) == 0;
      boolean twoWay = bidirectional && !top && random.nextInt(3) > 0;
      int substeps = Math.max(1, random.nextInt(5) - 1);
      var wired =
          (oneToOne ? withUnits(layer, from) : layer)
              .wired(
                  oneToOne ? LayerSpec.Connection.ONE_TO_ONE : LayerSpec.Connection.ALL_TO_ALL,
                  twoWay,
                  substeps);
      layers.add(wired);
      from = wired.width();
    }
    return new RandomNetwork(
        new NetworkSpec(spec.inputs(), layers, spec.readout(), spec.loss()),
        batch,
        keys,
        seed,
        spiking);
  }

  /** As many labels as come to mind and fit, or none. */
  private static Sequence transcribed(Sequence drawn, int steps, int labels, Random random) {
    int[] said = {};
    while (random.nextInt(4) > 0) {
      int[] more = Arrays.copyOf(said, said.length + 1);
      more[said.length] = random.nextInt(labels);
      if (CtcLoss.leastSteps(more) > steps) {
        break;
      }
      said = more;
    }
    return Sequence.transcribed(drawn.id(), drawn.group(), drawn.signal(), said);
  }

  private static LayerSpec withUnits(LayerSpec layer, int units) {
    return new LayerSpec(
        layer.name(),
        layer.cellText(),
        units,
        layer.recurrent(),
        layer.constants(),
        layer.parameters(),
        layer.states(),
        layer.surrogate(),
        layer.inputWeights(),
        layer.recurrentWeights(),
        layer.inputBias(),
        layer.recurrentBias(),
        layer.emits());
  }

  /** Short enough for a message; the seed and what was asked for make it again. */
  @Override
  public String toString() {
    return "seed %d: %s, %s, %s, lengths %s"
        .formatted(
            seed,
            spec.readout(),
            spec.loss(),
            spec.layers().stream()
                .map(layer ->
                    Cells.nameOf("", layer.cellText())
                        + " "
                        + layer.units()
                        + (layer.recurrent() ? " recurrent" : "")
                        + (layer.bidirectional() ? " bidirectional" : "")
                        + (layer.substeps() > 1 ? " of " + layer.substeps() + " sub-steps" : "")
                        + (layer.inputWeights() == null ? " one to one" : "")
                        + (layer.emits() == null ? "" : " emitting " + layer.emits()))
                .toList(),
            batch.stream().map(Sequence::steps).toList());
  }

  /** Values of which {@code density} are not zero, most of those 1. */
  public static Sequence sequence(
      String id,
      int steps,
      int channels,
      int classes,
      boolean eachStep,
      double density,
      Random random) {
    float[] values = new float[steps * channels];
    for (int i = 0; i < values.length; i++) {
      if (random.nextDouble() < density) {
        values[i] = random.nextInt(3) > 0 ? 1 : (float) random.nextGaussian();
      }
    }
    int[] targets = new int[eachStep ? steps : 1];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = random.nextInt(classes);
    }
    boolean[] annotated = new boolean[targets.length];
    Arrays.fill(annotated, true);
    return new Sequence(id, id, steps, channels, values, targets, annotated);
  }

  private static LayerSpec layer(String name, int units, boolean spiking, Random random) {
    boolean recurrent = random.nextBoolean();
    boolean madeUp = random.nextInt(3) == 0;
    Map<String, String> parameters = new LinkedHashMap<>();
    Map<String, String> states = new LinkedHashMap<>();
    Map<String, Double> constants = new LinkedHashMap<>();
    String text;
    String emits = null;
    if (madeUp) {
      text = madeUp(spiking, recurrent, random);
      emits = random.nextInt(3) == 0 ? "extra" : null;
    } else {
      List<String> cells = spiking ? SPIKING : SMOOTH;
      String cell = cells.get(random.nextInt(cells.size()));
      // a linear cell that feeds itself may grow without end
      recurrent = cell.equals("gru") || recurrent && !cell.equals("linear");
      text = Cells.text(cell);
      switch (cell) {
        case "alif" -> {
          parameters.put("tau_m", "uniform(2, 12)");
          parameters.put("tau_adp", "uniform(5, 40)");
          states.put("u", "uniform(0, 1)");
          states.put("s", random.nextBoolean() ? "u" : "0");
          if (random.nextInt(4) == 0) {
            constants.put("beta", 0.0);
          }
        }
        case "lif" -> {
          parameters.put("tau_m", "uniform(2, 12)");
          states.put("u", "normal(0, 0.3)");
        }
        case "lif_hard" -> states.put("u", "normal(0, 0.3)");
        case "leaky_integrator" -> {
          parameters.put("tau", "uniform(2, 12)");
          states.put("m", "normal(0, 0.3)");
        }
        case "rnn", "gru", "lstm" -> states.put("h", "uniform(-0.5, 0.5)");
        default -> {}
      }
      if ((cell.equals("alif") || cell.equals("lif")) && random.nextInt(4) == 0) {
        emits = "u";
      }
    }
    double scale = spiking ? 1 : 0.5;
    double recurrentScale = (spiking ? 1 : 0.7) / Math.sqrt(units);
    return new LayerSpec(
        name,
        text,
        units,
        recurrent,
        constants,
        parameters,
        states,
        switch (random.nextInt(3)) {
          case 0 -> Surrogate.DEFAULT;
          case 1 -> Surrogate.of(Surrogate.Kind.GAUSSIAN);
          default -> Surrogate.of(Surrogate.Kind.LINEAR);
        },
        new Initializer.Normal(0, scale),
        new Initializer.Normal(0, recurrentScale),
        random.nextInt(4) > 0 ? new Initializer.Normal(0, 0.3) : null,
        random.nextInt(4) > 0 ? new Initializer.Normal(0, 0.1) : null,
        emits);
  }

  /**
   * A cell nobody would write: several inputs, some from one side only, states kept, delayed and
   * mixed, an output that may or may not be a state.
   */
  private static String madeUp(boolean spiking, boolean recurrent, Random random) {
    var names = new ArrayList<>(List.of("a", "x", "k"));
    var text = new StringBuilder("cell made_up\ninput a\n");
    if (random.nextBoolean()) {
      text.append("input b from below\n");
      names.add("b");
    }
    if (recurrent && random.nextBoolean()) {
      text.append("input c from recurrence\n");
      names.add("c");
    }
    if (random.nextBoolean()) {
      text.append("input d\n");
      names.add("d");
    }
    text.append("const k = 0.6\n");
    if (random.nextBoolean()) {
      text.append("param p = uniform(0.2, 0.8) >= 0.1 <= 0.9\n");
      names.add("p");
    }
    if (random.nextBoolean()) {
      text.append("param q = normal(2, 0.2) >= 1\n");
      text.append("state x = uniform(-0.5, 0.5), y = 0.3, late = x\n");
      text.append("decay = exp(-1 / q)\n");
      names.add("decay");
    } else {
      text.append("state x = normal(0, 0.3), y = x, late = 0.25\n");
    }
    names.add("y");
    names.add("late");
    text.append("late = ").append(random.nextBoolean() ? "x" : "tanh(x + y)").append('\n');
    text.append("x = k * x + (1 - k) * tanh(").append(expression(names, 2, random)).append(")\n");
    text.append("extra = sin(").append(expression(names, 1, random)).append(") + y\n");
    names.add("extra");
    if (spiking) {
      text.append("v = 0.5 * y + a + ").append(expression(names, 1, random)).append('\n');
      text.append("z = spike(v - 0.4)\n");
      text.append("y = tanh(v) * (1 - z)\n");
    } else {
      text.append("y = 0.4 * y + 0.5 * tanh(a + ")
          .append(expression(names, 2, random))
          .append(")\n");
      text.append("z = y * extra\n");
    }
    String output = List.of("z", "y", "x", "late").get(spiking ? 0 : random.nextInt(4));
    return text.append("output ").append(output).append('\n').toString();
  }

  /** Bounded by its operands or by one, so that nothing grows without end. */
  private static String expression(List<String> names, int depth, Random random) {
    if (depth == 0) {
      return names.get(random.nextInt(names.size()));
    }
    String left = expression(names, depth - 1, random);
    String right = expression(names, depth - 1, random);
    String form =
        switch (random.nextInt(11)) {
          case 0 -> "(L + R) / 2";
          case 1 -> "(L - R) * 0.5";
          case 2 -> "tanh(L) * R";
          case 3 -> "sigmoid(L) * R";
          case 4 -> "min(L, R)";
          case 5 -> "max(L, 0.2 - R)";
          case 6 -> "relu(L) - abs(R) / 2";
          case 7 -> "cos(L) * tanh(R)";
          case 8 -> "exp(-abs(L)) * R";
          case 9 -> "log(1 + L * L)";
          default -> "R / sqrt(1 + L * L)";
        };
    return "(" + form.replace("L", left).replace("R", right) + ")";
  }
}
