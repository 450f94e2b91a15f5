package rheobase.network.reference;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rheobase.data.Sequence;
import rheobase.network.LayerSpec;
import rheobase.network.NetworkException;
import rheobase.network.NetworkSpec;

/**
 * A network in double precision, one sequence at a time: slow, plain, and what the engine is tested
 * against. It shares with the engine only the cell itself and its derivative ({@link
 * rheobase.cell.kernel.ReferenceCell}), not a line of how layers, readouts or losses are run.
 *
 * <p>Tensors have the engine's names ({@code hidden.weight_in}) and stand in their saved shape,
 * flat: a matrix {@code [to][from]}, gate blocks one below the other in the order the cell declares
 * its inputs.
 *
 * <p>Masks are 1 and the ranges of quantisers are 1, as in an evaluation.
 */
public final class ReferenceNetwork {
  private final NetworkSpec spec;
  private final List<ReferenceLevel> levels = new ArrayList<>();

  /**
   * @param parameters every tensor by name
   * @throws NetworkException when a tensor is missing or has the wrong number of values
   */
  public ReferenceNetwork(NetworkSpec spec, Map<String, double[]> parameters) {
    this(spec, parameters, false);
  }

  /**
   * @param smooth whether spikes are replaced by the integral of their surrogate, so that the
   *     gradient is the true derivative of the loss and finite differences can check it
   */
  public ReferenceNetwork(NetworkSpec spec, Map<String, double[]> parameters, boolean smooth) {
    this.spec = spec;
    int from = spec.inputs();
    for (LayerSpec layer : spec.layers()) {
      levels.add(new ReferenceLevel(layer, from, parameters, smooth));
      from = layer.width();
    }
  }

  /**
   * What one layer did, or one direction of it, in the order in which it reads.
   *
   * @param name what its tensors begin with
   * @param values every name the cell assigns, {@code [step][unit]}
   * @param drive {@code [step][input][unit]}
   * @param emitted what the layer hands upwards, {@code [step][unit]}
   */
  public record LayerTrace(
      String name, Map<String, double[][]> values, double[][][] drive, double[][] emitted) {}

  /**
   * What one sequence came to.
   *
   * @param loss of this sequence
   * @param gradients of the loss, by tensor name, in saved shape
   */
  public record Result(double loss, List<LayerTrace> layers, Map<String, double[]> gradients) {}

  /** {@link #run(Sequence, List, int)} from the cells' own initial states, without truncation. */
  public Result run(Sequence sequence) {
    return run(sequence, List.of(), 0);
  }

  /**
   * Runs one sequence forward and back.
   *
   * @param initial per layer, or direction of a bidirectional one (forward first), initial states
   *     by name, {@code [unit]}; a layer or state that is not there starts with the number its cell
   *     gives
   * @param truncateSteps the gradient does not pass from a step that is a multiple of this to the
   *     one before; 0 for the whole gradient
   * @throws NetworkException when an initial state is left to a distribution
   */
  public Result run(Sequence sequence, List<Map<String, double[]>> initial, int truncateSteps) {
    return run(sequence, initial, truncateSteps, 0);
  }

  /**
   * The same, but of the gradient only what the loss passes to the steps from {@code since} on.
   *
   * @param since 0 for all of it
   */
  public Result run(
      Sequence sequence, List<Map<String, double[]>> initial, int truncateSteps, int since) {
    var passes = new ArrayList<ReferenceLevel.Pass>();
    var rest = new ArrayDeque<>(initial);
    double[][] below = values(sequence);
    for (int i = 0; i < levels.size(); i++) {
      var given = new ArrayList<Map<String, double[]>>();
      for (int d = 0; d < ReferenceLevel.names(spec.layers().get(i)).size(); d++) {
        given.add(rest.isEmpty() ? Map.of() : rest.remove());
      }
      ReferenceLevel.Pass pass = levels.get(i).forward(below, given);
      passes.add(pass);
      below = pass.emitted();
    }
    var loss = ReferenceLoss.of(spec.readout(), spec.loss(), below, sequence);
    var gradients = new LinkedHashMap<String, double[]>();
    double[][] gradient = loss.gradient();
    for (int t = 0; t < Math.min(since, gradient.length); t++) {
      Arrays.fill(gradient[t], 0);
    }
    for (int i = levels.size() - 1; i >= 0; i--) {
      gradient = levels.get(i).backward(passes.get(i), gradient, truncateSteps, gradients);
    }
    var traces = new ArrayList<LayerTrace>();
    for (int i = 0; i < levels.size(); i++) {
      List<String> names = ReferenceLevel.names(spec.layers().get(i));
      for (int d = 0; d < names.size(); d++) {
        ReferenceLayer.Pass pass = passes.get(i).passes().get(d);
        traces.add(new LayerTrace(names.get(d), pass.values(), pass.drive(), pass.emitted()));
      }
    }
    return new Result(loss.loss(), traces, gradients);
  }

  private static double[][] values(Sequence sequence) {
    double[][] values = new double[sequence.steps()][sequence.channels()];
    float[] flat = sequence.values();
    for (int t = 0; t < sequence.steps(); t++) {
      for (int c = 0; c < sequence.channels(); c++) {
        values[t][c] = flat[t * sequence.channels() + c];
      }
    }
    return values;
  }
}
