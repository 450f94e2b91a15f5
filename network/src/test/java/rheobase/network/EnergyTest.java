package rheobase.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static rheobase.network.Energy.FP32;
import static rheobase.network.Energy.INT32;
import static rheobase.network.Energy.baseline;
import static rheobase.network.Energy.operations;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import rheobase.cell.graph.Surrogate;
import rheobase.cell.language.Cells;
import rheobase.network.Energy.Kind;
import rheobase.network.Energy.Layer;

/**
 * Against the table computed by hand from the published sizes and rates (Yin, Corradi and Bohté
 * 2021).
 */
class EnergyTest {

  private static List<Layer> ecg(Kind hidden) {
    return List.of(
        new Layer(hidden, 4, 36, true, false, 0.079, 0.344),
        new Layer(Kind.ALIF, 36, 6, false, false, 0.344, 0.004));
  }

  /** 700-128r-128r-20. */
  private static List<Layer> spokenDigits() {
    double rate = 0.0976;
    return List.of(
        new Layer(Kind.ALIF, 700, 128, true, false, 0.03, rate),
        new Layer(Kind.ALIF, 128, 128, true, false, rate, rate),
        new Layer(Kind.LI, 128, 20, false, false, rate, 0));
  }

  /** 700-400r-400r-35. */
  private static List<Layer> speechCommands(double inputRate) {
    double rate = 0.0288;
    return List.of(
        new Layer(Kind.ALIF, 700, 400, true, false, inputRate, rate),
        new Layer(Kind.ALIF, 400, 400, true, false, rate, rate),
        new Layer(Kind.LI, 400, 35, false, false, rate, 0));
  }

  /** 1024-512-512r-11, fed real values. */
  private static List<Layer> radarGestures() {
    double rate = 0.061;
    return List.of(
        new Layer(Kind.ALIF, 1024, 512, false, true, 1, rate),
        new Layer(Kind.ALIF, 512, 512, true, false, rate, rate),
        new Layer(Kind.LI, 512, 11, false, false, rate, 0));
  }

  /** 39-2x512r-61, fed real values for five sub-steps a frame. */
  private static List<Layer> phones() {
    double rate = 0.0422;
    return List.of(
        new Layer(Kind.ALIF, 39, 512, true, true, 1, rate, false, 2, 5),
        new Layer(Kind.LI, 1024, 61, false, false, 5 * rate, 0));
  }

  @Test
  void directionsAndSubstepsMultiplyAndRivalsHaveDirectionsOnly() {
    Layer hidden = phones().getFirst();
    var once = operations(new Layer(Kind.ALIF, 39, 512, true, true, 1, 0.0422));
    assertThat(operations(hidden).accumulates()).isCloseTo(10 * once.accumulates(), within(1e-6));
    assertThat(operations(hidden).multiplyAccumulates()).isEqualTo(10 * once.multiplyAccumulates());
    assertThat(Energy.formula(hidden)).startsWith("10 x [");
    var rival = baseline(Kind.LSTM, phones());
    assertThat(operations(rival).multiplyAccumulates())
        .isEqualTo(2 * (4 * (39 * 512 + 512 * 512) + 17 * 512) + 1024 * 61);
    assertThat(energy(rival) / energy(phones())).isCloseTo(10.7, within(0.05));
  }

  @Test
  void wiringOfANetworkIsCountedAsItRuns() {
    var alif = layer("hidden", Cells.text("alif"), Map.of(), 512, true);
    var network =
        new NetworkSpec(
            39,
            List.of(
                alif.wired(LayerSpec.Connection.ALL_TO_ALL, true, 5),
                layer("output", Cells.text("leaky_integrator"), Map.of(), 61, false)),
            Readout.EACH_STEP,
            null);
    assertThat(Energy.layers(network, 1, true, List.of(0.0422, Double.NaN))).contains(phones());
  }

  @Test
  void aConnectionWithoutWeightsCostsNothing() {
    var own = new Layer(Kind.LIF, 16, 16, false, true, 1, 0.1, true, 1, 1);
    assertThat(operations(own).multiplyAccumulates()).isEqualTo(16);
    assertThat(Energy.weightBytes(own)).isZero();
    assertThat(Energy.formula(own)).isEqualTo("(n Fr_out) AC + (n) MAC");
  }

  private static double energy(List<Layer> layers) {
    return operations(layers).picojoules(INT32);
  }

  private static double against(Kind kind, List<Layer> layers) {
    return energy(baseline(kind, layers)) / energy(layers);
  }

  @Test
  void heartbeatNetworkCosts227PicojoulesAStep() {
    assertThat(energy(ecg(Kind.LIF))).isCloseTo(227, within(0.5));
    assertThat(against(Kind.RNN, ecg(Kind.LIF))).isCloseTo(23, within(0.5));
    assertThat(against(Kind.LSTM, ecg(Kind.LIF))).isCloseTo(93, within(0.5));
  }

  @Test
  void adaptationInTheHiddenLayerDoublesIt() {
    assertThat(energy(ecg(Kind.ALIF))).isCloseTo(459, within(0.5));
    assertThat(against(Kind.RNN, ecg(Kind.ALIF))).isCloseTo(12, within(0.5));
    assertThat(against(Kind.LSTM, ecg(Kind.ALIF))).isCloseTo(46, within(0.5));
  }

  @Test
  void spokenDigitsNetworkIs545TimesCheaperThanAnLstm() {
    assertThat(energy(spokenDigits())).isCloseTo(3300, within(5.0));
    assertThat(against(Kind.RNN, spokenDigits())).isCloseTo(137, within(0.5));
    assertThat(against(Kind.LSTM, spokenDigits())).isCloseTo(545, within(0.5));
  }

