package rheobase.cell.kernel;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.function.Consumer;
import rheobase.cell.graph.Node.Function;
import rheobase.cell.graph.Node.Operator;

/**
 * In which form a kernel computes: several neurons at a time in vectors, or one at a time in plain
 * floats. A form writes the bytecode of single operations; the loops around them are the same for
 * both and stand in {@link KernelMethod}.
 *
 * <p>Both forms round every operation alike, so their results are equal to the bit.
 */
sealed interface Form permits PlainForm, VectorForm {
  /** How many neurons one value holds. */
  int lanes();

  void load(CodeBuilder code, int local);

  void store(CodeBuilder code, int local);

  /** Pushes a value that holds the number in every lane. */
  void constant(CodeBuilder code, float value);

  /** From an array and an index on the stack to the value that stands there. */
  void fromArray(CodeBuilder code);

  /** From an array and an index on the stack to the value with that single number in every lane. */
  void broadcastFromArray(CodeBuilder code);

  /**
   * Stores the value of {@code local}; {@code target} pushes array and index. Lanes outside the
   * mask are stored as zero.
   */
  void intoArray(CodeBuilder code, int local, int mask, Consumer<CodeBuilder> target);

  /**
   * Makes the mask of the lanes below {@code units} for the vector that begins at {@code unit}, and
   * keeps it in {@code local}.
   */
  void mask(CodeBuilder code, int unit, int units, int local);

  void apply(CodeBuilder code, Function function);

  void apply(CodeBuilder code, Operator operator);

  /** From a, b, c on the stack to a*b+c. */
  void multiplyAdd(CodeBuilder code);

  /** Makes a descriptor of a class by its name. */
  static ClassDesc type(String name) {
    return ClassDesc.of(name);
  }

  ClassDesc FLOATS = ConstantDescs.CD_float.arrayType();
  ClassDesc MATH = ClassDesc.of("java.lang.Math");

  static MethodTypeDesc signature(ClassDesc result, ClassDesc... parameters) {
    return MethodTypeDesc.of(result, parameters);
  }
}
