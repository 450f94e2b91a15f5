package rheobase.network;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import rheobase.cell.graph.Surrogate;
import rheobase.cell.language.Overrides;
import rheobase.network.parameter.Initializer;

/**
 * One layer as an experiment describes it: a connection from below, perhaps one onto itself, and a
 * cell.
 *
 * @param name unique in the network; prefixes the names of its tensors, e.g. {@code hidden.tau_m}
 * @param cellText the whole text of the cell, so that a model file needs nothing else
 * @param units number of neurons
 * @param recurrent whether the cell's output comes back one step later through trained weights
 * @param constants values that replace the cell's {@code const} of the same name
 * @param parameters initial values (number or distribution) that replace those of the cell's {@code
 *     param}; several with {@code ;} between them are for equal shares of the units, in order.
 *     Where {@code backward.} stands before the name, they are those of the half that reads
 *     backward
 * @param states initial values (number, constant, distribution or earlier state) that replace those
 *     of the cell's {@code state}
 * @param surrogate derivative used for {@code spike}
 * @param inputWeights initialiser of the weights from below; null where there are none, as it is
 *     connected one to one
 * @param recurrentWeights initialiser of the recurrent weights
 * @param inputBias initialiser of the bias from below, null for none
 * @param recurrentBias initialiser of a second bias beside the recurrent weights, null for none.
 *     The published networks have both
 * @param dropout share of neurons whose mask is 0 while training; the other masks are 1 / (1 -
 *     dropout), and all are 1 otherwise
 * @param emits name of the state or assigned value handed to the layer above or the readout; null
 *     for the cell's output
 * @param connection from below
 * @param bidirectional whether a second set of as many units, with parameters of its own, reads
 *     each sequence from its end; what both emit goes upwards side by side, forward first
 * @param substeps times each step from below is presented; the mean of what is emitted meanwhile
 *     goes upwards. Recurrence, states and time constants run by these sub-steps
 * @param normalise whether what comes from below is normalised before the cell sees it
 */
