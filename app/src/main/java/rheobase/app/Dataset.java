package rheobase.app;

import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import rheobase.app.source.DataSource;
import rheobase.cell.graph.StepOperations.Signal;
import rheobase.data.DataException;
import rheobase.data.LevelCrossing;
import rheobase.data.PoissonCode;
import rheobase.data.PopulationCode;
import rheobase.data.Preparation;
import rheobase.data.Sequence;
import rheobase.data.SequenceSet;
import rheobase.data.Split;
import rheobase.network.NetworkException;
import rheobase.network.NetworkSpec;
import rheobase.network.energy.NetworkEnergy;
import rheobase.network.training.SelectOn;

/**
 * The sequences an experiment asks for, in memory.
 *
 * @param spec with all that the data decided written out: whoever reads by it gets the same, and
 *     treats other recordings in the same way
 * @param split into training, validation and test
 * @param sha256 over all three
 * @param skipped files that could not be used and were left out
 */
record Dataset(DataSpec spec, Split split, String sha256, int skipped) {

  /**
   * Reads or makes them. Records are held out for validation only when a model is selected on them:
   * a run that selects on the training set, as the papers did, trains on all of it.
   *
   * @param folder of the recordings; null when none was named
   * @throws NetworkException when the experiment needs a folder and has none, or has one and needs
   *     none
   * @throws DataException when the recordings cannot be read
   */
  static Dataset load(Experiment experiment, Path folder, Preparation preparation) {
    var data = experiment.data();
    var source = data.source();
    if (source.needsFolder() && folder == null) {
      throw new NetworkException(
          "the experiment '"
              + experiment.name()
              + "' learns from recordings (source '"
              + source.text()
              + "'): name their folder with --data DIR");
    }
    if (!source.needsFolder() && folder != null) {
      throw new NetworkException(
          "the experiment '"
              + experiment.name()
              + "' makes its own data (source '"
              + source.text()
              + "'): leave out --data, or choose another source with --set data.source=qtdb");
    }
    var reading = read(source, folder, preparation);
    var divided =
        divided(
            each(reading.split(), set -> cut(set, data.steps())),
            data,
            experiment.training().selectOn());
    var normalise = data.normalise().fitted(divided.train());
    var settled = data.settled(reading.source(), normalise);
    var split = each(divided, set -> scaled(set, settled));
    return new Dataset(
        settled,
        split,
        ExperimentText.sha256(
            split.train().sha256() + split.validation().sha256() + split.test().sha256()),
        preparation.skipped());
  }

  /**
   * A set treated as the training data were: cut, normalised and turned into events.
   *
   * @param spec settled
   * @throws NetworkException when it is not
   */
  static SequenceSet treated(SequenceSet set, DataSpec spec) {
    if (!spec.normalise().isFitted()) {
      throw new NetworkException(
          "it is not known by which numbers the training data were normalised (data.normalise = \""
              + spec.normalise().kind().text()
              + "\" without them)");
    }
    return scaled(cut(set, spec.steps()), spec);
  }

  private static SequenceSet scaled(SequenceSet set, DataSpec spec) {
    var scaled = spec.normalise().apply(set);
    if (spec.levelCrossing() > 0) {
      scaled = new LevelCrossing(spec.levelCrossing()).encode(scaled);
    }
    if (spec.population() > 0) {
      scaled = new PopulationCode(spec.population()).encode(scaled);
    }
    return spec.poisson() > 0
        ? new PoissonCode(spec.poisson(), spec.poissonSeed()).encode(scaled)
        : scaled;
  }

  private static DataSource.Reading read(DataSource source, Path folder, Preparation preparation) {
    try {
      return source.read(folder, preparation);
    } finally {
      preparation.done();
    }
  }

  private static Split each(Split split, UnaryOperator<SequenceSet> change) {
    return new Split(
        change.apply(split.train()), change.apply(split.validation()), change.apply(split.test()));
  }

  private static Split divided(Split published, DataSpec data, SelectOn selectOn) {
    if (selectOn != SelectOn.VALIDATION
        || published.validation().size() > 0
        || published.train().size() == 0) { // a folder of recordings only to test on
      return published;
    }
    var split =
        Split.carve(published.train(), published.test(), data.validation(), data.validationSeed());
    if (split.validation().sequences().isEmpty()) {
      throw new NetworkException(
          "no records are left for validation (data.validation = "
              + data.validation()
              + "); raise it, or choose --select-on train or last");
    }
    return split;
  }

  /** The first steps of every sequence. */
  private static SequenceSet cut(SequenceSet set, int steps) {
    if (steps == 0) {
      return set;
    }
    return new SequenceSet(
        set.name(),
        set.channels(),
        set.classes(),
        set.sequences().stream().map(sequence -> sequence.first(steps)).toList());
  }

  /**
   * What a network costs on the test set.
   *
   * @param firingRates spikes per neuron and step of each layer, measured there; NaN for one that
   *     does not spike
   */
  NetworkEnergy energy(NetworkSpec network, List<Double> firingRates) {
    var test = split.test();
    return NetworkEnergy.of(
        network, analog(test) ? Signal.REAL : Signal.SPIKES, inputRate(test), firingRates);
  }

  /** Mean length of the test sequences. */
  double testSteps() {
    return split.test().sequences().stream().mapToInt(Sequence::steps).average().orElse(0);
  }

  /** Share of values that are no zero: events per channel and step when the input is events. */
  static double inputRate(SequenceSet set) {
    long events = 0;
    long values = 0;
    for (var sequence : set.sequences()) {
      var own = sequence.values();
      values += own.length;
      for (float value : own) {
        events += value == 0 ? 0 : 1;
      }
    }
    return values == 0 ? 0 : (double) events / values;
  }

  /** Whether the input is real values rather than events, which are whole and mostly absent. */
  static boolean analog(SequenceSet set) {
    for (var sequence : set.sequences()) {
      for (float value : sequence.values()) {
        if (value != Math.rint(value)) {
          return true;
        }
      }
    }
    return false;
  }
}
