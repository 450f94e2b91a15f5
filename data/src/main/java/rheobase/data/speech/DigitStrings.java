package rheobase.data.speech;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import rheobase.data.DataException;
import rheobase.data.Preparation;
import rheobase.data.RandomStream;
import rheobase.data.Sequence;
import rheobase.data.SequenceSet;
import rheobase.data.Signal;
import rheobase.data.Split;
import rheobase.data.sound.KaldiFeatures;
import rheobase.data.sound.Sound;
import rheobase.data.speech.SpokenDigits.Recording;

/**
 * Connected digits, made of the recordings of {@link SpokenDigits}: strings of 3 to 7 digits by one
 * speaker, with pauses, of which is known what is said but not when.
 *
 * <pre>
 * digits     3 to 7, each number as likely, each digit as likely; a take of the speaker's for each
 * loudness   each recording has the root of the mean square {@value SpokenDigits#LOUDNESS}
 * pauses     before, between and after them, 50 to 250 ms each
 * noise      white, Gaussian, deviation {@value #NOISE}, throughout
 * features   {@value #FILTERS} log-mel filter banks every 10 ms ({@link KaldiFeatures}), less the
 *            string's own mean
 * </pre>
 *
 * The speakers of validation and test say nothing in training. A speaker is a group. Everything
 * random of string n of a speaker comes from {@code RandomStream.of(seed, "digit string, " +
 * speaker, n)}, so that more strings are the same strings and some more.
 */
public final class DigitStrings {
  /** The ten digits and the blank. */
  public static final List<String> CLASSES =
      Stream.concat(SpokenDigits.CLASSES.stream(), Stream.of("blank")).toList();

  static final int FILTERS = 40;
  static final double NOISE = 0.001;

  private static final int FEWEST = 3;
  private static final int MOST = 7;
  private static final double SHORTEST_PAUSE = 0.05;
  private static final double LONGEST_PAUSE = 0.25;

  private DigitStrings() {}

  /**
   * Which strings are made.
   *
   * @param validation speakers of the validation set
   * @param test speakers of the test set, others than those
   * @param trainStrings of each speaker to train on
   * @param heldStrings of each speaker of validation and test
   * @param seed of all that is random
   */
  public record Choice(
      List<String> validation, List<String> test, int trainStrings, int heldStrings, long seed) {
    public Choice {
      validation = List.copyOf(validation);
      test = List.copyOf(test);
      for (String speaker : test) {
        if (validation.contains(speaker)) {
          throw new DataException(
              "The speaker '%s' is named for validation and for the test; a speaker belongs to one set."
                  .formatted(speaker));
        }
      }
    }

    private int strings(String speaker) {
      return validation.contains(speaker) || test.contains(speaker) ? heldStrings : trainStrings;
    }
  }

  /**
   * Makes the strings.
   *
   * @param folder of the recordings
   * @throws DataException naming the file and what is wrong with it, or the speaker who is not
   *     there or lacks a digit
   */
  public static Split read(Path folder, Choice choice, Preparation preparation) {
    final List<Recording> recordings = SpokenDigits.recordings(folder);
    final Set<String> speakers =
        recordings.stream().map(Recording::speaker).collect(Collectors.toCollection(TreeSet::new));
    for (String speaker :
        Stream.concat(choice.validation().stream(), choice.test().stream()).toList()) {
      if (!speakers.contains(speaker)) {
        throw new DataException(
            "%s holds no recording of the speaker '%s'; there are %s."
                .formatted(folder, speaker, String.join(", ", speakers)));
      }
    }
    final List<String> train =
        speakers.stream()
            .filter(speaker ->
                !choice.validation().contains(speaker) && !choice.test().contains(speaker))
            .toList();
    if (train.isEmpty()) {
      throw new DataException(
          "%s holds no speaker to train on besides those of validation and test, %s."
              .formatted(folder, String.join(", ", speakers)));
    }
    final SequenceSet all =
        preparation.cached(
            "digit-strings",
            choice + ", edition 1",
            recordings.stream().map(Recording::file).toList(),
            () -> new Maker(choice, heard(folder, recordings, preparation), preparation).all());
    final Map<String, List<Sequence>> bySpeaker = new HashMap<>();
    all.sequences()
        .forEach(each -> bySpeaker.computeIfAbsent(each.group(), _ -> new ArrayList<>()).add(each));
    return new Split(
        set("train", train, bySpeaker),
        set("validation", choice.validation(), bySpeaker),
        set("test", choice.test(), bySpeaker));
  }

  private static SequenceSet set(
      String name, List<String> speakers, Map<String, List<Sequence>> bySpeaker) {
    return new SequenceSet(
        "digit strings " + name + " (" + String.join(", ", speakers) + ")",
        FILTERS,
        CLASSES,
        speakers.stream().flatMap(speaker -> bySpeaker.get(speaker).stream()).toList());
  }

