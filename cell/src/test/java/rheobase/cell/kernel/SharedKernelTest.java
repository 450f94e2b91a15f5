package rheobase.cell.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import rheobase.cell.graph.StepProgram;
import rheobase.cell.graph.Surrogate;
import rheobase.cell.language.Cells;
import rheobase.cell.language.Overrides;

/** Layers that compute the same share a kernel: the JIT compiler meets it once. */
class SharedKernelTest {
  private static StepKernel compiled(String cell, Map<String, Double> constants) {
    return KernelCompiler.compile(
        StepProgram.of(
            Cells.compile(cell, Cells.text(cell), new Overrides(constants, Map.of(), Map.of())),
            null,
            true,
            Surrogate.DEFAULT));
  }

  @Test
  void equalStepsHaveOneKernel() {
    assertThat(compiled("alif", Map.of())).isSameAs(compiled("alif", Map.of("beta", 1.8)));
  }

  @Test
  void otherConstantsMakeAnotherKernel() {
    assertThat(compiled("alif", Map.of())).isNotSameAs(compiled("alif", Map.of("beta", 1.7)));
  }

  @Test
  void otherCellsMakeAnotherKernel() {
    assertThat(compiled("alif", Map.of())).isNotSameAs(compiled("lif", Map.of()));
  }
}
