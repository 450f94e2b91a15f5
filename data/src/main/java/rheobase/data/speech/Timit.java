package rheobase.data.speech;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import rheobase.data.DataException;
import rheobase.data.DataFolder;
import rheobase.data.Preparation;
import rheobase.data.Sequence;
import rheobase.data.SequenceSet;
import rheobase.data.Signal;
import rheobase.data.Split;
import rheobase.data.sound.KaldiFeatures;
import rheobase.data.sound.Mfcc;
import rheobase.data.sound.Sound;
import rheobase.data.sound.SoundFile;

/**
 * TIMIT (Garofolo et al. 1993, LDC93S1): read sentences in American English with a phone for every
 * sample, as frames of {@link Mfcc} with a class each.
 *
 * <p>Two trees are read, in small letters, in capitals or mixed:
 *
 * <ul>
 *   <li>the corpus, {@code TRAIN/DR1/FCJF0/SX127.WAV} with {@code SX127.PHN} beside it, TRAIN and
 *       TEST in the folder or in its folder TIMIT. All of TRAIN is to train on. Of TEST, 24
 *       speakers are the core test set of the corpus' own documentation, and 50 others are for
 *       validation: those of Kaldi's recipe. The remaining 94 are not used;
 *   <li>the sample of 16 speakers that is distributed freely, {@code dr1-fvmh0/sx206.wav}. Four
 *       speakers of ours are the test, the others are to train on.
 * </ul>
 *
 * <p>The sentences sa1 and sa2, which every speaker says, are left out. A speaker is a group.
 */
public final class Timit {
  /** Samples per second. */
  public static final int RATE = 16000;

  /** Two men and a woman of each of the eight dialect regions. */
  static final Set<String> CORE_TEST =
      names(
          """
          mdab0 mwbt0 felc0 mtas1 mwew0 fpas0 mjmp0 mlnt0 fpkt0 mlll0 mtls0 fjlm0
          mbpm0 mklt0 fnlp0 mcmj0 mjdh0 fmgd0 mgrt0 mnjm0 fdhc0 mjln0 mpam0 fmld0\
          """);

  static final Set<String> DEVELOPMENT =
      names(
          """
          faks0 fdac1 fjem0 mgwt0 mjar0 mmdb1 mmdm2 mpdf0 fcmh0 fkms0 mbdg0 mbwm0 mcsh0
          fadg0 fdms0 fedw0 mgjf0 mglb0 mrtk0 mtaa0 mtdt0 mthc0 mwjg0 fnmr0 frew0 fsem0
          mbns0 mmjr0 mdls0 mdlf0 mdvc0 mers0 fmah0 fdrw0 mrcs0 mrjm4 fcal1 mmwh0 fjsj0
          majc0 mjsw0 mreb0 fgjd0 fjmg0 mroa0 mteb0 mjfc0 mrjr0 fmml0 mrws1\
          """);

  /** Of the sample: two women and two men, each of another dialect region. */
  static final Set<String> SAMPLE_TEST = names("faem0 maeb0 fapb0 mbcg0");

  private static final Pattern REGION = Pattern.compile("dr[1-8]");
  private static final Pattern SPEAKER = Pattern.compile("[fm][a-z]{3}[0-9]");
  private static final Pattern SAMPLE_SPEAKER = Pattern.compile("dr[1-8]-[fm][a-z]{3}[0-9]");
  private static final Pattern SENTENCE = Pattern.compile("s[aix][0-9]+\\.(wav|phn)");

  private static final String WANTED =
      "TIMIT (https://catalog.ldc.upenn.edu/LDC93S1) has the folders TRAIN and TEST; its free"
          + " sample, the corpus 'timit' of https://www.nltk.org/nltk_data, has a folder for each"
          + " of 16 speakers, such as dr1-fvmh0.";

  private Timit() {}