  /** The front end for single recordings, which are heard as they are: no noise is added. */
  public static Hearing hearing() {
    final KaldiFeatures features = extractor();
    return new Hearing(
        SpokenDigits.RATE,
        CLASSES,
        FILTERS,
        KaldiFeatures.STEP_SECONDS,
        (KaldiFeatures.WINDOW_SECONDS - KaldiFeatures.STEP_SECONDS) / 2,
        (file, sound) -> {
          if (features.frames(sound.samples().length) == 0) {
            throw new DataException(
                "%s is too short: it has %d samples, and a frame has %d."
                    .formatted(file, sound.samples().length, SpokenDigits.RATE / 40));
          }
          return hear(sound, features);
        });
  }

  private static KaldiFeatures extractor() {
    return new KaldiFeatures(SpokenDigits.RATE, KaldiFeatures.Kind.FILTER_BANK, FILTERS, false);
  }

  private static Signal.Dense hear(Sound sound, KaldiFeatures features) {
    return centred(features.of(sound));
  }

  /** Samples by speaker and digit, in the order of the takes. */
  private static Map<String, Map<Integer, List<float[]>>> heard(
      Path folder, List<Recording> recordings, Preparation preparation) {
    final Map<String, Map<Integer, List<float[]>>> takes = new TreeMap<>();
    recordings.stream()
        .sorted(Comparator.comparingInt(Recording::take))
        .forEach(recording -> {
          final var ofSpeaker = takes.computeIfAbsent(recording.speaker(), _ -> new TreeMap<>());
          try {
            final Sound sound = SpokenDigits.sound(recording);
            ofSpeaker
                .computeIfAbsent(recording.digit(), _ -> new ArrayList<>())
                .add(sound.ofLoudness(SpokenDigits.LOUDNESS).samples());
          } catch (DataException e) {
            preparation.bad(e);
          }
        });
    takes.forEach((speaker, digits) -> {
      for (int digit = 0; digit < SpokenDigits.CLASSES.size(); digit++) {
        if (!digits.containsKey(digit)) {
          throw new DataException(
              "%s holds no %d of the speaker '%s' that can be used; strings need every digit of every speaker."
                  .formatted(folder, digit, speaker));
        }
      }
    });
    return takes;
  }

  /** Makes all strings. */
  private static final class Maker {
    private final Choice choice;
    private final Map<String, Map<Integer, List<float[]>>> takes;
    private final Preparation preparation;
    private final KaldiFeatures features = extractor();

    Maker(Choice choice, Map<String, Map<Integer, List<float[]>>> takes, Preparation preparation) {
      this.choice = choice;
      this.takes = takes;
      this.preparation = preparation;
    }

    SequenceSet all() {
      final int of = takes.keySet().stream().mapToInt(choice::strings).sum();
      final List<Sequence> strings = new ArrayList<>(of);
      for (String speaker : takes.keySet()) {
        for (int n = 0; n < choice.strings(speaker); n++) {
          preparation.progress("making digit strings", strings.size(), of);
          strings.add(string(speaker, n));
        }
      }
      return new SequenceSet("digit strings", FILTERS, CLASSES, strings);
    }

    private Sequence string(String speaker, int n) {
      final RandomStream random = RandomStream.of(choice.seed(), "digit string, " + speaker, n);
      final int[] digits = new int[FEWEST + random.nextInt(MOST - FEWEST + 1)];
      final List<float[]> parts = new ArrayList<>();
      parts.add(pause(random));
      for (int i = 0; i < digits.length; i++) {
        digits[i] = random.nextInt(SpokenDigits.CLASSES.size());
        final List<float[]> own = takes.get(speaker).get(digits[i]);
        parts.add(own.get(random.nextInt(own.size())));
        parts.add(pause(random));
      }
      final float[] samples = new float[parts.stream().mapToInt(part -> part.length).sum()];
      int at = 0;
      for (float[] part : parts) {
        System.arraycopy(part, 0, samples, at, part.length);
        at += part.length;
      }
      for (int i = 0; i < samples.length; i++) {
        samples[i] += (float) (NOISE * random.nextGaussian());
      }
      return Sequence.transcribed(
          "%s string %d".formatted(speaker, n),
          speaker,
          hear(new Sound(SpokenDigits.RATE, samples), features),
          digits);
    }

    private static float[] pause(RandomStream random) {
      final double seconds =
          SHORTEST_PAUSE + (LONGEST_PAUSE - SHORTEST_PAUSE) * random.nextDouble();
      return new float[(int) (seconds * SpokenDigits.RATE)];
    }
  }

  /** Without the mean over its steps, which is the microphone's and the voice's as much. */
  private static Signal.Dense centred(Signal.Dense features) {
    final int channels = features.channels();
    final double[] mean = new double[channels];
    final float[] values = features.values();
    for (int i = 0; i < values.length; i++) {
      mean[i % channels] += values[i] / features.steps();
    }
    final float[] centred = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      centred[i] = (float) (values[i] - mean[i % channels]);
    }
    return new Signal.Dense(features.steps(), channels, centred);
  }
}
