package rheobase.cell.graph;

import static rheobase.cell.graph.Node.Function.ABS;
import static rheobase.cell.graph.Node.Function.EXP;
import static rheobase.cell.graph.Node.Function.POSITIVE;
import static rheobase.cell.graph.Node.Function.RELU;

/**
 * The formula of each {@link Surrogate}, once as the derivative that training uses and once as the
 * smooth spike whose true derivative it is. With {@code N(x; mu, s)} the Gaussian density:
 *
 * <ul>
 *   <li>{@code multi_gaussian}: {@code gamma ((1+h) N(x;0,sigma) - h N(x;sigma,s sigma) - h
 *       N(x;-sigma,s sigma))} (Yin, Corradi and Bohté 2021)
 *   <li>{@code multi_gaussian_above} and {@code multi_gaussian_below}: the same with one of the two
 *       negative sides, around {@code sigma} or around {@code -sigma} (MG1 and MG2 in their code)
 *   <li>{@code gaussian}: {@code gamma N(x;0,sigma)} (the same, 2020)
 *   <li>{@code linear}: {@code gamma max(0, 1-|x|)}
 *   <li>{@code slayer}: {@code gamma exp(-5|x|)}
 *   <li>{@code rectangle}: {@code gamma} where {@code |x| < sigma}, else 0
 *   <li>{@code straight_through}: {@code gamma}
 * </ul>
 */
public final class SurrogateFormula {
  private static final double SLAYER_DECAY = 5;

  private SurrogateFormula() {}

  /** The derivative of {@code spike(x)} as an expression of {@code x}. */
  public static Node derivative(Surrogate s, Graph graph, Node x) {
    return switch (s.kind()) {
      case MULTI_GAUSSIAN, MULTI_GAUSSIAN_ABOVE, MULTI_GAUSSIAN_BELOW -> {
        double wide = s.scale() * s.sigma();
        Node above = bell(graph, x, s.sigma(), wide);
        Node below = bell(graph, x, -s.sigma(), wide);
        Node sides =
            switch (s.kind()) {
              case MULTI_GAUSSIAN_ABOVE -> above;
              case MULTI_GAUSSIAN_BELOW -> below;
              default -> graph.add(above, below);
            };
        yield graph.add(
            scaled(
                graph,
                s.gamma() * (1 + s.height()) * peak(s.sigma()),
                bell(graph, x, 0, s.sigma())),
            scaled(graph, -s.gamma() * s.height() * peak(wide), sides));
      }
      case GAUSSIAN -> scaled(graph, s.gamma() * peak(s.sigma()), bell(graph, x, 0, s.sigma()));
      case LINEAR ->
          scaled(
              graph,
              s.gamma(),
              graph.apply(RELU, graph.subtract(graph.constant(1), graph.apply(ABS, x))));
      case SLAYER ->
          scaled(
              graph,
              s.gamma(),
              graph.apply(EXP, scaled(graph, -SLAYER_DECAY, graph.apply(ABS, x))));
      case RECTANGLE ->
          scaled(
              graph,
              s.gamma(),
              graph.apply(
                  POSITIVE, graph.subtract(graph.constant(s.sigma()), graph.apply(ABS, x))));
      case STRAIGHT_THROUGH -> graph.constant(s.gamma());
    };
  }

  /** The derivative is exactly zero from this distance to the threshold on; infinite for most. */
  public static double support(Surrogate s) {
    return s.kind() == Surrogate.Kind.LINEAR ? 1 : Double.POSITIVE_INFINITY;
  }

  private static Node scaled(Graph graph, double factor, Node x) {
    return graph.multiply(graph.constant(factor), x);
  }

  /** The density of a Gaussian over its value at the mean. */
  private static Node bell(Graph graph, Node x, double mean, double width) {
    Node distance = graph.subtract(x, graph.constant(mean));
    return graph.apply(
        EXP, scaled(graph, -0.5 / (width * width), graph.multiply(distance, distance)));
  }

  /** The density of a Gaussian at its mean. */
  private static double peak(double width) {
    return 1 / (width * Math.sqrt(2 * Math.PI));
  }

  /**
   * The integral of the derivative from 0 to {@code x}: a smooth spike, for checks by finite
   * differences.
   */
  public static double smoothSpike(Surrogate s, double x) {
    double unscaled =
        switch (s.kind()) {
          case MULTI_GAUSSIAN, MULTI_GAUSSIAN_ABOVE, MULTI_GAUSSIAN_BELOW -> {
            double wide = s.scale() * s.sigma();
            double above = area(x, s.sigma(), wide);
            double below = area(x, -s.sigma(), wide);
            yield (1 + s.height()) * area(x, 0, s.sigma())
                - s.height()
                    * switch (s.kind()) {
                      case MULTI_GAUSSIAN_ABOVE -> above;
                      case MULTI_GAUSSIAN_BELOW -> below;
                      default -> above + below;
                    };
          }
          case GAUSSIAN -> area(x, 0, s.sigma());
          case LINEAR -> {
            double inside = Math.clamp(x, -1, 1);
            yield inside - Math.copySign(inside * inside / 2, inside);
          }
          case SLAYER -> Math.copySign(-Math.expm1(-SLAYER_DECAY * Math.abs(x)) / SLAYER_DECAY, x);
          case RECTANGLE -> Math.clamp(x, -s.sigma(), s.sigma());
          case STRAIGHT_THROUGH -> x;
        };
    return s.gamma() * unscaled;
  }

  /** Area under the Gaussian density between 0 and {@code x}. */
  private static double area(double x, double mean, double width) {
    double root = width * Math.sqrt(2);
    return (erf((x - mean) / root) - erf(-mean / root)) / 2;
  }

  /**
   * The error function by its Maclaurin series (|x| &lt; 3) and by the continued fraction of its
   * complement beyond; relative error below 1e-14 (Abramowitz and Stegun 7.1.6, 7.1.14).
   */
  static double erf(double x) {
    double z = Math.abs(x);
    if (z > 6) {
      return Math.copySign(1, x);
    }
    double value;
    if (z < 3) {
      double term = z;
      double sum = z;
      for (int n = 1; Math.abs(term) > 1e-17 * sum; n++) {
        term *= 2 * z * z / (2 * n + 1);
        sum += term;
      }
      value = 2 / Math.sqrt(Math.PI) * Math.exp(-z * z) * sum;
    } else {
      double fraction = z;
      for (int n = 60; n > 0; n--) {
        fraction = z + n / 2.0 / fraction;
      }
      value = 1 - Math.exp(-z * z) / (Math.sqrt(Math.PI) * fraction);
    }
    return Math.copySign(value, x);
  }
}