  /**
   * How utterances become sequences.
   *
   * @param labels which classes there are, and where in a frame its phone is looked up. {@code
   *     PUBLISHED}: of n frames made of N samples, frame i has the phone at sample i N / n. Others:
   *     the phone in the middle of its 25 ms. Where q is no class, the phones beside it have half
   *     of its time each; states divide a phone in equal parts
   * @param targets what is known of an utterance
   * @param segment frames of each sequence, 0 for whole utterances. Utterances are cut into as many
   *     pieces as fit, and one more of their last frames, which overlaps; a shorter one repeats its
   *     last frame
   * @param features null for the 39 of {@link Mfcc}, of mean 0 and deviation 1 in each utterance
   */
  public record Reading(
      Phones.Labels labels, Targets targets, int segment, SpeechFeatures features) {
    /** Frames of the features of {@link Mfcc}. */
    public Reading(Phones.Labels labels, int segment) {
      this(labels, Targets.FRAMES, segment, null);
    }

    public Reading {
      if (targets == Targets.TRANSCRIPT
          && (labels == Phones.Labels.PUBLISHED || labels == Phones.Labels.STATES_48)) {
        throw new DataException(
            "Transcripts are of 61 phones (plain) or of 48; the labels %s are of frames."
                .formatted(labels.name().toLowerCase(Locale.ROOT)));
      }
      if (targets == Targets.TRANSCRIPT && segment > 0) {
        throw new DataException(
            "Transcripts are of whole utterances; segments of %d frames are not possible."
                .formatted(segment));
      }
      if (segment < 0 || segment == 1) {
        throw new DataException(
            "Segments of %d frames are not possible; they need two, or 0 for whole utterances."
                .formatted(segment));
      }
    }
  }

  /** What is known of an utterance. */
  public enum Targets {
    /** The phone of every frame. */
    FRAMES,
    /** All phones in order, but not when. */
    TRANSCRIPT
  }

  /** A sentence that somebody spoke. */
  private record Utterance(
      String region, String speaker, String sentence, Path sound, Path phones) {
    String id() {
      return region + "-" + speaker + "-" + sentence;
    }

    String group() {
      return region + "-" + speaker;
    }
  }

  /**
   * Reads the corpus or its sample.
   *
   * @return of the sample, without a validation set
   * @throws DataException naming the file, the line and what is wrong there, or what is missing
   */
  public static Split read(Path folder, Reading reading, Preparation preparation) {
    DataFolder.check(folder, WANTED);
    final Map<String, Path> top = entries(folder);
    final Path inner = top.get("timit");
    final Map<String, Path> tree =
        inner != null && Files.isDirectory(inner) && !top.containsKey("train")
            ? entries(inner)
            : top;
    if (tree.containsKey("train") || tree.containsKey("test")) {
      return corpus(folder, tree, reading, preparation);
    }
    if (top.keySet().stream().anyMatch(name -> SAMPLE_SPEAKER.matcher(name).matches())) {
      return sample(folder, top, reading, preparation);
    }
    throw new DataException(
        "The folder %s is neither TIMIT nor its sample. %s".formatted(folder, WANTED));
  }

  private static Split corpus(
      Path folder, Map<String, Path> tree, Reading reading, Preparation preparation) {
    for (String part : List.of("train", "test")) {
      if (!tree.containsKey(part)) {
        throw new DataException(
            "%s holds no folder %s; TIMIT has TRAIN and TEST."
                .formatted(folder, part.toUpperCase(Locale.ROOT)));
      }
    }
    final List<Utterance> train = speakers(tree.get("train"), _ -> true, preparation);
    if (train.isEmpty()) {
      throw new DataException(
          "%s holds no speaker; expected are folders such as DR1/FCJF0."
              .formatted(tree.get("train")));
    }
    final List<Utterance> development =
        speakers(tree.get("test"), DEVELOPMENT::contains, preparation);
    final List<Utterance> test = speakers(tree.get("test"), CORE_TEST::contains, preparation);
    complete(tree.get("test"), development, DEVELOPMENT, "validation");
    complete(tree.get("test"), test, CORE_TEST, "core test");
    final Sets sets = sets("timit", List.of(train, development, test), reading, preparation);
    return new Split(
        sets.take("TIMIT train", train),
        sets.take("TIMIT validation", development),
        sets.take("TIMIT core test", test));
  }

