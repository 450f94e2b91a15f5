package rheobase.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import rheobase.cell.graph.Surrogate;
import rheobase.cell.language.Cells;
import rheobase.data.Sequence;
import rheobase.data.SequenceSet;
import rheobase.network.parameter.Initializer;

/** Sequences of different lengths in one micro-batch: none is touched by the length of another. */
class PaddingTest {
  /** Unordered, and so long that rows end in the first, second and third block of steps. */
  private static final int[] LENGTHS = {33, 3, 70, 32, 1, 64};

  private static final String SPIKING =
      """
      cell spiking
      input i
      s = spike(i - 0.5)
      output s
      """;

  private static LayerSpec layer(
      String name, String cell, int units, boolean recurrent, Initializer weights) {
    return new LayerSpec(
        name,
        cell,
        units,
        recurrent,
        Map.of(),
        Map.of(),
        Map.of(),
        Surrogate.of(Surrogate.Kind.STRAIGHT_THROUGH),
        weights,
        new Initializer.Constant(0),
        new Initializer.Constant(0),
        null,
        null);
  }

  private static List<Sequence> sequences(int classes, boolean eachStep) {
    var random = new Random(11);
    var batch = new ArrayList<Sequence>();
    for (int r = 0; r < LENGTHS.length; r++) {
      int steps = LENGTHS[r];
      float[] values = new float[4 * steps];
      for (int i = 0; i < values.length; i++) {
        values[i] = random.nextInt(2);
      }
      int[] targets = random.ints(eachStep ? steps : 1, 0, classes).toArray();
      String id = "sequence " + r;
      batch.add(new Sequence(id, id, steps, 4, values, targets, new boolean[targets.length]));
    }
    return batch;
  }

  private static Worker.Rows rows(List<Sequence> batch) {
    long[] keys = new long[batch.size()];
    Arrays.setAll(keys, r -> Integer.parseInt(batch.get(r).id().replaceAll("\\D", "")));
    return new Worker.Rows(batch, keys, 3, "training");
  }

  /** Minus one, zero and one; onto the layer itself only from each unit to the next. */
  private static void setWhole(Network network, String tensor, boolean recurrent) {
    var random = new Random(tensor.hashCode());
    float[] values = network.parameters().get(tensor);
    int from = network.parameters().tensor(tensor).rows();
    for (int i = 0; i < values.length; i++) {
      values[i] = recurrent && i % from + 1 != i / from ? 0 : random.nextInt(3) - 1;
    }
    network.parameters().set(tensor, values);
  }

