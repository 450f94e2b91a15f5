package rheobase.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rheobase.data.speech.Phones;
import rheobase.data.text.Alignment;
import rheobase.data.text.ErrorCounts;
import rheobase.network.model.ModelFile;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Networks that learn tones, evaluated and let to transcribe, all by the command. */
class TranscribeTest {
  /** Of a frame, of its window of 25 ms, and of what a network may be late by. */
  private static final double TOLERANCE = 0.035;

  @TempDir private static Path folder;

  private static final String NETWORK =
      """
      readout = "each_step"

      [[layer]]
      name = "hidden"
      cell = "gru"
      units = 16
      recurrent = true
      weights = { input = "xavier", recurrent = "orthogonal", bias = "constant(0)" }

      [[layer]]
      name = "output"
      cell = "linear"
      units = %d
      weights = { input = "xavier", bias = "constant(0)" }

      [loss]
      kind = "%s"

      [training]
      epochs = %d
      batch = 4
      micro_batch = 4
      optimizer = { kind = "adam", rate = 0.02 }
      clip_norm = 5
      seed = 1
      select_on = "validation"
      """;

  private static Rheo rheo(String... arguments) {
    return Rheo.call(folder, arguments);
  }

  private static JsonNode json(String text) {
    return JsonMapper.builder().build().readTree(text);
  }

  private static String train(
      String name, String folderOfData, String data, int units, String loss, int epochs)
      throws IOException {
    // what belongs to no table stands first
    var network = NETWORK.formatted(units, loss, epochs);
    Files.writeString(
        folder.resolve(name + ".toml"), "name = \"" + name + "\"\n" + network + "\n" + data);
    var run =
        rheo(
            "train",
            "./" + name + ".toml",
            "--data",
            folderOfData,
            "--threads",
            "1",
            "--quiet",
            "--out",
            name);
    assertThat(run.status()).as(run.err()).isZero();
    return run.out();
  }

  private static String frames;

  @BeforeAll
  static void learnTones() throws IOException {
    ToneSpeech.timit(folder.resolve("timit"), 20, 3);
    frames =
        train(
            "frames",
            "timit",
            """
            [data]
            source = "timit"
            labels = "phones_48"
            validation = 0.3
            """,
            48,
            "cross_entropy",
            6);
    train(
        "transcripts",
        "timit",
        """
        [data]
        source = "timit"
        labels = "phones_48"
        targets = "transcript"
        features = "mfcc"
        speakers = "mean_and_deviation"
        validation = 0.3
        """,
        49,
        "ctc",
        25);
    var counts = Map.of("train-tones", 60, "dev-tones", 12, "test-tones", 12);
    ToneSpeech.sentences(folder.resolve("sentences"), counts);
    train(
        "letters",
        "sentences",
        """
        [data]
        source = "librispeech"
        train = "train-tones"
        validation = "dev-tones"
        test = "test-tones"
        speakers = "mean_and_deviation"
        """,
        29,
        "ctc",
        20);
  }

  @Test
  void phonesAreCountedAfterViterbiWithScalesOfTheValidationSet() {
    var run = rheo("evaluate", "frames/model.rheo", "--data", "timit");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("read frame by frame", "read by Viterbi", "PER, no silence")
        .containsPattern("acoustic [0-9.]+, language [0-9.]+, insertion -?[0-9.]+, chosen on val");
    var decoded =
        json(rheo("evaluate", "frames/model.rheo", "--data", "timit", "--json").out())
            .get("decoded");
    var viterbi = decoded.get(1);
    assertThat(viterbi.get("by").asString()).isEqualTo("viterbi");
    var rate = viterbi.get("phoneErrorRate");
    assertThat(rate.get("rate").asDouble()).isLessThan(0.1);
    assertThat(rate.get("rate").asDouble())
        .isEqualTo(
            (rate.get("substitutions").asDouble()
                    + rate.get("deletions").asDouble()
                    + rate.get("insertions").asDouble())
                / rate.get("labels").asDouble());
    assertThat(viterbi.at("/phoneErrorRateWithoutSilence/labels").asInt())
        .as("two pauses in each of twelve sentences")
        .isEqualTo(rate.get("labels").asInt() - 24);
  }

  @Test
  void trainingTellsWhatEvaluatingTells() throws IOException {
    assertThat(frames).contains("read by Viterbi", "chosen on validation");
    var trained = json(Files.readString(folder.resolve("frames/result.json")));
    var evaluated =
        json(
            rheo("evaluate", "frames/model.rheo", "--data", "timit", "--threads", "3", "--json")
                .out());
    assertThat(trained.get("decoded")).isEqualTo(evaluated.get("decoded"));
  }

