package rheobase.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import rheobase.cell.graph.Surrogate;
import rheobase.cell.kernel.KernelCompiler;
import rheobase.cell.kernel.Tape;
import rheobase.data.Sequence;
import rheobase.data.SequenceSet;
import rheobase.data.Signal;
import rheobase.network.parameter.Initializer;
import rheobase.network.product.Products;
import rheobase.network.product.ScalarProducts;

/**
 * What must not change a single bit of a result: threads, stretches, padding, the form of products.
 */
class EngineBitsTest {
  private static final int WHOLE = 192;

  /** Bits of a loss and of a gradient. */
  private record Bits(long loss, int[] gradient) {
    static Bits of(double loss, float[] gradient) {
      int[] bits = new int[gradient.length];
      for (int i = 0; i < bits.length; i++) {
        bits[i] = Float.floatToRawIntBits(gradient[i]);
      }
      return new Bits(Double.doubleToRawLongBits(loss), bits);
    }

    void areThoseOf(Bits other, String what) {
      assertThat(loss).as("loss, %s", what).isEqualTo(other.loss);
      assertThat(gradient).as("gradient, %s", what).isEqualTo(other.gradient);
    }
  }

  private static Bits train(
      Network network, RandomNetwork drawn, int threads, int rows, int stretch, int truncate) {
    float[] gradient = new float[network.parameters().values().length];
    var tally = new Tally(network.layers().getLast().units());
    var activity = new Activity(network.levels().size());
    try (var crew = new Crew(network, threads, rows, stretch, true)) {
      // twice, so that the second time the buffers hold what the first left behind
      crew.train(
          drawn.batch(), drawn.keys(), drawn.seed() + 1, truncate, gradient, tally, activity);
      tally.clear();
      crew.train(drawn.batch(), drawn.keys(), drawn.seed(), truncate, gradient, tally, activity);
    }
    assertThat(tally.loss()).isNotNaN();
    return Bits.of(tally.loss(), gradient);
  }

  @Test
  void threadsChangeNoBit() {
    var size = new RandomNetwork.Size(3, 40, 9, 150);
    for (int trial = 0; trial < 12; trial++) {
      Readout readout = Readout.values()[trial % Readout.values().length];
      var kind = LossSpec.Kind.values()[trial % 2];
      var drawn = RandomNetwork.of(400 + trial, size, trial % 3 > 0, readout, kind);
      Network network = Network.create(drawn.spec(), drawn.seed());
      int rows = 1 + trial % 3;
      Bits one = train(network, drawn, 1, rows, WHOLE, 0);
      for (int threads = 2; threads <= 4; threads++) {
        train(network, drawn, threads, rows, WHOLE, 0)
            .areThoseOf(one, threads + " threads, " + drawn);
      }
    }
  }

  @Test
  void threadsChangeNoBitOfBidirectionalAndSubsteppedLayers() {
    var size = new RandomNetwork.Size(3, 24, 9, 70);
    for (int trial = 0; trial < 8; trial++) {
      Readout readout = Readout.values()[trial % Readout.values().length];
      var kind = LossSpec.Kind.values()[trial % 2];
      var drawn = RandomNetwork.of(420 + trial, size, trial % 3 > 0, readout, kind).rewired(true);
      Network network = Network.create(drawn.spec(), drawn.seed());
      int rows = 1 + trial % 3;
      Bits one = train(network, drawn, 1, rows, WHOLE, 0);
      for (int threads = 2; threads <= 4; threads++) {
        train(network, drawn, threads, rows, WHOLE, 0)
            .areThoseOf(one, threads + " threads, " + drawn);
      }
      // buffers too short at first; no matter where layers have to wait for each other
      train(network, drawn, 1, rows, 32, 0).areThoseOf(one, "short buffers, " + drawn);
    }
  }

