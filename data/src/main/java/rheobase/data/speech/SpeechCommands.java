package rheobase.data.speech;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import rheobase.data.DataException;
import rheobase.data.DataFolder;
import rheobase.data.Preparation;
import rheobase.data.RandomStream;
import rheobase.data.SequenceSet;
import rheobase.data.Split;
import rheobase.data.speech.CommandClips.Clip;

/**
 * Speech Commands (Warden 2018, arXiv 1804.03209): words of one second, each recorded by many
 * people, as the features of {@link CommandFeatures}.
 *
 * <p>The folder holds {@code <word>/<speaker>_nohash_<take>.wav}, {@code _background_noise_}, and
 * the lists {@code validation_list.txt} and {@code testing_list.txt} of its authors; what neither
 * names is to train on. It is either the folder named or {@code speech_commands_v0.01} or {@code
 * speech_commands_v0.02} in it. Where there is a {@code y_labels.csv} instead, the sample of MLPerf
 * Tiny is read: {@link CommandSample}.
 *
 * <p>Two tasks are usual. One is to tell 35 words apart (version 0.02 alone). The other has 12
 * classes: ten commands, silence, and unknown, which is every other word.
 *
 * <ul>
 *   <li>Silence is not recorded. It is cut out of the background noise, a second at a random place
 *       of a random file, as often as a command occurs on average. Training, validation and test
 *       cut from the first 80 %, the next 10 % and the last 10 % of each file, so that none hears
 *       another's noise.
 *   <li>Of the unknown words, as many clips as a command has on average are chosen at random, or
 *       all are taken.
 * </ul>
 */
public final class SpeechCommands {
  /** The ten words that are commands, in the order of their classes. */
  public static final List<String> COMMANDS =
      List.of("down", "go", "left", "no", "off", "on", "right", "stop", "up", "yes");

  /** All words of version 0.02, in the order of their classes. */
  public static final List<String> WORDS =
      List.of(
          ("backward bed bird cat dog down eight five follow forward four go happy house learn left"
               + " marvin nine no off on one right seven sheila six stop three tree two up visual"
               + " wow yes zero")
              .split(" "));

  static final String SILENCE = "silence";
  static final String UNKNOWN = "unknown";

  private static final String NOISE = "_background_noise_";
  private static final String VALIDATION_LIST = "validation_list.txt";
  private static final String TESTING_LIST = "testing_list.txt";

  private static final String VERSION_1 = "speech_commands_v0.01";
  private static final String VERSION_2 = "speech_commands_v0.02";

  /** Where in a file of noise training, validation and test begin, and the end. */
  private static final double[] BORDERS = {0, 0.8, 0.9, 1};

  private static final String WANTED =
      "Speech Commands is published at https://www.tensorflow.org/datasets/catalog/speech_commands"
          + " as speech_commands_v0.02.tar.gz (SHA-256"
          + " af14739ee7dc311471de98f5f9d2c9191b18aedfe957f4a6ff791c709868ff58) and"
          + " speech_commands_v0.01.tar.gz (SHA-256"
          + " 743935421bb51cccdb6bdd152e04c5c70274e935c82119ad7faeec31780d811d): unpack one of them"
          + " into a folder of its name.";

  private static final String OTHERWISE =
      " Or take the thousand clips of MLPerf Tiny: %s.".formatted(CommandSample.WANTED);

  private SpeechCommands() {}

  /** What is to be told apart. */
  public enum Task {
    /** Ten commands, silence, and unknown. */
    COMMANDS(12),
    /** All words of version 0.02. */
    WORDS(35);

    private final int classes;

    Task(int classes) {
      this.classes = classes;
    }

    /** How many there are to tell apart. */
    public int classes() {
      return classes;
    }

    /** Their names, in order. */
    public List<String> names() {
      return this == WORDS
          ? SpeechCommands.WORDS
          : Stream.concat(SpeechCommands.COMMANDS.stream(), Stream.of(SILENCE, UNKNOWN)).toList();
    }
  }

  /** Which clips of the unknown words are taken. */
  public enum Unknown {
    /** As many as a command has on average, by chance. */
    BALANCED,
    ALL
  }

  /** What the test is made of. */
  public enum Test {
    /** What {@code testing_list.txt} names. */
    LISTS,
    /**
     * The folder {@code speech_commands_test_set_v0.0x} beside the other, which has silence and
     * unknown words chosen by its authors; of 12 classes alone.
     */
    PUBLISHED
  }

  /**
   * What to read.
   *
   * @param seed decides where silence is cut, which unknown words are taken, and how the sample of
   *     MLPerf Tiny is divided
   */
  public record Choice(Task task, Unknown unknown, Test test, long seed) {}

