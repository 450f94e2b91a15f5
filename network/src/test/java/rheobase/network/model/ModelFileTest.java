package rheobase.network.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rheobase.cell.graph.Surrogate;
import rheobase.data.RandomStream;
import rheobase.network.LayerSpec;
import rheobase.network.LossSpec;
import rheobase.network.NetworkException;
import rheobase.network.NetworkSpec;
import rheobase.network.Readout;
import rheobase.network.parameter.Initializer;
import rheobase.network.parameter.Parameters;

class ModelFileTest {
  @TempDir Path folder;

  static NetworkSpec network() {
    var hidden =
        new LayerSpec(
            "hidden",
            "cell alif\n# Yin, Corradi & Bohté 2021\nstate u = 0, \"quoted\"\toutput s\n",
            36,
            true,
            Map.of("b0", 0.1, "beta", 1.8, "dt", 1.0 / 3),
            Map.of("tau_m", "normal(20, 5)", "tau_adp", "7"),
            Map.of("u", "uniform(0, 1)", "s", "u", "eta", "b0"),
            new Surrogate(Surrogate.Kind.SLAYER, 0.3, Math.PI, 0.15, 6),
            new Initializer.Xavier(),
            new Initializer.Orthogonal(Math.sqrt(2)),
            new Initializer.Constant(0),
            new Initializer.Normal(0, 1e-3),
            "u");
    var output =
        new LayerSpec(
            "output",
            "cell leaky_integrator",
            6,
            false,
            Map.of(),
            Map.of(),
            Map.of(),
            Surrogate.DEFAULT,
            new Initializer.UniformFanIn(),
            null,
            null,
            null,
            null);
    return new NetworkSpec(
        4,
        List.of(hidden, output),
        Readout.SUM_OF_SOFTMAX,
        new LossSpec(LossSpec.Kind.CROSS_ENTROPY, 10, LossSpec.Reduction.MEAN));
  }

  @Test
  void wiringIsReadBackAndSaidOnlyWhereItIsNotThePlainOne() {
    var plain = NetworkJson.write(network());
    assertThat(plain.toString()).doesNotContain("connection", "bidirectional", "substeps");
    var layers =
        List.of(
            network().layers().getFirst().wired(LayerSpec.Connection.ONE_TO_ONE, true, 5),
            network().layers().getLast());
    var wired = new NetworkSpec(36, layers, network().readout(), network().loss());
    var json = Json.line(NetworkJson.write(wired));
    assertThat(json).contains("\"connection\":\"one_to_one\"", "\"substeps\":5");
    assertThat(NetworkJson.read(JsonFields.parse(json, "test"))).isEqualTo(wired);
  }

  @Test
  void lateWeightsAreReadBackAndSaidOnlyWhereThereAreSome() {
    assertThat(Json.line(NetworkJson.write(network()))).doesNotContain("late");
    var loss =
        new LossSpec(
            LossSpec.Kind.CROSS_ENTROPY, 0, LossSpec.Reduction.SUM, new LossSpec.Late(30, 12.5));
    var late = new NetworkSpec(4, network().layers(), Readout.EACH_STEP, loss);
    var json = Json.line(NetworkJson.write(late));
    assertThat(json).contains("\"late_weight\":{\"after\":30,\"over\":12.5}");
    assertThat(NetworkJson.read(JsonFields.parse(json, "test"))).isEqualTo(late);
    assertThatThrownBy(() -> new NetworkSpec(4, network().layers(), Readout.MEAN, loss))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining("late steps can weigh more only where every step has a loss");
  }

  private static Parameters parameters() {
    var builder = Parameters.builder();
    builder.matrix("hidden.input", "input", 36, 4);
    builder.vector("hidden.tau_m", "tau_m", 36);
    var parameters = builder.build();
    var random = RandomStream.of(1, "weights");
    for (var tensor : parameters.tensors()) {
      var values = new float[tensor.count()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      parameters.set(tensor.name(), values);
    }
    return parameters;
  }

  private static ModelFile model() {
    return ModelFile.of(
        network(), Map.of("seed", "7", "data", "a1b2", "selected on", "validation"), parameters());
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("model.rheo"), bytes);
  }

  private byte[] written() throws IOException {
    var file = folder.resolve("written.rheo");
    model().write(file);
    return Files.readAllBytes(file);
  }

  /** A model file whose description was changed. */
  private Path with(String from, String to) throws IOException {
    var entries =
        Archive.read(
            Files.write(folder.resolve("old.rheo"), written()),
            "model",
            "model.json",
            "weights.safetensors");
    var json = new String(entries.get("model.json"), StandardCharsets.UTF_8);
    assertThat(json).contains(from);
    var changed = new LinkedHashMap<>(entries);
    changed.put("model.json", json.replace(from, to).getBytes(StandardCharsets.UTF_8));
    var file = folder.resolve("model.rheo");
    Archive.write(file, changed);
    return file;
  }

  @Test
  void everythingComesBack() throws IOException {
    var read = ModelFile.read(file(written()));
    assertThat(read.network()).isEqualTo(network());
    assertThat(read.provenance()).isEqualTo(model().provenance());
    var restored = parameters();
    Arrays.fill(restored.values(), 0);
    read.restore(restored);
    assertThat(restored.sameBits(parameters())).isTrue();
  }

  @Test
  void theSameModelGivesTheSameBytes() throws IOException {
    assertThat(written()).isEqualTo(written());
    var again = folder.resolve("again.rheo");
    ModelFile.read(file(written())).write(again);
    assertThat(Files.readAllBytes(again)).isEqualTo(written());
  }

