package rheobase.data.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rheobase.data.DataException;
import rheobase.data.Preparation;
import rheobase.data.Sequence;
import rheobase.data.SequenceSet;
import rheobase.data.Skipping;
import rheobase.data.Split;
import rheobase.data.sound.KaldiFeatures.Kind;
import rheobase.data.speech.LibriSpeech.Subsets;

class LibriSpeechTest {
  private static final Subsets SUBSETS =
      new Subsets(List.of("train-clean-100"), List.of("dev-clean"), List.of("test-clean"));

  private static final SpeechFeatures BANKS =
      new SpeechFeatures(Kind.FILTER_BANK, 40, 0, Speakers.MEAN);

  /** Of 4000 samples: 23 frames. */
  private static final int SAMPLES = 4000;

  @TempDir Path folder;

  @BeforeEach
  void corpus() throws IOException {
    chapter("train-clean-100", "19", "198", "NORTHANGER", "IT'S  SO");
    chapter("train-clean-100", "19", "227", "OH");
    chapter("train-clean-100", "26", "495", "A B");
    chapter("dev-clean", "84", "121123", "GO");
    chapter("test-clean", "61", "70968", "HE SAW");
  }

  /** As OpenSLR distributes them; a sound is known by its first bytes, whatever its name. */
  private void chapter(String subset, String speaker, String chapter, String... texts)
      throws IOException {
    final Path place =
        Files.createDirectories(
            folder.resolve("LibriSpeech").resolve(subset).resolve(speaker).resolve(chapter));
    final var lines = new StringBuilder();
    for (int i = 0; i < texts.length; i++) {
      final String id = "%s-%s-%04d".formatted(speaker, chapter, i);
      Files.write(place.resolve(id + ".flac"), Tones.wav(16000, 300 + 50 * i, SAMPLES));
      lines.append(id).append(' ').append(texts[i]).append('\n');
    }
    Files.writeString(place.resolve(speaker + "-" + chapter + ".trans.txt"), lines);
  }

  private Split read(Preparation preparation) {
    return LibriSpeech.read(folder, SUBSETS, BANKS, new Spelling.Letters(), preparation);
  }

  private Path file(String name) {
    return folder.resolve("LibriSpeech/train-clean-100/19/198").resolve(name);
  }

  private void refused(String... parts) {
    final var refusal =
        assertThatThrownBy(() -> read(Preparation.NONE)).isInstanceOf(DataException.class);
    for (String part : parts) {
      refusal.hasMessageContaining(part);
    }
  }

  @Test
  void subsetsAreReadByNameWithTheirLetters() {
    final Split split = read(Preparation.NONE);
    assertThat(split.train().sequences())
        .extracting(Sequence::id)
        .containsExactly("19-198-0000", "19-198-0001", "19-227-0000", "26-495-0000");
    assertThat(split.train().sequences())
        .extracting(Sequence::group)
        .containsExactly("19", "19", "19", "26");
    assertThat(split.validation().size()).isEqualTo(1);
    assertThat(split.test().size()).isEqualTo(1);
    assertThat(split.train().channels()).isEqualTo(40);
    assertThat(split.train().classes()).hasSize(29).endsWith("Z", "blank");
    assertThat(said(split.train(), 1)).isEqualTo("IT'S|SO");
    assertThat(said(split.test(), 0)).isEqualTo("HE|SAW");
    assertThat(split.train().sequences().getFirst().steps()).isEqualTo(23);
  }

  private static String said(SequenceSet set, int sequence) {
    return String.join(
        "",
        Arrays.stream(set.sequences().get(sequence).targets())
            .mapToObj(set.classes()::get)
            .toList());
  }

  @Test
  void realFlacFilesAreRead() throws IOException {
    try (var flac = LibriSpeechTest.class.getResourceAsStream("/rheobase/data/sound/tone.flac")) {
      Files.write(file("19-198-0001.flac"), flac.readAllBytes());
    }
    assertThat(read(Preparation.NONE).train().sequences().get(1).steps()).isEqualTo(8);
  }

