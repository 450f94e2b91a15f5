package rheobase.data.own;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import rheobase.data.DataException;
import rheobase.data.Nearest;

/** The set that a folder, a column or a list says a recording belongs to. */
enum MarkedSet {
  TRAIN,
  VALIDATION,
  TEST;

  private static final Map<String, MarkedSet> NAMES =
      Map.of(
          "train", TRAIN,
          "training", TRAIN,
          "validation", VALIDATION,
          "valid", VALIDATION,
          "val", VALIDATION,
          "dev", VALIDATION,
          "test", TEST,
          "testing", TEST);

  /** As sentences and names of sets write it. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The set of this name.
   *
   * @param where the sentence begins with
   */
  static MarkedSet of(String name, String where, Nearest nearest) {
    final MarkedSet set = NAMES.get(name.toLowerCase(Locale.ROOT));
    if (set == null) {
      throw new DataException(
          "%s marks a set '%s'%s"
              .formatted(where, name, nearest.hint(name, List.of("train", "validation", "test"))));
    }
    return set;
  }
}
