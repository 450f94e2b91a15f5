package rheobase.cell.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import rheobase.cell.graph.Gradient.Seed;
import rheobase.cell.graph.Node.Binary;
import rheobase.cell.graph.Node.Constant;
import rheobase.cell.graph.Node.Leaf;
import rheobase.cell.graph.Node.Source;

/**
 * One time step of a cell and its reverse, ready for a backend: straight-line expressions over
 * leaves, with everything that depends on parameters only taken out into coefficients.
 *
 * <p>How it is made, in this order:
 *
 * <ol>
 *   <li><b>Live states.</b> States that no emitted value ever depends on are dropped (with {@code
 *       beta = 0} the adaptation of an adaptive neuron disappears).
 *   <li><b>Coefficients.</b> Each largest expression over parameters and constants becomes a {@link
 *       Source#COEFFICIENT}, so {@code exp(-dt/tau)} is computed once a sequence and neuron and its
 *       gradient is chained once. A cheap function of another coefficient, such as {@code 1 -
 *       alpha}, stays in the step: it costs less than the memory it would need, and its gradient
 *       joins that of {@code alpha}.
 *   <li><b>Derivative.</b> {@link Gradient} of the step. Of the forward values, the backward pass
 *       needs only states before and after the step and the drive; all else is computed again from
 *       them, so nothing more is ever stored.
 * </ol>
 *
 * @param cell where it comes from
 * @param states indices (in {@code cell.states()}) of the live states; PREVIOUS, NEXT and state
 *     gradients are numbered by place here
 * @param coefficients what each coefficient is, over PARAMETER leaves
 * @param next the new value of each live state, over PREVIOUS, DRIVE, COEFFICIENT, MASK, RANGE
 * @param emitted what leaves the layer: first the cell's output, then, where it differs, the value
 *     the layer is read by
 * @param emittedState for each emitted value the place of the live state that it is, or -1
 * @param driveGradient per input; GRADIENT leaf e is that of emitted value e, GRADIENT leaf
 *     emitted+k that of live state k after the step
 * @param previousGradient per live state, of its value before the step
 * @param coefficientGradient per coefficient, this step's contribution
 * @param parameterGradient per parameter of the cell, over PARAMETER leaves and GRADIENT leaves of
 *     the coefficients
 * @param ranged what each quantiser is applied to, by the index of its range
 * @param near above zero where the gradient of the emitted value is used at all: of a spike whose
 *     surrogate ends at some distance from the threshold; over the leaves that the backward pass
 *     reads. Null where it is used everywhere
 */
