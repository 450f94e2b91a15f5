package rheobase.app.source;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rheobase.data.Folding;
import rheobase.data.Preparation;
import rheobase.data.Split;
import rheobase.data.speech.Hearing;

/** Where the sequences of an experiment come from. */
public sealed interface DataSource
    permits DigitStringsSource,
        FsddSource,
        HeidelbergSource,
        KaldiSource,
        LibriSpeechSource,
        MnistSource,
        OwnSource,
        QtdbSource,
        SoliSource,
        SpeechCommandsSource,
        SyntheticEcgSource,
        TimitSource {
  /** Its name, as experiment files write it. */
  String text();

  /** Whether the sequences lie in a folder that the call must name with {@code --data}. */
  boolean needsFolder();

  /** Whether it says itself which records the validation set is made of. */
  default boolean namesValidation() {
    return false;
  }

  /** A coarser division of its classes that is scored too, by the custom of these data. */
  default Optional<Folding> folding() {
    return Optional.empty();
  }

  /** Error rates of transcripts that are told beside the accuracy; none where there are none. */
  default List<ErrorRate> errorRates() {
    return List.of();
  }

  /**
   * How a single recording of sound becomes what the network sees; empty where the data are no
   * sound, or nothing that lies in a sound file.
   */
  default Optional<Hearing> hearing() {
    return Optional.empty();
  }

  /** What the frames' classes make up, where they are phones; empty elsewhere. */
  default Optional<FramePhones> framePhones() {
    return Optional.empty();
  }

  /** The label that stands between words, where labels are letters; -1 elsewhere. */
  default int between() {
    return -1;
  }

  /**
   * Whether the answer at the last step of a sequence is scored apart, by the custom of these data.
   */
  default boolean scoresLastStep() {
    return false;
  }

  /** Its own keys of [data] and their values, as experiment files write them. */
  Map<String, Object> settings();

  /**
   * Reads or makes the sequences.
   *
   * @param folder null when none is needed
   * @return with a validation set only where the data are published with one
   * @throws rheobase.data.DataException when they cannot be read
   */
  Split load(Path folder, Preparation preparation);

  /**
   * What was read.
   *
   * @param source with whatever these data decided written out, such as names of columns and
   *     classes, so that it reads other data the same way
   * @param split as {@link #load} gives it
   */
  record Reading(DataSource source, Split split) {}

  /** Reads or makes the sequences, and says what they decided. */
  default Reading read(Path folder, Preparation preparation) {
    return new Reading(this, load(folder, preparation));
  }
}
