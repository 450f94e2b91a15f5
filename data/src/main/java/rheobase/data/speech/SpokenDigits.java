package rheobase.data.speech;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import rheobase.data.DataException;
import rheobase.data.DataFolder;
import rheobase.data.Preparation;
import rheobase.data.Sequence;
import rheobase.data.SequenceSet;
import rheobase.data.Split;
import rheobase.data.sound.Cochlea;
import rheobase.data.sound.Sound;
import rheobase.data.sound.SoundFile;

/**
 * The Free Spoken Digit Dataset (Jackson et al., 2016-2020): the digits 0 to 9 in English, 50 takes
 * of each by six speakers, heard by an artificial {@link Cochlea}.
 *
 * <p>A folder, or its folder {@code recordings}, holds {@code {digit}_{speaker}_{take}.wav} of
 * 8,000 samples per second. Each is brought to the same loudness before it is heard.
 *
 * <p>What one speaker said in one take, the ten digits, is a group: a validation set of whole takes
 * has all digits equally often and the speakers in the proportions of the training set, and holds
 * takes that nothing was learnt from, like the official test.
 */
public final class SpokenDigits {
  /** The ten digits. */
  public static final List<String> CLASSES =
      IntStream.rangeClosed(0, 9).mapToObj(Integer::toString).toList();

  /** Samples per second. */
  public static final int RATE = 8000;

  /** Root of the mean square of the samples that are heard, full scale being 1. */
  static final double LOUDNESS = 0.1;

  private static final int OFFICIAL_TEST_TAKES = 5;
  private static final Pattern NAME = Pattern.compile("([0-9])_([^_]+)_([0-9]{1,6})\\.wav");
  private static final String WANTED =
      "The Free Spoken Digit Dataset is a folder 'recordings' with 3,000 files"
          + " {digit}_{speaker}_{take}.wav, such as 7_theo_12.wav, from"
          + " https://github.com/Jakobovski/free-spoken-digit-dataset.";

  private SpokenDigits() {}

  /** A recording, by the name of its file. */
  record Recording(Path file, int digit, String speaker, int take) {
    String id() {
      return "%d_%s_%d".formatted(digit, speaker, take);
    }

    String group() {
      return "%s take %d".formatted(speaker, take);
    }
  }

  /**
   * The split of its authors: takes 0 to 4 are the test, the others are to train on. All speakers
   * are in both.
   *
   * @throws DataException naming the file and what is wrong with it
   */
  public static Split official(Path folder, Cochlea cochlea, Preparation preparation) {
    final List<Recording> recordings = recordings(folder);
    return split(
        folder,
        recordings,
        recording -> recording.take() < OFFICIAL_TEST_TAKES,
        "takes 0 to 4",
        cochlea,
        preparation);
  }

  /**
   * One speaker is the test, the others are to train on.
   *
   * @throws DataException when there is no such speaker, or naming the file and what is wrong with
   *     it
   */
  public static Split without(
      Path folder, String speaker, Cochlea cochlea, Preparation preparation) {
    final List<Recording> recordings = recordings(folder);
    final var speakers = new TreeSet<String>();
    recordings.forEach(recording -> speakers.add(recording.speaker()));
    if (!speakers.contains(speaker)) {
      throw new DataException(
          "%s holds no recording of the speaker '%s'; there are %s."
              .formatted(folder, speaker, String.join(", ", speakers)));
    }
    return split(
        folder,
        recordings,
        recording -> recording.speaker().equals(speaker),
        speaker,
        cochlea,
        preparation);
  }

  private static Split split(
      Path folder,
      List<Recording> recordings,
      Predicate<Recording> tested,
      String test,
      Cochlea cochlea,
      Preparation preparation) {
    final SequenceSet all =
        preparation.cached(
            "fsdd",
            cochlea + ", loudness " + LOUDNESS,
            recordings.stream().map(Recording::file).toList(),
            () -> hear(recordings, cochlea, preparation));
    final List<Sequence> train = new ArrayList<>();
    final List<Sequence> held = new ArrayList<>();
    final Map<String, Recording> byId =
        recordings.stream().collect(Collectors.toMap(Recording::id, each -> each));
    for (Sequence sequence : all.sequences()) {
      (tested.test(byId.get(sequence.id())) ? held : train).add(sequence);
    }
    if (train.isEmpty() || held.isEmpty()) {
      throw new DataException(
          "%s cannot be split: %d of its %d recordings are %s."
              .formatted(folder, held.size(), recordings.size(), test));
    }
    final SequenceSet training =
        new SequenceSet("FSDD without " + test, Cochlea.CHANNELS, CLASSES, train);
    return new Split(
        training,
        new SequenceSet(training.name(), Cochlea.CHANNELS, CLASSES, List.of()),
        new SequenceSet("FSDD, " + test, Cochlea.CHANNELS, CLASSES, held));
  }

  private static SequenceSet hear(
      List<Recording> recordings, Cochlea cochlea, Preparation preparation) {
    final Hearing hearing = hearing(cochlea);
    final List<Sequence> sequences = new ArrayList<>(recordings.size());
    for (Recording recording : recordings) {
      preparation.progress("hearing fsdd", sequences.size(), recordings.size());
      try {
        sequences.add(hear(recording, hearing));
      } catch (DataException e) {
        preparation.bad(e);
      }
    }
    return new SequenceSet("FSDD", Cochlea.CHANNELS, CLASSES, sequences);
  }

  /** The front end for single recordings. */
  public static Hearing hearing(Cochlea cochlea) {
    return new Hearing(
        RATE,
        CLASSES,
        Cochlea.CHANNELS,
        cochlea.step(),
        0,
        (file, sound) -> cochlea.hear(checked(file, sound).ofLoudness(LOUDNESS)));
  }

  private static Sequence hear(Recording recording, Hearing hearing) {
    return new Sequence(
        recording.id(),
        recording.group(),
        hearing.features().of(recording.file(), SoundFile.read(recording.file())),
        new int[] {recording.digit()},
        new boolean[] {true});
  }

  static Sound sound(Recording recording) {
    return checked(recording.file(), SoundFile.read(recording.file()));
  }

  private static Sound checked(Path file, Sound sound) {
    if (sound.rate() != RATE) {
      throw new DataException(
          "%s has %d samples per second; those of FSDD have %d."
              .formatted(file, sound.rate(), RATE));
    }
    return sound;
  }

  /** In the order of their names. */
  static List<Recording> recordings(Path folder) {
    DataFolder.check(folder, WANTED);
    final Path inner = folder.resolve("recordings");
    final Path place = Files.isDirectory(inner) ? inner : folder;
    final List<Path> files = DataFolder.sounds(place);
    if (files.isEmpty()) {
      throw new DataException("The folder %s holds no .wav. %s".formatted(place, WANTED));
    }
    return files.stream().map(SpokenDigits::recording).toList();
  }

  private static Recording recording(Path file) {
    final Matcher name = NAME.matcher(file.getFileName().toString());
    if (!name.matches()) {
      throw new DataException(
          "%s is not named {digit}_{speaker}_{take}.wav, so nobody knows what is said in it; rename or remove it."
              .formatted(file));
    }
    return new Recording(
        file, Integer.parseInt(name.group(1)), name.group(2), Integer.parseInt(name.group(3)));
  }
}