public record LayerSpec(
    String name,
    String cellText,
    int units,
    boolean recurrent,
    Map<String, Double> constants,
    Map<String, String> parameters,
    Map<String, String> states,
    Surrogate surrogate,
    Initializer inputWeights,
    Initializer recurrentWeights,
    Initializer inputBias,
    Initializer recurrentBias,
    double dropout,
    String emits,
    Connection connection,
    boolean bidirectional,
    int substeps,
    Normalise normalise) {

  /** Stands before a parameter whose initial values are for the half that reads backward. */
  private static final String BACKWARD = "backward.";

  /** Which unit is driven by which of those below. */
  public enum Connection {
    /** Each by each, through trained weights. */
    ALL_TO_ALL,
    /** Each by the one of its own number, as it is: no weights, as many units as lie below. */
    ONE_TO_ONE;

    /** As experiment files write it. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Batch normalisation (Ioffe and Szegedy 2015) of the drive from below, not of the recurrent one:
   * each of its columns to mean 0 and variance 1 over all sequences and steps of a batch, then
   * scaled and shifted by trained numbers. Tracked means and variances take the place of the
   * batch's own where nothing is trained.
   */
  public enum Normalise {
    NONE,
    /** Over the steps that the sequences have. */
    BATCH,
    /** Over the padding of shorter sequences too, which is how Ponghiran and Roy 2022 counted. */
    BATCH_WITH_PADDING;

    /** As experiment files write it. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public LayerSpec {
    constants = Map.copyOf(constants);
    parameters = Map.copyOf(parameters);
    states = Map.copyOf(states);
    if (!(dropout >= 0 && dropout < 1)) {
      throw new NetworkException(
          "the dropout of layer '"
              + name
              + "' is "
              + dropout
              + "; it must be at least 0 and below 1");
    }
    if (units < 1) {
      throw new NetworkException(
          "layer '" + name + "' has " + units + " units; it needs at least one");
    }
    if (substeps < 1) {
      throw new NetworkException(
          "layer '" + name + "' has " + substeps + " substeps; it needs at least one");
    }
    for (String parameter : parameters.keySet()) {
      if (parameter.startsWith(BACKWARD) && !bidirectional) {
        throw new NetworkException(
            "layer '%s' has initial values of '%s', but it is not bidirectional"
                .formatted(name, parameter));
      }
    }
    if (connection == Connection.ONE_TO_ONE) {
      inputWeights = null;
    }
    if (normalise != Normalise.NONE) {
      if (connection == Connection.ONE_TO_ONE || bidirectional || substeps > 1) {
        throw new NetworkException(
            "layer '%s' normalises what comes from below, which a layer that is connected one to one, bidirectional or takes sub-steps cannot"
                .formatted(name));
      }
      if (inputBias != null) {
        throw new NetworkException(
            "layer '%s' normalises what comes from below, which takes any bias away again; leave out the bias (weights.bias = \"none\")"
                .formatted(name));
      }
    }
  }

  /** A layer of one direction, driven by all units below, one step at a time. */
  public LayerSpec(
      String name,
      String cellText,
      int units,
      boolean recurrent,
      Map<String, Double> constants,
      Map<String, String> parameters,
      Map<String, String> states,
      Surrogate surrogate,
      Initializer inputWeights,
      Initializer recurrentWeights,
      Initializer inputBias,
      Initializer recurrentBias,
      double dropout,
      String emits) {
    this(
        name,
        cellText,
        units,
        recurrent,
        constants,
        parameters,
        states,
        surrogate,
        inputWeights,
        recurrentWeights,
        inputBias,
        recurrentBias,
        dropout,
        emits,
        Connection.ALL_TO_ALL,
        false,
        1,
        Normalise.NONE);
  }

  /** The same without dropout. */
  public LayerSpec(
      String name,
      String cellText,
      int units,
      boolean recurrent,
      Map<String, Double> constants,
      Map<String, String> parameters,
      Map<String, String> states,
      Surrogate surrogate,
      Initializer inputWeights,
      Initializer recurrentWeights,
      Initializer inputBias,
      Initializer recurrentBias,
      String emits) {
    this(
        name,
        cellText,
        units,
        recurrent,
        constants,
        parameters,
        states,
        surrogate,
        inputWeights,
        recurrentWeights,
        inputBias,
        recurrentBias,
        0,
        emits);
  }

  /**
   * The half that reads backward: the same layer with the initial values that are for this half.
   */
  public LayerSpec backward() {
    var own = new TreeMap<>(parameters);
    parameters.forEach((parameter, initial) -> {
      if (parameter.startsWith(BACKWARD)) {
        own.put(parameter.substring(BACKWARD.length()), initial);
      }
    });
    return with(own, inputBias, connection, bidirectional, substeps, normalise);
  }

  /** What it changes in its cell; in that of the forward half where it has two. */
  public Overrides overrides() {
    return overrides(0);
  }

  /** Shares of the units that begin with initial values of their own; 1 where all are alike. */
  public int shares() {
    return parameters.keySet().stream()
        .mapToInt(parameter -> initialValues(parameter).size())
        .max()
        .orElse(1);
  }

  /**
   * What it changes in its cell for one share of the units.
   *
   * @param share from 0
   */
  public Overrides overrides(int share) {
    var ofShare = new TreeMap<String, String>();
    for (String parameter : parameters.keySet()) {
      if (!parameter.startsWith(BACKWARD)) {
        List<String> texts = initialValues(parameter);
        ofShare.put(parameter, texts.get(Math.min(share, texts.size() - 1)));
      }
    }
    return new Overrides(constants, ofShare, states);
  }

  /** The initial values given for a parameter, one for each share of the units; empty for none. */
  List<String> initialValues(String parameter) {
    String text = parameters.get(parameter);
    return text == null
        ? List.of()
        : Arrays.stream(text.split(";", -1)).map(String::strip).toList();
  }

  /** Values it hands upwards: those of both directions where it has two. */
  public int width() {
    return bidirectional ? 2 * units : units;
  }

  /** The same layer, connected and run in another way. */
  public LayerSpec wired(Connection connection, boolean bidirectional, int substeps) {
    return with(parameters, inputBias, connection, bidirectional, substeps, normalise);
  }

  /** The same layer with its drive from below normalised, and without the bias that would undo. */
  public LayerSpec normalised(Normalise normalise) {
    var bias = normalise == Normalise.NONE ? inputBias : null;
    return with(parameters, bias, connection, bidirectional, substeps, normalise);
  }

  private LayerSpec with(
      Map<String, String> parameters,
      Initializer inputBias,
      Connection connection,
      boolean bidirectional,
      int substeps,
      Normalise normalise) {
    return new LayerSpec(
        name,
        cellText,
        units,
        recurrent,
        constants,
        parameters,
        states,
        surrogate,
        inputWeights,
        recurrentWeights,
        inputBias,
        recurrentBias,
        dropout,
        emits,
        connection,
        bidirectional,
        substeps,
        normalise);
  }

  /** Whether what comes from below is normalised. */
  public boolean isNormalised() {
    return normalise != Normalise.NONE;
  }
}
