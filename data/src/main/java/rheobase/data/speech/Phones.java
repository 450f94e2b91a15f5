package rheobase.data.speech;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import rheobase.data.Folding;

/** The symbols of TIMIT's phonetic transcriptions, as classes. */
public final class Phones {
  /**
   * All 61: closures, stops, affricates, fricatives, nasals, semivowels, vowels, and three kinds of
   * silence, of which {@code h#} is that before and after the sentence.
   */
  public static final List<String> SYMBOLS =
      List.of(
          """
          bcl dcl gcl pcl tcl kcl b d g p t k dx q jh ch s sh z zh f th v dh m n ng em en eng nx
          l r w y hh hv el iy ih eh ey ae aa aw ay ah ao oy ow uh uw ux er ax ix axr ax-h
          pau epi h#\
          """
              .split("\\s+"));

  private static final List<String> SILENCES = List.of("pau", "epi", "h#");

  /** Name of the class they share in the published labels. */
  private static final String SILENCE = "silence";

  /** Symbols that are not scored by themselves; q is not scored at all. */
  private static final Map<String, String> FOLDED = folded();

  private Phones() {}

  /** How symbols become class numbers. */
  public enum Labels {
    /**
     * As in the program that made the data of Yin, Corradi and Bohté 2021: all silences are one
     * class, the last. A list with a slip in it leaves two of the 61 numbers without a phone.
     */
    PUBLISHED,
    /** A class for each of the 61 symbols. */
    PLAIN;

    /** Names of the classes, 61 either way. */
    public List<String> classes() {
      if (this == PLAIN) {
        return SYMBOLS;
      }
      final List<String> classes = new ArrayList<>(SYMBOLS);
      classes.removeAll(SILENCES);
      classes.add(SILENCE);
      // The published list begins bcl dcl gcl pcl tck kcl dcl tcl: a phone that is none, and one
      // that stands there twice, of which the second counts.
      classes.removeAll(List.of("dcl", "tcl"));
      classes.add(1, "(unused 1)");
      classes.add(4, "(unused 4)");
      classes.addAll(6, List.of("dcl", "tcl"));
      return List.copyOf(classes);
    }

    /** The class of every symbol. */
    Map<String, Integer> numbers() {
      final List<String> classes = classes();
      final Map<String, Integer> numbers = new HashMap<>();
      for (String symbol : SYMBOLS) {
        final boolean gathered = this == PUBLISHED && isSilence(symbol);
        numbers.put(symbol, classes.indexOf(gathered ? SILENCE : symbol));
      }
      return numbers;
    }

    /**
     * The 39 phones that are usually scored (Lee and Hon 1989, "Speaker-independent phone
     * recognition using hidden Markov models"). The glottal stop q belongs to none and is left out.
     */
    public Folding folding() {
      return Folding.of("39 phones", classes(), FOLDED::get);
    }
  }

  static boolean isSilence(String symbol) {
    return SILENCES.contains(symbol);
  }

  private static Map<String, String> folded() {
    final Map<String, String> folded = new HashMap<>();
    SYMBOLS.forEach(symbol -> folded.put(symbol, symbol));
    folded.remove("q");
    fold(folded, "aa", "ao");
    fold(folded, "ah", "ax", "ax-h");
    fold(folded, "er", "axr");
    fold(folded, "hh", "hv");
    fold(folded, "ih", "ix");
    fold(folded, "l", "el");
    fold(folded, "m", "em");
    fold(folded, "n", "en", "nx");
    fold(folded, "ng", "eng");
    fold(folded, "sh", "zh");
    fold(folded, "uw", "ux");
    fold(folded, "sil", "bcl", "dcl", "gcl", "pcl", "tcl", "kcl", "pau", "epi", "h#", SILENCE);
    return Map.copyOf(folded);
  }

  private static void fold(Map<String, String> folded, String to, String... symbols) {
    for (String symbol : symbols) {
      folded.put(symbol, to);
    }
  }
}
