package rheobase.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rheobase.data.Sequence;
import rheobase.data.SequenceSet;
import rheobase.data.npy.NpyArray;
import rheobase.data.npy.NpzFile;
import rheobase.network.Network;
import rheobase.network.NetworkSpec;
import rheobase.network.foreign.WeightMap.Source;
import rheobase.network.model.ModelFile;
import rheobase.network.parameter.Tensor;

/**
 * {@code rheo import}, on networks that PyTorch trained ({@code
 * network/src/test/resources/foreign/train.py}).
 */
class ImportTest {
  private static final Path FOREIGN = Rheo.HOME.resolve("network/src/test/resources/foreign");

  /** The small network of train.py out of experiments/ecg.toml, at rest in the beginning. */
  private static final List<String> ECG =
      List.of(
          "--experiment",
          "ecg",
          "--set",
          "layer.hidden.units=8",
          "--set",
          "layer.hidden.states={ u = 0, s = 0, eta = \"b0\" }",
          "--set",
          "layer.output.states={ u = 0, s = 0, eta = \"b0\" }");

  private static final List<String> SHD =
      List.of(
          "--experiment",
          "shd",
          "--set",
          "layer.h1.units=12",
          "--set",
          "layer.h2.units=10",
          "--set",
          "layer.output.units=5",
          "--set",
          "layer.h1.states={ u = 0, s = 0, eta = \"b0\" }",
          "--set",
          "layer.h2.states={ u = 0, s = 0, eta = \"b0\" }");

  private static final List<String> GSC =
      List.of(
          "--experiment",
          "commands",
          "--set",
          "layer.events.units=9",
          "--set",
          "layer.h1.units=12",
          "--set",
          "layer.h2.units=10",
          "--set",
          "layer.output.units=4");

  private static final List<String> SOLI =
      List.of(
          "--experiment",
          "soli",
          "--set",
          "layer.h1.units=12",
          "--set",
          "layer.h2.units=10",
          "--set",
          "layer.output.units=4",
          "--set",
          "layer.h1.states={ u = 0, s = 0, eta = \"b0\" }",
          "--set",
          "layer.h2.states={ u = 0, s = 0, eta = \"b0\" }",
          "--set",
          "layer.output.states={ m = 0 }");

  private static final List<String> TIMIT =
      List.of(
          "--experiment",
          "phones",
          "--set",
          "layer.hidden.units=8",
          "--set",
          "layer.hidden.states={ u = 0, s = 0, eta = \"b0\" }",
          "--set",
          "layer.output.units=5");

  private static final String TURNED =
      """
      [tensors]
      hidden.weight_in  = { from = "i2h.weight", transpose = true }
      hidden.bias_in    = "i2h.bias"
      hidden.weight_rec = { from = "h2h.weight", transpose = true }
      hidden.bias_rec   = "h2h.bias"
      hidden.tau_m      = "tau_m_h"
      hidden.tau_adp    = 7
      output.weight_in  = { from = "h2o.weight", transpose = true }
      output.bias_in    = "h2o.bias"
      output.tau_m      = "tau_m_o"
      output.tau_adp    = "tau_adp_o"
      """;

  @TempDir private Path folder;

  private Rheo importing(String file, String map, List<String> more) {
    var arguments = new ArrayList<>(List.of("import", FOREIGN.resolve(file).toString()));
    arguments.addAll(List.of("--map", map, "-o", "model.rheo"));
    arguments.addAll(more);
    return Rheo.call(folder, arguments.toArray(String[]::new));
  }

  private Network model() {
    var file = ModelFile.read(folder.resolve("model.rheo"));
    var network = Network.blank(file.network());
    file.restore(network.parameters());
    network.follow();
    return network;
  }

