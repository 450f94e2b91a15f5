package rheobase.data.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rheobase.data.DataException;
import rheobase.data.Preparation;
import rheobase.data.Sequence;
import rheobase.data.SequenceSet;
import rheobase.data.Split;
import rheobase.data.speech.SpeechCommands.Choice;
import rheobase.data.speech.SpeechCommands.Task;
import rheobase.data.speech.SpeechCommands.Unknown;

class CommandSampleTest {
  private static final Choice CHOICE =
      new Choice(Task.COMMANDS, Unknown.BALANCED, SpeechCommands.Test.LISTS, 1);

  @TempDir Path folder;

  @Test
  void everyPartHasTheSharesOfItsClasses() throws IOException {
    sample(10);
    final Split split = SpeechCommands.read(folder, CHOICE, Preparation.NONE);
    assertThat(counts(split.train())).hasSize(12).allSatisfy((_, n) -> assertThat(n).isEqualTo(7));
    assertThat(counts(split.validation())).hasSize(12).allSatisfy((_, n) -> assertThat(n).isOne());
    assertThat(counts(split.test())).hasSize(12).allSatisfy((_, n) -> assertThat(n).isEqualTo(2));
    assertThat(split.test().channels()).isEqualTo(120);
  }

  @Test
  void theSeedDecidesThePartsAndNothingElseDoes() throws IOException {
    sample(10);
    final Split split = SpeechCommands.read(folder, CHOICE, Preparation.NONE);
    final var again = SpeechCommands.read(folder, CHOICE, Preparation.NONE);
    assertThat(again.test().sha256()).isEqualTo(split.test().sha256());
    final var other = new Choice(Task.COMMANDS, Unknown.BALANCED, SpeechCommands.Test.LISTS, 2);
    assertThat(SpeechCommands.read(folder, other, Preparation.NONE).test().sha256())
        .isNotEqualTo(split.test().sha256());
  }

  @Test
  void clipsAreBroughtToTheSameClassesAsTheWholeSet() throws IOException {
    sample(10);
    final SequenceSet train = SpeechCommands.read(folder, CHOICE, Preparation.NONE).train();
    assertThat(train.classes()).isEqualTo(Task.COMMANDS.names());
    for (Sequence sequence : train.sequences()) {
      final String word = train.classes().get(sequence.targets()[0]);
      assertThat(sequence.id().toLowerCase(Locale.ROOT)).contains("_" + word + "_");
    }
  }

  @Test
  void linesThatAreWrongAreNamed() throws IOException {
    sample(2);
    final Path list = folder.resolve("y_labels.csv");
    final String whole = Files.readString(list);
    wrong(whole + "tst_000000_Down_0.bin, 12\n", "y_labels.csv:25 is 'tst_000000_Down_0.bin, 12'");
    wrong(whole + "tst_000099_Down_0.bin, 12, 12\n", "y_labels.csv:25", "class from 0 to 11");
    wrong(whole + "tst_000099_Down_0.bin, 10, 0\n", "y_labels.csv:25", "the number 12");
    wrong(whole + "tst_000099_Down_0.bin, 12, -1\n", "y_labels.csv:25");
    wrong(whole + "../../secret.bin, 12, 0\n", "y_labels.csv:25 names '../../secret.bin'");
    wrong(whole + "tst_000000_Down_0.bin, 12, 0\n", "y_labels.csv:25", "line 1 has named before");
    wrong(
        whole.replace("tst_000002_Go_1.bin, 12, 1", "tst_000002_Go_1.bin, 12, 2"),
        "y_labels.csv:3 gives tst_000002_Go_1.bin the class 2 (left), but its name says 1, Go");
    wrong("", "y_labels.csv names no recordings");
    wrong("tst_000000_Down_0.bin, 12, 0\n", "names only 1 recordings");
  }

  @Test
  void clipsOfAnotherLengthAreNamed() throws IOException {
    sample(10);
    final Path clip = folder.resolve("tst_000003_Down_0.bin");
    Files.write(clip, Arrays.copyOf(Files.readAllBytes(clip), 31_999));
    wrong("tst_000003_Down_0.bin has 31999 bytes; a clip of the sample has 32000");
    Files.write(clip, new byte[0]);
    wrong("tst_000003_Down_0.bin has 0 bytes");
    Files.write(clip, Tones.wav(16_000, 440, 16_000));
    wrong("tst_000003_Down_0.bin has 32044 bytes");
    Files.delete(clip);
    wrong("There is no file " + clip + ", which " + folder.resolve("y_labels.csv") + ":4 names.");
  }

  @Test
  void theSampleHasTwelveClassesOnly() throws IOException {
    sample(2);
    final var words = new Choice(Task.WORDS, Unknown.BALANCED, SpeechCommands.Test.LISTS, 1);
    assertThatThrownBy(() -> SpeechCommands.read(folder, words, Preparation.NONE))
        .hasMessageContaining("which has 12 classes; set classes = 12");
    final var published =
        new Choice(Task.COMMANDS, Unknown.BALANCED, SpeechCommands.Test.PUBLISHED, 1);
    assertThatThrownBy(() -> SpeechCommands.read(folder, published, Preparation.NONE))
        .hasMessageContaining("no published test set; set test = \"lists\"");
  }

  @Test
  void thePublishedSampleIsOfAThousandClips() {
    final String data = System.getenv("RHEOBASE_DATA");
    final Path sample =
        (data == null ? Path.of("../../shared/data") : Path.of(data)).resolve("speech_commands");
    Assumptions.assumeTrue(Files.isDirectory(sample), "no sample at " + sample);
    final Split split = SpeechCommands.read(sample, CHOICE, Preparation.NONE);
    assertThat(split.train().size() + split.validation().size() + split.test().size())
        .isEqualTo(1000);
    assertThat(counts(split.test())).hasSize(12);
    assertThat(counts(split.test()).values()).allSatisfy(n -> assertThat(n).isBetween(14, 18));
  }

  /** Clips of noise, so many of each class. */
  private void sample(int each) throws IOException {
    final var list = new StringBuilder();
    int number = 0;
    final List<String> names =
        List.of(
            "Down", "Go", "Left", "No", "Off", "On", "Right", "Stop", "Up", "Yes", "Silence",
            "Unknown");
    for (int target = 0; target < names.size(); target++) {
      for (int i = 0; i < each; i++, number++) {
        final String name = "tst_%06d_%s_%d.bin".formatted(number, names.get(target), target);
        final byte[] clip = Tones.wav(16_000, 200 + 10 * number, 16_000);
        Files.write(folder.resolve(name), Arrays.copyOfRange(clip, 44, clip.length));
        list.append(name).append(", 12, ").append(target).append('\n');
      }
    }
    Files.writeString(folder.resolve("y_labels.csv"), list);
  }

  private void wrong(String list, String... parts) throws IOException {
    Files.writeString(folder.resolve("y_labels.csv"), list);
    for (String part : parts) {
      wrong(part);
    }
  }

  private void wrong(String part) {
    assertThatThrownBy(() -> SpeechCommands.read(folder, CHOICE, Preparation.NONE))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(part);
  }

  private static Map<Integer, Integer> counts(SequenceSet set) {
    final Map<Integer, Integer> counts = new HashMap<>();
    set.sequences().forEach(sequence -> counts.merge(sequence.targets()[0], 1, Integer::sum));
    return counts;
  }
}
