package rheobase.data.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An n-gram language model with back-off (Katz 1987, "Estimation of probabilities from sparse data
 * for the language model component of a speech recognizer"): a word's probability after the words
 * before it is the listed one, and where the n-gram is not listed, the weight of the words before
 * it times the probability after one word fewer.
 *
 * <p>The words before are a state, which is a number: whoever goes through a text begins with
 * {@link #start}, asks for {@link #logProbability} and goes on with {@link #after}. Only as many
 * words are remembered as matter. Logarithms are natural; the model's file has those to base 10.
 *
 * <p><b>States.</b> Each n-gram is a node below that of its first n-1 words; a state is the node of
 * the longest listed n-gram, shorter than the longest of all, that the text ends with. {@code
 * shorter} leads from a node to that without its first word.
 */
public final class LanguageModel {
  /** Begins a sentence; never follows anything. */
  public static final String BEGIN = "<s>";

  /** Ends a sentence. */
  public static final String END = "</s>";

  /** Any word that is not listed. */
  public static final String UNKNOWN = "<unk>";

  private static final int NONE = -1;

  /** The state before any word. */
  private static final int ROOT = 0;

  private final int order;
  private final List<String> words;
  private final Map<String, Integer> numbers;
  private final Map<Long, Integer> nodes;
  private final double[] probability;
  private final double[] backoff;
  private final int[] shorter;
  private final int[] length;
  private final int start;

  private LanguageModel(Builder builder) {
    order = builder.order;
    words = List.copyOf(builder.words);
    numbers = Map.copyOf(builder.numbers);
    nodes = builder.nodes;
    final int count = builder.entries.size();
    probability = new double[count];
    backoff = new double[count];
    shorter = new int[count];
    length = new int[count];
    for (int i = 0; i < count; i++) {
      final Entry entry = builder.entries.get(i);
      probability[i] = entry.probability;
      backoff[i] = entry.backoff;
      shorter[i] = entry.shorter;
      length[i] = entry.length;
    }
    final int begin = builder.numbers.getOrDefault(BEGIN, NONE);
    start = begin == NONE || order == 1 ? ROOT : child(nodes, ROOT, begin);
  }

  private record Entry(double probability, double backoff, int shorter, int length) {}

  /** Takes in n-grams, all of n = 1 first, then all of n = 2, and so on. */
  static final class Builder {
    private final int order;
    private final List<String> words = new ArrayList<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<Long, Integer> nodes = new HashMap<>();
    private final List<Entry> entries = new ArrayList<>();

    /**
     * @param order greatest n
     */
    Builder(int order) {
      this.order = order;
      entries.add(new Entry(0, 0, NONE, 0));
    }

    /**
     * Adds an n-gram.
     *
     * @param probability natural logarithm of that of its last word after the others
     * @param backoff natural logarithm
     * @return what is wrong with it, null if nothing
     */
    String add(List<String> ngram, double probability, double backoff) {
      final String last = ngram.getLast();
      if (ngram.size() == 1 && numbers.putIfAbsent(last, words.size()) == null) {
        words.add(last);
      }
      int context = ROOT;
      for (String word : ngram.subList(0, ngram.size() - 1)) {
        if (!numbers.containsKey(word)) {
          return "'%s' is no 1-gram of the file".formatted(word);
        }
        context = child(nodes, context, numbers.get(word));
        if (context == NONE) {
          return "its first words are no %d-gram of the file".formatted(ngram.size() - 1);
        }
      }
      if (!numbers.containsKey(last)) {
        return "'%s' is no 1-gram of the file".formatted(last);
      }
      final int word = numbers.get(last);
      int shorter = NONE;
      for (int less = context; less != ROOT && shorter == NONE; ) {
        less = entries.get(less).shorter;
        shorter = child(nodes, less, word);
      }
      if (nodes.putIfAbsent(key(context, word), entries.size()) != null) {
        return "it is listed twice";
      }
      entries.add(new Entry(probability, backoff, shorter == NONE ? ROOT : shorter, ngram.size()));
      return null;
    }

    LanguageModel build() {
      return new LanguageModel(this);
    }
  }

  private static long key(int node, int word) {
    return (long) node << 32 | word;
  }

  private static int child(Map<Long, Integer> nodes, int node, int word) {
    return nodes.getOrDefault(key(node, word), NONE);
  }

  /** Greatest n. */
  public int order() {
    return order;
  }

  /** All words, with those that begin and end a sentence, as the file lists them. */
  public List<String> words() {
    return words;
  }

  /** Number of a word; that of the unknown word where it is not listed, -1 where there is none. */
  public int number(String word) {
    return numbers.getOrDefault(word, numbers.getOrDefault(UNKNOWN, NONE));
  }

  /** The state at the beginning of a sentence. */
  public int start() {
    return start;
  }

  /**
   * Natural logarithm of the probability of a word.
   *
   * @param state after the words before it
   * @param word its number
   */
  public double logProbability(int state, int word) {
    double weight = 0;
    for (int node = state; ; node = shorter[node]) {
      final int next = child(nodes, node, word);
      if (next != NONE) {
        return weight + probability[next];
      }
      // every word is listed by itself, so the root is never left
      weight += backoff[node];
    }
  }

  /** The state after one more word. */
  public int after(int state, int word) {
    for (int node = state; ; node = shorter[node]) {
      final int next = child(nodes, node, word);
      if (next != NONE) {
        return length[next] == order ? shorter[next] : next;
      }
    }
  }

  /** Natural logarithm of the probability that the sentence ends; 0 where that is not listed. */
  public double logEnd(int state) {
    final Integer end = numbers.get(END);
    return end == null ? 0 : logProbability(state, end);
  }

  /**
   * Natural logarithm of the probability of a sentence, its end included.
   *
   * @return negative infinity where a word is not listed and there is no unknown word
   */
  public double logProbability(List<String> sentence) {
    int state = start;
    double sum = 0;
    for (String text : sentence) {
      final int word = number(text);
      if (word == NONE) {
        return Double.NEGATIVE_INFINITY;
      }
      sum += logProbability(state, word);
      state = after(state, word);
    }
    return sum + logEnd(state);
  }
}
