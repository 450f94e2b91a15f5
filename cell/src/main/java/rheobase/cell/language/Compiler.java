package rheobase.cell.language;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import rheobase.cell.graph.Cell;
import rheobase.cell.graph.Cell.Initial;
import rheobase.cell.graph.Graph;
import rheobase.cell.graph.Node;
import rheobase.cell.graph.Node.Constant;
import rheobase.cell.graph.Node.Function;
import rheobase.cell.graph.Node.Operator;
import rheobase.cell.graph.Node.Source;

/**
 * From statements to a {@link Cell}: gives every name its meaning, in the order of the text. A
 * state that is read before it is assigned is its value one step ago; afterwards it is its new
 * value.
 */
final class Compiler {
  private static final Map<String, Function> FUNCTIONS = new LinkedHashMap<>();

  static {
    for (Function f :
        List.of(
            Function.EXP,
            Function.LOG,
            Function.SQRT,
            Function.SIGMOID,
            Function.TANH,
            Function.RELU,
            Function.ABS,
            Function.SIN,
            Function.COS,
            Function.SPIKE)) {
      FUNCTIONS.put(f.name().toLowerCase(Locale.ROOT), f);
    }
  }

  private static final List<String> DISTRIBUTIONS = List.of("normal", "uniform");
  private static final List<String> OF_SEVERAL = List.of("min", "max", "quantize");

  /**
   * No cell of more operations has a kernel that the JVM would compile (see {@code
   * KernelCompiler}).
   */
  private static final int MOST_OPERATIONS = 1000;

  private final Parser.Parsed parsed;
  private final Overrides overrides;
  private final Graph graph = new Graph();
  private final Map<String, Statement> declared = new HashMap<>();
  private final Map<String, Node> meaning = new LinkedHashMap<>();
  private final Map<String, Node> assigned = new LinkedHashMap<>();
  private final List<Cell.Input> inputs = new ArrayList<>();
  private final List<Cell.Parameter> parameters = new ArrayList<>();
  private final List<String> masks = new ArrayList<>();
  private final List<Cell.State> states = new ArrayList<>();
  private int ranges;
  private int operations;
  private Statement.Output output;

  Compiler(Parser.Parsed parsed, Overrides overrides) {
    this.parsed = parsed;
    this.overrides = overrides;
  }

  Cell compile() {
    parsed.statements().forEach(this::statement);
    if (output == null) {
      throw parsed
          .end()
          .error("cell '" + parsed.name() + "' has no output", "add a line: output NAME");
    }
    if (!assigned.containsKey(output.name())) {
      throw unknownOrWrong(output, "the output must be a name that the equations assign");
    }
    if (inputs.isEmpty()) {
      throw parsed
          .end()
          .error("cell '" + parsed.name() + "' has no input", "add a line: input NAME");
    }
    for (Cell.State state : states) {
      if (!assigned.containsKey(state.name())) {
        throw declared
            .get(state.name())
            .place()
            .error(
                "state '" + state.name() + "' is never assigned",
                "give it an equation or make it a const");
      }
    }
    overrides.refuseUnused(parsed.name(), declared.values());
    return new Cell(
        parsed.name(), graph, inputs, parameters, masks, states, ranges, assigned, output.name());
  }

