package rheobase.cell.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import rheobase.cell.graph.Node.Source;
import rheobase.cell.graph.Surrogate.Kind;
import rheobase.cell.kernel.Interpreter;

/**
 * The surrogates against the values of the papers (adaptive spiking recurrent networks, 2020 and
 * 2021).
 */
class SurrogateTest {

  private static double derivative(Surrogate surrogate, double x) {
    var graph = new Graph();
    Node leaf = graph.leaf(Source.DRIVE, 0, "x");
    Node formula = SurrogateFormula.derivative(surrogate, graph, leaf);
    return new Interpreter(List.of(formula), null).run(_ -> x)[0];
  }

  private static Surrogate multiGaussian(double sigma) {
    return new Surrogate(Kind.MULTI_GAUSSIAN, 1, sigma, 0.15, 6);
  }

  @Test
  void theConstantsAreThePublishedOnes() {
    assertThat(Surrogate.DEFAULT).isEqualTo(new Surrogate(Kind.MULTI_GAUSSIAN, 0.5, 0.5, 0.15, 6));
    assertThat(Surrogate.of(Kind.GAUSSIAN).gamma()).isEqualTo(0.5);
    assertThat(Surrogate.of(Kind.LINEAR).gamma()).isEqualTo(0.5);
    assertThat(Surrogate.of(Kind.SLAYER).gamma()).isEqualTo(0.5);
    assertThat(Surrogate.of(Kind.STRAIGHT_THROUGH).gamma()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"0.5, 0.8782, 1.272, -0.0317, 1.864", "0.3, 1.4637, 0.763, -0.0529, 1.118"})
  void theMultiGaussianHasItsPublishedShape(
      double sigma, double peak, double crossing, double minimum, double minimumAt) {
    Surrogate surrogate = multiGaussian(sigma);
    assertThat(derivative(surrogate, 0)).isCloseTo(peak, within(5e-5));
    assertThat(derivative(surrogate, crossing - 1e-3)).isPositive();
    assertThat(derivative(surrogate, crossing + 1e-3)).isNegative();
    assertThat(derivative(surrogate, minimumAt)).isCloseTo(minimum, within(5e-5));
    for (double x = 0; x < 6; x += 1e-3) {
      assertThat(derivative(surrogate, x)).isGreaterThan(minimum - 5e-5);
    }
    double lowest = derivative(surrogate, minimumAt);
    assertThat(lowest).isLessThan(derivative(surrogate, minimumAt - 0.01));
    assertThat(lowest).isLessThan(derivative(surrogate, minimumAt + 0.01));
  }

  @Test
  void theMultiGaussianIntegratesToOneMinusItsHeight() {
    Surrogate surrogate = multiGaussian(0.5);
    double whole =
        SurrogateFormula.smoothSpike(surrogate, 100)
            - SurrogateFormula.smoothSpike(surrogate, -100);
    assertThat(whole).isCloseTo(0.85, within(1e-12));
    double inner =
        SurrogateFormula.smoothSpike(surrogate, 6) - SurrogateFormula.smoothSpike(surrogate, -6);
    assertThat(inner).isCloseTo(0.865, within(5e-4));
  }

  @Test
  void theOthersHaveTheirPublishedValues() {
    assertThat(derivative(Surrogate.DEFAULT, 0)).isCloseTo(0.8782 / 2, within(5e-5));
    assertThat(derivative(Surrogate.of(Kind.GAUSSIAN), 0)).isCloseTo(0.7979 / 2, within(5e-5));
    assertThat(derivative(Surrogate.of(Kind.GAUSSIAN), 0.5))
        .isCloseTo(0.7978846 / 2 * Math.exp(-0.5), within(1e-7));
    assertThat(derivative(Surrogate.of(Kind.LINEAR), 0)).isEqualTo(0.5);
    assertThat(derivative(Surrogate.of(Kind.LINEAR), -0.4)).isCloseTo(0.3, within(1e-15));
    assertThat(derivative(Surrogate.of(Kind.LINEAR), 1.2)).isZero();
    assertThat(derivative(Surrogate.of(Kind.SLAYER), 0)).isEqualTo(0.5);
    assertThat(derivative(Surrogate.of(Kind.SLAYER), -0.2))
        .isCloseTo(0.5 * Math.exp(-1), within(1e-15));
    assertThat(derivative(Surrogate.of(Kind.STRAIGHT_THROUGH), -17)).isEqualTo(1);
  }

