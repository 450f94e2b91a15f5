package rheobase.app.toml;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import rheobase.cell.language.Names;
import rheobase.network.NetworkException;

/**
 * One table of an experiment, read key by key. Every refusal is a {@link NetworkException} that
 * names the place, the key, the value and what was expected.
 *
 * @param what the table in the words of an error, e.g. {@code [training]} or {@code layer 'hidden'}
 * @param path from the root
 * @param values as the TOML reader gives them
 * @param places of all values of the experiment
 */
public record Table(String what, List<String> path, Map<String, Object> values, Places places) {

  /** Refuses every key but these, naming the nearest. */
  public Table only(String... known) {
    for (var key : values.keySet()) {
      if (!Arrays.asList(known).contains(key)) {
        throw new NetworkException(
            at(key) + ": unknown key '" + key + "' in " + what + Names.hint(key, List.of(known)));
      }
    }
    return this;
  }

  /** The same table less one key. */
  public Table without(String key) {
    var others = new LinkedHashMap<>(values);
    others.remove(key);
    return new Table(what, path, others, places);
  }

  public boolean has(String key) {
    return values.containsKey(key);
  }

  public String text(String key) {
    return switch (required(key, "a text")) {
      case String text -> text;
      case Object other -> throw wrong(key, other, "a text in quotes");
    };
  }

  public boolean isNumber(String key) {
    return values.get(key) instanceof Number;
  }

  public boolean isTable(String key) {
    return values.get(key) instanceof Map<?, ?>;
  }

  public String text(String key, String otherwise) {
    return has(key) ? text(key) : otherwise;
  }

  public boolean flag(String key, boolean otherwise) {
    return switch (values.getOrDefault(key, otherwise)) {
      case Boolean flag -> flag;
      case Object other -> throw wrong(key, other, "true or false");
    };
  }

  public int whole(String key, int least) {
    long value = longer(key, "a whole number of at least " + least);
    if (value < least || value > Integer.MAX_VALUE) {
      throw wrong(key, value, "a whole number of at least " + least);
    }
    return (int) value;
  }

  public int whole(String key, int least, int otherwise) {
    return has(key) ? whole(key, least) : otherwise;
  }

  public long seed(String key, long otherwise) {
    return has(key) ? longer(key, "a whole number") : otherwise;
  }

  /** A number with {@code least <= value}. */
  public double number(String key, double least, double otherwise) {
    double value = has(key) ? number(key) : otherwise;
    if (!(value >= least)) {
      throw wrong(key, value, "a number of at least " + least);
    }
    return value;
  }

  public double number(String key) {
    return switch (required(key, "a number")) {
      case Number number when Double.isFinite(number.doubleValue()) -> number.doubleValue();
      case Object other -> throw wrong(key, other, "a finite number");
    };
  }

  /** One of the names of an enumeration, in small letters as experiments write them. */
  public <E extends Enum<E>> E choice(String key, Class<E> names, E otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    var known =
        Arrays.stream(names.getEnumConstants())
            .map(name -> name.name().toLowerCase(Locale.ROOT))
            .toList();
    var text = text(key);
    if (!known.contains(text)) {
      throw error(
          key, "'" + key + "' of " + what + " cannot be '" + text + "'" + Names.hint(text, known));
    }
    return Enum.valueOf(names, text.toUpperCase(Locale.ROOT));
  }

  /** The table under a key; empty when there is none. */
  public Table table(String key) {
    return switch (values.getOrDefault(key, Map.of())) {
      case Map<?, ?> inner ->
          new Table("'" + key + "' of " + what, child(key), copy(inner), places);
      case Object other -> throw wrong(key, other, "a table: { ... }");
    };
  }

