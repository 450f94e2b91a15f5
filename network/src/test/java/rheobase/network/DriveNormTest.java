package rheobase.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import rheobase.cell.graph.Surrogate;
import rheobase.cell.language.Cells;
import rheobase.data.Sequence;
import rheobase.data.SequenceSet;
import rheobase.network.LayerSpec.Normalise;
import rheobase.network.parameter.Initializer;
import rheobase.network.parameter.Parameters;
import rheobase.network.parameter.Tensor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Batch normalisation against PyTorch's autograd in double precision ({@code norm.py}). */
class DriveNormTest {
  private static final List<String> CLASSES = List.of("a", "b", "c", "d");
  private static final JsonNode GIVEN = read();

  private static JsonNode read() {
    try (var stream = DriveNormTest.class.getResourceAsStream("/norm/norm.json")) {
      return JsonMapper.shared().readTree(stream.readAllBytes());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static double[] numbers(JsonNode array) {
    return array.valueStream().mapToDouble(JsonNode::asDouble).toArray();
  }

  private static float[] floats(JsonNode array) {
    double[] numbers = numbers(array);
    float[] floats = new float[numbers.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) numbers[i];
    }
    return floats;
  }

  private static LayerSpec layer(String name, String cell, int units, boolean recurrent) {
    var some = new Initializer.Normal(0, 0.5);
    return new LayerSpec(
        name,
        Cells.text(cell),
        units,
        recurrent,
        Map.of(),
        Map.of(),
        Map.of(),
        Surrogate.DEFAULT,
        some,
        recurrent ? some : null,
        null,
        recurrent ? some : null,
        null);
  }

  private static NetworkSpec spec(Normalise normalise) {
    return new NetworkSpec(
        3,
        List.of(
            layer("hidden", "gru", 5, true).normalised(normalise),
            layer("output", "linear", 4, false).normalised(normalise)),
        Readout.EACH_STEP,
        new LossSpec(LossSpec.Kind.CROSS_ENTROPY, 0, LossSpec.Reduction.MEAN));
  }

  private static List<Sequence> batch() {
    var batch = new ArrayList<Sequence>();
    for (int i = 0; i < GIVEN.get("x").size(); i++) {
      float[] values = floats(GIVEN.get("x").get(i));
      int steps = values.length / 3;
      int[] targets =
          Arrays.stream(numbers(GIVEN.get("y").get(i))).mapToInt(y -> (int) y).toArray();
      boolean[] annotated = new boolean[steps];
      Arrays.fill(annotated, true);
      batch.add(new Sequence("s" + i, "s" + i, steps, 3, values, targets, annotated));
    }
    return batch;
  }

  private static Network given(Normalise normalise) {
    var network = Network.create(spec(normalise), 1);
    GIVEN
        .get("parameters")
        .properties()
        .forEach(entry -> network.parameters().set(entry.getKey(), floats(entry.getValue())));
    network.follow();
    return network;
  }

  /** One training step without an optimiser's: loss, gradient, and what is tracked after it. */
  private static float[] train(Network network, int threads, int rows, Tally tally) {
    return train(network, threads, rows, 0, tally);
  }

  private static float[] train(
      Network network, int threads, int rows, int truncateSteps, Tally tally) {
    float[] gradient = new float[network.parameters().values().length];
    try (var crew = new Crew(network, threads, rows, 32, true)) {
      long[] keys = {0, 1, 2, 3, 4};
      var activity = new Activity(2);
      // twice, so that the second time the buffers hold what the first left behind
      crew.train(batch(), keys, 1, truncateSteps, gradient, new Tally(4), activity);
      crew.train(batch(), keys, 1, truncateSteps, gradient, tally, activity);
      crew.track(1);
      network.follow();
    }
    return gradient;
  }

  @ParameterizedTest
  @EnumSource(names = {"BATCH", "BATCH_WITH_PADDING"})
  void lossGradientAndTrackedNumbersAreThoseOfAutograd(Normalise normalise) {
    JsonNode expected = GIVEN.get("cases").get(normalise.text());
    for (int rows = 1; rows <= 5; rows++) {
      var network = given(normalise);
      var tally = new Tally(4);
      float[] gradient = train(network, 1, rows, tally);
      assertThat(tally.loss()).isCloseTo(expected.get("loss").asDouble(), withinPercentage(1e-4));
      expected
          .get("gradients")
          .properties()
          .forEach(entry -> {
            Tensor tensor = network.parameters().tensor(entry.getKey());
            float[] ours = Parameters.saved(tensor, gradient);
            close(ours, numbers(entry.getValue()), "gradient of " + entry.getKey());
          });
      for (String layer : List.of("hidden", "output")) {
        JsonNode tracked = expected.get("tracked").get(layer);
        close(network.parameters().get(layer + ".norm_mean"), numbers(tracked.get("mean")), "mean");
        close(
            network.parameters().get(layer + ".norm_variance"),
            numbers(tracked.get("variance")),
            "variance");
      }
    }
  }

  private static void close(float[] ours, double[] expected, String what) {
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    assertThat(ours).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) ours[i])
          .as(what + " " + i)
          .isCloseTo(expected[i], within(1e-5 * largest));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"BATCH", "BATCH_WITH_PADDING"})
  void anEvaluationNormalisesByWhatWasTracked(Normalise normalise) {
    var network = given(normalise);
    train(network, 1, 2, new Tally(4));
    var set = new SequenceSet("given", 3, CLASSES, batch());
    assertThat(network.evaluate(set, 1, 1).score().loss())
        .isCloseTo(
            GIVEN.get("cases").get(normalise.text()).get("loss_by_tracked").asDouble(),
            withinPercentage(1e-4));
  }

  @Test
  void threadsChangeNoBit() {
    var alone = given(Normalise.BATCH);
    float[] one = train(alone, 1, 2, new Tally(4));
    for (int threads = 2; threads <= 4; threads++) {
      var network = given(Normalise.BATCH);
      assertThat(train(network, threads, 2, new Tally(4))).containsExactly(one);
      assertThat(network.parameters().values()).containsExactly(alone.parameters().values());
    }
  }

  @Test
  void theGradientThroughTimeIsCutWhereAskedAndNowhereElse() {
    float[] whole = train(given(Normalise.BATCH), 1, 2, 0, new Tally(4));
    assertThat(train(given(Normalise.BATCH), 1, 2, 1000, new Tally(4))).containsExactly(whole);
    float[] cut = train(given(Normalise.BATCH), 1, 2, 2, new Tally(4));
    assertThat(train(given(Normalise.BATCH), 3, 2, 2, new Tally(4))).containsExactly(cut);
    var parameters = given(Normalise.BATCH).parameters();
    for (String name : List.of("output.weight_in", "output.norm_scale", "output.norm_shift")) {
      Tensor tensor = parameters.tensor(name);
      assertThat(Parameters.saved(tensor, cut)).containsExactly(Parameters.saved(tensor, whole));
    }
    for (String name : List.of("hidden.weight_in", "hidden.weight_rec", "hidden.norm_shift")) {
      Tensor tensor = parameters.tensor(name);
      assertThat(Parameters.saved(tensor, cut)).isNotEqualTo(Parameters.saved(tensor, whole));
    }
  }

  @Test
  void scaleAndShiftAreTrainedAndTrackedNumbersAreNot() {
    var network = Network.create(spec(Normalise.BATCH), 1);
    int weights = 15 * 3 + 15 * 5 + 15 + 4 * 5;
    assertThat(network.parameterCount()).isEqualTo(weights + 2 * 15 + 2 * 4);
  }

  @Test
  void biasThatWouldBeTakenAwayIsRefused() {
    var plain = layer("hidden", "rnn", 5, false);
    assertThatThrownBy(() ->
            new LayerSpec(
                "hidden",
                plain.cellText(),
                5,
                false,
                Map.of(),
                Map.of(),
                Map.of(),
                Surrogate.DEFAULT,
                plain.inputWeights(),
                null,
                new Initializer.Constant(0),
                null,
                0,
                null,
                LayerSpec.Connection.ALL_TO_ALL,
                false,
                1,
                Normalise.BATCH))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining("layer 'hidden'")
        .hasMessageContaining("bias");
    assertThatThrownBy(() -> plain.normalised(Normalise.BATCH).wired(plain.connection(), true, 1))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining("bidirectional");
  }
}
