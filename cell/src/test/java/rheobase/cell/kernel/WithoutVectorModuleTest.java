package rheobase.cell.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import rheobase.cell.RandomCells;
import rheobase.cell.graph.StepProgram;
import rheobase.cell.graph.Surrogate;
import rheobase.cell.language.Cells;
import rheobase.cell.language.Overrides;

/** Cells run in a JVM that was started without {@code --add-modules jdk.incubator.vector}. */
class WithoutVectorModuleTest {

  /** What runs there: prints whether there are vectors, then what came of each cell. */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) {
      System.out.println("vectors " + KernelCompiler.vectors());
      for (String name : Cells.names()) {
        String text = Cells.text(name);
        var verification = CellVerification.verify(name, text, Surrogate.DEFAULT);
        System.out.println(name + " passed " + verification.passed());
        System.out.println(name + " bits " + bits(text));
      }
      System.out.println("random bits " + bits(RandomCells.text(7)));
    }
  }

  /** A number over all bits of a run of the fastest kernel forward and back. */
  private static int bits(String text) {
    StepProgram program =
        StepProgram.of(Cells.compile("cell", text, Overrides.NONE), null, true, Surrogate.DEFAULT);
    StepKernel kernel = KernelCompiler.compile(program);
    int steps = 5;
    Tape tape = TapeFiller.empty(program, 2, 21, steps);
    var random = new Random(3);
    for (int i = 0; i < tape.drive.length; i++) {
      tape.drive[i] = i % tape.stride < tape.units ? (float) random.nextGaussian() : 0;
    }
    Arrays.fill(tape.coefficients, 0.875f);
    Arrays.fill(tape.ranges, 2);
    Arrays.fill(tape.emittedGradient[0], 0.5f);
    for (int t = 0; t < steps; t++) {
      kernel.forward(tape, t);
    }
    for (int t = steps - 1; t >= 0; t--) {
      kernel.backward(tape, t);
    }
    int hash = Arrays.hashCode(tape.drive);
    hash = 31 * hash + Arrays.deepHashCode(tape.states);
    return 31 * hash + Arrays.hashCode(tape.coefficientGradient);
  }

  private static List<String> runWithoutModule() throws IOException, InterruptedException {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            classPath,
            Program.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    return printed.lines().toList();
  }

  @Test
  void builtInCellsPassAndGiveTheSameBits() throws IOException, InterruptedException {
    var expected = new ArrayList<String>();
    expected.add("vectors false");
    for (String name : Cells.names()) {
      expected.add(name + " passed true");
      expected.add(name + " bits " + bits(Cells.text(name)));
    }
    expected.add("random bits " + bits(RandomCells.text(7)));
    assertThat(runWithoutModule()).isEqualTo(expected);
  }
}
