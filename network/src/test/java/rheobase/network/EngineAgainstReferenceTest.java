package rheobase.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import rheobase.cell.graph.Cell;
import rheobase.cell.graph.Surrogate;
import rheobase.cell.kernel.Tape;
import rheobase.data.Sequence;
import rheobase.network.parameter.Initializer;
import rheobase.network.parameter.Parameters;
import rheobase.network.parameter.Tensor;
import rheobase.network.reference.ReferenceNetwork;

/**
 * The engine against the double-precision reference, on random networks and batches of sequences of
 * different lengths.
 *
 * <p>Where a membrane comes so near its threshold that rounding decides, the two go separate ways;
 * such a trial says nothing and is left out. They are rare, and the tests count them.
 */
class EngineAgainstReferenceTest {
  private static final double TOLERANCE = 2e-4;

  @ParameterizedTest
  @EnumSource(Readout.class)
  void smoothNetworksAgree(Readout readout) {
    var size = new RandomNetwork.Size(3, 24, 5, 100);
    int apart = 0;
    for (int trial = 0; trial < 8; trial++) {
      var kind = LossSpec.Kind.values()[trial % 2];
      apart += agrees(RandomNetwork.of(100 + trial, size, false, readout, kind), 0) ? 0 : 1;
    }
    assertThat(apart).isZero();
  }

  @ParameterizedTest
  @EnumSource(Readout.class)
  void spikingNetworksAgree(Readout readout) {
    var size = new RandomNetwork.Size(3, 40, 9, 30);
    int apart = 0;
    for (int trial = 0; trial < 10; trial++) {
      var kind = LossSpec.Kind.values()[trial % 2];
      apart += agrees(RandomNetwork.of(200 + trial, size, true, readout, kind), 0) ? 0 : 1;
    }
    assertThat(apart).as("trials where rounding moved a spike").isLessThanOrEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(Readout.class)
  void bidirectionalSubsteppedAndOneToOneLayersAgree(Readout readout) {
    var size = new RandomNetwork.Size(3, 24, 5, 70);
    int apart = 0;
    for (int trial = 0; trial < 14; trial++) {
      var kind = LossSpec.Kind.values()[trial % 2];
      boolean spiking = trial % 4 > 1;
      var drawn = RandomNetwork.of(900 + trial, size, spiking, readout, kind).rewired(true);
      apart += agrees(drawn, 0) ? 0 : 1;
    }
    assertThat(apart).as("trials where rounding moved a spike").isLessThanOrEqualTo(1);
  }

  @Test
  void transcribedNetworksAgree() {
    // the reference writes out every path
    var size = new RandomNetwork.Size(2, 3, 4, 7);
    int apart = 0;
    for (int trial = 0; trial < 16; trial++) {
      boolean spiking = trial % 4 == 3;
      var kind = LossSpec.Kind.CTC;
      var drawn = RandomNetwork.of(1300 + trial, size, spiking, Readout.EACH_STEP, kind);
      apart += agrees(trial % 2 == 0 ? drawn : drawn.rewired(true), 0) ? 0 : 1;
    }
    assertThat(apart).as("trials where rounding moved a spike").isLessThanOrEqualTo(1);
  }

  @Test
  void truncatedGradientsAgree() {
    var size = new RandomNetwork.Size(2, 20, 4, 60);
    int apart = 0;
    for (int trial = 0; trial < 12; trial++) {
      int truncate = new int[] {1, 2, 5, 32, 40, 1000}[trial % 6];
      Readout readout = Readout.values()[trial % Readout.values().length];
      var kind = LossSpec.Kind.CROSS_ENTROPY;
      var drawn = RandomNetwork.of(300 + trial, size, trial % 2 == 0, readout, kind);
      apart += agrees(drawn, truncate) ? 0 : 1;
      apart += agrees(drawn.rewired(false), truncate) ? 0 : 1;
    }
    assertThat(apart).as("trials where rounding moved a spike").isLessThanOrEqualTo(1);
  }

  @Test
  void lossesThatWeighLateStepsMoreAgree() {
    var size = new RandomNetwork.Size(2, 20, 4, 60);
    int apart = 0;
    for (int trial = 0; trial < 8; trial++) {
      var kind = LossSpec.Kind.values()[trial % 2];
      var drawn = RandomNetwork.of(1500 + trial, size, trial % 4 > 1, Readout.EACH_STEP, kind);
      apart += agrees(drawn.weightedLate(new LossSpec.Late(trial, 3 + trial)), 0) ? 0 : 1;
    }
    assertThat(apart).as("trials where rounding moved a spike").isLessThanOrEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"MEAN", "SUM_OF_SOFTMAX", "SPIKE_COUNT"})
  void gradientsOfPiecesOfTimeAgree(Readout readout) {
    var size = new RandomNetwork.Size(3, 20, 7, 70);
    int apart = 0;
    for (int trial = 0; trial < 10; trial++) {
      int steps = new int[] {1, 7, 20, 32, 33}[trial % 5];
      var kind = LossSpec.Kind.values()[trial % 2];
      var drawn = RandomNetwork.of(1700 + trial, size, trial % 3 > 0, readout, kind);
      apart += agreesByPieces(drawn, steps) ? 0 : 1;
      apart += agreesByPieces(drawn.rewired(false), steps) ? 0 : 1;
    }
    assertThat(apart).as("trials where rounding moved a spike").isLessThanOrEqualTo(2);
  }

