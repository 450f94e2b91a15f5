package rheobase.data.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rheobase.data.DataException;
import rheobase.data.Preparation;
import rheobase.data.RandomStream;
import rheobase.data.Sequence;
import rheobase.data.Signal;
import rheobase.data.Skipping;
import rheobase.data.Split;
import rheobase.data.sound.KaldiFeatures;

class TimitTest {
  private static final Timit.Reading PUBLISHED = new Timit.Reading(Phones.Labels.PUBLISHED, 0);
  private static final Timit.Reading PLAIN = new Timit.Reading(Phones.Labels.PLAIN, 0);

  /** Of 2000 samples: 11 frames. */
  private static final int SAMPLES = 2000;

  private static final String PHONES = "0 500 h#\n500 610 dcl\n610 1200 ao\n1200 1700 h#\n";

  @TempDir Path folder;

  // Trees

  @Test
  void theCorpusIsReadInCapitalsWithItsOwnTestSet() throws IOException {
    corpus(folder, true);
    final Split split = read(PUBLISHED);
    assertThat(split.train().sequences())
        .extracting(Sequence::id)
        .containsExactly("dr1-fcjf0-si648", "dr1-fcjf0-sx37", "dr2-marc0-sx108");
    assertThat(split.test().size()).isEqualTo(24);
    assertThat(split.validation().size()).isEqualTo(50);
    assertThat(split.test().sequences()).extracting(Sequence::group).contains("dr1-mdab0");
    assertThat(split.validation().sequences()).extracting(Sequence::group).contains("dr1-faks0");
  }

  @Test
  void smallLettersAndAFolderAroundMakeNoDifference() throws IOException {
    corpus(folder.resolve("one"), true);
    corpus(folder.resolve("other").resolve("timit"), false);
    final Split one = Timit.read(folder.resolve("one"), PUBLISHED, Preparation.NONE);
    final Split other = Timit.read(folder.resolve("other"), PUBLISHED, Preparation.NONE);
    assertThat(other.train().sha256()).isEqualTo(one.train().sha256());
    assertThat(other.test().sha256()).isEqualTo(one.test().sha256());
  }

  @Test
  void theSampleHasFourSpeakersForTheTest() throws IOException {
    sample();
    final Split split = read(PUBLISHED);
    assertThat(split.test().sequences())
        .extracting(Sequence::group)
        .containsExactly("dr2-faem0", "dr4-maeb0", "dr6-fapb0", "dr8-mbcg0");
    assertThat(split.train().sequences())
        .extracting(Sequence::id)
        .containsExactly("dr1-fvmh0-si836", "dr1-fvmh0-sx26");
    assertThat(split.validation().size()).isZero();
  }

  @Test
  void soundsMayBeSphereOrRiff() throws IOException {
    sample();
    final Path sound = folder.resolve("dr1-fvmh0/sx26.wav");
    final float[] riff = ((Signal.Dense) first().signal()).values();
    Files.write(sound, Tones.sphere(16000, 440, SAMPLES));
    assertThat(((Signal.Dense) first().signal()).values()).isEqualTo(riff);
  }

  @Test
  void aFolderThatIsNoTimitSaysWhatIsExpected() throws IOException {
    Files.createDirectory(folder.resolve("recordings"));
    refused("is neither TIMIT", "LDC93S1", "TRAIN and TEST", "dr1-fvmh0");
  }

  @Test
  void halfACorpusIsRefused() throws IOException {
    speaker(folder.resolve("TRAIN"), "DR1", "FCJF0", true, "SX37");
    refused("holds no folder TEST");
  }

  @Test
  void speakersThatTheTestSetLacksAreNamed() throws IOException {
    corpus(folder, true);
    delete(folder.resolve("TEST/DR1/MDAB0"));
    refused("lacks 1 of the 24 speakers of the core test set: mdab0.");
  }

  @Test
  void aSampleWithoutItsTestSpeakersIsRefused() throws IOException {
    sample();
    delete(folder.resolve("dr6-fapb0"));
    refused("lacks 1 of the 4 speakers of the test set: fapb0.");
  }