  /** Sixteen equally long rows stand close where that pays; a row alone never does. */
  @Test
  void rowsThatStandCloseGiveWhatTheyGiveAlone() {
    int close = 0;
    for (int trial = 0; trial < 24; trial++) {
      Readout readout = Readout.values()[trial % Readout.values().length];
      var size = new RandomNetwork.Size(3, 60, 1, 100);
      var drawn =
          RandomNetwork.of(450 + trial, size, trial % 4 > 0, readout, LossSpec.Kind.CROSS_ENTROPY);
      Network network = Network.create(drawn.spec(), drawn.seed());
      var first = drawn.batch().getFirst();
      var random = new Random(trial);
      var batch = new ArrayList<Sequence>();
      for (int row = 0; row < 16; row++) {
        batch.add(
            RandomNetwork.sequence(
                "row " + row,
                first.steps(),
                first.channels(),
                network.layers().getLast().units(),
                readout == Readout.EACH_STEP,
                0.3,
                random));
      }
      var together = new Worker(network, 16, first.steps(), true);
      var alone = new Worker(network, 1, first.steps(), true);
      long[] keys = new long[16];
      Arrays.setAll(keys, row -> row);
      // shorter ones first, so that the buffers hold rows that stood apart
      var uneven = new ArrayList<>(batch);
      uneven.set(3, batch.get(3).first(Math.max(1, first.steps() - 1)));
      if (readout != Readout.EACH_STEP) {
        together.train(new Worker.Rows(uneven, keys, 5, "training"), 0.1, 0);
      }
      together.train(new Worker.Rows(batch, keys, 5, "training"), 0.1, 0);
      double loss = 0;
      double[] sum = new double[together.gradient.length];
      for (int row = 0; row < 16; row++) {
        alone.train(
            new Worker.Rows(List.of(batch.get(row)), new long[] {row}, 5, "training"), 0.1, 0);
        loss += alone.tally.loss();
        for (int i = 0; i < sum.length; i++) {
          sum[i] += alone.gradient[i];
        }
      }
      assertThat(together.tally.loss())
          .as(drawn.toString())
          .isCloseTo(loss / 16, withinPercentage(1e-10));
      double largest = Arrays.stream(sum).map(Math::abs).max().orElseThrow();
      for (int i = 0; i < sum.length; i++) {
        assertThat((double) together.gradient[i])
            .as("gradient %d, %s", i, drawn)
            .isCloseTo(sum[i], within(1e-5 * largest));
      }
      for (int i = 0; i < network.layers().size(); i++) {
        close += together.layer(i).tape().period > 1 ? 1 : 0;
      }
    }
    assertThat(close).as("layers whose rows stood close").isGreaterThan(10);
  }

  @ParameterizedTest
  @EnumSource(Readout.class)
  void recomputedStretchesChangeNoBit(Readout readout) {
    var size = new RandomNetwork.Size(3, 40, 9, 150);
    for (int trial = 0; trial < 5; trial++) {
      var kind = LossSpec.Kind.values()[trial % 2];
      var drawn = RandomNetwork.of(500 + trial, size, trial % 3 > 0, readout, kind);
      Network network = Network.create(drawn.spec(), drawn.seed());
      int truncate = new int[] {0, 0, 7, 64}[trial % 4];
      Bits whole = train(network, drawn, 1, 4, WHOLE, truncate);
      for (int stretch : new int[] {1, 96}) {
        train(network, drawn, 1, 4, stretch, truncate)
            .areThoseOf(whole, "stretches of " + stretch + ", " + drawn);
      }
      RandomNetwork rewired = drawn.rewired(false);
      Network other = Network.create(rewired.spec(), rewired.seed());
      train(other, rewired, 1, 4, 32, truncate)
          .areThoseOf(train(other, rewired, 1, 4, WHOLE, truncate), "stretches of 32, " + rewired);
    }
  }

  @Test
  void plainProductsGiveTheBitsOfVectorProducts() {
    assumeTrue(KernelCompiler.vectors(), "started without jdk.incubator.vector");
    var size = new RandomNetwork.Size(3, 40, 9, 60);
    for (int trial = 0; trial < 12; trial++) {
      Readout readout = Readout.values()[trial % Readout.values().length];
      var kind = LossSpec.Kind.CROSS_ENTROPY;
      var drawn = RandomNetwork.of(600 + trial, size, trial % 3 > 0, readout, kind);
      Network network = Network.create(drawn.spec(), drawn.seed());
      train(network, drawn, new ScalarProducts())
          .areThoseOf(train(network, drawn, Products.best()), drawn.toString());
    }
  }

  private static Bits train(Network network, RandomNetwork drawn, Products products) {
    var worker = new Worker(network, drawn.batch().size(), WHOLE, true, products);
    worker.train(new Worker.Rows(drawn.batch(), drawn.keys(), drawn.seed(), "training"), 1, 0);
    return Bits.of(worker.tally.loss(), worker.gradient);
  }

