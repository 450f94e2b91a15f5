package rheobase.network.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import rheobase.cell.graph.Cell;
import rheobase.cell.language.Cells;
import rheobase.cell.language.Overrides;
import rheobase.data.Sequence;
import rheobase.network.LayerSpec;
import rheobase.network.LossSpec;
import rheobase.network.Network;
import rheobase.network.NetworkException;
import rheobase.network.RandomNetwork;
import rheobase.network.Readout;
import rheobase.network.parameter.Tensor;

/**
 * The reference against finite differences of its own loss, on networks whose spikes are smooth.
 */
class ReferenceNetworkTest {
  private static final double DIFFERENCE = 1e-5;
  private static final int TRIALS = 12;

  @ParameterizedTest
  @EnumSource(Readout.class)
  void gradientIsTheSlopeOfTheLoss(Readout readout) {
    for (int trial = 0; trial < TRIALS; trial++) {
      var kind = LossSpec.Kind.values()[trial % 2];
      var size = new RandomNetwork.Size(3, 5, 1, 12);
      boolean spiking = trial % 4 < 2;
      long seed = 1000L * readout.ordinal() + trial;
      var plain = RandomNetwork.of(seed, size, spiking, readout, kind);
      var drawn = trial % 3 == 0 ? plain.rewired(true) : plain;
      Map<String, double[]> parameters = parameters(drawn);
      var initial = initial(drawn, new Random(seed));
      Sequence sequence = drawn.batch().getFirst();
      ReferenceNetwork.Result result =
          new ReferenceNetwork(drawn.spec(), parameters, true).run(sequence, initial, 0);
      var random = new Random(seed + 1);
      result
          .gradients()
          .forEach((name, gradient) -> {
            double[] values = parameters.get(name);
            // one direction through each tensor is enough to see any wrong element
            double[] direction = random.doubles(values.length, -1, 1).toArray();
            double slope =
                (loss(drawn, parameters, name, direction, DIFFERENCE, initial)
                        - loss(drawn, parameters, name, direction, -DIFFERENCE, initial))
                    / (2 * DIFFERENCE);
            double expected = 0;
            double scale = 1;
            for (int i = 0; i < values.length; i++) {
              expected += gradient[i] * direction[i];
              scale += Math.abs(gradient[i]);
            }
            assertThat(slope)
                .as("%s, trial %d: %s", name, trial(drawn), drawn.spec())
                .isCloseTo(expected, within(1e-7 * scale));
          });
    }
  }

  private static long trial(RandomNetwork drawn) {
    return drawn.seed() % 1000;
  }

  private static double loss(
      RandomNetwork drawn,
      Map<String, double[]> parameters,
      String name,
      double[] direction,
      double distance,
      List<Map<String, double[]>> initial) {
    var moved = new LinkedHashMap<>(parameters);
    double[] values = parameters.get(name).clone();
    for (int i = 0; i < values.length; i++) {
      values[i] += distance * direction[i];
    }
    moved.put(name, values);
    return new ReferenceNetwork(drawn.spec(), moved, true)
        .run(drawn.batch().getFirst(), initial, 0)
        .loss();
  }

  @Test
  void truncationEveryStepLeavesOnlyTheStepItself() {
    // with no path through time, the gradient is the sum of what single steps give by themselves
    var size = new RandomNetwork.Size(2, 4, 1, 10);
    for (int trial = 0; trial < 10; trial++) {
      var drawn =
          RandomNetwork.of(trial, size, false, Readout.EACH_STEP, LossSpec.Kind.MEAN_SQUARED_ERROR);
      var loss = new LossSpec(LossSpec.Kind.MEAN_SQUARED_ERROR, 0, LossSpec.Reduction.SUM);
      var spec =
          new rheobase.network.NetworkSpec(
              drawn.spec().inputs(), drawn.spec().layers(), Readout.EACH_STEP, loss);
      Map<String, double[]> parameters = parameters(drawn);
      var network = new ReferenceNetwork(spec, parameters);
      Sequence whole = drawn.batch().getFirst();
      var initial = initial(drawn, new Random(trial));
      ReferenceNetwork.Result result = network.run(whole, initial, 1);
      var sum = new LinkedHashMap<String, double[]>();
      boolean stateful = true;
      for (int t = 0; t < whole.steps(); t++) {
        List<Map<String, double[]>> before = t == 0 ? initial : statesAfter(drawn, result, t - 1);
        stateful &= before != null;
        if (stateful) {
          addTo(sum, network.run(step(whole, t), before, 0).gradients());
        }
      }
      if (stateful) {
        sum.forEach((name, expected) ->
            assertThat(result.gradients().get(name))
                .as(name)
                .containsExactly(expected, within(1e-12)));
      }
    }
  }

