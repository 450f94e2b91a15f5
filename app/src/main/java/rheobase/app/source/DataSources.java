package rheobase.app.source;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import rheobase.app.toml.Table;
import rheobase.cell.language.Names;
import rheobase.data.DataException;
import rheobase.data.HeidelbergDigits;
import rheobase.data.SequenceSet;
import rheobase.data.Split;

/** The sources that an experiment can name. */
public final class DataSources {
  private static final Map<String, Function<Table, DataSource>> READERS = readers();

  /** Keys of [data] that belong to no single source. */
  private static final List<String> SHARED =
      List.of(
          "source",
          "validation",
          "validation_seed",
          "steps",
          "normalise",
          "level_crossing",
          "population",
          "poisson",
          "poisson_seed");

  private DataSources() {}

  private static Map<String, Function<Table, DataSource>> readers() {
    var readers = new LinkedHashMap<String, Function<Table, DataSource>>();
    readers.put(DigitStringsSource.NAME, DigitStringsSource::read);
    readers.put(FsddSource.NAME, FsddSource::read);
    readers.put(KaldiSource.NAME, KaldiSource::read);
    readers.put(LibriSpeechSource.NAME, LibriSpeechSource::read);
    readers.put(MnistSource.NAME, MnistSource::read);
    readers.put(QtdbSource.NAME, QtdbSource::read);
    readers.put(SoliSource.NAME, SoliSource::read);
    readers.put(SpeechCommandsSource.NAME, SpeechCommandsSource::read);
    readers.put(SyntheticEcgSource.NAME, SyntheticEcgSource::read);
    for (var name : HeidelbergDigits.Name.values()) {
      readers.put(name.name().toLowerCase(Locale.ROOT), data -> HeidelbergSource.read(name, data));
    }
    readers.put(TimitSource.NAME, TimitSource::read);
    readers.put(CsvSource.NAME, CsvSource::read);
    readers.put(NpzSource.NAME, NpzSource::read);
    readers.put(WfdbSource.NAME, WfdbSource::read);
    return readers;
  }

  /**
   * Reads the source and its keys out of [data].
   *
   * @throws rheobase.network.NetworkException for an unknown source, an unknown key or a value out
   *     of range
   */
  public static DataSource read(Table data) {
    if (!data.has("source")) {
      only(data); // a slip in the key itself
    }
    var name = data.text("source");
    var reader = READERS.get(name);
    if (reader == null) {
      throw data.error(
          "source",
          "there is no data source '"
              + name
              + "'"
              + Names.hint(name, List.copyOf(READERS.keySet())));
    }
    return reader.apply(data);
  }

  /** Refuses every key but the shared ones and those of one source. */
  static void only(Table data, String... own) {
    data.only(Stream.concat(SHARED.stream(), Stream.of(own)).toArray(String[]::new));
  }

  /**
   * Data that are published without a validation set.
   *
   * @throws DataException when both are the same: then a file lies under the name of the other
   */
  static Split withoutValidation(SequenceSet train, SequenceSet test) {
    different(train, test);
    var nothing = new SequenceSet(train.name(), train.channels(), train.classes(), List.of());
    return new Split(train, nothing, test);
  }

  /** Refuses a set to test on that is the set to train on. */
  static void different(SequenceSet train, SequenceSet test) {
    if (train.size() > 0 && train.sameSequences(test)) {
      throw new DataException(
          "%s and %s are the same %d sequences: one file lies under the name of the other."
              .formatted(train.name(), test.name(), train.size()));
    }
  }
}
