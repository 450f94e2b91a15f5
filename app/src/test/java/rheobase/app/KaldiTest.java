package rheobase.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rheobase.data.Preparation;
import rheobase.data.kaldi.ArkWriter;
import rheobase.data.kaldi.KaldiFolder;
import rheobase.data.kaldi.Matrix;
import rheobase.data.speech.Speakers;

/** From Kaldi's tables to a model, and from that to tables for its decoders. */
class KaldiTest {
  private static final String EXPERIMENT =
      """
      name = "from-kaldi"

      [data]
      source = "kaldi"
      features = "feats.scp"
      labels = "ali.ark"
      validation = "dev.txt"
      utt2spk = "utt2spk"
      speakers = "mean"
      normalise = "z_score"

      [[layer]]
      name = "hidden"
      cell = "lif"
      units = 5
      recurrent = true

      [[layer]]
      name = "output"
      cell = "linear"
      units = 4

      [training]
      epochs = 2
      batch = 2
      """;

  /** Of the training labels: class 3 never occurs. */
  private static final int[] COUNTS = {24, 12, 12, 0};

  @TempDir private Path folder;

  @BeforeEach
  void tables() throws IOException {
    var data = Files.createDirectory(folder.resolve("data"));
    var random = new Random(1);
    var speakers = new StringBuilder();
    try (var features =
            new ArkWriter(
                data.resolve("feats.ark"), data.resolve("feats.scp"), ArkWriter.Form.BINARY);
        var labels = new ArkWriter(data.resolve("ali.ark"), null, ArkWriter.Form.TEXT)) {
      for (int i = 0; i < 8; i++) {
        var key = "s" + i / 2 + "-u" + i;
        var values = new float[12 * 3];
        var classes = new int[12];
        for (int t = 0; t < 12; t++) {
          classes[t] = Math.max(0, t / 3 - 1);
          for (int c = 0; c < 3; c++) {
            values[3 * t + c] = (classes[t] == c ? 2 : 0) + random.nextFloat();
          }
        }
        if (i == 7) {
          classes[0] = 3;
        }
        features.write(key, new Matrix(12, 3, values));
        labels.write(key, classes);
        speakers.append(key).append(" s").append(i / 2).append('\n');
      }
    }
    Files.writeString(data.resolve("utt2spk"), speakers);
    Files.writeString(data.resolve("train.txt"), "s0-u0\ns0-u1\ns1-u2\ns1-u3\n");
    Files.writeString(data.resolve("dev.txt"), "s2-u4\ns2-u5\n");
    Files.writeString(data.resolve("test.txt"), "s3-u6\ns3-u7\n");
    Files.writeString(folder.resolve("from-kaldi.toml"), EXPERIMENT);
  }

  private Rheo train(String... more) {
    var arguments =
        new ArrayList<>(
            List.of("train", "from-kaldi.toml", "--data", "data", "--quiet", "--threads", "1"));
    arguments.addAll(List.of("--out", "run"));
    arguments.addAll(List.of(more));
    return Rheo.call(folder, arguments.toArray(String[]::new));
  }

  @Test
  void scoresForADecoderAreLogarithmsOfProbabilitiesLessThoseOfTheClasses() throws IOException {
    var run = train();
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(Files.readString(folder.resolve("run/experiment.toml"))).contains("classes = 4");
    var evaluated =
        Rheo.call(
            folder, "evaluate", "run/model.rheo", "--data", "data", "--posteriors", "data/scores");
    assertThat(evaluated.status()).as(evaluated.err()).isZero();
    assertThat(evaluated.err()).contains("wrote data/scores and data/scores.scp");

    var scores =
        new KaldiFolder(
                List.of("scores.scp"),
                List.of("ali.ark"),
                "dev.txt",
                null,
                "test.txt",
                null,
                Speakers.AS_THEY_ARE,
                4)
            .read(folder.resolve("data"), Preparation.NONE);
    for (var set : List.of(scores.train(), scores.test())) {
      assertThat(set.size()).isEqualTo(2);
      for (var sequence : set.sequences()) {
        var values = sequence.values();
        for (int t = 0; t < 12; t++) {
          double all = 0;
          for (int c = 0; c < 3; c++) {
            all += Math.exp(values[4 * t + c]) * COUNTS[c] / 48;
          }
          // what is missing is the probability of the class that was never seen
          assertThat(all).isBetween(0.3, 1.0);
          assertThat(values[4 * t + 3]).isEqualTo(FrameScores.NEVER);
        }
      }
    }
  }

  @Test
  void withoutPriorsOfAnUnseenClassTheProbabilitiesAddUp() throws IOException {
    var labels = folder.resolve("data/ali.ark");
    Files.writeString(labels, Files.readString(labels).replaceFirst(" 0", " 3"));
    assertThat(train().status()).isZero();
    Rheo.call(
        folder, "evaluate", "run/model.rheo", "--data", "data", "--posteriors", "data/scores.ark");
    var scores =
        new KaldiFolder(
                List.of("scores.ark"),
                List.of("ali.ark"),
                "dev.txt",
                null,
                "test.txt",
                null,
                Speakers.AS_THEY_ARE,
                4)
            .read(folder.resolve("data"), Preparation.NONE);
    double[] priors = {23 / 48.0, 12 / 48.0, 12 / 48.0, 1 / 48.0};
    var values = scores.test().sequences().getFirst().values();
    for (int t = 0; t < 12; t++) {
      double all = 0;
      for (int c = 0; c < 4; c++) {
        all += Math.exp(values[4 * t + c]) * priors[c];
      }
      assertThat(all).isCloseTo(1, within(1e-5));
    }
  }

  @Test
  void anUtteranceWithoutLabelsStopsUnlessItIsToBeLeftOut() throws IOException {
    var labels = folder.resolve("data/ali.ark");
    Files.writeString(labels, Files.readString(labels).replaceFirst("s1-u2", "s1-u9"));
    var stopped = train();
    assertThat(stopped.status()).isEqualTo(2);
    assertThat(stopped.err())
        .contains("The utterance s1-u2 (", "train.txt:3) has no labels in ", "ali.ark.");
    var run = train("--skip-bad");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err()).contains("left out: The utterance s1-u2 (");
    assertThat(run.out()).contains("left out      1 file that cannot be used (--skip-bad)");
    assertThat(Files.readString(folder.resolve("run/result.json"))).contains("\"skippedFiles\":1");
  }

  @Test
  void speakersNeedAFileThatTellsThem() throws IOException {
    assertThat(train("--set", "data.utt2spk=gone").err()).contains("gone cannot be read");
    var without = EXPERIMENT.replace("utt2spk = \"utt2spk\"\n", "");
    Files.writeString(folder.resolve("from-kaldi.toml"), without);
    assertThat(train().err()).contains("'speakers' needs to know who speaks");
  }
}
