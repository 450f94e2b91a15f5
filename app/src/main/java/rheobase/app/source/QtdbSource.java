package rheobase.app.source;

import java.nio.file.Path;
import java.util.Map;
import rheobase.app.toml.Table;
import rheobase.data.Preparation;
import rheobase.data.QtDatabase;
import rheobase.data.Split;

/**
 * The QT Database as published by Yin, Corradi and Bohté: {@code QTDB_train.mat} and {@code
 * QTDB_test.mat} of a folder.
 */
public record QtdbSource() implements DataSource {
  static final String NAME = "qtdb";

  static QtdbSource read(Table data) {
    DataSources.only(data);
    return new QtdbSource();
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
  public Map<String, Object> settings() {
    return Map.of();
  }

  @Override
  public Split load(Path folder, Preparation preparation) {
    return DataSources.withoutValidation(QtDatabase.train(folder), QtDatabase.test(folder));
  }
}