  private static List<Path> sentences(List<String> speakers) {
    var files = new ArrayList<Path>();
    for (var speaker : speakers) {
      for (int n = 1; n <= 3; n++) {
        files.add(Path.of("timit", speaker, "sx" + n + ".wav"));
      }
    }
    return files;
  }

  private static final List<Path> TEST =
      sentences(List.of("dr2-faem0", "dr4-maeb0", "dr6-fapb0", "dr8-mbcg0"));

  private static JsonNode transcribed(String model, List<Path> files) {
    var arguments = new ArrayList<>(List.of("transcribe", "--json", model));
    files.forEach(file -> arguments.add(file.toString()));
    var run = rheo(arguments.toArray(String[]::new));
    assertThat(run.status()).as(run.err()).isZero();
    return json(run.out()).get("files");
  }

  /** Phones of a transcript in the classes that are scored. */
  private static int[] folded(List<String> names, boolean silence) {
    var known = new ArrayList<>(Phones.Labels.PHONES_48.classes());
    known.add("h#");
    var folding = silence ? Phones.foldingOf(known) : Phones.foldingWithoutSilence(known);
    return folding.fold(names.stream().mapToInt(known::indexOf).toArray());
  }

  private static List<String> labels(JsonNode file) {
    return StreamSupport.stream(file.get("said").spliterator(), false)
        .map(each -> each.get("label").asString())
        .toList();
  }

  private static List<String[]> phn(Path wav) throws IOException {
    var file = folder.resolve(wav.toString().replace(".wav", ".phn"));
    return Files.readAllLines(file).stream().map(line -> line.split(" ")).toList();
  }

  @Test
  void whatIsTranscribedIsWhatWasEvaluated() throws IOException {
    var counts = ErrorCounts.NONE;
    int file = 0;
    for (var transcript : transcribed("frames/model.rheo", TEST)) {
      var said = phn(TEST.get(file++)).stream().map(line -> line[2]).toList();
      counts =
          counts.plus(Alignment.of(folded(said, true), folded(labels(transcript), true)).counts());
    }
    var evaluated =
        json(rheo("evaluate", "frames/model.rheo", "--data", "timit", "--json").out())
            .at("/decoded/1/phoneErrorRate");
    assertThat(counts.said()).isEqualTo(evaluated.get("labels").asLong());
    assertThat(counts.substitutions()).isEqualTo(evaluated.get("substitutions").asLong());
    assertThat(counts.deletions()).isEqualTo(evaluated.get("deletions").asLong());
    assertThat(counts.insertions()).isEqualTo(evaluated.get("insertions").asLong());
  }

  @Test
  void aModelThatKeepsNoTranscriptsIsReadFrameByFrameAndEachPhoneIsOne() throws IOException {
    // one that has learnt little, so that the states of a phone go back and forth
    var data = "[data]\nsource = \"timit\"\nlabels = \"states_48\"\nvalidation = 0.3\n";
    train("states", "timit", data, 144, "cross_entropy", 1);
    var kept = ModelFile.read(folder.resolve("states/model.rheo"));
    var less = new HashMap<>(kept.provenance());
    assertThat(less.remove("decoding")).isNotNull();
    new ModelFile(kept.network(), less, kept.weights()).write(folder.resolve("older.rheo"));
    var run = rheo("transcribe", "--json", "older.rheo", TEST.getFirst().toString());
    assertThat(run.status()).isZero();
    assertThat(run.err())
        .isEqualToIgnoringNewLines(
            "rheo: older.rheo keeps nothing of its training transcripts, so its phones are read"
                + " frame by frame; training writes it into the model file");
    var labels = labels(json(run.out()).at("/files/0"));
    assertThat(labels).hasSizeGreaterThan(3);
    for (int i = 1; i < labels.size(); i++) {
      assertThat(labels.get(i)).as("phone %d", i).isNotEqualTo(labels.get(i - 1));
    }
  }

