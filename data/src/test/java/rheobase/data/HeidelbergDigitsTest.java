package rheobase.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rheobase.data.HeidelbergDigits.Binning;
import rheobase.data.HeidelbergDigits.Name;

/** On files that h5py wrote: see {@code make.py} beside them. */
class HeidelbergDigitsTest {
  private static final Path FILES = Path.of("src/test/resources/heidelberg");
  private static final Binning PUBLISHED = new Binning(0.004, 250, true);
  private static final Binning PLAIN = new Binning(0.004, 250, false);

  @TempDir Path folder;

  @Test
  void thePublishedBinningTurnsChannelsRoundAndRoundsTimesUp() {
    final Sequence first = shd(PUBLISHED).sequences().getFirst();
    assertThat(first.steps()).isEqualTo(250);
    assertThat(first.channels()).isEqualTo(700);
    // 0 s, channel 5; 3 ms, channel 699; 4.0016 and 4.1 ms (as float16), channel 1: once; channel
    // 0:
    // left out; 995 ms, channel 7; 1.2 s: too late
    assertThat(events(first)).containsExactly("0:695", "1:1", "2:699", "249:693");
  }

  @Test
  void thePlainBinningKeepsChannelsAndRoundsTimesDown() {
    final Sequence first = shd(PLAIN).sequences().getFirst();
    assertThat(events(first)).containsExactly("0:5", "0:699", "1:0", "1:1", "248:7");
  }

  @Test
  void labelsSpeakersAndClassNamesAreRead() {
    final SequenceSet train = shd(PUBLISHED);
    assertThat(train.classes()).hasSize(20).startsWith("word 0", "word 1");
    assertThat(train.sequences())
        .extracting(sequence -> sequence.targets()[0])
        .containsExactly(3, 19, 0);
    assertThat(train.sequences())
        .extracting(Sequence::group)
        .containsExactly("speaker-4", "speaker-11", "speaker-4");
    assertThat(events(train.sequences().get(1))).isEmpty();
  }

  @Test
  void theCommandsHaveAValidationSetOfTheirOwn() {
    final SequenceSet valid =
        HeidelbergDigits.read(FILES, Name.SSC, "valid", PUBLISHED, Preparation.NONE);
    assertThat(valid.classes()).hasSize(35);
    assertThat(valid.sequences()) // in an array that can grow, as the published ones are
        .extracting(sequence -> sequence.targets()[0])
        .containsExactly(0, 19, 3);
    assertThat(
            valid
                .sequences()
                .getLast()
                .signal()
                .sameAs(shd(PUBLISHED).sequences().getFirst().signal()))
        .isTrue();
  }

  @Test
  void aMissingFileIsNamedWithThePageItComesFrom() {
    refused(
        "There is no file ",
        "shd_train.h5, shd_test.h5 from https://zenkelab.org/datasets",
        "The MD5 of shd_train.h5.zip is f3252aeb");
  }

  @Test
  void aLabelOutsideTheClassesIsNamedWithItsRecording() throws IOException {
    copy("label-out-of-range.h5");
    refused("/labels gives recording 0 the label 20; the classes of SHD are 0 to 19");
  }

  @Test
  void aChannelThatDoesNotExistIsNamedWithItsRecording() throws IOException {
    copy("channel-out-of-range.h5");
    refused("has a spike of channel 700 at 0.09997", "in recording 0; channels are 0 to 699");
  }

  @Test
  void aFileThatWasCutOffSaysHowMuchIsMissing() throws IOException {
    for (String name : List.of("shd_train.h5", "shd_test.h5")) {
      final byte[] whole = Files.readAllBytes(FILES.resolve(name));
      for (int length : new int[] {9, 63, 64, 2000, whole.length - 1}) {
        Files.write(folder.resolve("shd_train.h5"), Arrays.copyOf(whole, length));
        refused("shd_train.h5 is cut off: it has " + length + " bytes", "download it again");
      }
      refused("of the " + whole.length + " it says");
    }
  }

  @Test
  void aFileOfAnotherSetIsRefused() throws IOException {
    copy("ssc_train.h5");
    refused("/extra/keys names 35 classes; SHD has 20");
  }

  @Test
  void whatIsNoHdf5FileIsRefused() throws IOException {
    Files.writeString(folder.resolve("shd_train.h5"), "not what you think");
    refused("shd_train.h5 is no HDF5 file: it does not begin with the signature");
    Files.writeString(folder.resolve("shd_train.h5"), "PK\3\4" + "x".repeat(2000));
    refused("shd_train.h5 is packed; unpack it");
    Files.writeString(folder.resolve("shd_train.h5"), "");
    refused("shd_train.h5 is empty; expected is an HDF5 file.");
    Files.writeString(folder.resolve("shd_train.h5"), "no superblock anywhere ".repeat(200));
    refused("shd_train.h5 is no HDF5 file that can be read");
  }

  @Test
  void aDamagedFileIsRefusedWithASentenceOrReadAsWhatItSays() throws IOException {
    final byte[] whole = Files.readAllBytes(FILES.resolve("shd_train.h5"));
    final var random = new Random(7);
    int refused = 0;
    for (int round = 0; round < 300; round++) {
      byte[] damaged = whole.clone();
      if (round % 3 == 0) {
        damaged = Arrays.copyOf(damaged, random.nextInt(damaged.length));
      } else {
        for (int i = 0; i < 4; i++) {
          damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        }
      }
      Files.write(folder.resolve("shd_train.h5"), damaged);
      try {
        HeidelbergDigits.read(folder, Name.SHD, "train", PUBLISHED, Preparation.NONE);
      } catch (DataException e) {
        refused++;
        assertThat(e).hasMessageContaining("shd_train.h5");
      }
    }
    assertThat(refused).isGreaterThan(90);
  }

  private static SequenceSet shd(Binning binning) {
    return HeidelbergDigits.read(FILES, Name.SHD, "train", binning, Preparation.NONE);
  }

  private void copy(String name) throws IOException {
    Files.copy(FILES.resolve(name), folder.resolve("shd_train.h5"));
  }

  private void refused(String... parts) {
    final var refusal =
        assertThatThrownBy(
            () -> HeidelbergDigits.read(folder, Name.SHD, "train", PUBLISHED, Preparation.NONE));
    refusal.isInstanceOf(DataException.class);
    for (String part : parts) {
      refusal.hasMessageContaining(part);
    }
  }

  /** {@code step:channel} of every event. */
  private static List<String> events(Sequence sequence) {
    final List<String> events = new ArrayList<>();
    final float[] values = sequence.values();
    for (int i = 0; i < values.length; i++) {
      if (values[i] != 0) {
        events.add(i / 700 + ":" + i % 700);
      }
    }
    return events;
  }
}
