package rheobase.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rheobase.cell.graph.Surrogate;
import rheobase.cell.language.Cells;
import rheobase.data.Sequence;
import rheobase.network.LayerSpec.Normalise;
import rheobase.network.parameter.Initializer;
import rheobase.network.parameter.Parameters;

/** The acoustic models of Ponghiran and Roy 2022: two hidden layers and a linear readout. */
class GatedNetworkTest {
  private static final Initializer SOME = new Initializer.Normal(0, 0.4);

  private static LayerSpec layer(
      String name, String cell, int units, boolean recurrent, Map<String, Double> constants) {
    return new LayerSpec(
            name,
            Cells.text(cell),
            units,
            recurrent,
            constants,
            Map.of(),
            Map.of(),
            Surrogate.DEFAULT,
            SOME,
            recurrent ? SOME : null,
            null,
            null,
            null)
        .normalised(Normalise.BATCH);
  }

  private static LayerSpec encoder(int channels) {
    return new LayerSpec(
            "encoder",
            Cells.text("integrate_and_fire_encoder"),
            channels,
            false,
            Map.of(),
            Map.of(),
            Map.of(),
            Surrogate.DEFAULT,
            null,
            null,
            null,
            null,
            null)
        .wired(LayerSpec.Connection.ONE_TO_ONE, false, 1);
  }

  private static NetworkSpec network(int inputs, int outputs, LayerSpec... below) {
    var layers = new ArrayList<>(List.of(below));
    layers.add(layer("output", "linear", outputs, false, Map.of()));
    return new NetworkSpec(
        inputs,
        layers,
        Readout.EACH_STEP,
        new LossSpec(LossSpec.Kind.CROSS_ENTROPY, 0, LossSpec.Reduction.MEAN));
  }

  /** 40 features, two layers of 550 units, 1928 tied states. */
  @ParameterizedTest
  @CsvSource({
    "lif_graded,      false, 550,  1392056",
    "gated,           false, 550,  1717656",
    "gated_recurrent, true,  550,  2927656",
    "gru_masked,      true,  550,  3859356",
    "lstm_masked,     true,  550,  4791056",
    "gated_recurrent, true,  825,  5750806",
    "gated_recurrent, true,  1100, 9481456",
    "gated_recurrent, true,  1650, 19665256"
  })
  void parametersAreAsManyAsThePublishedNetworksHave(
      String cell, boolean recurrent, int units, int parameters) {
    boolean spiking = !List.of("gru_masked", "lstm_masked").contains(cell);
    var first = layer("first", cell, units, recurrent, Map.of());
    var second = layer("second", cell, units, recurrent, Map.of());
    var spec =
        spiking ? network(40, 1928, encoder(40), first, second) : network(40, 1928, first, second);
    assertThat(Network.blank(spec).parameterCount()).isEqualTo(parameters);
  }

  /** Without the readout, the normalisation and the time constants: what is said to be halved. */
  @ParameterizedTest
  @CsvSource({
    "lif_graded,      false, 324500",
    "gated,           false, 649000",
    "gated_recurrent, true,  1859000",
    "gru_masked,      true,  2788500",
    "lstm_masked,     true,  3718000"
  })
  void hiddenWeightsAreAsManyAsThePublishedNetworksHave(
      String cell, boolean recurrent, int weights) {
    var first = layer("first", cell, 550, recurrent, Map.of());
    var second = layer("second", cell, 550, recurrent, Map.of());
    var parameters = Network.blank(network(40, 1928, first, second)).parameters();
    assertThat(
            parameters.tensors().stream()
                .filter(tensor -> tensor.name().matches("(first|second)\\.weight_.*"))
                .mapToInt(tensor -> tensor.count())
                .sum())
        .isEqualTo(weights);
  }

  private static List<Sequence> batch() {
    var random = new Random(3);
    var batch = new ArrayList<Sequence>();
    for (int i = 0; i < 5; i++) {
      batch.add(RandomNetwork.sequence("s" + i, 6 + 3 * i, 4, 3, true, 0.9, random));
    }
    return batch;
  }

  private static float[] train(Network network, Tally tally) {
    float[] gradient = new float[network.parameters().values().length];
    try (var crew = new Crew(network, 1, 2, 32, true)) {
      crew.train(
          batch(),
          new long[] {0, 1, 2, 3, 4},
          1,
          0,
          gradient,
          tally,
          new Activity(network.levels().size()));
    }
    return gradient;
  }

  @ParameterizedTest
  @CsvSource({"lstm", "gru"})
  void aMaskOfOnesChangesNoBit(String cell) {
    var plain = Network.create(network(4, 3, layer("hidden", cell, 7, true, Map.of())), 1);
    var masked =
        Network.create(network(4, 3, layer("hidden", cell + "_masked", 7, true, Map.of())), 1);
    assertThat(train(masked, new Tally(3))).isEqualTo(train(plain, new Tally(3)));
  }

  @Test
  void withoutQuantisingTheGatedNetworkIsALightGru() {
    var whole = Map.of("bits", 32., "threshold", 0.);
    var spikes =
        Network.create(network(4, 3, layer("hidden", "gated_recurrent", 7, true, whole)), 1);
    var light = Network.create(network(4, 3, layer("hidden", "li_gru", 7, true, Map.of())), 1);
    var ofSpikes = new Tally(3);
    var ofLight = new Tally(3);
    float[] a = train(spikes, ofSpikes);
    float[] b = train(light, ofLight);
    assertThat(ofSpikes.loss()).isEqualTo(ofLight.loss());
    for (var sequence : batch()) {
      assertThat(spikes.trace(sequence, 1).layers().getLast().emitted())
          .isDeepEqualTo(light.trace(sequence, 1).layers().getLast().emitted());
    }
    for (String name : List.of("hidden.weight_in", "hidden.weight_rec", "output.weight_in")) {
      float[] ours = Parameters.saved(spikes.parameters().tensor(name), a);
      float[] theirs = Parameters.saved(light.parameters().tensor(name), b);
      for (int i = 0; i < ours.length; i++) {
        // the derivative of u - y is a sum of terms that cancel, in another order
        assertThat(ours[i]).as(name).isCloseTo(theirs[i], within(1e-6f));
      }
    }
  }

  @Test
  void gradedSpikesAreSparseAndLearnAllTheSame() {
    var network =
        Network.create(
            network(
                4,
                3,
                encoder(4),
                layer("first", "gated_recurrent", 20, true, Map.of()),
                layer("second", "gated_recurrent", 20, true, Map.of())),
            1);
    float[] gradient = train(network, new Tally(3));
    for (String tensor : List.of("first.weight_in", "first.weight_rec", "second.weight_rec")) {
      float[] values = Parameters.saved(network.parameters().tensor(tensor), gradient);
      int zeros = 0;
      for (float value : values) {
        assertThat(value).isFinite();
        zeros += value == 0 ? 1 : 0;
      }
      assertThat(zeros).as(tensor).isLessThan(values.length / 2);
    }
  }
}
