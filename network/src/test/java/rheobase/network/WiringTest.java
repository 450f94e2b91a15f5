package rheobase.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import rheobase.cell.graph.Surrogate;
import rheobase.cell.language.Cells;
import rheobase.data.Sequence;
import rheobase.network.LayerSpec.Connection;
import rheobase.network.parameter.Initializer;
import rheobase.network.parameter.Parameters;

/** How layers may be connected and run, on networks small enough to follow by hand. */
class WiringTest {
  /** Adds up what comes, so that what a layer has seen can be read off. */
  private static final String SUM =
      """
      cell sum
      input i
      state y = 0
      y = y + i
      output y
      """;

  private static LayerSpec layer(String name, String cell, int units) {
    return new LayerSpec(
        name,
        cell,
        units,
        false,
        Map.of(),
        Map.of(),
        Map.of(),
        Surrogate.of(Surrogate.Kind.LINEAR),
        new Initializer.Constant(1),
        null,
        null,
        null,
        null);
  }

  private static NetworkSpec network(int inputs, LayerSpec... layers) {
    return new NetworkSpec(
        inputs,
        List.of(layers),
        Readout.LAST,
        new LossSpec(LossSpec.Kind.MEAN_SQUARED_ERROR, 0, LossSpec.Reduction.SUM));
  }

  private static Sequence sequence(int channels, float... values) {
    return new Sequence(
        "s", "s", values.length / channels, channels, values, new int[1], new boolean[1]);
  }

  private static float[][] emitted(Network network, Sequence sequence, int layer) {
    return network.trace(sequence, 1).layers().get(layer).emitted();
  }

  @Test
  void theBackwardHalfHasSeenWhatIsStillToCome() {
    var both = layer("both", SUM, 1).wired(Connection.ALL_TO_ALL, true, 1);
    var top = layer("top", Cells.text("linear"), 1);
    Network network = Network.create(network(1, both, top), 1);
    var four = sequence(1, 1, 10, 100, 1000);
    assertThat(emitted(network, four, 0))
        .isDeepEqualTo(new float[][] {{1, 1111}, {11, 1110}, {111, 1100}, {1111, 1000}});
    assertThat(emitted(network, four, 1))
        .isDeepEqualTo(new float[][] {{1112}, {1121}, {1211}, {2111}});
  }

  @Test
  void theTwoHalvesHaveParametersOfTheirOwn() {
    var hidden = layer("hidden", Cells.text("alif"), 5).wired(Connection.ALL_TO_ALL, true, 1);
    Network network = Network.create(network(3, hidden, layer("top", Cells.text("linear"), 2)), 1);
    assertThat(network.parameters().tensors())
        .extracting("name")
        .containsExactly(
            "hidden.forward.weight_in",
            "hidden.forward.tau_m",
            "hidden.forward.tau_adp",
            "hidden.backward.weight_in",
            "hidden.backward.tau_m",
            "hidden.backward.tau_adp",
            "top.weight_in");
    assertThat(network.parameters().get("hidden.forward.tau_m"))
        .isNotEqualTo(network.parameters().get("hidden.backward.tau_m"));
    assertThat(network.parameterCount()).isEqualTo(2 * (5 * 3 + 5 + 5) + 2 * 10);
  }

  @Test
  void aStepIsPresentedSeveralTimesAndTheMeanGoesUpwards() {
    var slow = layer("slow", SUM, 1).wired(Connection.ALL_TO_ALL, false, 3);
    Network network = Network.create(network(1, slow), 1);
    // sums 2 4 6, then 7 8 9
    assertThat(emitted(network, sequence(1, 2, 1), 0)).isDeepEqualTo(new float[][] {{4}, {8}});
  }

  @Test
  void oneToOneDrivesEachUnitByTheValueOfItsNumber() {
    var own = layer("own", SUM, 3).wired(Connection.ONE_TO_ONE, false, 1);
    Network network = Network.create(network(3, own), 1);
    assertThat(network.parameterCount()).isZero();
    assertThat(emitted(network, sequence(3, 1, 2, 3, 10, 20, 30), 0))
        .isDeepEqualTo(new float[][] {{1, 2, 3}, {11, 22, 33}});
    assertThatThrownBy(() -> Network.create(network(4, own), 1))
        .isInstanceOf(NetworkException.class)
        .hasMessage(
            "layer 'own' is connected one to one, so it needs as many units as lie below it: 4, not"
                + " 3");
  }