  private static Split sample(
      Path folder, Map<String, Path> speakers, Reading reading, Preparation preparation) {
    final List<Utterance> train = new ArrayList<>();
    final List<Utterance> test = new ArrayList<>();
    speakers.forEach((name, place) -> {
      if (SAMPLE_SPEAKER.matcher(name).matches()) {
        final String speaker = name.substring(4);
        (SAMPLE_TEST.contains(speaker) ? test : train)
            .addAll(utterances(place, name.substring(0, 3), speaker, preparation));
      }
    });
    complete(folder, test, SAMPLE_TEST, "test");
    if (train.isEmpty()) {
      throw new DataException("%s holds no speaker to train on.".formatted(folder));
    }
    final Sets sets = sets("timit-sample", List.of(train, test), reading, preparation);
    return new Split(
        sets.take("TIMIT sample train", train),
        sets.take("TIMIT sample validation", List.of()),
        sets.take("TIMIT sample test", test));
  }

  private static void complete(
      Path folder, List<Utterance> utterances, Set<String> wanted, String set) {
    final Set<String> missing = new TreeSet<>(wanted);
    utterances.forEach(utterance -> missing.remove(utterance.speaker()));
    if (!missing.isEmpty()) {
      throw new DataException(
          "%s lacks %d of the %d speakers of the %s set: %s."
              .formatted(folder, missing.size(), wanted.size(), set, String.join(", ", missing)));
    }
  }

  /** Utterances of the speakers in the regions of TRAIN or TEST, in the order of their names. */
  private static List<Utterance> speakers(
      Path part, Predicate<String> wanted, Preparation preparation) {
    final List<Utterance> utterances = new ArrayList<>();
    entries(part)
        .forEach((region, place) -> {
          if (REGION.matcher(region).matches()) {
            entries(place)
                .forEach((speaker, own) -> {
                  if (SPEAKER.matcher(speaker).matches() && wanted.test(speaker)) {
                    utterances.addAll(utterances(own, region, speaker, preparation));
                  }
                });
          }
        });
    return utterances;
  }

  private static List<Utterance> utterances(
      Path folder, String region, String speaker, Preparation preparation) {
    final Map<String, Path> files = entries(folder);
    final Set<String> sentences =
        files.keySet().stream()
            .filter(name -> SENTENCE.matcher(name).matches() && !name.startsWith("sa"))
            .map(name -> name.substring(0, name.indexOf('.')))
            .collect(Collectors.toCollection(TreeSet::new));
    if (sentences.isEmpty()) {
      throw new DataException(
          "%s holds no sentence; expected are files such as SX127.WAV and SX127.PHN."
              .formatted(folder));
    }
    final List<Utterance> utterances = new ArrayList<>(sentences.size());
    for (String sentence : sentences) {
      try {
        utterances.add(
            new Utterance(
                region,
                speaker,
                sentence,
                beside(folder, files, sentence, ".wav", ".phn"),
                beside(folder, files, sentence, ".phn", ".wav")));
      } catch (DataException e) {
        preparation.bad(e);
      }
    }
    return utterances;
  }

  private static Path beside(
      Path folder, Map<String, Path> files, String sentence, String ending, String other) {
    final Path file = files.get(sentence + ending);
    if (file == null) {
      throw new DataException(
          "%s has no %s beside it; every sentence needs its sound and its phones."
              .formatted(
                  files.getOrDefault(sentence + other, folder),
                  (sentence + ending).toUpperCase(Locale.ROOT)));
    }
    return file;
  }

  /** What lies in a folder, by name in small letters, in the order of these names. */
  private static Map<String, Path> entries(Path folder) {
    final Map<String, Path> byName = new TreeMap<>();
    for (Path entry : DataFolder.entries(folder)) {
      byName.putIfAbsent(entry.getFileName().toString().toLowerCase(Locale.ROOT), entry);
    }
    return byName;
  }

  /** All utterances as whole sequences, by id; those that are bad and left out are missing. */
  private record Sets(Map<String, Sequence> whole, SequenceSet like, Reading reading) {
    SequenceSet take(String name, List<Utterance> utterances) {
      return new SequenceSet(
          name,
          like.channels(),
          like.classes(),
          utterances.stream()
              .map(utterance -> whole.get(utterance.id()))
              .filter(Objects::nonNull)
              .flatMap(sequence -> pieces(sequence, reading.segment()).stream())
              .toList());
    }
  }

