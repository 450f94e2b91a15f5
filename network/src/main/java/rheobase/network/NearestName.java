package rheobase.network;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** The known name a mistyped one was probably meant to be. */
public final class NearestName {
  private NearestName() {}

  /**
   * The known name fewest edits away, if that is few enough to be a slip: a third of its letters,
   * at least two.
   *
   * @param typed as the user wrote it
   * @param known what would have been understood
   */
  public static Optional<String> of(String typed, Collection<String> known) {
    var lower = typed.toLowerCase(Locale.ROOT);
    return known.stream()
        .filter(
            name -> edits(lower, name.toLowerCase(Locale.ROOT)) <= Math.max(2, name.length() / 3))
        .min(
            Comparator.comparingInt((String name) -> edits(lower, name.toLowerCase(Locale.ROOT)))
                .thenComparing(Comparator.naturalOrder()));
  }

  /**
   * The end of an error sentence: {@code "; did you mean 'every'?"}, or the whole list of known
   * names.
   */
  public static String hint(String typed, Collection<String> known) {
    return of(typed, known)
        .map(name -> "; did you mean '" + name + "'?")
        .orElseGet(() -> "; known are " + String.join(", ", known.stream().sorted().toList()));
  }

  /**
   * Levenshtein's distance: insertions, deletions and replacements, one row of the table at a time.
   */
  private static int edits(String from, String to) {
    var row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j - 1], row[j]));
      }
    }
    return row[to.length()];
  }
}
