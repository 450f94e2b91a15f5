package rheobase.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/**
 * {@code rheo energy}: what a trained network would cost on a chip, and what it is compared with.
 */
@Command(
    name = "energy",
    header = "Count operations, memory traffic and energy of a model.",
    usageHelpWidth = RheoCommand.WIDTH,
    description = {
      "",
      "Runs the model on the test set, counts its spikes, and from them operations, energy at the"
          + " figures of 45 nm, and what goes to and from memory; beside it networks of the same"
          + " sizes made of tanh, GRU and LSTM units. docs/energy.md says what is counted.",
      ""
    })
final class EnergyCommand implements Callable<Integer> {
  @ParentCommand private RheoCommand rheo;

  @Parameters(paramLabel = "MODEL", description = "Path of a .rheo file.")
  private Path model;

  @Mixin private RunOptions run;

  @Option(
      names = "--against",
      paramLabel = "MODEL",
      arity = "1..*",
      description =
          "Further trained models to compare with, each measured on the test set of its own"
              + " experiment.")
  private List<Path> against = List.of();

  @Option(
      names = "--all",
      description =
          "Measure on every sequence of DIR, for recordings of your own that no training saw;"
              + " otherwise only on those of the test set.")
  private boolean all;

  /** Data that several models share are read once. */
  private final Map<List<Object>, Dataset> read = new HashMap<>();

  @Override
  public Integer call() {
    int threads = run.threads();
    var own = TrainedModel.read(rheo.resolve(model), all);
    var others = against.stream().map(path -> TrainedModel.read(rheo.resolve(path), all)).toList();
    var measured = measured(own, threads);
    var rivals = new ArrayList<MeasuredModel>();
    for (var other : others) {
      var rival = measured(other, threads);
      if (!rival.answersTheSameAs(measured)) {
        rheo.surroundings
            .err()
            .println(
                "rheo: the test set of "
                    + rheo.surroundings.shown(other.path())
                    + " is not that of "
                    + rheo.surroundings.shown(own.path())
                    + "; their accuracies cannot be compared");
      }
      rivals.add(rival);
    }
    var out = rheo.surroundings.out();
    if (run.json) {
      out.println(ResultJson.text(EnergyJson.of(measured, rivals)));
    } else {
      out.print(EnergyText.of(measured, rivals, rheo.surroundings::shown));
    }
    out.flush();
    return 0;
  }

  private MeasuredModel measured(TrainedModel model, int threads) {
    var experiment = model.experiment();
    var folder = run.data(rheo);
    boolean first = read.isEmpty();
    var data =
        read.computeIfAbsent(
            List.of(experiment.data(), experiment.training().selectOn()),
            // of several models some may make their own data; only the first is asked about --data
            _ ->
                model.load(
                    first || experiment.data().source().needsFolder() ? folder : null,
                    run.preparation(rheo)));
    if (model.wasTrainedWithout(data)) {
      rheo.surroundings
          .err()
          .println(
              "rheo: these data are not those that "
                  + rheo.surroundings.shown(model.path())
                  + " was trained with; rates and score are on what was read now");
    }
    return MeasuredModel.of(model, data, threads);
  }
}