  @Test
  void aSpeakersMeanIsTakenAwayOverAllHisChapters() {
    final List<Sequence> train = read(Preparation.NONE).train().sequences();
    for (int channel = 0; channel < 40; channel++) {
      double sum = 0;
      for (Sequence sequence : train.subList(0, 3)) {
        for (int step = 0; step < sequence.steps(); step++) {
          sum += sequence.values()[step * 40 + channel];
        }
      }
      assertThat(sum / 69).isCloseTo(0, within(1e-4));
    }
    // alone, the first of them is no more than the others
    assertThat(Math.abs(train.getFirst().values()[0])).isGreaterThan(1e-3f);
  }

  @Test
  void phonesComeFromADictionary() throws IOException {
    final Path dictionary = folder.resolve("words.dict");
    Files.writeString(dictionary, "he HH IY1\nsaw S AO1\nsaw(2) S AO2 Z\ngo G OW1 # verb\n");
    final Spelling phones = Pronunciations.read(dictionary);
    final Subsets small = new Subsets(List.of("dev-clean"), List.of(), List.of("test-clean"));
    final Split split = LibriSpeech.read(folder, small, BANKS, phones, Preparation.NONE);
    assertThat(split.test().classes()).hasSize(40);
    assertThat(Arrays.stream(split.test().sequences().getFirst().targets()))
        .extracting(split.test().classes()::get)
        .containsExactly("HH", "IY", "S", "AO");
    assertThat(split.validation().size()).isZero();
    Files.writeString(dictionary, "he HH IY1\ngo G OW1\n");
    assertThatThrownBy(() ->
            LibriSpeech.read(
                folder, small, BANKS, Pronunciations.read(dictionary), Preparation.NONE))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(
            "61-70968.trans.txt:1: 61-70968-0000 has the word 'SAW', which the dictionary "
                + dictionary
                + " does not list.");
  }

  @Test
  void aListOfRecordingsIsReadInItsPlace() throws IOException {
    Files.createDirectories(folder.resolve("wav"));
    for (String id : List.of("1-2-0003", "4-5-0006")) {
      Files.write(folder.resolve("wav").resolve(id + ".wav"), Tones.wav(16000, 440, SAMPLES));
    }
    Files.writeString(
        folder.resolve("metadata.tsv"),
        """
        utt_id	speaker	subset	duration_s	transcript
        1-2-0003	1	train-clean-100	0.25	YES
        4-5-0006	4	test-other	0.25	NO
        """);
    final Split split =
        LibriSpeech.read(
            folder,
            new Subsets(List.of("train-clean-100"), List.of(), List.of("test-other")),
            BANKS,
            new Spelling.Letters(),
            Preparation.NONE);
    assertThat(said(split.train(), 0)).isEqualTo("YES");
    assertThat(split.test().sequences().getFirst().group()).isEqualTo("4");
    refused("metadata.tsv holds no subset dev-clean; there are test-other, train-clean-100.");
  }

  @Test
  void aSubsetThatIsNotThereIsNamed() throws IOException {
    Files.move(folder.resolve("LibriSpeech/dev-clean"), folder.resolve("LibriSpeech/dev-other"));
    refused("holds no subset dev-clean; there are dev-other, test-clean, train-clean-100.");
  }

  @Test
  void aFolderThatIsNoLibriSpeechSaysWhatIsExpected() {
    assertThatThrownBy(() ->
            LibriSpeech.read(
                folder.resolve("LibriSpeech/dev-clean"),
                SUBSETS,
                BANKS,
                new Spelling.Letters(),
                Preparation.NONE))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("is not LibriSpeech")
        .hasMessageContaining("train-clean-100");
  }

  @Test
  void missingTranscriptsAndSoundsAreNamed() throws IOException {
    Files.writeString(file("19-198.trans.txt"), "19-198-0000 NORTHANGER\n");
    refused("19-198-0001.flac has no line in ", "19-198.trans.txt.");
    Files.delete(file("19-198-0001.flac"));
    Files.writeString(file("19-198.trans.txt"), "19-198-0000 A\n19-198-0001 B\n");
    refused("19-198.trans.txt:2 names 19-198-0001, but there is no 19-198-0001.flac beside it.");
    Files.delete(file("19-198.trans.txt"));
    refused("holds no 19-198.trans.txt, so nobody knows what is said in its 1 recordings.");
  }

