package rheobase.cell.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import rheobase.cell.graph.Node.Binary;
import rheobase.cell.graph.Node.Constant;
import rheobase.cell.graph.Node.Function;
import rheobase.cell.graph.Node.Leaf;
import rheobase.cell.graph.Node.MultiplyAdd;
import rheobase.cell.graph.Node.Operator;
import rheobase.cell.graph.Node.Quantize;
import rheobase.cell.graph.Node.Source;
import rheobase.cell.graph.Node.Unary;

/**
 * Makes nodes. Asking twice for the same expression gives the same object (common subexpressions
 * are found by building), operations on constants are carried out, and the identities {@code x+0,
 * x-0, x*1, x*0, x/1, --x} are applied.
 */
public final class Graph {
  private final Map<List<Object>, Node> known = new HashMap<>();
  private final Map<Node, Integer> numbers = new IdentityHashMap<>();

  public Node constant(double value) {
    // 0.0 and -0.0 are one constant here: no cell can tell them apart
    return intern(
        List.of("constant", value == 0 ? 0.0 : value), new Constant(value == 0 ? 0.0 : value));
  }

  public Leaf leaf(Source source, int index, String name) {
    return (Leaf) intern(List.of(source, index, name), new Leaf(source, index, name));
  }

  public Node apply(Function function, Node x) {
    if (x instanceof Constant(double value) && Arithmetic.defined(function)) {
      return constant(Arithmetic.apply(function, value));
    }
    if (function == Function.NEGATE
        && x instanceof Unary(Function inner, Node y)
        && inner == Function.NEGATE) {
      return y;
    }
    return intern(List.of(function, number(x)), new Unary(function, x));
  }

  public Node apply(Operator operator, Node left, Node right) {
    if (left instanceof Constant(double a) && right instanceof Constant(double b)) {
      return constant(Arithmetic.apply(operator, a, b));
    }
    return switch (operator) {
      case ADD -> add(left, right);
      case SUBTRACT -> subtract(left, right);
      case MULTIPLY -> multiply(left, right);
      case DIVIDE ->
          isConstant(right, 1) ? left : isConstant(left, 0) ? left : make(operator, left, right);
      case MIN, MAX -> left == right ? left : commutative(operator, left, right);
      case AT_LEAST, AT_MOST -> make(operator, left, right);
    };
  }

  public Node add(Node left, Node right) {
    if (isConstant(left, 0)) {
      return right;
    }
    if (isConstant(right, 0)) {
      return left;
    }
    if (right instanceof Unary(Function f, Node y) && f == Function.NEGATE) {
      return subtract(left, y);
    }
    if (left instanceof Unary(Function f, Node y) && f == Function.NEGATE) {
      return subtract(right, y);
    }
    return folded(Operator.ADD, left, right);
  }

  public Node subtract(Node left, Node right) {
    if (isConstant(right, 0)) {
      return left;
    }
    if (isConstant(left, 0)) {
      return negate(right);
    }
    if (right instanceof Unary(Function f, Node y) && f == Function.NEGATE) {
      return add(left, y);
    }
    return left instanceof Constant && right instanceof Constant
        ? apply(Operator.SUBTRACT, left, right)
        : make(Operator.SUBTRACT, left, right);
  }

  public Node multiply(Node left, Node right) {
    if (isConstant(left, 0) || isConstant(right, 0)) {
      return constant(0);
    }
    if (isConstant(left, 1)) {
      return right;
    }
    if (isConstant(right, 1)) {
      return left;
    }
    if (isConstant(left, -1)) {
      return negate(right);
    }
    if (isConstant(right, -1)) {
      return negate(left);
    }
    return folded(Operator.MULTIPLY, left, right);
  }

  public Node divide(Node left, Node right) {
    return apply(Operator.DIVIDE, left, right);
  }

  public Node negate(Node x) {
    return apply(Function.NEGATE, x);
  }

