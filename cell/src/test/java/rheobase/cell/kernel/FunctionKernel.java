package rheobase.cell.kernel;

import java.util.Arrays;
import rheobase.cell.graph.StepProgram;
import rheobase.cell.graph.Surrogate;
import rheobase.cell.language.Cells;
import rheobase.cell.language.Overrides;

/** Runs one expression of the input {@code x} over many floats at once, as a kernel computes it. */
final class FunctionKernel {
  private FunctionKernel() {}

  /**
   * @param expression of {@code x}
   * @param range of a quantiser in it
   * @param vectors which form of the kernel
   */
  static float[] run(String expression, float[] x, float range, boolean vectors) {
    String text = "cell f\ninput x\ny = " + expression + "\noutput y\n";
    StepProgram program =
        StepProgram.of(Cells.compile("f", text, Overrides.NONE), null, false, Surrogate.DEFAULT);
    Tape tape = TapeFiller.empty(program, 1, x.length, 1);
    System.arraycopy(x, 0, tape.drive, 0, x.length);
    Arrays.fill(tape.ranges, range);
    KernelCompiler.compile(program, vectors).forward(tape, 0);
    return Arrays.copyOfRange(tape.emitted[0], tape.stride, tape.stride + x.length);
  }

  static float[] run(String expression, float... x) {
    return run(expression, x, 1, false);
  }
}
