package rheobase.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rheobase.app.report.Report;
import rheobase.app.report.ReportData;
import rheobase.network.Energy;
import rheobase.network.training.TrainingResult;

/** Fills the page of a run with what the run gave. */
final class RunReport {
  private static final String SOURCE =
      "E_AC = 0.1 pJ, E_MAC = 3.2 pJ: 32-bit integers at 45 nm (Horowitz 2014); formulas: TC-LIF (AAAI 2024),"
          + " adaptive neurons counted the same way";

  private RunReport() {}

  static void write(Run run, TrainingResult result, Optional<List<Energy.Layer>> energy, Path file) {
    var experiment = run.experiment();
    var training = experiment.training();
    Report.write(
        new ReportData(
            experiment.name(),
            new ReportData.Selection(
                training.selectOn(), result.bestEpoch(), result.epochs(), training.epochs()),
            run.dataset().split().test().classes(),
            result.history(),
            new ReportData.Scores(result.train(), result.validation(), result.test()),
            layers(result),
            List.of(),
            null,
            energy.map(layers -> energy(experiment, layers)).orElse(null),
            provenance(run, result)),
        file);
  }

  private static List<ReportData.Layer> layers(TrainingResult result) {
    var layers = new ArrayList<ReportData.Layer>();
    int inputs = result.network().spec().inputs();
    for (int index = 0; index < result.network().spec().layers().size(); index++) {
      var spec = result.network().spec().layers().get(index);
      layers.add(
          new ReportData.Layer(
              spec.name(),
              "",
              inputs,
              spec.units(),
              spec.recurrent(),
              0,
              result.firingRates().get(index)));
      inputs = spec.units();
    }
    return layers;
  }

  private static ReportData.Energy energy(Experiment experiment, List<Energy.Layer> layers) {
    var cost = Energy.INT32;
    var rows = new ArrayList<ReportData.Operations>();
    for (int index = 0; index < layers.size(); index++) {
      var layer = layers.get(index);
      var operations = Energy.operations(layer);
      rows.add(
          new ReportData.Operations(
              experiment.layers().get(index).name(),
              Energy.formula(layer),
              operations.accumulates(),
              operations.multiplyAccumulates(),
              operations.picojoules(cost),
              Energy.weightBytes(layer)));
    }
    return new ReportData.Energy(
        cost.accumulate(),
        cost.multiplyAccumulate(),
        SOURCE,
        rows,
        List.of(
            baseline("tanh RNN", Energy.Kind.RNN, layers),
            baseline("GRU", Energy.Kind.GRU, layers),
            baseline("LSTM", Energy.Kind.LSTM, layers)));
  }

  private static ReportData.Baseline baseline(String name, Energy.Kind kind, List<Energy.Layer> layers) {
    return new ReportData.Baseline(
        name, Energy.operations(Energy.baseline(kind, layers)).picojoules(Energy.INT32));
  }

  private static ReportData.Provenance provenance(Run run, TrainingResult result) {
    var split = run.dataset().split();
    return new ReportData.Provenance(
        split.train().name() + ", " + split.test().name(),
        run.dataset().sha256(),
        run.experiment().training().seed(),
        RheoCommand.Version.number(),
        Runtime.version() + " " + System.getProperty("java.vm.name"),
        result.weightsSha256(),
        run.text(),
        Map.of(
            "split",
            "%d training, %d validation, %d test sequences"
                .formatted(
                    split.train().sequences().size(),
                    split.validation().sequences().size(),
                    split.test().sequences().size())));
  }
}
