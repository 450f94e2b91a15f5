package rheobase.network.optimize;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import rheobase.cell.language.Names;
import rheobase.network.NetworkException;

/**
 * The learning rate over epochs. A schedule itself never changes; what it must remember is a {@link
 * State}, small enough for a checkpoint. A run calls, in this order: {@link #rate} at the start of
 * each epoch, {@link #after} at its end.
 */
public sealed interface Schedule {

  /** The same rate for ever. */
  record Constant() implements Schedule {}

  /**
   * The rate times {@code factor} after every so many epochs: PyTorch's StepLR.
   *
   * @param every epochs
   */
  record Step(int every, double factor) implements Schedule {
    public Step {
      atLeastOne("step", "every", every);
      positive("step", factor);
    }
  }

  /**
   * The rate times {@code factor} after each of these epochs: PyTorch's MultiStepLR.
   *
   * @param after epochs, ascending
   */
  record Milestones(List<Integer> after, double factor) implements Schedule {
    public Milestones {
      after = List.copyOf(after);
      int before = 0;
      for (int epoch : after) {
        if (epoch <= before) {
          throw new NetworkException(
              "'after' of the schedule 'milestones' is "
                  + after
                  + "; it must be epochs of at least 1 that ascend");
        }
        before = epoch;
      }
      positive("milestones", factor);
    }
  }

  /**
   * Half a cosine from the base rate down to {@code floor}, and {@code floor} from then on;
   * Loshchilov and Hutter 2017, equation 5 without restarts.
   *
   * @param epochs until the floor is reached
   * @param floor a learning rate
   */
  record Cosine(int epochs, double floor) implements Schedule {
    public Cosine {
      atLeastOne("cosine", "epochs", epochs);
      zeroOrMore("cosine", floor);
    }
  }

  /**
   * A straight line from the base rate down to {@code floor}, and {@code floor} from then on.
   * Counted in epochs, so the last of {@code epochs} still has a share {@code 1 / epochs} above it.
   *
   * @param epochs until the floor is reached
   * @param floor a learning rate
   */
  record Linear(int epochs, double floor) implements Schedule {
    public Linear {
      atLeastOne("linear", "epochs", epochs);
      zeroOrMore("linear", floor);
    }
  }

  /**
   * The rate times {@code factor} whenever the watched score has not improved for more than {@code
   * patience} epochs: PyTorch's ReduceLROnPlateau with threshold 0.
   *
   * @param patience epochs without improvement that are let pass
   */
  record Plateau(int patience, double factor, Watched watched) implements Schedule {
    public Plateau {
      patient("plateau", patience);
      positive("plateau", factor);
    }
  }

  /**
   * The rate times {@code factor} after more than {@code patience} epochs in a row that bring too
   * little: those in which the validation error falls by less than {@code improvement} of itself
   * since the epoch before. The rule of PyTorch-Kaldi (Ravanelli, Parcollet and Bengio 2019), by
   * which Ponghiran and Roy 2022 train with a factor of 0.5, an improvement of 0.005, a patience of
   * 1 and a floor of 1.25e-4. Unlike a {@link Plateau} it looks back one epoch, not at the best.
   *
   * @param improvement share of the error
   * @param patience such epochs that are let pass
   * @param floor a learning rate
   */
  record Halving(double factor, double improvement, int patience, double floor)
      implements Schedule {
    public Halving {
      positive("halving", factor);
      patient("halving", patience);
      zeroOrMore("halving", floor);
      if (!(improvement >= 0 && improvement < 1)) {
        throw new NetworkException(
            "'improvement' of the schedule 'halving' is "
                + improvement
                + "; it is a share of the error, zero or more and below 1");
      }
    }

    /** What {@link Schedule#after} gives; the state's score is the error of the epoch before. */
    private State after(State state, double error) {
      boolean little = state.best() - error < improvement * error;
      int waited = little ? state.epochsSinceBest() + 1 : 0;
      return waited > patience
          ? new State(state.scale() * factor, error, 0)
          : new State(state.scale(), error, waited);
    }
  }

