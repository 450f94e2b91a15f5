package rheobase.network.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rheobase.data.RandomStream;
import rheobase.network.NetworkException;
import rheobase.network.parameter.Parameters;

class OptimizerTest {
  private static final OptimizerSpec ADAM = new OptimizerSpec.Adam(0.01);

  private static Parameters layout() {
    var builder = Parameters.builder();
    builder.matrix("hidden.input", "input", 5, 3);
    builder.vector("hidden.tau_m", "tau", 5);
    builder.vector("output.tau_m", "tau", 2);
    return builder.build();
  }

  /** A deterministic gradient: zero in the padding, of very different sizes elsewhere. */
  private static void gradients(Parameters of, int step) {
    var random = RandomStream.of(3, "gradient", step);
    for (var tensor : of.tensors()) {
      var saved = new float[tensor.count()];
      for (int i = 0; i < saved.length; i++) {
        saved[i] = (float) (random.nextGaussian() * Math.pow(10, -3 + random.nextInt(5)));
      }
      of.set(tensor.name(), saved);
    }
  }

  private static Optimizer optimizer(
      OptimizerSpec spec, Parameters layout, Map<String, Double> factors) {
    return new Optimizer(spec, layout, factors, new Bounds(layout));
  }

  @Test
  void theFirstStepOfAdamIsTheRateAgainstTheSignOfTheGradient() {
    var parameters = layout();
    var gradients = layout();
    gradients.set("output.tau_m", new float[] {1e-3f, -40});
    optimizer(ADAM, parameters, Map.of()).step(parameters.values(), gradients.values(), 0.01);
    assertThat(parameters.get("output.tau_m")[0]).isCloseTo(-0.01f, within(2e-7f));
    assertThat(parameters.get("output.tau_m")[1]).isCloseTo(0.01f, within(1e-8f));
  }

  @Test
  void threeStepsOfAdamAgreeWithPaperAndPencil() {
    // g = 1, -2, 0.5. m = .1, -.11, -.049; v = .001, .004999, .005244001;
    // m^ = 1, -.578947, -.180812; v^ = 1, 2.500750, 1.749750; sums of m^ / sqrt(v^): 1, .6338966,
    // .4972057
    var parameters = layout();
    var optimizer = optimizer(ADAM, parameters, Map.of());
    double[] expected = {-0.01, -0.006338966, -0.004972057};
    float[] given = {1, -2, 0.5f};
    for (int step = 0; step < 3; step++) {
      var gradients = layout();
      gradients.set("output.tau_m", new float[] {given[step], 0});
      optimizer.step(parameters.values(), gradients.values(), 0.01);
      assertThat(parameters.get("output.tau_m")[0])
          .isCloseTo((float) expected[step], within(5e-9f));
      assertThat(parameters.get("output.tau_m")[1]).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.1})
  void adamFollowsTheAlgorithmOfThePaperInDoublePrecision(double decay) {
    var spec = decay == 0 ? ADAM : new OptimizerSpec.AdamW(0.01, 0.9, 0.999, 1e-8, decay);
    var parameters = layout();
    gradients(parameters, 0);
    var optimizer = optimizer(spec, parameters, Map.of());
    int size = parameters.values().length;
    var w = new double[size];
    var m = new double[size];
    var v = new double[size];
    for (int i = 0; i < size; i++) {
      w[i] = parameters.values()[i];
    }
    var gradients = layout();
    for (int step = 1; step <= 200; step++) {
      gradients(gradients, step);
      optimizer.step(parameters.values(), gradients.values(), 0.01);
      for (int i = 0; i < size; i++) {
        double g = gradients.values()[i];
        m[i] = 0.9 * m[i] + 0.1 * g;
        v[i] = 0.999 * v[i] + 0.001 * g * g;
        double mHat = m[i] / (1 - Math.pow(0.9, step));
        double vHat = v[i] / (1 - Math.pow(0.999, step));
        w[i] = w[i] - 0.01 * decay * w[i] - 0.01 * mHat / (Math.sqrt(vHat) + 1e-8);
        assertThat((double) parameters.values()[i])
            .isCloseTo(w[i], within(1e-5 * Math.abs(w[i]) + 1e-6));
      }
    }
  }

  @Test
  void adamaxFollowsTheAlgorithmOfThePaperInDoublePrecision() {
    var parameters = layout();
    gradients(parameters, 0);
    var optimizer = optimizer(new OptimizerSpec.Adamax(0.01), parameters, Map.of());
    int size = parameters.values().length;
    var w = new double[size];
    var m = new double[size];
    var u = new double[size];
    for (int i = 0; i < size; i++) {
      w[i] = parameters.values()[i];
    }
    var gradients = layout();
    for (int step = 1; step <= 200; step++) {
      gradients(gradients, step);
      optimizer.step(parameters.values(), gradients.values(), 0.01);
      for (int i = 0; i < size; i++) {
        double g = gradients.values()[i];
        m[i] = 0.9 * m[i] + 0.1 * g;
        u[i] = Math.max(0.999 * u[i], Math.abs(g) + 1e-8);
        w[i] -= 0.01 / (1 - Math.pow(0.9, step)) * m[i] / u[i];
        assertThat((double) parameters.values()[i])
            .isCloseTo(w[i], within(1e-5 * Math.abs(w[i]) + 1e-6));
      }
    }
  }

