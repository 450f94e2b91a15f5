package rheobase.app.source;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import rheobase.app.toml.Table;
import rheobase.data.DataException;
import rheobase.data.Preparation;
import rheobase.data.Split;
import rheobase.data.sound.Cochlea;
import rheobase.data.speech.Hearing;
import rheobase.data.speech.SpokenDigits;

/**
 * Spoken digits, heard by an artificial cochlea.
 *
 * @param speaker who is the test; of {@link Division#SPEAKER} alone
 */
public record FsddSource(Division division, String speaker, Cochlea cochlea) implements DataSource {
  static final String NAME = "fsdd";

  /** What the test is made of. */
  public enum Division {
    OFFICIAL,
    SPEAKER
  }

  static FsddSource read(Table data) {
    DataSources.only(
        data, "split", "speaker", "step_seconds", "lowest_hertz", "highest_hertz", "gain");
    var division = data.choice("split", Division.class, Division.OFFICIAL);
    if (division == Division.OFFICIAL && data.has("speaker")) {
      throw data.error("speaker", "'speaker' has a meaning only with split = \"speaker\"");
    }
    var speaker = division == Division.SPEAKER ? data.text("speaker") : "";
    double step = data.number("step_seconds", 0.001, 0.004);
    double highest = data.number("highest_hertz", 1, 3600);
    if (highest >= SpokenDigits.RATE / 2.0) {
      throw data.error(
          "highest_hertz",
          "'highest_hertz' is " + highest + "; these recordings end below 4000 Hz");
    }
    try {
      var range = new Cochlea.Range(data.number("lowest_hertz", 1, 60), highest);
      return new FsddSource(
          division, speaker, new Cochlea(range, data.number("gain", 0.1, 14), step));
    } catch (DataException e) {
      throw data.error("lowest_hertz", e);
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
  public Optional<Hearing> hearing() {
    return Optional.of(SpokenDigits.hearing(cochlea));
  }

  @Override
  public Map<String, Object> settings() {
    var settings = new LinkedHashMap<String, Object>();
    settings.put("split", division.name().toLowerCase(Locale.ROOT));
    if (division == Division.SPEAKER) {
      settings.put("speaker", speaker);
    }
    settings.put("step_seconds", cochlea.step());
    settings.put("lowest_hertz", cochlea.range().lowest());
    settings.put("highest_hertz", cochlea.range().highest());
    settings.put("gain", cochlea.gain());
    return settings;
  }

  @Override
  public Split load(Path folder, Preparation preparation) {
    return switch (division) {
      case OFFICIAL -> SpokenDigits.official(folder, cochlea, preparation);
      case SPEAKER -> SpokenDigits.without(folder, speaker, cochlea, preparation);
    };
  }
}
