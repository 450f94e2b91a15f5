package rheobase.data.wfdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rheobase.data.DataException;

class WfdbRecordTest {
  private static final String[] FILES = {
    "212.hea", "212.dat", "212.atr", "wide.hea", "wide.mat", "wide.atr", "odd.hea", "odd.dat"
  };

  @TempDir private Path folder;

  @BeforeEach
  void copy() throws IOException {
    for (String name : FILES) {
      try (var in = WfdbRecordTest.class.getResourceAsStream(name)) {
        Files.copy(in, folder.resolve(name));
      }
    }
  }

  @Test
  void packedSamplesOfTwelveBitsAreReadInPhysicalUnits() {
    final WfdbRecord record = read("212.hea");
    assertThat(record.frequency()).isEqualTo(360);
    assertThat(record.names()).containsExactly("MLII", "V5");
    assertThat(record.samples()).isEqualTo(601);
    for (int i = 0; i < 601; i++) {
      assertThat(record.values()[2 * i])
          .isCloseTo((float) (Math.rint(400 * Math.sin(i / 9.0)) / 200), within(1e-6f));
      assertThat(record.values()[2 * i + 1]).isEqualTo((900 - 3 * (i % 50)) / 100f);
    }
  }

  @Test
  void samplesOfSixteenBitsBehindAPreambleAreRead() {
    final WfdbRecord record = read("wide.hea");
    assertThat(record.names()).containsExactly("I", "lead II");
    for (int i = 0; i < 601; i++) {
      final int sample = i * 37 % 5000 - 2500;
      assertThat(record.values()[2 * i]).isEqualTo(sample / 1000f);
      assertThat(record.values()[2 * i + 1]).isEqualTo((float) ((-sample + 100) / 1500.0));
    }
  }

  @Test
  void whatTheHeaderLeavesOutHasTheDefaultsOfTheFormat() {
    final WfdbRecord record = read("odd.hea");
    assertThat(record.frequency()).isEqualTo(250);
    assertThat(record.names()).containsExactly("1");
    assertThat(record.values()).containsExactly(-9, -6, -3, 0, Float.NaN, 6, 9);
  }

