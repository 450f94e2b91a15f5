package rheobase.app;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import rheobase.app.CellTexts.CellText;
import rheobase.app.source.DataSources;
import rheobase.app.toml.Places;
import rheobase.app.toml.Table;
import rheobase.cell.graph.Cell;
import rheobase.cell.graph.Surrogate;
import rheobase.cell.language.CellException;
import rheobase.cell.language.Cells;
import rheobase.cell.language.Names;
import rheobase.cell.language.Overrides;
import rheobase.data.DataException;
import rheobase.data.Normalisation;
import rheobase.network.LayerSpec;
import rheobase.network.LossSpec;
import rheobase.network.NetworkException;
import rheobase.network.NetworkSpec;
import rheobase.network.RangePolicy;
import rheobase.network.Readout;
import rheobase.network.optimize.OptimizerSpec;
import rheobase.network.optimize.Schedule;
import rheobase.network.parameter.Initializer;
import rheobase.network.training.Curriculum;
import rheobase.network.training.Sampling;
import rheobase.network.training.SelectOn;
import rheobase.network.training.TrainingSpec;

/**
 * Everything that can change a result: data, layers, loss, training. What cannot (threads, folders)
 * is not here. Read from an {@link ExperimentDraft}, written back whole by {@link ExperimentText};
 * {@code docs/experiments.md} explains each key.
 *
 * @param name begins the run folder's name
 * @param data what is learnt from
 * @param layers from the input upwards
 * @param readout of the last layer
 * @param loss what is minimised
 * @param training how
 */
