package rheobase.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rheobase.cell.graph.Surrogate;
import rheobase.cell.language.Cells;
import rheobase.data.Sequence;
import rheobase.data.SequenceSet;
import rheobase.data.Signal;
import rheobase.data.Split;
import rheobase.data.text.ErrorCounts;
import rheobase.network.model.ModelFile;
import rheobase.network.optimize.OptimizerSpec;
import rheobase.network.optimize.Schedule;
import rheobase.network.parameter.Initializer;
import rheobase.network.training.Curriculum;
import rheobase.network.training.EpochRecord;
import rheobase.network.training.Sampling;
import rheobase.network.training.SelectOn;
import rheobase.network.training.TrainingListener;
import rheobase.network.training.TrainingResult;
import rheobase.network.training.TrainingRun;
import rheobase.network.training.TrainingSpec;

/** Networks that learn what is said from sequences of which nobody knows when. */
class TranscriptsTest {
  private static final List<String> CLASSES = List.of("a", "b", "c", "blank");
  private static final TrainingListener NOBODY =
      new TrainingListener() {
        @Override
        public void step(
            int epoch,
            int sequences,
            int ofSequences,
            double loss,
            double accuracy,
            List<Double> firingRates) {}

        @Override
        public void epoch(EpochRecord record) {}
      };

