package rheobase.network.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rheobase.data.RandomStream;
import rheobase.network.NetworkException;
import rheobase.network.model.Archive;
import rheobase.network.optimize.Schedule;

class CheckpointTest {
  @TempDir Path folder;

  private static float[] everyKindOfFloat(int count) {
    var random = RandomStream.of(9, "floats", count);
    var floats = new float[count];
    for (int i = 0; i < count; i++) {
      floats[i] = Float.intBitsToFloat((int) random.nextLong());
    }
    return floats;
  }

  private static Checkpoint checkpoint(double bestScore, double best) {
    var more = new LinkedHashMap<String, Object>();
    more.put("losses", List.of(0.1, Double.NaN, Double.NEGATIVE_INFINITY, -0.0, 1.0));
    more.put("counts", List.of(List.of(1L, Long.MAX_VALUE), List.of()));
    more.put("inner", Map.of("on", true, "word", "dé\n\"jà\""));
    return new Checkpoint(
        "{\"network\":1}",
        "abc",
        12,
        128,
        new Schedule.State(0.1 * 0.1, best, 3),
        11,
        bestScore,
        1L << 40,
        List.of(EpochLineTest.record(1), EpochLineTest.record(2)),
        more,
        Map.of(
            "parameters", everyKindOfFloat(1000),
            "first", everyKindOfFloat(1000),
            "second", new float[0],
            "best", everyKindOfFloat(7)));
  }

  @Test
  void everythingComesBackToTheBit() {
    for (double odd :
        new double[] {
          1.0 / 3, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0
        }) {
      var written = checkpoint(odd, -odd);
      var file = folder.resolve("checkpoint");
      written.write(file);
      var read = Checkpoint.read(file);
      assertThat(read)
          .usingRecursiveComparison()
          .withComparatorForType(Double::compare, Double.class)
          .ignoringFields("arrays")
          .isEqualTo(written);
      assertThat(Double.doubleToRawLongBits(read.bestScore()))
          .isEqualTo(Double.doubleToRawLongBits(odd));
      assertThat(read.arrays().keySet()).isEqualTo(written.arrays().keySet());
      written
          .arrays()
          .forEach((name, array) -> assertThat(bits(read.array(name))).isEqualTo(bits(array)));
    }
  }

  private static int[] bits(float[] values) {
    var bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
    return bits;
  }

  @Test
  void theSameCheckpointGivesTheSameBytes() {
    checkpoint(1, 2).write(folder.resolve("a"));
    checkpoint(1, 2).write(folder.resolve("b"));
    assertThat(folder.resolve("a")).hasSameBinaryContentAs(folder.resolve("b"));
  }

  @Test
  void aTornCheckpointIsNamedInTheError() throws IOException {
    var file = folder.resolve("checkpoint");
    checkpoint(1, 2).write(file);
    var whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length += 1 + length / 9) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> Checkpoint.read(file))
          .isInstanceOf(NetworkException.class)
          .hasMessageContaining(file.toString());
    }
  }

  @Test
  void aFlippedBitIsNoticedOrHarmless() throws IOException {
    var file = folder.resolve("checkpoint");
    var written = checkpoint(1, 2);
    written.write(file);
    var whole = Files.readAllBytes(file);
    var random = RandomStream.of(4, "flips");
    int noticed = 0;
    for (int attempt = 0; attempt < 500; attempt++) {
      var damaged = whole.clone();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, damaged);
      try {
        var read = Checkpoint.read(file);
        assertThat(bits(read.array("parameters"))).isEqualTo(bits(written.array("parameters")));
        assertThat(read.epoch()).isEqualTo(12);
      } catch (NetworkException e) {
        noticed++;
      }
    }
    assertThat(noticed).isGreaterThan(450);
  }

  @Test
  void aMissingCheckpointAndAMissingArrayAreNamed() {
    var file = folder.resolve("checkpoint");
    assertThatThrownBy(() -> Checkpoint.read(file)).hasMessage("there is no checkpoint at " + file);
    checkpoint(1, 2).write(file);
    assertThatThrownBy(() -> Checkpoint.read(file).array("third"))
        .hasMessageContaining("no array 'third'");
  }

  @Test
  void aCheckpointThatTheDiskRefusesSaysHowToGoOn() {
    var file = folder.resolve("missing").resolve("checkpoint");
    assertThatThrownBy(() -> checkpoint(1, 2).write(file))
        .isInstanceOf(TrainingException.class)
        .hasMessageStartingWith("cannot write " + file)
        .hasMessageEndingWith("Then go on with 'rheo resume'.");
  }

  @Test
  void aModelIsNoCheckpoint() {
    var file = folder.resolve("checkpoint");
    var entries = new LinkedHashMap<String, byte[]>();
    entries.put("model.json", new byte[2]);
    Archive.write(file, entries);
    assertThatThrownBy(() -> Checkpoint.read(file))
        .hasMessage(file + " is no Rheobase checkpoint: it has no entry 'checkpoint.json'");
  }
}