  @Test
  void aSpeakerWithoutSentencesIsNamed() throws IOException {
    sample();
    Files.createDirectory(folder.resolve("dr5-ftlg0"));
    refused("dr5-ftlg0 holds no sentence");
  }

  // Targets

  @Test
  void aFrameHasThePhoneAtItsShareOfTheRecording() throws IOException {
    sample();
    final Sequence sequence = first();
    // frame i of 11 looks at sample 2000 i / 11: 0, 181, 363, 545, 727, ...
    assertThat(names(sequence, Phones.Labels.PUBLISHED))
        .containsExactly(
            "silence", "silence", "silence", "dcl", "ao", "ao", "ao", "silence", "silence",
            "silence", "silence");
  }

  @Test
  void plainLabelsAreThoseInTheMiddleOfTheWindow() throws IOException {
    sample();
    final Sequence sequence = read(PLAIN).train().sequences().getLast();
    // frame i looks at sample 160 i + 200: 200, 360, 520, 680, ...
    assertThat(names(sequence, Phones.Labels.PLAIN))
        .containsExactly("h#", "h#", "dcl", "ao", "ao", "ao", "ao", "h#", "h#", "h#", "h#");
  }

  @Test
  void silenceBehindTheLastLabelIsNotAnnotated() throws IOException {
    sample();
    final boolean[] annotated = read(PLAIN).train().sequences().getLast().annotated();
    // the labels end at sample 1700; the last frames look at 1640 and 1800
    assertThat(annotated).hasSize(11);
    assertThat(IntStream.range(0, 11).filter(i -> !annotated[i])).containsExactly(10);
  }

  @Test
  void publishedLabelsGatherSilenceInTheLastOfSixtyOneClasses() {
    final List<String> classes = Phones.Labels.PUBLISHED.classes();
    assertThat(classes).hasSize(61).doesNotHaveDuplicates();
    final var numbers = Phones.Labels.PUBLISHED.numbers();
    assertThat(List.of(numbers.get("h#"), numbers.get("pau"), numbers.get("epi"))).containsOnly(60);
    assertThat(numbers).containsEntry("dcl", 6).containsEntry("b", 8).containsEntry("ax-h", 59);
    assertThat(numbers.values()).doesNotContain(1, 4);
    assertThat(numbers).hasSize(61);
    for (String symbol : Phones.SYMBOLS) {
      assertThat(Phones.Labels.PLAIN.numbers().get(symbol))
          .isEqualTo(Phones.SYMBOLS.indexOf(symbol));
    }
  }

  @Test
  void bothLabelsFoldTo39Phones() {
    for (Phones.Labels labels : List.of(Phones.Labels.PUBLISHED, Phones.Labels.PLAIN)) {
      final List<Integer> groups = labels.folding().groups();
      assertThat(groups.stream().filter(group -> group >= 0).distinct()).hasSize(39);
      final var numbers = labels.numbers();
      assertThat(groups.get(numbers.get("q"))).isEqualTo(-1);
      assertThat(groups.get(numbers.get("ao"))).isEqualTo(groups.get(numbers.get("aa")));
      assertThat(groups.get(numbers.get("pcl"))).isEqualTo(groups.get(numbers.get("h#")));
      assertThat(groups.get(numbers.get("s"))).isNotEqualTo(groups.get(numbers.get("sh")));
    }
  }

  @Test
  void fortyEightPhonesAndTheirStatesFoldTo39Too() {
    assertThat(Phones.Labels.PHONES_48.classes())
        .hasSize(48)
        .contains("cl", "vcl", "sil", "epi", "zh", "el", "en", "ix", "ax")
        .doesNotContain("q", "axr", "h#", "ux");
    assertThat(Phones.Labels.STATES_48.classes()).hasSize(144).startsWith("vcl.1", "vcl.2");
    for (Phones.Labels labels : List.of(Phones.Labels.PHONES_48, Phones.Labels.STATES_48)) {
      final List<Integer> groups = labels.folding().groups();
      assertThat(groups).doesNotContain(-1);
      assertThat(groups.stream().distinct()).hasSize(39);
      final var numbers = labels.numbers();
      assertThat(numbers).hasSize(60).doesNotContainKey("q");
      for (String symbol : Phones.SYMBOLS) {
        if (!symbol.equals("q")) {
          assertThat(Phones.Labels.PLAIN.folding().groups().get(Phones.SYMBOLS.indexOf(symbol)))
              .as(symbol)
              .satisfies(group -> assertThat(sameGroup(group, labels)).contains(symbol));
        }
      }
    }
  }