  /**
   * Weights, inputs and spikes are small whole numbers, the surrogate's slope is 1, and recurrence
   * ends after a few steps: every product and sum is exact, so the order of sums plays no part.
   * What is left is that each sequence gives to the gradient just what it gives alone.
   */
  @ParameterizedTest
  @CsvSource({"false, 1", "false, 2", "true, 1", "true, 2"})
  void theGradientOfABatchIsExactlyTheSumOfThoseOfItsSequences(
      boolean bidirectional, int substeps) {
    var connection = LayerSpec.Connection.ALL_TO_ALL;
    var one = new Initializer.Constant(1);
    var spec =
        new NetworkSpec(
            4,
            List.of(
                layer("low", SPIKING, 7, true, one).wired(connection, bidirectional, substeps),
                layer("high", SPIKING, 20, true, one).wired(connection, bidirectional, substeps),
                layer("top", Cells.text("linear"), 4, false, one)),
            Readout.EACH_STEP,
            new LossSpec(LossSpec.Kind.MEAN_SQUARED_ERROR, 1, LossSpec.Reduction.SUM));
    Network network = Network.create(spec, 1);
    for (var layer : network.layers()) {
      setWhole(network, layer.weightIn().name(), false);
      if (layer.recurrent()) {
        setWhole(network, layer.weightRec().name(), true);
      }
    }
    network.follow();
    List<Sequence> batch = sequences(4, true);
    var worker = new Worker(network, batch.size(), 96, true);
    float[] sum = new float[network.parameters().values().length];
    for (Sequence sequence : batch) {
      worker.train(rows(List.of(sequence)), 1, 0);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += worker.gradient[i];
      }
    }
    assertThat(Arrays.mismatch(sum, new float[sum.length])).as("some gradient").isNotEqualTo(-1);
    for (int stretch : bidirectional ? new int[] {96} : new int[] {96, 32}) {
      var together = new Worker(network, batch.size(), stretch, true);
      together.train(rows(batch), 1, 0);
      int different = Arrays.mismatch(together.gradient, sum);
      assertThat(different).as("first parameter whose gradient differs").isEqualTo(-1);
    }
  }

  static Stream<Arguments> readoutsAndLosses() {
    return Stream.concat(
        Arrays.stream(Readout.values())
            .flatMap(readout ->
                Stream.of(LossSpec.Kind.CROSS_ENTROPY, LossSpec.Kind.MEAN_SQUARED_ERROR)
                    .map(kind -> Arguments.of(readout, kind))),
        Stream.of(Arguments.of(Readout.EACH_STEP, LossSpec.Kind.CTC)));
  }

  /**
   * Random networks, some of their layers bidirectional, with sub-steps or one to one, and batches
   * of any lengths: together the sequences lose what they lose alone, and the gradient is the sum
   * of theirs.
   */
  @ParameterizedTest
  @MethodSource("readoutsAndLosses")
  void aBatchOfAnyNetworkLosesAndLearnsWhatItsSequencesDoAlone(
      Readout readout, LossSpec.Kind kind) {
    var size = new RandomNetwork.Size(3, 9, 6, 70);
    int uneven = 0;
    for (long trial = 0; trial < 24; trial++) {
      var drawn = RandomNetwork.of(trial, size, trial % 2 == 0, readout, kind).rewired(true);
      var batch = drawn.batch();
      Network network = Network.create(drawn.spec(), trial);
      uneven += batch.stream().mapToInt(Sequence::steps).distinct().count() > 1 ? 1 : 0;
      double loss = 0;
      double[] sum = new double[network.parameters().values().length];
      for (int r = 0; r < batch.size(); r++) {
        var alone = new Worker(network, 1, 96, true);
        alone.train(new Worker.Rows(List.of(batch.get(r)), keys(drawn, r, r + 1), 3, "p"), 1, 0);
        loss += alone.tally.loss();
        for (int i = 0; i < sum.length; i++) {
          sum[i] += alone.gradient[i];
        }
      }
      var together = new Worker(network, batch.size(), 96, true);
      together.train(new Worker.Rows(batch, keys(drawn, 0, batch.size()), 3, "p"), 1, 0);
      assertThat(together.tally.loss())
          .as("loss of network %d", trial)
          .isCloseTo(loss / batch.size(), within(1e-9 * Math.max(1, Math.abs(loss))));
      double largest = Arrays.stream(sum).map(Math::abs).max().orElseThrow();
      for (int i = 0; i < sum.length; i++) {
        assertThat((double) together.gradient[i])
            .as("parameter %d of network %d", i, trial)
            .isCloseTo(sum[i], within(1e-5 * largest + 1e-12));
      }
    }
    assertThat(uneven).as("batches of different lengths").isGreaterThan(12);
  }

  private static long[] keys(RandomNetwork drawn, int from, int to) {
    return Arrays.copyOfRange(drawn.keys(), from, to);
  }

  /** With an input of zero this cell explodes; only padding is zero. */
  @Test
  void aCellThatWouldExplodeBeyondTheEndDoesNot() {
    var exploding =
        """
        cell exploding
        input i
        state x = 0.5
        x = x * x * exp(40 * (1 - i)) + 0.1 * i
        output x
        """;
    var one = new Initializer.Constant(0.25);
    var spec =
        new NetworkSpec(
            4,
            List.of(layer("only", exploding, 2, false, one)),
            Readout.EACH_STEP,
            new LossSpec(LossSpec.Kind.CROSS_ENTROPY, 0, LossSpec.Reduction.MEAN));
    Network network = Network.create(spec, 1);
    var batch = new ArrayList<Sequence>();
    for (Sequence sequence : sequences(2, true)) {
      float[] ones = new float[4 * sequence.steps()];
      Arrays.fill(ones, 1);
      batch.add(
          new Sequence(
              sequence.id(),
              sequence.id(),
              sequence.steps(),
              4,
              ones,
              sequence.targets(),
              sequence.annotated()));
    }
    var worker = new Worker(network, batch.size(), 96, true);
    worker.train(rows(batch), 1, 0);
    assertThat(worker.tally.loss()).isFinite();
    for (float value : worker.gradient) {
      assertThat(value).isFinite();
    }
    assertThat(worker.firstBadPlace(rows(batch))).isNull();
  }

  @Test
  void theRangeOfAQuantiserDoesNotFollowPadding() {
    var integrating =
        """
        cell integrating
        input i
        state current = 0, v = 0
        current = 0.5 * current + i
        v = v + current
        y = quantize(v, 4, 0)
        output y
        """;
    var spec =
        new NetworkSpec(
            4,
            List.of(layer("only", integrating, 3, false, new Initializer.Constant(1))),
            Readout.EACH_STEP,
            new LossSpec(LossSpec.Kind.MEAN_SQUARED_ERROR, 0, LossSpec.Reduction.SUM));
    Network network = Network.create(spec, 1);
    List<Sequence> batch = sequences(3, true);
    Sequence silent =
        new Sequence("sequence 9", "s", 500, 4, new float[2000], new int[500], new boolean[500]);
    float apart = 0;
    var worker = new Worker(network, 2, 512, true);
    for (Sequence sequence : List.of(batch.get(1), silent)) {
      worker.train(rows(List.of(sequence)), 1, 0);
      apart = Math.max(apart, worker.layer(0).reached(0));
    }
    worker.train(rows(List.of(batch.get(1), silent)), 1, 0);
    assertThat(worker.layer(0).reached(0)).isEqualTo(apart).isPositive();
  }

  @ParameterizedTest
  @EnumSource(Readout.class)
  void scoresAndFiringRatesAreThoseOfSequencesRunAlone(Readout readout) {
    var network = spikingNetwork(readout);
    List<Sequence> sequences = sequences(4, readout == Readout.EACH_STEP);
    var data = new SequenceSet("uneven", 4, List.of("a", "b", "c", "d"), sequences);
    double loss = 0;
    double accuracy = 0;
    long[] spikes = new long[3];
    long[] places = new long[3];
    long[][] ends = new long[4][4];
    for (int r = 0; r < sequences.size(); r++) {
      var alone = new Worker(network, 1, sequences.get(r).steps(), false);
      var one = List.of(sequences.get(r));
      alone.evaluate(new Worker.Rows(one, new long[] {r}, 3, "evaluation"));
      loss += alone.tally.loss();
      accuracy += alone.tally.accuracy();
      if (readout == Readout.EACH_STEP) {
        int last = sequences.get(r).targets()[LENGTHS[r] - 1];
        long[] own = alone.tally.score().ends()[last];
        assertThat(Arrays.stream(own).sum()).as("one last step").isEqualTo(1);
        Arrays.setAll(ends[last], predicted -> ends[last][predicted] + own[predicted]);
      }
      for (int i = 0; i < 3; i++) {
        var tape = alone.layer(i).tape();
        float[] plane = network.layers().get(i).spikes(tape);
        for (int at = tape.stride; plane != null && tape.first + at < plane.length; at++) {
          spikes[i] +=
              plane[tape.first + at] != 0 && at / tape.stride <= sequences.get(r).steps() ? 1 : 0;
        }
        places[i] += (long) sequences.get(r).steps() * tape.units;
      }
    }
    Network.Evaluation together = network.evaluate(data, 2, 3);
    assertThat(together.score().loss()).isEqualTo(loss / sequences.size());
    assertThat(together.score().accuracy()).isEqualTo(accuracy / sequences.size());
    assertThat(together.score().ends()).isEqualTo(ends);
    assertThat(together.firingRates().get(0)).isEqualTo((double) spikes[0] / places[0]);
    assertThat(together.firingRates().get(1)).isEqualTo((double) spikes[1] / places[1]);
    assertThat(together.firingRates().get(2)).isNaN();
    assertThat(spikes[0]).isPositive();
  }

  private static Network spikingNetwork(Readout readout) {
    var normal = new Initializer.Normal(0, 1);
    return Network.create(
        new NetworkSpec(
            4,
            List.of(
                layer("low", Cells.text("alif"), 9, true, normal),
                layer("high", Cells.text("lif"), 20, false, normal),
                layer("top", Cells.text("leaky_integrator"), 4, false, normal)),
            readout,
            new LossSpec(LossSpec.Kind.CROSS_ENTROPY, 0, LossSpec.Reduction.MEAN)),
        1);
  }
}
