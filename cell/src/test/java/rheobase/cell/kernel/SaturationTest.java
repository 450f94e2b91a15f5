package rheobase.cell.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rheobase.cell.graph.Cell;
import rheobase.cell.graph.StepProgram;
import rheobase.cell.graph.Surrogate;
import rheobase.cell.language.Cells;
import rheobase.cell.language.Overrides;

/**
 * Drives far beyond anything useful, such as a diverging network delivers before its loss shows it.
 */
class SaturationTest {
  @ParameterizedTest
  @ValueSource(floats = {50, 1e4f, 1e5f, 1e20f, Float.MAX_VALUE})
  void saturatedFunctionsReachTheirLimits(float drive) {
    assertThat(value("tanh(i)", drive)).isEqualTo(1);
    assertThat(value("tanh(i)", -drive)).isEqualTo(-1);
    assertThat(value("sigmoid(i)", drive)).isEqualTo(1);
    assertThat(value("sigmoid(i)", -drive)).isBetween(0f, 1e-20f);
    assertThat(value("exp(-i)", drive)).isBetween(0f, 1e-20f);
  }

  /** What both forms of the kernel make of {@code y = expression}. */
  private static float value(String expression, float drive) {
    String text = "cell one\ninput i\ny = " + expression + "\noutput y\n";
    Cell cell = Cells.compile("one", text, Overrides.NONE);
    StepProgram program = StepProgram.of(cell, null, false, Surrogate.DEFAULT);
    Tape tape = TapeFiller.empty(program, 1, 1, 1);
    tape.drive[0] = drive;
    KernelCompiler.compile(program, false).forward(tape, 0);
    float plain = tape.emitted[0][tape.stride];
    KernelCompiler.compile(program).forward(tape, 0);
    assertThat(tape.emitted[0][tape.stride]).isEqualTo(plain);
    return plain;
  }
}
