package rheobase.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Connected digits from recordings to their table, in a size that takes seconds. */
class DigitStringsTest {
  @TempDir Path folder;

  /** A tone for each digit of three speakers, each of whom is a little higher. */
  @BeforeEach
  void speak() throws Exception {
    for (String speaker : List.of("ann", "theo", "yweweler")) {
      for (int digit = 0; digit < 10; digit++) {
        double hertz = 250 + 300 * digit + 10 * speaker.length();
        Files.write(folder.resolve("%d_%s_0.wav".formatted(digit, speaker)), tone(hertz, 800));
      }
    }
  }

  private static byte[] tone(double hertz, int samples) {
    var bytes = ByteBuffer.allocate(44 + 2 * samples).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put("RIFF".getBytes()).putInt(36 + 2 * samples).put("WAVEfmt ".getBytes()).putInt(16);
    bytes.putShort((short) 1).putShort((short) 1).putInt(8000).putInt(16000);
    bytes.putShort((short) 2).putShort((short) 16).put("data".getBytes()).putInt(2 * samples);
    for (int n = 0; n < samples; n++) {
      bytes.putShort((short) (8000 * Math.sin(2 * Math.PI * hertz * n / 8000)));
    }
    return bytes.array();
  }

  private Rheo train(String... settings) {
    var arguments =
        new ArrayList<>(
            List.of("train", "speech-digits", "--data", ".", "--out", "run", "--quiet"));
    arguments.addAll(List.of("--epochs", "1", "--threads", "1"));
    var small =
        List.of(
            "layer.first.units=8",
            "layer.second.units=8",
            "data.train_strings=12",
            "data.held_strings=3");
    Stream.concat(small.stream(), Arrays.stream(settings))
        .forEach(setting -> arguments.addAll(List.of("--set", setting)));
    return Rheo.call(folder, arguments.toArray(String[]::new));
  }

  private static JsonNode json(String text) {
    return JsonMapper.builder().build().readTree(text);
  }

  @Test
  void allFiveNetworksLearnThemAndAreCounted() {
    for (var cell :
        List.of("gated_recurrent", "gated", "lif_graded", "gru_masked", "lstm_masked")) {
      var settings = new ArrayList<String>();
      boolean dense = cell.endsWith("masked");
      boolean recurrent = dense || cell.equals("gated_recurrent");
      for (var layer : List.of("first", "second")) {
        settings.add("layer." + layer + ".cell=" + cell);
        if (!recurrent) {
          settings.add("layer." + layer + ".recurrent=false");
          settings.add("layer." + layer + ".weights={input=\"kaiming(1)\"}");
        }
      }
      if (dense) {
        settings.add("layer.encoder.cell=linear");
      }
      if (!cell.equals("gated_recurrent")) {
        settings.add("training.rates={output.norm_shift=10}");
      }
      var run = train(settings.toArray(String[]::new));
      assertThat(run.status()).as(cell + ": " + run.err()).isZero();
      assertThat(run.out()).contains("digit errors");
      var energy =
          Rheo.call(folder, "energy", "run/model.rheo", "--data", ".", "--json", "--quiet");
      assertThat(energy.status()).as(cell + ": " + energy.err()).isZero();
      var counted = json(energy.out()).get("multiplications");
      double ofGru = 3 * 8 * (40 + 8 + 8 + 8) + 2 * 12 * 8 + 11 * 8;
      assertThat(counted.at("/gru/corrected").asDouble()).isEqualTo(ofGru);
      double own = counted.at("/step/corrected").asDouble();
      if (cell.equals("gru_masked")) {
        assertThat(own).isEqualTo(ofGru);
      } else if (!dense) {
        assertThat(own).as(cell).isBetween(40.0 + 6 * 16, ofGru);
      }
      var text = Rheo.call(folder, "energy", "run/model.rheo", "--data", ".", "--quiet");
      assertThat(text.out())
          .contains("multiplications of a step, by Ponghiran and Roy 2022", "as coded");
      remove(folder.resolve("run"));
    }
  }

  private static void remove(Path run) {
    try (var files = Files.walk(run)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theStringsAreKeptForTheNextTime() {
    assertThat(train().status()).isZero();
    assertThat(folder.resolve("cache").toFile().list())
        .singleElement()
        .asString()
        .startsWith("digit-strings-");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "data.test=nobody         | holds no recording of the speaker 'nobody'; there are ann",
        "data.test=theo           | 'theo' is named for validation and for the test",
        "data.train_strings=0     | 'train_strings'",
        "data.strings=3           | unknown key 'strings'",
        "data.steps=50            | cannot be cut to 50",
      })
  void aSlipIsOneSentence(String setting, String message) {
    var run = train(setting.strip());
    assertThat(run.status()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).startsWith("rheo: ").contains(message).doesNotContain("\tat ");
  }
}
