package rheobase.cell.kernel;

import static rheobase.cell.graph.Node.Function.ABS;
import static rheobase.cell.graph.Node.Function.EXPONENT;
import static rheobase.cell.graph.Node.Function.MANTISSA;
import static rheobase.cell.graph.Node.Function.POSITIVE;
import static rheobase.cell.graph.Node.Function.POWER_OF_TWO;
import static rheobase.cell.graph.Node.Operator.AT_LEAST;
import static rheobase.cell.graph.Node.Operator.AT_MOST;
import static rheobase.cell.graph.Node.Operator.MAX;
import static rheobase.cell.graph.Node.Operator.MIN;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import rheobase.cell.graph.Arithmetic;
import rheobase.cell.graph.Graph;
import rheobase.cell.graph.Node;
import rheobase.cell.graph.Node.Binary;
import rheobase.cell.graph.Node.Constant;
import rheobase.cell.graph.Node.Operator;
import rheobase.cell.graph.Node.Quantize;
import rheobase.cell.graph.Node.Unary;

/**
 * Rewrites expressions into the few operations a processor has, for single precision: elementary
 * functions become polynomials, products that feed one sum become fused multiply-adds.
 *
 * <p>Because the functions are expanded here, before any backend, the vector kernel and the plain
 * one carry out the same roundings in the same order and give the same bits on every machine. A
 * library function would not, and a call inside the loop spills all vector registers (measured: the
 * fused adaptive neuron runs 1.4 times faster with the polynomial).
 *
 * <p>Errors against double precision, which {@code LoweringTest} holds them to: exp 9e-8, tanh and
 * sigmoid 1.6e-7, log 2.5e-7, each relative to the value over its whole range; sin and cos 8e-8
 * absolute. For every float the result is defined: exp holds its argument to [-87, 88], log to the
 * smallest normal float and above, sin and cos to &plusmn;65536; NaN stays NaN.
 */
final class Lowering {
  /**
   * Adding and subtracting this rounds a float of magnitude below 2^22 to a whole number (ties to
   * even).
   */
  private static final double ROUNDER = 0x1.8p23;

  /** Sine and cosine hold their argument to this. */
  private static final double LARGEST_ANGLE = 65536;

  private final Graph graph = new Graph();

  private Lowering() {}

  /** The same values, over a graph of their own. */
  static List<Node> lower(List<Node> roots) {
    var lowering = new Lowering();
    List<Node> expanded = lowering.expand(roots);
    return lowering.fuse(expanded);
  }

  private List<Node> expand(List<Node> roots) {
    Map<Node, Node> done = new IdentityHashMap<>();
    for (Node node : Graph.ordered(roots)) {
      done.put(
          node,
          switch (node) {
            case Unary(var function, Node x) -> function(function, done.get(x));
            case Quantize(Node x, Node range, int bits, double threshold) ->
                quantize(done.get(x), done.get(range), bits, threshold);
            default -> graph.rewrite(node, done::get);
          });
    }
    return roots.stream().map(done::get).toList();
  }

  private Node function(Node.Function function, Node x) {
    return switch (function) {
      case EXP -> exp(x);
      case LOG -> log(x);
      case SIGMOID -> graph.divide(c(1), graph.add(c(1), exp(graph.negate(x))));
      case TANH -> tanh(x);
      case RELU -> graph.apply(MAX, x, c(0));
      case SPIKE -> graph.apply(POSITIVE, x);
      case SIN -> sine(x, 0);
      case COS -> sine(x, 1);
      case NEGATE, SQRT, ABS, POSITIVE, POWER_OF_TWO, EXPONENT, MANTISSA ->
          graph.apply(function, x);
    };
  }

  /**
   * {@code exp(x) = 2^n exp(r)} with {@code r = x - n ln 2} in two parts (Cody and Waite) and a
   * polynomial of degree 6 in |r| &lt;= 0.347, whose coefficients above the first two are fitted
   * for the least relative error, 3e-9. Arguments are held to [-87, 88], where results stay normal
   * floats.
   */
  private Node exp(Node x) {
    Node below = isNeverPositive(x) ? x : graph.apply(AT_MOST, x, c(88));
    Node held = graph.apply(AT_LEAST, below, c(-87));
    Node shifted = fma(held, c(1 / Math.log(2)), c(ROUNDER));
    Node n = graph.subtract(shifted, c(ROUNDER));
    Node r = fma(n, c(-0.693359375), held);
    r = fma(n, c(0.693359375 - Math.log(2)), r);
    Node polynomial =
        polynomial(
            r,
            1.3814540104691506e-3,
            8.368745195635689e-3,
            4.166839079138333e-2,
            1.6666520398318302e-1,
            4.99999934320767e-1,
            1,
            1);
    return graph.multiply(polynomial, graph.apply(POWER_OF_TWO, shifted));
  }

