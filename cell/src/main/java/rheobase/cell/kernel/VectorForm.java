package rheobase.cell.kernel;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.util.function.Consumer;
import rheobase.cell.graph.Node.Function;
import rheobase.cell.graph.Node.Operator;

/**
 * As many neurons at a time as the machine's vectors hold, on {@code jdk.incubator.vector}. Names
 * its classes in bytecode only, so that it can be loaded where the module is missing.
 */
final class VectorForm implements Form {
  private static final String PACKAGE = "jdk.incubator.vector.";
  private static final ClassDesc FLOAT_VECTOR = ClassDesc.of(PACKAGE + "FloatVector");
  private static final ClassDesc INT_VECTOR = ClassDesc.of(PACKAGE + "IntVector");
  private static final ClassDesc VECTOR = ClassDesc.of(PACKAGE + "Vector");
  private static final ClassDesc MASK = ClassDesc.of(PACKAGE + "VectorMask");
  private static final ClassDesc SPECIES = ClassDesc.of(PACKAGE + "VectorSpecies");
  private static final ClassDesc OPERATORS = ClassDesc.of(PACKAGE + "VectorOperators");
  private static final ClassDesc BINARY = ClassDesc.of(PACKAGE + "VectorOperators$Binary");
  private static final ClassDesc COMPARISON = ClassDesc.of(PACKAGE + "VectorOperators$Comparison");
  private static final ClassDesc LANES = ClassDesc.of("rheobase.cell.kernel.Lanes");

  private final int lanes;

  VectorForm(int lanes) {
    this.lanes = lanes;
  }

  @Override
  public int lanes() {
    return lanes;
  }

  @Override
  public void load(CodeBuilder code, int local) {
    code.aload(local);
  }

  @Override
  public void store(CodeBuilder code, int local) {
    code.astore(local);
  }

  @Override
  public void constant(CodeBuilder code, float value) {
    species(code);
    code.loadConstant(value)
        .invokestatic(FLOAT_VECTOR, "broadcast", Form.signature(FLOAT_VECTOR, SPECIES, CD_float));
  }

  @Override
  public void fromArray(CodeBuilder code) {
    // the species goes below array and index
    species(code);
    code.dup_x2().pop();
    code.invokestatic(
        FLOAT_VECTOR, "fromArray", Form.signature(FLOAT_VECTOR, SPECIES, FLOATS, CD_int));
  }

  @Override
  public void broadcastFromArray(CodeBuilder code) {
    code.faload();
    species(code);
    code.swap()
        .invokestatic(FLOAT_VECTOR, "broadcast", Form.signature(FLOAT_VECTOR, SPECIES, CD_float));
  }

  @Override
  public void intoArray(CodeBuilder code, int local, int mask, Consumer<CodeBuilder> target) {
    constant(code, 0);
    code.aload(local)
        .aload(mask)
        .invokevirtual(FLOAT_VECTOR, "blend", Form.signature(FLOAT_VECTOR, VECTOR, MASK));
    target.accept(code);
    code.invokevirtual(FLOAT_VECTOR, "intoArray", Form.signature(CD_void, FLOATS, CD_int));
  }

  @Override
  public void mask(CodeBuilder code, int unit, int units, int local) {
    species(code);
    code.iload(unit)
        .iload(units)
        .invokeinterface(SPECIES, "indexInRange", Form.signature(MASK, CD_int, CD_int))
        .astore(local);
  }

  @Override
  public void apply(CodeBuilder code, Function function) {
    switch (function) {
      case NEGATE -> unary(code, "neg");
      case ABS -> unary(code, "abs");
      case SQRT -> unary(code, "sqrt");
      case POSITIVE -> {
        // zero.blend(one, x > 0)
        code.getstatic(OPERATORS, "GT", COMPARISON)
            .fconst_0()
            .invokevirtual(FLOAT_VECTOR, "compare", Form.signature(MASK, COMPARISON, CD_float));
        constant(code, 0);
        code.swap();
        constant(code, 1);
        code.swap()
            .invokevirtual(FLOAT_VECTOR, "blend", Form.signature(FLOAT_VECTOR, VECTOR, MASK));
      }
      case POWER_OF_TWO -> {
        bits(code);
        lanewise(code, "LSHL", 23);
        code.loadConstant(0x3F800000)
            .invokevirtual(INT_VECTOR, "add", Form.signature(INT_VECTOR, CD_int));
        fromBits(code);
      }
      case EXPONENT -> {
        bits(code);
        lanewise(code, "LSHR", 23);
        lanewise(code, "OR", 0x4B000000);
        fromBits(code);
      }
      case MANTISSA -> {
        bits(code);
        lanewise(code, "AND", 0x7FFFFF);
        lanewise(code, "OR", 0x3F800000);
        fromBits(code);
      }
      default -> throw new IllegalArgumentException(function + " is not lowered");
    }
  }

  private static void bits(CodeBuilder code) {
    code.invokevirtual(FLOAT_VECTOR, "reinterpretAsInts", Form.signature(INT_VECTOR));
  }

  private static void fromBits(CodeBuilder code) {
    code.invokevirtual(INT_VECTOR, "reinterpretAsFloats", Form.signature(FLOAT_VECTOR));
  }

  private static void lanewise(CodeBuilder code, String operation, int operand) {
    // AND, OR and the shifts are fields of different subtypes of Binary
    ClassDesc type =
        operation.startsWith("LSH")
            ? BINARY
            : ClassDesc.of(PACKAGE + "VectorOperators$Associative");
    code.getstatic(OPERATORS, operation, type)
        .loadConstant(operand)
        .invokevirtual(INT_VECTOR, "lanewise", Form.signature(INT_VECTOR, BINARY, CD_int));
  }

  @Override
  public void apply(CodeBuilder code, Operator operator) {
    switch (operator) {
      case ADD -> binary(code, "add");
      case SUBTRACT -> binary(code, "sub");
      case MULTIPLY -> binary(code, "mul");
      case DIVIDE -> binary(code, "div");
      case MIN -> binary(code, "min");
      case MAX -> binary(code, "max");
      case AT_LEAST -> replacedWhere(code, "GT");
      case AT_MOST -> replacedWhere(code, "LT");
    }
  }

  private static void binary(CodeBuilder code, String name) {
    code.invokevirtual(FLOAT_VECTOR, name, Form.signature(FLOAT_VECTOR, VECTOR));
  }

  /**
   * From a, b to b where its comparison with a holds, else a. Two instructions; {@code max}, which
   * orders zeros and hands on both NaN, is five.
   */
  private static void replacedWhere(CodeBuilder code, String comparison) {
    // a, b, then b, comparison, a make the mask
    code.dup2().swap().getstatic(OPERATORS, comparison, COMPARISON).swap();
    code.invokevirtual(FLOAT_VECTOR, "compare", Form.signature(MASK, COMPARISON, VECTOR));
    code.invokevirtual(FLOAT_VECTOR, "blend", Form.signature(FLOAT_VECTOR, VECTOR, MASK));
  }

  @Override
  public void multiplyAdd(CodeBuilder code) {
    code.invokevirtual(FLOAT_VECTOR, "fma", Form.signature(FLOAT_VECTOR, VECTOR, VECTOR));
  }

  private static void unary(CodeBuilder code, String name) {
    code.invokevirtual(FLOAT_VECTOR, name, Form.signature(FLOAT_VECTOR));
  }

  private static void species(CodeBuilder code) {
    code.getstatic(LANES, "SPECIES", SPECIES);
  }
}
