package rheobase.network.energy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rheobase.cell.graph.StepOperations.Signal;
import rheobase.cell.graph.Surrogate;
import rheobase.cell.language.Cells;
import rheobase.network.LayerSpec;
import rheobase.network.NetworkSpec;
import rheobase.network.Readout;

/** 40 features, two layers of 550 units, 1928 tied states: the networks of the publication. */
class MultiplicationsTest {
  private static final double DENSE_GRU = 3_862_100;

  private static LayerSpec layer(String name, String cell, int units, boolean recurrent) {
    return new LayerSpec(
        name,
        Cells.text(cell),
        units,
        recurrent,
        Map.of(),
        Map.of(),
        Map.of(),
        Surrogate.DEFAULT,
        null,
        null,
        null,
        null,
        null);
  }

  private static NetworkSpec published(String cell, boolean encoded) {
    boolean recurrent = !List.of("lif_graded", "gated").contains(cell);
    var layers = new ArrayList<LayerSpec>();
    if (encoded) {
      layers.add(
          layer("encoder", "integrate_and_fire_encoder", 40, false)
              .wired(LayerSpec.Connection.ONE_TO_ONE, false, 1));
    }
    layers.add(layer("first", cell, 550, recurrent));
    layers.add(layer("second", cell, 550, recurrent));
    layers.add(layer("output", "linear", 1928, false));
    return new NetworkSpec(40, layers, Readout.EACH_STEP, null);
  }

  /** Rates of encoder, first and second layer. */
  private static Multiplications at(String cell, double x, double first, double second) {
    var network = published(cell, true);
    return counted(network, List.of(x, first, second, Double.NaN));
  }

  private static Multiplications counted(NetworkSpec network, List<Double> rates) {
    return Multiplications.of(network, NetworkEnergy.of(network, Signal.REAL, 1, rates))
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "gru,             3862100",
    "gru_masked,      3862100",
    "lstm,            4791600",
    "lstm_masked,     4791600",
    "lif_graded,      1391500",
    "gated,           1718200",
    "gated_recurrent, 2928200"
  })
  void whereNothingIsZeroTheyAreThoseOfTheDenseNetwork(String cell, double multiplications) {
    boolean spikes = cell.contains("gated") || cell.contains("graded");
    double one = spikes ? 1 : Double.NaN;
    var counted = counted(published(cell, false), List.of(one, one, Double.NaN));
    assertThat(counted.corrected()).isEqualTo(multiplications);
    if (spikes) {
      assertThat(at(cell, 1, 1, 1).corrected())
          .as("a multiplication for each channel of the encoder besides")
          .isEqualTo(multiplications + 40);
    }
  }

  @Test
  void theFormulaOfTheAuthorsTakesWhatComesFromBelowTwiceAndNothingThatComesBack() {
    double x = 0.8;
    double first = 0.2;
    double second = 0.1;
    double coded = 4 * 550 * 40 * x + 4 * 550 * 550 * first + 1928 * 550 * second + 16 * 550;
    assertThat(at("gated_recurrent", x, first, second).asCoded()).isCloseTo(coded, within(1e-6));
    assertThat(at("gated", x, first, second).asCoded()).isCloseTo(coded, within(1e-6));
    assertThat(at("gated_recurrent", x, first, second).corrected())
        .isCloseTo(
            2 * 550 * (40 * x + 550 * first + 550 * first + 550 * second)
                + 1928 * 550 * second
                + 16 * 550
                + 40,
            within(1e-6));
    assertThat(at("gated", x, first, second).corrected())
        .isCloseTo(
            2 * 550 * (40 * x + 550 * first) + 1928 * 550 * second + 16 * 550 + 40, within(1e-6));
    var lif = at("lif_graded", x, first, second);
    assertThat(lif.asCoded())
        .isCloseTo(550 * (40 * x + 550 * first) + 1928 * 550 * second + 12 * 550, within(1e-6));
    assertThat(lif.corrected()).isCloseTo(lif.asCoded() + 40, within(1e-6));
  }

  /** 10.13 times fewer than the GRU. */
  @Test
  void thePublishedSavingNeedsAbout16PercentOfTheOutputsAsCodedAndAbout13InTruth() {
    double saved = DENSE_GRU / 10.13;
    assertThat(at("gated_recurrent", 0.1579, 0.1579, 0.1579).asCoded())
        .isCloseTo(saved, within(200.0));
    assertThat(at("gated_recurrent", 0.1276, 0.1276, 0.1276).corrected())
        .isCloseTo(saved, within(200.0));
  }

  @Test
  void aRivalOfTheSameSizesIsDenseAndHasNoEncoder() {
    for (String cell : List.of("gated", "gated_recurrent", "gru")) {
      var network = published(cell, !cell.equals("gru"));
      assertThat(Multiplications.ofRival(network, 3).orElseThrow().corrected())
          .isEqualTo(DENSE_GRU);
      assertThat(Multiplications.ofRival(network, 4).orElseThrow().asCoded()).isEqualTo(4_791_600);
    }
  }

  @Test
  void aLinearLayerInThePlaceOfTheEncoderCostsNothing() {
    var layers = new ArrayList<>(published("gru", true).layers());
    layers.set(
        0, layer("encoder", "linear", 40, false).wired(LayerSpec.Connection.ONE_TO_ONE, false, 1));
    var network = new NetworkSpec(40, layers, Readout.EACH_STEP, null);
    var none = Double.NaN;
    assertThat(counted(network, List.of(none, none, none, none)).corrected()).isEqualTo(DENSE_GRU);
  }

  @Test
  void ofOtherNetworksNothingIsSaid() {
    var other =
        new NetworkSpec(
            4,
            List.of(layer("hidden", "alif", 5, true), layer("output", "linear", 3, false)),
            Readout.EACH_STEP,
            null);
    assertThat(
            Multiplications.of(
                other, NetworkEnergy.of(other, Signal.REAL, 1, List.of(0.1, Double.NaN))))
        .isEmpty();
    assertThat(Multiplications.ofRival(other, 3)).isEmpty();
    var bare =
        new NetworkSpec(4, List.of(layer("output", "linear", 3, false)), Readout.EACH_STEP, null);
    assertThat(Multiplications.ofRival(bare, 3)).isEmpty();
  }
}