  /**
   * Reads a folder.
   *
   * @throws DataException when something is missing, with what is wanted; or naming the file and
   *     what is wrong with it
   */
  public static Split read(Path folder, Choice choice, Preparation preparation) {
    final Path sample = CommandSample.list(folder);
    if (sample != null) {
      return CommandSample.read(sample, choice, preparation);
    }
    final Path root = root(folder);
    final Map<String, Clip> clips = clips(root, choice.task());
    final Map<String, String> listed = new LinkedHashMap<>();
    final List<Clip> validation = listed(root.resolve(VALIDATION_LIST), clips, listed);
    final List<Clip> test = listed(root.resolve(TESTING_LIST), clips, listed);
    final List<Clip> train =
        clips.entrySet().stream()
            .filter(clip -> !listed.containsKey(clip.getKey()))
            .map(Map.Entry::getValue)
            .toList();
    return new Split(
        set(root, 0, "train", train, choice, preparation),
        set(root, 1, "validation", validation, choice, preparation),
        choice.test() == Test.LISTS
            ? set(root, 2, "test", test, choice, preparation)
            : published(root, choice, preparation));
  }

  /** The front end for single words of at most a second. */
  public static Hearing hearing(Task task) {
    return CommandClips.hearing(task.names());
  }

  /** Where the lists lie. */
  private static Path root(Path folder) {
    DataFolder.check(folder, WANTED + OTHERWISE);
    if (Files.exists(folder.resolve(TESTING_LIST))) {
      return folder;
    }
    final List<Path> inner =
        Stream.of(VERSION_1, VERSION_2).map(folder::resolve).filter(Files::isDirectory).toList();
    if (inner.size() == 2) {
      throw new DataException(
          "The folder %s holds both %s and %s; name one of them."
              .formatted(folder, VERSION_1, VERSION_2));
    }
    if (inner.isEmpty() || !Files.exists(inner.getFirst().resolve(TESTING_LIST))) {
      throw new DataException(
          ("The folder %s holds no Speech Commands: missing is %s, beside a folder for each word,"
                  + " %s and %s. %s%s")
              .formatted(
                  inner.isEmpty() ? folder : inner.getFirst(),
                  TESTING_LIST,
                  NOISE,
                  VALIDATION_LIST,
                  WANTED,
                  OTHERWISE));
    }
    return inner.getFirst();
  }

  /** All clips of words by their names, such as {@code yes/0a7c2a8d_nohash_0.wav}. */
  private static Map<String, Clip> clips(Path root, Task task) {
    final Map<String, Clip> clips = new TreeMap<>();
    for (Path word : CommandClips.folders(root)) {
      final String name = word.getFileName().toString();
      if (name.equals(NOISE)) {
        continue;
      }
      if (!WORDS.contains(name)) {
        throw new DataException(
            "The folder %s is of no word of Speech Commands; rename or remove it. The words are %s."
                .formatted(word, String.join(", ", WORDS)));
      }
      final int own = task.names().indexOf(name);
      final int target = own < 0 ? task.names().indexOf(UNKNOWN) : own;
      for (Path file : CommandClips.recordings(word)) {
        final Clip clip = CommandClips.spoken(name, file, target);
        clips.put(clip.id() + ".wav", clip);
      }
    }
    final List<String> wanted = task == Task.WORDS ? WORDS : COMMANDS;
    final List<String> missing =
        wanted.stream().filter(word -> !Files.isDirectory(root.resolve(word))).toList();
    if (!missing.isEmpty()) {
      throw new DataException(
          "The folder %s misses the folders of %d words for %d classes: %s.%s %s"
              .formatted(
                  root,
                  missing.size(),
                  task.classes(),
                  String.join(", ", missing),
                  task == Task.WORDS ? " Version 0.01 has 30 words only." : "",
                  WANTED));
    }
    return clips;
  }

  /**
   * The clips that a list names, a line each.
   *
   * @param elsewhere the list of each clip that a list has named; grows
   */
  private static List<Clip> listed(
      Path list, Map<String, Clip> clips, Map<String, String> elsewhere) {
    final List<String> lines = CommandClips.lines(list);
    final List<Clip> named = new ArrayList<>(lines.size());
    for (int i = 0; i < lines.size(); i++) {
      final String name = lines.get(i).strip();
      if (name.isEmpty()) {
        continue;
      }
      final Clip clip = clips.get(name);
      if (clip == null) {
        throw new DataException(
            "%s:%d names '%s', which is not there; unpack the archive again."
                .formatted(list, i + 1, name));
      }
      final String before = elsewhere.put(name, list.getFileName().toString());
      if (before != null) {
        throw new DataException(
            "%s:%d names '%s', which %s has named before.".formatted(list, i + 1, name, before));
      }
      named.add(clip);
    }
    if (named.isEmpty()) {
      throw new DataException(
          "%s names no recordings; expected is a line such as yes/0a7c2a8d_nohash_0.wav for each."
              .formatted(list));
    }
    return named;
  }