public record Experiment(
    String name,
    DataSpec data,
    List<LayerSpec> layers,
    Readout readout,
    LossSpec loss,
    TrainingSpec training) {

  public Experiment {
    layers = List.copyOf(layers);
  }

  /**
   * The network for data of this kind.
   *
   * @param channels of the data
   * @param classes of the data, by name
   * @throws NetworkException when the last layer has not one unit a class
   */
  public NetworkSpec network(int channels, List<String> classes) {
    var last = layers.getLast();
    if (last.units() != classes.size()) {
      throw new NetworkException(
          "the last layer '%s' has %d units, but the data have %d classes (%s); give it one unit a class"
              .formatted(last.name(), last.units(), classes.size(), String.join(", ", classes)));
    }
    return new NetworkSpec(channels, layers, readout, loss);
  }

  /** The same experiment with another seed of the training. */
  Experiment withSeed(long seed) {
    var same = training;
    return new Experiment(
        name,
        data,
        layers,
        readout,
        loss,
        new TrainingSpec(
            same.epochs(),
            same.batch(),
            same.microBatch(),
            same.optimizer(),
            same.rateFactors(),
            same.schedule(),
            same.clipNorm(),
            seed,
            same.selectOn(),
            same.checkpointSteps(),
            same.truncateSteps(),
            same.curriculum(),
            same.range(),
            same.sampling(),
            same.stepEvery()));
  }

  /** The same experiment on data as they were read. */
  Experiment withData(DataSpec read) {
    return new Experiment(name, read, layers, readout, loss, training);
  }

  private static final int BATCH = 64;
  private static final int MICRO_BATCH = 16;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]*");
  private static final Pattern LAYER_NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");

  /**
   * Checks and reads an experiment.
   *
   * @param root the whole document
   * @param cells gives the text of a cell that a layer names
   * @throws NetworkException for an unknown key, a wrong type or a value out of range
   */
  static Experiment read(Table root, Function<String, CellText> cells) {
    root.only("name", "data", "layer", "readout", "loss", "training");
    var name = root.text("name");
    if (!NAME.matcher(name).matches()) {
      throw root.error(
          "name",
          "the name '" + name + "' begins the run folder's name; use letters, digits, '-' and '_'");
    }
    var layers = layers(root, cells);
    var readout = root.choice("readout", Readout.class, Readout.EACH_STEP);
    var loss = loss(named(root, "loss"));
    if (loss.kind() == LossSpec.Kind.CTC && readout != Readout.EACH_STEP) {
      throw root.error(
          "readout",
          "the loss 'ctc' looks for the labels among all steps; leave out 'readout' or make it"
              + " 'each_step'");
    }
    boolean lossEachStep = readout == Readout.EACH_STEP && loss.kind() != LossSpec.Kind.CTC;
    if (!loss.late().equals(LossSpec.Late.NONE) && !lossEachStep) {
      throw root.error(
          "loss",
          "'late_weight' is for a loss of every step: cross_entropy or mean_squared_error with the"
              + " readout 'each_step'");
    }
    var data = data(named(root, "data"));
    var training = training(named(root, "training"), layers);
    try {
      training.check(layers, readout);
    } catch (NetworkException e) {
      throw root.error("training", e);
    }
    return new Experiment(name, data, layers, readout, loss, training);
  }

  private static Table named(Table root, String key) {
    var table = root.table(key);
    return new Table("[" + key + "]", table.path(), table.values(), table.places());
  }

  private static DataSpec data(Table data) {
    var source = DataSources.read(data);
    double validation = source.namesValidation() ? 0 : data.number("validation", 0, 0.1);
    if (validation >= 1) {
      throw data.error(
          "validation",
          "'validation' is the share of training records held out, below 1; it is " + validation);
    }
    double levelCrossing = data.number("level_crossing", 0, 0);
    int population = data.whole("population", 0, 0);
    if (population > 0 && (population < 3 || levelCrossing > 0)) {
      throw data.error(
          "population",
          levelCrossing > 0
              ? "'population' and 'level_crossing' are two ways to code a value; choose one"
              : "'population' is " + population + "; it must be 3 or more neurons, or 0 for none");
    }
    int poisson = data.whole("poisson", 0, 0);
    if (poisson > 0 && (levelCrossing > 0 || population > 0)) {
      throw data.error(
          "poisson",
          "'poisson' and '"
              + (population > 0 ? "population" : "level_crossing")
              + "' are two ways to code a value; choose one");
    }
    if (poisson == 0 && data.has("poisson_seed")) {
      throw data.error(
          "poisson_seed",
          "'poisson_seed' has a meaning only beside 'poisson', a number of neurons");
    }
    return new DataSpec(
        source,
        validation,
        data.seed("validation_seed", 1),
        data.whole("steps", 0, 0),
        normalise(data),
        levelCrossing,
        population,
        poisson,
        data.seed("poisson_seed", 1));
  }

  /** A name, or a table with the numbers, as an experiment that was run has it. */
  private static Normalisation normalise(Table data) {
    if (!data.isTable("normalise")) {
      return Normalisation.of(
          data.choice("normalise", Normalisation.Kind.class, Normalisation.Kind.NONE));
    }
    var table = data.table("normalise").only("kind", "offset", "scale");
    try {
      return new Normalisation(
          table.choice("kind", Normalisation.Kind.class, Normalisation.Kind.NONE),
          table.numberList("offset"),
          table.numberList("scale"));
    } catch (DataException e) {
      throw data.error("normalise", e);
    }
  }

  private static List<LayerSpec> layers(Table root, Function<String, CellText> cells) {
    var tables = root.tables("layer");
    if (tables.isEmpty()) {
      throw root.error(
          "layer",
          "the experiment has no layer; write [[layer]] once for each, from the input upwards");
    }
    var names = new HashSet<String>();
    return tables.stream()
        .map(table -> {
          var layer = layer(table, cells);
          if (!names.add(layer.name())) {
            throw table.error("name", "two layers are called '" + layer.name() + "'");
          }
          if (layer.bidirectional() && table.path().equals(tables.getLast().path())) {
            throw table.error(
                "bidirectional",
                table.what()
                    + " is the last and hands two values a unit to the readout; put a layer with"
                    + " one unit a class above it");
          }
          return layer;
        })
        .toList();
  }

  private static LayerSpec layer(Table layer, Function<String, CellText> cells) {
    layer.only(
        "name",
        "cell",
        "units",
        "recurrent",
        "constants",
        "parameters",
        "states",
        "surrogate",
        "weights",
        "dropout",
        "emits",
        "connection",
        "bidirectional",
        "substeps",
        "normalise");
    var name = layer.text("name");
    if (!LAYER_NAME.matcher(name).matches()) {
      throw layer.error(
          "name",
          "the layer name '" + name + "' must be letters, digits and '_', beginning with a letter");
    }
    boolean recurrent = layer.flag("recurrent", false);
    var weights = layer.table("weights").only("input", "recurrent", "bias", "recurrent_bias");
    for (var key : List.of("recurrent", "recurrent_bias")) {
      if (weights.has(key) && !recurrent) {
        throw weights.error(
            key,
            layer.what()
                + " is not recurrent, so it has no '"
                + key
                + "' weights; set recurrent = true or leave them out");
      }
    }
    var connection =
        layer.choice("connection", LayerSpec.Connection.class, LayerSpec.Connection.ALL_TO_ALL);
    boolean weightless = connection == LayerSpec.Connection.ONE_TO_ONE;
    if (weightless && weights.has("input")) {
      throw weights.error(
          "input", layer.what() + " is connected one_to_one, so it has no weights from below");
    }
    var normalise = normalised(layer, weights);
    var cell = find(layer, cells);
    var constants = layer.table("constants").numbers();
    boolean bidirectional = layer.flag("bidirectional", false);
    var parameters = parameters(layer, bidirectional);
    var states = layer.table("states").texts();
    var emits = layer.has("emits") ? layer.text("emits") : null;
    var spec =
        new LayerSpec(
            name,
            cell.text(),
            layer.whole("units", 1),
            recurrent,
            constants,
            parameters,
            states,
            surrogate(layer),
            weightless ? null : initializer(weights, "input", "xavier"),
            recurrent ? initializer(weights, "recurrent", "orthogonal") : null,
            initializer(
                weights,
                "bias",
                weightless || normalise != LayerSpec.Normalise.NONE ? "none" : "constant(0)"),
            recurrent ? initializer(weights, "recurrent_bias", "none") : null,
            dropout(layer, cell),
            emits,
            connection,
            bidirectional,
            layer.whole("substeps", 1, 1),
            normalise);
    for (int share = 0; share < spec.shares(); share++) {
      check(layer, cell, spec.overrides(share), emits);
      check(layer, cell, spec.backward().overrides(share), emits);
    }
    return spec;
  }

  private static LayerSpec.Normalise normalised(Table layer, Table weights) {
    var normalise = layer.choice("normalise", LayerSpec.Normalise.class, LayerSpec.Normalise.NONE);
    if (normalise != LayerSpec.Normalise.NONE) {
      if (weights.has("bias") && !weights.text("bias").equals("none")) {
        throw weights.error(
            "bias",
            layer.what() + " normalises what comes from below, which takes any bias away again");
      }
      for (var key : List.of("connection", "bidirectional", "substeps")) {
        if (layer.has(key)) {
          throw layer.error(
              key,
              layer.what()
                  + " normalises what comes from below, which does not go with '"
                  + key
                  + "'");
        }
      }
    }
    return normalise;
  }

  /** Those of the backward half, a table of their own, are named so. */
  private static Map<String, String> parameters(Table layer, boolean bidirectional) {
    var table = layer.table("parameters");
    if (!table.isTable("backward")) {
      return table.texts();
    }
    if (!bidirectional) {
      throw table.error(
          "backward",
          layer.what()
              + " has no half that reads backward; set bidirectional = true or leave"
              + " 'backward' out");
    }
    var parameters = new LinkedHashMap<>(table.without("backward").texts());
    table
        .table("backward")
        .texts()
        .forEach((name, initial) -> parameters.put("backward." + name, initial));
    return parameters;
  }

  private static double dropout(Table layer, CellText cell) {
    double dropout = layer.number("dropout", 0, 0);
    if (dropout >= 1) {
      throw layer.error(
          "dropout", "'dropout' of " + layer.what() + " is " + dropout + "; it must be below 1");
    }
    if (dropout > 0 && Cells.compile(cell.file(), cell.text(), Overrides.NONE).masks().isEmpty()) {
      throw layer.error(
          "dropout",
          layer.what()
              + " has dropout, but its cell declares no mask; add 'mask NAME' to the cell and"
              + " multiply by it");
    }
    return dropout;
  }

  private static CellText find(Table layer, Function<String, CellText> cells) {
    try {
      return cells.apply(layer.text("cell"));
    } catch (UnknownCellException e) {
      throw layer.error("cell", e);
    }
  }

  /** Compiles the cell once, so that a slip in it is told before any data are read. */
  private static void check(Table layer, CellText text, Overrides overrides, String emits) {
    Cell cell;
    try {
      cell = Cells.compile(text.file(), text.text(), overrides);
    } catch (CellException e) {
      throw new CellException(layer.what() + ": " + e.getMessage());
    }
    if (emits != null && !cell.has(emits)) {
      var names =
          Stream.concat(
              cell.values().keySet().stream(), cell.states().stream().map(Cell.State::name));
      throw layer.error(
          "emits",
          "the cell '"
              + cell.name()
              + "' has no state or assigned value '"
              + emits
              + "' that "
              + layer.what()
              + " could emit"
              + Names.hint(emits, names.distinct().toList()));
    }
  }

  private static Surrogate surrogate(Table layer) {
    if (!layer.has("surrogate")) {
      return Surrogate.DEFAULT;
    }
    if (layer.values().get("surrogate") instanceof String) {
      return Surrogate.of(
          layer.choice("surrogate", Surrogate.Kind.class, Surrogate.DEFAULT.kind()));
    }
    var table = layer.table("surrogate").only("kind", "gamma", "sigma", "height", "scale");
    var published =
        Surrogate.of(table.choice("kind", Surrogate.Kind.class, Surrogate.DEFAULT.kind()));
    return new Surrogate(
        published.kind(),
        table.number("gamma", 0, published.gamma()),
        table.number("sigma", Double.MIN_VALUE, published.sigma()),
        table.number("height", 0, published.height()),
        table.number("scale", Double.MIN_VALUE, published.scale()));
  }

  /** Null for {@code "none"}, which only biases may be. */
  private static Initializer initializer(Table weights, String key, String otherwise) {
    var text = weights.texts().getOrDefault(key, otherwise);
    if (text.equals("none") && key.endsWith("bias")) {
      return null;
    }
    try {
      return Initializer.parse(text);
    } catch (NetworkException e) {
      throw weights.error(key, e);
    }
  }

  private static LossSpec loss(Table loss) {
    loss.only("kind", "from_step", "reduction", "late_weight");
    return new LossSpec(
        loss.choice("kind", LossSpec.Kind.class, LossSpec.Kind.CROSS_ENTROPY),
        loss.whole("from_step", 0, 0),
        loss.choice("reduction", LossSpec.Reduction.class, LossSpec.Reduction.SUM),
        late(loss));
  }

  private static LossSpec.Late late(Table loss) {
    if (!loss.has("late_weight")) {
      return LossSpec.Late.NONE;
    }
    var late = loss.table("late_weight").only("after", "over");
    try {
      return new LossSpec.Late(late.whole("after", 0), late.number("over"));
    } catch (NetworkException e) {
      throw e.getMessage().startsWith("late steps") ? late.error("over", e) : e;
    }
  }

  private static TrainingSpec training(Table training, List<LayerSpec> layers) {
    for (var key : List.of("checkpoint_steps", "truncate_steps")) {
      var whole =
          layers.stream()
              .filter(layer ->
                  layer.bidirectional() || layer.isNormalised() && key.equals("checkpoint_steps"))
              .findFirst();
      if (whole.isPresent() && training.whole(key, 0, 0) > 0) {
        throw training.error(
            key,
            "layer '"
                + whole.get().name()
                + (whole.get().bidirectional() ? "' is bidirectional" : "' normalises its drive")
                + " and sees every sequence as a whole; leave out '"
                + key
                + "'");
      }
    }
    training.only(
        "epochs",
        "batch",
        "micro_batch",
        "optimizer",
        "rates",
        "schedule",
        "clip_norm",
        "seed",
        "select_on",
        "checkpoint_steps",
        "truncate_steps",
        "curriculum",
        "range",
        "sampling",
        "step_every");
    var range = training.choice("range", RangePolicy.class, RangePolicy.BATCH);
    if (range != RangePolicy.BATCH) {
      oneMicroBatch(training);
    }
    return new TrainingSpec(
        training.whole("epochs", 1),
        training.whole("batch", 1, BATCH),
        training.whole("micro_batch", 1, MICRO_BATCH),
        parse(training, "optimizer", Map.of("kind", "adam", "rate", 0.001), OptimizerSpec::parse),
        rates(training.table("rates"), layers),
        parse(training, "schedule", Map.of("kind", "constant"), Schedule::parse),
        training.number("clip_norm", 0, 0),
        training.seed("seed", 1),
        training.choice("select_on", SelectOn.class, SelectOn.VALIDATION),
        training.whole("checkpoint_steps", 0, 0),
        training.whole("truncate_steps", 0, 0),
        curriculum(training),
        range,
        training.choice("sampling", Sampling.class, Sampling.SHUFFLED),
        training.whole("step_every", 0, 0));
  }

  private static void oneMicroBatch(Table training) {
    int batch = training.whole("batch", 1, BATCH);
    int micro = training.whole("micro_batch", 1, MICRO_BATCH);
    if (micro < batch) {
      throw training.error(
          "range",
          "ranges that follow every step make all sequences of a batch depend on one another, so it"
              + " must be one micro-batch; set micro_batch = "
              + batch);
    }
    if (training.whole("checkpoint_steps", 0, 0) > 0) {
      throw training.error(
          "checkpoint_steps",
          "ranges that follow every step depend on all steps before; leave out 'checkpoint_steps'");
    }
  }

  private static Curriculum curriculum(Table training) {
    return new Curriculum(
        training.tables("curriculum").stream()
            .map(stage -> stage.only("epochs", "steps"))
            .map(stage -> new Curriculum.Stage(stage.whole("epochs", 1), stage.whole("steps", 1)))
            .toList());
  }

  private static <T> T parse(
      Table training,
      String key,
      Map<String, Object> otherwise,
      Function<Map<String, Object>, T> parser) {
    try {
      return parser.apply(training.has(key) ? training.table(key).values() : otherwise);
    } catch (NetworkException e) {
      throw e.getMessage()
              .startsWith(training.places().of(Places.child(training.path(), List.of(key))))
          ? e
          : training.error(key, e);
    }
  }

  /**
   * {@code hidden.tau_m = 3} is, to TOML, a table in a table, and {@code hidden.backward.tau_m = 3}
   * one more; a bare {@code tau_m = 3} is of every layer.
   */
  private static Map<String, Double> rates(Table rates, List<LayerSpec> layers) {
    var names = layers.stream().map(LayerSpec::name).toList();
    var factors = new LinkedHashMap<String, Double>();
    for (var key : rates.values().keySet()) {
      factors(rates, key, key, factors);
    }
    for (var key : factors.keySet()) {
      int dot = key.indexOf('.');
      if (dot > 0 && !names.contains(key.substring(0, dot))) {
        var typed = key.substring(0, dot);
        throw rates.error(
            typed,
            "'rates' names '"
                + key
                + "', but there is no layer '"
                + typed
                + "'"
                + Names.hint(typed, names));
      }
    }
    return factors;
  }

  private static void factors(Table table, String key, String name, Map<String, Double> factors) {
    if (table.values().get(key) instanceof Map<?, ?>) {
      var inner = table.table(key);
      inner.values().keySet().forEach(next -> factors(inner, next, name + "." + next, factors));
    } else {
      factors.put(name, table.number(key, 0, 1));
    }
  }
}
