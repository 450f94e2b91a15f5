package rheobase.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import rheobase.cell.language.Cells;

/**
 * Operations and energy of one time step, by the formulas that the literature on spiking networks
 * counts with: an event costs one accumulate (AC) for every synapse it travels, a real value one
 * multiply-accumulate (MAC). With m inputs, n units, and Fr the mean number of spikes per neuron
 * and step:
 *
 * <pre>
 *   RNN (tanh)   (mn + nn) MAC
 *   GRU          3 (mn + nn) MAC
 *   LSTM         [4 (mn + nn) + 17 n] MAC
 *   LIF          (mn Fr_in + nn Fr_out +  n Fr_out) AC +  n MAC
 *   ALIF         (mn Fr_in + nn Fr_out + 2n Fr_out) AC + 3n MAC
 *   LI           mn Fr_in AC + n MAC
 * </pre>
 *
 * A layer without recurrence drops its nn term; one that is fed real values instead of events has
 * mn MAC instead of mn Fr_in AC, and one that is connected one to one has no mn term. A
 * bidirectional layer costs twice its formula, one of k sub-steps k times, as it runs so often in a
 * step. Biases and the O(n) of the plain RNN and GRU are left out. The LSTM and LIF rows are those
 * of TC-LIF (AAAI 2024, arXiv 2308.13250), tables 2 and 4; the ALIF row counts the equations of
 * Yin, Corradi and Bohté 2021 the same way.
 */
public final class Energy {
  private Energy() {}

  /** What is counted; each name stands for a row of the table above. */
  public enum Kind {
    LIF,
    ALIF,
    LI,
    RNN,
    GRU,
    LSTM
  }

  /**
   * What one operation costs on a chip, in picojoules.
   *
   * @param name of the arithmetic
   * @param accumulate one addition
   * @param multiplyAccumulate one multiplication and addition
   */
  public record Cost(String name, double accumulate, double multiplyAccumulate) {}

  /** 32-bit integers at 45 nm; Horowitz, ISSCC 2014, figure 1.1.9: add 0.1 pJ, multiply 3.1 pJ. */
  public static final Cost INT32 = new Cost("int32", 0.1, 3.2);

  /** 32-bit floating point at 45 nm; the same source: add 0.9 pJ, multiply 3.7 pJ. */
  public static final Cost FP32 = new Cost("fp32", 0.9, 4.6);

  /**
   * One layer as the formulas see it.
   *
   * @param kind row of the table
   * @param inputs m
   * @param units n
   * @param recurrent whether its outputs come back through n x n weights
   * @param analogInput whether it is fed real values rather than events
   * @param inputRate Fr_in, events per input and step; not looked at when the input is analog
   * @param outputRate Fr_out, spikes per unit and step; not looked at where the row has none
   * @param oneToOne whether each unit is driven by one input, without weights
   * @param directions 2 of a bidirectional layer of n units each, else 1
   * @param substeps times it runs in a step; both rates are then those of a sub-step
   */
  public record Layer(
      Kind kind,
      int inputs,
      int units,
      boolean recurrent,
      boolean analogInput,
      double inputRate,
      double outputRate,
      boolean oneToOne,
      int directions,
      int substeps) {

    /** A layer of one direction that runs once a step, with weights from below. */
    public Layer(
        Kind kind,
        int inputs,
        int units,
        boolean recurrent,
        boolean analogInput,
        double inputRate,
        double outputRate) {
      this(kind, inputs, units, recurrent, analogInput, inputRate, outputRate, false, 1, 1);
    }

    /** Weights from below, of one direction. */
    private double below() {
      return oneToOne ? 0 : (double) inputs * units;
    }

    private int runs() {
      return directions * substeps;
    }
  }

  /**
   * Operations of one time step of one sequence.
   *
   * @param accumulates AC
   * @param multiplyAccumulates MAC
   */
  public record Operations(double accumulates, double multiplyAccumulates) {
    /** None. */
    public static final Operations NONE = new Operations(0, 0);

    /** Both together. */
    public Operations plus(Operations other) {
      return new Operations(
          accumulates + other.accumulates, multiplyAccumulates + other.multiplyAccumulates);
    }

    /** As many of them. */
    Operations times(int count) {
      return new Operations(count * accumulates, count * multiplyAccumulates);
    }

    /** Energy in picojoules. */
    public double picojoules(Cost cost) {
      return accumulates * cost.accumulate + multiplyAccumulates * cost.multiplyAccumulate;
    }
  }

  /** Operations of a layer in one step. */
  public static Operations operations(Layer layer) {
    return operationsOfARun(layer).times(layer.runs());
  }

  private static Operations operationsOfARun(Layer layer) {
    double n = layer.units;
    double below = layer.below();
    double across = layer.recurrent ? n * n : 0;
    return switch (layer.kind) {
      case RNN -> new Operations(0, below + across);
      case GRU -> new Operations(0, 3 * (below + across));
      case LSTM -> new Operations(0, 4 * (below + across) + 17 * n);
      case LIF -> input(layer).plus(new Operations((across + n) * layer.outputRate, n));
      case ALIF -> input(layer).plus(new Operations((across + 2 * n) * layer.outputRate, 3 * n));
      case LI -> input(layer).plus(new Operations(0, n));
    };
  }

  /** The row of the table that {@link #operations} counts a layer by, as text. */
  public static String formula(Layer layer) {
    var once = formulaOfARun(layer);
    return layer.runs() == 1 ? once : layer.runs() + " x [" + once + "]";
  }

