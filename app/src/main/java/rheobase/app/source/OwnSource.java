package rheobase.app.source;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import rheobase.cell.language.Names;
import rheobase.data.Preparation;
import rheobase.data.Split;
import rheobase.data.own.OwnSpec;
import rheobase.data.own.Part;

/** A source of one's own sequences, in files of some format. */
public sealed interface OwnSource extends DataSource permits CsvSource, NpzSource, WfdbSource {
  /** A folder may hold thousands of groups. */
  int LONGEST_HINT = 200;

  /** How sequences are found, labelled, cut and divided. */
  OwnSpec own();

  /** What {@link Names} has to say, as the end of a sentence; a long list is cut. */
  static String hint(String wrong, Collection<String> known) {
    var hint = Names.hint(wrong, known);
    if (hint.length() > LONGEST_HINT) {
      return hint.substring(0, LONGEST_HINT) + " ...";
    }
    return hint.endsWith("?") ? hint : hint + ".";
  }

  /** Names of the channels, once they are known; empty where the format has none. */
  default List<String> channels() {
    return List.of();
  }

  @Override
  default boolean needsFolder() {
    return true;
  }

  @Override
  default boolean namesValidation() {
    return own().validation() instanceof Part.Groups;
  }

  @Override
  default Split load(Path folder, Preparation preparation) {
    return read(folder, preparation).split();
  }
}