  /** Whether it is a negative constant times a square or a magnitude, as in every Gaussian. */
  private static boolean isNeverPositive(Node node) {
    return node instanceof Binary(Operator operator, Node a, Node b)
        && operator == Operator.MULTIPLY
        && (isNegative(a) && isNeverNegative(b) || isNegative(b) && isNeverNegative(a));
  }

  private static boolean isNegative(Node node) {
    return node instanceof Constant(double value) && value < 0;
  }

  private static boolean isNeverNegative(Node node) {
    return switch (node) {
      case Binary(Operator operator, Node a, Node b) -> operator == Operator.MULTIPLY && a == b;
      case Unary(Node.Function function, Node _) -> function == ABS;
      default -> false;
    };
  }

  /**
   * {@code log(x)} from the exponent and the mantissa brought into [0.707, 1.414]: with {@code s =
   * (m-1)/(m+1)}, {@code log m = 2s (1 + s^2/3 + s^4/5 + ...)}, whose terms to s^10 leave 1e-9.
   */
  private Node log(Node x) {
    Node held = graph.apply(MAX, x, c(Float.MIN_NORMAL));
    Node mantissa = graph.apply(MANTISSA, held);
    Node large = graph.apply(POSITIVE, graph.subtract(mantissa, c((float) Math.sqrt(2))));
    Node m = graph.multiply(mantissa, fma(large, c(-0.5), c(1)));
    Node e = graph.add(graph.subtract(graph.apply(EXPONENT, held), c(0x1p23 + 127)), large);
    Node s = graph.divide(graph.subtract(m, c(1)), graph.add(m, c(1)));
    Node square = graph.multiply(s, s);
    Node series = polynomial(square, 2.0 / 11, 2.0 / 9, 2.0 / 7, 2.0 / 5, 2.0 / 3, 2);
    Node low = fma(s, series, graph.multiply(e, c(Math.log(2) - 0.693359375)));
    // zero times the argument adds nothing, but keeps NaN and infinity from passing as the number
    // their bits suggest
    return fma(held, c(0), fma(e, c(0.693359375), low));
  }

  /**
   * {@code tanh(x)}: odd Taylor-like polynomial near zero, {@code 1 - 2/(exp(2|x|)+1)} beyond
   * 0.625, both smooth where they meet.
   */
  private Node tanh(Node unbounded) {
    // beyond 10 it is 1 in single precision; the polynomial, which is computed there too, must stay
    // finite
    Node x = hold(unbounded, 10);
    Node magnitude = graph.apply(ABS, x);
    // held to 1, far beyond where it is used, so that the branch not taken stays finite and
    // select() is exact
    Node square = graph.apply(MIN, graph.multiply(x, x), c(1));
    // near zero: minimax coefficients of the Cephes library (Moshier)
    Node inner =
        polynomial(
            square,
            -5.70498872745e-3,
            2.06390887954e-2,
            -5.37397155531e-2,
            1.33314422036e-1,
            -3.33332819422e-1);
    Node near = fma(graph.multiply(square, inner), x, x);
    Node outer =
        graph.subtract(
            c(1), graph.divide(c(2), graph.add(exp(graph.add(magnitude, magnitude)), c(1))));
    Node far = graph.multiply(outer, sign(x));
    return select(graph.apply(POSITIVE, graph.subtract(magnitude, c(0.625))), far, near);
  }

