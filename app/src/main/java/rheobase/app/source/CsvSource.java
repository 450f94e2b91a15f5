package rheobase.app.source;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import rheobase.app.toml.Table;
import rheobase.data.Preparation;
import rheobase.data.csv.Dialect;
import rheobase.data.own.CsvReading;
import rheobase.data.own.OwnSpec;
import rheobase.data.own.Sets;

/** One's own sequences in CSV files: a file each, or many in a table. */
public record CsvSource(OwnSpec own, CsvReading reading) implements OwnSource {
  static final String NAME = "csv";

  static CsvSource read(Table data) {
    OwnKeys.only(data, "columns", "sequence", "delimiter", "header");
    var delimiter = data.text("delimiter", "" + Dialect.FIND);
    if (delimiter.length() != 1
        || delimiter.equals("\"")
        || delimiter.isBlank() && !delimiter.matches("[ \t]")) {
      throw data.error(
          "delimiter",
          "'delimiter' is '" + delimiter + "'; it must be one character, such as \";\"");
    }
    return new CsvSource(
        OwnKeys.read(data, "**.csv"),
        new CsvReading(
            new Dialect(
                delimiter.charAt(0),
                !data.has("header")
                    ? Dialect.Header.DETECT
                    : data.flag("header", true) ? Dialect.Header.PRESENT : Dialect.Header.ABSENT),
            data.has("columns") ? data.names("columns") : List.of(),
            data.has("sequence") ? data.names("sequence") : List.of()));
  }

  @Override
  public String text() {
    return NAME;
  }

  @Override
  public List<String> channels() {
    return reading.columns();
  }

  @Override
  public Map<String, Object> settings() {
    var settings = OwnKeys.settings(own);
    if (!reading.columns().isEmpty()) {
      settings.put("columns", reading.columns());
    }
    if (!reading.sequence().isEmpty()) {
      settings.put("sequence", reading.sequence());
    }
    if (reading.dialect().delimiter() != Dialect.FIND) {
      settings.put("delimiter", "" + reading.dialect().delimiter());
    }
    if (reading.dialect().header() != Dialect.Header.DETECT) {
      settings.put("header", reading.dialect().header() == Dialect.Header.PRESENT);
    }
    return settings;
  }

  @Override
  public Reading read(Path folder, Preparation preparation) {
    var recordings = reading.read(folder, own, preparation, OwnSource::hint);
    var sets = Sets.of(recordings, own, OwnSource::hint);
    return new Reading(
        new CsvSource(sets.settled(), reading.withColumns(recordings.channels())), sets.split());
  }
}
