package rheobase.cell.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import rheobase.cell.graph.Gradient.Seed;
import rheobase.cell.graph.Node.Function;
import rheobase.cell.graph.Node.Leaf;
import rheobase.cell.graph.Node.Operator;
import rheobase.cell.graph.Node.Source;
import rheobase.cell.kernel.Interpreter;

/**
 * The table of derivatives, entry by entry, against central differences of the smoothed function.
 */
class GradientTest {
  private static final double STEP = 1e-5;
  private static final double RANGE = 2;

  private final Graph graph = new Graph();
  private final Leaf x = graph.leaf(Source.DRIVE, 0, "x");
  private final Leaf y = graph.leaf(Source.DRIVE, 1, "y");
  private final Leaf range = graph.leaf(Source.RANGE, 0, "range");

  private static double run(Node node, double x, double y, Surrogate smooth) {
    return new Interpreter(List.of(node), smooth)
        .run(leaf -> leaf.source() == Source.RANGE ? RANGE : leaf.index() == 0 ? x : y)[0];
  }

  private void assertDerivatives(Node node, double atX, double atY, Surrogate surrogate) {
    // an arriving gradient other than 1, so that dropping it shows
    Map<Leaf, Node> gradient =
        Gradient.of(graph, List.of(new Seed(node, graph.constant(3))), surrogate);
    double toX =
        (run(node, atX + STEP, atY, surrogate) - run(node, atX - STEP, atY, surrogate))
            / (2 * STEP);
    double toY =
        (run(node, atX, atY + STEP, surrogate) - run(node, atX, atY - STEP, surrogate))
            / (2 * STEP);
    assertThat(run(gradient.getOrDefault(x, graph.constant(0)), atX, atY, null))
        .as("d/dx of %s at (%s, %s)", node, atX, atY)
        .isCloseTo(3 * toX, within(1e-7 * Math.max(1, Math.abs(toX))));
    assertThat(run(gradient.getOrDefault(y, graph.constant(0)), atX, atY, null))
        .as("d/dy of %s at (%s, %s)", node, atX, atY)
        .isCloseTo(3 * toY, within(1e-7 * Math.max(1, Math.abs(toY))));
  }

