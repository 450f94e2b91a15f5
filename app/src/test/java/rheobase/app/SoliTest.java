package rheobase.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rheobase.network.Network;
import rheobase.network.model.ModelFile;
import tools.jackson.databind.json.JsonMapper;

/** Gestures from a few small recordings to a model, scored at every frame and at the last. */
class SoliTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String FILES = Rheo.HOME.resolve("data/src/test/resources/soli").toString();
  private static final String[] SMALL = {
    "--data",
    FILES,
    "--set",
    "layer.h1.units=5",
    "--set",
    "layer.h2.units=6",
    "--epochs",
    "2",
    "--threads",
    "1",
    "--quiet"
  };

  @TempDir private Path folder;

  private Rheo rheo(String... arguments) {
    return Rheo.call(folder, arguments);
  }

  private Rheo small(String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of(SMALL));
    return rheo(all.toArray(String[]::new));
  }

  @Test
  void thePublishedNetworkHasAsManyNumbersAsTheReleasedOneLessTheReadoutsAdaptation() {
    var file = Rheo.HOME.resolve("experiments/soli.toml");
    var experiment = ExperimentDraft.read(file, "soli.toml", folder).experiment();
    var classes = IntStream.range(0, 11).mapToObj(gesture -> "gesture " + gesture).toList();
    assertThat(Network.create(experiment.network(1024, classes), 1).parameterCount())
        .isEqualTo(1_055_755 + 2_070 - 11);
  }

  @Test
  void theLastFrameIsScoredApart() throws Exception {
    var run = small("train", "soli", "--out", "run");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).contains("labelled only", "last step", "last, by class");
    var test = JSON.readTree(Files.readString(folder.resolve("run/result.json"))).get("test");
    double last = test.at("/lastStep/accuracy").asDouble();
    assertThat(last).as("four windows of two gestures").isIn(0.0, 0.25, 0.5, 0.75, 1.0);
    assertThat(test.at("/lastStep/classMean").asDouble()).isEqualTo(last);
    assertThat(Files.readString(folder.resolve("run/report.html"))).contains("classMeanAtEnd");

    var evaluated = rheo("evaluate", "run/model.rheo", "--data", FILES, "--json");
    assertThat(evaluated.status()).as(evaluated.err()).isZero();
    assertThat(JSON.readTree(evaluated.out()).get("test")).isEqualTo(test);
    assertThat(ModelFile.read(folder.resolve("run/model.rheo")).provenance().get("data"))
        .isEqualTo("Soli train, Soli test");
  }

  @Test
  void seedsAndComparisonsHaveItToo() throws Exception {
    var seeds = small("train", "soli", "--seeds", "2", "--out", "runs/two");
    assertThat(seeds.status()).as(seeds.err()).isZero();
    assertThat(seeds.out()).contains("last step", "last, by class");
    var compared = small("compare", "soli", "--seeds", "2");
    assertThat(compared.status()).as(compared.err()).isZero();
    assertThat(compared.out())
        .startsWith("| experiment | test | last step | last, by class | validation | parameters |");
    var mean = JSON.readTree(Files.readString(folder.resolve("runs/two/result.json"))).get("mean");
    assertThat(compared.out())
        .contains(
            " | "
                + Words.percent(mean.at("/test/lastStep/accuracy").asDouble()).replace(" %", " ±"));
  }

  @Test
  void wrongSettingIsNamed() {
    var call = rheo("train", "soli", "--data", FILES, "--set", "data.antenna=4");
    assertThat(call.status()).isEqualTo(2);
    assertThat(call.err()).contains("There is no antenna 4; the radar has 4, 0 to 3");
    call = rheo("train", "soli", "--data", FILES, "--set", "data.cut=\"middle\"");
    assertThat(call.status()).isEqualTo(2);
    assertThat(call.err()).contains("windows").contains("first");
  }
}