  private static Sets sets(
      String name, List<List<Utterance>> parts, Reading reading, Preparation preparation) {
    final List<Utterance> all = parts.stream().flatMap(List::stream).toList();
    final SequenceSet whole =
        preparation.cached(
            name,
            (reading.features() == null ? "39 cepstral features" : reading.features().text())
                + ", labels "
                + reading.labels()
                + (reading.targets() == Targets.FRAMES ? "" : " in order"),
            all.stream().flatMap(each -> Stream.of(each.sound(), each.phones())).toList(),
            () -> hear(all, reading, preparation));
    final List<Sequence> alike =
        reading.features() == null
            ? whole.sequences()
            : reading.features().speakers().alike(whole.sequences());
    return new Sets(
        alike.stream().collect(Collectors.toMap(Sequence::id, each -> each)), whole, reading);
  }

  private static SequenceSet hear(
      List<Utterance> utterances, Reading reading, Preparation preparation) {
    final Ear ear = new Ear(reading);
    final List<Sequence> sequences = new ArrayList<>(utterances.size());
    for (Utterance utterance : utterances) {
      preparation.progress("reading timit", sequences.size(), utterances.size());
      try {
        sequences.add(ear.hear(utterance));
      } catch (DataException e) {
        preparation.bad(e);
      }
    }
    return new SequenceSet(
        "TIMIT",
        reading.features() == null ? Mfcc.FEATURES : reading.features().channels(),
        classes(reading),
        sequences);
  }

  private static Signal.Dense cepstra(Path file, Sound sound, Mfcc mfcc) {
    final int samples = sound.samples().length;
    if (sound.rate() != RATE) {
      throw new DataException(
          "%s has %d samples per second; those of TIMIT have %d."
              .formatted(file, sound.rate(), RATE));
    }
    if (mfcc.frames(samples) < 2) {
      throw new DataException(
          "%s has %d samples; two frames need %d at least."
              .formatted(file, samples, mfcc.window() + 1));
    }
    return mfcc.of(sound);
  }

  /** The front end of a reading, for single recordings. */
  public static Hearing hearing(Reading reading) {
    final List<String> classes = classes(reading);
    if (reading.features() != null) {
      return reading.features().hearing(classes);
    }
    final Mfcc mfcc = new Mfcc(RATE);
    return new Hearing(
        RATE,
        classes,
        Mfcc.FEATURES,
        (double) mfcc.step() / RATE,
        (mfcc.window() - mfcc.step()) / 2.0 / RATE,
        (file, sound) -> cepstra(file, sound, mfcc));
  }

  private static List<String> classes(Reading reading) {
    return reading.targets() == Targets.FRAMES
        ? reading.labels().classes()
        : reading.labels().transcriptClasses();
  }

  /** Makes a sequence of an utterance. */
  private static final class Ear {
    private final Reading reading;
    private final Map<String, Integer> numbers;
    private final Mfcc mfcc = new Mfcc(RATE);

    /** Null with the features of {@link Mfcc}. */
    private final KaldiFeatures extractor;

    Ear(Reading reading) {
      this.reading = reading;
      numbers = reading.labels().numbers();
      extractor = reading.features() == null ? null : reading.features().extractor();
    }

    Sequence hear(Utterance utterance) {
      final Sound sound = SoundFile.read(utterance.sound());
      final int samples = sound.samples().length;
      final Signal.Dense signal =
          extractor == null
              ? cepstra(utterance.sound(), sound, mfcc)
              : reading.features().hear(utterance.sound(), sound, extractor);
      final List<PhoneLabel> phones = PhoneLabel.read(utterance.phones());
      check(utterance, phones, samples);
      return reading.targets() == Targets.TRANSCRIPT
          ? transcribed(utterance, signal, phones)
          : labelled(utterance, signal, phones, samples);
    }

    private Sequence transcribed(
        Utterance utterance, Signal.Dense signal, List<PhoneLabel> phones) {
      final int[] said =
          phones.stream()
              .map(PhoneLabel::phone)
              .filter(numbers::containsKey)
              .mapToInt(numbers::get)
              .toArray();
      if (signal.steps() < Sequence.leastSteps(said)) {
        throw new DataException(
            "%s has %d frames, but %s has %d phones, which need %d of them."
                .formatted(
                    utterance.sound(),
                    signal.steps(),
                    utterance.phones(),
                    said.length,
                    Sequence.leastSteps(said)));
      }
      return Sequence.transcribed(utterance.id(), utterance.group(), signal, said);
    }