  /** How many of the files were transcribed without an error, and with times that fit. */
  private static int right(JsonNode files, boolean silence, double late, double early)
      throws IOException {
    int right = 0;
    for (int i = 0; i < TEST.size(); i++) {
      var lines = phn(TEST.get(i)).stream().filter(l -> silence || !l[2].equals("h#")).toList();
      var said = new ArrayList<JsonNode>();
      files
          .get(i)
          .get("said")
          .forEach(each -> {
            if (silence || !each.get("label").asString().equals("sil")) {
              said.add(each);
            }
          });
      var expected = lines.stream().map(line -> line[2].replace("h#", "sil")).toList();
      if (!said.stream().map(each -> each.get("label").asString()).toList().equals(expected)) {
        continue;
      }
      right++;
      for (int k = 0; k < said.size(); k++) {
        double from = Integer.parseInt(lines.get(k)[0]) / (double) ToneSpeech.RATE;
        double to = Integer.parseInt(lines.get(k)[1]) / (double) ToneSpeech.RATE;
        assertThat(said.get(k).get("begin").asDouble())
            .as("%s, begin of %d", TEST.get(i), k)
            .isBetween(from - TOLERANCE, from + late);
        assertThat(said.get(k).get("end").asDouble())
            .as("%s, end of %d", TEST.get(i), k)
            .isBetween(to - early, to + late);
      }
    }
    return right;
  }

  @Test
  void phonesBeginAndEndWhereTheyWereSaid() throws IOException {
    var files = transcribed("frames/model.rheo", TEST);
    assertThat(right(files, true, TOLERANCE, TOLERANCE)).isGreaterThanOrEqualTo(9);
    for (var file : files) {
      double end = 0;
      for (var said : file.get("said")) {
        assertThat(said.get("begin").asDouble()).as("without a gap").isEqualTo(end);
        end = said.get("end").asDouble();
      }
      assertThat(end).isCloseTo(file.get("seconds").asDouble(), within(1e-6));
    }
  }

  @Test
  void labelsOfCtcAreNamedNoSoonerThanSaidAndNotMuchLater() throws IOException {
    // when a network trained by CTC names a label is its own affair: one that looks back only may
    // wait for the next
    assertThat(right(transcribed("transcripts/model.rheo", TEST), false, 0.3, 0.2))
        .isGreaterThanOrEqualTo(5);
  }

  @Test
  void peopleReadATableOfTimes() {
    var run = rheo("transcribe", "frames/model.rheo", TEST.getFirst().toString());
    assertThat(run.status()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out().lines().toList().getFirst()).matches(".*sx1\\.wav  \\d\\.\\d\\d s");
    assertThat(run.out().lines().toList().get(1)).matches(" +0\\.00 +0\\.\\d\\d  sil");
  }

  @Test
  void otherFormatsAndMoreSamplesSayTheSame() throws IOException {
    var random = new Random(77);
    var speech = ToneSpeech.phones(random);
    short[] samples = speech.samples(ToneSpeech.RATE, new Random(1));
    Files.write(folder.resolve("a.wav"), ToneSpeech.wav(ToneSpeech.RATE, samples));
    Files.write(folder.resolve("a.sph"), ToneSpeech.sphere(ToneSpeech.RATE, samples));
    Files.write(
        folder.resolve("a48.wav"), ToneSpeech.wav(48000, speech.samples(48000, new Random(1))));
    var run = rheo("transcribe", "--json", "frames/model.rheo", "a.wav", "a.sph", "a48.wav");
    assertThat(run.status()).isZero();
    assertThat(run.err())
        .isEqualToIgnoringNewLines(
            "rheo: a48.wav has 48000 samples per second; it is heard with 16000, as the training"
                + " data were");
    var files = json(run.out()).get("files");
    assertThat(files.get(1).get("said")).isEqualTo(files.get(0).get("said"));
    assertThat(labels(files.get(2))).isEqualTo(labels(files.get(0)));
    assertThat(labels(files.get(0)))
        .isEqualTo(speech.symbols().stream().map(s -> s.replace("h#", "sil")).toList());
  }

