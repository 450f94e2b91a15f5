package rheobase.data.speech;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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

  /** What all silences and closures are of the 39. */
  private static final String SILENCE_FOLDED = "sil";

  /** Names of silence, in one set of classes or another. */
  private static final Set<String> SILENT = Set.of("pau", "epi", "h#", SILENCE, SILENCE_FOLDED);

  private static final int STATES = 3;

  /** Of the symbols that are trained, the one of the 48 that each is; q is left out. */
  private static final Map<String, String> GATHERED = gathered();

  /** The 48, in the order of the symbols. */
  private static final List<String> TRAINED =
      SYMBOLS.stream().map(GATHERED::get).filter(Objects::nonNull).distinct().toList();

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
    PLAIN,
    /** The 48 phones that are usually trained (Lee and Hon 1989); q is none of them. */
    PHONES_48,
    /** Three states, {@code aa.1} to {@code aa.3}, of each of the 48 phones. */
    STATES_48;

    /** Whether q is no class: what surrounds it takes its time. */
    public boolean lacksGlottalStop() {
      return this == PHONES_48 || this == STATES_48;
    }

    /** States of a phone, which have numbers one after the other. */
    public int states() {
      return this == STATES_48 ? STATES : 1;
    }

    /** Names of the classes: 61, 48 or 144. */
    public List<String> classes() {
      return switch (this) {
        case PUBLISHED -> published();
        case PLAIN -> SYMBOLS;
        case PHONES_48 -> TRAINED;
        case STATES_48 ->
            TRAINED.stream()
                .flatMap(phone -> IntStream.rangeClosed(1, STATES).mapToObj(k -> phone + "." + k))
                .toList();
      };
    }

    private static List<String> published() {
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

    /** The class of every symbol, or the first of its states; q may have none. */
    Map<String, Integer> numbers() {
      final List<String> classes = classes();
      final Map<String, Integer> numbers = new HashMap<>();
      for (String symbol : SYMBOLS) {
        final String phone = lacksGlottalStop() ? GATHERED.get(symbol) : symbol;
        if (phone != null) {
          numbers.put(
              symbol,
              switch (this) {
                case PUBLISHED -> classes.indexOf(isSilence(symbol) ? SILENCE : symbol);
                case PLAIN, PHONES_48 -> classes.indexOf(phone);
                case STATES_48 -> STATES * TRAINED.indexOf(phone);
              });
        }
      }
      return numbers;
    }

    /**
     * The 39 phones that are usually scored (Lee and Hon 1989, "Speaker-independent phone
     * recognition using hidden Markov models"). The glottal stop q belongs to none and is left out.
     */
    public Folding folding() {
      return folding(classes());
    }

    /** The phones that frames of these classes make up. */
    public PhoneStates phoneStates() {
      if (this != STATES_48) {
        return PhoneStates.single(classes(), SILENT);
      }
      final List<List<Integer>> numbers = new ArrayList<>();
      for (int phone = 0; phone < TRAINED.size(); phone++) {
        final int first = STATES * phone;
        numbers.add(IntStream.range(first, first + STATES).boxed().toList());
      }
      return new PhoneStates(TRAINED, numbers, SILENT);
    }

    /** The phones of transcripts and the blank. */
    public List<String> transcriptClasses() {
      return Stream.concat(classes().stream(), Stream.of(Spelling.BLANK)).toList();
    }

    private static Folding folding(List<String> classes) {
      return Folding.of("39 phones", classes, name -> FOLDED.get(name.replaceFirst("[.]\\d$", "")));
    }
  }

  /** The 39 phones without silence, which is left out with q, of phones by name. */
  public static Folding foldingWithoutSilence(List<String> phones) {
    return Folding.of(
        "39 phones without silence",
        phones,
        name -> SILENCE_FOLDED.equals(FOLDED.get(name)) ? null : FOLDED.get(name));
  }

  /** The 39 phones, of phones by name. */
  public static Folding foldingOf(List<String> phones) {
    return Folding.of("39 phones", phones, FOLDED::get);
  }

  static boolean isSilence(String symbol) {
    return SILENCES.contains(symbol);
  }

  private static Map<String, String> gathered() {
    final Map<String, String> gathered = new HashMap<>();
    SYMBOLS.forEach(symbol -> gathered.put(symbol, symbol));
    gathered.remove("q");
    fold(gathered, "ax", "ax-h");
    fold(gathered, "er", "axr");
    fold(gathered, "hh", "hv");
    fold(gathered, "m", "em");
    fold(gathered, "n", "nx");
    fold(gathered, "ng", "eng");
    fold(gathered, "uw", "ux");
    fold(gathered, "cl", "pcl", "tcl", "kcl");
    fold(gathered, "vcl", "bcl", "dcl", "gcl");
    fold(gathered, "sil", "h#", "pau");
    return Map.copyOf(gathered);
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
    fold(folded, "sil", "cl", "vcl", "sil"); // names of the 48
    return Map.copyOf(folded);
  }

  private static void fold(Map<String, String> folded, String to, String... symbols) {
    for (String symbol : symbols) {
      folded.put(symbol, to);
    }
  }
}