  /**
   * {@code sin(x + quarters pi/2)}: the argument reduced to |r| &lt;= pi/4 in three parts, which
   * lose nothing up to {@link #LARGEST_ANGLE}.
   */
  private Node sine(Node unbounded, int quarters) {
    Node x = hold(unbounded, LARGEST_ANGLE);
    Node n = round(graph.multiply(x, c(2 / Math.PI)));
    double high = 1.5703125;
    double middle = 4.837512969970703e-4;
    Node r = fma(n, c(-high), x);
    r = fma(n, c(-middle), r);
    r = fma(n, c(high + middle - Math.PI / 2), r);
    Node square = graph.multiply(r, r);
    Node sine =
        fma(
            graph.multiply(
                square, polynomial(square, 1.0 / 362880, -1.0 / 5040, 1.0 / 120, -1.0 / 6)),
            r,
            r);
    Node cosine = polynomial(square, -1.0 / 3628800, 1.0 / 40320, -1.0 / 720, 1.0 / 24, -0.5, 1);
    Node quadrant = graph.add(n, c(quarters));
    Node half = halfDown(quadrant);
    Node odd = fma(half, c(-2), quadrant);
    Node negative = fma(halfDown(half), c(-2), half);
    return graph.multiply(select(odd, cosine, sine), fma(negative, c(-2), c(1)));
  }

  private Node hold(Node x, double limit) {
    return graph.apply(AT_LEAST, graph.apply(AT_MOST, x, c(limit)), c(-limit));
  }

  /** {@code floor(n / 2)} of a whole number: a quarter below the half never is a tie. */
  private Node halfDown(Node n) {
    return round(fma(n, c(0.5), c(-0.25)));
  }

  private Node quantize(Node x, Node range, int bits, double threshold) {
    Node lowest = bits == 1 ? c(0) : graph.negate(range);
    Node held = graph.apply(MAX, graph.apply(MIN, x, range), lowest);
    if (bits >= Arithmetic.UNQUANTIZED_BITS) {
      return held;
    }
    Node levels = graph.divide(c(Arithmetic.levels(bits)), range);
    Node scaled = graph.multiply(graph.apply(ABS, held), levels);
    Node rounded = round(scaled);
    Node level = graph.subtract(rounded, graph.apply(POSITIVE, graph.subtract(rounded, scaled)));
    Node fires = graph.apply(POSITIVE, graph.subtract(level, c(threshold)));
    return graph.multiply(graph.multiply(graph.divide(level, levels), fires), sign(held));
  }

  /**
   * {@code first} where {@code condition} is 1, {@code second} where it is 0; exact, as both are
   * finite.
   */
  private Node select(Node condition, Node first, Node second) {
    return fma(condition, first, graph.multiply(graph.subtract(c(1), condition), second));
  }

  private Node sign(Node x) {
    return graph.subtract(graph.apply(POSITIVE, x), graph.apply(POSITIVE, graph.negate(x)));
  }

  private Node round(Node x) {
    return graph.subtract(graph.add(x, c(ROUNDER)), c(ROUNDER));
  }

  /** Horner's rule, highest power first. */
  private Node polynomial(Node x, double... coefficients) {
    Node sum = c(coefficients[0]);
    for (int i = 1; i < coefficients.length; i++) {
      sum = fma(sum, x, c(coefficients[i]));
    }
    return sum;
  }

  private Node fma(Node a, Node b, Node c) {
    return graph.multiplyAdd(a, b, c);
  }

  private Node c(double value) {
    return graph.constant(value);
  }

  /** {@code a*b + c} becomes one operation where the product has no other use. */
  private List<Node> fuse(List<Node> roots) {
    Map<Node, Integer> uses = new IdentityHashMap<>();
    roots.forEach(root -> uses.merge(root, 1, Integer::sum));
    List<Node> order = Graph.ordered(roots);
    order.forEach(node -> node.operands().forEach(operand -> uses.merge(operand, 1, Integer::sum)));
    Map<Node, Node> done = new IdentityHashMap<>();
    for (Node node : order) {
      Node fused = null;
      if (node instanceof Binary(Operator operator, Node left, Node right)
          && operator == Operator.ADD) {
        if (isSoleProduct(left, uses)) {
          fused = fused((Binary) left, right, done);
        } else if (isSoleProduct(right, uses)) {
          fused = fused((Binary) right, left, done);
        }
      }
      done.put(node, fused != null ? fused : graph.rewrite(node, done::get));
    }
    var result = new ArrayList<Node>();
    roots.forEach(root -> result.add(done.get(root)));
    return result;
  }

  private Node fused(Binary product, Node summand, Map<Node, Node> done) {
    return fma(done.get(product.left()), done.get(product.right()), done.get(summand));
  }

  private static boolean isSoleProduct(Node node, Map<Node, Integer> uses) {
    return node instanceof Binary(Operator operator, Node a, Node b)
        && operator == Operator.MULTIPLY
        && uses.get(node) == 1
        && !(a instanceof Constant && b instanceof Constant);
  }
}
