package rheobase.network.ctc;

import rheobase.data.text.LanguageModel;

/**
 * What is usually said, asked label by label: whoever reads begins with {@link #start}, asks for
 * {@link #log} of a label and goes on with {@link #after}. Everything is weighed already.
 */
sealed interface Language {
  /** The state before any label. */
  long start();

  /** The state after one more label. */
  long after(long state, int label);

  /** What a label adds to the score of what stands before it; negative infinity if it cannot be. */
  double log(long state, int label);

  /** What it adds that nothing follows. */
  double end(long state);

  /** Anything, equally often. */
  record Anything() implements Language {
    @Override
    public long start() {
      return 0;
    }

    @Override
    public long after(long state, int label) {
      return 0;
    }

    @Override
    public double log(long state, int label) {
      return 0;
    }

    @Override
    public double end(long state) {
      return 0;
    }
  }

  /**
   * A model whose words are the labels.
   *
   * @param words of each label, its number in the model
   * @param bonus for each label
   */
  record OfLabels(LanguageModel model, int[] words, double weight, double bonus)
      implements Language {
    @Override
    public long start() {
      return model.start();
    }

    @Override
    public long after(long state, int label) {
      return model.after((int) state, words[label]);
    }

    @Override
    public double log(long state, int label) {
      return weight * model.logProbability((int) state, words[label]) + bonus;
    }

    @Override
    public double end(long state) {
      return weight * model.logEnd((int) state);
    }
  }

  /**
   * A model whose words are spelt by the labels; a word counts when its last letter has been left.
   *
   * <p>A state is the model's, in the upper 32 bits, and the place in the lexicon.
   *
   * @param bonus for each word
   */
  record OfWords(Lexicon lexicon, double weight, double bonus) implements Language {
    @Override
    public long start() {
      return state(lexicon.model().start(), Lexicon.ROOT);
    }

    private static long state(int model, int place) {
      return (long) model << 32 | place & 0xffffffffL;
    }

    private static int model(long state) {
      return (int) (state >> 32);
    }

    @Override
    public long after(long state, int label) {
      int place = (int) state;
      if (label != lexicon.between()) {
        return state(model(state), lexicon.after(place, label));
      }
      // a gap after a gap ends no word, and one after letters that are none cannot be
      return place == Lexicon.ROOT || lexicon.word(place) == Lexicon.NO_WORD
          ? state
          : state(lexicon.model().after(model(state), lexicon.word(place)), Lexicon.ROOT);
    }

    @Override
    public double log(long state, int label) {
      int place = (int) state;
      if (label == lexicon.between()) {
        return ended(state);
      }
      return lexicon.after(place, label) == Lexicon.NOWHERE ? Double.NEGATIVE_INFINITY : 0;
    }

    /** What it adds that the word at hand is whole. */
    private double ended(long state) {
      int place = (int) state;
      if (place == Lexicon.ROOT) {
        return 0;
      }
      int word = lexicon.word(place);
      return word == Lexicon.NO_WORD
          ? Double.NEGATIVE_INFINITY
          : weight * lexicon.model().logProbability(model(state), word) + bonus;
    }

    @Override
    public double end(long state) {
      double last = ended(state);
      return last == Double.NEGATIVE_INFINITY
          ? last
          : last + weight * lexicon.model().logEnd(model(after(state, lexicon.between())));
    }
  }
}
