package rheobase.network;

import java.util.Map;
import rheobase.cell.graph.Surrogate;
import rheobase.network.parameter.Initializer;

/**
 * One layer as an experiment describes it: a connection from below, perhaps one onto itself, and a
 * cell.
 *
 * @param name unique in the network; prefixes the names of its tensors, e.g. {@code hidden.tau_m}
 * @param cellText the whole text of the cell, so that a model file needs nothing else
 * @param units number of neurons
 * @param recurrent whether the cell's output comes back one step later through trained weights
 * @param constants values that replace the cell's {@code const} of the same name
 * @param parameters initial values (number or distribution) that replace those of the cell's {@code
 *     param}
 * @param states initial values (number, constant, distribution or earlier state) that replace those
 *     of the cell's {@code state}
 * @param surrogate derivative used for {@code spike}
 * @param inputWeights initialiser of the weights from below
 * @param recurrentWeights initialiser of the recurrent weights
 * @param inputBias initialiser of the bias from below, null for none
 * @param recurrentBias initialiser of a second bias beside the recurrent weights, null for none.
 *     The published networks have both
 * @param dropout share of neurons whose mask is 0 while training; the other masks are 1 / (1 -
 *     dropout), and all are 1 otherwise
 * @param emits name of the state or assigned value handed to the layer above or the readout; null
 *     for the cell's output
 */
public record LayerSpec(
    String name,
    String cellText,
    int units,
    boolean recurrent,
    Map<String, Double> constants,
    Map<String, String> parameters,
    Map<String, String> states,
    Surrogate surrogate,
    Initializer inputWeights,
    Initializer recurrentWeights,
    Initializer inputBias,
    Initializer recurrentBias,
    double dropout,
    String emits) {

  public LayerSpec {
    constants = Map.copyOf(constants);
    parameters = Map.copyOf(parameters);
    states = Map.copyOf(states);
    if (!(dropout >= 0 && dropout < 1)) {
      throw new NetworkException(
          "the dropout of layer '"
              + name
              + "' is "
              + dropout
              + "; it must be at least 0 and below 1");
    }
    if (units < 1) {
      throw new NetworkException(
          "layer '" + name + "' has " + units + " units; it needs at least one");
    }
  }

  /** A layer without dropout. */
  public LayerSpec(
      String name,
      String cellText,
      int units,
      boolean recurrent,
      Map<String, Double> constants,
      Map<String, String> parameters,
      Map<String, String> states,
      Surrogate surrogate,
      Initializer inputWeights,
      Initializer recurrentWeights,
      Initializer inputBias,
      Initializer recurrentBias,
      String emits) {
    this(
        name,
        cellText,
        units,
        recurrent,
        constants,
        parameters,
        states,
        surrogate,
        inputWeights,
        recurrentWeights,
        inputBias,
        recurrentBias,
        0,
        emits);
  }
}
