package rheobase.cell.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rheobase.cell.graph.StepProgram;
import rheobase.cell.graph.Surrogate;
import rheobase.cell.language.Cells;
import rheobase.cell.language.Overrides;

/**
 * A kernel makes no object once the JIT compiler has seen it. Vectors that it fails to keep in
 * registers become objects, and a step a hundred times slower: this is where that would show.
 */
class KernelAllocationTest {
  private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int STEPS = 8;
  private static final int CALLS = 4000;

  /** How long the JIT compiler may take on a busy machine. */
  private static final long PATIENCE = 60_000_000_000L;

  @ParameterizedTest
  @CsvSource({
    "lif, true",
    "alif, true",
    "lif_hard, true",
    "leaky_integrator, true",
    "rnn, true",
    "lstm, true",
    "gru, true",
    "alif, false",
    "lstm, false"
  })
  void kernelsAllocateNothing(String name, boolean vectors) {
    Assumptions.assumeTrue(
        KernelCompiler.vectors() || !vectors, "needs --add-modules jdk.incubator.vector");
    StepProgram program =
        StepProgram.of(
            Cells.compile(name, Cells.text(name), Overrides.NONE), null, true, Surrogate.DEFAULT);
    StepKernel kernel = KernelCompiler.compile(program, vectors);
    Tape tape = TapeFiller.empty(program, 3, 37, STEPS);
    Arrays.fill(tape.coefficients, 0.9f);
    Arrays.fill(tape.drive, 0.4f);
    assertThat(allocatedWhenWarm(t -> kernel.forward(tape, t))).as("forward").isZero();
    assertThat(allocatedWhenWarm(t -> kernel.backward(tape, t))).as("backward").isZero();
  }

  /** Bytes that {@link #CALLS} calls allocate, once they allocate nothing or patience ends. */
  private static long allocatedWhenWarm(IntConsumer step) {
    long begin = System.nanoTime();
    long allocated;
    do {
      long before = THREAD.getCurrentThreadAllocatedBytes();
      for (int call = 0; call < CALLS; call++) {
        step.accept(call % STEPS);
      }
      allocated = THREAD.getCurrentThreadAllocatedBytes() - before;
    } while (allocated > 0 && System.nanoTime() - begin < PATIENCE);
    return allocated;
  }
}
