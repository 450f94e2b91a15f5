package rheobase.app.source;

import java.nio.file.Path;
import java.util.Map;
import rheobase.app.toml.Table;
import rheobase.data.Preparation;
import rheobase.data.own.NpzReading;
import rheobase.data.own.OwnSpec;
import rheobase.data.own.Sets;

/** One's own sequences in NumPy's {@code .npz} files. */
public record NpzSource(OwnSpec own) implements OwnSource {
  static final String NAME = "npz";

  static NpzSource read(Table data) {
    OwnKeys.only(data);
    return new NpzSource(OwnKeys.read(data, "**.npz"));
  }

  @Override
  public String text() {
    return NAME;
  }

  @Override
  public Map<String, Object> settings() {
    return OwnKeys.settings(own);
  }

  @Override
  public Reading read(Path folder, Preparation preparation) {
    var recordings = new NpzReading().read(folder, own, preparation, OwnSource::hint);
    var sets = Sets.of(recordings, own, OwnSource::hint);
    return new Reading(new NpzSource(sets.settled()), sets.split());
  }
}