  @TempDir private Path folder;

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
        new Initializer.Xavier(),
        recurrent ? new Initializer.Orthogonal(1) : null,
        new Initializer.Constant(0),
        recurrent ? new Initializer.Constant(0) : null,
        null);
  }

  private static NetworkSpec spec(LossSpec.Kind kind) {
    return new NetworkSpec(
        4,
        List.of(layer("hidden", "gru", 16, true), layer("output", "linear", 4, false)),
        Readout.EACH_STEP,
        new LossSpec(kind, 0, LossSpec.Reduction.SUM));
  }

  /** Each label is a burst in a channel of its own, of any length, with noise all over. */
  private static SequenceSet spoken(String name, int count, long seed) {
    var random = new Random(seed);
    var sequences = new ArrayList<Sequence>();
    for (int i = 0; i < count; i++) {
      int[] labels = random.ints(random.nextInt(5), 0, 3).toArray();
      var rows = new ArrayList<float[]>();
      quiet(rows, 2 + random.nextInt(4), random);
      for (int label : labels) {
        int from = rows.size();
        quiet(rows, 2 + random.nextInt(4), random);
        rows.subList(from, rows.size()).forEach(row -> row[label] += 1);
        quiet(rows, 2 + random.nextInt(4), random);
      }
      float[] values = new float[rows.size() * 4];
      for (int t = 0; t < rows.size(); t++) {
        System.arraycopy(rows.get(t), 0, values, t * 4, 4);
      }
      var signal = new Signal.Dense(rows.size(), 4, values);
      sequences.add(Sequence.transcribed(name + i, name + i, signal, labels));
    }
    return new SequenceSet(name, 4, CLASSES, sequences);
  }

  private static void quiet(List<float[]> rows, int steps, Random random) {
    for (int t = 0; t < steps; t++) {
      float[] row = new float[4];
      for (int c = 0; c < 4; c++) {
        row[c] = 0.1f * (float) random.nextGaussian();
      }
      rows.add(row);
    }
  }

  private static Split data() {
    return new Split(spoken("train", 60, 1), spoken("validation", 20, 2), spoken("test", 40, 3));
  }

  private static TrainingSpec training(int epochs) {
    return new TrainingSpec(
        epochs,
        6,
        3,
        new OptimizerSpec.Adam(0.02),
        Map.of(),
        new Schedule.Constant(),
        1,
        5,
        SelectOn.VALIDATION,
        0,
        0,
        Curriculum.NONE,
        RangePolicy.BATCH,
        Sampling.SHUFFLED,
        0);
  }

  private TrainingResult run(String name, int epochs, int threads) throws Exception {
    Path own = Files.createDirectories(folder.resolve(name));
    var spec = spec(LossSpec.Kind.CTC);
    return TrainingRun.start(own, spec, training(epochs), data(), threads, Map.of())
        .run(NOBODY, () -> false);
  }

  @Test
  void whatIsSaidIsLearntWithoutBeingToldWhen() throws Exception {
    TrainingResult result = run("learns", 25, 2);
    Score test = result.test();
    ErrorCounts counts = ErrorCounts.of(test.confusion());
    long said =
        data().test().sequences().stream().mapToInt(sequence -> sequence.targets().length).sum();
    assertThat(counts.said()).isEqualTo(said);
    assertThat(counts.rate()).isLessThan(0.05);
    assertThat(test.accuracy()).isCloseTo(1 - counts.rate(), within(1e-12));
    assertThat(ModelFile.read(result.model()).network()).isEqualTo(spec(LossSpec.Kind.CTC));
  }

  @Test
  void untrainedNetworkMayMakeMoreErrorsThanThereAreLabels() {
    var network = Network.create(spec(LossSpec.Kind.CTC), 3);
    Score score = network.evaluate(spoken("many", 30, 9), 1, 1).score();
    ErrorCounts counts = ErrorCounts.of(score.confusion());
    assertThat(score.accuracy()).isCloseTo(1 - counts.rate(), within(1e-12));
    assertThat(counts.errors()).isPositive();
    assertThat(score.loss()).isPositive();
  }

  @Test
  void resumedRunEndsWithTheSameBits() throws Exception {
    TrainingResult whole = run("whole", 3, 2);
    Path own = Files.createDirectories(folder.resolve("stopped"));
    var spec = spec(LossSpec.Kind.CTC);
    var steps = new AtomicInteger();
    TrainingRun.start(own, spec, training(3), data(), 1, Map.of())
        .run(NOBODY, () -> steps.incrementAndGet() > 14);
    TrainingResult resumed =
        TrainingRun.resume(own, spec, training(3), data(), 3, Map.of()).run(NOBODY, () -> false);
    assertThat(resumed.weightsSha256()).isEqualTo(whole.weightsSha256());
    assertThat(resumed.history().get(1).train())
        .usingRecursiveComparison()
        .isEqualTo(whole.history().get(1).train());
    assertThat(resumed.test().accuracy()).isEqualTo(whole.test().accuracy());
  }

  private static float[] train(Network network, int threads, int rows, int stretch, Tally tally) {
    var batch = spoken("batch", 9, 4).sequences();
    float[] gradient = new float[network.parameters().values().length];
    try (var crew = new Crew(network, threads, rows, stretch, true)) {
      long[] keys = new long[batch.size()];
      // twice, so that the second time the buffers hold what the first left behind
      crew.train(batch.reversed(), keys, 1, 0, gradient, new Tally(4), new Activity(2));
      crew.train(batch, keys, 1, 0, gradient, tally, new Activity(2));
    }
    return gradient;
  }

  @Test
  void neitherThreadsNorStretchesChangeABit() {
    var network = Network.create(spec(LossSpec.Kind.CTC), 3);
    var tally = new Tally(4);
    float[] one = train(network, 1, 3, 64, tally);
    assertThat(Arrays.copyOf(one, 5)).doesNotContain(Float.NaN);
    for (int threads = 1; threads <= 3; threads++) {
      var other = new Tally(4);
      assertThat(train(network, threads, 3, 32, other)).isEqualTo(one);
      assertThat(other.loss()).isEqualTo(tally.loss());
      assertThat(other.score().confusion()).isDeepEqualTo(tally.score().confusion());
    }
  }

  @Test
  void lossAndTargetsThatDoNotFitAreNamed() {
    var signal = new Signal.Dense(3, 4, new float[12]);
    var said = set(Sequence.transcribed("said", "g", signal, new int[] {1, 1, 0}));
    var each = set(new Sequence("each", "g", signal, new int[3], new boolean[3]));
    var network = Network.create(spec(LossSpec.Kind.CTC), 1);
    assertThatThrownBy(() -> network.check(said))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining("'said' has 3 steps that count, but CTC needs 4");
    assertThatThrownBy(() -> network.check(each))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining("sequence 'each' has a target for every step");
    assertThatThrownBy(() -> Network.create(spec(LossSpec.Kind.CROSS_ENTROPY), 1).check(said))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining("of sequence 'said' is known only what is said in order");
    var ctc = spec(LossSpec.Kind.CTC);
    assertThatThrownBy(() -> new NetworkSpec(4, ctc.layers(), Readout.LAST, ctc.loss()))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining("the readout is each_step; it is last");
  }

  private static SequenceSet set(Sequence sequence) {
    return new SequenceSet("set", 4, CLASSES, List.of(sequence));
  }
}
