package rheobase.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Deep-Soli (Wang, Song, Lien, Poupyrev and Hilliges 2016): eleven gestures of a hand before a
 * radar, as range-Doppler pictures.
 *
 * <p>A recording is an HDF5 file {@code <gesture>_<session>_<instance>.h5} with {@code ch0} to
 * {@code ch3}, the pictures of four antennas ({@code [frame][1024]}, 32 by 32, 0 to 1), and {@code
 * label} ({@code [frame][1]}). {@code file_half.json} says which are for training and which for
 * evaluation. Every frame of a recording has the gesture of its name as its target; a frame whose
 * own label says otherwise counts as not annotated. Recordings of gesture 11, the empty scene, are
 * left out, as Yin, Corradi and Bohté 2021 leave them out of their test.
 */
public final class Soli {
  /** Values of a picture. */
  public static final int CHANNELS = 1024;

  /** Gestures, by their numbers: the publication numbers them in another order. */
  public static final int CLASSES = 11;

  /** Frames of a sequence. */
  public static final int STEPS = 40;

  private static final int BACKGROUND = 11;
  private static final int ANTENNAS = 4;

  /** What noise may add to a value of at most 1; a file beyond it is of another kind. */
  private static final float MOST = 2;

  private static final String LISTS = "file_half.json";
  private static final Pattern NAME = Pattern.compile("(\\d+)_(\\d+)_(\\d+)");
  private static final Pattern FILE = Pattern.compile(NAME.pattern() + "\\.h5");
  private static final String WANTED =
      "The recordings of Deep-Soli, such as 0_1_0.h5, and %s (in the folder config) are published"
              .formatted(LISTS)
          + " at https://github.com/simonwsw/deep-soli; put both into one folder.";

  private Soli() {}

  /** How a recording becomes sequences of {@link #STEPS} frames. */
  public enum Cut {
    /**
     * Pieces one after the other, and a last one that ends with the recording; a shorter recording
     * is repeated until it is long enough. The authors' {@code cutoff}.
     */
    WINDOWS,
    /**
     * The first frames; in a shorter recording, frames chosen at random stand twice. The authors'
     * {@code cutoff_ch}.
     */
    FIRST
  }

  /** What is tested on. */
  public enum Test {
    /**
     * The list {@code test} if there is one, otherwise every recording that no list names; the list
     * {@code eval} is the validation set.
     */
    REST,
    /** The list {@code eval}, as in the publication of the data: there is no validation set. */
    EVAL
  }

  /**
   * How to read.
   *
   * @param antenna 0 to 3
   * @param cut into sequences
   * @param test what is tested on
   * @param seed decides which frames stand twice where {@code cut} is {@link Cut#FIRST}
   */
  public record Reading(int antenna, Cut cut, Test test, long seed) {
    public Reading {
      if (antenna < 0 || antenna >= ANTENNAS) {
        throw new DataException(
            "There is no antenna %d; the radar has %d, 0 to %d."
                .formatted(antenna, ANTENNAS, ANTENNAS - 1));
      }
    }
  }

  /** A recording by its name. */
  private record Recording(int gesture, int session, int instance)
      implements Comparable<Recording> {
    static Recording of(Matcher matcher) {
      return new Recording(
          Integer.parseInt(matcher.group(1)),
          Integer.parseInt(matcher.group(2)),
          Integer.parseInt(matcher.group(3)));
    }

    String name() {
      return "%d_%d_%d".formatted(gesture, session, instance);
    }

    @Override
    public int compareTo(Recording other) {
      return Arrays.compare(
          new int[] {gesture, session, instance},
          new int[] {other.gesture, other.session, other.instance});
    }
  }

  /**
   * Reads all of it.
   *
   * @param folder with {@code file_half.json}; the recordings lie beside it or in its folder {@code
   *     dsp}
   * @return with a validation set unless the list {@code eval} is the test
   * @throws DataException naming the file, the array and the frame that is wrong
   */
  public static Split read(Path folder, Reading reading, Preparation preparation) {
    DataFolder.check(folder, WANTED);
    final Path file = folder.resolve(LISTS);
    final JsonNode lists = lists(file);
    final List<Recording> train = list(lists, "train", file);
    final List<Recording> evaluation = list(lists, "eval", file);
    final Path recordings =
        Files.isDirectory(folder.resolve("dsp")) ? folder.resolve("dsp") : folder;
    final List<Recording> test =
        switch (reading.test()) {
          case EVAL -> evaluation;
          case REST ->
              lists.has("test")
                  ? list(lists, "test", file)
                  : rest(recordings, train, evaluation, file);
        };
    final List<Recording> validation = reading.test() == Test.EVAL ? List.of() : evaluation;
    disjoint(file, train, validation, test);
    return new Split(
        set("Soli train", recordings, train, reading, preparation),
        set("Soli validation", recordings, validation, reading, preparation),
        set("Soli test", recordings, test, reading, preparation));
  }

