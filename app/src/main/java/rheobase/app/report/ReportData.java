package rheobase.app.report;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import rheobase.data.Folding;
import rheobase.network.Score;
import rheobase.network.training.EpochRecord;
import rheobase.network.training.SelectOn;

/**
 * Everything a report shows, as plain values. It knows no network and no data set, so that a page
 * can be made from anything that can fill it in.
 *
 * <p>Numbers that do not exist are {@code NaN} (a firing rate of a layer that does not spike) or
 * null (a score on a set that is empty); the page leaves them out. Arrays are read, never changed
 * and never kept beyond {@link Report#write}.
 *
 * @param name of the experiment
 * @param selection which model this is
 * @param classes their names, in the order of the confusion matrices
 * @param history one record an epoch, in order
 * @param scores of the selected model
 * @param layers from the input upwards
 * @param parameters per-neuron cell parameters that were trained, such as time constants
 * @param example one sequence in full, null for none
 * @param energy null for none
 * @param provenance how this model came to be
 */
public record ReportData(
    String name,
    Selection selection,
    List<String> classes,
    List<EpochRecord> history,
    Scores scores,
    List<Layer> layers,
    List<TrainedParameter> parameters,
    Example example,
    Energy energy,
    Provenance provenance) {

  /**
   * @throws IllegalArgumentException when a confusion matrix, a target or a prediction does not fit
   *     the classes, or the firing rates of an epoch do not fit the layers
   */
  public ReportData {
    classes = List.copyOf(classes);
    history = List.copyOf(history);
    layers = List.copyOf(layers);
    parameters = List.copyOf(parameters);
    checkScore("train", scores.train(), classes.size());
    checkScore("validation", scores.validation(), classes.size());
    checkScore("test", scores.test(), classes.size());
    for (var epoch : history) {
      if (epoch.firingRates().size() != layers.size()) {
        throw new IllegalArgumentException(
            "epoch %d has %d firing rates for %d layers"
                .formatted(epoch.epoch(), epoch.firingRates().size(), layers.size()));
      }
    }
    if (example != null) {
      checkClasses("target", example.targets(), classes.size());
      checkClasses("prediction", example.predictions(), classes.size());
      checkWidth("readout", example.readout(), classes.size());
    }
  }

  /**
   * Which of the models that a run passed through was kept.
   *
   * @param on what it was chosen by
   * @param epoch whose model it is, from 1
   * @param epochs that were run
   * @param planned epochs the experiment asked for; more than {@code epochs} when the run was
   *     stopped
   */
  public record Selection(SelectOn on, int epoch, int epochs, int planned) {
    /** Whether the test score is optimistic because the test set chose the model. */
    public boolean optimistic() {
      return on == SelectOn.TEST;
    }

    /**
     * One or two sentences: how the model was chosen, and what its test score is worth.
     *
     * @param tested whether there is a test score
     */
    public String sentence(boolean tested) {
      final String chosen =
          switch (on) {
            case VALIDATION -> "Model of epoch %d, selected on validation accuracy";
            case TRAIN -> "Model of epoch %d, selected on training accuracy";
            case TEST -> "Model of epoch %d, selected on the test set itself";
            case LAST -> "Model of the last epoch, %d, not selected by any score";
          };
      final String worth =
          optimistic()
              ? ": the test score is optimistic and stands here only to compare with papers that"
                  + " selected so."
              : tested ? "; the test set was scored once, at the end." : ".";
      final String stopped =
          epochs < planned
              ? " Training was stopped after epoch %d of %d.".formatted(epochs, planned)
              : "";
      return chosen.formatted(epoch) + worth + stopped;
    }
  }

  /**
   * Of the selected model.
   *
   * @param validation null where there is no validation set
   * @param test null where there is no test set
   * @param folding of the classes for a coarser accuracy, null for none
   * @param lastStep whether the last step of the sequences is told apart
   */
  public record Scores(
      Score train, Score validation, Score test, Folding folding, boolean lastStep) {
    /** Without either. */
    public Scores(Score train, Score validation, Score test) {
      this(train, validation, test, null, false);
    }
  }

  /**
   * A layer in one line.
   *
   * @param cell name of its cell
   * @param inputs units or channels below
   * @param parameters trained numbers: weights, biases and those of the cell
   * @param firingRate mean spikes per neuron and step on the test set; NaN where the cell does not
   *     spike
   */
  public record Layer(
      String name,
      String cell,
      int inputs,
      int units,
      boolean recurrent,
      int parameters,
      double firingRate) {}

  /**
   * One value per neuron of a layer, before and after training.
   *
   * @param unit in which it is measured, e.g. {@code steps}; empty for none
   */
  public record TrainedParameter(
      String layer, String name, String unit, double[] before, double[] after) {
    public TrainedParameter {
      if (before.length != after.length) {
        throw new IllegalArgumentException(
            "%s.%s has %d values before and %d after training"
                .formatted(layer, name, before.length, after.length));
      }
    }
  }

  /**
   * One sequence and what the network did with it.
   *
   * @param id of the sequence
   * @param set it belongs to, e.g. {@code test}
   * @param fromStep first step that is scored
   * @param targets one class a step, or a single one for the sequence
   * @param annotated as long as {@code targets}: false where the target is a convention and no
   *     expert's label
   * @param predictions one class a step, or a single one for the sequence
   * @param readoutName what the readout is, e.g. {@code membrane u}
   * @param readout {@code [step][class]}
   * @param activities what went in, then what each layer emitted, from the input upwards
   */
  public record Example(
      String id,
      String set,
      int fromStep,
      int[] targets,
      boolean[] annotated,
      int[] predictions,
      String readoutName,
      double[][] readout,
      List<Activity> activities) {
    public Example {
      activities = List.copyOf(activities);
      final int steps = readout.length;
      checkLength("targets", targets.length, steps);
      checkLength("predictions", predictions.length, steps);
      if (annotated.length != targets.length) {
        throw new IllegalArgumentException(
            "%d targets but %d annotation marks".formatted(targets.length, annotated.length));
      }
      for (var activity : activities) {
        if (activity.emitted().length != steps) {
          throw new IllegalArgumentException(
              "activity '%s' has %d steps, the readout %d"
                  .formatted(activity.name(), activity.emitted().length, steps));
        }
      }
    }

    /** Steps of the sequence. */
    public int steps() {
      return readout.length;
    }

    private static void checkLength(String what, int length, int steps) {
      if (length != 1 && length != steps) {
        throw new IllegalArgumentException(
            "%d %s for %d steps; there must be one a step, or exactly one"
                .formatted(length, what, steps));
      }
    }
  }

  /**
   * What one layer, or the input, emitted over a sequence.
   *
   * @param emitted {@code [step][unit]}. Values of which most are zero are drawn as a raster of
   *     events, others as an image
   * @param membraneName of the state that is drawn beside it, e.g. {@code u}; null for none
   * @param membrane {@code [step][unit]}; null for none
   */
  public record Activity(
      String name, double[][] emitted, String membraneName, double[][] membrane) {
    public Activity {
      checkWidth(name, emitted, units(emitted));
      if (membrane != null) {
        if (membrane.length != emitted.length) {
          throw new IllegalArgumentException(
              "the membrane of '%s' has %d steps, what it emitted %d"
                  .formatted(name, membrane.length, emitted.length));
        }
        checkWidth("membrane of '" + name + "'", membrane, units(emitted));
      }
    }

    /** Units of the layer, or channels of the input. */
    public int units() {
      return units(emitted);
    }

    private static int units(double[][] values) {
      return values.length == 0 ? 0 : values[0].length;
    }
  }

  /**
   * Energy of one step by counting operations.
   *
   * @param accumulate picojoules of one accumulate
   * @param multiplyAccumulate picojoules of one multiply-accumulate
   * @param source where these two and the formulas come from
   * @param layers one row a layer
   * @param baselines the same layer sizes built from other cells
   */
  public record Energy(
      double accumulate,
      double multiplyAccumulate,
      String source,
      List<Operations> layers,
      List<Baseline> baselines) {
    public Energy {
      layers = List.copyOf(layers);
      baselines = List.copyOf(baselines);
    }

    /** Of the whole network, in picojoules a step. */
    public double picojoules() {
      return layers.stream().mapToDouble(Operations::picojoules).sum();
    }
  }

  /**
   * Operations of one layer in one step, on measured firing rates.
   *
   * @param formula as text, e.g. {@code (m n Fr_in + n n Fr + n Fr) AC + n MAC}
   * @param bytes read and written in memory; NaN when not counted
   */
  public record Operations(
      String layer,
      String formula,
      double accumulates,
      double multiplyAccumulates,
      double picojoules,
      double bytes) {}

  /**
   * A network of the same sizes, e.g. {@code LSTM}.
   *
   * @param picojoules a step
   */
  public record Baseline(String name, double picojoules) {}

  /**
   * How a model came to be.
   *
   * @param data what it was trained on, in words
   * @param dataSha256 over the content of the data
   * @param version of Rheobase
   * @param jvm name and version
   * @param weightsSha256 over the saved tensors
   * @param experiment the whole text of the experiment as run
   * @param more further lines, e.g. the split; shown in the order of their names
   */
  public record Provenance(
      String data,
      String dataSha256,
      long seed,
      String version,
      String jvm,
      String weightsSha256,
      String experiment,
      Map<String, String> more) {
    public Provenance {
      more = Collections.unmodifiableMap(new TreeMap<>(more));
    }
  }

  private static void checkScore(String set, Score score, int classes) {
    if (score == null || score.confusion() == null) {
      return;
    }
    final long[][] confusion = score.confusion();
    if (confusion.length != classes
        || Arrays.stream(confusion).anyMatch(row -> row.length != classes)) {
      throw new IllegalArgumentException(
          "the confusion matrix of the %s set is not %d x %d".formatted(set, classes, classes));
    }
  }

  private static void checkClasses(String what, int[] values, int classes) {
    for (int step = 0; step < values.length; step++) {
      if (values[step] < 0 || values[step] >= classes) {
        throw new IllegalArgumentException(
            "%s %d at step %d is none of %d classes".formatted(what, values[step], step, classes));
      }
    }
  }

  private static void checkWidth(String what, double[][] values, int width) {
    for (int step = 0; step < values.length; step++) {
      if (values[step].length != width) {
        throw new IllegalArgumentException(
            "%s has %d values at step %d, expected %d"
                .formatted(what, values[step].length, step, width));
      }
    }
  }
}