public record StepProgram(
    Cell cell,
    List<Integer> states,
    List<Node> coefficients,
    List<Node> next,
    List<Node> emitted,
    List<Integer> emittedState,
    List<Node> driveGradient,
    List<Node> previousGradient,
    List<Node> coefficientGradient,
    List<Node> parameterGradient,
    List<Node> ranged,
    Node near) {

  /**
   * @param emits the value the layer is read by; null for the cell's output
   * @param recurrent whether the output is needed beside it
   * @throws IllegalArgumentException when the cell has no such value
   */
  public static StepProgram of(Cell cell, String emits, boolean recurrent, Surrogate surrogate) {
    if (emits != null && !cell.has(emits)) {
      throw new IllegalArgumentException(
          "cell '%s' has no state or value '%s' to emit".formatted(cell.name(), emits));
    }
    return new Maker(cell, surrogate).make(emits == null ? cell.output() : emits, recurrent);
  }

  /** Bits of the quantiser that has the given range. */
  public int bits(int range) {
    for (Node node : Graph.ordered(both(next, emitted))) {
      if (node instanceof Node.Quantize(Node _, Leaf leaf, int bits, double _)
          && leaf.index() == range) {
        return bits;
      }
    }
    return 1;
  }

  private static List<Node> both(List<Node> first, List<Node> second) {
    var all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  /** Whether the cell's output is a spike: it can only be 0 or 1 after the first step. */
  public boolean spikes() {
    return cell.value(cell.output()) instanceof Node.Unary(Node.Function f, Node _)
        && f == Node.Function.SPIKE;
  }

  /**
   * Whether the output is made of spikes or graded spikes such that it is zero while they are, so
   * that most of its values are zero.
   */
  public boolean sparse() {
    return sparse(cell.value(cell.output()));
  }

  private static boolean sparse(Node node) {
    return switch (node) {
      case Node.Quantize _ -> true;
      case Node.Unary(Node.Function f, Node x) ->
          f == Node.Function.SPIKE || f == Node.Function.NEGATE && sparse(x);
      case Binary(Node.Operator operator, Node a, Node b) ->
          switch (operator) {
            case ADD, SUBTRACT -> sparse(a) && sparse(b);
            case MULTIPLY -> sparse(a) || sparse(b);
            default -> false;
          };
      default -> false;
    };
  }

  private static final class Maker {
    private final Cell cell;
    private final Surrogate surrogate;
    private final Graph graph;
    private final List<Node> coefficients = new ArrayList<>();
    private final Map<Node, Node> coefficientLeaf = new IdentityHashMap<>();
    private final Map<Node, Boolean> parameterOnly = new IdentityHashMap<>();

    Maker(Cell cell, Surrogate surrogate) {
      this.cell = cell;
      this.surrogate = surrogate;
      this.graph = cell.graph();
    }

    StepProgram make(String emits, boolean recurrent) {
      var names = new LinkedHashSet<String>();
      if (recurrent) {
        names.add(cell.output());
      }
      names.add(emits);
      List<Integer> live = liveStates(names);
      List<Node> next =
          live.stream().map(i -> step(cell.value(cell.states().get(i).name()), live)).toList();
      List<Node> emitted = names.stream().map(name -> step(cell.value(name), live)).toList();
      // by name: two states may come to the same value and yet start apart
      List<Integer> emittedState = names.stream().map(name -> live.indexOf(state(name))).toList();

      var seeds = new ArrayList<Seed>();
      for (int e = 0; e < emitted.size(); e++) {
        seeds.add(new Seed(emitted.get(e), graph.leaf(Source.GRADIENT, e, "gradient")));
      }
      for (int k = 0; k < next.size(); k++) {
        seeds.add(
            new Seed(next.get(k), graph.leaf(Source.GRADIENT, emitted.size() + k, "gradient")));
      }
      Map<Leaf, Node> gradient = Gradient.of(graph, seeds, surrogate);
      Map<Node, Node> known = new IdentityHashMap<>();
      for (int k = 0; k < next.size(); k++) {
        // a state that only keeps its value, or a plain constant, is no cheaper to load than to use
        if (!(next.get(k) instanceof Leaf || next.get(k) instanceof Constant)) {
          known.put(next.get(k), graph.leaf(Source.NEXT, k, "next"));
        }
      }
      return new StepProgram(
          cell,
          live,
          List.copyOf(coefficients),
          next,
          emitted,
          emittedState,
          gradients(gradient, known, Source.DRIVE, cell.inputs().size()),
          gradients(gradient, known, Source.PREVIOUS, live.size()),
          gradients(gradient, known, Source.COEFFICIENT, coefficients.size()),
          parameterGradient(),
          ranged(emitted, next),
          near(emitted, known));
    }

    /** The index of a state of the cell, or -1. */
    private int state(String name) {
      return cell.states().stream().map(Cell.State::name).toList().indexOf(name);
    }

    private List<Integer> liveStates(Set<String> names) {
      Set<Integer> live = new LinkedHashSet<>();
      var open = new ArrayList<>(names.stream().map(cell::value).toList());
      while (!open.isEmpty()) {
        for (Node node : Graph.ordered(List.of(open.removeLast()))) {
          if (node instanceof Leaf(Source source, int index, String _)
              && source == Source.PREVIOUS
              && live.add(index)) {
            open.add(cell.value(cell.states().get(index).name()));
          }
        }
      }
      // an emitted state is kept even where no step reads it: its tape is where the layer above
      // looks
      for (int i = 0; i < cell.states().size(); i++) {
        if (names.contains(cell.states().get(i).name())) {
          live.add(i);
        }
      }
      return live.stream().sorted().toList();
    }

    /** The expression with coefficients taken out and the live states renumbered. */
    private Node step(Node node, List<Integer> live) {
      return graph.rewrite(
          node,
          n -> {
            if (n instanceof Leaf(Source source, int index, String name)
                && source == Source.PREVIOUS) {
              return graph.leaf(Source.PREVIOUS, live.indexOf(index), name);
            }
            return dependsOnParametersOnly(n) ? coefficient(n) : null;
          });
    }

    private Node coefficient(Node node) {
      if (node instanceof Binary(var operator, Node a, Node b)
          && switch (operator) {
            case ADD, SUBTRACT, MULTIPLY -> true;
            default -> false;
          }) {
        if (a instanceof Constant && !(b instanceof Leaf)) {
          return graph.apply(operator, a, coefficient(b));
        }
        if (b instanceof Constant && !(a instanceof Leaf)) {
          return graph.apply(operator, coefficient(a), b);
        }
      }
      return coefficientLeaf.computeIfAbsent(
          node,
          n -> {
            coefficients.add(n);
            return graph.leaf(Source.COEFFICIENT, coefficients.size() - 1, "coefficient");
          });
    }

    private boolean dependsOnParametersOnly(Node node) {
      Boolean found = parameterOnly.get(node);
      if (found == null) {
        found =
            switch (node) {
              case Constant _ -> false;
              case Leaf leaf -> leaf.source() == Source.PARAMETER;
              default -> {
                boolean all = true;
                for (Node operand : node.operands()) {
                  all &= operand instanceof Constant || dependsOnParametersOnly(operand);
                }
                yield all;
              }
            };
        parameterOnly.put(node, found);
      }
      return found;
    }

    private List<Node> gradients(
        Map<Leaf, Node> gradient, Map<Node, Node> known, Source source, int count) {
      var list = new ArrayList<Node>(Collections.nCopies(count, graph.constant(0)));
      gradient.forEach((leaf, g) -> {
        if (leaf.source() == source) {
          list.set(leaf.index(), graph.rewrite(g, known::get));
        }
      });
      return List.copyOf(list);
    }

    private List<Node> parameterGradient() {
      var seeds = new ArrayList<Seed>();
      for (int c = 0; c < coefficients.size(); c++) {
        seeds.add(new Seed(coefficients.get(c), graph.leaf(Source.GRADIENT, c, "gradient")));
      }
      return gradients(
          Gradient.of(graph, seeds, surrogate),
          Map.of(),
          Source.PARAMETER,
          cell.parameters().size());
    }

    private Node near(List<Node> emitted, Map<Node, Node> known) {
      double support = SurrogateFormula.support(surrogate);
      if (emitted.size() == 1
          && emitted.getFirst() instanceof Node.Unary(Node.Function f, Node x)
          && f == Node.Function.SPIKE
          && Double.isFinite(support)) {
        Node distance = graph.apply(Node.Function.ABS, graph.rewrite(x, known::get));
        return graph.subtract(graph.constant(support), distance);
      }
      return null;
    }

    private List<Node> ranged(List<Node> emitted, List<Node> next) {
      var list = new ArrayList<Node>(Collections.nCopies(cell.ranges(), graph.constant(0)));
      var roots = new ArrayList<>(emitted);
      roots.addAll(next);
      for (Node node : Graph.ordered(roots)) {
        if (node instanceof Node.Quantize(Node x, Leaf range, int _, double _)) {
          list.set(range.index(), x);
        }
      }
      return List.copyOf(list);
    }
  }
}