  @Test
  void aModelOfWholeRecordingsSaysOneLabelAFile() throws IOException {
    var recordings = Files.createDirectories(folder.resolve("fsdd"));
    var random = new Random(9);
    for (int digit = 0; digit < 10; digit++) {
      for (int take : new int[] {0, 5, 6, 7}) {
        short[] samples = new short[2400];
        for (int n = 0; n < samples.length; n++) {
          double tone = Math.sin(2 * Math.PI * 200 * Math.pow(1.3, digit) * n / 8000);
          samples[n] = (short) (8000 * tone + 900 * random.nextGaussian());
        }
        Files.write(
            recordings.resolve("%d_tone_%d.wav".formatted(digit, take)),
            ToneSpeech.wav(8000, samples));
      }
    }
    Files.writeString(
        folder.resolve("whole.toml"),
        "name = \"whole\"\n"
            + NETWORK.replace("each_step", "sum_of_softmax").formatted(10, "cross_entropy", 4)
            + "\n[data]\nsource = \"fsdd\"\nsteps = 50\nvalidation = 0.3\n");
    var trained =
        rheo("train", "./whole.toml", "--data", "fsdd", "--quiet", "--json", "--out", "whole");
    assertThat(trained.status()).as(trained.err()).isZero();
    var arguments = new ArrayList<>(List.of("transcribe", "--json", "whole/model.rheo"));
    for (int digit = 0; digit < 10; digit++) {
      arguments.add("fsdd/%d_tone_0.wav".formatted(digit));
    }
    var run = rheo(arguments.toArray(String[]::new));
    assertThat(run.status()).isZero();
    assertThat(run.err().lines())
        .hasSize(10)
        .contains(
            "rheo: fsdd/0_tone_0.wav lasts 0.30 s, but only the first 0.20 s are heard, as in"
                + " training");
    int right = 0;
    for (int digit = 0; digit < 10; digit++) {
      var file = json(run.out()).get("files").get(digit);
      assertThat(file.get("said").size()).isEqualTo(1);
      assertThat(file.at("/said/0/end").asDouble()).isCloseTo(0.2, within(1e-9));
      right += file.get("text").asString().equals(Integer.toString(digit)) ? 1 : 0;
    }
    assertThat(right / 10.0)
        .as("the share that was right in the test of the training")
        .isCloseTo(json(trained.out()).at("/test/accuracy").asDouble(), within(1e-9));
    assertThat(right).as("more than chance").isGreaterThan(2);
  }

  @Test
  void badFilesAreToldAndTheOthersTranscribed() throws IOException {
    byte[] whole = Files.readAllBytes(folder.resolve(TEST.getFirst()));
    Files.write(folder.resolve("cut.wav"), Arrays.copyOf(whole, whole.length - 1001));
    Files.write(folder.resolve("short.wav"), ToneSpeech.wav(16000, new short[200]));
    Files.write(folder.resolve("slow.wav"), ToneSpeech.wav(8000, new short[8000]));
    Files.writeString(folder.resolve("text.wav"), "not a sound");
    var run =
        rheo(
            "transcribe",
            "--json",
            "frames/model.rheo",
            "none.wav",
            "cut.wav",
            "short.wav",
            "slow.wav",
            "text.wav",
            "timit",
            TEST.getFirst().toString());
    assertThat(run.status()).isEqualTo(1);
    var lines = run.err().lines().toList();
    assertThat(lines).hasSize(6);
    assertThat(lines).allMatch(line -> line.startsWith("rheo: ") && line.endsWith("."));
    assertThat(lines.get(0)).contains("There is no file").contains("none.wav");
    assertThat(lines.get(1)).contains("cut.wav is cut short");
    assertThat(lines.get(2)).contains("short.wav has 200 samples; two frames need");
    assertThat(lines.get(3))
        .contains("slow.wav has 8000 samples per second, but the model was trained on 16000");
    assertThat(lines.get(4)).contains("text.wav is no sound file");
    assertThat(lines.get(5)).contains("timit is a folder");
    var files = json(run.out()).get("files");
    assertThat(files.get(1).get("error").asString()).contains("cut.wav is cut short");
    assertThat(labels(files.get(6))).startsWith("sil").endsWith("sil");
  }

  @Test
  void aModelThatHearsNothingIsRefused() {
    var trained = Rheo.small(folder, "train", "ecg", "--quiet", "--out", "ecg");
    assertThat(trained.status()).as(trained.err()).isZero();
    var run = rheo("transcribe", "ecg/model.rheo", TEST.getFirst().toString());
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("rheo: ecg/model.rheo was trained on 'synthetic_ecg', which is no sound");
    var evaluated = rheo("evaluate", "ecg/model.rheo", "--lm", "none.arpa");
    assertThat(evaluated.status()).isEqualTo(2);
    assertThat(evaluated.err()).contains("none.arpa is not there");
  }

