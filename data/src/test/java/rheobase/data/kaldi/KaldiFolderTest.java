package rheobase.data.kaldi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rheobase.data.DataException;
import rheobase.data.Preparation;
import rheobase.data.Sequence;
import rheobase.data.Split;
import rheobase.data.speech.Speakers;

class KaldiFolderTest {
  private static final KaldiFolder PLAIN = tables("feats.scp", "ali.ark", null, 0);

  @TempDir private Path folder;

  @BeforeEach
  void copy() throws IOException {
    KaldiTableTest.copy(folder);
    Files.writeString(folder.resolve("train.txt"), "spk1-b more\nspk1-a\n");
    Files.writeString(folder.resolve("test.txt"), "spk2-c\n");
    Files.writeString(folder.resolve("utt2spk"), "spk1-a spk1\nspk1-b spk1\nspk2-c spk2\n");
  }

  private static KaldiFolder tables(String features, String labels, String utt2spk, int classes) {
    return new KaldiFolder(
        List.of(features),
        List.of(labels),
        "train.txt",
        null,
        "test.txt",
        utt2spk,
        utt2spk == null ? Speakers.AS_THEY_ARE : Speakers.MEAN,
        classes);
  }

  private Split read(KaldiFolder tables) {
    return tables.read(folder, Preparation.NONE);
  }

  @Test
  void utterancesAreDividedByListsWithTheirLabels() {
    final Split split = read(PLAIN);
    assertThat(split.train().sequences())
        .extracting(Sequence::id)
        .containsExactly("spk1-b", "spk1-a");
    assertThat(split.train().sequences().getFirst().targets()).containsExactly(3, 3, 0, 0, 1);
    assertThat(split.train().classes()).containsExactly("0", "1", "2", "3");
    assertThat(split.validation().size()).isZero();
    assertThat(split.test().sequences().getFirst().values()).startsWith(0, -1, -2, 0.5f);
    assertThat(read(tables("text.ark", "ali.ark.gz", null, 0)).test().sha256())
        .isEqualTo(split.test().sha256());
  }

  @Test
  void speakersAreGroupsWhoseMeanIsTakenAway() {
    final Split split = read(tables("float.ark", "ali.txt", "utt2spk", 7));
    assertThat(split.train().classes()).hasSize(7);
    assertThat(split.train().sequences()).extracting(Sequence::group).containsOnly("spk1");
    double sum = 0;
    for (Sequence sequence : split.train().sequences()) {
      for (int step = 0; step < sequence.steps(); step++) {
        sum += sequence.values()[3 * step + 1];
      }
    }
    assertThat(sum).isCloseTo(0, within(1e-5));
  }

  @Test
  void whatDoesNotFitIsNamed() throws IOException {
    refused(
        tables("feats.scp", "ali.ark", null, 3), "The utterance spk1-b has the label 3 at frame 0");
    Files.writeString(folder.resolve("ali.txt"), "spk1-a 0 1\nspk1-b 1 1 1 1 1\nspk2-c 0 0 0 0\n");
    refused(
        tables("feats.scp", "ali.txt", null, 0),
        "The utterance spk1-a has 7 frames in ",
        "feats.scp, but 2 labels in ",
        "ali.txt.");
    Files.writeString(folder.resolve("ali.txt"), "spk1-b 1 1 1 1 1\n");
    refused(
        tables("feats.scp", "ali.txt", null, 0),
        "The utterance spk1-a (",
        "train.txt:2) has no labels in ",
        "ali.txt.");
    Files.writeString(folder.resolve("test.txt"), "spk2-c\nspk9-x\n");
    refused(PLAIN, "The utterance spk9-x (", "test.txt:2) has no features in ", "feats.scp.");
    Files.writeString(folder.resolve("test.txt"), "spk2-c\nspk2-c\n");
    refused(PLAIN, "test.txt:2 names spk2-c again.");
    Files.writeString(folder.resolve("test.txt"), "\n");
    refused(PLAIN, "test.txt names no utterance.");
    Files.delete(folder.resolve("test.txt"));
    refused(PLAIN, "test.txt cannot be read: there is no such file.");
  }

  @Test
  void aTableThatIsNotThereIsNamed() {
    refused(
        tables("gone.ark", "ali.ark", null, 0), "gone.ark cannot be read: there is no such file.");
    refused(
        tables("gone.scp", "ali.ark", null, 0), "gone.scp cannot be read: there is no such file.");
  }

  @Test
  void speakersThatAreNotToldAreNamed() throws IOException {
    Files.writeString(folder.resolve("utt2spk"), "spk1-a spk1\nspk1-b spk1\n");
    refused(
        tables("float.ark", "ali.ark", "utt2spk", 0),
        "utt2spk does not name spk2-c, which ",
        "test.txt:1 names.");
    Files.writeString(folder.resolve("utt2spk"), "spk1-a\n");
    refused(
        tables("float.ark", "ali.ark", "utt2spk", 0),
        "utt2spk:1 is 'spk1-a'; expected is 'utterance speaker'.");
  }

  @Test
  void anUtteranceOfTwoTablesIsRefused() {
    final var twice =
        new KaldiFolder(
            List.of("float.ark", "text.ark"),
            List.of("ali.ark"),
            "train.txt",
            null,
            "test.txt",
            null,
            Speakers.AS_THEY_ARE,
            0);
    refused(twice, "text.ark holds spk1-a, as ", "float.ark does.");
  }

  @Test
  void valuesThatAreNoNumbersAreToldWithTheTable() throws IOException {
    Files.writeString(
        folder.resolve("text.ark"),
        Files.readString(folder.resolve("text.ark")).replaceFirst("-1.0", "nan"));
    refused(tables("text.ark", "ali.ark", null, 0), "text.ark: Sequence spk", "holds NaN at step");
  }

  private void refused(KaldiFolder tables, String... parts) {
    final var refusal = assertThatThrownBy(() -> read(tables)).isInstanceOf(DataException.class);
    for (String part : parts) {
      refusal.hasMessageContaining(part);
    }
  }
}