  @Test
  void speechCommandsNetworkReachesThreeOrdersOfMagnitude() {
    assertThat(energy(speechCommands(0.01))).isCloseTo(9500, within(5.0));
    assertThat(energy(speechCommands(0.03))).isCloseTo(10_060, within(5.0));
    assertThat(against(Kind.LSTM, speechCommands(0.01))).isCloseTo(1033, within(0.6));
    assertThat(against(Kind.LSTM, speechCommands(0.03))).isCloseTo(976, within(0.6));
    assertThat(against(Kind.RNN, speechCommands(0.01))).isCloseTo(261, within(0.5));
  }

  @Test
  void analogInputEatsTheAdvantage() {
    assertThat(energy(radarGestures())).isCloseTo(1_690_806, within(100.0));
    assertThat(against(Kind.RNN, radarGestures())).isCloseTo(2.0, within(0.05));
    assertThat(against(Kind.LSTM, radarGestures())).isCloseTo(5.0, within(0.05));
  }

  @Test
  void operationsOfEachRowAreThoseOfTheTable() {
    assertThat(operations(new Layer(Kind.RNN, 3, 5, true, true, 1, 1)))
        .isEqualTo(new Energy.Operations(0, 15 + 25));
    assertThat(operations(new Layer(Kind.GRU, 3, 5, true, true, 1, 1)))
        .isEqualTo(new Energy.Operations(0, 3 * (15 + 25)));
    assertThat(operations(new Layer(Kind.LSTM, 3, 5, true, true, 1, 1)))
        .isEqualTo(new Energy.Operations(0, 4 * (15 + 25) + 17 * 5));
    assertThat(operations(new Layer(Kind.LIF, 3, 5, true, false, 0.5, 0.25)))
        .isEqualTo(new Energy.Operations(15 * 0.5 + (25 + 5) * 0.25, 5));
    assertThat(operations(new Layer(Kind.ALIF, 3, 5, true, false, 0.5, 0.25)))
        .isEqualTo(new Energy.Operations(15 * 0.5 + (25 + 10) * 0.25, 15));
    assertThat(operations(new Layer(Kind.LI, 3, 5, false, false, 0.5, 0)))
        .isEqualTo(new Energy.Operations(7.5, 5));
  }

  @Test
  void silenceReadsNoWeights() {
    var silent = new Layer(Kind.ALIF, 3, 5, true, false, 0, 0);
    assertThat(Energy.weightBytes(silent)).isZero();
    assertThat(Energy.weightBytes(new Layer(Kind.ALIF, 3, 5, true, false, 0.5, 0.2)))
        .isEqualTo(4 * (15 * 0.5 + 25 * 0.2));
    assertThat(baseline(Kind.LSTM, List.of(silent)).stream().mapToDouble(Energy::weightBytes).sum())
        .isEqualTo(4 * 4 * 40);
  }

  @Test
  void formulaNamesTheTermsThatAreCounted() {
    assertThat(Energy.formula(ecg(Kind.LIF).get(0)))
        .isEqualTo("(mn Fr_in + nn Fr_out + n Fr_out) AC + (n) MAC");
    assertThat(Energy.formula(radarGestures().get(0))).isEqualTo("(2n Fr_out) AC + (mn + 3n) MAC");
  }

  @Test
  void floatingPointNarrowsTheGap() {
    assertThat(operations(ecg(Kind.LIF)).picojoules(FP32))
        .isCloseTo(543.936 * 0.9 + 54 * 4.6, within(1e-9));
    assertThat(FP32.multiplyAccumulate() / FP32.accumulate()).isCloseTo(5.1, within(0.05));
    assertThat(INT32.multiplyAccumulate() / INT32.accumulate()).isCloseTo(32, within(1e-9));
  }

  @Test
  void adaptiveCellWithoutAdaptationCountsAsPlainLif() {
    var network =
        new NetworkSpec(
            4,
            List.of(
                layer("hidden", Cells.text("alif"), Map.of("beta", 0.0), 36, true),
                layer("output", Cells.text("alif"), Map.of(), 6, false)),
            Readout.EACH_STEP,
            null);
    assertThat(Energy.layers(network, 0.079, false, List.of(0.344, 0.004))).contains(ecg(Kind.LIF));
  }

  @Test
  void layerThatDoesNotSpikeFeedsRealValuesUpwards() {
    var network =
        new NetworkSpec(
            2,
            List.of(
                layer("first", Cells.text("lstm"), Map.of(), 3, true),
                layer("second", Cells.text("lif"), Map.of(), 4, false)),
            Readout.EACH_STEP,
            null);
    assertThat(Energy.layers(network, 0.1, false, List.of(Double.NaN, 0.2)).orElseThrow().get(1))
        .isEqualTo(new Layer(Kind.LIF, 3, 4, false, true, 1, 0.2));
  }

  @Test
  void cellWithoutAFormulaGivesNoNumberRatherThanAWrongOne() {
    var network =
        new NetworkSpec(
            2,
            List.of(
                layer(
                    "only",
                    Cells.text("lif").replace("cell lif", "cell homemade"),
                    Map.of(),
                    3,
                    true)),
            Readout.MEAN,
            null);
    assertThat(Energy.layers(network, 0.1, false, List.of(0.2))).isEmpty();
  }

  private static LayerSpec layer(
      String name, String cell, Map<String, Double> constants, int units, boolean recurrent) {
    return new LayerSpec(
        name,
        cell,
        units,
        recurrent,
        constants,
        Map.of(),
        Map.of(),
        Surrogate.DEFAULT,
        null,
        null,
        null,
        null,
        null);
  }
}
