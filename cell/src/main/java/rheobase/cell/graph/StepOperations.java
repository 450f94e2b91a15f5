package rheobase.cell.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import rheobase.cell.graph.Node.Binary;
import rheobase.cell.graph.Node.Constant;
import rheobase.cell.graph.Node.Function;
import rheobase.cell.graph.Node.Leaf;
import rheobase.cell.graph.Node.MultiplyAdd;
import rheobase.cell.graph.Node.Quantize;
import rheobase.cell.graph.Node.Source;
import rheobase.cell.graph.Node.Unary;

/**
 * What one neuron has to compute in one time step, counted in its equations; its synapses are not
 * in it. The rules are those by which the literature on spiking networks counts the leaky
 * integrate-and-fire neuron (one multiply-accumulate a step, one accumulate a spike), applied to
 * any cell:
 *
 * <ol>
 *   <li>A product of two real values is a multiply-accumulate (MAC). It brings an addition with it,
 *       so a sum of T terms of which P are products costs P MAC and T - 1 - P accumulates (AC).
 *   <li>A spike multiplies nothing, it lets a value pass or not: one AC for each spike, and the sum
 *       that the value then joins is paid for. A spike that is itself added costs as much. With a
 *       graded spike a product is one MAC for each.
 *   <li>What depends on trained numbers only is computed once and costs nothing in a step. A factor
 *       of this kind on a synaptic input is taken on by the weights, if that input is used nowhere
 *       else.
 *   <li>Comparisons cost nothing: {@code spike}, {@code relu}, {@code abs}, {@code min}, {@code
 *       max}, a change of sign, and the last subtraction before a {@code spike}.
 *   <li>{@code exp, log, sqrt, sigmoid, tanh, sin, cos}, {@code quantize} and a division are one
 *       MAC each, as if read from a table with interpolation.
 * </ol>
 *
 * <p>Spikes of the output come at a measured rate. A spike that stays inside the neuron is counted
 * as if it came at every step, because nothing measures it.
 *
 * @param accumulates AC at every step
 * @param accumulatesPerSpike AC for each spike that the neuron emits
 * @param multiplyAccumulates MAC at every step
 * @param multiplyAccumulatesPerSpike MAC for each spike that the neuron emits
 * @param output what comes back through recurrent weights
 * @param emitted what goes upwards
 * @param states values kept from one step to the next; spikes are left out, being a bit
 * @param coefficients fixed numbers that a step reads
 */