  /** The symbols that fall into a group of the 39 when they were first gathered into 48. */
  private static List<String> sameGroup(int group, Phones.Labels labels) {
    final List<Integer> plain = Phones.Labels.PLAIN.folding().groups();
    final String any = Phones.SYMBOLS.get(plain.indexOf(group));
    final List<Integer> groups = labels.folding().groups();
    final var numbers = labels.numbers();
    return Phones.SYMBOLS.stream()
        .filter(symbol -> !symbol.equals("q"))
        .filter(symbol -> groups.get(numbers.get(symbol)).equals(groups.get(numbers.get(any))))
        .toList();
  }

  // Kaldi features and other targets

  private static Timit.Reading kaldi(Phones.Labels labels, Timit.Targets targets) {
    return new Timit.Reading(
        labels,
        targets,
        0,
        new SpeechFeatures(KaldiFeatures.Kind.FILTER_BANK, 40, 0, Speakers.MEAN));
  }

  @Test
  void statesAreThirdsOfAPhone() throws IOException {
    sample();
    phones("0 960 h#\n960 1600 kcl\n1600 2000 sh\n");
    final Sequence sequence =
        read(kaldi(Phones.Labels.STATES_48, Timit.Targets.FRAMES)).train().sequences().getLast();
    // frame i of 11 looks at sample 160 i + 200: 200, 360, 520, 680, 840, 1000, ...
    assertThat(names(sequence, Phones.Labels.STATES_48))
        .containsExactly(
            "sil.1", "sil.2", "sil.2", "sil.3", "sil.3", "cl.1", "cl.1", "cl.2", "cl.3", "sh.1",
            "sh.2");
    assertThat(sequence.channels()).isEqualTo(40);
    assertThat(sequence.annotated()).doesNotContain(false);
  }

