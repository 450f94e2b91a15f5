package rheobase.app.source;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rheobase.app.toml.Table;
import rheobase.data.DataException;
import rheobase.data.Preparation;
import rheobase.data.Split;
import rheobase.data.speech.DigitStrings;
import rheobase.data.speech.Hearing;

/** Connected digits, made of the recordings of the Free Spoken Digit Dataset. */
public record DigitStringsSource(DigitStrings.Choice choice) implements DataSource {
  static final String NAME = "digit_strings";

  static DigitStringsSource read(Table data) {
    DataSources.only(data, "test", "train_strings", "held_strings", "seed");
    try {
      return new DigitStringsSource(
          new DigitStrings.Choice(
              speakers(data, "validation", "theo"),
              speakers(data, "test", "yweweler"),
              data.whole("train_strings", 1, 300),
              data.whole("held_strings", 1, 200),
              data.seed("seed", 1)));
    } catch (DataException e) {
      throw data.error("test", e);
    }
  }

  private static List<String> speakers(Table data, String key, String otherwise) {
    return data.has(key) ? data.names(key) : List.of(otherwise);
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
  public boolean namesValidation() {
    return true;
  }

  @Override
  public Optional<Hearing> hearing() {
    return Optional.of(DigitStrings.hearing());
  }

  @Override
  public List<ErrorRate> errorRates() {
    return List.of(ErrorRate.ofLabels("digit errors", "digitErrorRate"));
  }

  @Override
  public Map<String, Object> settings() {
    var settings = new LinkedHashMap<String, Object>();
    settings.put("validation", choice.validation());
    settings.put("test", choice.test());
    settings.put("train_strings", choice.trainStrings());
    settings.put("held_strings", choice.heldStrings());
    settings.put("seed", choice.seed());
    return settings;
  }

  @Override
  public Split load(Path folder, Preparation preparation) {
    return DigitStrings.read(folder, choice, preparation);
  }
}
