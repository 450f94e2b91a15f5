package rheobase.app.source;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import rheobase.app.toml.Table;
import rheobase.data.Preparation;
import rheobase.data.Split;
import rheobase.data.SyntheticEcg;

/**
 * Heartbeats of the dynamical model of McSharry et al. 2003, made on the spot.
 *
 * @param train sequences to train on
 * @param test sequences to test on
 * @param seed of the recordings
 */
public record SyntheticEcgSource(int train, int test, long seed) implements DataSource {
  static final String NAME = "synthetic_ecg";

  static SyntheticEcgSource read(Table data) {
    DataSources.only(data, "train_sequences", "test_sequences", "seed");
    return new SyntheticEcgSource(
        data.whole("train_sequences", 1, 256),
        data.whole("test_sequences", 1, 64),
        data.seed("seed", 1));
  }

  @Override
  public String text() {
    return NAME;
  }

  @Override
  public boolean needsFolder() {
    return false;
  }

  @Override
  public Map<String, Object> settings() {
    var settings = new LinkedHashMap<String, Object>();
    settings.put("train_sequences", train);
    settings.put("test_sequences", test);
    settings.put("seed", seed);
    return settings;
  }

  @Override
  public Split load(Path folder, Preparation preparation) {
    return DataSources.withoutValidation(
        SyntheticEcg.generate("synthetic ECG train", train, seed),
        SyntheticEcg.generate("synthetic ECG test", test, seed));
  }
}