    private Sequence labelled(
        Utterance utterance, Signal.Dense signal, List<PhoneLabel> phones, int samples) {
      final Phones.Labels labels = reading.labels();
      final List<PhoneLabel> spread =
          labels.lacksGlottalStop() ? withoutGlottalStops(utterance, phones) : phones;
      final int frames = signal.steps();
      final int[] targets = new int[frames];
      final boolean[] annotated = new boolean[frames];
      int at = 0;
      for (int frame = 0; frame < frames; frame++) {
        final long sample =
            labels == Phones.Labels.PUBLISHED
                ? (long) frame * samples / frames
                : Math.min(frame * mfcc.step() + mfcc.window() / 2, samples - 1);
        while (at + 1 < spread.size() && spread.get(at).to() <= sample) {
          at++;
        }
        final PhoneLabel phone = spread.get(at);
        targets[frame] = numbers.get(phone.phone()) + state(phone, sample, labels.states());
        annotated[frame] = sample < phone.to();
      }
      return new Sequence(utterance.id(), utterance.group(), signal, targets, annotated);
    }

    /** Which of so many equal parts of a phone a sample lies in; the last behind its end. */
    private static int state(PhoneLabel phone, long sample, int states) {
      final long length = Math.max(1, phone.to() - phone.from());
      return (int) Math.min(states - 1, (sample - phone.from()) * states / length);
    }

    /** What lies between two phones that have a class goes to each by half. */
    private List<PhoneLabel> withoutGlottalStops(Utterance utterance, List<PhoneLabel> phones) {
      final List<PhoneLabel> kept =
          phones.stream().filter(label -> numbers.containsKey(label.phone())).toList();
      if (kept.isEmpty()) {
        throw new DataException(
            "%s holds no phone but q, which is none of the 48.".formatted(utterance.phones()));
      }
      final List<PhoneLabel> spread = new ArrayList<>(kept.size());
      int from = phones.getFirst().from();
      for (int i = 0; i < kept.size(); i++) {
        final PhoneLabel label = kept.get(i);
        final int to =
            i + 1 == kept.size()
                ? phones.getLast().to()
                : (label.to() + kept.get(i + 1).from()) / 2;
        spread.add(new PhoneLabel(label.line(), from, to, label.phone()));
        from = to;
      }
      return spread;
    }
  }

  /**
   * The transcriptions of TIMIT end with silence, and may end before the recording does; what
   * follows is silence too. They may also end a sample behind it.
   */
  private static void check(Utterance utterance, List<PhoneLabel> phones, int samples) {
    final PhoneLabel last = phones.getLast();
    if (last.to() < samples && !Phones.isSilence(last.phone())) {
      throw PhoneLabel.wrong(
          utterance.phones(),
          last.line(),
          "is the last label and ends at sample %d with '%s', but the recording has %d: the frames behind it have no label"
              .formatted(last.to(), last.phone(), samples));
    }
    if (last.from() >= samples) {
      throw PhoneLabel.wrong(
          utterance.phones(),
          last.line(),
          "labels a phone from sample %d on, but the recording has only %d"
              .formatted(last.from(), samples));
    }
  }

  /**
   * An utterance as it is, or cut into segments.
   *
   * @param length frames of each, 0 for no cut
   */
  static List<Sequence> pieces(Sequence whole, int length) {
    if (length == 0) {
      return List.of(whole);
    }
    final int steps = whole.steps();
    final int full = steps < length ? 0 : steps / length;
    final List<Sequence> pieces = new ArrayList<>(full + 1);
    for (int i = 0; i < full; i++) {
      pieces.add(piece(whole, i, i * length, length));
    }
    pieces.add(piece(whole, full, Math.max(0, steps - length), length));
    return pieces;
  }

  private static Sequence piece(Sequence whole, int number, int from, int length) {
    final int channels = whole.channels();
    final float[] values = new float[length * channels];
    final int[] targets = new int[length];
    final boolean[] annotated = new boolean[length];
    for (int step = 0; step < length; step++) {
      final int source = Math.min(from + step, whole.steps() - 1);
      whole.signal().read(source, values, step * channels);
      targets[step] = whole.targets()[source];
      annotated[step] = whole.annotated()[source];
    }
    return new Sequence(
        whole.id() + "/" + number,
        whole.group(),
        new Signal.Dense(length, channels, values),
        targets,
        annotated);
  }

  private static Set<String> names(String text) {
    return Set.copyOf(Arrays.asList(text.split("\\s+")));
  }
}
