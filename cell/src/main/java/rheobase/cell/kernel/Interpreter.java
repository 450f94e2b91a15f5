package rheobase.cell.kernel;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
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
  private final List<Node> results;
  private final List<Node> order;
  private final Surrogate smooth;

  /**
   * @param results what to compute
   * @param smooth null for the cell as it is; otherwise spikes are the integral of this surrogate
   *     and graded spikes the clamped value, so that the derivative used in training is the true
   *     one
   */
  public Interpreter(List<Node> results, Surrogate smooth) {
    this.results = List.copyOf(results);
    this.order = Graph.ordered(results);
    this.smooth = smooth;
  }

  /** The results, in order, for one neuron and step whose leaves have the given values. */
  public double[] run(ToDoubleFunction<Leaf> leaves) {
    Map<Node, Double> values = new IdentityHashMap<>();
    for (Node node : order) {
      values.put(
          node,
          switch (node) {
            case Constant(double value) -> value;
            case Leaf leaf -> leaves.applyAsDouble(leaf);
            case Unary(Function f, Node x) ->
                f == Function.SPIKE && smooth != null
                    ? SurrogateFormula.smoothSpike(smooth, values.get(x))
                    : Arithmetic.apply(f, values.get(x));
            case Binary(var operator, Node a, Node b) ->
                Arithmetic.apply(operator, values.get(a), values.get(b));
            case MultiplyAdd(Node a, Node b, Node c) ->
                values.get(a) * values.get(b) + values.get(c);
            case Quantize(Node x, Node range, int bits, double threshold) ->
                smooth != null
                    ? Math.clamp(values.get(x), -values.get(range), values.get(range))
                    : Arithmetic.quantize(values.get(x), values.get(range), bits, threshold);
          });
    }
    return results.stream().mapToDouble(values::get).toArray();
  }
}
