package rheobase.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code rheo compare} on tiny trainings: what it prints, and what it does not train again. */
class CompareCommandTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String RIVAL = "ecg-rival data.source=synthetic_ecg";

  @TempDir private Path folder;

  private Rheo rheo(String... arguments) {
    return Rheo.call(folder, arguments);
  }

  private Rheo compare(int seeds, String... arguments) {
    return rheo(small(seeds, arguments));
  }

  private static String[] small(int seeds, String... arguments) {
    return Rheo.small(
        Stream.concat(Stream.of("compare", "--seeds", "" + seeds), Stream.of(arguments))
            .toArray(String[]::new));
  }

  private static JsonNode json(Rheo call) {
    assertThat(call.status()).as(call.err()).isZero();
    assertThat(call.out().strip().lines()).hasSize(1);
    return JSON.readTree(call.out());
  }

  private List<Path> models() throws Exception {
    try (var files = Files.walk(folder)) {
      return files.filter(file -> file.endsWith("model.rheo")).sorted().toList();
    }
  }

  @Test
  void tableHasARowAnExperimentAndRatiosToTheFirst() throws Exception {
    var call = compare(2, "ecg", RIVAL, "--out", "both");
    assertThat(call.status()).as(call.err()).isZero();
    var lines = call.out().lines().toList();
    assertThat(lines.getFirst())
        .isEqualTo(
            "| experiment | test | validation | parameters | rate | AC a step | MAC a step |"
                + " energy | ratio | with memory | ratio | s an epoch |");
    assertThat(lines.get(2)).startsWith("| `ecg` | ").contains(" ± ", " 1,818 ", " 54 ", " 1.00x ");
    assertThat(lines.get(3))
        .startsWith("| `" + RIVAL + "` | ")
        .contains(" ± ", " 6,270 ", " - | 0 | 6,588 ");
    assertThat(call.out()).contains("2 seeds each", "60.00 steps").doesNotContain("†", "‡");
    assertThat(folder.resolve("both/comparison.md")).hasContent(call.out());
    assertThat(models()).hasSize(4);
  }

  @Test
  void figuresAreMeansOfTheRunsAndEnergiesThoseOfTheEnergyCommand() throws Exception {
    var rows = json(compare(2, "ecg", RIVAL, "--json", "--quiet", "--out", "both")).get("rows");
    var ecg = rows.get(0);
    double sum = 0;
    double int32 = 0;
    for (var run : ecg.get("runs")) {
      sum += run.get("test").get("accuracy").asDouble();
      var energy = rheo("energy", run.get("model").asString(), "--json", "--quiet");
      int32 += json(energy).get("inference").get("int32").asDouble();
    }
    assertThat(ecg.get("mean").get("test").get("accuracy").asDouble())
        .isCloseTo(sum / 2, within(1e-12));
    assertThat(ecg.get("inference").get("int32").asDouble()).isCloseTo(int32 / 2, within(1e-6));
    assertThat(ecg.get("sd").get("test").get("loss").asDouble()).isPositive();
    assertThat(ecg.get("firingRate").asDouble()).isBetween(0.01, 0.99);
    var rival = rows.get(1);
    assertThat(rival.get("firingRate").isNull()).isTrue();
    assertThat(rival.get("ratio").get("int32").asDouble())
        .isCloseTo(rival.get("inference").get("int32").asDouble() / (int32 / 2), within(1e-6));
  }

  @Test
  void finishedRunsAreTakenWhoeverTrainedThem() throws Exception {
    var trained = rheo(Rheo.small("train", "ecg", "--seeds", "2", "--out", "runs/mine"));
    assertThat(trained.status()).as(trained.err()).isZero();
    var before = Files.getLastModifiedTime(folder.resolve("runs/mine/seed-2/model.rheo"));

    var call = compare(2, "ecg", "--out", "elsewhere");
    assertThat(call.status()).as(call.err()).isZero();
    assertThat(call.err())
        .contains("ecg, seed 1: taken from runs/mine/seed-1")
        .contains("ecg, seed 2: taken from runs/mine/seed-2")
        .doesNotContain("epoch");
    assertThat(models()).hasSize(2);
    assertThat(Files.getLastModifiedTime(folder.resolve("runs/mine/seed-2/model.rheo")))
        .isEqualTo(before);
  }

  @Test
  void anotherSeedSettingOrDataIsAnotherRun() throws Exception {
    assertThat(compare(2, "ecg", "--out", "runs/first").status()).isZero();
    var more = compare(3, "ecg", "ecg training.clip_norm=1", "--out", "runs/first");
    assertThat(more.status()).as(more.err()).isZero();
    assertThat(more.err())
        .contains("ecg, seed 2: taken from")
        .contains("ecg, seed 3: training in")
        .contains("ecg training.clip_norm=1, seed 1: training in");
    assertThat(models()).hasSize(2 + 4);
    var other = compare(2, "ecg", "--set", "data.seed=7");
    assertThat(other.err()).doesNotContain("taken from");
  }

  @Test
  void editedExperimentIsNotTakenForTheOneThatRan() throws Exception {
    assertThat(rheo(Rheo.small("train", "ecg", "--out", "runs/mine")).status()).isZero();
    var file = folder.resolve("runs/mine/experiment.toml");
    Files.writeString(file, "# edited\n" + Files.readString(file));
    var call = compare(1, "ecg");
    assertThat(call.err()).contains("ecg, seed 1: training in");
  }

  @Test
  void stoppedComparisonGoesOnToTheSameBits() throws Exception {
    var whole = json(compare(2, "ecg", "--json", "--quiet", "--out", "whole"));
    var steps = new AtomicInteger();
    var stopped =
        Rheo.call(folder, () -> steps.incrementAndGet() > 5, small(2, "ecg", "--out", "stopped"));
    assertThat(stopped.status()).isEqualTo(130);
    assertThat(stopped.out()).isEmpty();
    assertThat(stopped.err()).contains("the same comparison goes on from there");
    assertThat(folder.resolve("stopped/comparison.md")).doesNotExist();

    var call = compare(2, "ecg", "--json", "--out", "stopped");
    assertThat(call.err())
        .contains("seed 1: taken from stopped/ecg-seed-1-")
        .contains("seed 2: going on in stopped/ecg-seed-2-");
    var runs = json(call).get("rows").get(0).get("runs");
    for (int seed = 0; seed < 2; seed++) {
      assertThat(runs.get(seed).get("weightsSha256"))
          .isEqualTo(whole.get("rows").get(0).get("runs").get(seed).get("weightsSha256"));
    }
    assertThat(models()).hasSize(4);
  }

  @Test
  void runThatIsBeingTrainedElsewhereIsNotTrainedTwice() throws Exception {
    var steps = new AtomicInteger();
    Rheo.call(
        folder,
        () -> steps.incrementAndGet() > 1,
        Rheo.small("train", "ecg", "--out", "runs/other"));
    try (var held = RunFolder.open(folder.resolve("runs/other"))) {
      var call = compare(2, RIVAL, "ecg");
      assertThat(call.status()).isEqualTo(2);
      assertThat(call.err()).contains("another rheo is at work in").doesNotContain("epoch");
      assertThat(held.has("checkpoint")).isTrue();
    }
  }

  @Test
  void rowsChosenOnTheTestSetAreMarked() throws Exception {
    var call = compare(1, "ecg", "ecg training.select_on=\"test\"", "--out", "c");
    assertThat(call.status()).as(call.err()).isZero();
    assertThat(call.out())
        .contains("| `ecg` |", "| `ecg training.select_on=\"test\"` † |")
        .contains("† The model was chosen on the test set");
    assertThat(Files.readString(folder.resolve("c/comparison.svg")))
        .contains("chosen on the test set");
    var rows = JSON.readTree(Files.readString(folder.resolve("c/comparison.json"))).get("rows");
    assertThat(rows.get(0).get("selectedOn").asString()).isEqualTo("validation");
    assertThat(rows.get(1).get("selectedOn").asString()).isEqualTo("test");
  }

  @Test
  void rowsWithAnotherTestSetAreMarked() {
    var call = compare(1, "ecg", "ecg data.test_sequences=5");
    assertThat(call.status()).as(call.err()).isZero();
    assertThat(call.out()).contains("| `ecg data.test_sequences=5` ‡ |", "‡ Another test set");
  }

  @Test
  void pictureIsWellFormedWhateverTheNamesHold() throws Exception {
    Files.copy(Rheo.HOME.resolve("experiments/ecg.toml"), folder.resolve("a<&|b.toml"));
    var call =
        compare(
            2,
            "ecg",
            "a<&|b.toml layer.hidden.parameters.tau_m=\"normal(20, 5)\"   training.seed=3",
            "--out",
            "c");
    assertThat(call.status()).as(call.err()).isZero();
    assertThat(call.out())
        .contains(
            "| `a<&\\|b.toml layer.hidden.parameters.tau_m=\"normal(20, 5)\" training.seed=3` |");
    var svg = Files.readString(folder.resolve("c/comparison.svg"));
    var picture =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(svg)));
    assertThat(picture.getElementsByTagName("circle").getLength())
        .as("of each row a dot a seed, and two energies")
        .isEqualTo(2 * (2 + 2));
    assertThat(svg).contains("a&lt;&amp;|b.toml").doesNotContain("NaN", "Infinity");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "compare                         | Missing required parameter: 'EXPERIMENT'",
        "compare ecg ecgg                | there is no experiment 'ecgg'",
        "compare ecg ecg                 | 'ecg' is the same experiment as another",
        "compare ecg --seeds 0           | --seeds is 0",
        "compare ecg --threads 0         | --threads is 0",
        "compare ecg smnist              | name their folder with --data DIR",
        "compare ecg smnist --set data.test_sequences=3 | smnist: --set data.test_sequences:"
            + " unknown",
        "compare ecg --data . --set data.source=synthetic_ecg | makes its own data",
      })
  void wrongCallIsOneSentenceAndNothingIsTrained(String call, String message) {
    var answer = rheo(call.strip().split("\\s+"));
    assertThat(answer.status()).as(answer.err()).isEqualTo(2);
    assertThat(answer.out()).isEmpty();
    assertThat(answer.err()).startsWith("rheo: ").contains(message).doesNotContain("\tat ");
    assertThat(folder.resolve("runs")).doesNotExist();
  }

  @Test
  void settingThatIsWrongNamesIt() {
    var answer = rheo("compare", "ecg", "ecg layer.hiden.units=3");
    assertThat(answer.status()).isEqualTo(2);
    assertThat(answer.err()).contains("there is no layer 'hiden'");
  }
}
