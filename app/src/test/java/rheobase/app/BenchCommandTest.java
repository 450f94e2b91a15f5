package rheobase.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rheobase.network.model.Json;
import tools.jackson.databind.JsonNode;

/** {@code rheo bench} on the scenario that is there to try it out. */
class BenchCommandTest {
  @TempDir Path folder;

  private Rheo bench(String... arguments) {
    return Rheo.call(folder, arguments);
  }

  @Test
  void oneObjectOnStandardOutputHoldsWhatWasMeasured() {
    var call = bench("bench", "tiny", "--threads", "1", "--json");
    assertThat(call.status()).as(call.err()).isZero();
    assertThat(call.out().lines()).hasSize(1);
    JsonNode result = Json.parse(call.out(), "the result");
    assertThat(result.propertyNames())
        .containsExactly(
            "scenario",
            "threads",
            "trainMedianSeconds",
            "forwardMedianSeconds",
            "peakMemoryBytes",
            "loss",
            "gradientL2",
            "firingRates");
    assertThat(result.get("scenario").asString()).isEqualTo("tiny");
    assertThat(result.get("threads").asInt()).isEqualTo(1);
    assertThat(result.get("trainMedianSeconds").asDouble()).isBetween(1e-7, 10.0);
    assertThat(result.get("forwardMedianSeconds").asDouble())
        .isBetween(1e-7, result.get("trainMedianSeconds").asDouble());
    assertThat(result.get("gradientL2").propertyNames())
        .hasSize(2 * 6 + 3)
        .contains("layer1.tau_adp", "readout.W_o");
    assertThat(result.get("firingRates")).hasSize(2);
    assertThat(call.err()).contains("data of our own making, so there is nothing of the peers'");
  }

  @Test
  void lossAndGradientsDoNotDependOnTheThreads() {
    JsonNode one = Json.parse(bench("bench", "tiny", "--threads", "1", "--json").out(), "one");
    JsonNode two = Json.parse(bench("bench", "tiny", "--threads", "2", "--json").out(), "two");
    assertThat(two.get("threads").asInt()).isEqualTo(2);
    assertThat(two.get("loss")).isEqualTo(one.get("loss"));
    assertThat(two.get("gradientL2")).isEqualTo(one.get("gradientL2"));
  }

  @Test
  void severalScenariosRunInProcessesOfTheirOwn() {
    var call = bench("bench", "tiny", "tiny", "--threads", "1");
    assertThat(call.status()).as(call.err()).isZero();
    assertThat(call.out().lines().map(String::strip))
        .satisfiesExactly(
            head -> assertThat(head).startsWith("scenario").contains("training step"),
            first -> assertThat(first).startsWith("tiny").contains(" ms").contains(" MB"),
            second -> assertThat(second).startsWith("tiny"));
  }

  @Test
  void anUnknownScenarioIsAnsweredWithTheKnownOnes() {
    var call = bench("bench", "B9");
    assertThat(call.status()).isEqualTo(Main.WRONG);
    assertThat(call.err())
        .contains("there is no scenario 'B9'; known are A, B1, B2, B3, B4, C, D, B2-lstm");
    assertThat(call.out()).isEmpty();
  }

  @Test
  void aFolderWithoutTheDumpIsAnsweredWithTheMissingFile() {
    var call = bench("bench", "tiny", "--data", "dumps");
    assertThat(call.status()).isEqualTo(Main.WRONG);
    assertThat(call.err()).contains("tiny.index.json does not exist");
  }

  @Test
  void noThreadsAreRefused() {
    var call = bench("bench", "tiny", "--threads", "0");
    assertThat(call.status()).isEqualTo(Main.WRONG);
    assertThat(call.err()).contains("--threads is 0; it must be at least 1");
  }
}