  /**
   * One of the three sets: the words, and for 12 classes silence and some unknown words beside
   * them.
   *
   * @param part 0, 1 or 2: training, validation, test
   */
  private static SequenceSet set(
      Path root, int part, String name, List<Clip> words, Choice choice, Preparation preparation) {
    final List<Clip> clips = new ArrayList<>(words);
    if (choice.task() == Task.COMMANDS) {
      final int unknown = choice.task().names().indexOf(UNKNOWN);
      final long commands = words.stream().filter(clip -> clip.target() != unknown).count();
      final int each = (int) Math.round((double) commands / COMMANDS.size());
      if (choice.unknown() == Unknown.BALANCED) {
        final List<Clip> others = words.stream().filter(c -> c.target() == unknown).toList();
        clips.removeAll(others);
        clips.addAll(some(others, each, choice.seed(), part));
      }
      clips.addAll(silence(root.resolve(NOISE), part, name, each, choice));
    }
    if (clips.isEmpty()) {
      throw new DataException(
          "The folder %s has no clips for %s: the lists of recordings name %s of them."
              .formatted(root, name, part == 0 ? "all" : "none"));
    }
    return CommandClips.encoded(
        "speech_commands-" + choice.task().classes() + "-" + name,
        "Speech Commands " + name,
        choice.task().names(),
        clips,
        preparation);
  }

  /** As many as wanted, chosen by chance, in their order. */
  private static List<Clip> some(List<Clip> clips, int wanted, long seed, int part) {
    final int[] order = IntStream.range(0, clips.size()).toArray();
    RandomStream.of(seed, "speech commands unknown", part).shuffle(order);
    return Arrays.stream(order).limit(wanted).sorted().mapToObj(clips::get).toList();
  }

  /** Seconds of background noise, from the stretch of each file that is this part's. */
  private static List<Clip> silence(Path folder, int part, String name, int wanted, Choice choice) {
    final List<Noise> noises =
        CommandClips.recordings(folder).stream().map(file -> noise(file, part)).toList();
    final var random = RandomStream.of(choice.seed(), "speech commands silence", part);
    final int target = choice.task().names().indexOf(SILENCE);
    final List<Clip> clips = new ArrayList<>(wanted);
    for (int i = 0; i < wanted; i++) {
      final Noise noise = noises.get(random.nextInt(noises.size()));
      final int from = noise.from() + random.nextInt(noise.places());
      clips.add(
          CommandClips.part(
              "%s/%s-%d".formatted(SILENCE, name, i), target, noise.file(), noise.sound(), from));
    }
    return clips;
  }

  /** A file of noise, and the places in it where a second may begin. */
  private record Noise(Path file, float[] sound, int from, int places) {}

  private static Noise noise(Path file, int part) {
    final float[] sound = CommandClips.sound(file);
    final int from = (int) (sound.length * BORDERS[part]);
    final int places =
        (int) (sound.length * BORDERS[part + 1]) - from - CommandFeatures.SAMPLES + 1;
    if (places < 1) {
      throw new DataException(
          "%s has %d samples; noise needs %d, as the test cuts its seconds from the last tenth."
              .formatted(file, sound.length, 10 * CommandFeatures.SAMPLES));
    }
    return new Noise(file, sound, from, places);
  }

  /** The test set that its authors chose: folders of the commands, _silence_ and _unknown_. */
  private static SequenceSet published(Path root, Choice choice, Preparation preparation) {
    final String name = root.toAbsolutePath().normalize().getFileName().toString();
    final Path test = root.resolveSibling(name.replace("commands_v", "commands_test_set_v"));
    if (test.endsWith(name) || !Files.isDirectory(test)) {
      throw new DataException(
          ("The published test set is not there: wanted is the unpacked"
               + " speech_commands_test_set_v0.0x.tar.gz of the version of %s, in a folder of its"
               + " name beside it; or set test = \"lists\".")
              .formatted(root));
    }
    final List<Clip> clips = new ArrayList<>();
    final List<String> classes = choice.task().names();
    for (int target = 0; target < classes.size(); target++) {
      final String own = classes.get(target);
      final Path folder = test.resolve(target < COMMANDS.size() ? own : "_" + own + "_");
      for (Path file : CommandClips.recordings(folder)) {
        final Clip clip = CommandClips.spoken(own, file, target);
        clips.add(new Clip("test/" + clip.id(), clip.group(), target, file, clip.samples()));
      }
    }
    return CommandClips.encoded(
        "speech_commands-12-published",
        "Speech Commands, published test set",
        classes,
        clips,
        preparation);
  }
}