  @Test
  void transcriptsAreReadGreedilyByABeamAndWithAModelOfLabels() throws IOException {
    var arpa = new StringBuilder("\\data\\\nngram 1=51\n\n\\1-grams:\n-99 <s>\n-1 </s>\n");
    for (var phone : Phones.Labels.PHONES_48.classes()) {
      boolean said = List.of("aa", "iy", "s", "sil").contains(phone);
      arpa.append(said ? "-0.7 " : "-4 ").append(phone).append('\n');
    }
    arpa.append("-9 <unk>\n\n\\end\\\n");
    Files.writeString(folder.resolve("phones.arpa"), arpa);
    var run =
        rheo(
            "evaluate",
            "transcripts/model.rheo",
            "--data",
            "timit",
            "--lm",
            "phones.arpa",
            "--json");
    assertThat(run.status()).as(run.err()).isZero();
    var result = json(run.out());
    var decoded = result.get("decoded");
    assertThat(decoded.size()).isEqualTo(3);
    assertThat(decoded.get(0).get("by").asString()).isEqualTo("greedy");
    assertThat(decoded.at("/0/phoneErrorRate/rate").asDouble())
        .as("the same as the score of the test set")
        .isEqualTo(result.at("/test/phoneErrorRate").asDouble());
    for (var each : decoded) {
      assertThat(each.at("/phoneErrorRate/rate").asDouble()).isLessThan(0.25);
    }
    assertThat(decoded.at("/2/scales/from").asString()).isEqualTo("chosen on validation");
    assertThat(decoded.at("/2/scales/weight").isNumber()).isTrue();
  }

  private static final String WORDS_ARPA =
      """
      \\data\\
      ngram 1=8

      \\1-grams:
      -99 <s>
      -0.7 </s>
      -0.9 ab
      -0.9 ba
      -0.9 ca
      -0.9 abc
      -0.9 cab
      -0.9 bac

      \\end\\
      """;

  @Test
  void wordsOfLettersAreCountedAndAModelOfWordsHelps() throws IOException {
    Files.writeString(folder.resolve("words.arpa"), WORDS_ARPA);
    var run =
        rheo(
            "evaluate",
            "letters/model.rheo",
            "--data",
            "sentences",
            "--lm",
            "words.arpa",
            "--json");
    assertThat(run.status()).as(run.err()).isZero();
    var decoded = json(run.out()).get("decoded");
    var beam = decoded.get(1);
    var withModel = decoded.get(2);
    assertThat(beam.at("/characterErrorRate/rate").asDouble()).isLessThan(0.3);
    assertThat(withModel.at("/wordErrorRate/rate").asDouble())
        .isLessThanOrEqualTo(beam.at("/wordErrorRate/rate").asDouble())
        .isLessThan(0.3);
    // without --lm nothing changes but that
    var without = rheo("evaluate", "letters/model.rheo", "--data", "sentences");
    assertThat(without.out()).contains("WER", "CER").doesNotContain("words.arpa");

    var files = new ArrayList<Path>();
    var said = new ArrayList<String>();
    for (var line : Files.readAllLines(folder.resolve("sentences/metadata.tsv"))) {
      var fields = line.split("\t");
      if (fields[2].equals("test-tones")) {
        files.add(Path.of("sentences", "wav", fields[0] + ".wav"));
        said.add(fields[3]);
      }
    }
    // all of one speaker at once are heard otherwise than each alone, but not by much
    var transcripts = transcribed("letters/model.rheo", files);
    var counts = ErrorCounts.NONE;
    for (int i = 0; i < files.size(); i++) {
      var text = transcripts.get(i).get("text").asString();
      counts = counts.plus(Alignment.ofWords(said.get(i), text));
      assertThat(String.join(" ", labels(transcripts.get(i)))).isEqualTo(text);
    }
    assertThat(counts.rate()).isCloseTo(beam.at("/wordErrorRate/rate").asDouble(), within(0.25));
  }

  private static List<String> transcribedBy(String... options) {
    var arguments = new ArrayList<>(List.of("transcribe", "--json"));
    arguments.addAll(List.of(options));
    var run = rheo(arguments.toArray(String[]::new));
    assertThat(run.status()).as(run.err()).isZero();
    return json(run.out())
        .get("files")
        .valueStream()
        .flatMap(file -> labels(file).stream())
        .toList();
  }