  private void statement(Statement statement) {
    if (!(statement instanceof Statement.Assignment || statement instanceof Statement.Output)) {
      Statement before = declared.putIfAbsent(statement.name(), statement);
      if (before != null) {
        throw statement
            .place()
            .error(
                "'" + statement.name() + "' is declared twice",
                "the first time was in line " + before.place().line());
      }
      if (isFunction(statement.name()) || assigned.containsKey(statement.name())) {
        throw statement
            .place()
            .error("'" + statement.name() + "' is taken already", "choose another name");
      }
    }
    switch (statement) {
      case Statement.Input(Place _, String name, Cell.From from) -> {
        meaning.put(name, graph.leaf(Source.DRIVE, inputs.size(), name));
        inputs.add(new Cell.Input(name, from));
      }
      case Statement.Const(Place _, String name, Expression value) -> {
        Double given = overrides.constants().get(name);
        if (given != null && !isFloat(given)) {
          throw new CellException(
              "const '%s' of cell '%s' cannot be %s; give a number of at most 3.4e38"
                  .formatted(name, parsed.name(), given));
        }
        meaning.put(name, graph.constant(given == null ? constant(value, "const " + name) : given));
      }
      case Statement.Param p -> {
        meaning.put(p.name(), graph.leaf(Source.PARAMETER, parameters.size(), p.name()));
        double lower =
            p.lower() == null ? Double.NEGATIVE_INFINITY : constant(p.lower(), "a bound");
        double upper =
            p.upper() == null ? Double.POSITIVE_INFINITY : constant(p.upper(), "a bound");
        if (lower > upper) {
          throw p.place()
              .error(
                  "the bounds of '" + p.name() + "' exclude each other", "write >= LOWER <= UPPER");
        }
        Expression text = overrides.parameter(p.name(), p.initial());
        Initial initial = initial(text, false);
        if (initial instanceof Initial.Number(double value) && (value < lower || value > upper)) {
          throw text.place()
              .error(
                  "'" + p.name() + "' starts at " + value + ", outside its bounds",
                  "begin within [" + lower + ", " + upper + "]");
        }
        parameters.add(new Cell.Parameter(p.name(), initial, lower, upper));
      }
      case Statement.Mask(Place _, String name) -> {
        meaning.put(name, graph.leaf(Source.MASK, masks.size(), name));
        masks.add(name);
      }
      case Statement.State(Place _, String name, Expression initial) -> {
        var previous = graph.leaf(Source.PREVIOUS, states.size(), name);
        meaning.put(name, previous);
        states.add(new Cell.State(name, initial(overrides.state(name, initial), true), previous));
      }
      case Statement.Assignment(Place place, String name, Expression value) -> {
        if (declared.containsKey(name) && !(declared.get(name) instanceof Statement.State)) {
          String kind = declared.get(name).getClass().getSimpleName().toLowerCase(Locale.ROOT);
          throw place.error(
              "'" + name + "' is declared as " + kind + " and cannot be assigned",
              "use a new name");
        }
        if (isFunction(name)) {
          throw place.error("'" + name + "' is a function", "choose another name");
        }
        Node node = node(value);
        meaning.put(name, node);
        assigned.put(name, node);
      }
      case Statement.Output o -> {
        if (output != null) {
          throw o.place()
              .error(
                  "a second output",
                  "a cell has one output; the first is in line " + output.place().line());
        }
        output = o;
      }
    }
  }

  private static boolean isFunction(String name) {
    return FUNCTIONS.containsKey(name) || OF_SEVERAL.contains(name) || DISTRIBUTIONS.contains(name);
  }

  /** Whether kernels, which compute in single precision, can hold the number. */
  private static boolean isFloat(double value) {
    return Math.abs(value) <= Float.MAX_VALUE;
  }

  private Node node(Expression expression) {
    boolean leaf = expression instanceof Expression.Name || expression instanceof Expression.Number;
    if (!leaf && ++operations > MOST_OPERATIONS) {
      throw expression
          .place()
          .error(
              "the cell has more than " + MOST_OPERATIONS + " operations",
              "no kernel can be made of so many; describe a simpler neuron");
    }
    Node node = meaning(expression);
    if (node instanceof Constant(double value) && !isFloat(value)) {
      throw expression
          .place()
          .error(
              Double.isNaN(value)
                  ? "this has no value"
                  : "this is " + value + ", beyond what a float holds",
              "constants must be numbers of at most 3.4e38");
    }
    return node;
  }

  private Node meaning(Expression expression) {
    return switch (expression) {
      case Expression.Number(Place _, double value) -> graph.constant(value);
      case Expression.Name name -> {
        Node node = meaning.get(name.name());
        if (node == null) {
          throw unknown(name);
        }
        yield node;
      }
      case Expression.Negation(Place _, Expression operand) -> graph.negate(node(operand));
      case Expression.Infix(Place place, char operator, Expression left, Expression right) -> {
        Node first = node(left);
        Node second = node(right);
        if (operator == '/' && Graph.isConstant(second, 0)) {
          throw place.error("division by zero", "the divisor is a constant that is 0");
        }
        yield graph.apply(operator(operator), first, second);
      }
      case Expression.Call call -> call(call);
    };
  }

