package rheobase.data.speech;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import rheobase.data.DataException;

/** The labels that a sentence is made of, for networks that learn from transcripts. */
public sealed interface Spelling permits Spelling.Letters, Pronunciations {
  /** Name of the class that says nothing; always the last. */
  String BLANK = "blank";

  /** All labels, and {@link #BLANK} behind them. */
  List<String> classes();

  /** All that decides the labels of a sentence, for the cache. */
  String text();

  /**
   * The labels of a sentence, numbers of {@link #classes}.
   *
   * @param sentence words between white space
   * @throws DataException with the end of a sentence that names the place: which word or letter has
   *     no label
   */
  int[] labels(String sentence);

  /** The letters of English, the apostrophe, and {@code |} between words. */
  record Letters() implements Spelling {
    /** Stands between words. */
    public static final String BETWEEN = "|";

    /** Its number. */
    public static final int BETWEEN_NUMBER = 0;

    private static final String ALPHABET = "|'ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    @Override
    public List<String> classes() {
      final List<String> classes =
          new ArrayList<>(ALPHABET.chars().mapToObj(Character::toString).toList());
      classes.add(BLANK);
      return List.copyOf(classes);
    }

    @Override
    public String text() {
      return "letters " + ALPHABET;
    }

    @Override
    public int[] labels(String sentence) {
      final String letters =
          String.join(BETWEEN, sentence.strip().toUpperCase(Locale.ROOT).split("\\s+"));
      final int[] labels = new int[letters.length()];
      for (int i = 0; i < labels.length; i++) {
        labels[i] = ALPHABET.indexOf(letters.charAt(i));
        if (labels[i] < 0) {
          throw new DataException(
              "has '%s', which is neither a letter of English nor an apostrophe"
                  .formatted(letters.charAt(i)));
        }
      }
      return labels;
    }
  }
}
