package rheobase.app.source;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import rheobase.app.toml.Table;
import rheobase.data.DataException;
import rheobase.data.Preparation;
import rheobase.data.Split;
import rheobase.data.speech.Hearing;
import rheobase.data.speech.LibriSpeech;
import rheobase.data.speech.LibriSpeech.Subsets;
import rheobase.data.speech.Pronunciations;
import rheobase.data.speech.SpeechFeatures;
import rheobase.data.speech.Spelling;

/**
 * Books read aloud, with transcripts.
 *
 * @param dictionary seen from the folder of the recordings; of {@link Targets#PHONES} alone
 */
public record LibriSpeechSource(
    Subsets subsets, SpeechFeatures features, Targets targets, String dictionary)
    implements DataSource {
  static final String NAME = "librispeech";

  /** What transcripts are made of. */
  public enum Targets {
    LETTERS,
    PHONES
  }

  static LibriSpeechSource read(Table data) {
    DataSources.only(
        data,
        Stream.concat(
                Stream.of(SpeechKeys.KEYS), Stream.of("train", "test", "targets", "dictionary"))
            .toArray(String[]::new));
    var targets = data.choice("targets", Targets.class, Targets.LETTERS);
    if (targets == Targets.LETTERS && data.has("dictionary")) {
      throw data.error("dictionary", "'dictionary' has a meaning only with targets = \"phones\"");
    }
    var dictionary = targets == Targets.PHONES ? data.text("dictionary") : "";
    try {
      return new LibriSpeechSource(
          new Subsets(
              names(data, "train", "train-clean-100"),
              data.isNumber("validation") ? List.of() : names(data, "validation", "dev-clean"),
              names(data, "test", "test-clean")),
          SpeechKeys.read(data),
          targets,
          dictionary);
    } catch (DataException e) {
      throw data.error("train", e);
    }
  }

  private static List<String> names(Table data, String key, String otherwise) {
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
    return !subsets.validation().isEmpty();
  }

  @Override
  public List<ErrorRate> errorRates() {
    return targets == Targets.PHONES
        ? List.of(ErrorRate.ofLabels("PER", "phoneErrorRate"))
        : List.of(
            ErrorRate.ofLabels("CER", "characterErrorRate"),
            ErrorRate.ofWords("WER", "wordErrorRate", Spelling.Letters.BETWEEN_NUMBER));
  }

  @Override
  public int between() {
    return targets == Targets.LETTERS ? Spelling.Letters.BETWEEN_NUMBER : -1;
  }

  @Override
  public Optional<Hearing> hearing() {
    return Optional.of(features.hearing(classes()));
  }

  @Override
  public Map<String, Object> settings() {
    var settings = new LinkedHashMap<String, Object>();
    settings.put("train", subsets.train());
    if (namesValidation()) {
      settings.put("validation", subsets.validation());
    }
    settings.put("test", subsets.test());
    settings.put("targets", SpeechKeys.text(targets));
    if (targets == Targets.PHONES) {
      settings.put("dictionary", dictionary);
    }
    settings.putAll(SpeechKeys.settings(features));
    return settings;
  }

  private List<String> classes() {
    return targets == Targets.LETTERS
        ? new Spelling.Letters().classes()
        : Stream.concat(Pronunciations.PHONES.stream(), Stream.of(Spelling.BLANK)).toList();
  }

  @Override
  public Split load(Path folder, Preparation preparation) {
    LibriSpeech.check(folder); // a wrong folder lacks the dictionary too
    var spelling =
        targets == Targets.LETTERS
            ? new Spelling.Letters()
            : Pronunciations.read(folder.resolve(dictionary).normalize());
    return LibriSpeech.read(folder, subsets, features, spelling, preparation);
  }
}
