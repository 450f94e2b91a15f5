package rheobase.cell.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import rheobase.cell.graph.StepProgram;
import rheobase.cell.graph.Surrogate;
import rheobase.cell.language.Cells;
import rheobase.cell.language.Overrides;

/**
 * A recurrent adaptive layer of two neurons and two leaky integrators over six steps, from the
 * built-in cells by the interpreter: membranes, loss and every gradient against numbers that two
 * independent computations (forward-mode differentiation and the written-out reverse equations)
 * agreed on to 1e-15.
 */
class PublishedNetworkTest {
  private static final double[][] INPUT = {{1, 0}, {1, 1}, {0, 1}, {1, 0}, {0, 0}, {1, 1}};
  private static final int[] LABELS = {0, 0, 1, 1, 0, 1};
  private static final int STEPS = INPUT.length;
  private static final double[][] INPUT_WEIGHTS = {{1.5, -0.5}, {-0.8, 2.0}};
  private static final double[] INPUT_BIAS = {0.05, -0.02};
  private static final double[][] RECURRENT_WEIGHTS = {{0.3, -0.4}, {0.6, 0.1}};
  private static final double[][] OUTPUT_WEIGHTS = {{1, -1}, {-0.5, 0.7}};
  private static final double[] OUTPUT_BIAS = {0.1, -0.1};
  private static final double[][] HIDDEN_TAU = {{4, 2.5}, {7, 10}};
  private static final double[][] OUTPUT_TAU = {{3, 5}};

  private final StepProgram hidden = program("alif", Map.of("b0", 0.1));
  private final StepProgram output = program("leaky_integrator", Map.of());
  private final ReferenceCell hiddenCell = cell(hidden, HIDDEN_TAU);
  private final ReferenceCell outputCell = cell(output, OUTPUT_TAU);

  /** What goes in and comes out of the layers at each step; states are [step + 1][state][unit]. */
  private final double[][][] hiddenDrive = new double[STEPS][][];

  private final double[][][] outputDrive = new double[STEPS][][];
  private final double[][][] hiddenStates = new double[STEPS + 1][][];
  private final double[][][] outputStates = new double[STEPS + 1][][];
  private double loss;

  private static StepProgram program(String name, Map<String, Double> constants) {
    var overrides = new Overrides(constants, Map.of(), Map.of());
    return StepProgram.of(
        Cells.compile(name, Cells.text(name), overrides), null, false, Surrogate.DEFAULT);
  }

  private static ReferenceCell cell(StepProgram program, double[][] parameters) {
    return new ReferenceCell(program, 2, parameters, new double[0][], new double[0], null);
  }

  @BeforeEach
  void forward() {
    // states u, eta, s; the threshold's adaptation starts at b0
    hiddenStates[0] = new double[][] {{0, 0}, {0.1, 0.1}, {0, 0}};
    outputStates[0] = new double[][] {{0, 0}};
    for (int t = 0; t < STEPS; t++) {
      double[] drive = INPUT_BIAS.clone();
      add(drive, INPUT_WEIGHTS, INPUT[t]);
      add(drive, RECURRENT_WEIGHTS, hiddenStates[t][2]);
      hiddenDrive[t] = new double[][] {drive};
      hiddenStates[t + 1] = hiddenCell.forward(hiddenDrive[t], hiddenStates[t]).next();
      double[] readout = OUTPUT_BIAS.clone();
      add(readout, OUTPUT_WEIGHTS, hiddenStates[t + 1][2]);
      outputDrive[t] = new double[][] {readout};
      outputStates[t + 1] = outputCell.forward(outputDrive[t], outputStates[t]).next();
      loss -= Math.log(softmax(outputStates[t + 1][0])[LABELS[t]]);
    }
  }

  private static void add(double[] sum, double[][] weights, double[] x) {
    for (int i = 0; i < sum.length; i++) {
      for (int j = 0; j < x.length; j++) {
        sum[i] += weights[i][j] * x[j];
      }
    }
  }

  private static double[] softmax(double[] m) {
    double first = 1 / (1 + Math.exp(m[1] - m[0]));
    return new double[] {first, 1 - first};
  }

