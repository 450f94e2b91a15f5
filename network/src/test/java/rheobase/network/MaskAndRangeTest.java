package rheobase.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import rheobase.cell.graph.Surrogate;
import rheobase.cell.kernel.Tape;
import rheobase.cell.language.Cells;
import rheobase.data.Sequence;
import rheobase.network.parameter.Initializer;

/** What a cell leaves to its layer: dropout masks and the tracked range of graded spikes. */
class MaskAndRangeTest {
  private static final String MASKED =
      """
      cell masked
      input i
      mask keep
      y = i * keep
      output y
      """;

  private static final String GRADED =
      """
      cell graded
      input i
      state v = 0, y = 0
      v = v + i
      y = quantize(v, 4, 0)
      v = v - y
      output y
      """;

  private static Network network(String cell, double dropout) {
    var one = new Initializer.Constant(1);
    var layer =
        new LayerSpec(
            "only",
            cell,
            8,
            false,
            Map.of(),
            Map.of(),
            Map.of(),
            Surrogate.DEFAULT,
            one,
            null,
            null,
            null,
            dropout,
            null);
    var loss = new LossSpec(LossSpec.Kind.MEAN_SQUARED_ERROR, 0, LossSpec.Reduction.MEAN);
    return Network.create(new NetworkSpec(1, List.of(layer), Readout.EACH_STEP, loss), 1);
  }

  /** A sequence of 40 steps whose input is 3 throughout. */
  private static Sequence threes() {
    float[] values = new float[40];
    Arrays.fill(values, 3);
    return new Sequence("threes", "threes", 40, 1, values, new int[40], new boolean[40]);
  }

  private static Worker trained(Network network, long key) {
    var worker = new Worker(network, 1, 40, true);
    worker.train(new Worker.Rows(List.of(threes()), new long[] {key}, 7, "training"), 1, 0);
    return worker;
  }

  @Test
  void aMaskIsDrawnOncePerSequenceAndKeepsTheMean() {
    Network network = network(MASKED, 0.25);
    int dropped = 0;
    for (int key = 0; key < 200; key++) {
      Tape tape = trained(network, key).layer(0).tape();
      float[] emitted = tape.emitted[0];
      int row = tape.first + 16;
      for (int j = 0; j < 8; j++) {
        assertThat(emitted[row + j]).isIn(0f, 3 * (float) (1 / 0.75));
        assertThat(emitted[row + 39 * 16 + j]).isEqualTo(emitted[row + j]);
        dropped += emitted[row + j] == 0 ? 1 : 0;
      }
    }
    // 1600 draws of probability 1/4: five standard deviations are 0.054
    assertThat(dropped / 1600.0).isCloseTo(0.25, within(0.054));
  }

  @Test
  void outsideTrainingEveryMaskIsOne() {
    Network network = network(MASKED, 0.25);
    float[][] emitted = network.trace(threes(), 1).layers().getFirst().emitted();
    assertThat(emitted[5]).containsOnly(3f);
  }

  @Test
  void dropoutWithoutAMaskIsRefused() {
    assertThatThrownBy(() -> network(Cells.text("linear"), 0.5))
        .isInstanceOf(NetworkException.class)
        .hasMessage("layer 'only' has dropout, but cell 'linear' declares no mask");
  }

  /** A spike train of 5 rising inputs: what the released code would do, by hand. */
  @Test
  void theRangeFollowsEveryStepWhereAskedTo() {
    Network network = network(GRADED, 0);
    int range = network.parameters().tensor("only.range").offset();
    float[] inputs = {1, 2, 4, 0, 8};
    var sequence = new Sequence("s", "g", 5, 1, inputs, new int[5], new boolean[5]);
    try (var crew = new Crew(network, 2, 1, 40, true, RangePolicy.STEP)) {
      float[] gradient = new float[network.parameters().values().length];
      crew.train(List.of(sequence), new long[] {0}, 1, 0, gradient, new Tally(8), new Activity(1));
      crew.track(1);
      network.follow();
      double average = 0;
      double rest = 0;
      double sum = 0;
      for (int t = 0; t < 5; t++) {
        double membrane = rest + inputs[t];
        average = 0.9 * average + 0.1 * membrane;
        double tracked = average / (1 - Math.pow(0.9, t + 1));
        sum += tracked;
        double scale = 8 * (1 - 1e-4) / tracked;
        rest = membrane - Math.floor(scale * Math.min(membrane, tracked)) / scale;
      }
      double kept = sum / 5;
      assertThat(network.parameters().values()[range]).isCloseTo((float) kept, within(1e-5f));
      crew.train(List.of(sequence), new long[] {0}, 1, 0, gradient, new Tally(8), new Activity(1));
      crew.track(2);
      // now by a tenth each step, from what the first batch had on average
      double last = kept;
      rest = 0;
      sum = 0;
      for (int t = 0; t < 5; t++) {
        double membrane = rest + inputs[t];
        last += 0.1 * (membrane - last);
        sum += last;
        double scale = 8 * (1 - 1e-4) / last;
        rest = membrane - Math.floor(scale * Math.min(membrane, last)) / scale;
      }
      kept += 0.1 / (1 - Math.pow(0.9, 2)) * (sum / 5 - kept);
      assertThat(network.parameters().values()[range]).isCloseTo((float) kept, within(1e-5f));
      assertThat(gradient[range]).isZero();
    }
  }

