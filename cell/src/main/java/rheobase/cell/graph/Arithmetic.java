package rheobase.cell.graph;

import rheobase.cell.graph.Node.Function;
import rheobase.cell.graph.Node.Operator;

/**
 * What every function and operation means, in double precision. The one definition that all
 * backends are held to. By {@link StrictMath}, because coefficients are made by it and must have
 * the same bits on every machine.
 */
public final class Arithmetic {
  private Arithmetic() {}

  /**
   * Whether {@link #apply(Function, double)} knows the function; those of lowered programs exist in
   * single precision only.
   */
  static boolean defined(Function function) {
    return switch (function) {
      case POWER_OF_TWO, EXPONENT, MANTISSA -> false;
      default -> true;
    };
  }

  public static double apply(Function function, double x) {
    return switch (function) {
      case NEGATE -> -x;
      case EXP -> StrictMath.exp(x);
      // zero and below have no logarithm, and smaller floats lose digits; the kernels hold the
      // argument alike
      case LOG -> StrictMath.log(Math.max(x, Float.MIN_NORMAL));
      case SQRT -> Math.sqrt(x);
      case SIGMOID -> 1 / (1 + StrictMath.exp(-x));
      case TANH -> StrictMath.tanh(x);
      case RELU -> Math.max(x, 0);
      case ABS -> Math.abs(x);
      case SIN -> StrictMath.sin(x);
      case COS -> StrictMath.cos(x);
      case POSITIVE, SPIKE -> x > 0 ? 1 : 0;
      case POWER_OF_TWO, EXPONENT, MANTISSA ->
          throw new IllegalArgumentException(function + " has no double form");
    };
  }

  public static double apply(Operator operator, double a, double b) {
    return switch (operator) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> a / b;
      case MIN -> Math.min(a, b);
      case MAX -> Math.max(a, b);
      case AT_LEAST -> b > a ? b : a;
      case AT_MOST -> b < a ? b : a;
    };
  }

  /** From so many bits on, as many as a float has, a graded spike is not truncated at all. */
  public static final int UNQUANTIZED_BITS = 24;

  /** The graded spike (Ponghiran and Roy 2022; released code): see {@link Node.Quantize}. */
  public static double quantize(double x, double range, int bits, double threshold) {
    if (bits >= UNQUANTIZED_BITS) {
      return Math.clamp(x, -range, range);
    }
    double scale = quantizerScale(range, bits);
    double level = scale * Math.clamp(x, bits == 1 ? 0 : -range, range);
    double truncated = level < 0 ? Math.ceil(level) : Math.floor(level);
    return Math.abs(truncated) <= threshold ? 0 : truncated / scale;
  }

  /**
   * Levels per unit: {@code n (1 - 1e-4) / range} with {@code n = 2^(bits-1)}; the factor makes the
   * top level {@code n - 1}. One bit has no sign, and the levels of two: as released, with n = 1,
   * it would never fire.
   */
  public static double quantizerScale(double range, int bits) {
    return levels(bits) / range;
  }

  /** {@link #quantizerScale} of a range of 1. */
  public static double levels(int bits) {
    return Math.scalb(1.0, Math.max(bits, 2) - 1) * (1 - 1e-4);
  }
}
