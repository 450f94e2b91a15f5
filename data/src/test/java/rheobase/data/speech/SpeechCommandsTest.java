package rheobase.data.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rheobase.data.DataException;
import rheobase.data.Preparation;
import rheobase.data.RandomStream;
import rheobase.data.Sequence;
import rheobase.data.SequenceSet;
import rheobase.data.Skipping;
import rheobase.data.Split;
import rheobase.data.speech.SpeechCommands.Choice;
import rheobase.data.speech.SpeechCommands.Task;
import rheobase.data.speech.SpeechCommands.Unknown;

class SpeechCommandsTest {
  private static final int SILENCE = 10;
  private static final int UNKNOWN = 11;

  /** Speakers of the training, validation and test clips. */
  private static final List<String> SPEAKERS = List.of("aaaaaaaa", "bbbbbbbb", "cccccccc");

  @TempDir Path folder;

  @Test
  void theListsSayWhatIsValidatedAndTested() throws IOException {
    corpus(SpeechCommands.COMMANDS, "bed", "zero");
    final Split split = read(Task.COMMANDS, Unknown.BALANCED, 1);
    assertThat(split.train().classes())
        .isEqualTo(split.test().classes())
        .hasSize(12)
        .startsWith("down", "go")
        .endsWith("yes", "silence", "unknown");
    for (SequenceSet set : List.of(split.train(), split.validation(), split.test())) {
      assertThat(targets(set)).hasSize(12).allSatisfy((_, count) -> assertThat(count).isOne());
    }
    assertThat(sequence(split.train(), 9).id()).isEqualTo("yes/aaaaaaaa_nohash_0");
    assertThat(sequence(split.validation(), 9).group()).isEqualTo("bbbbbbbb");
    assertThat(sequence(split.test(), 9).id()).isEqualTo("yes/cccccccc_nohash_0");
    assertThat(sequence(split.test(), 9).steps()).isEqualTo(101);
    assertThat(split.test().channels()).isEqualTo(120);
  }

  @Test
  void theSeedChoosesUnknownWordsAndSilence() throws IOException {
    corpus(SpeechCommands.COMMANDS, "bed", "cat", "dog", "zero", "tree", "two", "wow", "nine");
    final Split split = read(Task.COMMANDS, Unknown.BALANCED, 1);
    assertThat(read(Task.COMMANDS, Unknown.BALANCED, 1).train().sha256())
        .isEqualTo(split.train().sha256());
    final Split other = read(Task.COMMANDS, Unknown.BALANCED, 3);
    assertThat(sequence(other.train(), SILENCE).id())
        .isNotEqualTo(sequence(split.train(), SILENCE).id());
    final var unknown =
        Stream.of(1, 2, 3, 4, 5, 6)
            .map(seed -> read(Task.COMMANDS, Unknown.BALANCED, seed))
            .map(chosen -> sequence(chosen.train(), UNKNOWN).id());
    assertThat(unknown.distinct().count()).isGreaterThan(1);
  }

  @Test
  void badClipsAreLeftOutWithTheirReasonWhereThatIsWanted() throws IOException {
    corpus(SpeechCommands.COMMANDS, "bed", "zero");
    Files.write(folder.resolve("yes/aaaaaaaa_nohash_0.wav"), new byte[0]);
    final var left = new Skipping();
    final var choice =
        new SpeechCommands.Choice(Task.COMMANDS, Unknown.BALANCED, SpeechCommands.Test.LISTS, 1);
    assertThat(SpeechCommands.read(folder, choice, left).train().size()).isEqualTo(11);
    assertThat(left.reasons).singleElement().asString().contains("yes/aaaaaaaa_nohash_0.wav");
  }

  @Test
  void allUnknownWordsCanBeTaken() throws IOException {
    corpus(SpeechCommands.COMMANDS, "bed", "cat", "dog");
    final Split split = read(Task.COMMANDS, Unknown.ALL, 1);
    assertThat(targets(split.train())).containsEntry(UNKNOWN, 3).containsEntry(SILENCE, 1);
  }

  @Test
  void noPartHearsTheNoiseOfAnother() throws IOException {
    corpus(SpeechCommands.COMMANDS, "bed");
    for (int seed = 1; seed < 20; seed++) {
      final Split split = read(Task.COMMANDS, Unknown.BALANCED, seed);
      assertThat(start(split.train())).isBetween(0, 160_000 - 16_000);
      assertThat(start(split.validation())).isBetween(160_000, 180_000 - 16_000);
      assertThat(start(split.test())).isBetween(180_000, 200_000 - 16_000);
    }
  }

  @Test
  void all35WordsAreClassesOfTheirOwn() throws IOException {
    corpus(SpeechCommands.WORDS);
    final Split split = read(Task.WORDS, Unknown.BALANCED, 1);
    assertThat(split.test().size()).isEqualTo(35);
    assertThat(split.test().classes()).isEqualTo(SpeechCommands.WORDS).isSorted();
    assertThat(sequence(split.test(), 34).id()).startsWith("zero/");
  }

