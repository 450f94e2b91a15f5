package rheobase.cell.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import rheobase.cell.graph.StepProgram;
import rheobase.cell.graph.Surrogate;
import rheobase.cell.language.CellException;
import rheobase.cell.language.Cells;
import rheobase.cell.language.Overrides;

/**
 * The built-in cells of the years after the adaptive networks, each for hundreds of steps of noise,
 * against its recurrence written out here from the paper in another notation.
 */
class LaterCellsTest {
  private static final int STEPS = 600;
  private static final int UNITS = 5;

  /** What each neuron emits at a step. */
  private interface Recurrence {
    /**
     * @param drive [unit]
     * @return [unit]
     */
    double[] step(double[] drive);
  }

  /** A step of one neuron. */
  private interface Neuron {
    double step(double drive);
  }

  private static Recurrence neurons(IntFunction<Neuron> neuron) {
    Neuron[] all = new Neuron[UNITS];
    for (int j = 0; j < UNITS; j++) {
      all[j] = neuron.apply(j);
    }
    return drive -> {
      double[] emitted = new double[UNITS];
      for (int j = 0; j < UNITS; j++) {
        emitted[j] = all[j].step(drive[j]);
      }
      return emitted;
    };
  }

  private static double spike(double x) {
    return x > 0 ? 1 : 0;
  }

  /**
   * @param parameters in the order in which the cell declares them, [parameter][unit]
   * @param strength deviation of the drive
   * @param emits a state or assigned value in place of the output; null for the output
   */
  private static void assertFollows(
      String name, double[][] parameters, double strength, String emits, Recurrence expected) {
    StepProgram program =
        StepProgram.of(
            Cells.compile(name, Cells.text(name), Overrides.NONE), emits, false, Surrogate.DEFAULT);
    var cell = new ReferenceCell(program, UNITS, parameters, new double[0][], new double[0], null);
    double[][] states = new double[program.next().size()][UNITS];
    var random = new Random(7);
    double[] sum = new double[UNITS];
    double[] drive = new double[UNITS];
    for (int t = 0; t < STEPS; t++) {
      for (int j = 0; j < UNITS; j++) {
        drive[j] = strength * (0.3 + random.nextGaussian());
      }
      var step = cell.forward(new double[][] {drive}, states);
      states = step.next();
      double[] emitted = step.emitted()[0];
      assertThat(emitted).as("step %d", t).containsExactly(expected.step(drive), within(1e-9));
      for (int j = 0; j < UNITS; j++) {
        sum[j] += Math.abs(emitted[j]);
      }
    }
    // a neuron that is silent, or never is, shows nothing
    for (int j = 0; j < UNITS; j++) {
      assertThat(sum[j]).as("neuron %d", j).isBetween(5.0, emits == null ? 0.9 * STEPS : 1e6);
    }
  }

  private static final double[] OMEGA = {3, -5, 10, 25, 60};
  private static final double[] OFFSET = {0.1, -0.4, 1, 0, 2};

  /** Higuchi et al. 2024: complex membrane u + iv turned by omega and shrunk by b each step. */
  private static Neuron resonator(double omega, double offset, boolean imaginary) {
    return new Neuron() {
      private double re;
      private double im;
      private double q;

      @Override
      public double step(double drive) {
        double dt = 0.01;
        double angular = Math.abs(omega);
        double boundary = (-1 + Math.sqrt(1 - Math.pow(dt * angular, 2))) / dt;
        double b = boundary - Math.abs(offset) - q;
        // (1 + dt (b + i angular)) (re + i im) + dt drive
        double growth = 1 + dt * b;
        double turn = dt * angular;
        double re1 = growth * re - turn * im + dt * drive;
        im = turn * re + growth * im;
        re = re1;
        double z = spike(re - 1 - q);
        q = 0.9 * q + z;
        return imaginary ? im : z;
      }
    };
  }

  @Test
  void theBalancedResonatorTurnsAndShrinksAComplexMembrane() {
    double[][] parameters = {OMEGA, OFFSET};
    assertFollows("brf", parameters, 40, null, neurons(j -> resonator(OMEGA[j], OFFSET[j], false)));
    assertFollows("brf", parameters, 40, "v", neurons(j -> resonator(OMEGA[j], OFFSET[j], true)));
  }

