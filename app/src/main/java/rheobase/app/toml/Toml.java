package rheobase.app.toml;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import rheobase.network.NetworkException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.dataformat.toml.TomlMapper;

/** TOML to plain maps, lists, texts and numbers, and single values back to TOML. */
public final class Toml {
  private static final TomlMapper MAPPER = new TomlMapper();

  private Toml() {}

  /**
   * Reads a whole text.
   *
   * @param file its name in error sentences
   * @throws NetworkException with line and column where the text is no TOML
   */
  public static Map<String, Object> read(String file, String text) {
    try {
      return MAPPER.readValue(text, new TypeReference<LinkedHashMap<String, Object>>() {});
    } catch (JacksonException e) {
      var at = e.getLocation();
      var place = at == null ? "" : ":" + at.getLineNr() + ":" + at.getColumnNr();
      throw new NetworkException(file + place + ": not valid TOML: " + e.getOriginalMessage(), e);
    }
  }

  /**
   * One value as a shell hands it over: TOML where it is TOML, and plain text otherwise, so that
   * {@code --set layer.hidden.cell=lif} needs no second pair of quotes. A text where a number
   * belongs is refused later, by its key.
   */
  public static Object readValue(String text) {
    try {
      return MAPPER
          .readValue("value = " + text, new TypeReference<LinkedHashMap<String, Object>>() {})
          .get("value");
    } catch (JacksonException e) {
      return text;
    }
  }

  /** A value as TOML writes it: tables and lists inline. */
  public static String value(Object value) {
    return switch (value) {
      case Map<?, ?> map when map.isEmpty() -> "{}";
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(entry -> key((String) entry.getKey()) + " = " + value(entry.getValue()))
              .collect(Collectors.joining(", ", "{ ", " }"));
      case List<?> list ->
          list.stream().map(Toml::value).collect(Collectors.joining(", ", "[", "]"));
      case String text -> quoted(text);
      case Double number -> number(number);
      default -> String.valueOf(value);
    };
  }

  /** A key, in quotes when it needs them. */
  public static String key(String key) {
    return key.matches("[A-Za-z0-9_-]+") ? key : quoted(key);
  }

  /** The shortest decimal that reads back to the same double; whole numbers without a fraction. */
  public static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value).replace('E', 'e');
  }

  /** A text over several lines, raw where TOML allows it. */
  public static String lines(String text) {
    return text.contains("'''") || text.endsWith("'") ? quoted(text) : "'''\n" + text + "'''";
  }

  private static String quoted(String text) {
    var quoted = new StringBuilder("\"");
    text.chars()
        .forEach(c -> {
          switch (c) {
            case '"' -> quoted.append("\\\"");
            case '\\' -> quoted.append("\\\\");
            case '\n' -> quoted.append("\\n");
            case '\t' -> quoted.append("\\t");
            default -> {
              if (c < 0x20 || c == 0x7f) {
                quoted.append("\\u%04x".formatted(c));
              } else {
                quoted.append((char) c);
              }
            }
          }
        });
    return quoted.append('"').toString();
  }
}