  private static float[] floats(NpyArray array) {
    double[] doubles = array.doubles();
    var floats = new float[doubles.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) doubles[i];
    }
    return floats;
  }

  private static SequenceSet sequences(Map<String, NpyArray> arrays, int classes) {
    int[] shape = arrays.get("x").shape();
    int each = shape[1] * shape[2];
    float[] x = floats(arrays.get("x"));
    int[] y = arrays.get("y").ints();
    var sequences = new ArrayList<Sequence>();
    for (int n = 0; n < shape[0]; n++) {
      var values = Arrays.copyOfRange(x, n * each, (n + 1) * each);
      int targets = y.length / shape[0];
      var annotated = new boolean[targets];
      Arrays.fill(annotated, true);
      sequences.add(
          new Sequence(
              "s" + n,
              "s" + n,
              shape[1],
              shape[2],
              values,
              Arrays.copyOfRange(y, n * targets, (n + 1) * targets),
              annotated));
    }
    var names = IntStream.range(0, classes).mapToObj(c -> "c" + c).toList();
    return new SequenceSet("case", shape[2], names, sequences);
  }

  /** The same numbers come out here as came out of PyTorch, step by step, and the same loss. */
  private void assertSameAsPyTorch(String name) {
    var expected = NpzFile.read(FOREIGN.resolve(name + "-case.npz"));
    var network = model();
    int[] shape = expected.get("logits").shape();
    double[] logits = expected.get("logits").doubles();
    var set = sequences(expected, shape[2]);
    for (int n = 0; n < shape[0]; n++) {
      var emitted = network.trace(set.sequences().get(n), 1).layers().getLast().emitted();
      for (int t = 0; t < shape[1]; t++) {
        for (int c = 0; c < shape[2]; c++) {
          assertThat((double) emitted[t][c])
              .as("sequence %d, step %d, class %d", n, t, c)
              .isCloseTo(logits[(n * shape[1] + t) * shape[2] + c], within(1e-5));
        }
      }
    }
    double loss = expected.get("loss").doubles()[0];
    assertThat(network.evaluate(set, 1, 1).score().loss()).isCloseTo(loss, within(1e-5 * loss));
  }

  @ParameterizedTest
  @CsvSource({"ecg.pt, authors-ecg", "ecg.safetensors, authors-ecg", "ecg.npz, turned.toml"})
  void anEcgNetworkTrainedInPyTorchGivesTheSameLogits(String file, String map) throws Exception {
    Files.writeString(folder.resolve("turned.toml"), TURNED.replace("= 7", "= \"tau_adp_h\""));
    var call = importing(file, map, ECG);
    assertThat(call.status()).as(call.err()).isZero();
    assertThat(call.out()).contains("ecg: 194 parameters in 10 tensors, 4 inputs", "model.rheo");
    assertThat(call.err()).isEmpty();
    assertSameAsPyTorch("ecg");
  }

  @Test
  void twoLayersWithALeakyReadoutGiveTheSameLogits() {
    var call = importing("shd.pt", "authors-shd", SHD);
    assertThat(call.status()).as(call.err()).isZero();
    assertSameAsPyTorch("shd");
  }

  @Test
  void anEncoderWithOneThresholdForAllChannelsGivesTheSameLogits() {
    var call = importing("gsc.pt", "authors-gsc", GSC);
    assertThat(call.status()).as(call.err()).isZero();
    assertThat(model().parameters().get("events.threshold")).hasSize(9).containsOnly(0.06f);
    assertSameAsPyTorch("gsc");
  }

  @Test
  void aBidirectionalNetworkWithSubstepsGivesTheSameLogits() {
    var call = importing("timit.pt", "authors-timit", TIMIT);
    assertThat(call.status()).as(call.err()).isZero();
    assertSameAsPyTorch("timit");
  }

  @Test
  void aFeedForwardAndARecurrentLayerGiveTheSameLogits() {
    var call = importing("soli.pt", "authors-soli", SOLI);
    assertThat(call.status()).as(call.err()).isZero();
    assertSameAsPyTorch("soli");
  }

  @Test
  void onlyASingleNumberIsRepeated() throws Exception {
    Files.writeString(
        folder.resolve("map.toml"),
        TURNED.replace("tau_adp    = 7", "tau_adp    = { repeat = \"tau_adp_h\" }"));
    var call = importing("ecg.npz", "map.toml", ECG);
    assertThat(call.status()).isEqualTo(Main.WRONG);
    assertThat(call.err())
        .contains(
            "has the shape [8]; to be repeated as 'hidden.tau_adp' it must be a single number");
  }

  @Test
  void anLstmInsideACheckpointGivesTheSameLogits() throws Exception {
    Files.writeString(
        folder.resolve("lstm.toml"),
        """
        name = "lstm"
        readout = "last"
        [data]
        source = "csv"
        [[layer]]
        name = "hidden"
        cell = "lstm"
        units = 6
        recurrent = true
        weights = { recurrent_bias = "constant(0)" }
        [[layer]]
        name = "output"
        cell = "linear"
        units = 4
        [training]
        epochs = 1
        """);
    Files.writeString(
        folder.resolve("map.toml"),
        """
        ignore = ["optimizer.*"]
        [tensors.hidden]
        weight_in  = "model.lstm.weight_ih_l0"
        bias_in    = "model.lstm.bias_ih_l0"
        weight_rec = "model.lstm.weight_hh_l0"
        bias_rec   = "model.lstm.bias_hh_l0"
        [tensors.output]
        weight_in = "model.readout.weight"
        bias_in   = "model.readout.bias"
        """);
    var call = importing("lstm.pt", "map.toml", List.of("--experiment", "lstm.toml"));
    assertThat(call.status()).as(call.err()).isZero();
    assertSameAsPyTorch("lstm");
  }

  @Test
  void theModelSaysWhereItCameFromAndCanBeEvaluated() throws Exception {
    var settings = new ArrayList<>(ECG);
    settings.addAll(List.of("--set", "data.source=synthetic_ecg"));
    assertThat(importing("ecg.pt", "authors-ecg", settings).status()).isZero();
    var provenance = ModelFile.read(folder.resolve("model.rheo")).provenance();
    assertThat(provenance)
        .containsEntry("imported_from", "ecg.pt")
        .containsEntry("experiment", "ecg")
        .hasEntrySatisfying("map_text", text -> assertThat(text).contains("i2h.weight"))
        .hasEntrySatisfying("imported_sha256", text -> assertThat(text).hasSize(64));
    var scored = Rheo.call(folder, "evaluate", "model.rheo", "--threads", "1");
    assertThat(scored.status()).as(scored.err()).isZero();
    assertThat(scored.out()).contains("accuracy");
    assertThat(scored.err()).doesNotContain("trained with");
  }

  @Test
  void aNumberStandsForATensorTheFileDoesNotHave() throws Exception {
    Files.writeString(folder.resolve("map.toml"), "ignore = [\"tau_adp_h*\"]\n" + TURNED);
    assertThat(importing("ecg.npz", "map.toml", ECG).status()).isZero();
    assertThat(model().parameters().get("hidden.tau_adp")).containsOnly(7f);
  }

  @Test
  void valuesBeyondTheirBoundsAreKeptAndTold() throws Exception {
    Files.writeString(
        folder.resolve("map.toml"),
        "ignore = [\"tau_adp_h\"]\n" + TURNED.replace("tau_adp    = 7", "tau_adp = -55.6"));
    var call = importing("ecg.npz", "map.toml", ECG);
    assertThat(call.status()).isZero();
    assertThat(call.err()).contains("8 of 8 values of 'hidden.tau_adp' lie outside the bounds");
    assertThat(model().parameters().get("hidden.tau_adp")).containsOnly(-55.6f);
  }

  // What is refused

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`hidden.tau_m      = \"tau_m_h\"` | `` | does not say what 'hidden.tau_m' of the network"
            + " is",
        "`hidden.tau_m      = \"tau_m_h\"` | `` | has a tensor 'tau_m_h' [8] that map.toml does not"
            + " use",
        "`\"tau_m_h\"` | `\"tau_m_hid\"` | no tensor 'tau_m_hid', which map.toml gives for"
            + " 'hidden.tau_m'; did you mean 'tau_m_h'?",
        "`hidden.tau_m ` | `hidden.tua_m ` | gives 'hidden.tua_m', but the network has no such"
            + " tensor; did you mean 'hidden.tau_m'?",
        "`\"tau_m_h\"` | `\"tau_m_o\"` | 'tau_m_o' of FILE has the shape [6], but 'hidden.tau_m'"
            + " needs [8]",
        "`{ from = \"h2o.weight\", transpose = true }` | `\"h2o.weight\"` | has the shape [8][6],"
            + " but 'output.weight_in' needs [6][8]; if it is the transpose: { from ="
            + " \"h2o.weight\", transpose = true }",
        "`{ from = \"i2h.weight\", transpose = true }` | `\"tau_m_h\"` | as 'hidden.weight_in' it"
            + " must be a matrix",
        "`{ from = \"i2h.weight\", transpose = true }` | `\"i2h.wieght\"` | did you mean"
            + " 'i2h.weight'?",
        "`{ from = \"i2h.weight\", transpose = true }` | `1` | from which the channels of the data"
            + " cannot be seen",
        "`hidden.weight_in  =` | `hidden.weight_inn =` | does not say what 'hidden.weight_in'",
        "`\"tau_m_h\"` | `true` | map.toml:6: 'tau_m' of 'hidden' of 'tensors' of map.toml is true;"
            + " it must be a text in quotes",
        "`transpose = true }` | `transposed = true }` | unknown key 'transposed'",
        "`[tensors]` | `[tensor]` | unknown key 'tensor'",
        "`[tensors]` | `ignore = 3.5\n[tensors]` | must be a list of names",
        "`[tensors]` | `[tensors` | not valid TOML",
      })
  void whatDoesNotFitHasASentenceAndNothingIsWritten(String right, String wrong, String sentence)
      throws Exception {
    var text = TURNED.replace("= 7", "= \"tau_adp_h\"");
    assertThat(text).contains(right);
    Files.writeString(folder.resolve("map.toml"), text.replace(right, wrong == null ? "" : wrong));
    var call = importing("ecg.npz", "map.toml", ECG);
    assertThat(call.status()).as(call.err()).isEqualTo(Main.WRONG);
    assertThat(call.err())
        .startsWith("rheo: ")
        .contains(sentence.replace("FILE", FOREIGN.resolve("ecg.npz").toString()))
        .doesNotContain("defect");
    assertThat(folder.resolve("model.rheo")).doesNotExist();
  }

  @Test
  void everyProblemIsToldAtOnce() throws Exception {
    Files.writeString(
        folder.resolve("map.toml"),
        TURNED.replace("\"tau_m_h\"", "\"tau_m_o\"").replace("\"i2h.bias\"", "\"ih.bias\""));
    var call = importing("ecg.npz", "map.toml", ECG);
    assertThat(call.err().lines()).hasSize(5);
    assertThat(call.err())
        .contains(
            "no tensor 'ih.bias'",
            "'hidden.tau_m' needs [8]",
            "'i2h.bias'",
            "'tau_m_h'",
            "'tau_adp_h'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "module.pt | authors-shd | model.rheo | names '__main__.Shd'",
        "ecg.pt    | authors-egc | model.rheo | there is no map 'authors-egc'; did you mean"
            + " 'authors-ecg'?",
        "ecg.pt    | none.toml   | model.rheo | cannot read the map none.toml: there is no such"
            + " file",
        "none.pt   | authors-ecg | model.rheo | there is no file of weights at",
        "ecg.pt    | authors-ecg | a/b.rheo   | there is no folder to write a/b.rheo into",
        "ecg.pt    | authors-ecg | here.rheo  | here.rheo is there already",
      })
  void wrongCallsHaveASentence(String file, String map, String out, String sentence)
      throws Exception {
    Files.writeString(folder.resolve("here.rheo"), "precious");
    var arguments = new ArrayList<>(List.of("import", FOREIGN.resolve(file).toString()));
    arguments.addAll(List.of("--map", map, "-o", out));
    arguments.addAll(ECG);
    var call = Rheo.call(folder, arguments.toArray(String[]::new));
    assertThat(call.status()).isEqualTo(Main.WRONG);
    assertThat(call.err()).startsWith("rheo: ").contains(sentence);
    assertThat(folder.resolve("here.rheo")).hasContent("precious");
    assertThat(folder.resolve("model.rheo")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "authors-ecg, ecg, 4",
    "authors-ecg, ecg-alif, 4",
    "authors-shd, shd, 700",
    "authors-shd, ssc, 700",
    "authors-smnist, smnist-published, 8",
    "authors-gsc, commands, 120",
    "authors-soli, soli, 1024",
    "authors-timit, phones, 39"
  })
  void theShippedMapsNameEveryTensorOfTheirExperiments(String map, String name, int inputs)
      throws Exception {
    var file = Rheo.HOME.resolve("experiments/" + name + ".toml");
    var draft = ExperimentDraft.read(file, name, folder);
    draft.dropWithoutData();
    var layers = draft.experiment().layers();
    var network =
        Network.blank(
            new NetworkSpec(
                inputs, layers, draft.experiment().readout(), draft.experiment().loss()));
    var sources = MapFiles.read(map, MapFiles.text(map, folder)).sources();
    assertThat(sources.keySet())
        .containsExactlyInAnyOrderElementsOf(
            network.parameters().tensors().stream().map(Tensor::name).toList());
    assertThat(sources.values())
        .doesNotHaveDuplicates()
        .noneMatch(Source.Constant.class::isInstance);
  }
}
