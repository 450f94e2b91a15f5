package rheobase.network.energy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import rheobase.cell.graph.StepOperations.Signal;
import rheobase.cell.language.Cells;
import rheobase.network.LayerSpec;
import rheobase.network.NetworkSpec;

/**
 * Operations, memory traffic and energy of one time step of a network, by the formulas that the
 * literature on spiking networks counts with: an event costs one accumulate (AC) for every synapse
 * it travels, a real value one multiply-accumulate (MAC).
 *
 * <p>A bidirectional layer costs twice its formula, one of k sub-steps k times, as it runs so often
 * in a step. A layer that is connected one to one has no mn term. Biases are left out of the
 * operations, as they are in the sources, but not of the memory traffic.
 *
 * @param layers from the input upwards
 */
public record NetworkEnergy(List<CountedLayer> layers) {
  /** Cells with a row of their own in the table, which rivals are counted by as well. */
  private static final Map<String, Neuron> PUBLISHED =
      Map.of(
          "rnn", Neuron.RNN,
          "gru", Neuron.GRU,
          "gru_masked", Neuron.GRU,
          "lstm", Neuron.LSTM,
          "lstm_masked", Neuron.LSTM);

  public NetworkEnergy {
    layers = List.copyOf(layers);
  }

  /**
   * A network at work.
   *
   * @param input what the data are
   * @param inputRate events per channel and step of the data
   * @param firingRates spikes per neuron and step of each layer; NaN for one that does not spike
   */
  public static NetworkEnergy of(
      NetworkSpec network, Signal input, double inputRate, List<Double> firingRates) {
    var layers = new ArrayList<CountedLayer>();
    int inputs = network.inputs();
    var signal = input;
    double rate = inputRate;
    for (int index = 0; index < network.layers().size(); index++) {
      var spec = network.layers().get(index);
      var neuron = neuron(spec);
      double measured = firingRates.get(index);
      // Spikes that nobody counted are taken to come at every step.
      double out = Double.isNaN(measured) ? 1 : measured;
      layers.add(
          new CountedLayer(
              spec.name(),
              neuron,
              inputs,
              spec.units(),
              spec.recurrent(),
              signal,
              rate,
              out,
              spec.connection() == LayerSpec.Connection.ONE_TO_ONE,
              spec.bidirectional() ? 2 : 1,
              spec.substeps()));
      inputs = spec.width();
      signal = Double.isNaN(measured) ? Signal.REAL : neuron.emitted();
      // The mean over sub-steps is what the spikes of all of them add up to.
      rate = out * spec.substeps();
    }
    return new NetworkEnergy(layers);
  }

  private static Neuron neuron(LayerSpec spec) {
    var file = "cell of layer '" + spec.name() + "'";
    var name = Cells.nameOf(file, spec.cellText());
    if (PUBLISHED.containsKey(name) && spec.cellText().equals(Cells.text(name))) {
      return PUBLISHED.get(name);
    }
    var cell = Cells.compile(file, spec.cellText(), spec.overrides());
    return Neuron.of(cell, spec.emits(), spec.recurrent());
  }

  /**
   * A dense network of the same sizes to compare with: each recurrent layer becomes one of the
   * given kind, bidirectional where it was, each layer without recurrence a plain matrix product.
   * Dense networks run once a step, so sub-steps have no counterpart.
   *
   * @param kind {@link Neuron#RNN}, {@link Neuron#GRU} or {@link Neuron#LSTM}
   */
  public NetworkEnergy rival(Neuron kind) {
    return new NetworkEnergy(
        layers.stream()
            .map(layer ->
                new CountedLayer(
                    layer.name(),
                    layer.recurrent() ? kind : Neuron.PRODUCT,
                    layer.inputs(),
                    layer.units(),
                    layer.recurrent(),
                    Signal.REAL,
                    1,
                    1,
                    layer.oneToOne(),
                    layer.directions(),
                    1))
            .toList());
  }

  /** Of all layers. */
  public Operations operations() {
    return layers.stream().map(CountedLayer::operations).reduce(Operations.NONE, Operations::plus);
  }

  /** Of the synapses of all layers. */
  public Operations synaptic() {
    return layers.stream().map(CountedLayer::synaptic).reduce(Operations.NONE, Operations::plus);
  }

  /** Of all layers. */
  public Traffic traffic() {
    return layers.stream().map(CountedLayer::traffic).reduce(Traffic.NONE, Traffic::plus);
  }

  /** The smallest memory that holds weights, constants and states. */
  public Memory memory() {
    return Memory.holding(layers.stream().mapToDouble(CountedLayer::storedWords).sum());
  }

  /** Energy of the operations of one step. */
  public double picojoules(Cost cost) {
    return operations().picojoules(cost);
  }

  /** Energy of the memory traffic of one step, from and to {@link #memory}. */
  public double memoryPicojoules() {
    return traffic().words() * memory().picojoulesPerWord();
  }

  /** Energy of operations and memory traffic of one step. */
  public double picojoulesWithMemory(Cost cost) {
    return picojoules(cost) + memoryPicojoules();
  }
}
