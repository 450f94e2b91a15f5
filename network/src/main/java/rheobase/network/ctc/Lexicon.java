package rheobase.network.ctc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import rheobase.data.text.LanguageModel;
import rheobase.network.NetworkException;

/**
 * The words of a language model as their letters: a tree in which every word is a way from the
 * root, a label a step.
 *
 * <p>Where the model has a probability for unknown words, every other spelling is one of these;
 * where it has none, only listed words can be said. Capitals and small letters are the same. Words
 * with a letter that is no label are left out.
 */
public final class Lexicon {
  /** No letter yet. */
  static final int ROOT = 0;

  /** Letters that begin no listed word, where unknown ones may be said. */
  static final int UNLISTED = -2;

  /** Letters that begin no word. */
  static final int NOWHERE = -1;

  /** Letters that are no word. */
  static final int NO_WORD = -1;

  private final LanguageModel model;
  private final int between;
  private final int unknown;
  private final Map<Long, Integer> places = new HashMap<>();
  private final List<Integer> words = new ArrayList<>();

  private Lexicon(LanguageModel model, int between) {
    this.model = model;
    this.between = between;
    unknown = model.number(LanguageModel.UNKNOWN);
    words.add(NO_WORD);
  }

  /**
   * The words that labels can spell.
   *
   * @param classes names of the labels, the blank last
   * @param between the label that stands between words
   * @throws NetworkException when there is not one
   */
  public static Lexicon of(List<String> classes, int between, LanguageModel model) {
    var lexicon = new Lexicon(model, between);
    Map<String, Integer> labels = new HashMap<>();
    for (int label = 0; label < classes.size() - 1; label++) {
      if (label != between) {
        labels.put(classes.get(label).toUpperCase(Locale.ROOT), label);
      }
    }
    for (String word : model.words()) {
      boolean said =
          !word.equals(LanguageModel.BEGIN)
              && !word.equals(LanguageModel.END)
              && !word.equals(LanguageModel.UNKNOWN);
      if (said) {
        lexicon.add(word, labels);
      }
    }
    if (lexicon.places.isEmpty()) {
      throw new NetworkException(
          "not one word of the language model is spelt with the labels "
              + String.join(" ", classes.subList(0, classes.size() - 1))
              + "; is it of another language?");
    }
    return lexicon;
  }

  private void add(String word, Map<String, Integer> labels) {
    String letters = word.toUpperCase(Locale.ROOT);
    int[] spelt = new int[letters.length()];
    for (int i = 0; i < spelt.length; i++) {
      Integer label = labels.get(letters.substring(i, i + 1));
      if (label == null) {
        return;
      }
      spelt[i] = label;
    }
    int place = ROOT;
    for (int label : spelt) {
      place =
          places.computeIfAbsent(
              key(place, label),
              _ -> {
                words.add(NO_WORD);
                return words.size() - 1;
              });
    }
    if (words.get(place) == NO_WORD) {
      words.set(place, model.number(word));
    }
  }

  private static long key(int place, int label) {
    return (long) place << 32 | label;
  }

  LanguageModel model() {
    return model;
  }

  int between() {
    return between;
  }

  /** Where one more letter leads. */
  int after(int place, int label) {
    int otherwise = unknown < 0 ? NOWHERE : UNLISTED;
    return place < 0 ? otherwise : places.getOrDefault(key(place, label), otherwise);
  }

  /** The word, by its number in the model, whose letters lead here. */
  int word(int place) {
    int word = place < 0 ? NO_WORD : words.get(place);
    return word == NO_WORD && unknown >= 0 ? unknown : word;
  }
}