public record StepOperations(
    int accumulates,
    int accumulatesPerSpike,
    int multiplyAccumulates,
    int multiplyAccumulatesPerSpike,
    Signal output,
    Signal emitted,
    int states,
    int coefficients) {

  /** What a neuron hands on, as the synapses that receive it see it. */
  public enum Signal {
    /** A number at every step: one MAC a synapse. */
    REAL,
    /** Nothing at most steps, and otherwise one or minus one: one AC for each, a synapse. */
    SPIKES,
    /** Nothing at most steps, and otherwise a number: one MAC for each, a synapse. */
    GRADED_SPIKES
  }

  /**
   * Counts a step.
   *
   * @param emits the value the layer is read by; null for the cell's output
   * @param recurrent whether the output is needed beside it
   */
  public static StepOperations of(Cell cell, String emits, boolean recurrent) {
    var program = StepProgram.of(cell, emits, recurrent, Surrogate.DEFAULT);
    var output = output(program, emits, recurrent);
    // Which states are spikes shows in their equations, and these may read other states.
    var unknown = Collections.nCopies(program.next().size(), Value.REAL);
    var states = new Counter(program, output, unknown).count().states();
    return new Counter(program, output, states).count().result();
  }

  /** The expression of the cell's output; null where nothing the layer does needs it. */
  private static Node output(StepProgram program, String emits, boolean recurrent) {
    var cell = program.cell();
    if (recurrent || emits == null || emits.equals(cell.output())) {
      return program.emitted().getFirst();
    }
    for (int k = 0; k < program.states().size(); k++) {
      if (cell.states().get(program.states().get(k)).name().equals(cell.output())) {
        return program.next().get(k);
      }
    }
    return null;
  }

  private enum Kind {
    /** Known before the sequence begins. */
    FIXED,
    /** Synaptic input as it arrives, perhaps with a factor that is in the weights. */
    DRIVE,
    SPIKE,
    /** One value or another, as a spike comes or not: {@code 1 - s}. */
    SWITCH,
    GRADED,
    /** Zero without a spike; what the spike costs is counted. */
    GATED,
    REAL
  }

  /**
   * What a node is to those that use it.
   *
   * @param measured whether the spikes in it are those of the output
   */
  private record Value(Kind kind, boolean measured) {
    static final Value REAL = new Value(Kind.REAL, false);
    static final Value FIXED = new Value(Kind.FIXED, true);
    static final Value DRIVE = new Value(Kind.DRIVE, false);

    boolean is(Kind... kinds) {
      return Arrays.asList(kinds).contains(kind);
    }

    Signal signal() {
      return switch (kind) {
        case SPIKE -> Signal.SPIKES;
        case GRADED, GATED -> Signal.GRADED_SPIKES;
        default -> Signal.REAL;
      };
    }

    /** The same one step later, when it comes out of memory. */
    Value kept() {
      return switch (kind) {
        case SPIKE, SWITCH, GRADED -> this;
        case GATED -> new Value(Kind.GRADED, measured);
        default -> REAL;
      };
    }
  }

  /** One pass over the nodes of a step, operands first. */
  private static final class Counter {
    private final StepProgram program;
    private final Node output;
    private final List<Value> previous;
    private final Map<Node, Value> values = new IdentityHashMap<>();
    private final Map<Node, Integer> uses = new IdentityHashMap<>();
    private final Set<Node> compared = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<Integer, Integer> driveUses = new HashMap<>();

    /** Additions that the products in a node have brought along and that nothing used so far. */
    private final Map<Node, Integer> spare = new IdentityHashMap<>();

    private int accumulates;
    private int accumulatesPerSpike;
    private int multiplyAccumulates;
    private int multiplyAccumulatesPerSpike;

    /**
     * @param previous what the states are, as far as is known
     */
    Counter(StepProgram program, Node output, List<Value> previous) {
      this.program = program;
      this.output = output;
      this.previous = previous;
    }

    Counter count() {
      var roots = new ArrayList<>(program.next());
      roots.addAll(program.emitted());
      var order = Graph.ordered(roots);
      roots.forEach(root -> uses.merge(root, 1, Integer::sum));
      order.forEach(this::note);
      order.forEach(node -> values.put(node, value(node)));
      return this;
    }

    private void note(Node node) {
      for (Node operand : node.operands()) {
        uses.merge(operand, 1, Integer::sum);
        if (operand instanceof Leaf(Source source, int index, String _) && source == Source.DRIVE) {
          driveUses.merge(index, 1, Integer::sum);
        }
      }
      if (node instanceof Unary(Function function, Node x) && function == Function.SPIKE) {
        compared.add(x);
      }
    }

    List<Value> states() {
      return program.next().stream().map(node -> values.get(node).kept()).toList();
    }

    StepOperations result() {
      Node up = program.emitted().getLast();
      return new StepOperations(
          accumulates,
          accumulatesPerSpike,
          multiplyAccumulates,
          multiplyAccumulatesPerSpike,
          output == null ? Signal.REAL : values.get(output).signal(),
          up == output ? values.get(up).signal() : Signal.REAL,
          (int) previous.stream().filter(state -> !state.is(Kind.SPIKE, Kind.SWITCH)).count(),
          (int) program.coefficients().stream().map(Counter::unsigned).distinct().count());
    }

    /** A number and its negative are one number in memory. */
    private static Node unsigned(Node node) {
      return node instanceof Unary(Function function, Node x) && function == Function.NEGATE
          ? x
          : node;
    }

    private Value value(Node node) {
      return switch (node) {
        case Constant _ -> Value.FIXED;
        case Leaf leaf ->
            switch (leaf.source()) {
              case DRIVE -> Value.DRIVE;
              case PREVIOUS -> previous.get(leaf.index());
              default -> Value.FIXED;
            };
        case Unary(Function function, Node x) -> unary(node, function, values.get(x));
        case Binary(var operator, Node a, Node b) ->
            switch (operator) {
              case ADD, SUBTRACT -> sum(node, a, b);
              case MULTIPLY, DIVIDE -> product(node, a, b);
              case MIN, MAX, AT_LEAST, AT_MOST ->
                  values.get(a).is(Kind.FIXED) && values.get(b).is(Kind.FIXED)
                      ? Value.FIXED
                      : Value.REAL;
            };
        case Quantize _ -> {
          multiplyAccumulates++;
          yield new Value(Kind.GRADED, node == output);
        }
        case MultiplyAdd _ -> throw new IllegalArgumentException("only in lowered programs");
      };
    }

    private Value unary(Node node, Function function, Value x) {
      return switch (function) {
        case SPIKE, POSITIVE -> new Value(Kind.SPIKE, node == output);
        case NEGATE -> x;
        case RELU, ABS -> x.is(Kind.DRIVE) ? Value.REAL : x;
        default -> {
          if (x.is(Kind.FIXED)) {
            yield x;
          }
          multiplyAccumulates++;
          yield Value.REAL;
        }
      };
    }

    private Value product(Node node, Node left, Node right) {
      if (isMask(left) || isMask(right)) { // 1 outside training
        return values.get(isMask(left) ? right : left);
      }
      Value a = values.get(left);
      Value b = values.get(right);
      if (a.is(Kind.FIXED) && b.is(Kind.FIXED)) {
        return a;
      }
      if (a.is(Kind.SPIKE, Kind.SWITCH) && b.is(Kind.SPIKE, Kind.SWITCH)) {
        boolean either = a.is(Kind.SPIKE) || b.is(Kind.SPIKE);
        return new Value(either ? Kind.SPIKE : Kind.SWITCH, a.measured() || b.measured());
      }
      for (Value gate : List.of(a, b)) {
        if (gate.is(Kind.SPIKE, Kind.SWITCH)) {
          accumulate(gate.measured());
          spare.put(node, taken(left) + taken(right));
          return gate.is(Kind.SPIKE) ? new Value(Kind.GATED, gate.measured()) : Value.REAL;
        }
      }
      for (Value sparse : List.of(a, b)) {
        if (sparse.is(Kind.GRADED, Kind.GATED)) {
          multiplyAccumulate(sparse.measured());
          return new Value(Kind.GATED, sparse.measured());
        }
      }
      if (isTakenOnByWeights(left, b) || isTakenOnByWeights(right, a)) {
        return Value.DRIVE;
      }
      multiplyAccumulates++;
      spare.put(node, 1);
      return Value.REAL;
    }

    private static boolean isMask(Node node) {
      return node instanceof Leaf leaf && leaf.source() == Source.MASK;
    }

    private boolean isTakenOnByWeights(Node drive, Value factor) {
      return drive instanceof Leaf(Source source, int index, String _)
          && source == Source.DRIVE
          && driveUses.get(index) == 1
          && factor.is(Kind.FIXED);
    }

    private Value sum(Node node, Node left, Node right) {
      Value a = values.get(left);
      Value b = values.get(right);
      if (a.is(Kind.FIXED) && b.is(Kind.FIXED)) {
        return a;
      }
      if (a.is(Kind.FIXED, Kind.SPIKE, Kind.SWITCH) && b.is(Kind.FIXED, Kind.SPIKE, Kind.SWITCH)) {
        boolean spikes = a.is(Kind.SPIKE) && b.is(Kind.SPIKE);
        return new Value(spikes ? Kind.SPIKE : Kind.SWITCH, a.measured() && b.measured());
      }
      int brought = taken(left) + taken(right);
      if (a.is(Kind.GATED) || b.is(Kind.GATED)) {
        spare.put(node, brought);
        return a.is(Kind.GATED) && b.is(Kind.GATED)
            ? new Value(Kind.GATED, a.measured() && b.measured())
            : Value.REAL;
      }
      for (Value sparse : List.of(a, b)) {
        if (sparse.is(Kind.SPIKE, Kind.SWITCH, Kind.GRADED)) {
          accumulate(sparse.measured());
          spare.put(node, brought);
          return Value.REAL;
        }
      }
      if (brought > 0) {
        spare.put(node, brought - 1);
      } else if (!(compared.contains(node) && uses.get(node) == 1)) {
        accumulates++;
      }
      return Value.REAL;
    }

    /** The spare additions of a node, for one that uses it; the next finds none. */
    private int taken(Node node) {
      var additions = spare.remove(node);
      return additions == null ? 0 : additions;
    }

    private void accumulate(boolean measured) {
      if (measured) {
        accumulatesPerSpike++;
      } else {
        accumulates++;
      }
    }

    private void multiplyAccumulate(boolean measured) {
      if (measured) {
        multiplyAccumulatesPerSpike++;
      } else {
        multiplyAccumulates++;
      }
    }
  }
}
