package rheobase.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import rheobase.app.report.Report;
import rheobase.app.report.ReportData;
import rheobase.cell.language.Cells;
import rheobase.network.LayerSpec;
import rheobase.network.energy.Cost;
import rheobase.network.energy.NetworkEnergy;
import rheobase.network.energy.Neuron;
import rheobase.network.parameter.Tensor;
import rheobase.network.training.TrainingResult;

/** Fills the page of a run with what the run gave. */
final class RunReport {
  private static final String SOURCE =
      "E_AC = 0.1 pJ, E_MAC = 3.2 pJ: 32-bit integers at 45 nm (Horowitz 2014); formulas: TC-LIF"
          + " (AAAI 2024), other neurons counted the same way in their equations";

  /** Groups of tensors that belong to connections; every other is a parameter of the cell. */
  private static final Set<String> CONNECTION_GROUPS = Set.of("weight", "bias");

  private RunReport() {}

  static void write(Run run, TrainingResult result, NetworkEnergy energy, Path file) {
    var experiment = run.experiment();
    var training = experiment.training();
    Report.write(
        new ReportData(
            experiment.name(),
            new ReportData.Selection(
                training.selectOn(), result.bestEpoch(), result.epochs(), training.epochs()),
            run.dataset().split().test().classes(),
            result.history(),
            new ReportData.Scores(
                result.train(),
                result.validation(),
                result.test(),
                experiment.data().source().folding().orElse(null),
                experiment.data().source().scoresLastStep()),
            layers(result),
            trainedParameters(result),
            Example.of(result.network(), run.dataset().split().test(), training.seed()),
            energy(energy),
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
              Cells.nameOf(spec.name(), spec.cellText()),
              inputs,
              spec.units(),
              spec.recurrent(),
              tensors(result, spec).mapToInt(Tensor::count).sum(),
              result.firingRates().get(index)));
      inputs = spec.width();
    }
    return layers;
  }

  private static Stream<Tensor> tensors(TrainingResult result, LayerSpec layer) {
    return result.network().parameters().tensors().stream()
        .filter(tensor -> tensor.name().startsWith(layer.name() + "."));
  }

  /**
   * Those of the cells, one value a neuron; a parameter that no gradient reaches is shown too, as
   * it stayed.
   */
  private static List<ReportData.TrainedParameter> trainedParameters(TrainingResult result) {
    var trained = new ArrayList<ReportData.TrainedParameter>();
    for (var layer : result.network().spec().layers()) {
      tensors(result, layer)
          .filter(tensor -> !CONNECTION_GROUPS.contains(tensor.group()))
          .forEach(tensor ->
              trained.add(
                  new ReportData.TrainedParameter(
                      layer.name(),
                      tensor.name().substring(layer.name().length() + 1), // forward.tau_m, too
                      tensor.group().startsWith("tau") ? "steps" : "",
                      doubles(result.initial().parameters().get(tensor.name())),
                      doubles(result.network().parameters().get(tensor.name())))));
    }
    return trained;
  }

  private static double[] doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(index -> values[index]).toArray();
  }

  private static ReportData.Energy energy(NetworkEnergy energy) {
    var cost = Cost.INT32;
    return new ReportData.Energy(
        cost.accumulate(),
        cost.multiplyAccumulate(),
        SOURCE,
        energy.layers().stream()
            .map(layer ->
                new ReportData.Operations(
                    layer.name(),
                    layer.formula(),
                    layer.operations().accumulates(),
                    layer.operations().multiplyAccumulates(),
                    layer.operations().picojoules(cost),
                    layer.traffic().bytes()))
            .toList(),
        List.of(
            baseline("tanh RNN", Neuron.RNN, energy),
            baseline("GRU", Neuron.GRU, energy),
            baseline("LSTM", Neuron.LSTM, energy)));
  }

  private static ReportData.Baseline baseline(String name, Neuron kind, NetworkEnergy energy) {
    return new ReportData.Baseline(name, energy.rival(kind).picojoules(Cost.INT32));
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