  @Test
  void stateThatEqualsAnotherStartsWithItsOwnValue() {
    // both states are the same expression, so one plane could hold both but for their beginning
    var twins =
        """
        cell twins
        input i
        state a = 0.5, b = -0.25
        a = tanh(i + a)
        b = a
        output b
        """;
    var unnamed =
        """
        cell unnamed
        input i
        state a = 0.5
        h = tanh(i + a)
        a = h
        output h
        """;
    for (String text : List.of(twins, unnamed)) {
      var layer =
          new LayerSpec(
              "layer",
              text,
              3,
              true,
              Map.of(),
              Map.of(),
              Map.of(),
              Surrogate.DEFAULT,
              new Initializer.Normal(0, 1),
              new Initializer.Normal(0, 1),
              null,
              null,
              null);
      var loss = new LossSpec(LossSpec.Kind.CROSS_ENTROPY, 0, LossSpec.Reduction.SUM);
      var spec = new NetworkSpec(1, List.of(layer), Readout.EACH_STEP, loss);
      float[] values = {1, 0, 1};
      var sequence = new Sequence("s", "s", 3, 1, values, new int[] {0, 1, 2}, new boolean[3]);
      var drawn = new RandomNetwork(spec, List.of(sequence), new long[1], 5, false);
      assertThat(agrees(drawn, 0)).as(text).isTrue();
    }
  }

  /**
   * Compares states, loss and gradients.
   *
   * @return false where a spike fell out differently
   */
  private static boolean agrees(RandomNetwork drawn, int truncate) {
    Network network = Network.create(drawn.spec(), drawn.seed());
    var reference = new ReferenceNetwork(drawn.spec(), parameters(network));
    int rows = drawn.batch().size();
    double loss = 0;
    var expected = new LinkedHashMap<String, double[]>();
    for (int r = 0; r < rows; r++) {
      Sequence sequence = drawn.batch().get(r);
      var worker = new Worker(network, 1, sequence.steps(), false);
      long[] key = {drawn.keys()[r]};
      var alone = new Worker.Rows(List.of(sequence), key, drawn.seed(), "training");
      worker.evaluate(alone);
      ReferenceNetwork.Result result =
          reference.run(sequence, initial(network, worker, alone), truncate);
      if (!sameTrajectory(network, worker, result, drawn)) {
        return false;
      }
      loss += result.loss() / rows;
      result
          .gradients()
          .forEach((name, values) -> {
            double[] sum = expected.computeIfAbsent(name, _ -> new double[values.length]);
            for (int i = 0; i < sum.length; i++) {
              sum[i] += values[i] / rows;
            }
          });
    }
    float[] gradient = new float[network.parameters().values().length];
    var tally = new Tally(network.layers().getLast().units());
    try (var crew = new Crew(network, 1, 1 + rows / 2, 160, true)) {
      crew.train(
          drawn.batch(),
          drawn.keys(),
          drawn.seed(),
          truncate,
          gradient,
          tally,
          new Activity(network.levels().size()));
    }
    assertThat(Math.abs(tally.loss() - loss))
        .as("loss %s for %s of %s", tally.loss(), loss, drawn)
        .isLessThanOrEqualTo(TOLERANCE * Math.max(loss, 1e-3));
    assertSameGradients(network, gradient, expected, drawn);
    return true;
  }