  /** Null where a recurrent output is no state, so that a single step cannot be given it. */
  private static List<Map<String, double[]>> statesAfter(
      RandomNetwork drawn, ReferenceNetwork.Result result, int t) {
    var states = new ArrayList<Map<String, double[]>>();
    for (int i = 0; i < result.layers().size(); i++) {
      Cell cell = cell(drawn.spec().layers().get(i));
      var values = new LinkedHashMap<String, double[]>();
      for (Cell.State state : cell.states()) {
        values.put(state.name(), result.layers().get(i).values().get(state.name())[t]);
      }
      if (drawn.spec().layers().get(i).recurrent() && !values.containsKey(cell.output())) {
        return null;
      }
      states.add(values);
    }
    return states;
  }

  private static Sequence step(Sequence whole, int t) {
    float[] values = new float[whole.channels()];
    System.arraycopy(whole.values(), t * whole.channels(), values, 0, values.length);
    int[] target = {whole.targets()[t]};
    return new Sequence("step", "step", 1, whole.channels(), values, target, new boolean[1]);
  }

  private static void addTo(Map<String, double[]> sum, Map<String, double[]> more) {
    more.forEach((name, values) -> {
      double[] total = sum.computeIfAbsent(name, _ -> new double[values.length]);
      for (int i = 0; i < total.length; i++) {
        total[i] += values[i];
      }
    });
  }

  @Test
  void missingTensorIsNamed() {
    var size = new RandomNetwork.Size(1, 4, 1, 4);
    var drawn = RandomNetwork.of(1, size, false, Readout.LAST, LossSpec.Kind.CROSS_ENTROPY);
    Map<String, double[]> parameters = parameters(drawn);
    parameters.remove("layer0.weight_in");
    assertThatThrownBy(() -> new ReferenceNetwork(drawn.spec(), parameters))
        .isInstanceOf(NetworkException.class)
        .hasMessage("there are no values for the tensor 'layer0.weight_in'");
  }

  private static Cell cell(LayerSpec layer) {
    return Cells.compile(
        layer.name(),
        layer.cellText(),
        new Overrides(layer.constants(), layer.parameters(), layer.states()));
  }

  private static List<Map<String, double[]>> initial(RandomNetwork drawn, Random random) {
    var initial = new ArrayList<Map<String, double[]>>();
    for (LayerSpec layer : drawn.spec().layers()) {
      for (int direction = 0; direction < (layer.bidirectional() ? 2 : 1); direction++) {
        var states = new LinkedHashMap<String, double[]>();
        for (Cell.State state : cell(layer).states()) {
          states.put(state.name(), random.doubles(layer.units(), -0.5, 0.5).toArray());
        }
        initial.add(states);
      }
    }
    return initial;
  }

  private static Map<String, double[]> parameters(RandomNetwork drawn) {
    Network network = Network.create(drawn.spec(), drawn.seed());
    var parameters = new LinkedHashMap<String, double[]>();
    for (Tensor tensor : network.parameters().tensors()) {
      float[] values = network.parameters().get(tensor.name());
      double[] copy = new double[values.length];
      for (int i = 0; i < copy.length; i++) {
        copy[i] = values[i];
      }
      parameters.put(tensor.name(), copy);
    }
    return parameters;
  }
}
