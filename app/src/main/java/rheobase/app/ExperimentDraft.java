package rheobase.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rheobase.app.toml.Places;
import rheobase.app.toml.Table;
import rheobase.app.toml.Toml;
import rheobase.cell.language.Names;
import rheobase.network.NetworkException;

/**
 * An experiment while it is being put together, layer upon layer: the file; what its {@code
 * [without_data]} changes when no {@code --data} is given; each {@code --set}; the options with
 * names of their own. Only then is it checked, once, as a whole, and every refusal can still say
 * where the value came from.
 */
final class ExperimentDraft {
  private static final String WITHOUT_DATA = "without_data";

  private final String file;
  private final Map<String, Object> root;
  private final Places places;
  private final CellTexts cells;

  private ExperimentDraft(String file, String text, CellTexts cells) {
    this.file = file;
    this.root = Toml.read(file, text);
    this.places = Places.of(file, text);
    this.cells = cells;
  }

  /**
   * Reads an experiment file.
   *
   * @param file absolute
   * @param shown the file as errors shall name it
   * @param workingFolder where cell files are looked for when they do not lie beside the
   *     experiment: one given with {@code --set} is meant from where the call is made
   * @throws NetworkException when it cannot be read or is no TOML
   */
  static ExperimentDraft read(Path file, String shown, Path workingFolder) {
    try {
      return of(
          shown, Files.readString(file), new CellTexts(List.of(file.getParent(), workingFolder)));
    } catch (IOException e) {
      throw new NetworkException(
          "cannot read the experiment " + shown + ": " + Failures.reason(e), e);
    }
  }

  /** An experiment that is in hand as text. */
  static ExperimentDraft of(String file, String text, CellTexts cells) {
    return new ExperimentDraft(file, text, cells);
  }

  /**
   * Lets {@code [without_data]} replace what it names: it holds tables of the experiment, each key
   * of which replaces the whole key of the same name.
   *
   * @return whether there was such a table
   */
  boolean applyWithoutData() {
    var overlay = root.remove(WITHOUT_DATA);
    if (overlay == null) {
      return false;
    }
    for (var entry : asTable(overlay, List.of(WITHOUT_DATA)).entrySet()) {
      var key = entry.getKey();
      var at = List.of(WITHOUT_DATA, key);
      if (!(entry.getValue() instanceof Map<?, ?>)) {
        root.put(key, entry.getValue());
        places.put(List.of(key), places.of(at));
        continue;
      }
      var target = asTable(root.computeIfAbsent(key, _ -> new LinkedHashMap<>()), List.of(key));
      asTable(entry.getValue(), at)
          .forEach((inner, value) -> {
            target.put(inner, value);
            places.put(List.of(key, inner), places.of(Places.child(at, List.of(inner))));
          });
    }
    return true;
  }

  /** Forgets {@code [without_data]}. */
  void dropWithoutData() {
    root.remove(WITHOUT_DATA);
  }

  /**
   * One {@code --set key=value}.
   *
   * @throws NetworkException when it is no such thing, or goes through a layer that does not exist
   */
  void set(String assignment) {
    int equals = assignment.indexOf('=');
    if (equals < 1 || !Places.isDottedKey(assignment.substring(0, equals))) {
      throw new NetworkException(
          "--set '"
              + assignment
              + "' must be key=value, as in --set training.epochs=100 or --set"
              + " layer.hidden.units=24");
    }
    var dotted = assignment.substring(0, equals).strip();
    set(dotted, Toml.readValue(assignment.substring(equals + 1).strip()), "--set " + dotted);
  }

  /**
   * Puts a value at a dotted key.
   *
   * @param origin named as the place in error sentences
   */
  void set(String dotted, Object value, String origin) {
    var keys = Places.keys(dotted);
    var path = new ArrayList<String>();
    var table = root;
    for (int index = 0; index < keys.size() - 1; index++) {
      var key = keys.get(index);
      path.add(key);
      var next = table.computeIfAbsent(key, _ -> new LinkedHashMap<>());
      if (next instanceof List<?> elements) {
        int element = element(elements, key, keys.get(++index), origin);
        if (index == keys.size() - 1) {
          throw new NetworkException(
              origin
                  + ": names a whole "
                  + key
                  + "; name one of its keys, as in "
                  + dotted
                  + ".units");
        }
        path.add("" + element);
        next = elements.get(element);
      } else if (next instanceof String kind) {
        // surrogate = "gaussian" is short for { kind = "gaussian" }: open it up so that a number
        // can be put beside it.
        next = new LinkedHashMap<String, Object>(Map.of("kind", kind));
        table.put(key, next);
      }
      table = asTable(next, path);
    }
    path.add(keys.getLast());
    table.put(keys.getLast(), value);
    places.put(path, origin);
  }

  /** The finished experiment. */
  Experiment experiment() {
    return Experiment.read(new Table("the experiment", List.of(), root, places), cells::find);
  }

  private static int element(List<?> elements, String array, String which, String origin) {
    var names = new ArrayList<String>();
    for (int index = 0; index < elements.size(); index++) {
      var name =
          elements.get(index) instanceof Map<?, ?> table ? String.valueOf(table.get("name")) : "";
      if (which.equals(name) || which.equals("" + index)) {
        return index;
      }
      names.add(name);
    }
    throw new NetworkException(
        origin + ": there is no " + array + " '" + which + "'" + Names.hint(which, names));
  }

  @SuppressWarnings("unchecked") // Jackson makes no other maps
  private Map<String, Object> asTable(Object value, List<String> path) {
    if (value instanceof Map<?, ?>) {
      return (Map<String, Object>) value;
    }
    throw new NetworkException(
        places.of(path)
            + ": '"
            + String.join(".", path)
            + "' is "
            + Toml.value(value)
            + "; it must be a table");
  }
}
