package rheobase.data.speech;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import rheobase.data.DataException;
import rheobase.data.DataFolder;
import rheobase.data.Preparation;
import rheobase.data.Sequence;
import rheobase.data.SequenceSet;
import rheobase.data.sound.Sound;
import rheobase.data.sound.SoundFile;

/** Files with a second of sound, and the sequences that are made of them. */
final class CommandClips {
  private static final String SPEAKER_ENDS = "_nohash_";

  /** Tells what was kept of other features than those of now apart. */
  private static final String FEATURES = "log-mel and derivatives, 120 channels";

  private CommandClips() {}

  /**
   * A second of sound, or less.
   *
   * @param id says what is heard; two clips of one id sound the same
   * @param group the speaker, where known
   * @param file where it comes from
   * @param samples reads it, at the rate of {@link CommandFeatures}
   */
  record Clip(String id, String group, int target, Path file, Supplier<float[]> samples) {}

  /** A word in a file of its own, by the name that Speech Commands gives it. */
  static Clip spoken(String word, Path file, int target) {
    final String name = file.getFileName().toString().replaceFirst("\\.wav$", "");
    final String id = word + "/" + name;
    final int speaker = name.indexOf(SPEAKER_ENDS);
    return new Clip(
        id, speaker < 1 ? id : name.substring(0, speaker), target, file, () -> word(file));
  }

  /** A second out of a longer sound. */
  static Clip part(String id, int target, Path file, float[] sound, int from) {
    return new Clip(
        "%s-%s-%d".formatted(id, file.getFileName(), from),
        file.getFileName().toString(),
        target,
        file,
        () -> Arrays.copyOfRange(sound, from, from + CommandFeatures.SAMPLES));
  }

  private static float[] word(Path file) {
    return word(file, SoundFile.read(file));
  }

  private static float[] word(Path file, Sound sound) {
    final float[] samples = sound(file, sound);
    if (samples.length > CommandFeatures.SAMPLES) {
      throw new DataException(
          "%s has %d samples; a word of Speech Commands has at most %d, a second."
              .formatted(file, samples.length, CommandFeatures.SAMPLES));
    }
    return samples;
  }

  /** The front end for single recordings of at most a second. */
  static Hearing hearing(List<String> classes) {
    final var features = new CommandFeatures();
    return new Hearing(
        CommandFeatures.RATE,
        classes,
        CommandFeatures.CHANNELS,
        CommandFeatures.STEP_SECONDS,
        0,
        (file, sound) -> features.of(word(file, sound)));
  }

  /** The folders in a folder, by their names. */
  static List<Path> folders(Path folder) {
    return DataFolder.entries(folder).stream().filter(Files::isDirectory).toList();
  }

  /**
   * The .wav files in a folder, by their names.
   *
   * @throws DataException when there are none
   */
  static List<Path> recordings(Path folder) {
    final List<Path> files = DataFolder.sounds(folder);
    if (files.isEmpty()) {
      throw new DataException(
          "The folder %s holds no .wav; unpack the archive again.".formatted(folder));
    }
    return files;
  }

  /** The lines of a text. */
  static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw DataException.unreadable(file, e);
    }
  }

  /** The samples of a WAV file, checked to be as fast as those of Speech Commands. */
  static float[] sound(Path file) {
    return sound(file, SoundFile.read(file));
  }

  private static float[] sound(Path file, Sound sound) {
    if (sound.rate() != CommandFeatures.RATE) {
      throw new DataException(
          "%s has %d samples per second; those of Speech Commands have %d."
              .formatted(file, sound.rate(), CommandFeatures.RATE));
    }
    return sound.samples();
  }

  /**
   * The features of clips, in their order.
   *
   * @param kept under this name when they are kept for the next time
   */
  static SequenceSet encoded(
      String kept, String name, List<String> classes, List<Clip> clips, Preparation preparation) {
    final String settings =
        clips.stream()
            .map(clip -> clip.id() + " " + clip.target())
            .collect(Collectors.joining("\n", FEATURES + "\n", ""));
    return preparation.cached(
        kept,
        settings,
        clips.stream().map(Clip::file).distinct().toList(),
        () -> encode(name, classes, clips, preparation));
  }

  private static SequenceSet encode(
      String name, List<String> classes, List<Clip> clips, Preparation preparation) {
    final var features = new CommandFeatures();
    final List<Sequence> sequences = new ArrayList<>(clips.size());
    for (Clip clip : clips) {
      preparation.progress("reading " + name, sequences.size(), clips.size());
      try {
        sequences.add(
            new Sequence(
                clip.id(),
                clip.group(),
                features.of(clip.samples().get()),
                new int[] {clip.target()},
                new boolean[] {true}));
      } catch (DataException e) {
        preparation.bad(e);
      }
    }
    return new SequenceSet(name, CommandFeatures.CHANNELS, classes, sequences);
  }
}
