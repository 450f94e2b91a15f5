package rheobase.network.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import rheobase.cell.language.Names;
import rheobase.network.NetworkException;
import tools.jackson.databind.JsonNode;

/**
 * A JSON object, read field by field, with errors that say which field of what is wrong. When all
 * fields have been asked for, {@link #nothingElse} refuses any that nobody asked for.
 */
public final class JsonFields {
  private final String what;
  private final JsonNode node;
  private final Set<String> asked = new LinkedHashSet<>();

  private JsonFields(String what, JsonNode node) {
    if (!node.isObject()) {
      throw new NetworkException(what + " must be an object, not " + Json.line(node));
    }
    this.what = what;
    this.node = node;
  }

  /**
   * Reads a text that is one object.
   *
   * @param what it is, for errors, e.g. {@code "model.json"}
   */
  public static JsonFields parse(String text, String what) {
    return new JsonFields(what, Json.parse(text, what));
  }

  /** The names of all fields, in order. */
  public List<String> names() {
    return List.copyOf(node.propertyNames());
  }

  /** Whether there is such a field and it is not null. */
  public boolean has(String name) {
    asked.add(name);
    return node.has(name) && !node.get(name).isNull();
  }

  public String text(String name) {
    var value = get(name);
    if (!value.isString()) {
      throw wrong(name, value, "a text");
    }
    return value.stringValue();
  }

  /** Null where the field is null or missing. */
  public String textOrNull(String name) {
    return has(name) ? text(name) : null;
  }

  public boolean flag(String name) {
    var value = get(name);
    if (!value.isBoolean()) {
      throw wrong(name, value, "true or false");
    }
    return value.booleanValue();
  }

  public double number(String name) {
    var value = get(name);
    if (!value.isNumber()) {
      throw wrong(name, value, "a number");
    }
    return value.doubleValue();
  }

  /** NaN where the field is null. */
  public double numberOrNaN(String name) {
    return has(name) ? number(name) : Double.NaN;
  }

  public long whole(String name) {
    return whole(name, get(name));
  }

  public int smallWhole(String name) {
    long value = whole(name);
    if (value != (int) value) {
      throw wrong(name, node.get(name), "a whole number below 2^31");
    }
    return (int) value;
  }

  /** A word that is one of an enum's names in lower case. */
  public <E extends Enum<E>> E choice(String name, Class<E> choices) {
    var text = text(name);
    var known =
        Arrays.stream(choices.getEnumConstants())
            .map(each -> each.name().toLowerCase(Locale.ROOT))
            .toList();
    if (!known.contains(text)) {
      throw new NetworkException(
          "'" + name + "' in " + what + " cannot be '" + text + "'" + Names.hint(text, known));
    }
    return Enum.valueOf(choices, text.toUpperCase(Locale.ROOT));
  }

  public JsonFields object(String name) {
    return new JsonFields("'" + name + "' in " + what, get(name));
  }

  public List<JsonFields> objects(String name) {
    var objects = new ArrayList<JsonFields>();
    for (var element : list(name)) {
      objects.add(new JsonFields("'" + name + "'[" + objects.size() + "] in " + what, element));
    }
    return objects;
  }

  public List<Long> wholes(String name) {
    return list(name).stream().map(element -> whole(name, element)).toList();
  }

  public List<String> texts(String name) {
    return list(name).stream()
        .map(element -> {
          if (!element.isString()) {
            throw wrong(name, element, "texts");
          }
          return element.stringValue();
        })
        .toList();
  }

  /** NaN where an element is null. */
  public List<Double> numbersOrNaN(String name) {
    return list(name).stream()
        .map(element -> {
          if (!element.isNumber() && !element.isNull()) {
            throw wrong(name, element, "numbers");
          }
          return element.isNull() ? Double.NaN : element.doubleValue();
        })
        .toList();
  }

  /** Rows of whole numbers. */
  public long[][] table(String name) {
    return list(name).stream()
        .map(row -> {
          if (!row.isArray()) {
            throw wrong(name, row, "rows of whole numbers");
          }
          return row.values().stream().mapToLong(element -> whole(name, element)).toArray();
        })
        .toArray(long[][]::new);
  }

  /** This whole object as texts by name. */
  public Map<String, String> texts() {
    var texts = new LinkedHashMap<String, String>();
    names().forEach(name -> texts.put(name, text(name)));
    return texts;
  }

  /** This whole object as numbers by name. */
  public Map<String, Double> numbers() {
    var numbers = new LinkedHashMap<String, Double>();
    names().forEach(name -> numbers.put(name, number(name)));
    return numbers;
  }

  /** The value of a field as it is, for whoever knows more about it. */
  public JsonNode get(String name) {
    asked.add(name);
    var value = node.get(name);
    if (value == null) {
      throw new NetworkException(what + " has no field '" + name + "'");
    }
    return value;
  }

  /** Refuses fields that were never asked for. */
  public void nothingElse() {
    for (var name : names()) {
      if (!asked.contains(name)) {
        throw new NetworkException(
            what + " has an unknown field '" + name + "'" + Names.hint(name, asked));
      }
    }
  }

  private List<JsonNode> list(String name) {
    var value = get(name);
    if (!value.isArray()) {
      throw wrong(name, value, "a list");
    }
    return List.copyOf(value.values());
  }

  private long whole(String name, JsonNode value) {
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw wrong(name, value, "a whole number");
    }
    return value.longValue();
  }

  private NetworkException wrong(String name, JsonNode value, String wanted) {
    return new NetworkException(
        "'" + name + "' in " + what + " is " + Json.line(value) + "; it must be " + wanted);
  }
}
