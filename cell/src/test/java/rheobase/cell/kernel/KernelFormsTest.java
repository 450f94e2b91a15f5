package rheobase.cell.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rheobase.cell.RandomCells;
import rheobase.cell.graph.StepProgram;
import rheobase.cell.graph.Surrogate;
import rheobase.cell.language.Cells;
import rheobase.cell.language.Overrides;

/**
 * The vector kernel equals the plain one to the bit, whatever the sizes, and stays within its
 * lanes.
 */
class KernelFormsTest {
  private static final int STEPS = 3;

  @BeforeEach
  void vectorsAreThere() {
    Assumptions.assumeTrue(KernelCompiler.vectors(), "needs --add-modules jdk.incubator.vector");
  }

  private static void assertFormsAgree(String text, int[][] sizes, long seed) {
    var cell = Cells.compile("test", text, Overrides.NONE);
    boolean ofState = !cell.states().isEmpty();
    for (String emits :
        ofState ? List.of(cell.output(), cell.states().getLast().name()) : List.of(cell.output())) {
      StepProgram program = StepProgram.of(cell, emits, true, Surrogate.DEFAULT);
      StepKernel vector = KernelCompiler.compile(program, true);
      StepKernel plain = KernelCompiler.compile(program, false);
      for (int[] size : sizes) {
        Tape a = filled(program, size[0], size[1], seed);
        Tape b = filled(program, size[0], size[1], seed);
        run(vector, a);
        run(plain, b);
        assertThat(TapeFiller.distance(a, b))
            .as("%d rows of %d units of%n%s", size[0], size[1], text)
            .isZero();
        assertPaddingIsZero(program, a);
      }
    }
  }

  private static void run(StepKernel kernel, Tape tape) {
    for (int t = 0; t < STEPS; t++) {
      kernel.forward(tape, t);
    }
    for (int t = STEPS - 1; t >= 0; t--) {
      kernel.backward(tape, t);
    }
  }

  /** A tape with random numbers everywhere a kernel reads, and in what it adds to. */
  private static Tape filled(StepProgram program, int rows, int units, long seed) {
    var random = new Random(seed);
    Tape tape = TapeFiller.empty(program, rows, units, STEPS);
    fill(random, tape, 2, tape.drive);
    fill(random, tape, 1, tape.masks);
    fill(random, tape, 1, tape.states);
    fill(random, tape, 0.9f, tape.coefficients);
    fill(random, tape, 1, tape.emittedGradient);
    fill(random, tape, 1, tape.stateGradient);
    fill(random, tape, 1, tape.coefficientGradient);
    fill(random, tape, 1, tape.reached);
    for (int r = 0; r < tape.ranges.length; r++) {
      tape.ranges[r] = 0.5f + random.nextFloat();
    }
    return tape;
  }

  private static void fill(Random random, Tape tape, float scale, float[]... planes) {
    for (float[] plane : planes) {
      for (int i = 0; i < plane.length; i++) {
        plane[i] = i % tape.stride < tape.units ? scale * (float) random.nextGaussian() : 0;
      }
    }
  }

  private static void assertPaddingIsZero(StepProgram program, Tape tape) {
    assertPaddingIsZero(tape, tape.drive);
    assertPaddingIsZero(tape, tape.states);
    assertPaddingIsZero(tape, tape.emitted);
    assertPaddingIsZero(tape, tape.stateGradient);
    assertPaddingIsZero(tape, tape.coefficientGradient);
    assertPaddingIsZero(tape, tape.reached);
  }

  private static void assertPaddingIsZero(Tape tape, float[]... planes) {
    for (float[] plane : planes) {
      for (int i = 0; i < plane.length; i++) {
        if (i % tape.stride >= tape.units && Float.floatToRawIntBits(plane[i]) != 0) {
          throw new AssertionError("lane " + i + " beyond the units holds " + plane[i]);
        }
      }
    }
  }

  static List<String> builtIn() {
    return Cells.names();
  }

  @ParameterizedTest
  @MethodSource("builtIn")
  void builtInCellsAgreeForAnyNumberOfUnitsAndRows(String name) {
    int[][] sizes =
        IntStream.rangeClosed(1, 67)
            .mapToObj(units -> new int[] {1 + units % 9, units})
            .toArray(int[][]::new);
    assertFormsAgree(Cells.text(name), sizes, 1);
  }