  @Test
  void theTimeZoneOfTheMachineDoesNotEnterTheFile() throws IOException {
    var here = TimeZone.getDefault();
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Auckland"));
      var there = written();
      TimeZone.setDefault(TimeZone.getTimeZone("America/Lima"));
      assertThat(written()).isEqualTo(there);
    } finally {
      TimeZone.setDefault(here);
    }
  }

  @Test
  void whatHasNoOrderIsSorted() throws IOException {
    var entries = Archive.read(file(written()), "model", "model.json");
    assertThat(new String(entries.get("model.json"), StandardCharsets.UTF_8))
        .containsSubsequence("\"b0\"", "\"beta\"", "\"dt\"", "\"tau_adp\"", "\"tau_m\"")
        .containsSubsequence("\"data\" :", "\"seed\" :", "\"selected on\" :")
        .doesNotContain("\r");
  }

  @Test
  void aFileCompressedByAnotherToolIsRead() throws IOException {
    var entries = Archive.read(file(written()), "model", "model.json", "weights.safetensors");
    var packed = folder.resolve("packed.rheo");
    try (var zip = new ZipOutputStream(Files.newOutputStream(packed))) {
      for (var entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    }
    assertThat(ModelFile.read(packed).network()).isEqualTo(network());
  }

  @Test
  void everyTruncatedFileIsNamedInTheError() throws IOException {
    var whole = written();
    for (int length = 0; length < whole.length; length += 1 + length / 9) {
      var file = file(Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> ModelFile.read(file))
          .isInstanceOf(NetworkException.class)
          .hasMessageContaining(file.toString());
    }
  }

  @Test
  void aDamagedFileIsNamedInTheErrorOrReadAsItWas() throws IOException {
    var whole = written();
    var random = RandomStream.of(2, "damage");
    int refused = 0;
    for (int attempt = 0; attempt < 2000; attempt++) {
      var damaged = whole.clone();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      var file = file(damaged);
      try {
        var read = ModelFile.read(file);
        assertThat(read.network()).isEqualTo(network());
        assertThat(read.weights().bytes()).isEqualTo(model().weights().bytes());
      } catch (NetworkException e) {
        refused++;
        assertThat(e).hasMessageContaining(file.toString());
      }
    }
    assertThat(refused).isGreaterThan(1500);
  }

  @Test
  void foreignFilesAreNamedInTheError() throws IOException {
    var text = file("Dear Sir or Madam".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> ModelFile.read(text))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining(text + " is no Rheobase model file, or is cut short or damaged");
    var entries = new LinkedHashMap<String, byte[]>();
    entries.put("holiday.jpg", new byte[3]);
    Archive.write(text, entries);
    assertThatThrownBy(() -> ModelFile.read(text))
        .hasMessageContaining("it has no entry 'model.json'");
    assertThatThrownBy(() -> ModelFile.read(folder.resolve("none.rheo")))
        .hasMessage("there is no model file at " + folder.resolve("none.rheo"));
    assertThatThrownBy(() -> ModelFile.read(folder))
        .hasMessageContaining("there is no model file at");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"units\" : 36                 | \"unitz\" : 36                | no field 'units'",
        "\"emits\" : \"u\"              | \"emits\" : \"u\", \"emit\" : 1 | unknown field 'emit';"
            + " did you mean 'emits'?",
        "\"units\" : 36                 | \"units\" : 0                 | 'hidden' has 0 units",
        "\"units\" : 36                 | \"units\" : \"many\"          | 'units' in 'layers'[0] in"
            + " 'network' in model.json is \"many\"; it must be a whole number",
        "\"recurrent\" : true           | \"recurrent\" : 1             | it must be true or false",
        "\"xavier\"                     | \"xavir\"                     | did you mean 'xavier'?",
        "\"slayer\"                     | \"slyer\"                     | did you mean 'slayer'?",
        "\"sum_of_softmax\"             | \"sum\"                       | 'readout' in 'network' in"
            + " model.json cannot be 'sum'",
        "\"from_step\" : 10             | \"from_step\" : 1e99          | it must be a whole"
            + " number",
        "\"version\" : 1                | \"version\" : 2               | its version is 2",
        "\"rheobase-model\"             | \"other\"                     | its format is 'other'",
        "\"inputs\" : 4                 | \"inputs\" : 4, \"inputs\" : 5 | Duplicate",
        "\"seed\" : \"7\"               | \"seed\" : 7                  | it must be a text",
      })
  void aMistakeInTheDescriptionIsNamed(String from, String to, String reason) throws IOException {
    var file = with(from, to);
    assertThatThrownBy(() -> ModelFile.read(file))
        .isInstanceOf(NetworkException.class)
        .hasMessageStartingWith("the model file " + file + " cannot be used: ")
        .hasMessageContaining(reason);
  }

  @Test
  void weightsOfAnotherNetworkAreRefused() {
    var builder = Parameters.builder();
    builder.matrix("hidden.input", "input", 36, 5);
    assertThatThrownBy(() -> model().restore(builder.build()))
        .hasMessage(
            "the tensor 'hidden.input' of the model has the shape [36, 4], but its network needs"
                + " [36, 5]");
    var other = Parameters.builder();
    other.vector("hidden.tau", "tau", 36);
    assertThatThrownBy(() -> model().restore(other.build()))
        .hasMessageContaining("no tensor 'hidden.tau'");
    var fewer = Parameters.builder();
    fewer.matrix("hidden.input", "input", 36, 4);
    assertThatThrownBy(() -> model().restore(fewer.build()))
        .hasMessageContaining("a tensor 'hidden.tau_m'");
  }
}
