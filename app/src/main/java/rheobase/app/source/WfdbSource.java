package rheobase.app.source;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import rheobase.app.toml.Table;
import rheobase.data.Preparation;
import rheobase.data.own.OwnSpec;
import rheobase.data.own.Sets;
import rheobase.data.own.WfdbReading;

/** One's own sequences, or a data set of PhysioNet, in WFDB records. */
public record WfdbSource(OwnSpec own, WfdbReading reading) implements OwnSource {
  static final String NAME = "wfdb";

  static WfdbSource read(Table data) {
    OwnKeys.only(data, "columns", "annotator");
    return new WfdbSource(
        OwnKeys.read(data, "**.hea"),
        new WfdbReading(
            data.has("columns") ? data.names("columns") : List.of(),
            data.text("annotator", "atr")));
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
    settings.put("annotator", reading.annotator());
    return settings;
  }

  @Override
  public Reading read(Path folder, Preparation preparation) {
    var recordings = reading.read(folder, own, preparation, OwnSource::hint);
    var sets = Sets.of(recordings, own, OwnSource::hint);
    return new Reading(
        new WfdbSource(sets.settled(), reading.withColumns(recordings.channels())), sets.split());
  }
}
