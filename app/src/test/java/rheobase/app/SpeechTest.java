package rheobase.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rheobase.network.Network;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The speech experiments on trees laid out like the corpora, from files to scores. */
class SpeechTest {
  @TempDir private Path folder;

  private Rheo rheo(String... arguments) {
    return Rheo.call(folder, arguments);
  }

  /** An experiment in small. */
  private Rheo train(String name, String data, String... more) {
    var arguments =
        new ArrayList<>(
            List.of(
                "train",
                name,
                "--data",
                data,
                "--epochs",
                "1",
                "--threads",
                "1",
                "--quiet",
                "--out",
                "run"));
    for (var setting : List.of("layer.first.units=8", "layer.second.units=8", "training.batch=4")) {
      arguments.addAll(List.of("--set", setting));
    }
    arguments.addAll(List.of(more));
    return rheo(arguments.toArray(String[]::new));
  }

  private JsonNode result() throws IOException {
    return JsonMapper.builder()
        .build()
        .readTree(Files.readString(folder.resolve("run/result.json")));
  }

  @Test
  void theNetworksHaveAsManyHiddenWeightsAsThePublishedOne() {
    for (var name : List.of("asr-timit", "asr-librispeech")) {
      var file = Rheo.HOME.resolve("experiments/" + name + ".toml");
      var experiment = ExperimentDraft.read(file, name, folder).experiment();
      int outputs = experiment.layers().getLast().units();
      var classes = IntStream.range(0, outputs).mapToObj(i -> "c" + i).toList();
      int all = Network.create(experiment.network(40, classes), 1).parameterCount();
      // beside them: two numbers of normalisation for each column
      assertThat(all - 550 * outputs - 2 * (4 * 550 + outputs)).as(name).isEqualTo(1_859_000);
    }
  }

  @Test
  void timitIsLearntByStatesAndScoredByPhones() throws IOException {
    SpeechCorpora.timit(SpeechCorpora.sample("timit_sample"), folder.resolve("TIMIT"));
    var run = train("asr-timit", "TIMIT");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(result().at("/test/folded/39 phones").asDouble()).isBetween(0.0, 1.0);

    var evaluated =
        rheo(
            "evaluate",
            "run/model.rheo",
            "--data",
            "TIMIT",
            "--posteriors",
            "scores.ark",
            "--threads",
            "1");
    assertThat(evaluated.status()).as(evaluated.err()).isZero();
    assertThat(evaluated.err()).contains("wrote scores.ark and scores.scp");
    assertThat(Files.readAllLines(folder.resolve("scores.scp")))
        .hasSize(74)
        .last()
        .asString()
        .startsWith("dr8-mpam0-");
  }

  @Test
  void timitIsLearntByCtcAndScoredOver39Phones() throws IOException {
    SpeechCorpora.timit(SpeechCorpora.sample("timit_sample"), folder.resolve("TIMIT"));
    var run =
        train(
            "asr-timit",
            "TIMIT",
            "--set",
            "data.labels=phones_48",
            "--set",
            "data.targets=transcript",
            "--set",
            "loss.kind=ctc",
            "--set",
            "training.curriculum=[]",
            "--set",
            "layer.output.units=49");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).contains("PER, 39 phones");
    assertThat(result().at("/test/phoneErrorRate").asDouble()).isBetween(0.2, 20.0);
  }

  @Test
  void librispeechIsLearntByLettersWithItsErrorRates() throws IOException {
    SpeechCorpora.libriSpeech(
        SpeechCorpora.sample("librispeech_sample"), folder.resolve("LibriSpeech"));
    var run = train("asr-librispeech", "LibriSpeech");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).contains("CER").contains("WER");
    var test = result().get("test");
    assertThat(test.get("wordErrorRate").isNumber()).isTrue();
    assertThat(test.get("characterErrorRate").asDouble())
        .isEqualTo(1 - test.get("accuracy").asDouble(), within(1e-9));

    var evaluated =
        rheo(
            "evaluate",
            "run/model.rheo",
            "--data",
            "LibriSpeech",
            "--posteriors",
            "scores.ark",
            "--threads",
            "1",
            "--json");
    assertThat(evaluated.status()).as(evaluated.err()).isZero();
    var again = JsonMapper.builder().build().readTree(evaluated.out());
    assertThat(again.at("/test/wordErrorRate")).isEqualTo(test.get("wordErrorRate"));
    // 29 classes a frame, of both sets
    assertThat(Files.size(folder.resolve("scores.ark"))).isGreaterThan(4L * 29 * 400);
  }

  @Test
  void librispeechIsLearntByPhonesOfADictionary() throws IOException {
    var dictionary = SpeechCorpora.sample("cmudict").resolve("cmudict.dict");
    SpeechCorpora.libriSpeech(
        SpeechCorpora.sample("librispeech_sample"), folder.resolve("LibriSpeech"));
    Files.copy(dictionary, folder.resolve("LibriSpeech/cmudict.dict"));
    var run =
        train(
            "asr-librispeech",
            "LibriSpeech",
            "--skip-bad",
            "--set",
            "data.targets=phones",
            "--set",
            "data.dictionary=cmudict.dict",
            "--set",
            "layer.output.units=40");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(result().at("/test/phoneErrorRate").isNumber()).isTrue();
  }

  @Test
  void keysThatDoNotGoTogetherAreRefused() {
    refused("asr-librispeech", "data.dictionary=a.dict", "has a meaning only with targets");
    refused("asr-librispeech", "data.targets=phones", "needs 'dictionary'");
    refused("asr-librispeech", "data.filters=400", "400 mel filters are too many");
    refused("asr-librispeech", "data.test=[\"dev-clean\"]", "dev-clean is named twice");
    refused("asr-timit", "data.targets=transcript", "the labels states_48 are of frames");
    refused("asr-timit", "data.features=published", "'speakers' has a meaning only with");
  }

  private void refused(String experiment, String setting, String message) {
    var run = rheo("train", experiment, "--data", ".", "--set", setting);
    assertThat(run.status()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).contains(message);
  }
}