  private static JsonNode lists(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new DataException("There is no %s. %s".formatted(file, WANTED));
    }
    try {
      final String text = Files.readString(file);
      if (text.isBlank()) {
        throw new DataException("%s is empty. %s".formatted(file, WANTED));
      }
      final JsonNode lists = JsonMapper.builder().build().readTree(text);
      if (lists.isObject()) {
        return lists;
      }
      throw new DataException("%s holds no object with the lists train and eval.".formatted(file));
    } catch (JacksonException e) {
      throw new DataException(
          "%s:%d:%d is no JSON: %s."
              .formatted(
                  file,
                  e.getLocation().getLineNr(),
                  e.getLocation().getColumnNr(),
                  e.getOriginalMessage()),
          e);
    } catch (IOException e) {
      throw DataException.unreadable(file, e);
    }
  }

  private static List<Recording> list(JsonNode lists, String name, Path file) {
    final JsonNode list = lists.get(name);
    if (list == null || !list.isArray()) {
      throw new DataException("%s holds no list %s.".formatted(file, name));
    }
    final List<Recording> recordings = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      final Matcher matcher = NAME.matcher(list.get(i).isString() ? list.get(i).asString() : "");
      if (!matcher.matches() || matcher.group().length() > 20) {
        throw new DataException(
            "%s: entry %d of the list %s is %s; expected is a name such as \"0_8_4\": gesture, session, instance."
                .formatted(file, i, name, list.get(i)));
      }
      recordings.add(checked(Recording.of(matcher), file));
    }
    if (recordings.isEmpty()) {
      throw new DataException("%s: the list %s is empty.".formatted(file, name));
    }
    return withoutBackground(recordings);
  }

  private static Recording checked(Recording recording, Path file) {
    if (recording.gesture() > BACKGROUND) {
      throw new DataException(
          "%s: the recording %s is of gesture %d; gestures are 0 to %d, and %d the empty scene."
              .formatted(file, recording.name(), recording.gesture(), CLASSES - 1, BACKGROUND));
    }
    return recording;
  }

  private static List<Recording> rest(
      Path folder, List<Recording> train, List<Recording> evaluation, Path lists) {
    final Set<Recording> named = new HashSet<>(train);
    named.addAll(evaluation);
    final List<Recording> rest =
        DataFolder.entries(folder).stream()
            .map(file -> FILE.matcher(file.getFileName().toString()))
            .filter(matcher -> matcher.matches() && matcher.group().length() < 20)
            .map(matcher -> checked(Recording.of(matcher), folder))
            .filter(recording -> !named.contains(recording))
            .sorted()
            .toList();
    final List<Recording> test = withoutBackground(rest);
    if (test.isEmpty()) {
      throw new DataException(
          "%s holds no recordings but those that %s names, so none are left to test on; test on the list eval with data.test = \"eval\"."
              .formatted(folder, lists.getFileName()));
    }
    return test;
  }

  private static List<Recording> withoutBackground(List<Recording> recordings) {
    return recordings.stream().filter(recording -> recording.gesture() != BACKGROUND).toList();
  }

  private static void disjoint(
      Path file, List<Recording> train, List<Recording> validation, List<Recording> test) {
    final Set<Recording> seen = new HashSet<>();
    for (List<Recording> list : List.of(train, validation, test)) {
      for (Recording recording : list) {
        if (!seen.add(recording)) {
          throw new DataException("%s names %s twice.".formatted(file, recording.name()));
        }
      }
    }
  }

  private static SequenceSet set(
      String name,
      Path folder,
      List<Recording> recordings,
      Reading reading,
      Preparation preparation) {
    final List<String> classes =
        IntStream.range(0, CLASSES).mapToObj(gesture -> "gesture " + gesture).toList();
    final List<Sequence> sequences = new ArrayList<>();
    for (int i = 0; i < recordings.size(); i++) {
      preparation.progress("reading " + name, i, recordings.size());
      final List<Sequence> own = new ArrayList<>();
      try {
        sequences(folder, recordings.get(i), reading, own);
        sequences.addAll(own);
      } catch (DataException e) {
        preparation.bad(e);
      }
    }
    return new SequenceSet(name, CHANNELS, classes, sequences);
  }

  private static void sequences(
      Path folder, Recording recording, Reading reading, List<Sequence> sequences) {
    final Path file = folder.resolve(recording.name() + ".h5");
    try (HdfData hdf = HdfData.open(file, WANTED)) {
      final String path = "/ch" + reading.antenna();
      final float[] pictures = pictures(hdf, path);
      final int frames = pictures.length / CHANNELS;
      final boolean[] agreed = agreed(hdf, frames, recording);
      // The published pictures begin with the second frame: the first served an optical flow.
      final int[][] pieces =
          switch (reading.cut()) {
            case WINDOWS -> windows(frames - 1);
            case FIRST -> new int[][] {first(frames - 1, recording, reading.seed())};
          };
      for (int piece = 0; piece < pieces.length; piece++) {
        sequences.add(
            sequence(
                recording,
                reading.cut() == Cut.FIRST ? -1 : piece,
                pieces[piece],
                pictures,
                agreed));
      }
    }
  }

  private static float[] pictures(HdfData hdf, String path) {
    final int[] shape = hdf.shape(path);
    if (shape.length != 2 || shape[1] != CHANNELS) {
      throw hdf.wrong(
          path,
          "has the shape %s; expected is [frames, %d]."
              .formatted(Arrays.toString(shape), CHANNELS));
    }
    if (shape[0] < 2) {
      throw hdf.wrong(path, "must have two frames at least; it has %d.".formatted(shape[0]));
    }
    final float[] values = hdf.numbers(path);
    for (int i = 0; i < values.length; i++) {
      if (!(Math.abs(values[i]) <= MOST)) {
        throw hdf.wrong(
            path,
            "holds %s in frame %d; expected are values from 0 to 1."
                .formatted(values[i], i / CHANNELS));
      }
      values[i] = Math.clamp(values[i], 0f, 1f);
    }
    return values;
  }

  /** Of which frames the label is the gesture of the name. */
  private static boolean[] agreed(HdfData hdf, int frames, Recording recording) {
    final float[] labels = hdf.numbers("/label");
    if (labels.length != frames) {
      throw hdf.wrong("/label", "has %d labels for %d frames.".formatted(labels.length, frames));
    }
    final boolean[] agreed = new boolean[frames];
    boolean any = false;
    for (int frame = 0; frame < frames; frame++) {
      final float label = labels[frame];
      if (label != Math.rint(label) || label < 0 || label > BACKGROUND) {
        throw hdf.wrong(
            "/label",
            "gives frame %d the label %s; expected are whole numbers from 0 to %d."
                .formatted(frame, label, BACKGROUND));
      }
      agreed[frame] = label == recording.gesture();
      any |= agreed[frame];
    }
    if (!any) {
      throw hdf.wrong(
          "/label",
          "gives no frame the label %d, which is the gesture of the file's name."
              .formatted(recording.gesture()));
    }
    return agreed;
  }

  /** Numbers of the frames of each piece. */
  private static int[][] windows(int frames) {
    final int pieces = Math.ceilDiv(frames, STEPS);
    final int[][] windows = new int[pieces][STEPS];
    for (int piece = 0; piece < pieces; piece++) {
      final int start = Math.max(0, Math.min(piece * STEPS, frames - STEPS));
      for (int step = 0; step < STEPS; step++) {
        windows[piece][step] = (start + step) % frames;
      }
    }
    return windows;
  }

  private static int[] first(int frames, Recording recording, long seed) {
    final int[] first = new int[STEPS];
    final int kept = Math.min(frames, STEPS);
    final RandomStream random =
        RandomStream.of(
            seed,
            "frames that stand twice",
            recording.gesture(),
            recording.session(),
            recording.instance());
    for (int step = 0; step < STEPS; step++) {
      first[step] = step < kept ? step : random.nextInt(frames);
    }
    Arrays.sort(first); // each beside its double
    return first;
  }

  /**
   * @param piece negative for the only one
   * @param frames their numbers, from the second frame of the recording on
   */
  private static Sequence sequence(
      Recording recording, int piece, int[] frames, float[] pictures, boolean[] agreed) {
    final float[] values = new float[STEPS * CHANNELS];
    final int[] targets = new int[STEPS];
    final boolean[] annotated = new boolean[STEPS];
    for (int step = 0; step < STEPS; step++) {
      final int frame = frames[step] + 1;
      System.arraycopy(pictures, frame * CHANNELS, values, step * CHANNELS, CHANNELS);
      targets[step] = recording.gesture();
      annotated[step] = agreed[frame];
    }
    return new Sequence(
        recording.name() + (piece < 0 ? "" : "/" + piece),
        "session-" + recording.session(),
        STEPS,
        CHANNELS,
        values,
        targets,
        annotated);
  }
}