  @ParameterizedTest
  @EnumSource(
      value = Function.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"POWER_OF_TWO", "EXPONENT", "MANTISSA"})
  void everyFunctionHasItsDerivative(Function function) {
    for (double at : new double[] {-2.3, -0.7, -0.2, 0.2, 0.4, 1.1, 2.9}) {
      if (at > 0 || function != Function.SQRT) {
        assertDerivatives(graph.apply(function, x), at, 0, Surrogate.DEFAULT);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Operator.class)
  void everyOperatorHasItsDerivative(Operator operator) {
    for (double atX : new double[] {-2.3, -0.7, 0.4, 1.1}) {
      for (double atY : new double[] {-1.3, 0.6, 2.1}) {
        assertDerivatives(graph.apply(operator, x, y), atX, atY, Surrogate.DEFAULT);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Surrogate.Kind.class)
  void theDerivativeOfASpikeIsTheSurrogate(Surrogate.Kind kind) {
    for (double at : new double[] {-2.3, -0.7, -0.01, 0.02, 0.4, 1.1}) {
      assertDerivatives(graph.apply(Function.SPIKE, x), at, 0, Surrogate.of(kind));
    }
  }

  @Test
  void aValueUsedTwiceGathersBothGradients() {
    UnaryOperator<Node> tanh = node -> graph.apply(Function.TANH, node);
    Node shared = tanh.apply(graph.multiply(x, y));
    assertDerivatives(graph.add(graph.multiply(shared, shared), x), 0.3, -0.8, Surrogate.DEFAULT);
    assertDerivatives(graph.add(x, x), 0.3, 0, Surrogate.DEFAULT);
    assertDerivatives(graph.divide(shared, graph.add(shared, y)), 0.9, 0.8, Surrogate.DEFAULT);
    assertDerivatives(graph.multiplyAdd(x, y, shared), 0.4, 1.5, Surrogate.DEFAULT);
  }

  @Test
  void aResultNamedTwiceHasTheSumOfItsGradients() {
    Node square = graph.multiply(x, x);
    Map<Leaf, Node> gradient =
        Gradient.of(
            graph,
            List.of(new Seed(square, graph.constant(2)), new Seed(square, graph.constant(5))),
            Surrogate.DEFAULT);
    assertThat(run(gradient.get(x), 1.5, 0, null)).isEqualTo(7 * 2 * 1.5);
  }

  @Test
  void aLeafWithoutInfluenceHasNoGradient() {
    Map<Leaf, Node> gradient =
        Gradient.of(
            graph,
            List.of(new Seed(graph.apply(Function.POSITIVE, x), graph.constant(1))),
            Surrogate.DEFAULT);
    assertThat(gradient).isEmpty();
  }

  @Test
  void belowTheSmallestFloatALogarithmIsConstant() {
    Node log = graph.apply(Function.LOG, x);
    Node slope =
        Gradient.of(graph, List.of(new Seed(log, graph.constant(1))), Surrogate.DEFAULT).get(x);
    assertThat(run(slope, 0, 0, null)).isZero();
    assertThat(run(slope, -3, 0, null)).isZero();
    assertThat(run(slope, 1e-30, 0, null)).isEqualTo(1 / 1e-30);
  }

  @Test
  void whereTwoValuesAreEqualTheGradientIsNotDoubled() {
    for (Operator operator : List.of(Operator.MIN, Operator.MAX)) {
      Map<Leaf, Node> gradient =
          Gradient.of(
              graph,
              List.of(new Seed(graph.apply(operator, x, y), graph.constant(1))),
              Surrogate.DEFAULT);
      double sum = run(gradient.get(x), 1, 1, null) + run(gradient.get(y), 1, 1, null);
      assertThat(sum).isEqualTo(1);
    }
  }

  // graded spikes (Ponghiran and Roy 2022, as released)

  private double slopeOfQuantize(double at) {
    Node quantized = graph.quantize(x, range, 6, 3);
    Node slope =
        Gradient.of(graph, List.of(new Seed(quantized, graph.constant(1))), Surrogate.DEFAULT)
            .get(x);
    return run(slope, at, 0, null);
  }

  @Test
  void aGradedSpikePassesItsGradientStraightThroughWithinTheRange() {
    assertThat(slopeOfQuantize(0)).isEqualTo(1);
    assertThat(slopeOfQuantize(1.99)).isEqualTo(1);
    assertThat(slopeOfQuantize(-RANGE)).isEqualTo(1);
    assertThat(slopeOfQuantize(RANGE)).isEqualTo(1);
    assertThat(slopeOfQuantize(2.01)).isZero();
    assertThat(slopeOfQuantize(-2.01)).isZero();
  }

  @Test
  void theRangeOfAGradedSpikeGetsNoGradient() {
    Map<Leaf, Node> gradient =
        Gradient.of(
            graph,
            List.of(new Seed(graph.quantize(x, range, 6, 3), graph.constant(1))),
            Surrogate.DEFAULT);
    assertThat(gradient).containsOnlyKeys(x);
  }

  @Test
  void whatAGradedSpikeLeavesBehindCarriesNoGradientWithinTheRange() {
    // v - quantize(v): the chain of the membrane is cut within the range and whole outside
    Node rest = graph.subtract(x, graph.quantize(x, range, 6, 3));
    Node slope =
        Gradient.of(graph, List.of(new Seed(rest, graph.constant(1))), Surrogate.DEFAULT).get(x);
    assertThat(run(slope, 1.3, 0, null)).isZero();
    assertThat(run(slope, 2.5, 0, null)).isEqualTo(1);
  }

  @Test
  void aLoweredProgramIsNotDifferentiated() {
    Node lowered = graph.apply(Function.MANTISSA, x);
    assertThatThrownBy(() ->
            Gradient.of(graph, List.of(new Seed(lowered, graph.constant(1))), Surrogate.DEFAULT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("MANTISSA");
  }
}
