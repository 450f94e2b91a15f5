package rheobase.cell.kernel;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import rheobase.cell.graph.Graph;
import rheobase.cell.graph.Node;
import rheobase.cell.graph.Node.Function;
import rheobase.cell.graph.Node.Operator;
import rheobase.cell.graph.Node.Source;
import rheobase.cell.graph.StepProgram;
import rheobase.cell.language.CellException;

/**
 * Writes the JVM bytecode of a cell's step and its reverse.
 *
 * <p><b>Shape of a kernel.</b> For each row, for each vector of units: load, compute, store, in the
 * order in which planes lie in memory ({@link KernelMethod}). One method a direction, no calls but
 * vector operations that the JIT compiler knows, no object that outlives an operation; {@code
 * KernelAllocationTest} holds it to that.
 *
 * <p><b>Why every operation is written out</b> instead of calling helpers on vectors: a helper that
 * is not inlined turns each vector it is given into an object (a measured factor of ten).
 */
public final class KernelCompiler {
  private static final ClassDesc TAPE = ClassDesc.of("rheobase.cell.kernel.Tape");
  private static final ClassDesc KERNEL = ClassDesc.of("rheobase.cell.kernel.StepKernel");
  private static final MethodTypeDesc STEP = MethodTypeDesc.of(CD_void, TAPE, CD_int);
  private static final boolean VECTORS =
      ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

  /**
   * All kernels so far, by their class files. Layers of one cell, and copies of a network, take the
   * same one: it is loaded and compiled to machine code once, and the calls of the time loop meet
   * as many classes as a network has cells, not layers.
   */
  private static final Map<ByteBuffer, StepKernel> LOADED = new ConcurrentHashMap<>();

  private KernelCompiler() {}

  /** Whether this JVM was started with the vector module. */
  public static boolean vectors() {
    return VECTORS;
  }

  /** The fastest kernel that this JVM can run. */
  public static StepKernel compile(StepProgram program) {
    return compile(program, VECTORS);
  }

  /**
   * @param vectors whether to compute in vectors
   * @return a kernel, the same one for equal steps; its results do not depend on {@code vectors},
   *     to the bit
   * @throws CellException when a direction of the step is so long that the JVM would never compile
   *     it
   */
  public static StepKernel compile(StepProgram program, boolean vectors) {
    byte[] bytes = refuseLong(program, classFile(program, vectors));
    return LOADED.computeIfAbsent(ByteBuffer.wrap(bytes), _ -> load(program, bytes));
  }

  private static StepKernel load(StepProgram program, byte[] bytes) {
    try {
      var lookup = MethodHandles.lookup().defineHiddenClass(bytes, true);
      var constructor =
          lookup.findConstructor(lookup.lookupClass(), MethodType.methodType(void.class));
      return (StepKernel) constructor.invoke();
    } catch (Throwable e) {
      throw new IllegalStateException(
          "the kernel generated for cell '" + program.cell().name() + "' does not load", e);
    }
  }

  /**
   * Bytes of code beyond which HotSpot leaves a method to its interpreter (HugeMethodLimit), some
   * thousand times slower.
   */
  private static final int LONGEST_METHOD = 8000;

  /**
   * Every operation takes at least this many bytes: two to load, three to carry out, two to store.
   */
  private static final int SHORTEST_OPERATION = 7;

  /** The class that {@link #compile} loads. */
  static byte[] classFile(StepProgram program, boolean vectors) {
    Form form = vectors ? new VectorForm(Lanes.count()) : new PlainForm();
    ClassDesc self = ClassDesc.of("rheobase.cell.kernel.Kernel_" + program.cell().name());
    return ClassFile.of()
        .build(
            self,
            type ->
                type.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER)
                    .withInterfaceSymbols(KERNEL)
                    .withMethodBody(
                        ConstantDescs.INIT_NAME,
                        ConstantDescs.MTD_void,
                        0,
                        code ->
                            code.aload(0)
                                .invokespecial(
                                    CD_Object, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                                .return_())
                    .withMethodBody(
                        "forward",
                        STEP,
                        ClassFile.ACC_PUBLIC,
                        code -> new KernelMethod(code, form, program, forward(program)).write())
                    .withMethodBody(
                        "backward",
                        STEP,
                        ClassFile.ACC_PUBLIC,
                        code -> new KernelMethod(code, form, program, backward(program)).write())
                    .withMethodBody(
                        "near",
                        STEP,
                        ClassFile.ACC_PUBLIC,
                        code -> new KernelMethod(code, form, program, near(program)).write()));
  }

