package rheobase.app.source;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import rheobase.app.toml.Table;
import rheobase.data.HeidelbergDigits;
import rheobase.data.HeidelbergDigits.Binning;
import rheobase.data.HeidelbergDigits.Name;
import rheobase.data.Preparation;
import rheobase.data.Split;

/** The Spiking Heidelberg Digits or the Spiking Speech Commands. */
public record HeidelbergSource(Name name, Binning binning) implements DataSource {
  /** How channels and steps are counted. */
  private enum Convention {
    PUBLISHED,
    PLAIN
  }

  static HeidelbergSource read(Name name, Table data) {
    DataSources.only(data, "step_seconds", "bins", "binning");
    double step = data.number("step_seconds", 1e-6, 0.004);
    return new HeidelbergSource(
        name,
        new Binning(
            step,
            data.whole("bins", 1, Math.max(1, (int) Math.floor(1 / step))),
            data.choice("binning", Convention.class, Convention.PUBLISHED)
                == Convention.PUBLISHED));
  }

  @Override
  public String text() {
    return name.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public boolean needsFolder() {
    return true;
  }

  @Override
  public Map<String, Object> settings() {
    var settings = new LinkedHashMap<String, Object>();
    settings.put("step_seconds", binning.step());
    settings.put("bins", binning.steps());
    settings.put("binning", binning.published() ? "published" : "plain");
    return settings;
  }

  @Override
  public Split load(Path folder, Preparation preparation) {
    var train = HeidelbergDigits.read(folder, name, "train", binning, preparation);
    var test = HeidelbergDigits.read(folder, name, "test", binning, preparation);
    if (!name.validated()) {
      return DataSources.withoutValidation(train, test);
    }
    var validation = HeidelbergDigits.read(folder, name, "valid", binning, preparation);
    DataSources.different(train, validation);
    DataSources.different(train, test);
    return new Split(train, validation, test);
  }
}