  /** MG1 and MG2 of the authors' code: less is taken out, so 0.15 more is left of the area. */
  @Test
  void aMultiGaussianOfOneSideLacksTheOther() {
    for (double x = -3; x < 3; x += 0.1) {
      double above = derivative(Surrogate.of(Kind.MULTI_GAUSSIAN_ABOVE), x);
      double below = derivative(Surrogate.of(Kind.MULTI_GAUSSIAN_BELOW), x);
      double middle = 1.15 * derivative(Surrogate.of(Kind.GAUSSIAN), x);
      assertThat(above + below - middle).isCloseTo(derivative(Surrogate.DEFAULT, x), within(1e-12));
      assertThat(above)
          .isCloseTo(derivative(Surrogate.of(Kind.MULTI_GAUSSIAN_BELOW), -x), within(1e-12));
    }
    assertThat(derivative(Surrogate.of(Kind.MULTI_GAUSSIAN_ABOVE), 2.0))
        .isLessThan(derivative(Surrogate.of(Kind.MULTI_GAUSSIAN_BELOW), 2.0));
  }

  @Test
  void theRectangleEndsAtItsWidth() {
    Surrogate rectangle = Surrogate.of(Kind.RECTANGLE);
    assertThat(derivative(rectangle, -0.499)).isEqualTo(0.5);
    assertThat(derivative(rectangle, 0.499)).isEqualTo(0.5);
    assertThat(derivative(rectangle, 0.501)).isZero();
  }

  static List<Surrogate> surrogates() {
    var surrogates = new ArrayList<Surrogate>();
    for (Kind kind : Kind.values()) {
      surrogates.add(Surrogate.of(kind));
      surrogates.add(new Surrogate(kind, 1.7, 0.3, 0.4, 2.5));
    }
    return surrogates;
  }

  @ParameterizedTest
  @MethodSource("surrogates")
  void theSmoothSpikeIsTheIntegralOfTheDerivative(Surrogate surrogate) {
    assertThat(SurrogateFormula.smoothSpike(surrogate, 0)).isZero();
    double step = 1e-5;
    for (double x = -3.005; x < 3; x += 0.01) {
      double slope =
          (SurrogateFormula.smoothSpike(surrogate, x + step)
                  - SurrogateFormula.smoothSpike(surrogate, x - step))
              / (2 * step);
      assertThat(slope).isCloseTo(derivative(surrogate, x), within(1e-8));
    }
  }

  @ParameterizedTest
  @MethodSource("surrogates")
  void everySurrogateWithTwoSidesIsEven(Surrogate surrogate) {
    assumeFalse(surrogate.kind().text().matches("multi_gaussian_(above|below)"));
    for (double x = 0.1; x < 3; x += 0.1) {
      assertThat(derivative(surrogate, -x)).isCloseTo(derivative(surrogate, x), within(1e-15));
    }
  }

  /** Values of the error function: Abramowitz and Stegun, table 7.1. */
  @ParameterizedTest
  @CsvSource({
    "0.5, 0.5204998778130465",
    "1, 0.8427007929497149",
    "2, 0.9953222650189527",
    "2.999999, 0.9999779094",
    "3.000001, 0.9999779096",
    "3.5, 0.9999992569016276",
    "7, 1"
  })
  void theErrorFunctionIsExact(double x, double value) {
    double tolerance = x > 2.9 && x < 3.1 ? 2e-10 : 2e-15;
    assertThat(SurrogateFormula.erf(x)).isCloseTo(value, within(tolerance));
    assertThat(SurrogateFormula.erf(-x)).isEqualTo(-SurrogateFormula.erf(x));
  }

  @Test
  void aSurrogateWithoutWidthIsRefused() {
    assertThatThrownBy(() -> new Surrogate(Kind.GAUSSIAN, 0.5, 0, 0.15, 6))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "surrogate gaussian cannot have sigma = 0.0;"
                + " give a finite number, above zero for sigma and scale");
    assertThatThrownBy(() -> new Surrogate(Kind.GAUSSIAN, Double.NaN, 0.5, 0.15, 6))
        .hasMessageContaining("gamma = NaN");
    assertThatThrownBy(() -> new Surrogate(Kind.GAUSSIAN, 1, 0.5, 0.15, -6))
        .hasMessageContaining("scale = -6.0");
  }
}