  @Test
  void withoutOffsetTheResonatorNeitherGrowsNorFades() {
    // what the boundary is for: |1 + dt (p + i omega)| = 1
    StepProgram program =
        StepProgram.of(
            Cells.compile("brf", Cells.text("brf"), Overrides.NONE), "u", true, Surrogate.DEFAULT);
    double[][] parameters = {OMEGA, new double[UNITS]};
    var cell = new ReferenceCell(program, UNITS, parameters, new double[0][], new double[0], null);
    int u = names(program).indexOf("u");
    int v = names(program).indexOf("v");
    double[][] states = new double[program.next().size()][UNITS];
    states[u] = new double[] {0.5, 0.1, -0.5, 0.6, 0.9};
    states[v] = new double[] {0.1, 0.7, 0.5, -0.3, 0.3};
    double[] before = squares(states[u], states[v]);
    for (int t = 0; t < STEPS; t++) {
      states = cell.forward(new double[1][UNITS], states).next();
    }
    assertThat(squares(states[u], states[v])).containsExactly(before, within(1e-9));
  }

  private static List<String> names(StepProgram program) {
    return program.states().stream().map(i -> program.cell().states().get(i).name()).toList();
  }

  private static double[] squares(double[] u, double[] v) {
    double[] sum = new double[u.length];
    for (int j = 0; j < u.length; j++) {
      sum[j] = u[j] * u[j] + v[j] * v[j];
    }
    return sum;
  }

  @Test
  void aFrequencyWithoutBoundaryIsRefused() {
    // at omega = 1 / dt every step turns by more than it can shrink
    var tooFast = new Overrides(Map.of(), Map.of("omega", "100"), Map.of());
    assertThatThrownBy(() -> Cells.compile("brf", Cells.text("brf"), tooFast))
        .isInstanceOf(CellException.class)
        .hasMessageContaining("omega");
  }

  @Test
  void theHarmonicResonatorIsADampedOscillator() {
    double[][] parameters = {OMEGA, OFFSET};
    assertFollows(
        "bhrf",
        parameters,
        40,
        null,
        neurons(j ->
            new Neuron() {
              private double place;
              private double speed;
              private double q;

              @Override
              public double step(double drive) {
                double dt = 0.01;
                double damping = 0.005 * Math.pow(OMEGA[j], 2) + Math.abs(OFFSET[j]) + q;
                place += dt * speed;
                double force = drive - 2 * damping * speed - Math.pow(OMEGA[j], 2) * place;
                speed += dt * force;
                double z = spike(speed - 1 - q);
                q = 0.9 * q + z;
                return z;
              }
            }));
  }

  @Test
  void theSymplecticNeuronAdaptsToItsMembraneAfterTheReset() {
    double[] tauU = {5, 8, 12, 20, 25};
    double[] tauW = {60, 90, 150, 200, 300};
    double[] a = {0, 0.2, 0.5, 0.8, 1};
    double[] b = {0.1, 2, 0, 1, 0.5};
    assertFollows(
        "se_adlif",
        new double[][] {tauU, tauW, a, b},
        20,
        null,
        neurons(j ->
            new Neuron() {
              private double membrane;
              private double adaptation;

              @Override
              public double step(double drive) {
                double decay = Math.exp(-1 / tauU[j]);
                membrane = decay * membrane + (1 - decay) * (drive - adaptation);
                double z = spike(membrane - 1);
                if (z > 0) {
                  membrane = 0;
                }
                double slow = Math.exp(-1 / tauW[j]);
                double target = 60 * (a[j] * membrane + b[j] * z);
                adaptation += (1 - slow) * (target - adaptation);
                return z;
              }
            }));
  }

  @Test
  void theCurrentOfOneStepReachesTheMembraneInTheNext() {
    double[] tauSyn = {2, 5, 5, 8, 10};
    double[] tauMem = {4, 10, 20, 12, 6};
    assertFollows(
        "cuba_lif",
        new double[][] {tauSyn, tauMem},
        0.4,
        null,
        neurons(j ->
            new Neuron() {
              private double synapse;
              private double membrane;
              private double last;

              @Override
              public double step(double drive) {
                double before = synapse;
                synapse = Math.exp(-1 / tauSyn[j]) * synapse + drive;
                membrane = Math.exp(-1 / tauMem[j]) * membrane + before - last;
                last = spike(membrane - 1);
                return last;
              }
            }));
  }

  @Test
  void theTwoCompartmentsPullAtEachOther() {
    double[] c1 = {-1, 0, 0.5, 1, -2};
    double[] c2 = {0.5, 0, -1, -0.5, 1};
    assertFollows(
        "tc_lif",
        new double[][] {c1, c2},
        0.5,
        null,
        neurons(j ->
            new Neuron() {
              private double dendrite;
              private double soma;
              private double last;

              @Override
              public double step(double drive) {
                // resets of the spike before, then the coupled update
                double beta1 = -1 / (1 + Math.exp(-c1[j]));
                double beta2 = 1 / (1 + Math.exp(-c2[j]));
                soma -= last;
                dendrite += beta1 * soma - 0.5 * last + drive;
                soma += beta2 * dendrite;
                last = spike(soma - 1);
                return last;
              }
            }));
  }
}
