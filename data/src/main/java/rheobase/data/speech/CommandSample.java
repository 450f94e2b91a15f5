package rheobase.data.speech;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import rheobase.data.DataException;
import rheobase.data.Preparation;
import rheobase.data.RandomStream;
import rheobase.data.SequenceSet;
import rheobase.data.Split;
import rheobase.data.speech.CommandClips.Clip;

/**
 * The keyword-spotting sample of MLPerf Tiny: 1,000 clips of Speech Commands v0.02 in 12 classes,
 * made to measure devices, not to train on.
 *
 * <p>{@code y_labels.csv} has a line for each clip: its file, the number of classes, its class.
 * Beside it lie the files, 16,000 samples without a header, 16 bits, little-endian. A file's name
 * ends in its class too, and the two must agree.
 *
 * <p>There is no split and nobody says who speaks, so the same person can be in two parts. Of each
 * class, shuffled by {@code RandomStream.of(seed, "speech commands sample", class)}, the first
 * fifth is the test, the next tenth the validation set, and the rest is to train on.
 */
final class CommandSample {
  static final String WANTED =
      "y_labels.csv with 1,000 files such as tst_000000_Stop_7.bin, the keyword-spotting samples of"
          + " https://github.com/mlcommons/tiny";

  private static final String LIST = "y_labels.csv";
  private static final double TEST = 0.2;
  private static final double VALIDATION = 0.1;
  private static final Pattern NAME = Pattern.compile("tst_[0-9]+_([A-Za-z]+)_([0-9]+)\\.bin");

  private CommandSample() {}

  /** The list of the clips in a folder, or in its folder {@code td_samples}; null without one. */
  static Path list(Path folder) {
    return Stream.of(folder, folder.resolve("td_samples"))
        .map(place -> place.resolve(LIST))
        .filter(Files::exists)
        .findFirst()
        .orElse(null);
  }

  /**
   * Reads what a list names.
   *
   * @throws DataException naming the line or the file that is wrong
   */
  static Split read(Path list, SpeechCommands.Choice choice, Preparation preparation) {
    final List<String> classes = SpeechCommands.Task.COMMANDS.names();
    if (choice.task() != SpeechCommands.Task.COMMANDS) {
      throw new DataException(
          "%s is of the sample of MLPerf Tiny, which has %d classes; set classes = %d."
              .formatted(list, classes.size(), classes.size()));
    }
    if (choice.test() != SpeechCommands.Test.LISTS) {
      throw new DataException(
          "%s is of the sample of MLPerf Tiny, which has no published test set; set test = \"lists\"."
              .formatted(list));
    }
    final List<Clip> clips = clips(list, classes);
    final List<List<Clip>> parts = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (int target = 0; target < classes.size(); target++) {
      final int own = target;
      divide(clips.stream().filter(clip -> clip.target() == own).toList(), own, choice, parts);
    }
    final List<SequenceSet> sets = new ArrayList<>();
    for (int part = 0; part < 3; part++) {
      if (parts.get(part).isEmpty()) {
        throw new DataException(
            "%s names only %d recordings, too few to train, validate and test with."
                .formatted(list, clips.size()));
      }
      final String name = List.of("train", "validation", "test").get(part);
      sets.add(
          CommandClips.encoded(
              "speech_commands-sample-" + name,
              "Speech Commands, sample of MLPerf Tiny, " + name,
              classes,
              parts.get(part),
              preparation));
    }
    return new Split(sets.get(0), sets.get(1), sets.get(2));
  }

  private static void divide(
      List<Clip> clips, int target, SpeechCommands.Choice choice, List<List<Clip>> parts) {
    final int[] order = IntStream.range(0, clips.size()).toArray();
    RandomStream.of(choice.seed(), "speech commands sample", target).shuffle(order);
    final long test = Math.round(TEST * order.length);
    final long validation = Math.round(VALIDATION * order.length);
    for (int i = 0; i < order.length; i++) {
      parts.get(i < test ? 2 : i < test + validation ? 1 : 0).add(clips.get(order[i]));
    }
  }

  private static List<Clip> clips(Path list, List<String> classes) {
    final List<String> lines = CommandClips.lines(list);
    final List<Clip> clips = new ArrayList<>(lines.size());
    final Map<String, Integer> named = new HashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).isBlank()) {
        continue;
      }
      final Clip clip = clip(list, i + 1, lines.get(i), classes);
      final Integer before = named.put(clip.id(), i + 1);
      if (before != null) {
        throw new DataException(
            "%s:%d names %s, which line %d has named before."
                .formatted(list, i + 1, clip.id(), before));
      }
      clips.add(clip);
    }
    if (clips.isEmpty()) {
      throw new DataException(
          "%s names no recordings; expected is a line such as tst_000000_Stop_7.bin, 12, 7 for each."
              .formatted(list));
    }
    return clips;
  }

  private static Clip clip(Path list, int line, String text, List<String> classes) {
    final String[] fields = text.strip().split("\\s*,\\s*", -1);
    if (fields.length != 3
        || !fields[1].equals(Integer.toString(classes.size()))
        || !fields[2].matches("[0-9]{1,2}")
        || Integer.parseInt(fields[2]) >= classes.size()) {
      throw new DataException(
          "%s:%d is '%s'; expected is a file, the number %d, and its class from 0 to %d."
              .formatted(list, line, text, classes.size(), classes.size() - 1));
    }
    final int target = Integer.parseInt(fields[2]);
    final Matcher name = NAME.matcher(fields[0]);
    if (!name.matches()) {
      throw new DataException(
          "%s:%d names '%s'; files of the sample are named such as tst_000000_Stop_7.bin."
              .formatted(list, line, fields[0]));
    }
    if (Integer.parseInt(name.group(2)) != target
        || !name.group(1).equalsIgnoreCase(classes.get(target))) {
      throw new DataException(
          "%s:%d gives %s the class %d (%s), but its name says %s, %s."
              .formatted(
                  list,
                  line,
                  fields[0],
                  target,
                  classes.get(target),
                  name.group(2),
                  name.group(1)));
    }
    final Path file = list.resolveSibling(fields[0]);
    return new Clip(fields[0], fields[0], target, file, () -> samples(list, line, file));
  }

  private static float[] samples(Path list, int line, Path file) {
    final byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new DataException(
          "There is no file %s, which %s:%d names.".formatted(file, list, line), e);
    } catch (IOException e) {
      throw DataException.unreadable(file, e);
    }
    if (bytes.length != 2 * CommandFeatures.SAMPLES) {
      throw new DataException(
          "%s has %d bytes; a clip of the sample has %d, two for each of its samples."
              .formatted(file, bytes.length, 2 * CommandFeatures.SAMPLES));
    }
    final var numbers = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
    final float[] samples = new float[CommandFeatures.SAMPLES];
    for (int n = 0; n < samples.length; n++) {
      samples[n] = numbers.get(n);
    }
    return samples;
  }
}