  public Node multiplyAdd(Node a, Node b, Node c) {
    return intern(List.of("fma", number(a), number(b), number(c)), new MultiplyAdd(a, b, c));
  }

  public Node quantize(Node x, Node range, int bits, double threshold) {
    return intern(
        List.of("quantize", number(x), number(range), bits, threshold),
        new Quantize(x, range, bits, threshold));
  }

  /**
   * Builds {@code root} again in this graph. {@code replace} is asked before a node's operands are
   * looked at; null means: as it is. Asked twice for a node it must answer alike.
   */
  public Node rewrite(Node root, UnaryOperator<Node> replace) {
    Map<Node, Node> done = new IdentityHashMap<>();
    // a stack of our own: expressions may be deeper than that of a thread
    var open = new ArrayDeque<Node>(List.of(root));
    while (!open.isEmpty()) {
      Node node = open.peek();
      if (!done.containsKey(node)) {
        Node replaced = replace.apply(node);
        if (replaced == null && pushMissing(node, done.keySet(), open)) {
          continue;
        }
        done.put(node, replaced == null ? rebuilt(node, done) : replaced);
      }
      open.pop();
    }
    return done.get(root);
  }

  /** Pushes the operands of a node that are not done, the first on top; whether there were any. */
  private static boolean pushMissing(Node node, Set<Node> done, ArrayDeque<Node> open) {
    boolean missing = false;
    for (Node operand : node.operands().reversed()) {
      if (!done.contains(operand)) {
        open.push(operand);
        missing = true;
      }
    }
    return missing;
  }

  private Node rebuilt(Node node, Map<Node, Node> done) {
    return switch (node) {
      case Constant(double value) -> constant(value);
      case Leaf(Source source, int index, String name) -> leaf(source, index, name);
      case Unary(Function f, Node x) -> apply(f, done.get(x));
      case Binary(Operator o, Node a, Node b) -> apply(o, done.get(a), done.get(b));
      case MultiplyAdd(Node a, Node b, Node c) ->
          multiplyAdd(done.get(a), done.get(b), done.get(c));
      case Quantize(Node x, Node range, int bits, double threshold) ->
          quantize(done.get(x), done.get(range), bits, threshold);
    };
  }

  /**
   * All nodes the roots reach, each after its operands, in an order that depends on the roots only.
   */
  public static List<Node> ordered(Collection<? extends Node> roots) {
    List<Node> order = new ArrayList<>();
    Set<Node> done = Collections.newSetFromMap(new IdentityHashMap<>());
    var open = new ArrayDeque<Node>();
    for (Node root : roots) {
      open.push(root);
      while (!open.isEmpty()) {
        Node node = open.peek();
        if (!done.contains(node)) {
          if (pushMissing(node, done, open)) {
            continue;
          }
          done.add(node);
          order.add(node);
        }
        open.pop();
      }
    }
    return order;
  }

  public static boolean isConstant(Node node, double value) {
    return node instanceof Constant(double v) && v == value;
  }

  private Node folded(Operator operator, Node left, Node right) {
    return left instanceof Constant(double a) && right instanceof Constant(double b)
        ? constant(Arithmetic.apply(operator, a, b))
        : commutative(operator, left, right);
  }

  private Node commutative(Operator operator, Node left, Node right) {
    return number(left) <= number(right)
        ? make(operator, left, right)
        : make(operator, right, left);
  }

  private Node make(Operator operator, Node left, Node right) {
    return intern(
        List.of(operator, number(left), number(right)), new Binary(operator, left, right));
  }

  private Node intern(List<Object> key, Node node) {
    return known.computeIfAbsent(
        key,
        k -> {
          numbers.put(node, numbers.size());
          return node;
        });
  }

  private int number(Node node) {
    Integer number = numbers.get(node);
    if (number == null) {
      throw new IllegalArgumentException("a node of another graph: " + node);
    }
    return number;
  }
}
