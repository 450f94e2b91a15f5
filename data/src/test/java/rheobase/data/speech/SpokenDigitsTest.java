package rheobase.data.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rheobase.data.DataException;
import rheobase.data.Preparation;
import rheobase.data.Sequence;
import rheobase.data.Skipping;
import rheobase.data.Split;
import rheobase.data.sound.Cochlea;

class SpokenDigitsTest {
  private static final Cochlea COCHLEA = new Cochlea(new Cochlea.Range(60, 3600), 14, 0.004);

  @TempDir Path folder;

  @Test
  void theOfficialTestIsTakes0To4() throws IOException {
    record("3_ann_4.wav", "3_ann_5.wav", "8_bob_0.wav", "0_bob_49.wav");
    final Split split = SpokenDigits.official(folder, COCHLEA, Preparation.NONE);
    assertThat(split.test().sequences())
        .extracting(Sequence::id)
        .containsExactly("3_ann_4", "8_bob_0");
    assertThat(split.train().sequences())
        .extracting(Sequence::id)
        .containsExactly("0_bob_49", "3_ann_5");
    assertThat(split.validation().size()).isZero();
    assertThat(split.test().sequences().getLast().targets()).containsExactly(8);
  }

  @Test
  void aSpeakerIsLeftOutWhole() throws IOException {
    record("3_ann_4.wav", "3_ann_5.wav", "8_bob_0.wav", "0_bob_49.wav");
    final Split split = SpokenDigits.without(folder, "ann", COCHLEA, Preparation.NONE);
    assertThat(split.test().sequences())
        .extracting(Sequence::id)
        .containsExactly("3_ann_4", "3_ann_5");
    assertThat(split.train().sequences())
        .extracting(Sequence::id)
        .containsExactly("0_bob_49", "8_bob_0");
  }

  @Test
  void theDigitsOfOneTakeAreOneGroup() throws IOException {
    record("0_ann_7.wav", "1_ann_7.wav", "1_ann_8.wav", "1_bob_7.wav", "1_bob_1.wav");
    assertThat(SpokenDigits.official(folder, COCHLEA, Preparation.NONE).train().sequences())
        .extracting(Sequence::group)
        .containsExactly("ann take 7", "ann take 7", "ann take 8", "bob take 7");
  }

  @Test
  void recordingsMayLieInAFolderOfTheirOwn() throws IOException {
    final Path inner = Files.createDirectory(folder.resolve("recordings"));
    Files.write(inner.resolve("1_ann_0.wav"), Tones.wav(8000, 440, 800));
    Files.write(inner.resolve("1_ann_5.wav"), Tones.wav(8000, 440, 800));
    assertThat(SpokenDigits.official(folder, COCHLEA, Preparation.NONE).train().size()).isOne();
  }

  @Test
  void aSpeakerWhoIsNotThereIsNamedWithThoseWhoAre() throws IOException {
    record("3_ann_4.wav", "3_bob_5.wav");
    assertThatThrownBy(() -> SpokenDigits.without(folder, "carl", COCHLEA, Preparation.NONE))
        .hasMessageContaining("no recording of the speaker 'carl'; there are ann, bob.");
  }

  @Test
  void aFolderWithoutRecordingsSaysWhatIsMissing() {
    refused("holds no .wav", "{digit}_{speaker}_{take}.wav", "free-spoken-digit-dataset");
  }

  @Test
  void aFolderThatIsNotThereIsNamed() {
    assertThatThrownBy(
            () -> SpokenDigits.official(folder.resolve("none"), COCHLEA, Preparation.NONE))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("none. The Free Spoken Digit Dataset");
  }

  @Test
  void aFileOfAnotherNameIsRefused() throws IOException {
    record("3_ann_4.wav", "ten_ann_4.wav");
    refused("ten_ann_4.wav is not named {digit}_{speaker}_{take}.wav");
  }

  @Test
  void brokenFilesAreNamed() throws IOException {
    record("3_ann_4.wav", "3_ann_5.wav");
    final Path file = folder.resolve("3_ann_5.wav");
    final byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, 500));
    refused("3_ann_5.wav is cut short");
    Files.write(file, new byte[0]);
    refused("3_ann_5.wav is empty");
    Files.write(file, Tones.wav(16000, 440, 800));
    refused("3_ann_5.wav has 16000 samples per second; those of FSDD have 8000.");
  }

  @Test
  void badRecordingsAreLeftOutWithTheirReasonWhereThatIsWanted() throws IOException {
    record("3_ann_4.wav", "3_ann_5.wav", "3_ann_6.wav", "8_bob_0.wav");
    Files.write(folder.resolve("3_ann_5.wav"), new byte[0]);
    final var left = new Skipping();
    final Split split = SpokenDigits.official(folder, COCHLEA, left);
    assertThat(split.train().sequences()).extracting(Sequence::id).containsExactly("3_ann_6");
    assertThat(split.test().size()).isEqualTo(2);
    assertThat(left.reasons).singleElement().asString().contains("3_ann_5.wav is empty");
  }

  @Test
  void oneSidedRecordingsCannotBeSplit() throws IOException {
    record("3_ann_4.wav", "3_ann_3.wav");
    refused("cannot be split: 2 of its 2 recordings are takes 0 to 4");
  }

  @Test
  void thePublishedRecordingsAreThreeThousand() {
    final String data = System.getenv("RHEOBASE_DATA");
    final Path fsdd = (data == null ? Path.of("../../shared/data") : Path.of(data)).resolve("fsdd");
    Assumptions.assumeTrue(Files.isDirectory(fsdd), "no FSDD at " + fsdd);
    final Split split = SpokenDigits.official(fsdd, COCHLEA, Preparation.NONE);
    assertThat(split.train().size()).isEqualTo(2700);
    assertThat(split.test().size()).isEqualTo(300);
  }

  private void record(String... names) throws IOException {
    for (String name : names) {
      Files.write(folder.resolve(name), Tones.wav(8000, 440, 800));
    }
  }

  private void refused(String... parts) {
    final var refusal =
        assertThatThrownBy(() -> SpokenDigits.official(folder, COCHLEA, Preparation.NONE));
    refusal.isInstanceOf(DataException.class);
    for (String part : parts) {
      refusal.hasMessageContaining(part);
    }
  }
}