  @ParameterizedTest
  @MethodSource("builtIn")
  void rowsThatStandCloseAreOneLongRow(String name) {
    StepProgram program =
        StepProgram.of(
            Cells.compile("test", Cells.text(name), Overrides.NONE), null, true, Surrogate.DEFAULT);
    Assumptions.assumeTrue(
        program.cell().inputs().size() == 1 && program.cell().ranges() == 0, "needs one input");
    StepKernel kernel = KernelCompiler.compile(program, true);
    int[][] shapes = {{4, 36, 4}, {8, 6, 8}, {8, 20, 4}, {16, 3, 16}};
    for (int[] shape : shapes) {
      int rows = shape[0];
      int units = shape[1];
      assertThat(Tape.period(units, rows)).isEqualTo(shape[2]);
      // the same floats, taken for rows of their own and for whole periods
      Tape close = filled(program, rows / shape[2], shape[2] * units, 3);
      Tape whole = filled(program, rows / shape[2], shape[2] * units, 3);
      close.rows = rows;
      close.units = units;
      close.stride = units;
      close.period = shape[2];
      run(kernel, close);
      run(kernel, whole);
      assertThat(TapeFiller.distance(close, whole)).as("%d rows of %d", rows, units).isZero();
    }
  }

  @Test
  void rowsStandCloseOnlyWhereThatFillsIdleLanes() {
    assertThat(Tape.period(64, 8)).as("whole vectors anyway").isOne();
    assertThat(Tape.period(60, 8)).as("four lanes of 64 idle").isOne();
    assertThat(Tape.period(36, 6)).as("six rows are no periods of four").isOne();
    assertThat(Tape.period(35, 8)).as("16 rows would fill vectors").isOne();
    assertThat(Tape.period(35, 32)).isEqualTo(16);
  }

  static LongStream seeds() {
    return LongStream.range(0, 60);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void randomCellsAgree(long seed) {
    var random = new Random(seed);
    int[][] sizes = new int[3][];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = new int[] {1 + random.nextInt(9), 1 + random.nextInt(67)};
    }
    assertFormsAgree(RandomCells.text(seed), sizes, seed);
  }

  @Test
  void extremeValuesAgreeToo() {
    float[] extremes = {
      0f,
      -0f,
      1e-45f,
      -1e-45f,
      Float.MIN_NORMAL,
      1e-30f,
      0.625f,
      -0.625f,
      10,
      -10,
      88,
      -88,
      89,
      1e5f,
      4.2e6f,
      -7e6f,
      1e20f,
      -1e20f,
      Float.MAX_VALUE,
      -Float.MAX_VALUE,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      Float.NaN
    };
    for (String function :
        List.of(
            "exp(x)",
            "log(x)",
            "sqrt(x)",
            "sigmoid(x)",
            "tanh(x)",
            "relu(x)",
            "abs(x)",
            "sin(x)",
            "cos(x)",
            "spike(x)",
            "quantize(x, 6, 3)",
            "quantize(x, 32, 0)",
            "min(x, 1)",
            "max(x, -0.5)",
            "-x",
            "1 / x",
            "x * x",
            "x - x")) {
      int[] vector = bits(FunctionKernel.run(function, extremes, 1, true));
      int[] plain = bits(FunctionKernel.run(function, extremes, 1, false));
      assertThat(vector).as(function).isEqualTo(plain);
    }
  }

  /** All NaN alike. */
  private static int[] bits(float[] values) {
    return IntStream.range(0, values.length).map(i -> Float.floatToIntBits(values[i])).toArray();
  }

  @Test
  void aQuantizerRemembersTheLargestMagnitudeItMet() {
    String text = "cell t\ninput i\ny = quantize(i, 6, 3)\noutput y";
    StepProgram program =
        StepProgram.of(Cells.compile("t", text, Overrides.NONE), null, false, Surrogate.DEFAULT);
    for (boolean vectors : new boolean[] {true, false}) {
      Tape tape = TapeFiller.empty(program, 2, 3, 1);
      tape.ranges[0] = 1;
      tape.reached[1] = 0.25f;
      System.arraycopy(new float[] {0.5f, -0.1f, 0}, 0, tape.drive, 0, 3);
      System.arraycopy(new float[] {-2, 0.2f, 0}, 0, tape.drive, tape.stride, 3);
      KernelCompiler.compile(program, vectors).forward(tape, 0);
      assertThat(tape.reached).startsWith(2, 0.25f, 0);
    }
  }

  @Test
  void gradientsOfCoefficientsAreAddedUp() {
    StepProgram program =
        StepProgram.of(
            Cells.compile("leaky_integrator", Cells.text("leaky_integrator"), Overrides.NONE),
            null,
            false,
            Surrogate.DEFAULT);
    for (boolean vectors : new boolean[] {true, false}) {
      Tape tape = TapeFiller.empty(program, 2, 1, 1);
      tape.coefficients[0] = 0.5f;
      tape.coefficientGradient[0] = 100;
      tape.states[0][0] = 3;
      tape.states[0][tape.stride] = 5;
      tape.emittedGradient[0][0] = 1;
      tape.emittedGradient[0][tape.stride] = 10;
      KernelCompiler.compile(program, vectors).backward(tape, 0);
      assertThat(tape.coefficientGradient[0]).isEqualTo(100 + 3 + 50);
      assertThat(tape.stateGradient[0][tape.stride]).isEqualTo(5);
    }
  }
}
