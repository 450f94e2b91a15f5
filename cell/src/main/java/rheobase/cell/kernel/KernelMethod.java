package rheobase.cell.kernel;

import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import rheobase.cell.graph.Graph;
import rheobase.cell.graph.Node;
import rheobase.cell.graph.Node.Binary;
import rheobase.cell.graph.Node.Constant;
import rheobase.cell.graph.Node.Leaf;
import rheobase.cell.graph.Node.MultiplyAdd;
import rheobase.cell.graph.Node.Source;
import rheobase.cell.graph.Node.Unary;
import rheobase.cell.graph.StepProgram;
import rheobase.cell.kernel.KernelCompiler.Result;

/**
 * The bytecode of one direction of a step:
 *
 * <pre>
 * constants
 * for (row = first; row &lt; end; row += period)
 *   for (unit = 0; unit &lt; units; unit += lanes)
 *     everything else; stores
 * </pre>
 *
 * Units and stride are those of a period of rows, see {@link Tape}. Every node has a local variable
 * of its own; the JIT compiler keeps in registers those that live.
 *
 * <p>Row by row, although coefficients are then read, and their gradients added up in memory, once
 * for each row: planes are passed through as they lie, so that the processor fetches ahead. Unit by
 * unit, with rows a kilobyte apart, a training step of sequential MNIST took 9 % longer.
 */
final class KernelMethod {
  private static final int TAPE_LOCAL = 1;
  private static final int STEP_LOCAL = 2;

  private final CodeBuilder code;
  private final Form form;
  private final StepProgram program;
  private final List<Result> results;
  private final Map<Node, Integer> locals = new IdentityHashMap<>();
  private final Map<String, Integer> arrays = new HashMap<>();

  private final int first;
  private final int end;
  private final int units;
  private final int stride;

  /** From a row to the next; {@code stride} is a period's. */
  private final int unpacked;

  private final int period;
  private final int unit;
  private final int row;
  private final int mask;

  /**
   * Index of (step, row, unit) in a plane; of (row, unit) in a plane without steps; of (step, row,
   * input 0, unit) in the drive.
   */
  private final int here;

  private final int inRow;
  private final int inDrive;

  /** Floats from a step to the next in a plane. */
  private final int plane;

  /** Where planes begin in their arrays; {@link Tape#first}. */
  private final int lead;

  /** What leads from {@code here} to the same place in a plane of gradients; zero or below. */
  private final int toGradient;

  KernelMethod(CodeBuilder code, Form form, StepProgram program, List<Result> results) {
    this.code = code;
    this.form = form;
    this.program = program;
    this.results = results;
    first = integer();
    end = integer();
    units = integer();
    stride = integer();
    unpacked = integer();
    period = integer();
    unit = integer();
    row = integer();
    here = integer();
    inRow = integer();
    inDrive = integer();
    plane = integer();
    lead = integer();
    toGradient = integer();
    mask = code.allocateLocal(TypeKind.REFERENCE);
  }

  private int integer() {
    return code.allocateLocal(TypeKind.INT);
  }

  private int value() {
    return code.allocateLocal(
        form.lanes() == 1 && form instanceof PlainForm ? TypeKind.FLOAT : TypeKind.REFERENCE);
  }

  void write() {
    List<Node> order = Graph.ordered(results.stream().map(Result::value).toList());

    take("rows", end);
    take("skippedBefore", first);
    take("units", units);
    take("stride", stride);
    take("period", period);
    take("first", lead);
    code.iload(end).iload(stride).imul().istore(plane);
    code.iload(units).iload(period).imul().istore(units);
    code.iload(stride).istore(unpacked);
    code.iload(stride).iload(period).imul().istore(stride);
    take("gradientFrom", toGradient);
    code.iload(toGradient).iload(plane).imul().ineg().istore(toGradient);
    code.iload(end);
    push("skippedAfter");
    code.isub().istore(end);
    order.forEach(this::takeArray);
    results.forEach(this::takeArray);
    order.stream().filter(Constant.class::isInstance).forEach(this::compute);

    rowLoop(order.stream().filter(node -> !(node instanceof Constant)).toList());
    code.return_();
  }

  private void rowLoop(List<Node> body) {
    var nextRow = code.newLabel();
    var done = code.newLabel();
    code.iload(first).istore(row);
    code.labelBinding(nextRow).iload(row).iload(end).if_icmpge(done);
    int inputs = program.cell().inputs().size();
    // rows are skipped, or there are several inputs, only where a period is one row
    code.iload(STEP_LOCAL).iload(plane).imul().istore(here);
    code.iload(row).iload(unpacked).imul().istore(inRow);
    code.iload(here).iload(inRow).iadd().loadConstant(inputs).imul();
    code.iload(lead).iadd().istore(inDrive);
    code.iload(inRow).iload(lead).iadd().istore(inRow);
    code.iload(here).iload(inRow).iadd().istore(here);
    unitLoop(body);
    code.iload(row).iload(period).iadd().istore(row);
    code.goto_(nextRow).labelBinding(done);
  }

  private void unitLoop(List<Node> body) {
    var nextUnit = code.newLabel();
    var done = code.newLabel();
    code.iconst_0().istore(unit);
    code.labelBinding(nextUnit).iload(unit).iload(units).if_icmpge(done);
    form.mask(code, unit, units, mask);
    body.forEach(this::compute);
    for (Result result : results) {
      form.intoArray(code, locals.get(result.value()), mask, target(result));
    }
    code.iinc(here, form.lanes()).iinc(inRow, form.lanes()).iinc(inDrive, form.lanes());
    code.iinc(unit, form.lanes()).goto_(nextUnit).labelBinding(done);
  }

