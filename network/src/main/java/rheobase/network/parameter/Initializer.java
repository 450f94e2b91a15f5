package rheobase.network.parameter;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import rheobase.cell.language.Names;
import rheobase.network.NetworkException;

/**
 * Where the values of a tensor start, as an experiment writes it: {@code xavier}, {@code
 * xavier_normal}, {@code kaiming}, {@code kaiming(1)}, {@code kaiming_normal}, {@code orthogonal},
 * {@code orthogonal(1.41)}, {@code uniform_fan_in}, {@code constant(0.5)}, {@code normal(20, 5)},
 * {@code uniform(0, 1)}; a bare number is a constant.
 *
 * <p>Fans are PyTorch's: of a matrix saved {@code [to][from]}, the fan in is {@code from} and the
 * fan out {@code to}. How the numbers are drawn stands in {@link InitialValues}.
 */
public sealed interface Initializer {

  /** U(-a, a) with a = sqrt(6 / (fan in + fan out)); Glorot and Bengio 2010, equation 16. */
  record Xavier() implements Initializer {}

  /** N(0, s) with s = sqrt(2 / (fan in + fan out)); the same source, as a Gaussian. */
  record XavierNormal() implements Initializer {}

  /**
   * U(-a, a) with a = gain * sqrt(3 / fan in); He et al. 2015, equation 10.
   *
   * @param gain sqrt(2) for rectified units, 1 for a sigmoid
   */
  record Kaiming(double gain) implements Initializer {
    public Kaiming {
      finite("kaiming", gain);
    }
  }

  /**
   * N(0, s) with s = gain / sqrt(fan in); the same source, as a Gaussian.
   *
   * @param gain as for {@link Kaiming}
   */
  record KaimingNormal(double gain) implements Initializer {
    public KaimingNormal {
      finite("kaiming_normal", gain);
      if (gain < 0) {
        throw new NetworkException("the gain of kaiming_normal(" + gain + ") is negative");
      }
    }
  }

  /**
   * A random matrix with orthonormal rows or columns (whichever are fewer), times a gain; Saxe et
   * al. 2014, section 3.
   *
   * @param gain factor on every singular value, 1 unless said otherwise
   */
  record Orthogonal(double gain) implements Initializer {
    public Orthogonal {
      finite("orthogonal", gain);
    }
  }

  /**
   * U(-a, a) with a = 1 / sqrt(fan in), for weights and for the bias beside them: PyTorch's
   * default.
   */
  record UniformFanIn() implements Initializer {}

  /** The same number everywhere. */
  record Constant(double value) implements Initializer {
    public Constant {
      finite("constant", value);
    }
  }

  /** Independent Gaussians. */
  record Normal(double mean, double standardDeviation) implements Initializer {
    public Normal {
      finite("normal", mean, standardDeviation);
      if (standardDeviation < 0) {
        throw new NetworkException(
            "the standard deviation of normal("
                + mean
                + ", "
                + standardDeviation
                + ") is negative");
      }
    }
  }

  /** Independent and uniform over [low, high). */
  record Uniform(double low, double high) implements Initializer {
    public Uniform {
      finite("uniform", low, high);
      if (low > high) {
        throw new NetworkException(
            "uniform(" + low + ", " + high + ") has its bounds the wrong way round");
      }
    }
  }

  /** The names that {@link #parse} knows. */
  List<String> KNOWN =
      List.of(
          "xavier",
          "xavier_normal",
          "kaiming",
          "kaiming_normal",
          "orthogonal",
          "uniform_fan_in",
          "constant",
          "normal",
          "uniform");

  /** As {@link #parse} reads it back to an equal initialiser. */
  default String text() {
    return switch (this) {
      case Xavier() -> "xavier";
      case XavierNormal() -> "xavier_normal";
      case Kaiming(double gain) -> "kaiming(" + gain + ")";
      case KaimingNormal(double gain) -> "kaiming_normal(" + gain + ")";
      case Orthogonal(double gain) -> "orthogonal(" + gain + ")";
      case UniformFanIn() -> "uniform_fan_in";
      case Constant(double value) -> "constant(" + value + ")";
      case Normal(double mean, double standardDeviation) ->
          "normal(" + mean + ", " + standardDeviation + ")";
      case Uniform(double low, double high) -> "uniform(" + low + ", " + high + ")";
    };
  }

  /**
   * Reads an initialiser as an experiment writes it.
   *
   * @throws NetworkException for an unknown name, a wrong count of numbers or a number that is none
   */
  static Initializer parse(String text) {
    var call = InitializerText.CALL.matcher(text.strip());
    if (!call.matches()) {
      return new Constant(InitializerText.number(text, text));
    }
    var name = call.group(1).toLowerCase(Locale.ROOT);
    var numbers = InitializerText.numbers(text, call.group(2));
    return switch (name) {
      case "xavier" -> {
        InitializerText.expect(text, numbers, 0, 0);
        yield new Xavier();
      }
      case "xavier_normal" -> {
        InitializerText.expect(text, numbers, 0, 0);
        yield new XavierNormal();
      }
      case "kaiming_normal" -> {
        InitializerText.expect(text, numbers, 0, 1);
        yield new KaimingNormal(numbers.length == 0 ? Math.sqrt(2) : numbers[0]);
      }
      case "kaiming" -> {
        InitializerText.expect(text, numbers, 0, 1);
        yield new Kaiming(numbers.length == 0 ? Math.sqrt(2) : numbers[0]);
      }
      case "orthogonal" -> {
        InitializerText.expect(text, numbers, 0, 1);
        yield new Orthogonal(numbers.length == 0 ? 1 : numbers[0]);
      }
      case "uniform_fan_in" -> {
        InitializerText.expect(text, numbers, 0, 0);
        yield new UniformFanIn();
      }
      case "constant" -> {
        InitializerText.expect(text, numbers, 1, 1);
        yield new Constant(numbers[0]);
      }
      case "normal" -> {
        InitializerText.expect(text, numbers, 2, 2);
        yield new Normal(numbers[0], numbers[1]);
      }
      case "uniform" -> {
        InitializerText.expect(text, numbers, 2, 2);
        yield new Uniform(numbers[0], numbers[1]);
      }
      default ->
          throw new NetworkException(
              "unknown initialiser '" + text.strip() + "'" + Names.hint(name, KNOWN));
    };
  }

  private static void finite(String name, double... numbers) {
    if (!Arrays.stream(numbers).allMatch(Double::isFinite)) {
      throw new NetworkException("the numbers of '" + name + "' must be finite");
    }
  }
}