  private static void assertSameGradients(
      Network network, float[] gradient, Map<String, double[]> expected, RandomNetwork drawn) {
    double largest =
        expected.values().stream().mapToDouble(EngineAgainstReferenceTest::largest).max().orElse(0);
    expected.forEach((name, values) -> {
      float[] actual = Parameters.saved(network.parameters().tensor(name), gradient);
      double scale = Math.max(Math.max(largest(values), 1e-2 * largest), 1e-3);
      for (int i = 0; i < values.length; i++) {
        assertThat(Math.abs(actual[i] - values[i]))
            .as("%s[%d] is %s for %s; %s", name, i, actual[i], values[i], drawn)
            .isLessThanOrEqualTo(TOLERANCE * scale);
      }
    });
    assertThat(paddingIsZero(network, gradient)).isTrue();
  }

  /**
   * Compares the gradients of every piece of time, and the loss of the whole.
   *
   * @param steps of a piece
   * @return false where a spike fell out differently
   */
  private static boolean agreesByPieces(RandomNetwork drawn, int steps) {
    Network network = Network.create(drawn.spec(), drawn.seed());
    var reference = new ReferenceNetwork(drawn.spec(), parameters(network));
    int rows = drawn.batch().size();
    var initial = new ArrayList<List<Map<String, double[]>>>();
    int longest = 0;
    double loss = 0;
    for (int r = 0; r < rows; r++) {
      Sequence sequence = drawn.batch().get(r);
      var worker = new Worker(network, 1, sequence.steps(), false);
      long[] key = {drawn.keys()[r]};
      var alone = new Worker.Rows(List.of(sequence), key, drawn.seed(), "training");
      worker.evaluate(alone);
      initial.add(initial(network, worker, alone));
      ReferenceNetwork.Result result = reference.run(sequence, initial.get(r), 0);
      if (!sameTrajectory(network, worker, result, drawn)) {
        return false;
      }
      loss += result.loss() / rows;
      longest = Math.max(longest, sequence.steps());
    }
    float[] gradient = new float[network.parameters().values().length];
    var tally = new Tally(network.layers().getLast().units());
    try (var crew = new Crew(network, 1, 1 + rows / 2, steps, true)) {
      for (int first = 0; first < longest; first += steps) {
        crew.trainPiece(
            drawn.batch(),
            drawn.keys(),
            drawn.seed(),
            first,
            steps,
            gradient,
            tally,
            new Activity(network.levels().size()));
        var expected = new LinkedHashMap<String, double[]>();
        for (int r = 0; r < rows; r++) {
          Sequence soFar = drawn.batch().get(r).first(first + steps);
          reference
              .run(soFar, initial.get(r), steps, first)
              .gradients()
              .forEach((name, values) -> {
                double[] sum = expected.computeIfAbsent(name, _ -> new double[values.length]);
                for (int i = 0; i < sum.length; i++) {
                  sum[i] += values[i] / rows;
                }
              });
        }
        assertSameGradients(network, gradient, expected, drawn);
      }
    }
    assertThat(Math.abs(tally.loss() - loss))
        .as("loss %s for %s of %s", tally.loss(), loss, drawn)
        .isLessThanOrEqualTo(TOLERANCE * Math.max(loss, 1e-3));
    return true;
  }