  @Test
  void whatCannotBeSpeltIsNamedWithItsLine() throws IOException {
    Files.writeString(file("19-198.trans.txt"), "19-198-0000 A\n19-198-0001 A 4TH\n");
    refused("19-198.trans.txt:2: 19-198-0001 has '4', which is neither a letter");
    Files.writeString(file("19-198.trans.txt"), "19-198-0000 A\n19-198-0001\n");
    refused("19-198.trans.txt:2: 19-198-0001 has an empty transcript.");
  }

  @Test
  void moreLettersThanFramesAreNamedWithBothFiles() throws IOException {
    Files.writeString(
        file("19-198.trans.txt"), "19-198-0000 ABCDEFGHIJKLMNOPQRSSTUV\n19-198-0001 A\n");
    refused(
        "19-198-0000.flac has 23 frames, but its transcript (",
        "19-198.trans.txt:1) has 23 labels, which need 24 of them.");
  }

  @Test
  void brokenSoundsAreNamed() throws IOException {
    Files.write(file("19-198-0000.flac"), Arrays.copyOf(Tones.wav(16000, 440, SAMPLES), 30));
    refused("19-198-0000.flac ends within its header, at byte 30.");
    Files.write(file("19-198-0000.flac"), Tones.wav(16000, 440, 399));
    refused("19-198-0000.flac is too short: it has 399 samples, and a frame has 400.");
    Files.write(file("19-198-0000.flac"), Tones.wav(8000, 440, SAMPLES));
    refused("19-198-0000.flac has 8000 samples per second; expected are 16000.");
  }

  @Test
  void badUtterancesAreLeftOutWithTheirReasonWhereThatIsWanted() throws IOException {
    Files.writeString(
        file("19-198.trans.txt"), "19-198-0000 A 4TH\n19-198-0001 GOOD\n19-198-0009 GONE\n");
    Files.write(folder.resolve("LibriSpeech/train-clean-100/26/495/26-495-0000.flac"), new byte[0]);
    final var left = new Skipping();
    final Split split = read(left);
    assertThat(split.train().sequences())
        .extracting(Sequence::id)
        .containsExactly("19-198-0001", "19-227-0000");
    assertThat(left.reasons)
        .hasSize(3)
        .anyMatch(reason -> reason.contains("19-198-0009"))
        .anyMatch(reason -> reason.contains("'4'"))
        .anyMatch(reason -> reason.contains("26-495-0000.flac is empty"));
  }

  @Test
  void aSubsetOfWhichNothingIsLeftIsRefusedAllTheSame() throws IOException {
    Files.write(folder.resolve("LibriSpeech/dev-clean/84/121123/84-121123-0000.flac"), new byte[0]);
    assertThatThrownBy(() -> read(new Skipping()))
        .isInstanceOf(DataException.class)
        .hasMessage("Not one utterance of dev-clean can be used.");
  }

  @Test
  void theRealSampleIsReadWithLettersAndWithPhones() {
    final Path data = data();
    final Path sample = data.resolve("librispeech_sample");
    final Subsets subsets =
        new Subsets(List.of("train-clean-100"), List.of(), List.of("test-other"));
    final Split letters =
        LibriSpeech.read(sample, subsets, BANKS, new Spelling.Letters(), Preparation.NONE);
    assertThat(letters.train().size()).isEqualTo(103);
    assertThat(letters.test().size()).isEqualTo(78);
    final var left = new Skipping();
    final Split phones =
        LibriSpeech.read(
            sample,
            subsets,
            BANKS,
            Pronunciations.read(data.resolve("cmudict/cmudict.dict")),
            left);
    assertThat(phones.train().size() + phones.test().size() + left.reasons.size()).isEqualTo(181);
    assertThat(left.reasons).isNotEmpty().allMatch(reason -> reason.contains("has the word '"));
  }

  private static Path data() {
    final String named = System.getenv("RHEOBASE_DATA");
    final Path data = named == null ? Path.of("../../shared/data") : Path.of(named);
    Assumptions.assumeTrue(
        Files.isDirectory(data.resolve("librispeech_sample")), "no sample of LibriSpeech");
    return data;
  }
}