  @Test
  void aChangedSampleIsFoundByItsChecksum() throws IOException {
    final byte[] bytes = Files.readAllBytes(folder.resolve("212.dat"));
    bytes[300] ^= 1;
    Files.write(folder.resolve("212.dat"), bytes);
    assertThatThrownBy(() -> read("212.hea"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("212.dat is damaged: the samples of signal 1 add up to")
        .hasMessageContaining("212.hea:2 says 31830");
  }

  @Test
  void aCutOffSignalFileIsNamed() throws IOException {
    truncate("212.dat", 1802);
    assertThatThrownBy(() -> read("212.hea"))
        .isInstanceOf(DataException.class)
        .hasMessageEndingWith(
            "212.dat is cut off: it has 1802 bytes, but 601 samples of 2 signals in format 212"
                + " take 1803.");
    truncate("odd.dat", 0);
    assertThatThrownBy(() -> read("odd.hea")).hasMessageEndingWith("odd.dat holds no sample.");
  }

  @Test
  void aMissingSignalFileIsNamed() throws IOException {
    Files.delete(folder.resolve("212.dat"));
    assertThatThrownBy(() -> read("212.hea"))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("There is no file ")
        .hasMessageContaining("212.dat");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | is empty.",
        "'# nothing but a comment' | is empty.",
        "'ax,ay' | own.hea:1 is not the first line of a WFDB header: 'ax,ay'",
        "'r/3 2 250 100' | own.hea:1 begins a record of several segments",
        "'r 2 250 100\nodd.dat 212' | announces 2 signals and describes 1; it may be cut off.",
        "'r 0 250 100' | announces 0 signals",
        "'r 1 250 100\nodd.dat 212\nodd.dat 212' | own.hea:3 is one line more",
        "'r 1 x 100\nodd.dat 212' | own.hea:1 is not the first line",
        "'r 1 -4 3\nodd.dat 212' | gives -4.0 samples a second.",
        "'r 1 1e 3\nodd.dat 212' | own.hea:1 has '1e' where the sampling frequency should be.",
        "'r 1 250 3\nodd.dat' | own.hea:2 is not the description of a signal",
        "'r 1 250 3\nodd.dat 80' | own.hea:2 has a signal of format 80; 16 and 212 are read",
        "'r 1 250 3\nodd.dat 212x4' | own.hea:2 has a signal with several samples a frame",
        "'r 1 250 3\nodd.dat 212:2' | own.hea:2 has a signal that is shifted in time",
        "'r 1 250 3\n../odd.dat 212' | own.hea:2 names a signal file elsewhere",
        "'r 1 250 3\nodd.dat 212 mV' | own.hea:2 has 'mV' where the gain should be.",
        "'r 1 250 3\nodd.dat 212 200 12 z' | own.hea:2 has 'z' where the converter's zero",
        "'r 1 250 3\nodd.dat 212 200 12 0 0 x' | own.hea:2 has 'x' where the checksum should be.",
        "'r 2 250 3\nodd.dat 212\nodd.dat 16' | own.hea:3 gives odd.dat another format than line 2",
        "'r 1 250 999999999\nodd.dat 212' | is cut off",
      })
  void aHeaderThatCannotBeRightIsNamedWithItsLine(String content, String why) throws IOException {
    Files.writeString(folder.resolve("own.hea"), content);
    assertThatThrownBy(() -> read("own.hea"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(why)
        .hasMessageContaining(folder.toString());
  }

  @Test
  void annotationsAreReadWithTheirTextsAndTimes() {
    assertThat(WfdbAnnotation.read(folder.resolve("212.atr"), 360))
        .containsExactly(
            new WfdbAnnotation(18, "+", "(N"),
            new WfdbAnnotation(77, "N", ""),
            new WfdbAnnotation(200, "V", ""),
            new WfdbAnnotation(201, "+", "(VT"),
            new WfdbAnnotation(330, "~", ""),
            new WfdbAnnotation(370, "N", ""),
            new WfdbAnnotation(400, "+", "(N"),
            new WfdbAnnotation(600, "A", ""));
  }

  @Test
  void aTimeResolutionOfItsOwnAndALongSilenceAreCounted() {
    assertThat(WfdbAnnotation.read(folder.resolve("wide.atr"), 250))
        .containsExactly(new WfdbAnnotation(10, "N", ""), new WfdbAnnotation(600, "V", ""));
  }

  @Test
  void beatsAreToldFromOtherAnnotations() {
    assertThat("NLRaVFJASEj/QB?!enfr".split(""))
        .allMatch(symbol -> new WfdbAnnotation(0, symbol, "").isBeat());
    assertThat("~|sT*D\"=p^t+u[]@x()".split(""))
        .noneMatch(symbol -> new WfdbAnnotation(0, symbol, "").isBeat());
  }

  @Test
  void everyCutOffAnnotationFileIsNamed() throws IOException {
    final byte[] whole = Files.readAllBytes(folder.resolve("212.atr"));
    for (int length = 0; length < whole.length; length++) {
      Files.write(folder.resolve("212.atr"), Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> WfdbAnnotation.read(folder.resolve("212.atr"), 360))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("212.atr, at byte ")
          .hasMessageContaining("cut off");
    }
  }

  @Test
  void aFileOfAnotherKindIsNoAnnotationFile() throws IOException {
    Files.writeString(folder.resolve("212.atr"), "time,label\n0.5,N\n");
    assertThatThrownBy(() -> WfdbAnnotation.read(folder.resolve("212.atr"), 360))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("212.atr, at byte ");
  }

  @Test
  void damagedFilesEndInOneSentenceOrInARecord() throws IOException {
    final Random random = new Random(2);
    for (int trial = 0; trial < 500; trial++) {
      final String name = FILES[random.nextInt(6)];
      final Path path = folder.resolve(name);
      final byte[] right = Files.readAllBytes(path);
      final byte[] wrong = Arrays.copyOf(right, right.length - random.nextInt(3));
      for (int i = random.nextInt(4); i >= 0; i--) {
        wrong[random.nextInt(wrong.length)] ^= (byte) (1 << random.nextInt(8));
      }
      Files.write(path, wrong);
      try {
        read("212.hea");
        read("wide.hea");
        WfdbAnnotation.read(folder.resolve("212.atr"), 360);
        WfdbAnnotation.read(folder.resolve("wide.atr"), 250);
      } catch (DataException e) {
        assertThat(e.getMessage()).contains(folder.toString()).endsWith(".");
      }
      Files.write(path, right);
    }
    assertThat(new String(Files.readAllBytes(folder.resolve("212.hea")), StandardCharsets.US_ASCII))
        .startsWith("212 2 360");
  }

  private WfdbRecord read(String name) {
    return WfdbRecord.read(folder.resolve(name));
  }

  private void truncate(String name, int length) throws IOException {
    final Path path = folder.resolve(name);
    Files.write(path, Arrays.copyOf(Files.readAllBytes(path), length));
  }
}
