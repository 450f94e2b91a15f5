package rheobase.cell.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * How far the elementary functions of kernels are from those of {@link Math}. The bounds here are
 * what {@link Lowering} and the definition of the language promise.
 */
class LoweringTest {
  private static final int SAMPLES = 1 << 18;

  private static float[] evenly(double low, double high) {
    float[] x = new float[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      x[i] = (float) (low + (high - low) * (i + 0.37) / SAMPLES);
    }
    return x;
  }

  private static float[] byMagnitude(double low, double high) {
    float[] x = new float[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      float magnitude = (float) (low * Math.pow(high / low, (i + 0.37) / SAMPLES));
      x[i] = i % 2 == 0 || low < 0 ? magnitude : -magnitude;
    }
    return x;
  }

  private static float[] positiveByMagnitude(double low, double high) {
    float[] x = byMagnitude(low, high);
    for (int i = 0; i < SAMPLES; i++) {
      x[i] = Math.abs(x[i]);
    }
    return x;
  }

  /** Largest error of {@code name(x)}, relative to the value or absolute. */
  private static double error(String name, DoubleUnaryOperator exact, float[] x, boolean relative) {
    float[] y = FunctionKernel.run(name + "(x)", x);
    double worst = 0;
    for (int i = 0; i < x.length; i++) {
      double expected = exact.applyAsDouble(x[i]);
      double difference = Math.abs(y[i] - expected);
      double error = relative && difference != 0 ? difference / Math.abs(expected) : difference;
      if (Double.isNaN(error)) {
        throw new AssertionError(name + "(" + x[i] + ") is " + y[i]);
      }
      worst = Math.max(worst, error);
    }
    return worst;
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  @Test
  void expIsExactToARounding() {
    assertThat(error("exp", Math::exp, evenly(-87, 88), true)).isLessThan(9e-8);
    assertThat(error("exp", Math::exp, evenly(-1, 1), true)).isLessThan(9e-8);
    assertThat(error("exp", Math::exp, byMagnitude(1e-38, 87), true)).isLessThan(9e-8);
  }

  @Test
  void logIsExactToTwoRoundings() {
    float[] all = positiveByMagnitude(1.2e-38, 3.4e38);
    assertThat(error("log", Math::log, all, true)).isLessThan(2.5e-7);
    assertThat(error("log", Math::log, evenly(0.5, 2), true)).isLessThan(2.5e-7);
    assertThat(error("log", Math::log, evenly(0.999, 1.001), true)).isLessThan(2.5e-7);
  }

  @Test
  void tanhIsExactToARounding() {
    assertThat(error("tanh", Math::tanh, evenly(-2, 2), true)).isLessThan(1.6e-7);
    assertThat(error("tanh", Math::tanh, evenly(-12, 12), true)).isLessThan(1.6e-7);
    assertThat(error("tanh", Math::tanh, byMagnitude(1e-37, 3e38), true)).isLessThan(1.6e-7);
  }

  @Test
  void sigmoidIsExactToARounding() {
    assertThat(error("sigmoid", LoweringTest::sigmoid, evenly(-10, 10), true)).isLessThan(1.6e-7);
    assertThat(error("sigmoid", LoweringTest::sigmoid, evenly(-87, 100), true)).isLessThan(1.6e-7);
    assertThat(error("sigmoid", LoweringTest::sigmoid, byMagnitude(1e-37, 87), true))
        .isLessThan(1.6e-7);
  }

  @Test
  void sineAndCosineAreExactToARoundingOfOne() {
    for (double limit : new double[] {3.2, 100, 10_000, 65_536}) {
      assertThat(error("sin", Math::sin, evenly(-limit, limit), false)).isLessThan(8e-8);
      assertThat(error("cos", Math::cos, evenly(-limit, limit), false)).isLessThan(8e-8);
    }
    // near zero sine is exact relative to itself
    assertThat(error("sin", Math::sin, byMagnitude(1e-37, 0.7), true)).isLessThan(1e-7);
  }

  @Test
  void squareRootIsRoundedCorrectly() {
    float[] x = positiveByMagnitude(1e-38, 3e38);
    float[] y = FunctionKernel.run("sqrt(x)", x);
    for (int i = 0; i < x.length; i++) {
      assertThat(y[i]).isEqualTo((float) Math.sqrt(x[i]));
    }
  }

  @Test
  void expAndLogHoldTheirArguments() {
    assertThat(FunctionKernel.run("exp(x)", -1000, -87, 88, 1000))
        .containsExactly(1.6458115e-38f, 1.6458115e-38f, 1.6516363e38f, 1.6516363e38f);
    float lowest = (float) Math.log(Float.MIN_NORMAL);
    assertThat(FunctionKernel.run("log(x)", -3, 0, 1e-45f, Float.MIN_NORMAL)).containsOnly(lowest);
  }

  @Test
  void boundedFunctionsStayWithinTheirBoundsForEveryFloat() {
    float[] wide = byMagnitude(1, 3.4e38);
    for (String function : new String[] {"tanh(x)", "sin(x)", "cos(x)", "sigmoid(x) * 2 - 1"}) {
      for (float y : FunctionKernel.run(function, wide)) {
        assertThat(Math.abs(y)).as(function).isLessThanOrEqualTo(1.0000001f);
      }
    }
    assertThat(FunctionKernel.run("tanh(x)", Float.POSITIVE_INFINITY, -1e30f, 0))
        .containsExactly(1, -1, 0);
  }

  @Test
  void whatIsNoNumberStaysNone() {
    for (String function : "exp log sqrt sigmoid tanh relu abs sin cos".split(" ")) {
      assertThat(FunctionKernel.run(function + "(x)", Float.NaN))
          .as(function)
          .containsOnly(Float.NaN);
    }
    assertThat(FunctionKernel.run("quantize(x, 6, 3)", Float.NaN)).containsOnly(Float.NaN);
    assertThat(FunctionKernel.run("min(x, 1) + max(x, 1)", Float.NaN)).containsOnly(Float.NaN);
    // a spike is no number's size but a question: is it above zero?
    assertThat(FunctionKernel.run("spike(x)", Float.NaN)).containsOnly(0);
  }

  @Test
  void aSpikeNeedsMoreThanZero() {
    assertThat(FunctionKernel.run("spike(x)", -1, -0f, 0, Float.MIN_VALUE, 1))
        .containsExactly(0, 0, 0, 1, 1);
  }
}
