package rheobase.app;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import rheobase.data.DataException;
import rheobase.data.QtDatabase;
import rheobase.data.Sequence;
import rheobase.data.SequenceSet;
import rheobase.data.Split;
import rheobase.data.SyntheticEcg;
import rheobase.network.NetworkException;
import rheobase.network.training.SelectOn;

/**
 * The sequences an experiment asks for, in memory.
 *
 * @param split into training, validation and test
 * @param sha256 over all three
 */
record Dataset(Split split, String sha256) {

  /**
   * Reads or makes them. Records are held out for validation only when a model is selected on them:
   * a run that selects on the training set, as the papers did, trains on all of it.
   *
   * @param folder of the recordings; null when none was named
   * @throws NetworkException when the experiment needs a folder and has none, or has one and needs
   *     none
   * @throws DataException when the recordings cannot be read
   */
  static Dataset load(Experiment experiment, Path folder) {
    var data = experiment.data();
    if (data.needsFolder() && folder == null) {
      throw new NetworkException(
          "the experiment '"
              + experiment.name()
              + "' learns from recordings (source '"
              + data.source().text()
              + "'): name their folder with --data DIR");
    }
    if (!data.needsFolder() && folder != null) {
      throw new NetworkException(
          "the experiment '"
              + experiment.name()
              + "' makes its own data (source '"
              + data.source().text()
              + "'): leave out --data, or choose another source with --set data.source=qtdb");
    }
    var train =
        switch (data.source()) {
          case DataSpec.Qtdb _ -> QtDatabase.train(folder);
          case DataSpec.SyntheticEcg synthetic ->
              SyntheticEcg.generate("synthetic ECG train", synthetic.train(), synthetic.seed());
        };
    var test =
        switch (data.source()) {
          case DataSpec.Qtdb _ -> QtDatabase.test(folder);
          case DataSpec.SyntheticEcg synthetic ->
              SyntheticEcg.generate("synthetic ECG test", synthetic.test(), synthetic.seed());
        };
    return of(
        cut(train, data.steps()), cut(test, data.steps()), data, experiment.training().selectOn());
  }

  private static Dataset of(SequenceSet train, SequenceSet test, DataSpec data, SelectOn selectOn) {
    var nothing = new SequenceSet(train.name(), train.channels(), train.classes(), List.of());
    var split = new Split(train, nothing, test);
    if (selectOn == SelectOn.VALIDATION) {
      split = Split.carve(train, test, data.validation(), data.validationSeed());
      if (split.validation().sequences().isEmpty()) {
        throw new NetworkException(
            "no records are left for validation (data.validation = "
                + data.validation()
                + "); raise it, or choose --select-on train or last");
      }
    }
    return new Dataset(
        split,
        ExperimentText.sha256(
            split.train().sha256() + split.validation().sha256() + split.test().sha256()));
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
        set.sequences().stream().map(sequence -> cut(sequence, steps)).toList());
  }

  private static Sequence cut(Sequence sequence, int steps) {
    if (sequence.steps() <= steps) {
      return sequence;
    }
    boolean single = sequence.targets().length == 1;
    return new Sequence(
        sequence.id(),
        sequence.group(),
        steps,
        sequence.channels(),
        Arrays.copyOf(sequence.values(), steps * sequence.channels()),
        single ? sequence.targets() : Arrays.copyOf(sequence.targets(), steps),
        single ? sequence.annotated() : Arrays.copyOf(sequence.annotated(), steps));
  }

  /** Share of values that are no zero: events per channel and step when the input is events. */
  static double inputRate(SequenceSet set) {
    long events = 0;
    long values = 0;
    for (var sequence : set.sequences()) {
      values += sequence.values().length;
      for (float value : sequence.values()) {
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