  /** Few of them are gathered, many multiplied with zeros that nobody had written before. */
  @Test
  void listsOfSpikesGiveTheBitsOfTheirZerosAndOnes() {
    int channels = 24;
    var size = new RandomNetwork.Size(3, 40, 9, 70);
    for (int trial = 0; trial < 24; trial++) {
      Readout readout = Readout.values()[trial % Readout.values().length];
      var kind = LossSpec.Kind.CROSS_ENTROPY;
      var drawn = RandomNetwork.of(650 + trial, size, trial % 3 > 0, readout, kind);
      var random = new Random(trial);
      double activity = trial % 2 == 0 ? 0.03 : 0.6;
      var spikes = new ArrayList<Sequence>();
      var values = new ArrayList<Sequence>();
      for (Sequence sequence : drawn.batch()) {
        float[] raster = new float[sequence.steps() * channels];
        for (int i = 0; i < raster.length; i++) {
          raster[i] = random.nextDouble() < activity ? 1 : 0;
        }
        values.add(sequence.with(new Signal.Dense(sequence.steps(), channels, raster)));
        spikes.add(sequence.with(Signal.Spikes.of(sequence.steps(), channels, raster)));
      }
      var spec =
          new NetworkSpec(
              channels, drawn.spec().layers(), drawn.spec().readout(), drawn.spec().loss());
      var wide = new RandomNetwork(spec, values, drawn.keys(), drawn.seed(), drawn.spiking());
      RandomNetwork wired = trial % 4 == 3 ? wide.rewired(true) : wide;
      var listed =
          new RandomNetwork(wired.spec(), spikes, drawn.keys(), drawn.seed(), drawn.spiking());
      Network network = Network.create(wired.spec(), drawn.seed());
      for (int stretch : new int[] {WHOLE, 32}) {
        train(network, listed, 1, 4, stretch, 0)
            .areThoseOf(train(network, wired, 1, 4, stretch, 0), wired.toString());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Readout.class)
  void aSequenceIsTheSameAloneAndAmongLongerOnes(Readout readout) {
    var size = new RandomNetwork.Size(3, 40, 9, 100);
    for (int trial = 0; trial < 12; trial++) {
      var kind = LossSpec.Kind.values()[trial % 2];
      var plain = RandomNetwork.of(700 + trial, size, trial % 3 > 0, readout, kind);
      var drawn = trial < 6 ? plain : plain.rewired(true);
      Network network = Network.create(drawn.spec(), drawn.seed());
      int rows = drawn.batch().size();
      var together = new Worker(network, rows, 128, false);
      together.evaluate(new Worker.Rows(drawn.batch(), drawn.keys(), drawn.seed(), "evaluation"));
      var alone = new Worker(network, rows, 128, false);
      double loss = 0;
      for (int r = 0; r < rows; r++) {
        List<Sequence> one = drawn.batch().subList(r, r + 1);
        long[] key = {drawn.keys()[r]};
        alone.evaluate(new Worker.Rows(one, key, drawn.seed(), "evaluation"));
        loss += alone.tally.loss();
        for (int i = 0; i < network.layers().size(); i++) {
          Tape apart = alone.layer(i).tape();
          Tape among = together.layer(i).tape();
          int steps = one.getFirst().steps() * network.layers().get(i).spec().substeps();
          sameRow(apart, apart.states, among, among.states, r, rows, steps);
          sameRow(apart, apart.emitted, among, among.emitted, r, rows, steps);
        }
      }
      assertThat(together.tally.loss()).as("%s", drawn).isEqualTo(loss / rows);
    }
  }

  private static void sameRow(
      Tape apart, float[][] planes, Tape among, float[][] others, int r, int rows, int steps) {
    int stride = apart.stride;
    for (int k = 0; k < planes.length; k++) {
      for (int t = 1; t <= steps; t++) {
        int alone = apart.first + t * stride;
        int at = among.first + (t * rows + r) * stride;
        assertThat(Arrays.mismatch(planes[k], alone, alone + stride, others[k], at, at + stride))
            .as("step %d of row %d", t, r)
            .isEqualTo(-1);
      }
    }
  }

  /**
   * A long sequence whose own gradient is exactly zero (its output is saturated at its target)
   * makes all others longer by padding.
   */
  @Test
  void paddingAddsNothingToTheGradient() {
    var text =
        """
        cell clipped
        input i
        param p = uniform(0.2, 0.8)
        state h = uniform(0, 0.5), y = 0
        h = p * h + tanh(i)
        y = min(max(h, 0), 1)
        output y
        """;
    var layer =
        new LayerSpec(
            "clipped",
            text,
            5,
            true,
            Map.of(),
            Map.of(),
            Map.of(),
            Surrogate.DEFAULT,
            new Initializer.Normal(0, 0.4),
            new Initializer.Normal(0, 0.2),
            new Initializer.Constant(0.1),
            null,
            null);
    var loss = new LossSpec(LossSpec.Kind.MEAN_SQUARED_ERROR, 2, LossSpec.Reduction.SUM);
    var spec = new NetworkSpec(3, List.of(layer), Readout.EACH_STEP, loss);
    Network network = Network.create(spec, 8);
    float[] weights = network.parameters().get("clipped.weight_in");
    int target = 2;
    for (int to = 0; to < 5; to++) {
      weights[to * 3] = to == target ? 1000 : -1000;
    }
    network.parameters().set("clipped.weight_in", weights);
    network.follow();
    var random = new Random(3);
    var batch = new ArrayList<Sequence>();
    long[] keys = {5, 6, 7};
    for (int r = 0; r < 3; r++) {
      boolean saturated = r == 2;
      int steps = saturated ? 90 : 20 + 13 * r;
      float[] values = new float[3 * steps];
      int[] targets = new int[steps];
      for (int t = 0; t < steps; t++) {
        values[3 * t] = saturated ? 1 : 0;
        values[3 * t + 1] = random.nextInt(2);
        values[3 * t + 2] = random.nextInt(2);
        targets[t] = saturated ? target : random.nextInt(5);
      }
      String id = "sequence " + r;
      batch.add(new Sequence(id, id, steps, 3, values, targets, new boolean[steps]));
    }
    var worker = new Worker(network, 3, 96, true);
    worker.train(new Worker.Rows(batch.subList(2, 3), new long[] {7}, 1, "training"), 0.5, 0);
    assertThat(worker.gradient).containsOnly(0);
    worker.train(new Worker.Rows(batch.subList(0, 2), new long[] {5, 6}, 1, "training"), 0.5, 0);
    Bits without = Bits.of(0, worker.gradient);
    worker.train(new Worker.Rows(batch, keys, 1, "training"), 0.5, 0);
    Bits.of(0, worker.gradient).areThoseOf(without, "with padding");
  }

  @ParameterizedTest
  @EnumSource(Readout.class)
  void evaluationInStretchesIsEvaluationOfTheWhole(Readout readout) {
    var size = new RandomNetwork.Size(3, 40, 9, 150);
    for (int trial = 0; trial < 6; trial++) {
      var kind = LossSpec.Kind.values()[trial % 2];
      var drawn = RandomNetwork.of(800 + trial, size, trial % 3 > 0, readout, kind);
      Network network = Network.create(drawn.spec(), drawn.seed());
      var classes = new ArrayList<String>();
      for (int c = 0; c < network.layers().getLast().units(); c++) {
        classes.add("class " + c);
      }
      var data = new SequenceSet("random", drawn.spec().inputs(), classes, drawn.batch());
      Network.Evaluation inStretches = network.evaluate(data, 2, drawn.seed());
      Network.Evaluation whole;
      try (var crew = new Crew(network, 1, 3, WHOLE, false)) {
        whole = crew.evaluate(data, drawn.seed());
      }
      // micro-batches of another size add up the losses of sequences in another order
      assertThat(inStretches.score().loss())
          .isCloseTo(whole.score().loss(), withinPercentage(1e-10));
      assertThat(inStretches.score().accuracy())
          .isCloseTo(whole.score().accuracy(), withinPercentage(1e-10));
      assertThat(inStretches.score().confusion()).isDeepEqualTo(whole.score().confusion());
      assertThat(inStretches.inputRate()).isEqualTo(whole.inputRate());
      assertThat(inStretches.firingRates()).isEqualTo(whole.firingRates());
      for (int stretch : new int[] {1, 50}) {
        try (var crew = new Crew(network, 1, 3, stretch, false)) {
          assertThat(crew.evaluate(data, drawn.seed()).score().loss())
              .as("stretches of %d, %s", stretch, drawn)
              .isEqualTo(whole.score().loss());
        }
      }
    }
  }

  @Test
  void theFailureOfAWorkerIsTheOneReported() {
    var size = new RandomNetwork.Size(1, 8, 9, 20);
    var drawn = RandomNetwork.of(2, size, false, Readout.EACH_STEP, LossSpec.Kind.CROSS_ENTROPY);
    Network network = Network.create(drawn.spec(), 1);
    var batch = new ArrayList<Sequence>();
    for (int r = 0; r < 40; r++) {
      batch.add(drawn.batch().getFirst());
    }
    Sequence good = batch.get(3);
    int[] targets = new int[good.steps()];
    Arrays.fill(targets, 1000);
    batch.set(
        3,
        new Sequence(
            "bad", "bad", good.steps(), good.channels(), good.values(), targets, good.annotated()));
    float[] gradient = new float[network.parameters().values().length];
    for (int attempt = 0; attempt < 20; attempt++) {
      try (var crew = new Crew(network, 4, 1, 32, true)) {
        assertThatThrownBy(() ->
                crew.train(
                    batch,
                    new long[40],
                    1,
                    0,
                    gradient,
                    new Tally(network.layers().getLast().units()),
                    new Activity(1)))
            .isInstanceOf(ArrayIndexOutOfBoundsException.class);
      }
    }
  }
}