  @Test
  void whatIsFrozenStaysAndHasNoPartInTheNorm() {
    var parameters = layout();
    parameters.set("output.tau_m", new float[] {20, 7});
    var gradients = layout();
    gradients.set("output.tau_m", new float[] {1e6f, -1e6f});
    gradients.set("hidden.tau_m", new float[] {3, 0, 4, 0, 0});
    var optimizer = optimizer(ADAM, parameters, Map.of("output.tau_m", 0.0));
    optimizer.leaveOutFrozen(gradients.values());
    assertThat(GradientNorm.clip(gradients.values(), 10)).isEqualTo(5);
    optimizer.step(parameters.values(), gradients.values(), 0.01);
    assertThat(parameters.get("output.tau_m")).containsExactly(20, 7);
    assertThat(parameters.get("hidden.tau_m")[0]).isNotZero();
  }

  @Test
  void aRateForALayerIsThatOfBothItsDirections() {
    var builder = Parameters.builder();
    builder.vector("hidden.forward.tau_m", "tau_m", 1);
    builder.vector("hidden.backward.tau_m", "tau_m", 1);
    builder.vector("hidden.backward.tau_adp", "tau_adp", 1);
    var parameters = builder.build();
    var gradients = builder.build();
    gradients.tensors().forEach(tensor -> gradients.set(tensor.name(), new float[] {-1}));
    var factors = Map.of("hidden.tau_m", 3.0, "hidden.backward.tau_m", 5.0, "tau_adp", 7.0);
    optimizer(new OptimizerSpec.Sgd(1), parameters, factors)
        .step(parameters.values(), gradients.values(), 1);
    assertThat(parameters.get("hidden.forward.tau_m")).containsExactly(3);
    assertThat(parameters.get("hidden.backward.tau_m")).containsExactly(5);
    assertThat(parameters.get("hidden.backward.tau_adp")).containsExactly(7);
  }

  @Test
  void momentumIsThatOfPyTorch() {
    var parameters = layout();
    var gradients = layout();
    gradients.set("output.tau_m", new float[] {1, 2});
    var optimizer = optimizer(new OptimizerSpec.Sgd(0.5, 0.5), parameters, Map.of());
    for (float expected : new float[] {-0.5f, -1.25f, -2.125f}) { // velocities 1, 1.5, 1.75
      optimizer.step(parameters.values(), gradients.values(), 0.5);
      assertThat(parameters.get("output.tau_m")).containsExactly(expected, 2 * expected);
    }
  }

  @Test
  void theWholeNameOfATensorGoesBeforeItsBareNameAndThatBeforeItsGroup() {
    var parameters = layout();
    var gradients = layout();
    for (var tensor : gradients.tensors()) {
      var ones = new float[tensor.count()];
      Arrays.fill(ones, 1);
      gradients.set(tensor.name(), ones);
    }
    var factors = Map.of("output.tau_m", 3.0, "tau_m", 2.0, "input", 0.0, "tau", 9.0);
    optimizer(new OptimizerSpec.Sgd(1), parameters, factors)
        .step(parameters.values(), gradients.values(), 1);
    assertThat(parameters.get("output.tau_m")).containsOnly(-3);
    assertThat(parameters.get("hidden.tau_m")).containsOnly(-2);
    assertThat(parameters.get("hidden.input")).containsOnly(0);
  }

  @Test
  void aRateForNothingIsRefusedWithTheNearestName() {
    assertThatThrownBy(() -> optimizer(ADAM, layout(), Map.of("hidden.tau_n", 2.0)))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining("did you mean 'hidden.tau_m'?");
    assertThatThrownBy(() -> optimizer(ADAM, layout(), Map.of("tau_m", -2.0)))
        .hasMessageContaining("zero or more");
  }

