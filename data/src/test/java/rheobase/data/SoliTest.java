package rheobase.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rheobase.data.Soli.Cut;
import rheobase.data.Soli.Reading;

/** On files that h5py wrote: see {@code make.py} beside them. */
class SoliTest {
  private static final Path FILES = Path.of("src/test/resources/soli");
  private static final Reading WINDOWS = new Reading(3, Cut.WINDOWS, Soli.Test.REST, 1);
  private static final Reading FIRST = new Reading(3, Cut.FIRST, Soli.Test.REST, 1);

  @TempDir private Path folder;

  @BeforeEach
  void copy() throws IOException {
    try (var files = Files.list(FILES)) {
      for (Path file : files.filter(each -> !each.toString().endsWith(".py")).toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
  }

  private Split read(Reading reading) {
    return Soli.read(folder, reading, Preparation.NONE);
  }

  @Test
  void windowsFollowOneAnotherAndTheLastEndsWithTheRecording() {
    final SequenceSet train = read(WINDOWS).train();
    assertThat(train.sequences())
        .extracting(Sequence::id)
        .containsExactly("0_2_0/0", "0_2_0/1", "1_2_1/0");
    assertThat(frames(train, 0)).isEqualTo(range(1, 40));
    assertThat(frames(train, 1)).isEqualTo(range(6, 40));
  }

  @Test
  void badRecordingsAreLeftOutWithTheirReasonWhereThatIsWanted() throws IOException {
    Files.write(folder.resolve("1_2_1.h5"), new byte[9]);
    final var left = new Skipping();
    assertThat(Soli.read(folder, WINDOWS, left).train().sequences())
        .extracting(Sequence::id)
        .containsExactly("0_2_0/0", "0_2_0/1");
    assertThat(left.reasons).singleElement().asString().contains("1_2_1.h5");
  }

  @Test
  void recordingOfExactlyOneWindowGivesOne() {
    final SequenceSet validation = read(WINDOWS).validation();
    assertThat(validation.size()).isEqualTo(1);
    assertThat(frames(validation, 0)).isEqualTo(range(1, 40));
  }

  @Test
  void shortRecordingIsRepeated() {
    final List<Integer> frames = frames(read(WINDOWS).train(), 2);
    assertThat(frames).hasSize(40).startsWith(1, 2, 3, 1, 2, 3, 1).endsWith(3, 1);
  }

  @Test
  void firstFramesAreKeptAndSomeOfAShortRecordingStandTwice() {
    final SequenceSet train = read(FIRST).train();
    assertThat(train.sequences()).extracting(Sequence::id).containsExactly("0_2_0", "1_2_1");
    assertThat(frames(train, 0)).isEqualTo(range(1, 40));
    assertThat(frames(train, 1)).hasSize(40).isSorted().contains(1, 2, 3).doesNotContain(0, 4);
    assertThat(frames(read(FIRST).train(), 1)).isEqualTo(frames(train, 1));
    final var other = new Reading(3, Cut.FIRST, Soli.Test.REST, 2);
    assertThat(frames(read(other).train(), 1)).isNotEqualTo(frames(train, 1));
  }

  @Test
  void everyFrameHasTheGestureAndThoseOfAnotherLabelAreNotAnnotated() {
    final Sequence last = read(WINDOWS).train().sequences().get(1);
    assertThat(last.targets()).hasSize(40).containsOnly(0);
    assertThat(last.annotated()).hasSize(40);
    // frames 6 to 45 of the file, of which 43 to 45 are labelled as the empty scene
    for (int step = 0; step < 40; step++) {
      assertThat(last.annotated()[step]).as("step " + step).isEqualTo(step < 37);
    }
  }

  @Test
  void antennaIsChosen() throws IOException {
    lists("{\"train\": [\"0_2_0\"], \"eval\": [\"0_3_0\"]}"); // 1_2_1 has one antenna only
    final var split = read(new Reading(1, Cut.WINDOWS, Soli.Test.EVAL, 1));
    assertThat(split.train().sequences().getFirst().values()[1]).isEqualTo(2 / 256f + 1 / 1024f);
  }

  @Test
  void testIsWhatNoListNamesWithoutTheEmptyScene() {
    final Split split = read(WINDOWS);
    assertThat(split.test().sequences())
        .extracting(Sequence::id)
        .containsExactly("2_14_3/0", "2_14_3/1", "10_0_7/0", "10_0_7/1");
    assertThat(split.test().classes()).hasSize(11);
    assertThat(split.test().sequences())
        .extracting(Sequence::group)
        .containsExactly("session-14", "session-14", "session-0", "session-0");
  }

  @Test
  void listOfTheTestIsTakenWhereThereIsOne() throws IOException {
    lists("{\"train\": [\"0_2_0\"], \"eval\": [\"0_3_0\"], \"test\": [\"2_14_3\", \"11_0_0\"]}");
    assertThat(read(WINDOWS).test().sequences())
        .extracting(Sequence::id)
        .containsExactly("2_14_3/0", "2_14_3/1");
  }

  @Test
  void testOnTheListOfTheEvaluationLeavesNoValidationSet() {
    final Split split = read(new Reading(3, Cut.WINDOWS, Soli.Test.EVAL, 1));
    assertThat(split.validation().size()).isZero();
    assertThat(split.test().sequences()).extracting(Sequence::id).containsExactly("0_3_0/0");
  }

  @Test
  void recordingsMayLieInTheFolderOfTheArchive() throws IOException {
    final Path archive = Files.createDirectory(folder.resolve("dsp"));
    try (var files = Files.list(folder)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".h5")).toList()) {
        Files.move(file, archive.resolve(file.getFileName()));
      }
    }
    assertThat(read(WINDOWS).train().size()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "wrong-width | /ch3 has the shape [4, 1000]; expected is [frames, 1024]",
        "one-frame | /ch3 must have two frames at least; it has 1",
        "empty-array | /ch3 must have two frames at least; it has 0",
        "no-label | holds no array /label",
        "too-few-labels | /label has 3 labels for 4 frames",
        "label-out-of-range | /label gives frame 2 the label 12.0",
        "label-of-another | /label gives no frame the label 0, which is the gesture of the file",
        "value-out-of-range | in frame 0; expected are values from 0 to 1",
        "value-missing | /ch3 holds NaN in frame 2; expected are values from 0 to 1",
      })
  void wrongRecordingIsNamedWithThePlace(String file, String message) throws IOException {
    replace(Files.readAllBytes(FILES.resolve(file + ".h5")));
    refused("0_2_0.h5", message);
  }

  @Test
  void whatIsNoHdf5FileIsRefused() throws IOException {
    replace("not what you think".getBytes(StandardCharsets.UTF_8));
    refused("0_2_0.h5 is no HDF5 file: it does not begin with the signature");
    replace(new byte[0]);
    refused("0_2_0.h5 is empty; expected is an HDF5 file.");
  }

  @Test
  void missingRecordingIsNamedWithThePageItComesFrom() throws IOException {
    Files.delete(folder.resolve("0_2_0.h5"));
    refused("There is no", "0_2_0.h5", "https://github.com/simonwsw/deep-soli");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "not a list | file_half.json:1:1 is no JSON",
        "~~ | file_half.json is empty. The recordings of Deep-Soli",
        "[] | file_half.json holds no object",
        "{\"train\": []} | the list train is empty",
        "{\"train\": [\"0_2_0\"]} | file_half.json holds no list eval",
        "{\"train\": [\"0_2\"]} | entry 0 of the list train is \"0_2\"; expected is a name such as",
        "{\"train\": [3]} | entry 0 of the list train is 3",
        "{\"train\": [\"12_2_0\"]} | the recording 12_2_0 is of gesture 12",
        "{\"train\": [\"0_2_0\"], \"eval\": [\"0_2_0\"]} | names 0_2_0 twice",
      })
  void wrongListIsNamedWithThePlace(String text, String message) throws IOException {
    lists(text);
    refused("file_half.json", message);
  }

  @Test
  void missingListsAreAskedFor() throws IOException {
    Files.delete(folder.resolve("file_half.json"));
    refused("There is no", "file_half.json", "https://github.com/simonwsw/deep-soli");
  }

  @Test
  void folderWithNothingLeftToTestOnSaysWhatToDo() throws IOException {
    for (String name : List.of("10_0_7", "2_14_3")) {
      Files.delete(folder.resolve(name + ".h5"));
    }
    refused("none are left to test on", "data.test = \"eval\"");
  }

  @Test
  void damagedFileIsRefusedWithASentenceOrReadAsWhatItSays() throws IOException {
    final byte[] whole = Files.readAllBytes(FILES.resolve("0_2_0.h5"));
    final var random = new Random(7);
    int refused = 0;
    for (int round = 0; round < 150; round++) {
      byte[] damaged = whole.clone();
      if (round % 3 == 0) {
        damaged = Arrays.copyOf(damaged, random.nextInt(damaged.length));
      } else {
        for (int i = 0; i < 4; i++) {
          damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        }
      }
      replace(damaged);
      try {
        read(WINDOWS);
      } catch (DataException e) {
        refused++;
        assertThat(e).hasMessageContaining("0_2_0");
      }
    }
    assertThat(refused).isGreaterThan(45);
  }

  private void refused(String... parts) {
    final var refusal = assertThatThrownBy(() -> read(WINDOWS)).isInstanceOf(DataException.class);
    for (String part : parts) {
      refusal.hasMessageContaining(part);
    }
  }

  private void replace(byte[] bytes) throws IOException {
    Files.write(folder.resolve("0_2_0.h5"), bytes);
  }

  private void lists(String text) throws IOException {
    Files.writeString(folder.resolve("file_half.json"), text);
  }

  /** Which frames of the file a sequence is made of: each has its number at its own place. */
  private static List<Integer> frames(SequenceSet set, int sequence) {
    final float[] values = set.sequences().get(sequence).values();
    return IntStream.range(0, Soli.STEPS)
        .map(step ->
            IntStream.range(0, Soli.CHANNELS)
                .filter(place -> values[step * Soli.CHANNELS + place] != 0)
                .findFirst()
                .orElseThrow())
        .boxed()
        .toList();
  }

  private static List<Integer> range(int from, int count) {
    return IntStream.range(from, from + count).boxed().toList();
  }
}
