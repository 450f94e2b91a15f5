package rheobase.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rheobase.data.speech.Phones;
import rheobase.network.Network;
import tools.jackson.databind.json.JsonMapper;

/** Phones from a small tree in the form of TIMIT's sample to a scored model. */
class PhonesTest {
  private static final int SAMPLES = 4000;

  @TempDir private Path folder;

  @BeforeEach
  void record() throws IOException {
    for (var speaker :
        List.of(
            "dr1-fvmh0",
            "dr1-mcpm0",
            "dr2-faem0",
            "dr3-falk0",
            "dr4-maeb0",
            "dr6-fapb0",
            "dr8-mbcg0")) {
      var own = Files.createDirectories(folder.resolve("timit").resolve(speaker));
      Files.write(own.resolve("sx1.wav"), noise(speaker.hashCode()));
      Files.writeString(
          own.resolve("sx1.phn"), "0 900 h#\n900 2000 q\n2000 3000 aa\n3000 4000 h#\n");
    }
  }

  private Rheo rheo(String... arguments) {
    return Rheo.call(folder, arguments);
  }

  @Test
  void thePublishedNetworkHasAsManyNumbersAsTheReleasedOne() {
    var file = Rheo.HOME.resolve("experiments/phones.toml");
    var experiment = ExperimentDraft.read(file, "phones.toml", folder).experiment();
    var network = experiment.network(39, Phones.Labels.PUBLISHED.classes());
    assertThat(Network.create(network, 1).parameterCount()).isEqualTo(630_906);
  }

  @Test
  void scoresAreToldOverFoldedPhonesToo() throws IOException {
    var run =
        rheo(
            "train",
            "phones",
            "--data",
            "timit",
            "--set",
            "layer.hidden.units=4",
            "--set",
            "training.batch=4",
            "--epochs",
            "1",
            "--threads",
            "1",
            "--quiet",
            "--out",
            "run");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).contains("39 phones");
    var json =
        JsonMapper.builder().build().readTree(Files.readString(folder.resolve("run/result.json")));
    assertThat(json.at("/test/folded/39 phones").isNumber()).isTrue();
    assertThat(Files.readString(folder.resolve("run/report.html"))).contains("accuracyFolded");
    var evaluated = rheo("evaluate", "run/model.rheo", "--data", "timit", "--json");
    assertThat(JsonMapper.builder().build().readTree(evaluated.out()).get("test"))
        .isEqualTo(json.get("test"));
  }

  @Test
  void aSlipInATranscriptionIsToldWithItsPlace() throws IOException {
    Files.writeString(folder.resolve("timit/dr3-falk0/sx1.phn"), "0 900 h#\n900 4000 qq\n");
    var run = rheo("train", "phones", "--data", "timit");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).startsWith("rheo: ").contains("dr3-falk0/sx1.phn:2 names 'qq'");
  }

  @Test
  void badFilesAreLeftOutWithTheirReasonsAndCountedEveryTime() throws IOException {
    Files.writeString(folder.resolve("timit/dr3-falk0/sx1.phn"), "0 900 h#\n900 4000 qq\n");
    Files.write(folder.resolve("timit/dr1-mcpm0/sx1.wav"), new byte[] {'R', 'I', 'F', 'F'});
    Files.writeString(folder.resolve("timit/dr1-fvmh0/sx2.phn"), "0 4000 h#\n");
    Files.write(folder.resolve("timit/dr1-fvmh0/sx2.wav"), noise(9));
    Files.write(folder.resolve("timit/dr1-fvmh0/sx3.wav"), noise(10));
    for (int time = 1; time <= 2; time++) { // a set that lacks some is not kept
      var data = rheo("data", "phones", "--data", "timit", "--skip-bad", "--select-on", "last");
      assertThat(data.status()).as(data.err()).isZero();
      assertThat(data.err())
          .contains("rheo: left out: ")
          .contains("falk0/sx1.phn:2 names 'qq'")
          .contains("mcpm0/sx1.wav ends within its header, at byte 4.")
          .contains("fvmh0/sx3.wav has no SX3.PHN beside it");
      assertThat(data.out()).contains("left out       3 files that cannot be used (--skip-bad)");
    }
    var stopped = rheo("data", "phones", "--data", "timit");
    assertThat(stopped.status()).isEqualTo(2);
    assertThat(stopped.err()).contains("fvmh0/sx3.wav has no SX3.PHN beside it");
  }

  @Test
  void segmentsOfOneFrameAreRefused() {
    var run = rheo("train", "phones", "--data", "timit", "--set", "data.segment=1");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("--set data.segment: Segments of 1 frames are not possible");
  }

  private static byte[] noise(long seed) {
    var bytes = ByteBuffer.allocate(44 + 2 * SAMPLES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put("RIFF".getBytes()).putInt(36 + 2 * SAMPLES).put("WAVEfmt ".getBytes()).putInt(16);
    bytes.putShort((short) 1).putShort((short) 1).putInt(16000).putInt(32000);
    bytes.putShort((short) 2).putShort((short) 16).put("data".getBytes()).putInt(2 * SAMPLES);
    var random = new Random(seed);
    for (int n = 0; n < SAMPLES; n++) {
      bytes.putShort((short) random.nextInt(-9000, 9000));
    }
    return bytes.array();
  }
}