  @Test
  void whatSurroundsAGlottalStopTakesHalfOfItsTimeEach() throws IOException {
    sample();
    phones("0 500 h#\n500 900 q\n900 1100 ao\n1100 1200 q\n1200 1300 q\n1300 2000 h#\n");
    final Sequence sequence =
        read(kaldi(Phones.Labels.PHONES_48, Timit.Targets.FRAMES)).train().sequences().getLast();
    // 200, 360, 520, 680, 840, 1000, 1160, 1320: ao is from 700 to 1200
    assertThat(names(sequence, Phones.Labels.PHONES_48))
        .startsWith("sil", "sil", "sil", "sil", "ao", "ao", "ao", "sil");
    phones("0 2000 q\n");
    assertThatThrownBy(() -> read(kaldi(Phones.Labels.PHONES_48, Timit.Targets.FRAMES)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("sx26.phn holds no phone but q");
  }

  @Test
  void transcriptsAreThePhonesInOrder() throws IOException {
    sample();
    phones("0 500 h#\n500 600 q\n600 1100 axr\n1100 1300 tcl\n1300 2000 h#\n");
    final Split split = read(kaldi(Phones.Labels.PHONES_48, Timit.Targets.TRANSCRIPT));
    final Sequence sequence = split.train().sequences().getLast();
    assertThat(sequence.transcribed()).isTrue();
    assertThat(split.train().classes()).hasSize(49).endsWith("blank");
    assertThat(Arrays.stream(sequence.targets()).mapToObj(split.train().classes()::get))
        .containsExactly("sil", "er", "cl", "sil");
    assertThat(
            read(kaldi(Phones.Labels.PLAIN, Timit.Targets.TRANSCRIPT))
                .train()
                .sequences()
                .getLast()
                .targets())
        .hasSize(5);
    assertThat(Phones.foldingOf(Phones.Labels.PHONES_48.transcriptClasses()).groups().getLast())
        .isEqualTo(-1);
  }

  @Test
  void morePhonesThanFramesAreNamed() throws IOException {
    sample();
    final var lines = new StringBuilder();
    for (int i = 0; i < 10; i++) {
      lines.append(i * 190).append(' ').append(i * 190 + 190).append(" aa\n");
    }
    phones(lines + "1900 2000 h#\n");
    assertThatThrownBy(() -> read(kaldi(Phones.Labels.PLAIN, Timit.Targets.TRANSCRIPT)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("sx26.wav has 11 frames, but ")
        .hasMessageContaining("sx26.phn has 11 phones, which need 20 of them.");
  }

  @Test
  void transcriptsOfStatesAreRefused() {
    assertThatThrownBy(() -> kaldi(Phones.Labels.STATES_48, Timit.Targets.TRANSCRIPT))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("the labels states_48 are of frames");
  }

  @Test
  void badSentencesAreLeftOutWithTheirReasonWhereThatIsWanted() throws IOException {
    sample();
    phones("0 500 h#\n500 2000 qq\n");
    Files.delete(folder.resolve("dr2-faem0/sx42.wav"));
    speaker(folder, "", "dr2-faem0", false, "sx43");
    final var left = new Skipping();
    final Split split = Timit.read(folder, PLAIN, left);
    assertThat(split.train().sequences())
        .extracting(Sequence::id)
        .containsExactly("dr1-fvmh0-si836");
    assertThat(split.test().size()).isEqualTo(4);
    assertThat(left.reasons)
        .hasSize(2)
        .anyMatch(reason -> reason.contains("sx26.phn:2 names 'qq'"))
        .anyMatch(reason -> reason.contains("sx42.phn has no SX42.WAV beside it"));
  }

  // Segments

  @Test
  void segmentsCoverAnUtteranceAndTheLastOverlaps() {
    assertThat(starts(23, 10)).containsExactly(0, 10, 13);
    assertThat(starts(20, 10)).containsExactly(0, 10, 10);
    assertThat(starts(10, 10)).containsExactly(0, 0);
    assertThat(starts(23, 0)).containsExactly(0);
  }

  @Test
  void aShortUtteranceRepeatsItsLastFrame() {
    final Sequence piece = Timit.pieces(counting(3), 5).getFirst();
    assertThat(piece.values()).containsExactly(0, 1, 2, 2, 2);
    assertThat(piece.targets()).containsExactly(0, 1, 2, 2, 2);
  }

  @Test
  void segmentsAreMadeOfEverySet() throws IOException {
    sample();
    final Split split = read(new Timit.Reading(Phones.Labels.PLAIN, 4));
    assertThat(split.test().sequences()).allMatch(sequence -> sequence.steps() == 4);
    assertThat(split.test().sequences())
        .extracting(Sequence::id)
        .startsWith("dr2-faem0-sx42/0", "dr2-faem0-sx42/1", "dr2-faem0-sx42/2");
  }

  // Broken files

  @Test
  void aSoundWithoutPhonesIsNamed() throws IOException {
    sample();
    Files.delete(folder.resolve("dr1-fvmh0/sx26.phn"));
    refused("sx26.wav has no SX26.PHN beside it");
  }

  @Test
  void phonesWithoutASoundAreNamed() throws IOException {
    sample();
    Files.delete(folder.resolve("dr1-fvmh0/sx26.wav"));
    refused("sx26.phn has no SX26.WAV beside it");
  }

  @Test
  void whatIsWrongWithPhonesIsToldWithItsLine() throws IOException {
    sample();
    phones("0 500 h#\n500 610 dkl\n");
    refused("sx26.phn:2 names 'dkl', which is none of TIMIT's 61 phones.");
    phones("0 500 h#\n500 dcl\n");
    refused("sx26.phn:2 is '500 dcl'; expected is 'from to phone', such as '0 3050 h#'.");
    phones("0 500 h#\n500 6x0 dcl\n");
    refused("sx26.phn:2 is '500 6x0 dcl'");
    phones("0 500 h#\n500 400 dcl\n");
    refused("sx26.phn:2 is a label from sample 500 to 400");
    phones("");
    refused("sx26.phn is empty");
  }

  @Test
  void framesWithoutALabelAreNamed() throws IOException {
    sample();
    phones("100 2000 h#\n");
    refused("sx26.phn:1 begins at sample 100, but the labels before it end at 0");
    phones("0 500 h#\n\n700 2000 ao\n");
    refused("sx26.phn:3 begins at sample 700, but the labels before it end at 500");
    phones("0 500 h#\n500 1500 ao\n");
    refused(
        "sx26.phn:2 is the last label and ends at sample 1500 with 'ao', but the recording has"
            + " 2000");
  }

  @Test
  void labelsOfAnotherRecordingAreNoticed() throws IOException {
    sample();
    phones("0 500 h#\n500 2000 ao\n2000 2700 s\n");
    refused("sx26.phn:3 labels a phone from sample 2000 on, but the recording has only 2000.");
    phones("0 500 h#\n400 2000 ao\n");
    refused("sx26.phn:2 begins at sample 400, but the label before it ends at 500 only.");
  }

  @Test
  void brokenSoundsAreNamed() throws IOException {
    sample();
    final Path sound = folder.resolve("dr1-fvmh0/sx26.wav");
    final byte[] whole = Files.readAllBytes(sound);
    Files.write(sound, Arrays.copyOf(whole, 700));
    refused("sx26.wav is cut short");
    Files.write(sound, new byte[0]);
    refused("sx26.wav is empty");
    Files.write(sound, Tones.wav(16000, 440, 400));
    refused("sx26.wav has 400 samples; two frames need 401 at least.");
    Files.write(sound, Tones.wav(8000, 440, SAMPLES));
    refused("sx26.wav has 8000 samples per second; those of TIMIT have 16000.");
  }

  @Test
  void theRealSampleHasEveryPhone() {
    final Split split = Timit.read(realSample(), PLAIN, Preparation.NONE);
    assertThat(split.train().size()).isEqualTo(96);
    assertThat(split.test().size()).isEqualTo(32);
    final IntStream targets =
        sentences(split).stream().flatMapToInt(sequence -> Arrays.stream(sequence.targets()));
    assertThat(targets.distinct().count()).isEqualTo(61);
  }

  @Test
  void publishedLabelsAreThoseOfTheMiddleInNineFramesOfTen() {
    final Path sample = realSample();
    final List<Sequence> published = sentences(Timit.read(sample, PUBLISHED, Preparation.NONE));
    final List<Sequence> plain = sentences(Timit.read(sample, PLAIN, Preparation.NONE));
    int frames = 0;
    int different = 0;
    for (int i = 0; i < plain.size(); i++) {
      final int[] targets = plain.get(i).targets();
      for (int frame = 0; frame < targets.length; frame++) {
        final String symbol = Phones.SYMBOLS.get(targets[frame]);
        final int expected = Phones.Labels.PUBLISHED.numbers().get(symbol);
        frames++;
        different += published.get(i).targets()[frame] == expected ? 0 : 1;
      }
    }
    assertThat(frames).isEqualTo(38_895);
    assertThat(different).isEqualTo(4_102);
  }

  @Test
  void damagedTranscriptionsEndInASentenceThatNamesThem() throws IOException {
    sample();
    for (int trial = 0; trial < 300; trial++) {
      final var random = RandomStream.of(1, "damage", trial);
      final byte[] damaged = PHONES.getBytes();
      for (int flips = 1 + trial % 3; flips > 0; flips--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      Files.write(
          folder.resolve("dr1-fvmh0/sx26.phn"),
          trial % 4 == 0 ? Arrays.copyOf(damaged, random.nextInt(damaged.length)) : damaged);
      final Throwable refusal = catchThrowable(() -> read(PLAIN));
      if (refusal != null) {
        assertThat(refusal).isInstanceOf(DataException.class).hasMessageContaining("sx26.phn");
      }
    }
  }

  private static List<Sequence> sentences(Split split) {
    return Stream.of(split.train(), split.test()).flatMap(set -> set.sequences().stream()).toList();
  }

  private static Path realSample() {
    final String data = System.getenv("RHEOBASE_DATA");
    final Path sample =
        (data == null ? Path.of("../../shared/data") : Path.of(data)).resolve("timit_sample");
    Assumptions.assumeTrue(Files.isDirectory(sample), "no sample of TIMIT at " + sample);
    return sample;
  }

  // Making and reading trees

  private Split read(Timit.Reading reading) {
    return Timit.read(folder, reading, Preparation.NONE);
  }

  /** Of the sentence sx26, as published. */
  private Sequence first() {
    return read(PUBLISHED).train().sequences().getLast();
  }

  private static List<String> names(Sequence sequence, Phones.Labels labels) {
    return Arrays.stream(sequence.targets()).mapToObj(labels.classes()::get).toList();
  }

  /** Where the pieces of an utterance begin. */
  private static List<Integer> starts(int steps, int length) {
    return Timit.pieces(counting(steps), length).stream()
        .map(piece -> (int) piece.values()[0])
        .toList();
  }

  /** One channel and one class that count the frames. */
  private static Sequence counting(int steps) {
    final float[] values = new float[steps];
    for (int i = 0; i < steps; i++) {
      values[i] = i;
    }
    return new Sequence(
        "u", "g", steps, 1, values, IntStream.range(0, steps).toArray(), new boolean[steps]);
  }

  private void sample() throws IOException {
    speaker(folder, "", "dr1-fvmh0", false, "sa1", "si836", "sx26");
    speaker(folder, "", "dr2-faem0", false, "sx42");
    speaker(folder, "", "dr4-maeb0", false, "sa2", "sx90");
    speaker(folder, "", "dr6-fapb0", false, "sx73");
    speaker(folder, "", "dr8-mbcg0", false, "sx57");
    Files.writeString(folder.resolve("readme.doc"), "not looked at");
  }

  private static void corpus(Path folder, boolean capitals) throws IOException {
    final Path train = folder.resolve(named("train", capitals));
    speaker(train, "dr1", "fcjf0", capitals, "sa1", "si648", "sx37");
    speaker(train, "dr2", "marc0", capitals, "sx108");
    final Path test = folder.resolve(named("test", capitals));
    for (String speaker : Timit.CORE_TEST) {
      speaker(test, "dr1", speaker, capitals, "sa1", "sx1");
    }
    for (String speaker : Timit.DEVELOPMENT) {
      speaker(test, "dr1", speaker, capitals, "sx1");
    }
    speaker(test, "dr3", "mrtk9", capitals, "sx1");
  }

  private static void speaker(
      Path part, String region, String speaker, boolean capitals, String... sentences)
      throws IOException {
    final Path own = part.resolve(named(region, capitals)).resolve(named(speaker, capitals));
    Files.createDirectories(own);
    for (String sentence : sentences) {
      Files.write(own.resolve(named(sentence + ".wav", capitals)), Tones.wav(16000, 440, SAMPLES));
      Files.writeString(own.resolve(named(sentence + ".phn", capitals)), PHONES);
      Files.writeString(own.resolve(named(sentence + ".txt", capitals)), "0 2000 Never mind.\n");
    }
  }

  private static String named(String name, boolean capitals) {
    return capitals ? name.toUpperCase(Locale.ROOT) : name;
  }

  private void phones(String text) throws IOException {
    Files.writeString(folder.resolve("dr1-fvmh0/sx26.phn"), text);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> inside = Files.list(folder)) {
      for (Path file : inside.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  private void refused(String... parts) {
    final var refusal = assertThatThrownBy(() -> read(PUBLISHED)).isInstanceOf(DataException.class);
    for (String part : parts) {
      refusal.hasMessageContaining(part);
    }
  }
}