  @Test
  void theRangeMayFollowTheMeanOverTheSteps() {
    Network network = network(GRADED, 0);
    int range = network.parameters().tensor("only.range").offset();
    float[] inputs = {1, 2, 4, 0, 8};
    var sequence = new Sequence("s", "g", 5, 1, inputs, new int[5], new boolean[5]);
    try (var crew = new Crew(network, 1, 1, 40, true, RangePolicy.MEAN)) {
      float[] gradient = new float[network.parameters().values().length];
      double kept = 0;
      for (int batch = 1; batch <= 2; batch++) {
        crew.train(
            List.of(sequence), new long[] {0}, 1, 0, gradient, new Tally(8), new Activity(1));
        crew.track(batch);
        network.follow();
        // nothing tracked yet: the range is 2^(bits-1) = 8
        double scale = 8 * (1 - 1e-4) / (batch == 1 ? 8 : kept);
        double rest = 0;
        double sum = 0;
        for (float input : inputs) {
          double membrane = rest + input;
          sum += membrane;
          rest = membrane - Math.floor(scale * Math.min(membrane, batch == 1 ? 8 : kept)) / scale;
        }
        kept += 0.1 / (1 - Math.pow(0.9, batch)) * (sum / 5 - kept);
        assertThat(network.parameters().values()[range]).isCloseTo((float) kept, within(1e-5f));
      }
    }
  }

  @Test
  void rangesOfStepsChangeNoBitWithTheNumberOfThreads() {
    float[][] results = new float[2][];
    for (int threads = 1; threads <= 2; threads++) {
      Network network = network(GRADED, 0);
      float[] gradient = new float[network.parameters().values().length];
      try (var crew = new Crew(network, threads, 2, 40, true, RangePolicy.STEP)) {
        long[] keys = {0, 1};
        for (int batch = 1; batch <= 3; batch++) {
          crew.train(
              List.of(threes(), threes()), keys, 1, 0, gradient, new Tally(8), new Activity(1));
          crew.track(batch);
          network.follow();
        }
      }
      results[threads - 1] = network.parameters().values().clone();
    }
    assertThat(results[0]).containsExactly(results[1]);
  }

  @Test
  void theRangeFollowsWhatTheMembraneReachedAndIsNoTrainedParameter() {
    Network network = network(GRADED, 0);
    assertThat(network.parameterCount()).isEqualTo(8);
    int range = network.parameters().tensor("only.range").offset();
    // nothing tracked yet: the range is 2^(bits-1) = 8, levels are a little over 1 apart
    try (var crew = new Crew(network, 2, 1, 40, true)) {
      float[] gradient = new float[network.parameters().values().length];
      long[] keys = {0, 1};
      List<Sequence> batch = List.of(threes(), threes());
      crew.train(batch, keys, 1, 0, gradient, new Tally(8), new Activity(1));
      crew.track(1);
      network.follow();
      float first = network.parameters().values()[range];
      // 3 arrives each step and what was not emitted, less than a level, stays
      assertThat(first).isBetween(3f, 4.01f);
      crew.train(batch, keys, 1, 0, gradient, new Tally(8), new Activity(1));
      crew.track(2);
      float second = network.parameters().values()[range];
      // e_2 / (1 - 0.9^2) = (0.09 m_1 + 0.1 m_2) / 0.19 lies between the two maxima
      assertThat(second).isNotEqualTo(first).isBetween(2.9f, 4.01f);
      assertThat(gradient[range]).isZero();
    }
  }
}
