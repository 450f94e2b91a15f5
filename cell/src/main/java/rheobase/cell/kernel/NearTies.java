package rheobase.cell.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import rheobase.cell.graph.Arithmetic;
import rheobase.cell.graph.Graph;
import rheobase.cell.graph.Node;
import rheobase.cell.graph.Node.Function;
import rheobase.cell.graph.Node.Leaf;
import rheobase.cell.graph.Node.Quantize;
import rheobase.cell.graph.Node.Unary;

/**
 * Finds the neurons where rounding decides: those with a value that jumps (a spike, a level of a
 * graded spike, the slope of {@code relu}, {@code abs}, {@code min} and {@code max}) so near its
 * jump that single and double precision may stand on different sides of it.
 */
final class NearTies {
  /**
   * Distance from a jump, relative to the values that are compared; float rounding in a step stays
   * well below.
   */
  private static final double NEAR = 1e-5;

  private final List<Node> jumps;
  private final Interpreter interpreter;

  NearTies(List<Node> results) {
    jumps = Graph.ordered(results).stream().filter(NearTies::jumps).toList();
    var compared = new ArrayList<Node>();
    for (Node jump : jumps) {
      Node x = jump.operands().getFirst();
      compared.add(x);
      compared.addAll(
          jump instanceof Quantize(Node _, Node range, int _, double _)
              ? List.of(range)
              : x.operands());
    }
    interpreter = new Interpreter(compared, null);
  }

  private static boolean jumps(Node node) {
    return node instanceof Quantize
        || node instanceof Unary(Function f, Node _)
            && (f == Function.SPIKE || f == Function.POSITIVE);
  }

  /** Whether a neuron whose leaves have the given values is near a jump. */
  boolean at(ToDoubleFunction<Leaf> leaves) {
    double[] values = interpreter.run(leaves);
    int next = 0;
    for (Node jump : jumps) {
      double x = values[next++];
      if (jump instanceof Quantize(Node _, Node _, int bits, double threshold)) {
        if (nearLevel(x, values[next++], bits, threshold)) {
          return true;
        }
      } else {
        double magnitude = 1;
        for (int i = jump.operands().getFirst().operands().size(); i > 0; i--) {
          magnitude = Math.max(magnitude, Math.abs(values[next++]));
        }
        if (Math.abs(x) < NEAR * magnitude) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Steps closer together than rounding can tell are no jumps, except the first that fires. Zero is
   * no step: truncation goes toward it from both sides.
   */
  private static boolean nearLevel(double x, double range, int bits, double threshold) {
    double scale = Arithmetic.quantizerScale(range, bits);
    double level = Math.min(Math.abs(x), range) * scale;
    double near = NEAR * Math.max(1, Math.abs(x)) * scale;
    double step = Math.max(1, Math.rint(level));
    double firing = Math.floor(threshold) + 1;
    return Math.abs(level - firing) < near || near < 0.5 && Math.abs(level - step) < near;
  }
}
