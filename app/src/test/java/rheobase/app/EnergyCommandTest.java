package rheobase.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rheobase.network.model.ModelFile;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code rheo energy} on models of a tiny training: the figures agree with one another. */
class EnergyCommandTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir private static Path folder;

  private static JsonNode trained;

  private static Rheo rheo(String... arguments) {
    return Rheo.call(folder, arguments);
  }

  @BeforeAll
  static void train() {
    trained = JSON.readTree(train("ecg", "spiking"));
    train("ecg-rival", "dense", "--set", "data.source=synthetic_ecg");
    train("ecg", "shorter", "--set", "data.test_sequences=5");
  }

  private static String train(String experiment, String out, String... more) {
    var arguments =
        Stream.concat(
            Stream.of(Rheo.small("train", experiment, "--quiet", "--json", "--out", out)),
            Stream.of(more));
    var run = rheo(arguments.toArray(String[]::new));
    assertThat(run.status()).as(run.err()).isZero();
    return run.out();
  }

  private static JsonNode energy(String... arguments) {
    var call = rheo(arguments);
    assertThat(call.status()).as(call.err()).isZero();
    assertThat(call.out().strip().lines()).hasSize(1);
    return JSON.readTree(call.out());
  }

  private static double number(JsonNode node, String... path) {
    for (var key : path) {
      node = node.get(key);
    }
    return node.asDouble();
  }

  @Test
  void ratesAndAccuracyAreThoseOfTheRun() {
    var energy = energy("energy", "spiking/model.rheo", "--json");
    assertThat(energy.get("accuracy")).isEqualTo(trained.get("test").get("accuracy"));
    for (int layer = 0; layer < 2; layer++) {
      assertThat(energy.get("layers").get(layer).get("firingRate"))
          .isEqualTo(trained.get("firingRates").get(layer));
    }
    assertThat(number(energy, "steps")).isEqualTo(60);
    assertThat(number(energy, "sequences")).isEqualTo(6);
  }

  /** The hidden layer is LIF (beta = 0), 4 to 36; the output ALIF, 36 to 6. */
  @Test
  void operationsFollowFromTheRates() {
    var energy = energy("energy", "spiking/model.rheo", "--json");
    var hidden = energy.get("layers").get(0);
    double in = number(hidden, "inputRate");
    double fired = number(hidden, "firingRate");
    assertThat(in).isBetween(0.01, 0.3);
    assertThat(number(hidden, "synapticOperations"))
        .isCloseTo(144 * in + 1296 * fired, within(1e-6));
    assertThat(number(hidden, "accumulates"))
        .isCloseTo(144 * in + (1296 + 36) * fired, within(1e-6));
    assertThat(number(hidden, "multiplyAccumulates")).isEqualTo(36);
    double ac = number(energy, "step", "accumulates");
    assertThat(number(energy, "step", "multiplyAccumulates")).isEqualTo(36 + 18);
    assertThat(number(energy, "step", "int32")).isCloseTo(0.1 * ac + 3.2 * 54, within(1e-6));
    assertThat(number(energy, "step", "fp32")).isCloseTo(0.9 * ac + 4.6 * 54, within(1e-6));
    assertThat(number(energy, "inference", "int32"))
        .isCloseTo(60 * number(energy, "step", "int32"), within(1e-6));
  }

  @Test
  void memoryStandsBesideTheOperations() {
    var energy = energy("energy", "spiking/model.rheo", "--json");
    var step = energy.get("step");
    assertThat(energy.get("memory").get("name").asString()).isEqualTo("8 KB SRAM");
    double words = number(step, "wordsRead") + number(step, "wordsWritten");
    assertThat(number(step, "memory")).isCloseTo(5 * words, within(1e-6));
    assertThat(number(step, "int32WithMemory"))
        .isCloseTo(number(step, "int32") + 5 * words, within(1e-6));
    var lstm = energy.get("against").get(2);
    assertThat(lstm.get("name").asString()).isEqualTo("lstm");
    assertThat(number(lstm, "ratio", "int32WithMemory"))
        .as("much of the advantage is lost")
        .isLessThan(number(lstm, "ratio", "int32") / 2);
  }

  @Test
  void trainedRivalStandsBesideThoseOfTheSameSizesWithItsAccuracy() {
    var call = rheo("energy", "spiking/model.rheo", "--json", "--against", "dense/model.rheo");
    assertThat(call.status()).as(call.err()).isZero();
    assertThat(call.err()).isEmpty();
    var against = JSON.readTree(call.out()).get("against");
    assertThat(against.size()).isEqualTo(4);
    var lstm = against.get(2);
    var rival = against.get(3);
    assertThat(rival.get("name").asString()).isEqualTo("ecg-rival");
    assertThat(rival.get("accuracy").isNumber()).isTrue();
    assertThat(lstm.get("accuracy").isNull()).isTrue();
    assertThat(rival.get("ratio"))
        .as("36 LSTM units below a product of 6: the very same network")
        .isEqualTo(lstm.get("ratio"));
  }

  @Test
  void tablesNameEverythingThatIsCounted() {
    var call =
        rheo("energy", "spiking/model.rheo", "--against", "dense/model.rheo", "shorter/model.rheo");
    assertThat(call.status()).as(call.err()).isZero();
    assertThat(call.out())
        .contains("ecg, seed 1, selected on validation; test accuracy ")
        .contains("(mn Fr_in + nn Fr_out + n Fr_out) AC + n MAC")
        .contains("8 KB SRAM: 5 pJ a word")
        .contains("an inference")
        .contains("tanh RNN, same sizes", "GRU, same sizes", "LSTM, same sizes")
        .contains("dense/model.rheo");
    assertThat(call.err())
        .contains("the test set of shorter/model.rheo is not that of spiking/model.rheo")
        .doesNotContain("dense/model.rheo is not");
  }

  @Test
  void modelOfACellOfOnesOwnHasEveryRow() throws Exception {
    Files.writeString(
        folder.resolve("mine.cell"),
        """
        cell mine
        input i
        state u = 0, s = 0
        u = 0.9 * u + i - s
        s = spike(u - 1)
        output s
        """);
    train(
        "ecg",
        "own",
        "--set",
        "layer.hidden.cell=mine.cell",
        "--set",
        "layer.hidden.constants={}",
        "--set",
        "layer.hidden.parameters={}",
        "--set",
        "layer.hidden.states={}",
        "--set",
        "training.rates={}");
    var hidden = energy("energy", "own/model.rheo", "--json").get("layers").get(0);
    assertThat(hidden.get("cell").asString()).isEqualTo("mine");
    assertThat(hidden.get("formula").asString())
        .isEqualTo("(mn Fr_in + nn Fr_out + n Fr_out) AC + n MAC");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "energy                                              | Missing required parameter: 'MODEL'",
        "energy missing.rheo                                 | missing.rheo",
        "energy no.rheo                                      | no.rheo",
        "energy bare.rheo                                    | bare.rheo does not say which"
            + " experiment",
        "energy spiking/model.rheo --data .                  | makes its own data",
        "energy spiking/model.rheo --all                     | has a published test set",
        "energy spiking/model.rheo --against                 | Missing required parameter for"
            + " option '--against'",
        "energy spiking/model.rheo --against missing.rheo    | missing.rheo",
        "energy spiking/model.rheo --threads 0               | --threads is 0",
      })
  void wrongCallIsOneSentenceAndStatusTwo(String call, String message) throws Exception {
    Files.writeString(folder.resolve("no.rheo"), "no zip");
    var model = ModelFile.read(folder.resolve("spiking/model.rheo"));
    new ModelFile(model.network(), Map.of("seed", "1"), model.weights())
        .write(folder.resolve("bare.rheo"));
    var answer = rheo(call.strip().split("\\s+"));
    assertThat(answer.status()).as(answer.err()).isEqualTo(2);
    assertThat(answer.out()).isEmpty();
    assertThat(answer.err()).startsWith("rheo: ").contains(message).doesNotContain("\tat ");
  }
}
