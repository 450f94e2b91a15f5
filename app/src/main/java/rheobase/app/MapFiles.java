package rheobase.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
import rheobase.network.foreign.WeightMap;
import rheobase.network.foreign.WeightMap.Source;

/**
 * The maps of {@code rheo import}, as TOML: {@code [tensors]} gives for each tensor of ours its
 * name in the file, or {@code { from = "name", transpose = true }}, or {@code { repeat = "name" }}
 * of a single number for all units, or a number; {@code ignore} lists what is not needed. {@code
 * docs/import.md} explains them.
 */
final class MapFiles {
  /** Those that ship with Rheobase. */
  static final List<String> NAMES =
      List.of(
          "authors-ecg",
          "authors-gsc",
          "authors-shd",
          "authors-smnist",
          "authors-soli",
          "authors-timit");

  private MapFiles() {}

  /**
   * The text of a map.
   *
   * @param map one of {@link #NAMES}, or the path of a {@code .toml} file
   * @param workingFolder that a relative path is under
   * @throws NetworkException when there is none
   */
  static String text(String map, Path workingFolder) {
    if (NAMES.contains(map)) {
      try (var in = MapFiles.class.getResourceAsStream("/maps/" + map + ".toml")) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new NetworkException("cannot read the map '" + map + "': " + Failures.reason(e), e);
      }
    }
    if (!map.endsWith(".toml") && !map.contains("/")) {
      throw new NetworkException(
          "there is no map '"
              + map
              + "'"
              + Names.hint(map, NAMES)
              + " (a map of your own is named by its file, ending in .toml)");
    }
    try {
      return Files.readString(workingFolder.resolve(map));
    } catch (IOException e) {
      throw new NetworkException("cannot read the map " + map + ": " + Failures.reason(e), e);
    }
  }

  /**
   * Reads a map.
   *
   * @param name for error sentences
   * @throws NetworkException for an unknown key or a wrong type
   */
  static WeightMap read(String name, String text) {
    var root = new Table(name, List.of(), Toml.read(name, text), Places.of(name, text));
    root.only("tensors", "ignore");
    var sources = new LinkedHashMap<String, Source>();
    tensors(root.table("tensors"), "", sources);
    if (sources.isEmpty()) {
      throw root.error(
          "tensors",
          "the map has no [tensors]; write a line for each of the network, such as hidden.weight_in"
              + " = \"i2h.weight\"");
    }
    return new WeightMap(name, sources, root.has("ignore") ? root.names("ignore") : List.of());
  }

  /** {@code hidden.weight_in = "..."} is, to TOML, a table in a table. */
  private static void tensors(Table table, String prefix, Map<String, Source> sources) {
    for (var key : new ArrayList<>(table.values().keySet())) {
      var name = prefix + key;
      switch (table.values().get(key)) {
        case Map<?, ?> inner when inner.containsKey("from") || inner.containsKey("transpose") -> {
          var source = table.table(key).only("from", "transpose");
          sources.put(name, new Source.Named(source.text("from"), source.flag("transpose", false)));
        }
        case Map<?, ?> inner when inner.containsKey("repeat") ->
            sources.put(name, new Source.Repeated(table.table(key).only("repeat").text("repeat")));
        case Map<?, ?> _ -> tensors(table.table(key), name + ".", sources);
        case Number _ -> sources.put(name, new Source.Constant(table.number(key)));
        default -> sources.put(name, new Source.Named(table.text(key), false));
      }
    }
  }
}
