package rheobase.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import rheobase.cell.graph.Surrogate;
import rheobase.cell.language.Cells;
import rheobase.data.Sequence;
import rheobase.data.SequenceSet;
import rheobase.network.parameter.Initializer;

/** Outputs that count their own spikes, beside a readout that does. */
class CountingOutputTest {
  private static final int CHANNELS = 3;
  private static final int CLASSES = 4;

  private static NetworkSpec network(
      String cell, String emits, Map<String, String> states, Readout readout) {
    var output =
        new LayerSpec(
            "output",
            Cells.text(cell),
            CLASSES,
            false,
            Map.of(),
            Map.of(),
            states,
            Surrogate.DEFAULT,
            Initializer.parse("normal(0, 2)"),
            null,
            Initializer.parse("constant(0.5)"),
            null,
            emits);
    return new NetworkSpec(
        CHANNELS,
        List.of(output),
        readout,
        new LossSpec(LossSpec.Kind.CROSS_ENTROPY, 0, LossSpec.Reduction.SUM));
  }

  private static NetworkSpec counted() {
    return network("alif", null, Map.of("u", "uniform(0, 1)", "s", "u"), Readout.SPIKE_COUNT);
  }

  private static NetworkSpec counting(String from) {
    var states = Map.of("u", "uniform(0, 1)", "s", "u", "count", from);
    return network("alif_count", "count", states, Readout.LAST);
  }

  private static List<Sequence> sequences() {
    var random = new Random(6);
    var sequences = new ArrayList<Sequence>();
    for (int i = 0; i < 5; i++) {
      int steps = 20 + 13 * i;
      float[] values = new float[steps * CHANNELS];
      for (int k = 0; k < values.length; k++) {
        values[k] = random.nextInt(3) == 0 ? 1 : 0;
      }
      int[] target = {random.nextInt(CLASSES)};
      sequences.add(
          new Sequence("s" + i, "g", steps, CHANNELS, values, target, new boolean[] {true}));
    }
    return sequences;
  }

  /** Loss, then the gradient. */
  private static double[] train(NetworkSpec spec) {
    Network network = Network.create(spec, 4);
    float[] gradient = new float[network.parameters().values().length];
    var tally = new Tally(CLASSES);
    try (var crew = new Crew(network, 1, 3, 128, true)) {
      long[] keys = {1, 2, 3, 4, 5};
      crew.train(sequences(), keys, 4, 0, gradient, tally, new Activity(1));
    }
    double[] all = new double[1 + gradient.length];
    all[0] = tally.loss();
    for (int i = 0; i < gradient.length; i++) {
      all[1 + i] = gradient[i];
    }
    return all;
  }

  @Test
  void aCountFromNothingIsTheReadoutsCount() {
    double[] counted = train(counted());
    double[] counting = train(counting("0"));
    assertThat(counting).hasSameSizeAs(counted);
    assertThat(counted[0]).isPositive();
    for (int i = 0; i < counted.length; i++) {
      assertThat(counting[i]).isCloseTo(counted[i], within(1e-5 * Math.max(1, counted[0])));
    }
  }

  @Test
  void aCountMayBeginWithTheRandomFirstMembrane() {
    assertThat(train(counting("u"))[0]).isNotEqualTo(train(counting("0"))[0]);
    var set = new SequenceSet("data", CHANNELS, List.of("a", "b", "c", "d"), sequences());
    var fromMembrane = Network.create(counting("u"), 4).outputs(set, 1, 4);
    var fromNothing = Network.create(counting("0"), 4).outputs(set, 1, 4);
    for (int s = 0; s < set.size(); s++) {
      for (int k = 0; k < fromNothing.get(s).length; k++) {
        float first = fromMembrane.get(s)[k] - fromNothing.get(s)[k];
        assertThat(first).isBetween(0f, 1f).isNotZero();
        assertThat(first)
            .as("the same at every step")
            .isCloseTo(
                fromMembrane.get(s)[k % CLASSES] - fromNothing.get(s)[k % CLASSES], within(1e-5f));
      }
    }
  }
}
