package rheobase.app.source;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import rheobase.app.toml.Table;
import rheobase.data.DataException;
import rheobase.data.Preparation;
import rheobase.data.Soli;
import rheobase.data.Soli.Cut;
import rheobase.data.Soli.Test;
import rheobase.data.Split;

/** Gestures before a radar, a picture a frame. */
public record SoliSource(Soli.Reading reading) implements DataSource {
  static final String NAME = "soli";

  static SoliSource read(Table data) {
    DataSources.only(data, "antenna", "cut", "test", "seed");
    try {
      return new SoliSource(
          new Soli.Reading(
              data.whole("antenna", 0, 3),
              data.choice("cut", Cut.class, Cut.WINDOWS),
              data.choice("test", Test.class, Test.REST),
              data.seed("seed", 1)));
    } catch (DataException e) {
      throw data.error("antenna", e);
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
  public boolean scoresLastStep() {
    return true;
  }

  @Override
  public Map<String, Object> settings() {
    var settings = new LinkedHashMap<String, Object>();
    settings.put("antenna", reading.antenna());
    settings.put("cut", reading.cut().name().toLowerCase(Locale.ROOT));
    settings.put("test", reading.test().name().toLowerCase(Locale.ROOT));
    settings.put("seed", reading.seed());
    return settings;
  }

  @Override
  public Split load(Path folder, Preparation preparation) {
    return Soli.read(folder, reading, preparation);
  }
}
