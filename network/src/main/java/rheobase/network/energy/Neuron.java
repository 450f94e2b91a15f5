package rheobase.network.energy;

import rheobase.cell.graph.Cell;
import rheobase.cell.graph.Cell.From;
import rheobase.cell.graph.StepOperations;
import rheobase.cell.graph.StepOperations.Signal;

/**
 * A row of the table by which operations are counted: what one neuron needs of its connections, and
 * what it does by itself in a step. A layer of n neurons with m inputs then costs
 *
 * <pre>
 *   gatesBelow mn + gatesAcross nn             synapses: MAC where a real value arrives at every
 *                                              step, AC x rate where spikes arrive
 *   n (accumulates + accumulatesPerSpike Fr)   AC
 *   n (multiplyAccumulates + multiplyAccumulatesPerSpike Fr)   MAC
 * </pre>
 *
 * @param gatesBelow weights that each value from below meets in each neuron
 * @param gatesAcross the same for recurrent values
 * @param dense whether its synapses are always counted as MAC, events or not, as tables do it for
 *     networks that do not spike
 * @param accumulates AC a step
 * @param accumulatesPerSpike AC for each spike emitted
 * @param multiplyAccumulates MAC a step
 * @param multiplyAccumulatesPerSpike MAC for each spike emitted
 * @param output what comes back through recurrent weights
 * @param emitted what goes upwards
 * @param states words kept from step to step
 * @param constants words read in each step: a bias for each gate, the neuron's fixed numbers
 */
public record Neuron(
    int gatesBelow,
    int gatesAcross,
    boolean dense,
    int accumulates,
    int accumulatesPerSpike,
    int multiplyAccumulates,
    int multiplyAccumulatesPerSpike,
    Signal output,
    Signal emitted,
    int states,
    int constants) {

  /** A plain matrix product, without dynamics: what is left of a dense layer without recurrence. */
  public static final Neuron PRODUCT = dense(1, 0, 0, 1);

  /** tanh RNN: {@code (mn + nn) MAC}; the O(n) of the activation is left out, as in the source. */
  public static final Neuron RNN = dense(1, 0, 1, 1);

  /** {@code 3 (mn + nn) MAC}; the O(n) is left out, as in the source. */
  public static final Neuron GRU = dense(3, 0, 1, 4);

  /** {@code [4 (mn + nn) + 17 n] MAC}; TC-LIF (AAAI 2024, arXiv 2308.13250), tables 2 and 4. */
  public static final Neuron LSTM = dense(4, 17, 2, 4);

  /** {@code (mn Fr_in + nn Fr_out + n Fr_out) AC + n MAC}; the same source. */
  public static final Neuron LIF = spiking(1, 1, 1);

  /**
   * {@code (mn Fr_in + nn Fr_out + 2n Fr_out) AC + 3n MAC}: the equations of Yin, Corradi and Bohté
   * 2021, counted the same way.
   */
  public static final Neuron ALIF = spiking(2, 3, 2);

  /** {@code mn Fr_in AC + n MAC}: a leaky integrator, which never fires. */
  public static final Neuron LI =
      new Neuron(1, 1, false, 0, 0, 1, 0, Signal.REAL, Signal.REAL, 1, 2);

  private static Neuron dense(int gates, int multiplyAccumulates, int states, int biases) {
    return new Neuron(
        gates, gates, true, 0, 0, multiplyAccumulates, 0, Signal.REAL, Signal.REAL, states, biases);
  }

  private static Neuron spiking(
      int accumulatesPerSpike, int multiplyAccumulates, int statesAndCoefficients) {
    return new Neuron(
        1,
        1,
        false,
        0,
        accumulatesPerSpike,
        multiplyAccumulates,
        0,
        Signal.SPIKES,
        Signal.SPIKES,
        statesAndCoefficients,
        statesAndCoefficients + 1);
  }

  /**
   * Of any cell, counted in its equations by the rules of {@link StepOperations}. For {@code lif},
   * {@code alif} and {@code leaky_integrator} these are the rows above.
   *
   * @param emits the value the layer is read by; null for the cell's output
   * @param recurrent whether the output comes back
   */
  public static Neuron of(Cell cell, String emits, boolean recurrent) {
    var step = StepOperations.of(cell, emits, recurrent);
    return new Neuron(
        gates(cell, From.RECURRENCE),
        gates(cell, From.BELOW),
        false,
        step.accumulates(),
        step.accumulatesPerSpike(),
        step.multiplyAccumulates(),
        step.multiplyAccumulatesPerSpike(),
        step.output(),
        step.emitted(),
        step.states(),
        step.coefficients() + cell.inputs().size());
  }

  /** Inputs that are not of the other connection alone. */
  private static int gates(Cell cell, From other) {
    return (int) cell.inputs().stream().filter(input -> input.from() != other).count();
  }
}