  @Test
  void ternaryEncoderSignalsLargeValuesOfEitherSign() {
    var encoder = layer("encoder", Cells.text("ternary"), 4).wired(Connection.ONE_TO_ONE, false, 1);
    Network network = Network.create(network(4, encoder), 1);
    assertThat(network.parameters().get("encoder.threshold")).containsOnly(0.05f);
    var sequence = sequence(4, 0.06f, -0.06f, 0.05f, 0, 2, -2, -0.06f, 0.04f);
    assertThat(emitted(network, sequence, 0))
        .isDeepEqualTo(new float[][] {{1, -1, 0, 0}, {1, -1, -1, 0}});
    var worker = new Worker(network, 1, 2, true);
    worker.train(new Worker.Rows(List.of(sequence), new long[1], 1, "training"), 1, 0);
    assertThat(worker.activity.rates()).as("events of either sign").containsExactly(5.0 / 8);
    // at the last step unit 1 and 2 are wrong: slope 2 / 4 * -1 of the error. The surrogate is 0.5
    // max(0, 1 - |x|), so of unit 2 at -0.06: -0.5 * (-0.5 * 0.89 + 0.5 * 0.99); unit 1 is far off
    float[] gradient =
        Parameters.saved(network.parameters().tensor("encoder.threshold"), worker.gradient);
    assertThat(gradient).containsExactly(new float[] {0, 0, -0.025f, 0}, within(1e-6f));
  }

  @Test
  void unitsMayShareOutTheInitialValuesOfAParameter() {
    var groups =
        new LayerSpec(
            "groups",
            Cells.text("lif"),
            10,
            false,
            Map.of(),
            Map.of("tau_m", "10; normal(50, 0.001);30 ; 40"),
            Map.of(),
            Surrogate.DEFAULT,
            new Initializer.Constant(1),
            null,
            null,
            null,
            null);
    float[] taus = Network.create(network(1, groups), 1).parameters().get("groups.tau_m");
    assertThat(Arrays.copyOf(taus, 2)).containsOnly(10);
    assertThat(Arrays.copyOfRange(taus, 2, 5))
        .containsExactly(new float[] {50, 50, 50}, within(0.01f));
    assertThat(Arrays.copyOfRange(taus, 5, 7)).containsOnly(30);
    assertThat(Arrays.copyOfRange(taus, 7, 10)).containsOnly(40);
  }

  @Test
  void theBackwardHalfMayHaveInitialValuesOfItsOwn() {
    var both =
        new LayerSpec(
            "both",
            Cells.text("lif"),
            4,
            false,
            Map.of(),
            Map.of("tau_m", "10", "backward.tau_m", "30; 40"),
            Map.of(),
            Surrogate.DEFAULT,
            new Initializer.Constant(1),
            null,
            null,
            null,
            0,
            null,
            Connection.ALL_TO_ALL,
            true,
            1,
            LayerSpec.Normalise.NONE);
    var parameters = Network.create(network(1, both, layer("out", SUM, 1)), 1).parameters();
    assertThat(parameters.get("both.forward.tau_m")).containsOnly(10);
    assertThat(parameters.get("both.backward.tau_m")).containsExactly(30, 30, 40, 40);
  }

  @Test
  void aLayerOfOneDirectionHasNoBackwardHalfToBegin() {
    var parameters = Map.of("backward.tau_m", "30");
    assertThatThrownBy(() ->
            new LayerSpec(
                "one",
                Cells.text("lif"),
                4,
                false,
                Map.of(),
                parameters,
                Map.of(),
                Surrogate.DEFAULT,
                new Initializer.Constant(1),
                null,
                null,
                null,
                null))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining("layer 'one' has initial values of 'backward.tau_m'");
  }

  @Test
  void theLastLayerIsNotBidirectional() {
    var both = layer("both", SUM, 1).wired(Connection.ALL_TO_ALL, true, 1);
    assertThatThrownBy(() -> network(1, both))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining("the last layer 'both' is bidirectional");
  }
}
