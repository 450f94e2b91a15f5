package rheobase.app;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rheobase.app.source.DataSource;
import rheobase.app.source.ErrorRate;
import rheobase.data.Sequence;
import rheobase.data.SequenceSet;
import rheobase.data.text.LanguageModel;
import rheobase.network.LossSpec;
import rheobase.network.Network;
import rheobase.network.NetworkException;
import rheobase.network.ctc.Greedy;
import rheobase.network.ctc.Lexicon;
import rheobase.network.ctc.PrefixBeam;

/**
 * Finds labels in what a network trained by CTC says: along the most probable path, by a beam over
 * prefixes, and by one that follows a language model.
 *
 * @param classes names of the labels, the blank last
 * @param between the label between words, -1 where labels are no letters
 * @param fromStep first step that counts
 */
record CtcDecoder(List<String> classes, int between, int fromStep) {
  /** Prefixes kept at each step. */
  static final int WIDTH = 16;

  /** Weight and bonus of a language model before they are chosen on a validation set. */
  static final double WEIGHT = 0.5;

  static final double BONUS = 0;

  private static final double[] START = {WEIGHT, BONUS};

  private static final ScaleSearch SEARCH =
      new ScaleSearch(
          List.of(
              new double[] {0, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2},
              new double[] {-3, -2, -1, -0.5, 0, 0.5, 1, 2, 3}));

  static CtcDecoder of(DataSource source, SequenceSet data, Network network) {
    return new CtcDecoder(data.classes(), source.between(), network.spec().loss().fromStep());
  }

  /** Error rates of the data; those of the labels where they have none of their own. */
  static List<ErrorRate> rates(DataSource source) {
    return source.errorRates().isEmpty()
        ? List.of(ErrorRate.ofLabels("label error rate", "labelErrorRate"))
        : source.errorRates();
  }

  /** A set run through a network: outputs and labels of each sequence. */
  record Heard(List<float[]> outputs, List<int[]> said) {
    static Heard of(Network network, SequenceSet data, int threads, long seed) {
      return new Heard(
          network.outputs(data, threads, seed),
          data.sequences().stream().map(Sequence::targets).toList());
    }
  }

  /**
   * A language model to follow.
   *
   * @param weight of its logarithms
   * @param bonus for each label, or for each word where it is a model of words
   */
  record Guide(LanguageModel model, double weight, double bonus) {}

  /**
   * A search over prefixes.
   *
   * @throws NetworkException when the model lists other labels
   */
  PrefixBeam beam(Optional<Guide> guide) {
    return guide
        .map(by -> searches(by.model()).with(by.weight(), by.bonus()))
        .orElseGet(() -> PrefixBeam.withoutModel(classes.size(), WIDTH));
  }

  /** The best labels of a recording. */
  int[] labels(PrefixBeam beam, float[] outputs) {
    return beam.labels(outputs, from(), steps(outputs));
  }

  /** Says that a network that was not trained by CTC is read without a language model. */
  static NetworkException takesNoModel(String shown, LossSpec.Kind loss, DataSource source) {
    return new NetworkException(
        "--lm is for models trained by CTC; "
            + shown
            + " was trained by "
            + loss.text()
            + (source.framePhones().isEmpty() ? "" : ", and its phones have their own bigram"));
  }

  /** Where the first step that counts stands. */
  int from() {
    return fromStep * classes.size();
  }

  /** Steps that count. */
  int steps(float[] outputs) {
    return outputs.length / classes.size() - fromStep;
  }

  /** The test set read without a language model. */
  List<Recognised> recognised(List<ErrorRate> rates, Heard test, int threads) {
    var greedy =
        test.outputs().stream()
            .map(own -> Greedy.labels(own, from(), steps(own), classes.size()))
            .toList();
    var beam = read(beam(Optional.empty()), test, threads);
    return List.of(
        new Recognised(
            "greedy",
            "along the most probable path",
            Recognised.count(rates, test.said(), greedy),
            Map.of(),
            ""),
        new Recognised(
            "beam",
            "by a beam of %d prefixes".formatted(WIDTH),
            Recognised.count(rates, test.said(), beam),
            Map.of(),
            ""));
  }

  /** A search with given weight and bonus. */
  private interface Searches {
    PrefixBeam with(double weight, double bonus);
  }

  /** Over labels where the model lists them all, otherwise over the words that they spell. */
  private Searches searches(LanguageModel model) {
    boolean words = between >= 0 && !model.words().contains(classes.get(between));
    if (words) {
      var lexicon = Lexicon.of(classes, between, model);
      return (weight, bonus) -> PrefixBeam.withWords(classes.size(), WIDTH, lexicon, weight, bonus);
    }
    PrefixBeam.withModel(classes, WIDTH, model, 0, 0); // says so if a label is missing
    return (weight, bonus) -> PrefixBeam.withModel(classes, WIDTH, model, weight, bonus);
  }

  /**
   * The test set read with a language model, whose weight and bonus are those that make the fewest
   * errors of the last rate (words rather than letters) in the validation set.
   *
   * @param name of the model, for people
   * @throws NetworkException when there is no validation set, or the model lists other labels
   */
  Recognised recognised(
      List<ErrorRate> rates,
      Heard validation,
      Heard test,
      LanguageModel model,
      String name,
      int threads) {
    if (validation.outputs().isEmpty()) {
      throw new NetworkException(
          "--lm needs a validation set to choose the weight of the language model on, but this"
              + " experiment holds nothing out; train with --select-on validation");
    }
    var searches = searches(model);
    var rate = rates.getLast();
    var found =
        SEARCH.from(
            START,
            tried ->
                Recognised.count(
                        List.of(rate),
                        validation.said(),
                        read(searches.with(tried[0], tried[1]), validation, threads))
                    .get(rate)
                    .errors());
    double weight = found.scales()[0];
    double bonus = found.scales()[1];
    var scales = new LinkedHashMap<String, Double>();
    scales.put("weight", weight);
    scales.put("bonus", bonus);
    return new Recognised(
        "beam with model",
        "by a beam of %d prefixes with %s".formatted(WIDTH, name),
        Recognised.count(rates, test.said(), read(searches.with(weight, bonus), test, threads)),
        scales,
        "chosen on validation");
  }

  private List<int[]> read(PrefixBeam beam, Heard heard, int threads) {
    return Recognised.each(
        heard.outputs().size(), threads, i -> labels(beam, heard.outputs().get(i)));
  }

  /** Labels as people read them: words of letters, otherwise names between spaces. */
  String text(int[] labels) {
    var names = new ArrayList<String>();
    Arrays.stream(labels).forEach(label -> names.add(label == between ? " " : classes.get(label)));
    return between < 0
        ? String.join(" ", names)
        : String.join("", names).strip().replaceAll(" +", " ");
  }
}
