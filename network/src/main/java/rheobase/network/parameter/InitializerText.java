package rheobase.network.parameter;

import java.util.Arrays;
import java.util.regex.Pattern;
import rheobase.network.NetworkException;

/** The small grammar of {@link Initializer#parse}: a name, perhaps numbers in parentheses. */
final class InitializerText {
  static final Pattern CALL = Pattern.compile("([A-Za-z_]\\w*)\\s*(?:\\(([^()]*)\\))?");

  private InitializerText() {}

  static double[] numbers(String whole, String inside) {
    if (inside == null || inside.isBlank()) {
      return new double[0];
    }
    return Arrays.stream(inside.split(",", -1)).mapToDouble(part -> number(whole, part)).toArray();
  }

  static double number(String whole, String part) {
    try {
      return Double.parseDouble(part.strip());
    } catch (NumberFormatException e) {
      throw new NetworkException(
          "'" + part.strip() + "' in the initialiser '" + whole.strip() + "' is no number", e);
    }
  }

  static void expect(String whole, double[] numbers, int least, int most) {
    if (numbers.length < least || numbers.length > most) {
      var wanted = least == most ? "" + least : least + " to " + most;
      throw new NetworkException(
          "the initialiser '"
              + whole.strip()
              + "' has "
              + numbers.length
              + " numbers; it takes "
              + wanted);
    }
  }
}