  @ParameterizedTest
  @ValueSource(strings = {"adam", "adamw", "adamax", "sgd"})
  void paddingStaysZero(String kind) {
    var parameters = layout();
    gradients(parameters, 0);
    var gradients = layout();
    var optimizer =
        optimizer(OptimizerSpec.parse(Map.of("kind", kind, "rate", 0.1)), parameters, Map.of());
    for (int step = 1; step <= 5; step++) {
      gradients(gradients, step);
      optimizer.step(parameters.values(), gradients.values(), 0.1);
    }
    var clean = layout();
    for (var tensor : clean.tensors()) {
      clean.set(tensor.name(), parameters.get(tensor.name()));
    }
    for (int i = 0; i < clean.values().length; i++) {
      assertThat(Float.floatToRawIntBits(parameters.values()[i]))
          .isEqualTo(Float.floatToRawIntBits(clean.values()[i]));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"adam", "adamw", "adamax", "sgd"})
  void aRestoredOptimiserGoesOnWithTheSameBits(String kind) {
    var spec = OptimizerSpec.parse(Map.of("kind", kind, "rate", 0.1));
    var parameters = layout();
    var gradients = layout();
    var optimizer = optimizer(spec, parameters, Map.of());
    Optimizer resumed = null;
    Parameters other = null;
    for (int step = 1; step <= 20; step++) {
      gradients(gradients, step);
      optimizer.step(parameters.values(), gradients.values(), 0.1);
      if (resumed != null) {
        resumed.step(other.values(), gradients.values(), 0.1);
      }
      if (step == 11) {
        resumed = optimizer(spec, parameters, Map.of());
        resumed.restore(optimizer.steps(), optimizer.first(), optimizer.second());
        other = parameters.copy();
      }
    }
    assertThat(other.sameBits(parameters)).isTrue();
    assertThat(resumed.steps()).isEqualTo(20);
  }

  @Test
  void momentsOfAnotherNetworkAreRefused() {
    var optimizer = optimizer(ADAM, layout(), Map.of());
    assertThatThrownBy(() -> optimizer.restore(1, new float[3], new float[3]))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining("3 and 3 moments");
  }

  @Test
  void aValueDrivenOutOfItsRangeStopsAtTheBound() {
    var parameters = layout();
    parameters.set("output.tau_m", new float[] {1.5f, 20});
    var bounds = new Bounds(parameters);
    bounds.set(parameters.tensor("output.tau_m"), 1, Float.POSITIVE_INFINITY);
    bounds.set(parameters.tensor("hidden.input"), 1, 2, -0.5f, 0.25f);
    var gradients = layout();
    gradients.set("output.tau_m", new float[] {10, 10});
    var pull = new float[15];
    Arrays.fill(pull, -1);
    gradients.set("hidden.input", pull);
    new Optimizer(new OptimizerSpec.Sgd(1), parameters, Map.of(), bounds)
        .step(parameters.values(), gradients.values(), 1);
    assertThat(parameters.get("output.tau_m")).containsExactly(1, 10);
    var weights = parameters.get("hidden.input");
    for (int i = 0; i < weights.length; i++) {
      assertThat(weights[i]).isEqualTo(i == 1 * 3 + 2 ? 0.25f : 1);
    }
    assertThat(parameters.values()[parameters.tensor("output.tau_m").offset() + 2])
        .as("padding is not lifted to the bound")
        .isZero();
  }

  @Test
  void boundsDoNotHideAValueThatIsNoNumber() {
    var parameters = layout();
    var bounds = new Bounds(parameters).set(parameters.tensor("output.tau_m"), 1, 2);
    parameters.set("output.tau_m", new float[] {Float.NaN, Float.POSITIVE_INFINITY});
    bounds.apply(parameters.values());
    assertThat(parameters.get("output.tau_m")).containsExactly(Float.NaN, 2);
    assertThatThrownBy(() -> bounds.set(parameters.tensor("output.tau_m"), Float.NaN, 2))
        .isInstanceOf(NetworkException.class);
    assertThatThrownBy(() -> bounds.set(parameters.tensor("output.tau_m"), 3, 2))
        .isInstanceOf(NetworkException.class);
  }

  @Test
  void gradientsAreScaledToTheLargestNormAndNeverUp() {
    float[] gradients = {3, 4, 0};
    assertThat(GradientNorm.clip(gradients, 0)).isEqualTo(5);
    assertThat(GradientNorm.clip(gradients, 6)).isEqualTo(5);
    assertThat(gradients).containsExactly(3, 4, 0);
    assertThat(GradientNorm.clip(gradients, 1)).isEqualTo(5);
    assertThat(GradientNorm.of(gradients)).isCloseTo(1, within(1e-6));
    assertThat(gradients[0]).isCloseTo(0.6f, within(1e-6f));
  }

  @Test
  void aNormBeyondSinglePrecisionIsStillANumber() {
    float[] gradients = {3e30f, 4e30f};
    assertThat(GradientNorm.clip(gradients, 1)).isCloseTo(5e30, within(1e24));
    assertThat(gradients[1]).isCloseTo(0.8f, within(1e-6f));
  }

  @Test
  void aNormThatIsNoNumberIsHandedToTheCaller() {
    float[] gradients = {1, Float.NaN};
    assertThat(GradientNorm.clip(gradients, 1)).isNaN();
    assertThat(gradients[0]).isEqualTo(1);
  }
}
