package rheobase.data.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What was recognised laid beside what was said, with the fewest errors (Levenshtein 1966), each
 * substitution, deletion and insertion counting one, as Kaldi's {@code compute-wer} has it.
 *
 * <p>Of several alignments with the fewest errors it is one with the most labels right, so the
 * counts of all three kinds are those of the two texts and of no order of search. (NIST's {@code
 * sclite} weighs a substitution 4 and the others 3; its sum may be greater for the sake of more
 * labels right.)
 *
 * @param pairs in order
 */
public record Alignment(List<Pair> pairs) {
  /** Stands for no label. */
  public static final int NOTHING = -1;

  /**
   * Two labels side by side.
   *
   * @param said {@link #NOTHING} for an insertion
   * @param recognised {@link #NOTHING} for a deletion
   */
  public record Pair(int said, int recognised) {}

  public Alignment {
    pairs = List.copyOf(pairs);
  }

  /** Aligns labels, which are not negative. */
  public static Alignment of(int[] said, int[] recognised) {
    final Costs costs = new Costs(said, recognised);
    final List<Pair> backwards = new ArrayList<>();
    int i = said.length;
    int j = recognised.length;
    while (i > 0 || j > 0) {
      if (i > 0 && j > 0 && costs.least[i][j] == costs.beside(i, j)) {
        backwards.add(new Pair(said[--i], recognised[--j]));
      } else if (i > 0 && costs.least[i][j] == costs.deletion(i, j)) {
        backwards.add(new Pair(said[--i], NOTHING));
      } else {
        backwards.add(new Pair(NOTHING, recognised[--j]));
      }
    }
    return new Alignment(backwards.reversed());
  }

  /** Of aligning beginnings; an error costs more than all substitutions add to theirs. */
  private static final class Costs {
    private final int[] said;
    private final int[] recognised;
    private final long error;

    /** {@code [labels said][labels recognised]}. */
    private final long[][] least;

    Costs(int[] said, int[] recognised) {
      this.said = said;
      this.recognised = recognised;
      error = said.length + recognised.length + 1L;
      least = new long[said.length + 1][recognised.length + 1];
      for (int i = 0; i <= said.length; i++) {
        for (int j = 0; j <= recognised.length; j++) {
          least[i][j] =
              i == 0 || j == 0
                  ? (i + j) * error
                  : Math.min(beside(i, j), Math.min(deletion(i, j), insertion(i, j)));
        }
      }
    }

    long beside(int i, int j) {
      return least[i - 1][j - 1] + (said[i - 1] == recognised[j - 1] ? 0 : error + 1);
    }

    long deletion(int i, int j) {
      return least[i - 1][j] + error;
    }

    private long insertion(int i, int j) {
      return least[i][j - 1] + error;
    }
  }

  /** Substitutions, deletions and insertions. */
  public ErrorCounts counts() {
    int substitutions = 0;
    int deletions = 0;
    int insertions = 0;
    for (Pair pair : pairs) {
      if (pair.said == NOTHING) {
        insertions++;
      } else if (pair.recognised == NOTHING) {
        deletions++;
      } else if (pair.said != pair.recognised) {
        substitutions++;
      }
    }
    return new ErrorCounts(pairs.size() - insertions, substitutions, deletions, insertions);
  }

  /** Errors of words, which are what stands between white space; case matters. */
  public static ErrorCounts ofWords(String said, String recognised) {
    return ofItems(words(said), words(recognised));
  }

  /** Errors of characters (code points); any white space between two words counts as one. */
  public static ErrorCounts ofCharacters(String said, String recognised) {
    return of(characters(said), characters(recognised)).counts();
  }

  /** Errors of labels that are equal where {@code equals} says so. */
  public static ErrorCounts ofItems(List<?> said, List<?> recognised) {
    final Map<Object, Integer> numbers = new HashMap<>();
    return of(numbered(said, numbers), numbered(recognised, numbers)).counts();
  }

  private static int[] numbered(List<?> items, Map<Object, Integer> numbers) {
    return items.stream()
        .mapToInt(item -> numbers.computeIfAbsent(item, _ -> numbers.size()))
        .toArray();
  }

  private static List<String> words(String text) {
    return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
  }

  private static int[] characters(String text) {
    return String.join(" ", words(text)).codePoints().toArray();
  }
}
