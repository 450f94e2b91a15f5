package rheobase.network.optimize;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import rheobase.cell.language.Names;
import rheobase.network.NetworkException;

/**
 * A table of an experiment, read field by field.
 *
 * @param what the name of the table in error sentences
 * @param values {@code kind} and numbers, as a TOML or JSON reader hands them over
 */
record Settings(String what, Map<String, Object> values) {

  /** The text under {@code kind}. */
  String kind(List<String> known) {
    if (values.get("kind") instanceof String kind) {
      if (known.contains(kind)) {
        return kind;
      }
      throw new NetworkException("unknown " + what + " '" + kind + "'" + Names.hint(kind, known));
    }
    throw new NetworkException(
        "the " + what + " needs a 'kind': one of " + String.join(", ", known));
  }

  /** Refuses every key but {@code kind} and those given. */
  Settings only(String... known) {
    for (var key : values.keySet()) {
      if (!key.equals("kind") && !Arrays.asList(known).contains(key)) {
        throw new NetworkException(
            "the "
                + what
                + " '"
                + values.get("kind")
                + "' has no setting '"
                + key
                + "'"
                + (known.length == 0 ? "; it takes none" : Names.hint(key, List.of(known))));
      }
    }
    return this;
  }

  double number(String key) {
    return switch (values.get(key)) {
      case Number number when Double.isFinite(number.doubleValue()) -> number.doubleValue();
      case null ->
          throw new NetworkException(
              "the " + what + " '" + values.get("kind") + "' needs the number '" + key + "'");
      case Object other -> throw wrong(key, other, "a finite number");
    };
  }

  double number(String key, double otherwise) {
    return values.containsKey(key) ? number(key) : otherwise;
  }

  int whole(String key) {
    double number = number(key);
    if (number != Math.rint(number) || Math.abs(number) > Integer.MAX_VALUE) {
      throw wrong(key, values.get(key), "a whole number");
    }
    return (int) number;
  }

  int whole(String key, int otherwise) {
    return values.containsKey(key) ? whole(key) : otherwise;
  }

  List<Integer> wholes(String key) {
    if (values.get(key) instanceof List<?> list
        && list.stream().allMatch(each -> each instanceof Integer || each instanceof Long)) {
      return list.stream().map(each -> Math.toIntExact(((Number) each).longValue())).toList();
    }
    throw values.containsKey(key)
        ? wrong(key, values.get(key), "a list of whole numbers, such as [25, 50]")
        : new NetworkException(
            "the " + what + " '" + values.get("kind") + "' needs '" + key + "', a list of numbers");
  }

  String text(String key, String otherwise) {
    return switch (values.get(key)) {
      case null -> otherwise;
      case String text -> text;
      case Object other -> throw wrong(key, other, "a text");
    };
  }

  private NetworkException wrong(String key, Object value, String wanted) {
    return new NetworkException(
        "'" + key + "' of the " + what + " is " + value + "; it must be " + wanted);
  }
}
