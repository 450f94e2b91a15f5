package rheobase.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import rheobase.network.Network;
import rheobase.network.NetworkException;
import rheobase.network.NetworkSpec;
import rheobase.network.foreign.WeightFile;
import rheobase.network.model.ModelFile;
import rheobase.network.parameter.Tensor;

/** {@code rheo import}: makes a model of weights that were trained elsewhere. */
@Command(
    name = "import",
    header = "Make a model of weights trained elsewhere.",
    usageHelpWidth = RheoCommand.WIDTH,
    description = {
      "",
      "WEIGHTS is a file of tensors: .safetensors, NumPy's .npz, or PyTorch's .pt of a state dict"
          + " (1.6 or later). No code in it is run. The experiment says what the network is; the"
          + " map says what each tensor of it is called in the file. rheo evaluate scores the"
          + " model.",
      ""
    })
final class ImportCommand implements Callable<Integer> {
  @ParentCommand private RheoCommand rheo;

  @Parameters(paramLabel = "WEIGHTS", description = "Path of a file of tensors.")
  private Path weights;

  @Option(
      names = "--experiment",
      required = true,
      paramLabel = "EXPERIMENT",
      description = "Name of an experiment, or path of its .toml file: the network is its.")
  private String name;

  @Option(
      names = "--map",
      required = true,
      paramLabel = "MAP",
      description =
          "Path of a .toml file with the names, or one that ships with Rheobase: authors-ecg,"
              + " authors-shd (SSC too), authors-smnist (PS-MNIST too).")
  private String map;

  @Option(
      names = {"-o", "--out"},
      required = true,
      paramLabel = "MODEL",
      description = "The model file to write, such as model.rheo; must not exist.")
  private Path out;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "Change one setting of the experiment, e.g. layer.hidden.constants.b0=0.1; may be given"
              + " several times.")
  private List<String> settings = List.of();

  @Override
  public Integer call() {
    var model = rheo.resolve(out);
    checkPlace(model);
    var experiment = experiment();
    var mapText = MapFiles.text(map, rheo.surroundings.workingFolder());
    var names = MapFiles.read(map, mapText);
    var file = rheo.resolve(weights);
    var shown = rheo.surroundings.shown(file);
    var tensors = WeightFile.read(file);

    int inputs = names.inputs(experiment.layers().getFirst(), shown, tensors);
    var network =
        Network.blank(
            new NetworkSpec(inputs, experiment.layers(), experiment.readout(), experiment.loss()));
    names.fill(network.parameters(), shown, tensors);
    ModelFile.of(network.spec(), provenance(experiment, mapText, file), network.parameters())
        .write(model);

    remarks(network).forEach(remark -> rheo.surroundings.err().println("rheo: " + remark));
    rheo.surroundings
        .out()
        .printf(
            Locale.ROOT,
            "%s: %,d parameters in %d tensors, %d inputs%nmodel  %s%n",
            experiment.name(),
            network.parameterCount(),
            network.parameters().tensors().size(),
            inputs,
            rheo.surroundings.shown(model));
    rheo.surroundings.out().flush();
    return 0;
  }

  private void checkPlace(Path model) {
    var shown = rheo.surroundings.shown(model);
    if (Files.exists(model)) {
      throw new NetworkException(shown + " is there already; name another file with -o");
    }
    if (!Files.isDirectory(model.toAbsolutePath().getParent())) {
      throw new NetworkException("there is no folder to write " + shown + " into; make it first");
    }
  }

  private Experiment experiment() {
    var path = rheo.experiments().find(name);
    var draft =
        ExperimentDraft.read(
            path, rheo.surroundings.shown(path), rheo.surroundings.workingFolder());
    draft.dropWithoutData();
    settings.forEach(draft::set);
    return draft.experiment();
  }

  /**
   * What is odd about the values, though they can be used: the network runs with them as they are.
   */
  private static List<String> remarks(Network network) {
    var remarks = new ArrayList<String>();
    var parameters = network.parameters();
    var bounded = parameters.copy();
    network.bounds().apply(bounded.values());
    for (Tensor tensor : parameters.tensors()) {
      var values = parameters.get(tensor.name());
      var within = bounded.get(tensor.name());
      int unusable = 0;
      int outside = 0;
      for (int i = 0; i < values.length; i++) {
        unusable += Float.isFinite(values[i]) ? 0 : 1;
        outside += Float.isFinite(values[i]) && values[i] != within[i] ? 1 : 0;
      }
      if (unusable > 0) {
        remarks.add(
            "%d of %d values of '%s' are not finite; they are kept"
                .formatted(unusable, values.length, tensor.name()));
      }
      if (outside > 0) {
        remarks.add(
            "%d of %d values of '%s' lie outside the bounds its cell declares; they are kept, and further training would move them to the bound"
                .formatted(outside, values.length, tensor.name()));
      }
    }
    return remarks;
  }

  private TreeMap<String, String> provenance(Experiment experiment, String mapText, Path file) {
    var text = ExperimentText.of(experiment);
    var provenance = new TreeMap<String, String>();
    provenance.put("experiment", experiment.name());
    provenance.put("experiment_text", text);
    provenance.put("experiment_sha256", ExperimentText.sha256(text));
    provenance.put("imported_from", file.getFileName().toString());
    provenance.put("imported_sha256", sha256(file));
    provenance.put("map_text", mapText);
    provenance.put("rheobase", RheoCommand.Version.number());
    provenance.put("java", Runtime.version().toString());
    return provenance;
  }

  private static String sha256(Path file) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    } catch (IOException e) {
      throw new NetworkException("cannot read " + file + ": " + Failures.reason(e), e);
    }
  }
}