  @Test
  void membranesThresholdsAndSpikesAreThePublishedOnes() {
    double[][][] expected = {
      {{.34285879, -.27033756}, {.08668779, .09048374}, {1, 0}},
      {{.09075194, .40561763}, {.20826983, .08187308}, {0, 1}},
      {{-.11734165, .55298801}, {.18054451, .1692444}, {0, 1}},
      {{.16299333, -.41363287}, {.15651005, .24830125}, {0, 0}},
      {{.13799929, -.28386001}, {.1356751, .22467226}, {0, 0}},
      {{.33973314, .19874529}, {.11761375, .20329187}, {1, 0}}
    };
    double[][] readout = {
      {.31181556, -.10876155},
      {-.03169621, .01971512},
      {-.27783315, .12490293},
      {-.17072928, .08413494},
      {-.09398601, .05075694},
      {.24447164, -.06720528}
    };
    for (int t = 0; t < STEPS; t++) {
      for (int state = 0; state < 3; state++) {
        assertThat(hiddenStates[t + 1][state]).containsExactly(expected[t][state], within(5.1e-9));
      }
      assertThat(outputStates[t + 1][0]).containsExactly(readout[t], within(5.1e-9));
    }
  }

  @Test
  void theLossIsThePublishedOne() {
    assertThat(loss).isCloseTo(3.9389370019753285, within(1e-12));
  }

  @Test
  void allGradientsAreThePublishedOnes() {
    double[][] inputWeights = new double[2][2];
    double[][] recurrentWeights = new double[2][2];
    double[][] outputWeights = new double[2][2];
    double[] inputBias = new double[2];
    double[] outputBias = new double[2];
    double[][] hiddenCoefficients = new double[2][2];
    double[][] outputCoefficients = new double[1][2];
    double[][] hiddenGradient = new double[3][2];
    double[][] outputGradient = new double[1][2];
    double[] fromRecurrence = new double[2];
    for (int t = STEPS - 1; t >= 0; t--) {
      double[] toMembrane = softmax(outputStates[t + 1][0]);
      toMembrane[LABELS[t]] -= 1;
      var readout =
          outputCell.backward(
              outputDrive[t],
              outputStates[t],
              outputStates[t + 1],
              new double[][] {toMembrane},
              outputGradient);
      outputGradient = readout.previous();
      add(outputCoefficients, readout.coefficients());
      double[] k = readout.drive()[0];
      addOuter(outputWeights, k, hiddenStates[t + 1][2]);
      add(outputBias, k);

      double[] toSpike = fromRecurrence;
      addTransposed(toSpike, OUTPUT_WEIGHTS, k);
      var layer =
          hiddenCell.backward(
              hiddenDrive[t],
              hiddenStates[t],
              hiddenStates[t + 1],
              new double[][] {toSpike},
              hiddenGradient);
      hiddenGradient = layer.previous();
      add(hiddenCoefficients, layer.coefficients());
      double[] drive = layer.drive()[0];
      addOuter(inputWeights, drive, INPUT[t]);
      addOuter(recurrentWeights, drive, hiddenStates[t][2]);
      add(inputBias, drive);
      fromRecurrence = new double[2];
      addTransposed(fromRecurrence, RECURRENT_WEIGHTS, drive);
    }
    double[][] hiddenTau =
        ReferenceCell.parameterGradient(hidden, 2, HIDDEN_TAU, hiddenCoefficients);
    double[][] outputTau =
        ReferenceCell.parameterGradient(output, 2, OUTPUT_TAU, outputCoefficients);

    assertClose(inputWeights[0], .0342785771560645, .05333222075950727);
    assertClose(inputWeights[1], -.05018398542454007, -.08642527000262334);
    assertClose(inputBias, .06334834366478073, -.10888520331908809);
    assertClose(recurrentWeights[0], .010378336227102054, .036767084395703524);
    assertClose(recurrentWeights[1], -.01467856269808903, -.055299636927615);
    assertClose(outputWeights[0], .0418083402821879, .17120947710006182);
    assertClose(outputWeights[1], -.043631883022086024, -.14295073796554825);
    assertClose(outputBias, .2771944823511257, -.2448035222978796);
    assertClose(hiddenTau[0], -.0018618201769378447, .04543900650014999);
    assertClose(hiddenTau[1], .0015121395348862338, -.005124400562908586);
    assertClose(outputTau[0], .015386325209723231, .0071542063690980505);
  }

  private static void assertClose(double[] actual, double... expected) {
    assertThat(actual).containsExactly(expected, within(1e-12));
  }

  private static void add(double[] sum, double[] x) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += x[i];
    }
  }

  private static void add(double[][] sum, double[][] x) {
    for (int i = 0; i < sum.length; i++) {
      add(sum[i], x[i]);
    }
  }

  private static void addOuter(double[][] sum, double[] to, double[] from) {
    for (int i = 0; i < to.length; i++) {
      for (int j = 0; j < from.length; j++) {
        sum[i][j] += to[i] * from[j];
      }
    }
  }

  private static void addTransposed(double[] sum, double[][] weights, double[] x) {
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < sum.length; j++) {
        sum[j] += weights[i][j] * x[i];
      }
    }
  }
}