  /** The tables of an array {@code [[key]]}, each called by its {@code name} if it has one. */
  public List<Table> tables(String key) {
    if (!(values.getOrDefault(key, List.of()) instanceof List<?> list)) {
      throw wrong(key, values.get(key), "written as [[" + key + "]], once for each");
    }
    var tables = new ArrayList<Table>();
    for (int index = 0; index < list.size(); index++) {
      if (!(list.get(index) instanceof Map<?, ?> element)) {
        throw wrong(key, list.get(index), "written as [[" + key + "]], once for each");
      }
      var name =
          key + (element.get("name") instanceof String text ? " '" + text + "'" : " " + index);
      tables.add(
          new Table(name, Places.child(child(key), List.of("" + index)), copy(element), places));
    }
    return tables;
  }

  /** A list of names; a single one may stand without brackets, a whole number without quotes. */
  public List<String> names(String key) {
    var value = required(key, "a list of names");
    var names = new ArrayList<String>();
    for (var element : value instanceof List<?> list ? list : List.of(value)) {
      names.add(
          switch (element) {
            case String text -> text;
            case Integer number -> number.toString();
            case Long number -> number.toString();
            default -> throw wrong(key, value, "a list of names: [\"one\", \"two\"]");
          });
    }
    if (names.isEmpty()) {
      throw wrong(key, value, "a list of names: [\"one\", \"two\"]");
    }
    return names;
  }

  /** A list of numbers; empty when there is none. */
  public List<Double> numberList(String key) {
    if (!(values.getOrDefault(key, List.of()) instanceof List<?> list)) {
      throw wrong(key, values.get(key), "a list of numbers: [0.5, 2]");
    }
    var numbers = new ArrayList<Double>();
    for (var element : list) {
      if (!(element instanceof Number number) || !Double.isFinite(number.doubleValue())) {
        throw wrong(key, list, "a list of numbers: [0.5, 2]");
      }
      numbers.add(number.doubleValue());
    }
    return numbers;
  }

  /** Every value of this table as a number. */
  public Map<String, Double> numbers() {
    return values.keySet().stream()
        .collect(Collectors.toMap(key -> key, this::number, (one, _) -> one, LinkedHashMap::new));
  }

  /** Every value of this table as text; numbers as they are written, a list with semicolons. */
  public Map<String, String> texts() {
    var texts = new LinkedHashMap<String, String>();
    for (var entry : values.entrySet()) {
      texts.put(
          entry.getKey(),
          entry.getValue() instanceof List<?> list && !list.isEmpty()
              ? list.stream()
                  .map(element -> text(entry.getKey(), element))
                  .collect(Collectors.joining("; "))
              : text(entry.getKey(), entry.getValue()));
    }
    return texts;
  }

  private String text(String key, Object value) {
    return switch (value) {
      case String text -> text;
      case Number number -> Toml.number(number.doubleValue());
      case Object other -> throw wrong(key, other, "a number or a text like \"normal(20, 5)\"");
    };
  }

  /** A sentence about a key of this table, with its place before it. */
  public NetworkException error(String key, String sentence) {
    return new NetworkException(at(key) + ": " + sentence);
  }

  /** A sentence about the key of this table, whose cause has already said what is wrong. */
  public NetworkException error(String key, RuntimeException cause) {
    return new NetworkException(at(key) + ": " + cause.getMessage(), cause);
  }

  private Object required(String key, String expected) {
    var value = values.get(key);
    if (value == null) {
      throw new NetworkException(
          places.of(path) + ": " + what + " needs '" + key + "', " + expected);
    }
    return value;
  }

  private long longer(String key, String expected) {
    return switch (required(key, expected)) {
      case Integer value -> value;
      case Long value -> value;
      case Object other -> throw wrong(key, other, expected);
    };
  }

  private NetworkException wrong(String key, Object value, String expected) {
    return error(
        key, "'" + key + "' of " + what + " is " + Toml.value(value) + "; it must be " + expected);
  }

  private String at(String key) {
    return places.of(child(key));
  }

  private List<String> child(String key) {
    return Places.child(path, List.of(key));
  }

  private static Map<String, Object> copy(Map<?, ?> values) {
    var copy = new LinkedHashMap<String, Object>();
    values.forEach((key, value) -> copy.put((String) key, value));
    return copy;
  }
}