  /** What a plateau is a plateau of. */
  enum Watched {
    TRAIN_LOSS,
    TRAIN_ACCURACY,
    VALIDATION_LOSS,
    VALIDATION_ACCURACY;

    /** As experiment files write it. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    boolean better(double score, double than) {
      return this == TRAIN_ACCURACY || this == VALIDATION_ACCURACY ? score > than : score < than;
    }
  }

  /**
   * What a schedule remembers between epochs.
   *
   * @param scale product of the factors applied so far
   * @param best score seen so far, or what else a schedule compares the next one with; NaN before
   *     the first
   * @param epochsSinceBest without improvement since then, or since the last reduction
   */
  record State(double scale, double best, int epochsSinceBest) {
    /** Before the first epoch. */
    public static final State START = new State(1, Double.NaN, 0);
  }

  /** The kinds that {@link #parse} knows. */
  List<String> KNOWN =
      List.of("constant", "step", "milestones", "cosine", "linear", "plateau", "halving");

  /**
   * The rate of one epoch.
   *
   * @param base the optimiser's own rate
   * @param epoch from 1
   * @param state after the epoch before
   */
  default double rate(double base, int epoch, State state) {
    return switch (this) {
      case Constant() -> base;
      case Step(int every, double factor) -> base * StrictMath.pow(factor, (epoch - 1) / every);
      case Milestones(List<Integer> after, double factor) ->
          base * StrictMath.pow(factor, after.stream().filter(each -> each < epoch).count());
      case Cosine(int epochs, double floor) -> {
        double share = Math.min(1, (epoch - 1) / (double) epochs);
        yield floor + (base - floor) * (1 + StrictMath.cos(Math.PI * share)) / 2;
      }
      case Linear(int epochs, double floor) -> {
        double share = Math.min(1, (epoch - 1) / (double) epochs);
        yield floor + (base - floor) * (1 - share);
      }
      case Plateau _ -> base * state.scale();
      case Halving halving -> Math.max(base * state.scale(), Math.min(base, halving.floor()));
    };
  }

  /**
   * The state after an epoch.
   *
   * @param score gives the epoch's score that is watched
   * @throws NetworkException when that score does not exist (NaN), as without a validation set
   */
  default State after(State state, ToDoubleFunction<Watched> score) {
    if (this instanceof Halving halving) {
      return halving.after(state, 1 - existing(score, Watched.VALIDATION_ACCURACY));
    }
    if (!(this instanceof Plateau(int patience, double factor, Watched watched))) {
      return state;
    }
    double now = existing(score, watched);
    if (Double.isNaN(state.best()) || watched.better(now, state.best())) {
      return new State(state.scale(), now, 0);
    }
    int waited = state.epochsSinceBest() + 1;
    return waited > patience
        ? new State(state.scale() * factor, state.best(), 0)
        : new State(state.scale(), state.best(), waited);
  }

  private double existing(ToDoubleFunction<Watched> score, Watched watched) {
    double now = score.applyAsDouble(watched);
    if (Double.isNaN(now)) {
      throw new NetworkException(
          "the schedule '"
              + settings().get("kind")
              + "' watches "
              + watched.text()
              + ", which this run does not have; "
              + (this instanceof Plateau
                  ? "set its 'watched' to train_loss or train_accuracy, or give"
                  : "give")
              + " the run a validation set");
    }
    return now;
  }