  @Test
  void aFolderOfTheVersionsNameIsFound() throws IOException {
    final Path whole = folder;
    folder = Files.createDirectory(whole.resolve("speech_commands_v0.01"));
    corpus(SpeechCommands.COMMANDS, "bed");
    folder = whole;
    assertThat(read(Task.COMMANDS, Unknown.BALANCED, 1).train().size()).isEqualTo(12);
    Files.createDirectory(whole.resolve("speech_commands_v0.02"));
    refused("holds both speech_commands_v0.01 and speech_commands_v0.02; name one of them");
  }

  @Test
  void thePublishedTestSetIsReadFromBeside() throws IOException {
    final Path whole = folder;
    folder = Files.createDirectory(whole.resolve("speech_commands_v0.02"));
    corpus(SpeechCommands.COMMANDS, "bed");
    folder = whole;
    refused(SpeechCommands.Test.PUBLISHED, "published test set is not there", "test = \"lists\"");
    final Path test = whole.resolve("speech_commands_test_set_v0.02");
    for (String word : SpeechCommands.COMMANDS) {
      word(test.resolve(word), "dddddddd_nohash_0.wav");
    }
    word(test.resolve("_silence_"), "one.wav");
    refused(SpeechCommands.Test.PUBLISHED, "There is no folder ", "_unknown_.");
    word(test.resolve("_unknown_"), "dddddddd_nohash_0.wav");
    final var choice =
        new Choice(Task.COMMANDS, Unknown.BALANCED, SpeechCommands.Test.PUBLISHED, 1);
    final SequenceSet set = SpeechCommands.read(whole, choice, Preparation.NONE).test();
    assertThat(targets(set)).hasSize(12);
    assertThat(sequence(set, SILENCE).id()).isEqualTo("test/silence/one");
  }

  @Test
  void aFolderWithoutThemSaysWhatIsMissingAndWhereItIs() {
    refused(
        "holds no Speech Commands: missing is testing_list.txt",
        "https://www.tensorflow.org/datasets/catalog/speech_commands",
        "af14739ee7dc311471de98f5f9d2c9191b18aedfe957f4a6ff791c709868ff58",
        "y_labels.csv with 1,000 files");
  }

  @Test
  void aMissingWordIsNamed() throws IOException {
    corpus(SpeechCommands.WORDS.subList(1, 35));
    final var choice = new Choice(Task.WORDS, Unknown.BALANCED, SpeechCommands.Test.LISTS, 1);
    assertThatThrownBy(() -> SpeechCommands.read(folder, choice, Preparation.NONE))
        .hasMessageContaining("misses the folders of 1 words for 35 classes: backward.")
        .hasMessageContaining("Version 0.01 has 30 words only.");
  }

  @Test
  void aFolderOfNoWordIsRefused() throws IOException {
    corpus(SpeechCommands.COMMANDS, "bed");
    word(folder.resolve("yess"), "aaaaaaaa_nohash_0.wav");
    refused("yess is of no word of Speech Commands");
  }

  @Test
  void anEmptyFolderIsRefused() throws IOException {
    corpus(SpeechCommands.COMMANDS, "bed");
    Files.createDirectory(folder.resolve("cat"));
    refused("cat holds no .wav");
  }

