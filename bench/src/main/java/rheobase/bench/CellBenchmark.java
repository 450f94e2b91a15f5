package rheobase.bench;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import rheobase.cell.graph.StepProgram;
import rheobase.cell.graph.Surrogate;
import rheobase.cell.kernel.KernelCompiler;
import rheobase.cell.kernel.StepKernel;
import rheobase.cell.kernel.Tape;
import rheobase.cell.language.Cells;
import rheobase.cell.language.Overrides;

/**
 * Claim: a generated kernel takes a step of a whole micro-batch (16 rows) at some nanoseconds a
 * vector of 16 neurons, forward and back, and makes no object. Every call takes another step of a
 * block, as the engine does.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class CellBenchmark {
  private static final int ROWS = 16;

  /** As the engine goes back through together. */
  private static final int STEPS = 32;

  @Param({"alif", "leaky_integrator", "lstm", "gru"})
  public String cell;

  @Param({"48", "512"})
  public int units;

  private StepKernel kernel;
  private Tape tape;
  private int next;

  @Setup(Level.Trial)
  public void fill() {
    var program =
        StepProgram.of(
            Cells.compile(cell, Cells.text(cell), Overrides.NONE), null, true, Surrogate.DEFAULT);
    kernel = KernelCompiler.compile(program);
    tape = tape(program);
    for (int t = 0; t < STEPS; t++) {
      kernel.forward(tape, t);
    }
  }

  private Tape tape(StepProgram program) {
    var random = new Random(1);
    var made = new Tape();
    made.rows = ROWS;
    made.units = units;
    made.stride = Tape.stride(units);
    int plane = ROWS * made.stride;
    made.drive = random(random, STEPS * plane * program.cell().inputs().size(), 0.3f);
    made.driveGradient = new float[made.drive.length];
    made.states = new float[program.next().size()][(STEPS + 1) * plane];
    made.emitted = new float[program.emitted().size()][];
    for (int e = 0; e < made.emitted.length; e++) {
      int state = program.emittedState().get(e);
      made.emitted[e] = state < 0 ? new float[(STEPS + 1) * plane] : made.states[state];
    }
    // decays of memories that last about ten steps
    made.coefficients = new float[program.coefficients().size() * made.stride];
    Arrays.fill(made.coefficients, 0.9f);
    made.masks = new float[0][];
    made.ranges = new float[0];
    made.reached = new float[0];
    made.emittedGradient = new float[made.emitted.length][];
    Arrays.setAll(made.emittedGradient, _ -> random(random, STEPS * plane, 1e-3f));
    made.stateGradient = new float[made.states.length][plane];
    made.coefficientGradient = new float[made.coefficients.length];
    return made;
  }

  private static float[] random(Random random, int length, float size) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = size * (2 * random.nextFloat() - 1);
    }
    return values;
  }

  @Benchmark
  public float[] forward() {
    next = (next + 1) % STEPS;
    kernel.forward(tape, next);
    return tape.drive;
  }

  @Benchmark
  public float[] backward() {
    next = next == 0 ? STEPS - 1 : next - 1;
    kernel.backward(tape, next);
    return tape.driveGradient;
  }
}
