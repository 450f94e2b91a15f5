package rheobase.cell.language;

import java.util.Collection;
import java.util.Comparator;

/** Finds what a mistyped name was meant to be. */
public final class Names {
  private Names() {}

  /** A hint: the nearest known name, or all of them when none is near. */
  public static String nearest(String wrong, Collection<String> known) {
    return known.stream()
        .min(
            Comparator.comparingInt((String name) -> distance(wrong, name))
                .thenComparing(Comparator.naturalOrder()))
        .filter(name -> isNear(wrong, name))
        .map(name -> "did you mean '" + name + "'?")
        .orElseGet(() ->
            known.isEmpty()
                ? "there are none"
                : "known are " + String.join(", ", known.stream().sorted().toList()));
  }

  /** The hint as the end of a sentence, behind a semicolon. */
  public static String hint(String wrong, Collection<String> known) {
    return "; " + nearest(wrong, known);
  }

  /**
   * At most every second letter is wrong; one letter for another is no likeness where there is only
   * one.
   */
  private static boolean isNear(String wrong, String name) {
    int distance = distance(wrong, name);
    return distance <= Math.max(1, Math.min(wrong.length(), name.length()) / 2)
        && distance < Math.max(wrong.length(), name.length());
  }

  /** Levenshtein distance: insertions, deletions and replacements. */
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