  private static String formulaOfARun(Layer layer) {
    var dense =
        layer.oneToOne ? layer.recurrent ? "nn" : "0" : layer.recurrent ? "(mn + nn)" : "mn";
    var input = layer.analogInput || layer.oneToOne ? "" : "mn Fr_in + ";
    var analog = layer.analogInput && !layer.oneToOne ? "mn + " : "";
    var across = layer.recurrent ? "nn Fr_out + " : "";
    return switch (layer.kind) {
      case RNN -> dense + " MAC";
      case GRU -> "3 " + dense + " MAC";
      case LSTM -> "[4 " + dense + " + 17n] MAC";
      case LIF -> "(" + input + across + "n Fr_out) AC + (" + analog + "n) MAC";
      case ALIF -> "(" + input + across + "2n Fr_out) AC + (" + analog + "3n) MAC";
      case LI ->
          layer.oneToOne ? "n MAC" : layer.analogInput ? "(mn + n) MAC" : "mn Fr_in AC + n MAC";
    };
  }

  /**
   * Bytes of 32-bit weights that a layer reads in one step: every weight of a dense layer, a row of
   * them for each event of a spiking one. Memory often costs more than arithmetic, so it stands
   * beside the energy.
   */
  public static double weightBytes(Layer layer) {
    double n = layer.units;
    double below = layer.below();
    double across = layer.recurrent ? n * n : 0;
    double weights =
        switch (layer.kind) {
          case RNN -> below + across;
          case GRU -> 3 * (below + across);
          case LSTM -> 4 * (below + across);
          case LIF, ALIF, LI ->
              below * (layer.analogInput ? 1 : layer.inputRate) + across * layer.outputRate;
        };
    return weights * layer.runs() * Float.BYTES;
  }

  /** Operations of a network in one step: the sum over its layers. */
  public static Operations operations(List<Layer> layers) {
    return layers.stream().map(Energy::operations).reduce(Operations.NONE, Operations::plus);
  }

  /**
   * A dense network of the same sizes to compare with: each recurrent layer becomes one of the
   * given kind, bidirectional where it was, each layer without recurrence a plain matrix product.
   * Dense networks run once a step, so sub-steps have no counterpart.
   */
  public static List<Layer> baseline(Kind kind, List<Layer> layers) {
    return layers.stream()
        .map(layer ->
            new Layer(
                layer.recurrent ? kind : Kind.RNN,
                layer.inputs,
                layer.units,
                layer.recurrent,
                true,
                1,
                1,
                layer.oneToOne,
                layer.directions,
                1))
        .toList();
  }

  /**
   * The layers of a network as the formulas see them; empty when one of its cells has no formula
   * here.
   *
   * @param network cells are known by the name in their first line; an {@code alif} whose {@code
   *     beta} is 0 counts as LIF
   * @param inputRate events per channel and step of the data
   * @param analogInput whether the data are real values rather than events
   * @param firingRates spikes per unit and step of each layer; NaN for one that does not spike,
   *     which then feeds real values to the layer above
   */
  public static Optional<List<Layer>> layers(
      NetworkSpec network, double inputRate, boolean analogInput, List<Double> firingRates) {
    var layers = new ArrayList<Layer>();
    int inputs = network.inputs();
    double rate = inputRate;
    boolean analog = analogInput;
    for (int index = 0; index < network.layers().size(); index++) {
      var spec = network.layers().get(index);
      var kind = kind(spec);
      if (kind.isEmpty()) {
        return Optional.empty();
      }
      double out = firingRates.get(index);
      boolean silent = Double.isNaN(out);
      boolean oneToOne = spec.connection() == LayerSpec.Connection.ONE_TO_ONE;
      layers.add(
          new Layer(
              kind.get(),
              inputs,
              spec.units(),
              spec.recurrent(),
              analog,
              rate,
              silent ? 0 : out,
              oneToOne,
              spec.bidirectional() ? 2 : 1,
              spec.substeps()));
      inputs = spec.width();
      // the mean over sub-steps is what the spikes of all of them add up to
      rate = silent ? 1 : out * spec.substeps();
      analog = silent;
    }
    return Optional.of(List.copyOf(layers));
  }

  private static final Pattern BETA =
      Pattern.compile("(?m)^\\s*const\\b[^#\\n]*\\bbeta\\s*=\\s*([-+.\\deE]+)");

  private static Optional<Kind> kind(LayerSpec layer) {
    return Optional.ofNullable(
        switch (Cells.nameOf(layer.name(), layer.cellText())) {
          case "lif", "lif_hard" -> Kind.LIF;
          case "alif" -> beta(layer) == 0 ? Kind.LIF : Kind.ALIF;
          case "leaky_integrator" -> Kind.LI;
          case "rnn" -> Kind.RNN;
          case "gru" -> Kind.GRU;
          case "lstm" -> Kind.LSTM;
          default -> null;
        });
  }

  private static double beta(LayerSpec layer) {
    var given = layer.constants().get("beta");
    if (given != null) {
      return given;
    }
    var written = BETA.matcher(layer.cellText());
    return written.find() ? Double.parseDouble(written.group(1)) : 1;
  }

  private static Operations input(Layer layer) {
    double synapses = layer.below();
    return layer.analogInput
        ? new Operations(0, synapses)
        : new Operations(synapses * layer.inputRate, 0);
  }
}