  private static byte[] refuseLong(StepProgram program, byte[] bytes) {
    for (MethodModel method : ClassFile.of().parse(bytes).methods()) {
      if (method.findAttribute(Attributes.code()).orElseThrow().codeLength() > LONGEST_METHOD) {
        throw tooLong(program);
      }
    }
    return bytes;
  }

  private static CellException tooLong(StepProgram program) {
    return new CellException(
        ("cell '%s' is too large: a step forward or back takes more than %,d bytes of code, the"
                + " most that the JVM compiles; use fewer functions (an lstm takes 2,300 bytes)")
            .formatted(program.cell().name(), LONGEST_METHOD));
  }

  /** Where a result of a step goes. */
  enum Target {
    NEXT_STATE,
    EMITTED,
    REACHED,
    NEAR,
    DRIVE_GRADIENT,
    STATE_GRADIENT,
    COEFFICIENT_GRADIENT
  }

  /** A result of a step: its value and its place among its kind. */
  record Result(Target target, int index, Node value) {}

  private static List<Result> forward(StepProgram program) {
    var results = new ArrayList<Result>();
    for (int k = 0; k < program.next().size(); k++) {
      results.add(new Result(Target.NEXT_STATE, k, program.next().get(k)));
    }
    for (int e = 0; e < program.emitted().size(); e++) {
      if (program.emittedState().get(e) < 0) {
        results.add(new Result(Target.EMITTED, e, program.emitted().get(e)));
      }
    }
    Graph graph = program.cell().graph();
    for (int r = 0; r < program.ranged().size(); r++) {
      Node magnitude = graph.apply(Function.ABS, program.ranged().get(r));
      Node soFar = graph.leaf(Source.REACHED, r, "reached");
      results.add(new Result(Target.REACHED, r, graph.apply(Operator.MAX, soFar, magnitude)));
    }
    return lowered(program, results);
  }

  private static List<Result> near(StepProgram program) {
    if (program.near() == null) {
      return List.of();
    }
    Node mark = program.cell().graph().apply(Function.POSITIVE, program.near());
    return lowered(program, List.of(new Result(Target.NEAR, 0, mark)));
  }

  private static List<Result> backward(StepProgram program) {
    var results = new ArrayList<Result>();
    for (int i = 0; i < program.driveGradient().size(); i++) {
      results.add(new Result(Target.DRIVE_GRADIENT, i, program.driveGradient().get(i)));
    }
    for (int k = 0; k < program.previousGradient().size(); k++) {
      results.add(new Result(Target.STATE_GRADIENT, k, program.previousGradient().get(k)));
    }
    Graph graph = program.cell().graph();
    for (int c = 0; c < program.coefficientGradient().size(); c++) {
      Node gradient = program.coefficientGradient().get(c);
      if (!Graph.isConstant(gradient, 0)) {
        Node soFar = graph.leaf(Source.COEFFICIENT_GRADIENT, c, "sum");
        results.add(new Result(Target.COEFFICIENT_GRADIENT, c, graph.add(soFar, gradient)));
      }
    }
    return lowered(program, results);
  }

  private static List<Result> lowered(StepProgram program, List<Result> results) {
    List<Node> values = Lowering.lower(results.stream().map(Result::value).toList());
    if (Graph.ordered(values).size() > LONGEST_METHOD / SHORTEST_OPERATION) {
      throw tooLong(program);
    }
    var lowered = new ArrayList<Result>();
    for (int i = 0; i < results.size(); i++) {
      lowered.add(new Result(results.get(i).target(), results.get(i).index(), values.get(i)));
    }
    return lowered;
  }

  /** Types of the fields of {@link Tape}, by name. */
  static ClassDesc field(String name) {
    return switch (name) {
      case "rows", "skippedBefore", "skippedAfter", "units", "stride", "first" -> CD_int;
      case "states", "emitted", "masks", "emittedGradient", "stateGradient" ->
          CD_float.arrayType(2);
      default -> CD_float.arrayType();
    };
  }

  static ClassDesc tape() {
    return TAPE;
  }
}
