package rheobase.app.source;

import java.nio.file.Path;
import java.util.Map;
import rheobase.data.Preparation;
import rheobase.data.Split;

/** Where the sequences of an experiment come from. */
public sealed interface DataSource
    permits HeidelbergSource, MnistSource, QtdbSource, SyntheticEcgSource {
  /** Its name, as experiment files write it. */
  String text();

  /** Whether the sequences lie in a folder that the call must name with {@code --data}. */
  boolean needsFolder();

  /** Its own keys of [data] and their values, as experiment files write them. */
  Map<String, Object> settings();

  /**
   * Reads or makes the sequences.
   *
   * @param folder null when none is needed
   * @return with a validation set only where the data are published with one
   * @throws rheobase.data.DataException when they cannot be read
   */
  Split load(Path folder, Preparation preparation);
}