  /**
   * Reads {@code {kind = "step", every = 100, factor = 0.5}} and its kin: {@code constant}; {@code
   * milestones} with {@code after} (a list of epochs) and {@code factor}; {@code cosine} and {@code
   * linear} with {@code epochs} and {@code floor} (0); {@code plateau} with {@code patience} (10),
   * {@code factor} (0.1) and {@code watched} ({@code validation_loss}); {@code halving} with {@code
   * factor} (0.5), {@code improvement} (0.005), {@code patience} (1) and {@code floor} (0).
   *
   * @throws NetworkException for an unknown kind or key, or a number out of its range
   */
  static Schedule parse(Map<String, Object> values) {
    var settings = new Settings("schedule", values);
    return switch (settings.kind(KNOWN)) {
      case "constant" -> {
        settings.only();
        yield new Constant();
      }
      case "step" -> {
        settings.only("every", "factor");
        yield new Step(settings.whole("every"), settings.number("factor"));
      }
      case "milestones" -> {
        settings.only("after", "factor");
        yield new Milestones(settings.wholes("after"), settings.number("factor"));
      }
      case "cosine" -> {
        settings.only("epochs", "floor");
        yield new Cosine(settings.whole("epochs"), settings.number("floor", 0));
      }
      case "linear" -> {
        settings.only("epochs", "floor");
        yield new Linear(settings.whole("epochs"), settings.number("floor", 0));
      }
      case "halving" -> {
        settings.only("factor", "improvement", "patience", "floor");
        yield new Halving(
            settings.number("factor", 0.5),
            settings.number("improvement", 0.005),
            settings.whole("patience", 1),
            settings.number("floor", 0));
      }
      default -> {
        settings.only("patience", "factor", "watched");
        yield new Plateau(
            settings.whole("patience", 10),
            settings.number("factor", 0.1),
            watched(settings.text("watched", "validation_loss")));
      }
    };
  }

  /** Every setting by its name, so that {@link #parse} reads it back to an equal schedule. */
  default Map<String, Object> settings() {
    var settings = new LinkedHashMap<String, Object>();
    switch (this) {
      case Constant() -> settings.put("kind", "constant");
      case Step(int every, double factor) -> {
        settings.put("kind", "step");
        settings.put("every", every);
        settings.put("factor", factor);
      }
      case Milestones(List<Integer> after, double factor) -> {
        settings.put("kind", "milestones");
        settings.put("after", after);
        settings.put("factor", factor);
      }
      case Cosine(int epochs, double floor) -> {
        settings.put("kind", "cosine");
        settings.put("epochs", epochs);
        settings.put("floor", floor);
      }
      case Linear(int epochs, double floor) -> {
        settings.put("kind", "linear");
        settings.put("epochs", epochs);
        settings.put("floor", floor);
      }
      case Plateau(int patience, double factor, Watched watched) -> {
        settings.put("kind", "plateau");
        settings.put("patience", patience);
        settings.put("factor", factor);
        settings.put("watched", watched.text());
      }
      case Halving(double factor, double improvement, int patience, double floor) -> {
        settings.put("kind", "halving");
        settings.put("factor", factor);
        settings.put("improvement", improvement);
        settings.put("patience", patience);
        settings.put("floor", floor);
      }
    }
    return settings;
  }

  private static Watched watched(String text) {
    var known = Arrays.stream(Watched.values()).map(Watched::text).toList();
    if (!known.contains(text)) {
      throw new NetworkException(
          "the schedule 'plateau' cannot watch '" + text + "'" + Names.hint(text, known));
    }
    return Watched.valueOf(text.toUpperCase(Locale.ROOT));
  }

  private static void patient(String kind, int patience) {
    if (patience < 0) {
      throw new NetworkException(
          "'patience' of the schedule '" + kind + "' is " + patience + "; it must be zero or more");
    }
  }

  private static void atLeastOne(String kind, String name, int value) {
    if (value < 1) {
      throw new NetworkException(
          "'" + name + "' of the schedule '" + kind + "' is " + value + "; it must be at least 1");
    }
  }

  private static void zeroOrMore(String kind, double floor) {
    if (!(floor >= 0) || Double.isInfinite(floor)) {
      throw new NetworkException(
          "'floor' of the schedule '" + kind + "' is " + floor + "; it must be zero or more");
    }
  }

  private static void positive(String kind, double factor) {
    if (!(factor > 0) || Double.isInfinite(factor)) {
      throw new NetworkException(
          "'factor' of the schedule '" + kind + "' is " + factor + "; it must be positive");
    }
  }
}