  @Test
  void whatAListGetsWrongIsNamedByItsLine() throws IOException {
    corpus(SpeechCommands.COMMANDS, "bed");
    final Path list = folder.resolve("testing_list.txt");
    final String whole = Files.readString(list);
    Files.writeString(list, whole + "yes/dddddddd_nohash_7.wav\n");
    refused("testing_list.txt:12 names 'yes/dddddddd_nohash_7.wav', which is not there");
    Files.writeString(list, whole + "yes/bbbbbbbb_nohash_0.wav\n");
    refused("testing_list.txt:12 names 'yes/bbbbbbbb_nohash_0.wav', which validation_list.txt has");
    Files.writeString(list, "");
    refused("testing_list.txt names no recordings");
    Files.write(list, new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
    refused("testing_list.txt is no text in UTF-8");
    Files.writeString(list, whole);
    Files.delete(folder.resolve("validation_list.txt"));
    refused("There is no file ", "validation_list.txt.");
  }

  @Test
  void brokenClipsAreNamed() throws IOException {
    corpus(SpeechCommands.COMMANDS, "bed");
    final Path clip = folder.resolve("up/aaaaaaaa_nohash_0.wav");
    final byte[] whole = Files.readAllBytes(clip);
    Files.write(clip, Arrays.copyOf(whole, 500));
    refused("up/aaaaaaaa_nohash_0.wav is cut short");
    Files.write(clip, new byte[0]);
    refused("up/aaaaaaaa_nohash_0.wav is empty");
    Files.write(clip, Tones.wav(8000, 440, 800));
    refused("up/aaaaaaaa_nohash_0.wav has 8000 samples per second", "16000");
    Files.write(clip, Tones.wav(16_000, 440, 16_001));
    refused("up/aaaaaaaa_nohash_0.wav has 16001 samples; a word of Speech Commands has at most");
  }

  @Test
  void noiseThatIsTooShortIsNamed() throws IOException {
    corpus(SpeechCommands.COMMANDS, "bed");
    Files.write(folder.resolve("_background_noise_/hum.wav"), Tones.wav(16_000, 100, 159_000));
    refused("hum.wav has 159000 samples; noise needs 160000");
  }

  @Test
  void damagedFilesEndInASentenceThatNamesThem() throws IOException {
    corpus(SpeechCommands.COMMANDS, "bed");
    final List<Path> files =
        List.of(
            folder.resolve("up/aaaaaaaa_nohash_0.wav"),
            folder.resolve("testing_list.txt"),
            folder.resolve("validation_list.txt"));
    for (Path file : files) {
      final byte[] whole = Files.readAllBytes(file);
      for (int trial = 0; trial < 60; trial++) {
        final var random = RandomStream.of(1, "damage", trial);
        final byte[] damaged =
            trial % 2 == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
        for (int flips = trial % 2 * 3; flips > 0 && damaged.length > 0; flips--) {
          damaged[random.nextInt(Math.min(damaged.length, 60))] ^= (byte) (1 + random.nextInt(255));
        }
        Files.write(file, damaged);
        final Throwable refusal = catchThrowable(() -> read(Task.COMMANDS, Unknown.BALANCED, 1));
        if (refusal != null) { // some damage cannot be told from another recording
          assertThat(refusal)
              .isInstanceOf(DataException.class)
              .hasMessageContaining(file.toString());
        }
      }
      Files.write(file, whole);
    }
  }

  /** A clip of each word by each speaker, the lists, and two files of noise. */
  private void corpus(List<String> words, String... others) throws IOException {
    for (String word : Stream.concat(words.stream(), Stream.of(others)).toList()) {
      for (String speaker : SPEAKERS) {
        word(folder.resolve(word), speaker + "_nohash_0.wav");
      }
      append("validation_list.txt", word + "/" + SPEAKERS.get(1) + "_nohash_0.wav\n");
      append("testing_list.txt", word + "/" + SPEAKERS.get(2) + "_nohash_0.wav\n");
    }
    final Path noise = Files.createDirectory(folder.resolve("_background_noise_"));
    Files.writeString(noise.resolve("README.md"), "not a recording");
    Files.write(noise.resolve("hum.wav"), Tones.wav(16_000, 100, 200_000));
    Files.write(noise.resolve("tap.wav"), Tones.wav(16_000, 3000, 200_000));
  }

  private static void word(Path folder, String name) throws IOException {
    Files.createDirectories(folder);
    final int hertz = 300 + Math.floorMod((folder.getFileName() + name).hashCode(), 3000);
    Files.write(folder.resolve(name), Tones.wav(16_000, hertz, 800));
  }

  private void append(String list, String line) throws IOException {
    final Path file = folder.resolve(list);
    Files.writeString(file, (Files.exists(file) ? Files.readString(file) : "") + line);
  }

  private Split read(Task task, Unknown unknown, long seed) {
    return SpeechCommands.read(
        folder, new Choice(task, unknown, SpeechCommands.Test.LISTS, seed), Preparation.NONE);
  }

  private void refused(String... parts) {
    refused(SpeechCommands.Test.LISTS, parts);
  }

  private void refused(SpeechCommands.Test test, String... parts) {
    final var choice = new Choice(Task.COMMANDS, Unknown.BALANCED, test, 1);
    final var refusal =
        assertThatThrownBy(() -> SpeechCommands.read(folder, choice, Preparation.NONE));
    refusal.isInstanceOf(DataException.class);
    for (String part : parts) {
      refusal.hasMessageContaining(part);
    }
  }

  private static Map<Integer, Integer> targets(SequenceSet set) {
    return set.sequences().stream()
        .map(sequence -> sequence.targets()[0])
        .collect(Collectors.toMap(Function.identity(), _ -> 1, Integer::sum));
  }

  private static Sequence sequence(SequenceSet set, int target) {
    return set.sequences().stream()
        .filter(sequence -> sequence.targets()[0] == target)
        .findFirst()
        .orElseThrow();
  }

  /** Where the silence of a set was cut, as its name says. */
  private static int start(SequenceSet set) {
    final String id = sequence(set, SILENCE).id();
    return Integer.parseInt(id.substring(id.lastIndexOf('-') + 1));
  }
}
