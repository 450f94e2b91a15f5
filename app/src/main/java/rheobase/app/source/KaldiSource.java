package rheobase.app.source;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rheobase.app.toml.Table;
import rheobase.data.Preparation;
import rheobase.data.Split;
import rheobase.data.kaldi.KaldiFolder;
import rheobase.data.speech.Speakers;

/** Features and labels that Kaldi made. */
public record KaldiSource(KaldiFolder tables) implements DataSource {
  static final String NAME = "kaldi";

  static KaldiSource read(Table data) {
    DataSources.only(data, "features", "labels", "train", "test", "utt2spk", "speakers", "classes");
    var speakers = data.choice("speakers", Speakers.class, Speakers.AS_THEY_ARE);
    if (speakers != Speakers.AS_THEY_ARE && !data.has("utt2spk")) {
      throw data.error(
          "speakers", "'speakers' needs to know who speaks: name a file with 'utt2spk'");
    }
    return new KaldiSource(
        new KaldiFolder(
            names(data, "features", "feats.scp"),
            names(data, "labels", "ali.ark"),
            data.text("train", "train.txt"),
            !data.has("validation") || data.isNumber("validation") ? null : data.text("validation"),
            data.text("test", "test.txt"),
            data.text("utt2spk", null),
            speakers,
            data.whole("classes", 0, 0)));
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
    return tables.validation() != null;
  }

  @Override
  public Map<String, Object> settings() {
    var settings = new LinkedHashMap<String, Object>();
    settings.put("features", tables.features());
    settings.put("labels", tables.labels());
    settings.put("train", tables.train());
    if (namesValidation()) {
      settings.put("validation", tables.validation());
    }
    settings.put("test", tables.test());
    if (tables.utt2spk() != null) {
      settings.put("utt2spk", tables.utt2spk());
    }
    settings.put("speakers", SpeechKeys.text(tables.speakers()));
    settings.put("classes", tables.classes());
    return settings;
  }

  @Override
  public Split load(Path folder, Preparation preparation) {
    return tables.read(folder, preparation);
  }

  @Override
  public Reading read(Path folder, Preparation preparation) {
    var split = load(folder, preparation);
    return new Reading(new KaldiSource(tables.withClasses(split.train().classes().size())), split);
  }
}
