package rheobase.network.energy;

import java.util.ArrayList;
import java.util.List;
import rheobase.cell.graph.StepOperations.Signal;

/**
 * A layer as the formulas see it: its neurons and how many there are, and what arrives how often.
 *
 * @param name of the layer
 * @param neuron row of the table
 * @param inputs m
 * @param units n
 * @param recurrent whether its outputs come back through n x n weights
 * @param input what arrives from below
 * @param inputRate Fr_in, events per input and step; not looked at when real values arrive
 * @param outputRate Fr_out, spikes per neuron and step; not looked at where nothing spikes
 * @param oneToOne whether each unit is driven by one input, without weights
 * @param directions 2 of a bidirectional layer of n units each, else 1
 * @param substeps times it runs in a step; both rates are then those of a sub-step
 */
public record CountedLayer(
    String name,
    Neuron neuron,
    int inputs,
    int units,
    boolean recurrent,
    Signal input,
    double inputRate,
    double outputRate,
    boolean oneToOne,
    int directions,
    int substeps) {

  /** A layer of one direction that runs once a step, with weights from below. */
  public CountedLayer(
      String name,
      Neuron neuron,
      int inputs,
      int units,
      boolean recurrent,
      Signal input,
      double inputRate,
      double outputRate) {
    this(name, neuron, inputs, units, recurrent, input, inputRate, outputRate, false, 1, 1);
  }

  /** Weights from below, of one direction. */
  private double below() {
    return oneToOne ? 0 : (double) neuron.gatesBelow() * inputs * units;
  }

  /** Weights across, of one direction. */
  private double across() {
    return recurrent ? (double) neuron.gatesAcross() * units * units : 0;
  }

  private int runs() {
    return directions * substeps;
  }

  private Signal arriving() {
    return neuron.dense() ? Signal.REAL : input;
  }

  /** Of the synapses alone, in one step. */
  public Operations synaptic() {
    return synaptic(below(), arriving(), inputRate)
        .plus(synaptic(across(), neuron.output(), outputRate))
        .times(runs());
  }

  private static Operations synaptic(double synapses, Signal signal, double rate) {
    return switch (signal) {
      case REAL -> new Operations(0, synapses);
      case SPIKES -> new Operations(synapses * rate, 0);
      case GRADED_SPIKES -> new Operations(0, synapses * rate);
    };
  }

  /** Of synapses and neurons, in one step. */
  public Operations operations() {
    double n = (double) units * runs();
    return synaptic()
        .plus(
            new Operations(
                n * (neuron.accumulates() + neuron.accumulatesPerSpike() * outputRate),
                n
                    * (neuron.multiplyAccumulates()
                        + neuron.multiplyAccumulatesPerSpike() * outputRate)));
  }

  /** What one step moves between memory and arithmetic. */
  public Traffic traffic() {
    double weights =
        below() * share(arriving(), inputRate) + across() * share(neuron.output(), outputRate);
    return new Traffic(
            weights, (double) units * neuron.constants(), (double) units * neuron.states())
        .times(runs());
  }

  private static double share(Signal signal, double rate) {
    return signal == Signal.REAL ? 1 : rate;
  }

  /** Words of memory that it takes: weights, constants and states. */
  public double storedWords() {
    return directions
        * (below() + across() + (double) units * (neuron.constants() + neuron.states()));
  }

  /** The formula that {@link #operations} counts by, in m, n, Fr_in and Fr_out. */
  public String formula() {
    var additions = new ArrayList<String>();
    var products = new ArrayList<String>();
    if (!oneToOne) {
      term(neuron.gatesBelow(), "mn", arriving(), "Fr_in", additions, products);
    }
    if (recurrent) {
      term(neuron.gatesAcross(), "nn", neuron.output(), "Fr_out", additions, products);
    }
    own(neuron.accumulates(), neuron.accumulatesPerSpike(), additions);
    own(neuron.multiplyAccumulates(), neuron.multiplyAccumulatesPerSpike(), products);
    var parts = new ArrayList<String>();
    sum(additions, "AC", parts);
    sum(products, "MAC", parts);
    var once = parts.isEmpty() ? "0" : String.join(" + ", parts);
    return runs() == 1 ? once : runs() + " x [" + once + "]";
  }

  private static void term(
      int gates,
      String synapses,
      Signal signal,
      String rate,
      List<String> additions,
      List<String> products) {
    var term = (gates == 1 ? "" : gates) + synapses + (signal == Signal.REAL ? "" : " " + rate);
    if (gates > 0) {
      (signal == Signal.SPIKES ? additions : products).add(term);
    }
  }

  private static void own(int each, int perSpike, List<String> terms) {
    if (perSpike > 0) {
      terms.add((perSpike == 1 ? "" : perSpike) + "n Fr_out");
    }
    if (each > 0) {
      terms.add((each == 1 ? "" : each) + "n");
    }
  }

  private static void sum(List<String> terms, String unit, List<String> parts) {
    if (!terms.isEmpty()) {
      var sum = String.join(" + ", terms);
      parts.add((terms.size() == 1 ? sum : "(" + sum + ")") + " " + unit);
    }
  }
}
