package rheobase.network.model;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import rheobase.cell.language.Names;
import rheobase.network.NetworkException;
import rheobase.network.NetworkSpec;
import rheobase.network.parameter.Parameters;

/**
 * A trained network in one file, {@code .rheo}: a zip of {@code model.json} (the network with its
 * cells' own texts, and how it came to be) and {@code weights.safetensors}. It can be read without
 * Rheobase. The same model gives the same bytes: nothing enters but what stands here.
 *
 * @param network the whole description
 * @param provenance how the model came to be, by name: data, seed, version, how it was selected
 * @param weights every tensor of the network in its saved shape
 */
public record ModelFile(NetworkSpec network, Map<String, String> provenance, Safetensors weights) {
  private static final String DESCRIPTION = "model.json";
  private static final String WEIGHTS = "weights.safetensors";
  private static final String FORMAT = "rheobase-model";
  private static final int VERSION = 1;

  public ModelFile {
    provenance = Map.copyOf(provenance);
  }

  /** The model with these parameters. */
  public static ModelFile of(
      NetworkSpec network, Map<String, String> provenance, Parameters parameters) {
    var tensors =
        parameters.tensors().stream()
            .map(tensor ->
                new SavedTensor(tensor.name(), tensor.shape(), parameters.get(tensor.name())))
            .toList();
    return new ModelFile(network, provenance, new Safetensors(tensors, Map.of()));
  }

  /** The same with one more thing said of how it came to be. */
  public ModelFile with(String name, String value) {
    var more = new TreeMap<>(provenance);
    more.put(name, value);
    return new ModelFile(network, more, weights);
  }

  /**
   * Writes the file as a whole or not at all.
   *
   * @throws WriteException when the disk does not let it
   */
  public void write(Path file) {
    var json = Json.object().put("format", FORMAT).put("version", VERSION);
    json.set("network", NetworkJson.write(network));
    new TreeMap<>(provenance).forEach(json.putObject("provenance")::put);
    var entries = new LinkedHashMap<String, byte[]>();
    entries.put(DESCRIPTION, Json.page(json).getBytes(StandardCharsets.UTF_8));
    entries.put(WEIGHTS, weights.bytes());
    Archive.write(file, entries);
  }

  /**
   * Reads a model.
   *
   * @throws NetworkException when the file is missing, foreign, cut short, damaged or of a later
   *     version; names the file
   */
  public static ModelFile read(Path file) {
    var entries = Archive.read(file, "model file", DESCRIPTION, WEIGHTS);
    try {
      var json =
          JsonFields.parse(
              new String(entries.get(DESCRIPTION), StandardCharsets.UTF_8), DESCRIPTION);
      checkFormat(json);
      var network = NetworkJson.read(json.object("network"));
      var provenance = json.object("provenance").texts();
      json.nothingElse();
      return new ModelFile(network, provenance, Safetensors.read(entries.get(WEIGHTS)));
    } catch (NetworkException e) {
      throw new NetworkException(
          "the model file " + file + " cannot be used: " + e.getMessage(), e);
    }
  }

  private static void checkFormat(JsonFields json) {
    if (!json.text("format").equals(FORMAT)) {
      throw new NetworkException(
          "its format is '" + json.text("format") + "', not '" + FORMAT + "'");
    }
    long version = json.whole("version");
    if (version != VERSION) {
      throw new NetworkException(
          "its version is "
              + version
              + ", and this Rheobase reads version "
              + VERSION
              + "; use a newer one");
    }
  }

  /**
   * Puts the weights into a network's parameters.
   *
   * @throws NetworkException when the two do not have the same tensors in the same shapes
   */
  public void restore(Parameters parameters) {
    var saved = weights.byName();
    for (var tensor : parameters.tensors()) {
      var values = saved.remove(tensor.name());
      if (values == null) {
        throw new NetworkException(
            "the model has no tensor '" + tensor.name() + "', which its network needs");
      }
      if (!Arrays.equals(values.shape(), tensor.shape())) {
        throw new NetworkException(
            "the tensor '"
                + tensor.name()
                + "' of the model has the shape "
                + Arrays.toString(values.shape())
                + ", but its network needs "
                + Arrays.toString(tensor.shape()));
      }
      parameters.set(tensor.name(), values.values());
    }
    if (!saved.isEmpty()) {
      var name = saved.firstEntry().getKey();
      var known = weights.byName().keySet();
      known.removeAll(saved.keySet());
      throw new NetworkException(
          "the model has a tensor '"
              + name
              + "' that its network does not know"
              + Names.hint(name, known));
    }
  }
}