  private Node call(Expression.Call call) {
    switch (call.function()) {
      case "min", "max" -> {
        arguments(call, 2, call.function() + "(a, b)");
        Operator operator = call.function().equals("min") ? Operator.MIN : Operator.MAX;
        return graph.apply(operator, node(call.arguments().get(0)), node(call.arguments().get(1)));
      }
      case "quantize" -> {
        arguments(call, 3, "quantize(x, bits, threshold)");
        Node x = node(call.arguments().get(0));
        double bits = constant(call.arguments().get(1), "the number of bits");
        double threshold = constant(call.arguments().get(2), "the threshold");
        if (bits != Math.rint(bits) || bits < 1 || bits > 32) {
          throw call.place()
              .error("quantize cannot have " + bits + " bits", "give a whole number from 1 to 32");
        }
        int index = ranges++;
        return graph.quantize(x, graph.leaf(Source.RANGE, index, "range"), (int) bits, threshold);
      }
      default -> {
        Function function = FUNCTIONS.get(call.function());
        if (function == null) {
          var all = new ArrayList<>(FUNCTIONS.keySet());
          all.addAll(OF_SEVERAL);
          throw call.place()
              .error(
                  "there is no function '" + call.function() + "'",
                  DISTRIBUTIONS.contains(call.function())
                      ? "distributions stand only behind 'param' and 'state'"
                      : Names.nearest(call.function(), all));
        }
        arguments(call, 1, call.function() + "(x)");
        return graph.apply(function, node(call.arguments().getFirst()));
      }
    }
  }

  private static void arguments(Expression.Call call, int wanted, String form) {
    if (call.arguments().size() != wanted) {
      throw call.place()
          .error(
              call.function()
                  + " takes "
                  + wanted
                  + (wanted == 1 ? " value" : " values")
                  + ", not "
                  + call.arguments().size(),
              "write " + form);
    }
  }

  /** An initial value: a number, a distribution or, for a state, an earlier state. */
  private Initial initial(Expression expression, boolean ofState) {
    if (expression instanceof Expression.Call call && DISTRIBUTIONS.contains(call.function())) {
      boolean normal = call.function().equals("normal");
      arguments(call, 2, normal ? "normal(mean, deviation)" : "uniform(low, high)");
      double first = constant(call.arguments().get(0), "the first number of " + call.function());
      double second = constant(call.arguments().get(1), "the second number of " + call.function());
      if (normal ? second < 0 : second < first) {
        throw call.place()
            .error(
                call.function() + "(" + first + ", " + second + ") is no distribution",
                normal ? "the deviation must not be negative" : "write uniform(low, high)");
      }
      return normal ? new Initial.Normal(first, second) : new Initial.Uniform(first, second);
    }
    if (ofState
        && expression instanceof Expression.Name(Place _, String name)
        && states.stream().anyMatch(s -> s.name().equals(name))) {
      return new Initial.SameAs(name);
    }
    return new Initial.Number(constant(expression, "an initial value"));
  }

  private double constant(Expression expression, String what) {
    Node node = node(expression);
    if (node instanceof Constant(double value)) {
      return value;
    }
    throw expression
        .place()
        .error(what + " must be a number", "use numbers and names declared as const only");
  }

  private CellException unknown(Expression.Name name) {
    boolean later =
        parsed.statements().stream()
            .anyMatch(s -> s.name().equals(name.name()) && !(s instanceof Statement.Output));
    return name.place()
        .error(
            later
                ? "'" + name.name() + "' is used before it is given"
                : "there is no '" + name.name() + "'",
            later
                ? "move its line up, or declare it as a state if its value one step ago is meant"
                : Names.nearest(name.name(), meaning.keySet()));
  }

  private CellException unknownOrWrong(Statement statement, String rule) {
    boolean known = declared.containsKey(statement.name());
    return statement
        .place()
        .error(
            known
                ? "'" + statement.name() + "' cannot be the output"
                : "there is no '" + statement.name() + "'",
            known ? rule : Names.nearest(statement.name(), assigned.keySet()));
  }

  private static Operator operator(char symbol) {
    return switch (symbol) {
      case '+' -> Operator.ADD;
      case '-' -> Operator.SUBTRACT;
      case '*' -> Operator.MULTIPLY;
      default -> Operator.DIVIDE;
    };
  }
}
