package rheobase.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rheobase.network.Network;
import tools.jackson.databind.json.JsonMapper;

/** Pixels told by tuned neurons, from the images to a scored model. */
class PopulationTest {
  private static final Path SHIPPED = Rheo.HOME.resolve("experiments/smnist-2020.toml");

  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    SmallFolder.MNIST.write(Files.createDirectory(folder.resolve("mnist")));
  }

  private Rheo rheo(String... arguments) {
    return Rheo.call(folder, arguments);
  }

  @Test
  void imagesAreLearntAndScoredThroughAPopulation() throws Exception {
    var run =
        rheo(
            "train",
            "smnist-2020",
            "--data",
            "mnist",
            "--set",
            "data.steps=20",
            "--set",
            "data.validation=0.4",
            "--set",
            "layer.h.units=3",
            "--set",
            "layer.d.units=2",
            "--epochs",
            "1",
            "--threads",
            "1",
            "--quiet",
            "--out",
            "run");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(Files.readString(folder.resolve("run/experiment.toml")))
        .contains("\npopulation = 80\n", "after = [25, 50, 100, 150]");
    var json = JsonMapper.builder().build();
    var evaluated = rheo("evaluate", "run/model.rheo", "--data", "mnist", "--json");
    assertThat(json.readTree(evaluated.out()).get("test"))
        .isEqualTo(json.readTree(Files.readString(folder.resolve("run/result.json"))).get("test"));
  }

  @Test
  void imagesAreLearntAndScoredAsRandomEvents() throws Exception {
    var settings =
        List.of(
            "data.population=0",
            "data.poisson=5",
            "data.steps=20",
            "data.validation=0.4",
            "layer.h.units=3",
            "layer.d.units=2");
    var arguments = new ArrayList<>(List.of("train", "smnist-2020", "--data", "mnist"));
    settings.forEach(setting -> arguments.addAll(List.of("--set", setting)));
    arguments.addAll(List.of("--epochs", "1", "--threads", "1", "--quiet", "--out", "run"));
    var run = rheo(arguments.toArray(String[]::new));
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(Files.readString(folder.resolve("run/experiment.toml")))
        .contains("\npoisson = 5\npoisson_seed = 1\n");
    var json = JsonMapper.builder().build();
    var evaluated = rheo("evaluate", "run/model.rheo", "--data", "mnist", "--json");
    assertThat(json.readTree(evaluated.out()).get("test"))
        .isEqualTo(json.readTree(Files.readString(folder.resolve("run/result.json"))).get("test"));
    var both = rheo("data", "smnist-2020", "--data", "mnist", "--set", "data.poisson=5");
    assertThat(both.status()).isEqualTo(2);
    assertThat(both.err()).contains("'poisson' and 'population' are two ways to code a value");
    var seed = rheo("data", "smnist-2020", "--data", "mnist", "--set", "data.poisson_seed=5");
    assertThat(seed.status()).isEqualTo(2);
    assertThat(seed.err()).contains("'poisson_seed' has a meaning only beside 'poisson'");
  }

  @Test
  void theEventsInItsCommentsAreALayer() throws IOException {
    var text =
        Files.readString(SHIPPED)
            .lines()
            .map(line ->
                line.matches("# (\\[\\[|\\w+ = |\"|cell |input |param |y = |output ).*")
                    ? line.substring(2)
                    : line)
            .collect(Collectors.joining("\n"));
    Files.writeString(folder.resolve("events.toml"), text);
    var experiment =
        ExperimentDraft.read(folder.resolve("events.toml"), "events.toml", folder).experiment();
    assertThat(experiment.layers().getFirst().name()).isEqualTo("events");
    var ten = "0 1 2 3 4 5 6 7 8 9".split(" ");
    assertThat(Network.create(experiment.network(80, List.of(ten)), 1).parameterCount())
        .isEqualTo(138_014 + 80);
  }

  @Test
  void twoCodesAtOnceAndTooFewNeuronsAreRefused() {
    var both = rheo("data", "smnist-2020", "--data", "mnist", "--set", "data.level_crossing=0.1");
    assertThat(both.status()).isEqualTo(2);
    assertThat(both.err()).contains("'population' and 'level_crossing' are two ways");
    var few = rheo("data", "smnist-2020", "--data", "mnist", "--set", "data.population=2");
    assertThat(few.status()).isEqualTo(2);
    assertThat(few.err())
        .contains("--set data.population: 'population' is 2; it must be 3 or more");
  }
}
