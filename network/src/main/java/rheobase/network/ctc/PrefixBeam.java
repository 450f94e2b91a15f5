package rheobase.network.ctc;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import rheobase.data.text.LanguageModel;
import rheobase.network.NetworkException;

/**
 * Looks for the labels that are most probable over all paths that read as them, not only along the
 * best one, and weighs them by a language model (Hannun, Maas, Jurafsky and Ng 2014, "First-pass
 * large vocabulary continuous speech recognition using bi-directional recurrent DNNs").
 *
 * <p>Step by step it keeps the most promising beginnings (prefixes). Of each it knows the
 * probability of the paths so far that read as it and end in a blank, and of those that end in its
 * last label: only after a blank may the same label come again as another. A prefix is scored by
 *
 * <pre>log p(prefix | logits) + weight * log p(prefix) + bonus * labels</pre>
 *
 * <p>where the second probability is the language model's, over labels or over the words that they
 * spell (then the bonus is one a word), and at the end includes that of the end. Of equal scores
 * the prefix found first is the better, so the same logits always give the same labels.
 */
public final class PrefixBeam {
  private static final double NEVER = Double.NEGATIVE_INFINITY;

  private final int classes;
  private final int width;
  private final Language language;

  private PrefixBeam(int classes, int width, Language language) {
    if (width < 1) {
      throw new NetworkException(
          "a beam of %d prefixes finds nothing; make it 1 or wider".formatted(width));
    }
    this.classes = classes;
    this.width = width;
    this.language = language;
  }

  /**
   * A search that knows nothing of what is usually said.
   *
   * @param classes with the blank, which is the last of them
   * @param width prefixes kept at each step
   */
  public static PrefixBeam withoutModel(int classes, int width) {
    return new PrefixBeam(classes, width, new Language.Anything());
  }

  /**
   * A search that follows a language model.
   *
   * @param classes their names, which are the model's words; the last is the blank
   * @param width prefixes kept at each step
   * @param weight of the model
   * @param bonus for each label, against a model's liking for few
   * @throws NetworkException naming a class that the model does not know, where it has no unknown
   *     word
   */
  public static PrefixBeam withModel(
      List<String> classes, int width, LanguageModel model, double weight, double bonus) {
    int[] words = new int[classes.size() - 1];
    for (int c = 0; c < words.length; c++) {
      words[c] = model.number(classes.get(c));
      if (words[c] < 0) {
        throw new NetworkException(
            "the language model does not list the label '%s' and has no %s; make it from transcripts with the same labels"
                .formatted(classes.get(c), LanguageModel.UNKNOWN));
      }
    }
    return new PrefixBeam(
        classes.size(), width, new Language.OfLabels(model, words, weight, bonus));
  }

  /**
   * A search for words that a language model lists, spelt by the labels.
   *
   * @param classes with the blank, which is the last of them
   * @param width prefixes kept at each step
   * @param weight of the model
   * @param bonus for each word
   */
  public static PrefixBeam withWords(
      int classes, int width, Lexicon lexicon, double weight, double bonus) {
    return new PrefixBeam(classes, width, new Language.OfWords(lexicon, weight, bonus));
  }

  /**
   * What was perhaps said.
   *
   * @param labels in order
   * @param logProbability of the labels given the logits, over all paths the beam kept
   * @param score with the language model and the bonus
   */
  public record Hypothesis(int[] labels, double logProbability, double score) {}

  /** A node in the tree of prefixes. */
  private static final class Prefix {
    final Prefix before;
    final int label;
    final int length;
    final long state;

    /** What language model and bonus say of it. */
    final double language;

    /** Made when wanted, a place for each label. */
    Prefix[] longer;

    // logarithms of the probabilities of paths that end in a blank, or in the last label: at the
    // step before, and at this one
    double quiet = NEVER;
    double spoken = NEVER;
    double nextQuiet = NEVER;
    double nextSpoken = NEVER;

    /** Whether it was met at this step. */
    boolean met;

    Prefix(Prefix before, int label, long state, double language) {
      this.before = before;
      this.label = label;
      this.state = state;
      this.language = language;
      length = before == null ? 0 : before.length + 1;
    }