  private void compute(Node node) {
    switch (node) {
      case Constant(double value) -> form.constant(code, (float) value);
      case Leaf leaf -> {
        read(leaf).accept(code);
        if (leaf.source() == Source.RANGE) {
          form.broadcastFromArray(code);
        } else {
          form.fromArray(code);
        }
      }
      case Unary(var function, Node x) -> {
        form.load(code, locals.get(x));
        form.apply(code, function);
      }
      case Binary(var operator, Node a, Node b) -> {
        form.load(code, locals.get(a));
        form.load(code, locals.get(b));
        form.apply(code, operator);
      }
      case MultiplyAdd(Node a, Node b, Node c) -> {
        form.load(code, locals.get(a));
        form.load(code, locals.get(b));
        form.load(code, locals.get(c));
        form.multiplyAdd(code);
      }
      case Node.Quantize _ -> throw new IllegalArgumentException("a quantiser is not lowered");
    }
    int local = value();
    form.store(code, local);
    locals.put(node, local);
  }

  /** Pushes array and index of a leaf. */
  private Consumer<CodeBuilder> read(Leaf leaf) {
    int index = leaf.index();
    return c -> {
      c.aload(arrays.get(arrayOf(leaf)));
      switch (leaf.source()) {
        case DRIVE -> drive(c, index);
        case PREVIOUS -> c.iload(here);
        case NEXT -> c.iload(here).iload(plane).iadd();
        case COEFFICIENT, REACHED, COEFFICIENT_GRADIENT -> ofUnit(c, index);
        case MASK -> c.iload(inRow);
        case RANGE -> c.loadConstant(index);
        case GRADIENT -> {
          if (index < program.emitted().size()) {
            c.iload(here).iload(toGradient).iadd();
          } else {
            c.iload(inRow);
          }
        }
        case PARAMETER -> throw new IllegalArgumentException("a kernel cannot read " + leaf);
      }
    };
  }

  /** Pushes array and index of a result. */
  private Consumer<CodeBuilder> target(Result result) {
    int index = result.index();
    return c -> {
      c.aload(arrays.get(arrayOf(result)));
      switch (result.target()) {
        case NEXT_STATE, EMITTED -> c.iload(here).iload(plane).iadd();
        case REACHED, COEFFICIENT_GRADIENT -> ofUnit(c, index);
        case DRIVE_GRADIENT -> {
          drive(c, index);
          c.iload(toGradient).loadConstant(program.cell().inputs().size()).imul().iadd();
        }
        case STATE_GRADIENT, NEAR -> c.iload(inRow);
      }
    };
  }

  /** Pushes the index of what is kept once per unit. */
  private void ofUnit(CodeBuilder c, int index) {
    c.iload(stride).loadConstant(index).imul().iload(unit).iadd().iload(lead).iadd();
  }

  private void drive(CodeBuilder c, int input) {
    c.iload(inDrive);
    if (input > 0) {
      c.iload(stride).loadConstant(input).imul().iadd();
    }
  }

  /**
   * The field of the tape that holds a leaf, with the place in it where it is an array of arrays:
   * {@code states.1}.
   */
  private String arrayOf(Leaf leaf) {
    int emitted = program.emitted().size();
    return switch (leaf.source()) {
      case DRIVE -> "drive";
      case PREVIOUS, NEXT -> "states." + leaf.index();
      case COEFFICIENT -> "coefficients";
      case MASK -> "masks." + leaf.index();
      case RANGE -> "ranges";
      case GRADIENT ->
          leaf.index() < emitted
              ? "emittedGradient." + leaf.index()
              : "stateGradient." + (leaf.index() - emitted);
      case REACHED -> "reached";
      case COEFFICIENT_GRADIENT -> "coefficientGradient";
      case PARAMETER -> throw new IllegalArgumentException("a kernel has no array of " + leaf);
    };
  }

  private static String arrayOf(Result result) {
    return switch (result.target()) {
      case NEXT_STATE -> "states." + result.index();
      case EMITTED -> "emitted." + result.index();
      case REACHED -> "reached";
      case NEAR -> "near";
      case DRIVE_GRADIENT -> "driveGradient";
      case STATE_GRADIENT -> "stateGradient." + result.index();
      case COEFFICIENT_GRADIENT -> "coefficientGradient";
    };
  }

  private void takeArray(Node node) {
    if (node instanceof Leaf leaf) {
      takeArray(arrayOf(leaf));
    }
  }

  private void takeArray(Result result) {
    takeArray(arrayOf(result));
  }

  private void takeArray(String name) {
    if (arrays.containsKey(name)) {
      return;
    }
    String[] parts = name.split("\\.");
    int local = code.allocateLocal(TypeKind.REFERENCE);
    code.aload(TAPE_LOCAL)
        .getfield(KernelCompiler.tape(), parts[0], KernelCompiler.field(parts[0]));
    if (parts.length > 1) {
      code.loadConstant(Integer.parseInt(parts[1])).aaload();
    }
    code.astore(local);
    arrays.put(name, local);
  }

  private void take(String field, int local) {
    push(field);
    code.istore(local);
  }

  private void push(String field) {
    code.aload(TAPE_LOCAL).getfield(KernelCompiler.tape(), field, CD_int);
  }
}
