package rheobase.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rheobase.cell.language.Cells;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import us.hebi.matlab.mat.format.Mat5;

/**
 * The command as a person calls it: good calls, and every bad one that has a sentence of its own.
 */
class MainTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir private Path folder;

  private Rheo rheo(String... arguments) {
    return Rheo.call(folder, arguments);
  }

  private Rheo small(String... arguments) {
    return Rheo.small(folder, arguments);
  }

  /** The one folder in {@code runs/}. */
  private Path onlyRun() throws Exception {
    try (var runs = Files.list(folder.resolve("runs"))) {
      return runs.reduce(
              (_, _) -> {
                throw new AssertionError("more than one run");
              })
          .orElseThrow();
    }
  }

  private static void assertOneSentence(Rheo call, int status) {
    assertThat(call.status()).as(call.err()).isEqualTo(status);
    assertThat(call.out()).isEmpty();
    assertThat(call.err()).startsWith("rheo: ").doesNotContain("\tat ").doesNotContain("Exception");
  }

  // What works

  @Test
  void helpNamesEveryCommand() {
    var help = rheo("--help");
    assertThat(help.status()).isZero();
    assertThat(help.out())
        .contains(
            "train",
            "resume",
            "evaluate",
            "compare",
            "energy",
            "import",
            "verify",
            "cells",
            "data");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "train",
        "resume",
        "evaluate",
        "compare",
        "energy",
        "import",
        "verify",
        "cells",
        "data"
      })
  void everyCommandExplainsItself(String command) {
    var help = rheo(command, "--help");
    assertThat(help.status()).isZero();
    assertThat(help.out()).contains("Usage: rheo " + command).contains("--debug");
  }

  @Test
  void versionNamesJavaToo() {
    assertThat(rheo("--version").out()).startsWith("rheo ").contains("Java 25");
  }

  @Test
  void cellsAreListedWithWhatTheyAre() {
    var cells = rheo("cells");
    assertThat(cells.status()).isZero();
    assertThat(cells.out().lines()).hasSize(Cells.names().size());
    assertThat(cells.out()).contains("Adaptive leaky integrate-and-fire");
  }

  @Test
  void cellCanBePrintedAndVerifiedAsAFile() throws Exception {
    var text = rheo("cells", "alif").out();
    assertThat(text).isEqualTo(Cells.text("alif"));
    Files.writeString(folder.resolve("mine.cell"), text.replace("cell alif", "cell mine"));
    var verified = rheo("verify", "mine.cell");
    assertThat(verified.status()).isZero();
    assertThat(verified.out()).contains("mine ").doesNotContain("FAILED");
  }

  @Test
  void builtInCellsPassTheirVerification() {
    var verified = rheo("verify");
    assertThat(verified.status()).isZero();
    assertThat(verified.out()).contains(Cells.names()).doesNotContain("FAILED");
  }

  @Test
  void dataAreCounted() {
    var data = rheo("data", "--set", "data.train_sequences=18", "--set", "data.test_sequences=6");
    assertThat(data.status()).isZero();
    assertThat(data.out()).contains("12 sequences", "6 sequences", "1301 each", "sha256");
  }

  @Test
  void trainingEndsWithATableAndAFolder() throws Exception {
    var run = small("train", "ecg");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err()).contains("epoch 1/2").contains("epoch 2/2").contains("seq/s");
    assertThat(run.out())
        .contains("selected on validation accuracy")
        .contains("labelled only")
        .contains("hidden ")
        .contains("1,818")
        .contains(" AC + ")
        .contains("(int32)")
        .contains("model.rheo")
        .contains("report.html");
    assertThat(onlyRun().getFileName().toString()).matches("ecg-\\d{8}-\\d{6}");
    for (var file :
        List.of(
            "experiment.toml",
            "run.json",
            "model.rheo",
            "report.html",
            "result.json",
            "summary.txt")) {
      assertThat(onlyRun().resolve(file)).isNotEmptyFile();
    }
  }

  @Test
  void experimentOfARunRunsAgainByItself() throws Exception {
    var first = small("train", "ecg", "--json");
    var again =
        rheo(
            "train",
            onlyRun().resolve("experiment.toml").toString(),
            "--json",
            "--threads",
            "1",
            "--out",
            "again");
    assertThat(again.status()).as(again.err()).isZero();
    assertThat(JSON.readTree(again.out()).get("weightsSha256"))
        .isEqualTo(JSON.readTree(first.out()).get("weightsSha256"));
    assertThat(folder.resolve("again/experiment.toml"))
        .hasSameTextualContentAs(onlyRun().resolve("experiment.toml"));
  }

  @Test
  void jsonIsOneObjectOnStandardOutput() {
    var run = small("train", "ecg", "--json", "--seed", "7", "--select-on", "train");
    var result = JSON.readTree(run.out());
    assertThat(run.out().strip().lines()).hasSize(1);
    assertThat(run.err()).contains("epoch 2/2");
    assertThat(names(result))
        .containsExactly(
            "experiment",
            "seed",
            "epochs",
            "parameters",
            "train",
            "validation",
            "test",
            "firingRates",
            "secondsPerEpoch",
            "model",
            "weightsSha256",
            "report");
    assertThat(result.get("seed").asInt()).isEqualTo(7);
    assertThat(result.get("epochs").asInt()).isEqualTo(2);
    assertThat(result.get("parameters").asInt()).isEqualTo(1818);
    assertThat(result.get("validation").isNull())
        .as("selected on train: nothing is held out")
        .isTrue();
    assertThat(names(result.get("test"))).containsExactly("accuracy", "accuracyLabelled", "loss");
    assertThat(Path.of(result.get("model").asString())).isRegularFile();
    assertThat(Path.of(result.get("report").asString())).isRegularFile();
  }

  @Test
  void quietRunPrintsOnlyItsResult() {
    var run = small("train", "ecg", "--quiet");
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("test");
  }

  @Test
  void seedsHaveAFolderEachAndAreAveraged() throws Exception {
    var run = small("train", "ecg", "--seeds", "3", "--json", "--quiet", "--out", "seeds");
    var result = JSON.readTree(run.out());
    assertThat(names(result)).containsExactly("runs", "mean", "sd");
    assertThat(result.get("runs").size()).isEqualTo(3);
    for (int seed = 1; seed <= 3; seed++) {
      assertThat(result.get("runs").get(seed - 1).get("seed").asInt()).isEqualTo(seed);
      assertThat(folder.resolve("seeds/seed-" + seed + "/model.rheo")).isNotEmptyFile();
    }
    double mean = 0;
    for (var each : result.get("runs")) {
      mean += each.get("test").get("accuracy").asDouble() / 3;
    }
    assertThat(result.get("mean").get("test").get("accuracy").asDouble())
        .isBetween(mean - 1e-12, mean + 1e-12);
    assertThat(result.get("sd").get("test").get("accuracy").asDouble()).isNotNegative();
    assertThat(folder.resolve("seeds/summary.txt")).content().contains("mean", "sd", "3 seeds");
  }

  @Test
  void modelFileScoresAsItDidAtTheEndOfItsRun() {
    var run = JSON.readTree(small("train", "ecg", "--json", "--quiet").out());
    var evaluated = rheo("evaluate", run.get("model").asString(), "--json");
    assertThat(evaluated.status()).as(evaluated.err()).isZero();
    var result = JSON.readTree(evaluated.out());
    assertThat(result.get("test")).isEqualTo(run.get("test"));
    assertThat(result.get("weightsSha256")).isEqualTo(run.get("weightsSha256"));
    assertThat(rheo("evaluate", run.get("model").asString()).out()).contains("labelled only");
  }

  // Stopping and going on

  @Test
  void stoppedRunGoesOnToTheSameBits() throws Exception {
    var whole = JSON.readTree(small("train", "ecg", "--json", "--quiet", "--out", "whole").out());
    var asked = new AtomicInteger();
    var stopped =
        Rheo.call(
            folder,
            () -> asked.incrementAndGet() > 3,
            Rheo.small("train", "ecg", "--out", "stopped"));
    assertThat(stopped.status()).isEqualTo(130);
    assertThat(stopped.out()).isEmpty();
    assertThat(stopped.err()).contains("go on with: rheo resume stopped");
    assertThat(folder.resolve("stopped/result.json")).doesNotExist();

    var resumed = rheo("resume", "stopped", "--json", "--threads", "2");
    assertThat(resumed.status()).as(resumed.err()).isZero();
    var result = JSON.readTree(resumed.out());
    assertThat(result.get("weightsSha256")).isEqualTo(whole.get("weightsSha256"));
    assertThat(result.get("test")).isEqualTo(whole.get("test"));
    assertThat(folder.resolve("stopped/model.rheo"))
        .hasSameBinaryContentAs(folder.resolve("whole/model.rheo"));
  }

  @Test
  void stoppedSeedsGoOnTogether() {
    var asked = new AtomicInteger();
    var stopped =
        Rheo.call(
            folder,
            () -> asked.incrementAndGet() > 6,
            Rheo.small("train", "ecg", "--seeds", "3", "--quiet", "--out", "s"));
    assertThat(stopped.status()).isEqualTo(130);
    assertThat(stopped.err()).contains("rheo resume s");
    var resumed = rheo("resume", "s", "--json", "--quiet");
    assertThat(resumed.status()).as(resumed.err()).isZero();
    assertThat(JSON.readTree(resumed.out()).get("runs").size()).isEqualTo(3);
  }

  @Test
  void finishedRunIsNotRunAgain() {
    var run = small("train", "ecg", "--json", "--quiet", "--out", "done");
    var resumed = rheo("resume", "done", "--json");
    assertThat(resumed.status()).isZero();
    assertThat(resumed.out()).isEqualTo(run.out());
    assertThat(resumed.err()).contains("finished already");
  }

  @Test
  void runKilledBeforeItsFirstCheckpointBeginsAnew() throws Exception {
    stop("killed");
    Files.delete(folder.resolve("killed/checkpoint"));
    Files.writeString(folder.resolve("killed/metrics.jsonl"), "{}\n");
    assertThat(rheo("resume", "killed", "--quiet").status()).isZero();
  }

  @Test
  void resumeRefusesAChangedExperiment() throws Exception {
    stop("changed");
    var file = folder.resolve("changed/experiment.toml");
    Files.writeString(file, Files.readString(file).replace("b0 = 0.01", "b0 = 0.1"));
    var resumed = rheo("resume", "changed");
    assertOneSentence(resumed, 2);
    assertThat(resumed.err()).contains("changed/experiment.toml was changed since the run began");
  }

  @Test
  void resumeRefusesOtherData() throws Exception {
    stop("other");
    var note = folder.resolve("other/run.json");
    Files.writeString(
        note, Files.readString(note).replaceAll("(\"dataSha256\" : \")\\w{8}", "$100000000"));
    var resumed = rheo("resume", "other");
    assertOneSentence(resumed, 2);
    assertThat(resumed.err()).contains("the data are not those that the run in other began with");
  }

  private void stop(String out) {
    var asked = new AtomicInteger();
    var stopped =
        Rheo.call(
            folder,
            () -> asked.incrementAndGet() > 3,
            Rheo.small("train", "ecg", "--quiet", "--out", out));
    assertThat(stopped.status()).isEqualTo(130);
  }

  // Wrong calls and wrong files

  @Test
  void experimentThatNeedsRecordingsAsksForThem() throws Exception {
    var text = Files.readString(Rheo.HOME.resolve("experiments/ecg.toml"));
    Files.writeString(
        folder.resolve("mine.toml"), text.substring(0, text.indexOf("[without_data")));
    var run = rheo("train", "mine.toml");
    assertOneSentence(run, 2);
    assertThat(run.err()).contains("name their folder with --data DIR");
  }

  @Test
  void experimentThatMakesItsDataTakesNone() throws Exception {
    small("train", "ecg", "--quiet", "--out", "own");
    var run = rheo("train", "own/experiment.toml", "--data", ".");
    assertOneSentence(run, 2);
    assertThat(run.err()).contains("makes its own data").contains("leave out --data");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "                                     | name a command: train, resume",
        "trian ecg                            | there is no command 'trian'; did you mean 'train'?",
        "train                                | Missing required parameter: 'EXPERIMENT'",
        "train ecgg                           | there is no experiment 'ecgg'",
        "train ecgg                           | did you mean 'ecg'?",
        "train nowhere.toml                   | there is no experiment file nowhere.toml",
        "train ecg --epoch 3                  | Possible solutions: --epochs",
        "train ecg --epochs 0                 | --epochs: 'epochs' of [training] is 0; it must be a"
            + " whole number of at least 1",
        "train ecg --epochs many              | 'many' is not an int",
        "train ecg --seeds 0                  | --seeds is 0; it must be at least 1",
        "train ecg --threads 0                | --threads is 0; it must be at least 1",
        "train ecg --select-on tests          | cannot be 'tests'; did you mean 'test'?",
        "train ecg --set layer.hidden.unitz=3 | unknown key 'unitz' in layer 'hidden'; did you mean"
            + " 'units'?",
        "train ecg --set layer.hidden.cell=alf| there is no built-in cell 'alf'; did you mean"
            + " 'alif'?",
        "train ecg --set layer.output.units=5 | the last layer 'output' has 5 units, but the data"
            + " have 6 classes",
        "train ecg --set data.validation=0    | no records are left for validation",
        "train ecg --data missing             | QTDB_train.mat",
        "evaluate missing.rheo                | missing.rheo",
        "resume missing                       | missing is no run folder",
        "verify alf                           | there is no built-in cell 'alf'; did you mean"
            + " 'alif'?",
        "cells alf                            | there is no built-in cell 'alf'; did you mean"
            + " 'alif'?",
        "data ecg --data missing              | QTDB_train.mat",
      })
  void wrongCallIsOneSentenceAndStatusTwo(String call, String message) {
    var arguments = call == null ? new String[0] : call.strip().split("\\s+");
    var answer = rheo(arguments);
    assertOneSentence(answer, 2);
    assertThat(answer.err()).contains(message);
    assertThat(folder.resolve("runs")).doesNotExist();
  }

  @Test
  void truncatedRecordingIsNamed() throws Exception {
    var file = folder.resolve("QTDB_train.mat");
    recording(file, "x");
    var whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    var run = rheo("train", "ecg", "--data", ".");
    assertOneSentence(run, 2);
    assertThat(run.err()).contains("QTDB_train.mat");
  }

  @Test
  void recordingWithAnotherVariableIsNamed() throws Exception {
    recording(folder.resolve("QTDB_train.mat"), "z");
    var run = rheo("train", "ecg", "--data", ".");
    assertOneSentence(run, 2);
    assertThat(run.err()).contains("QTDB_train.mat");
  }

  @Test
  void recordingOfAnotherShapeIsNamed() throws Exception {
    recording(folder.resolve("QTDB_train.mat"), "x");
    var run = rheo("train", "ecg", "--data", ".");
    assertOneSentence(run, 2);
    assertThat(run.err()).contains("QTDB_train.mat");
  }

  private static void recording(Path file, String variable) throws Exception {
    var matrix = Mat5.newMatrix(40, 50);
    Mat5.writeToFile(
        Mat5.newMatFile().addArray(variable, matrix).addArray("y", Mat5.newMatrix(3, 4)),
        file.toFile());
  }

  @Test
  void cellWithASlipIsToldWithFileLineAndColumn() throws Exception {
    Files.writeString(
        folder.resolve("mine.cell"),
        "cell mine\ninput i\nstate u = 0\nu = 0.9 * u + * i\noutput u\n");
    var run = rheo("train", "ecg", "--set", "layer.hidden.cell=mine.cell");
    assertOneSentence(run, 2);
    assertThat(run.err()).containsPattern("mine\\.cell:4:\\d+");
    var verified = rheo("verify", "mine.cell");
    assertThat(verified.status()).isEqualTo(2);
    assertThat(verified.err()).containsPattern("mine\\.cell:4:\\d+");
  }

  @Test
  void experimentThatIsNoTomlIsToldWithLineAndColumn() throws Exception {
    Files.writeString(folder.resolve("bad.toml"), "name = \"bad\"\n[data\n");
    var run = rheo("train", "bad.toml");
    assertOneSentence(run, 2);
    assertThat(run.err()).containsPattern("bad\\.toml:2:\\d+");
  }

  @Test
  void folderThatCannotBeWrittenIsNamed() throws Exception {
    Files.writeString(folder.resolve("file"), "in the way");
    var run = small("train", "ecg", "--out", "file/run");
    assertOneSentence(run, 2);
    assertThat(run.err()).contains("file/run").contains("choose another with --out");
    Files.writeString(folder.resolve("runs"), "in the way");
    assertOneSentence(small("train", "ecg"), 2);
  }

  @Test
  void folderThatIsNotEmptyIsRefused() throws Exception {
    Files.createDirectory(folder.resolve("mine"));
    Files.writeString(folder.resolve("mine/precious.txt"), "x");
    var run = small("train", "ecg", "--out", "mine");
    assertOneSentence(run, 2);
    assertThat(run.err()).contains("mine is not empty");
  }

  @Test
  void lossThatIsNoNumberEndsTheRunWithASentence() {
    var run = small("train", "ecg", "--quiet", "--set", "training.optimizer.rate=1e38");
    assertOneSentence(run, 1);
    assertThat(run.err()).contains("no finite number").contains("hidden");
  }

  @Test
  void damagedModelFileIsNamed() throws Exception {
    Files.writeString(folder.resolve("bad.rheo"), "no zip");
    var evaluated = rheo("evaluate", "bad.rheo");
    assertOneSentence(evaluated, 2);
    assertThat(evaluated.err()).contains("bad.rheo");
  }

  @Test
  void stackTraceIsShownOnlyWhenAskedFor() {
    assertThat(rheo("train", "ecgg", "--debug").err())
        .contains("\tat ")
        .contains("NetworkException");
  }

  private static List<String> names(JsonNode node) {
    return List.copyOf(node.propertyNames());
  }
}