    double all() {
      return LogSoftmax.plus(quiet, spoken);
    }

    int[] labels() {
      int[] labels = new int[length];
      Prefix prefix = this;
      for (int i = length - 1; i >= 0; i--) {
        labels[i] = prefix.label;
        prefix = prefix.before;
      }
      return labels;
    }
  }

  /**
   * Searches a sequence.
   *
   * @param logits {@code [step][class]} from {@code from} on
   * @return at most as many as the beam is wide and at least one, the best first
   */
  public List<Hypothesis> search(float[] logits, int from, int steps) {
    double[] logs = new double[steps * classes];
    LogSoftmax.of(logits, from, steps, classes, logs);
    var nothing = new Prefix(null, -1, language.start(), 0);
    nothing.quiet = 0;
    List<Prefix> beam = List.of(nothing);
    for (int t = 0; t < steps; t++) {
      beam = step(beam, logs, t * classes);
    }
    return beam.stream()
        .map(prefix -> {
          double end = language.end(prefix.state);
          double log = prefix.all();
          return new Hypothesis(prefix.labels(), log, log + prefix.language + end);
        })
        .sorted(Comparator.comparingDouble(Hypothesis::score).reversed())
        .toList();
  }

  /** The labels of the best hypothesis. */
  public int[] labels(float[] logits, int from, int steps) {
    return search(logits, from, steps).getFirst().labels();
  }

  private record Scored(Prefix prefix, double score) {}

  private List<Prefix> step(List<Prefix> beam, double[] logs, int at) {
    var met = new ArrayList<Prefix>();
    for (Prefix prefix : beam) {
      meet(prefix, met);
      double all = prefix.all();
      prefix.nextQuiet = LogSoftmax.plus(prefix.nextQuiet, all + logs[at + classes - 1]);
      if (prefix.length > 0) {
        prefix.nextSpoken =
            LogSoftmax.plus(prefix.nextSpoken, prefix.spoken + logs[at + prefix.label]);
      }
      for (int label = 0; label < classes - 1; label++) {
        double before = label == prefix.label ? prefix.quiet : all;
        if (before == NEVER) {
          continue;
        }
        Prefix longer = longer(prefix, label);
        if (longer.language == NEVER) {
          continue;
        }
        meet(longer, met);
        longer.nextSpoken = LogSoftmax.plus(longer.nextSpoken, before + logs[at + label]);
      }
    }
    for (Prefix prefix : beam) {
      // what is not kept must not be taken for a part of the beam when it is met again
      prefix.quiet = NEVER;
      prefix.spoken = NEVER;
    }
    var scored = new ArrayList<Scored>();
    for (Prefix prefix : met) {
      double all = LogSoftmax.plus(prefix.nextQuiet, prefix.nextSpoken);
      scored.add(new Scored(prefix, all + prefix.language));
    }
    scored.sort(Comparator.comparingDouble(Scored::score).reversed());
    var kept = new ArrayList<Prefix>();
    for (int i = 0; i < scored.size(); i++) {
      Prefix prefix = scored.get(i).prefix;
      if (i < width) {
        prefix.quiet = prefix.nextQuiet;
        prefix.spoken = prefix.nextSpoken;
        kept.add(prefix);
      } else if (prefix.longer == null) {
        // nothing stands on it: most of those met, and without them the tree stays small
        prefix.before.longer[prefix.label] = null;
      }
      prefix.nextQuiet = NEVER;
      prefix.nextSpoken = NEVER;
      prefix.met = false;
    }
    return kept;
  }

  private static void meet(Prefix prefix, List<Prefix> met) {
    if (!prefix.met) {
      prefix.met = true;
      met.add(prefix);
    }
  }

  private Prefix longer(Prefix prefix, int label) {
    if (prefix.longer == null) {
      prefix.longer = new Prefix[classes - 1];
    }
    if (prefix.longer[label] == null) {
      prefix.longer[label] =
          new Prefix(
              prefix,
              label,
              language.after(prefix.state, label),
              prefix.language + language.log(prefix.state, label));
    }
    return prefix.longer[label];
  }
}
