package rheobase.cell.kernel;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.util.function.Consumer;
import rheobase.cell.graph.Node.Function;
import rheobase.cell.graph.Node.Operator;

/**
 * One neuron at a time: the meaning of the vector form, and what runs where the incubator module is
 * missing.
 */
final class PlainForm implements Form {
  private static final ClassDesc FLOAT = ClassDesc.of("java.lang.Float");

  @Override
  public int lanes() {
    return 1;
  }

  @Override
  public void load(CodeBuilder code, int local) {
    code.fload(local);
  }

  @Override
  public void store(CodeBuilder code, int local) {
    code.fstore(local);
  }

  @Override
  public void constant(CodeBuilder code, float value) {
    code.loadConstant(value);
  }

  @Override
  public void fromArray(CodeBuilder code) {
    code.faload();
  }

  @Override
  public void broadcastFromArray(CodeBuilder code) {
    code.faload();
  }

  @Override
  public void intoArray(CodeBuilder code, int local, int mask, Consumer<CodeBuilder> target) {
    target.accept(code);
    code.fload(local).fastore();
  }

  @Override
  public void mask(CodeBuilder code, int unit, int units, int local) {}

  @Override
  public void apply(CodeBuilder code, Function function) {
    switch (function) {
      case NEGATE -> code.fneg();
      case ABS -> math(code, "abs", 1);
      case SQRT ->
          code.f2d().invokestatic(MATH, "sqrt", Form.signature(double_(), double_())).d2f();
      case POSITIVE -> positive(code);
      case POWER_OF_TWO -> {
        bits(code);
        fromBits(code.loadConstant(23).ishl().loadConstant(0x3F800000).iadd());
      }
      case EXPONENT -> {
        bits(code);
        fromBits(code.loadConstant(23).iushr().loadConstant(0x4B000000).ior());
      }
      case MANTISSA -> {
        bits(code);
        fromBits(code.loadConstant(0x7FFFFF).iand().loadConstant(0x3F800000).ior());
      }
      default -> throw new IllegalArgumentException(function + " is not lowered");
    }
  }

  private static void positive(CodeBuilder code) {
    var no = code.newLabel();
    var end = code.newLabel();
    code.fconst_0()
        .fcmpl()
        .ifle(no)
        .fconst_1()
        .goto_(end)
        .labelBinding(no)
        .fconst_0()
        .labelBinding(end);
  }

  private static void bits(CodeBuilder code) {
    code.invokestatic(FLOAT, "floatToRawIntBits", Form.signature(CD_int, CD_float));
  }

  private static void fromBits(CodeBuilder code) {
    code.invokestatic(FLOAT, "intBitsToFloat", Form.signature(CD_float, CD_int));
  }

  @Override
  public void apply(CodeBuilder code, Operator operator) {
    switch (operator) {
      case ADD -> code.fadd();
      case SUBTRACT -> code.fsub();
      case MULTIPLY -> code.fmul();
      case DIVIDE -> code.fdiv();
      case MIN -> math(code, "min", 2);
      case MAX -> math(code, "max", 2);
      case AT_LEAST -> replacedWhere(code, true);
      case AT_MOST -> replacedWhere(code, false);
    }
  }

  /**
   * From a, b to b where it is larger (or smaller) than a, else a; a NaN on either side leaves a.
   */
  private static void replacedWhere(CodeBuilder code, boolean larger) {
    var keep = code.newLabel();
    code.dup2();
    if (larger) {
      code.fcmpg().ifge(keep);
    } else {
      code.fcmpl().ifle(keep);
    }
    code.swap().labelBinding(keep).pop();
  }

  @Override
  public void multiplyAdd(CodeBuilder code) {
    math(code, "fma", 3);
  }

  private static void math(CodeBuilder code, String name, int arguments) {
    var floats = new ClassDesc[arguments];
    java.util.Arrays.fill(floats, CD_float);
    code.invokestatic(MATH, name, Form.signature(CD_float, floats));
  }

  private static ClassDesc double_() {
    return java.lang.constant.ConstantDescs.CD_double;
  }
}
