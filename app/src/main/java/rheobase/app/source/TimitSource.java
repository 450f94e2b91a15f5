package rheobase.app.source;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import rheobase.app.toml.Table;
import rheobase.data.DataException;
import rheobase.data.Folding;
import rheobase.data.Preparation;
import rheobase.data.Split;
import rheobase.data.speech.Phones;
import rheobase.data.speech.Timit;

/** TIMIT or its sample, a phone a frame. */
public record TimitSource(Timit.Reading reading) implements DataSource {
  static final String NAME = "timit";

  static TimitSource read(Table data) {
    DataSources.only(data, "labels", "segment");
    var labels = data.choice("labels", Phones.Labels.class, Phones.Labels.PUBLISHED);
    try {
      return new TimitSource(new Timit.Reading(labels, data.whole("segment", 0, 0)));
    } catch (DataException e) {
      throw data.error("segment", e);
    }
  }

  @Override
  public String text() {
    return NAME;
  }

  @Override
  public boolean needsFolder() {
    return true;
  }

  @Override
  public Optional<Folding> folding() {
    return Optional.of(reading.labels().folding());
  }

  @Override
  public Map<String, Object> settings() {
    var settings = new LinkedHashMap<String, Object>();
    settings.put("labels", reading.labels() == Phones.Labels.PUBLISHED ? "published" : "plain");
    settings.put("segment", reading.segment());
    return settings;
  }

  @Override
  public Split load(Path folder, Preparation preparation) {
    return Timit.read(folder, reading, preparation);
  }
}