  @Test
  void transcribingFollowsALanguageModelByItsWeightAndBonus() throws IOException {
    var arpa = new StringBuilder("\\data\\\nngram 1=50\n\n\\1-grams:\n-99 <s>\n-1 </s>\n");
    for (var phone : Phones.Labels.PHONES_48.classes()) {
      arpa.append(phone.equals("aa") ? "-60 " : "-1.7 ").append(phone).append('\n');
    }
    Files.writeString(folder.resolve("hates-aa.arpa"), arpa.append("\n\\end\\\n"));
    var files = TEST.stream().map(Path::toString).toList();
    var call = new ArrayList<>(List.of("transcripts/model.rheo"));
    call.addAll(files);
    var without = transcribedBy(call.toArray(String[]::new));
    assertThat(without).contains("aa");
    call.addAll(List.of("--lm", "hates-aa.arpa", "--lm-weight", "2", "--lm-bonus", "3"));
    var followed = transcribedBy(call.toArray(String[]::new));
    assertThat(followed).isNotEmpty().doesNotContain("aa");
    call.set(call.indexOf("3"), "-200");
    assertThat(transcribedBy(call.toArray(String[]::new)))
        .as("labels that cost much")
        .hasSizeLessThan(followed.size() / 2);
    call.set(call.indexOf("-200"), "0");
    call.set(call.indexOf("2"), "0");
    assertThat(transcribedBy(call.toArray(String[]::new)))
        .as("a weight and a bonus of 0 change nothing")
        .isEqualTo(without);
  }

  @Test
  void wordsThatAreTranscribedWithAModelOfWordsAreItsWords() throws IOException {
    Files.writeString(folder.resolve("words.arpa"), WORDS_ARPA);
    try (var sounds = Files.list(folder.resolve("sentences/wav"))) {
      var call = new ArrayList<>(List.of("transcribe", "letters/model.rheo", "--lm", "words.arpa"));
      sounds.sorted().limit(20).forEach(sound -> call.add(folder.relativize(sound).toString()));
      var run = rheo(call.toArray(String[]::new));
      assertThat(run.status()).isZero();
      assertThat(run.err())
          .isEqualToIgnoringNewLines(
              "rheo: words.arpa is followed with weight 0.5 and bonus 0.0, which suits few models;"
                  + " 'rheo evaluate --lm' finds what suits this one");
      assertThat(run.out().lines().filter(line -> line.startsWith(" ")).map(String::strip))
          .hasSizeGreaterThan(20)
          .allMatch(line -> line.matches(".* (AB|BA|CA|ABC|CAB|BAC)"));
    }
  }

  @Test
  void wrongWeightsOfALanguageModelAreRefused() {
    var file = TEST.getFirst().toString();
    var model = "transcripts/model.rheo";
    var alone = rheo("transcribe", model, file, "--lm-weight", "1");
    assertThat(alone.status()).isEqualTo(2);
    assertThat(alone.err()).contains("--lm-weight and --lm-bonus need --lm FILE");
    var negative = rheo("transcribe", model, file, "--lm", "x.arpa", "--lm-weight", "-1");
    assertThat(negative.status()).isEqualTo(2);
    assertThat(negative.err()).contains("--lm-weight is -1.0; it must be a number from 0 on");
    var none = rheo("transcribe", model, file, "--lm", "x.arpa", "--lm-bonus", "NaN");
    assertThat(none.status()).isEqualTo(2);
    assertThat(none.err()).contains("--lm-bonus is NaN; it must be a number");
    var missing = rheo("transcribe", model, file, "--lm", "x.arpa");
    assertThat(missing.status()).isEqualTo(2);
    assertThat(missing.err()).contains("x.arpa is not there");
  }

  @Test
  void aLanguageModelOfOtherLabelsOrForAnotherKindOfModelIsRefused() throws IOException {
    Files.writeString(
        folder.resolve("digits.arpa"),
        "\\data\\\nngram 1=2\n\n\\1-grams:\n-1 one\n-1 two\n\n\\end\\\n");
    var other =
        rheo("evaluate", "transcripts/model.rheo", "--data", "timit", "--lm", "digits.arpa");
    assertThat(other.status()).isEqualTo(2);
    assertThat(other.err()).contains("does not list the label");
    var frames = rheo("evaluate", "frames/model.rheo", "--data", "timit", "--lm", "digits.arpa");
    assertThat(frames.status()).isEqualTo(2);
    assertThat(frames.err())
        .contains("--lm is for models trained by CTC; frames/model.rheo was trained by")
        .contains("bigram");
    var heard =
        rheo("transcribe", "frames/model.rheo", TEST.getFirst().toString(), "--lm", "digits.arpa");
    assertThat(heard.status()).isEqualTo(2);
    assertThat(heard.err()).contains("--lm is for models trained by CTC; frames/model.rheo was");
  }
}