  private static double largest(double[] values) {
    return Arrays.stream(values).map(Math::abs).max().orElse(0);
  }

  private static boolean paddingIsZero(Network network, float[] gradient) {
    double inside = 0;
    for (Tensor tensor : network.parameters().tensors()) {
      for (float value : Parameters.saved(tensor, gradient)) {
        inside += Math.abs((double) value);
      }
    }
    double all = 0;
    for (float value : gradient) {
      all += Math.abs((double) value);
    }
    return Math.abs(all - inside) <= 1e-12 * all;
  }

  private static Map<String, double[]> parameters(Network network) {
    var parameters = new LinkedHashMap<String, double[]>();
    for (Tensor tensor : network.parameters().tensors()) {
      parameters.put(
          tensor.name(), doubles(network.parameters().get(tensor.name()), 0, tensor.count()));
    }
    return parameters;
  }

  private static double[] doubles(float[] values, int from, int count) {
    double[] copy = new double[count];
    for (int i = 0; i < count; i++) {
      copy[i] = values[from + i];
    }
    return copy;
  }

  /**
   * What the engine draws for the one sequence of {@code rows}; zero for states it does not carry.
   */
  private static List<Map<String, double[]>> initial(
      Network network, Worker worker, Worker.Rows rows) {
    var initial = new ArrayList<Map<String, double[]>>();
    var batch = MicroBatch.of(rows.sequences(), rows.keys(), rows.seed(), rows.purpose(), false);
    for (int i = 0; i < network.layers().size(); i++) {
      Layer layer = network.layers().get(i);
      worker.layer(i).begin(batch, network.spec().layers().indexOf(layer.spec()));
      Tape tape = worker.layer(i).tape();
      var states = new LinkedHashMap<String, double[]>();
      for (Cell.State state : layer.cell().states()) {
        states.put(state.name(), new double[layer.units()]);
      }
      for (int k = 0; k < tape.states.length; k++) {
        states.put(stateName(layer, k), doubles(tape.states[k], tape.first, layer.units()));
      }
      initial.add(states);
    }
    return initial;
  }

  private static String stateName(Layer layer, int k) {
    return layer.cell().states().get(layer.program().states().get(k)).name();
  }

  private static boolean sameTrajectory(
      Network network, Worker worker, ReferenceNetwork.Result result, RandomNetwork drawn) {
    for (int i = 0; i < network.layers().size(); i++) {
      Layer layer = network.layers().get(i);
      Tape tape = worker.layer(i).tape();
      ReferenceNetwork.LayerTrace trace = result.layers().get(i);
      for (int k = 0; k < tape.states.length; k++) {
        String name = stateName(layer, k);
        String what = name + " of " + trace.name();
        if (!close(tape, tape.states[k], trace.values().get(name), what, drawn)) {
          return false;
        }
      }
      if (!close(tape, tape.emitted[layer.up()], trace.emitted(), "emitted", drawn)) {
        return false;
      }
    }
    return true;
  }

  private static boolean close(
      Tape tape, float[] plane, double[][] expected, String what, RandomNetwork drawn) {
    for (int t = 0; t < expected.length; t++) {
      for (int j = 0; j < expected[t].length; j++) {
        double difference =
            Math.abs(plane[tape.first + (t + 1) * tape.stride + j] - expected[t][j]);
        if (difference > 1e-3 && drawn.spiking()) {
          return false;
        }
        assertThat(difference)
            .as("%s at step %d, unit %d of %s", what, t, j, drawn)
            .isLessThanOrEqualTo(1e-4 * Math.max(1, Math.abs(expected[t][j])));
      }
    }
    return true;
  }
}
