package rheobase.cell.graph;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What stands in for the derivative of {@code spike(x)}: the name of a formula and its numbers. The
 * formulas themselves stand in {@link SurrogateFormula}.
 *
 * @param kind which formula
 * @param gamma factor on the whole derivative
 * @param sigma width of the central Gaussian, half that of the rectangle, in units of the membrane
 *     potential; above zero
 * @param height share {@code h} taken out by each of the two negative side lobes of the
 *     multi-Gaussian
 * @param scale width of the side lobes in units of {@code sigma}; above zero
 */
public record Surrogate(Kind kind, double gamma, double sigma, double height, double scale) {

  /**
   * @throws IllegalArgumentException for a width that is not above zero, or a number that is not
   *     finite
   */
  public Surrogate {
    check(kind, "gamma", gamma, Double.isFinite(gamma));
    check(kind, "height", height, Double.isFinite(height));
    check(kind, "sigma", sigma, sigma > 0 && Double.isFinite(sigma));
    check(kind, "scale", scale, scale > 0 && Double.isFinite(scale));
  }

  private static void check(Kind kind, String name, double value, boolean good) {
    if (!good) {
      throw new IllegalArgumentException(
          "surrogate %s cannot have %s = %s; give a finite number, above zero for sigma and scale"
              .formatted(kind.text(), name, value));
    }
  }

  /** The formulas, in the order of Yin, Corradi and Bohté 2021. */
  public enum Kind {
    MULTI_GAUSSIAN,
    MULTI_GAUSSIAN_ABOVE,
    MULTI_GAUSSIAN_BELOW,
    GAUSSIAN,
    LINEAR,
    SLAYER,
    RECTANGLE,
    STRAIGHT_THROUGH;

    /** As experiment files write it, e.g. {@code multi_gaussian}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The multi-Gaussian with the published constants: gamma 0.5, sigma 0.5, h 0.15, s 6. */
  public static final Surrogate DEFAULT = of(Kind.MULTI_GAUSSIAN);

  /** The given formula with the published constants. */
  public static Surrogate of(Kind kind) {
    return new Surrogate(kind, kind == Kind.STRAIGHT_THROUGH ? 1 : 0.5, 0.5, 0.15, 6);
  }

  /** Every number by its name in experiment files. */
  public Map<String, Double> numbers() {
    var numbers = new TreeMap<String, Double>();
    numbers.put("gamma", gamma);
    numbers.put("sigma", sigma);
    numbers.put("height", height);
    numbers.put("scale", scale);
    return numbers;
  }
}
