package rheobase.cell.kernel;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.ToDoubleFunction;
import rheobase.cell.graph.Arithmetic;
import rheobase.cell.graph.Graph;
import rheobase.cell.graph.Node;
import rheobase.cell.graph.Node.Binary;
import rheobase.cell.graph.Node.Constant;
import rheobase.cell.graph.Node.Function;
import rheobase.cell.graph.Node.Leaf;
import rheobase.cell.graph.Node.MultiplyAdd;
import rheobase.cell.graph.Node.Quantize;
import rheobase.cell.graph.Node.Unary;
import rheobase.cell.graph.Surrogate;
import rheobase.cell.graph.SurrogateFormula;

/**
 * Computes expressions in double precision, one node after the other: slow, plain, and what every
 * kernel is tested against.
 */
public final class Interpreter {
  private final List<Node> order;

  /** Where the operands of each node stand in {@link #order}. */
  private final int[][] operands;

  /** Where the results stand in {@link #order}. */
  private final int[] results;

  private final Surrogate smooth;

  /**
   * @param results what to compute
   * @param smooth null for the cell as it is; otherwise spikes are the integral of this surrogate
   *     and graded spikes the clamped value, so that the derivative used in training is the true
   *     one
   */
  public Interpreter(List<Node> results, Surrogate smooth) {
    this.order = Graph.ordered(results);
    this.smooth = smooth;
    var places = new IdentityHashMap<Node, Integer>();
    operands = new int[order.size()][];
    for (int i = 0; i < operands.length; i++) {
      operands[i] = order.get(i).operands().stream().mapToInt(places::get).toArray();
      places.put(order.get(i), i);
    }
    this.results = results.stream().mapToInt(places::get).toArray();
  }

  /** The results, in order, for one neuron and step whose leaves have the given values. */
  public double[] run(ToDoubleFunction<Leaf> leaves) {
    double[] values = new double[operands.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(order.get(i), operands[i], values, leaves);
    }
    double[] found = new double[results.length];
    for (int i = 0; i < found.length; i++) {
      found[i] = values[results[i]];
    }
    return found;
  }

  /**
   * @param at where in {@code values} the operands of the node stand
   */
  private double value(Node node, int[] at, double[] values, ToDoubleFunction<Leaf> leaves) {
    return switch (node) {
      case Constant(double value) -> value;
      case Leaf leaf -> leaves.applyAsDouble(leaf);
      case Unary unary ->
          unary.function() == Function.SPIKE && smooth != null
              ? SurrogateFormula.smoothSpike(smooth, values[at[0]])
              : Arithmetic.apply(unary.function(), values[at[0]]);
      case Binary binary -> Arithmetic.apply(binary.operator(), values[at[0]], values[at[1]]);
      case MultiplyAdd _ -> values[at[0]] * values[at[1]] + values[at[2]];
      case Quantize quantize ->
          smooth != null
              ? Math.clamp(values[at[0]], -values[at[1]], values[at[1]])
              : Arithmetic.quantize(
                  values[at[0]], values[at[1]], quantize.bits(), quantize.threshold());
    };
  }
}
