package rheobase.cell.graph;

import static rheobase.cell.graph.Node.Function.COS;
import static rheobase.cell.graph.Node.Function.POSITIVE;
import static rheobase.cell.graph.Node.Function.SIN;
import static rheobase.cell.graph.Node.Operator.MAX;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import rheobase.cell.graph.Node.Binary;
import rheobase.cell.graph.Node.Constant;
import rheobase.cell.graph.Node.Leaf;
import rheobase.cell.graph.Node.MultiplyAdd;
import rheobase.cell.graph.Node.Quantize;
import rheobase.cell.graph.Node.Unary;

/**
 * Reverse-mode derivative: given the gradient that arrives at each result, the gradient of every
 * leaf, as expressions over the same graph. {@link #send} is the whole table of derivatives.
 */
public final class Gradient {
  private final Graph graph;
  private final Surrogate surrogate;
  private final Map<Node, Node> arrived = new IdentityHashMap<>();

  private Gradient(Graph graph, Surrogate surrogate) {
    this.graph = graph;
    this.surrogate = surrogate;
  }

  /**
   * @param results the values that have a gradient, with that gradient; a node may stand there
   *     twice
   * @param surrogate what {@code spike} passes back
   * @return the gradient of every leaf reached; leaves without one are absent
   */
  public static Map<Leaf, Node> of(Graph graph, List<Seed> results, Surrogate surrogate) {
    var gradient = new Gradient(graph, surrogate);
    results.forEach(seed -> gradient.arrive(seed.result(), seed.gradient()));
    var backwards = Graph.ordered(results.stream().map(Seed::result).toList()).reversed();
    var leaves = new IdentityHashMap<Leaf, Node>();
    for (Node node : backwards) {
      Node g = gradient.arrived.get(node);
      if (g != null && !Graph.isConstant(g, 0)) {
        gradient.send(node, g);
        if (node instanceof Leaf leaf) {
          leaves.put(leaf, g);
        }
      }
    }
    return Collections.unmodifiableMap(leaves);
  }

  /** A result and the gradient that arrives at it. */
  public record Seed(Node result, Node gradient) {}

  private void arrive(Node node, Node gradient) {
    arrived.merge(node, gradient, graph::add);
  }

  /** Sends {@code g}, the gradient of {@code y}, on to the operands of {@code y}. */
  private void send(Node y, Node g) {
    switch (y) {
      case Constant _, Leaf _ -> {}
      case Binary(var operator, Node a, Node b) -> {
        switch (operator) {
          case ADD -> {
            arrive(a, g);
            arrive(b, g);
          }
          case SUBTRACT -> {
            arrive(a, g);
            arrive(b, graph.negate(g));
          }
          case MULTIPLY -> {
            arrive(a, graph.multiply(g, b));
            arrive(b, graph.multiply(g, a));
          }
          case DIVIDE -> {
            Node share = graph.divide(g, b);
            arrive(a, share);
            arrive(b, graph.negate(graph.multiply(share, y)));
          }
          // where both are equal the gradient goes to the second, as the graph orders them
          case MIN -> choose(graph.apply(POSITIVE, graph.subtract(b, a)), a, b, g);
          case MAX -> choose(graph.apply(POSITIVE, graph.subtract(a, b)), a, b, g);
          case AT_LEAST -> choose(graph.apply(POSITIVE, graph.subtract(b, a)), b, a, g);
          case AT_MOST -> choose(graph.apply(POSITIVE, graph.subtract(a, b)), b, a, g);
        }
      }
      case Unary(var function, Node x) -> arrive(x, graph.multiply(g, slope(function, x, y)));
      case MultiplyAdd(Node a, Node b, Node c) -> {
        arrive(a, graph.multiply(g, b));
        arrive(b, graph.multiply(g, a));
        arrive(c, g);
      }
      // straight through inside the tracked range, nothing outside; the range itself gets none
      case Quantize(Node x, Node range, int _, double _) -> {
        Node beyond =
            graph.apply(POSITIVE, graph.subtract(graph.apply(Node.Function.ABS, x), range));
        arrive(x, graph.multiply(g, graph.subtract(graph.constant(1), beyond)));
      }
    }
  }

  private void choose(Node first, Node a, Node b, Node g) {
    arrive(a, graph.multiply(g, first));
    arrive(b, graph.multiply(g, graph.subtract(graph.constant(1), first)));
  }

  /** dy/dx of {@code y = function(x)}. */
  private Node slope(Node.Function function, Node x, Node y) {
    Node one = graph.constant(1);
    return switch (function) {
      case NEGATE -> graph.constant(-1);
      case EXP -> y;
      case LOG -> {
        // below the smallest normal float log holds its argument (see Arithmetic): a plain 1/x
        // would be infinite or wrong there
        Node smallest = graph.constant(Float.MIN_NORMAL);
        Node above = graph.apply(POSITIVE, graph.subtract(x, smallest));
        yield graph.divide(above, graph.apply(MAX, x, smallest));
      }
      case SQRT -> graph.divide(graph.constant(0.5), y);
      case SIGMOID -> graph.multiply(y, graph.subtract(one, y));
      case TANH -> graph.subtract(one, graph.multiply(y, y));
      case RELU -> graph.apply(POSITIVE, x);
      case ABS -> graph.subtract(graph.apply(POSITIVE, x), graph.apply(POSITIVE, graph.negate(x)));
      case SIN -> graph.apply(COS, x);
      case COS -> graph.negate(graph.apply(SIN, x));
      case POSITIVE -> graph.constant(0);
      case SPIKE -> SurrogateFormula.derivative(surrogate, graph, x);
      case POWER_OF_TWO, EXPONENT, MANTISSA ->
          throw new IllegalArgumentException(
              "a lowered program is not differentiated: " + function);
    };
  }
}
