package rheobase.network.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rheobase.cell.graph.Surrogate;
import rheobase.cell.language.Cells;
import rheobase.data.RandomStream;
import rheobase.data.Sequence;
import rheobase.data.SequenceSet;
import rheobase.data.Split;
import rheobase.network.LayerSpec;
import rheobase.network.LossSpec;
import rheobase.network.Network;
import rheobase.network.NetworkException;
import rheobase.network.NetworkSpec;
import rheobase.network.RangePolicy;
import rheobase.network.Readout;
import rheobase.network.Score;
import rheobase.network.model.ModelFile;
import rheobase.network.optimize.OptimizerSpec;
import rheobase.network.optimize.Schedule;
import rheobase.network.parameter.Initializer;

/** Whole runs, small ones, of sequences that are not equally long. */
class TrainingRunTest {
  private static final TrainingListener NOBODY =
      new TrainingListener() {
        @Override
        public void step(
            int epoch,
            int sequences,
            int total,
            double loss,
            double accuracy,
            List<Double> firingRates) {}

        @Override
        public void epoch(EpochRecord record) {}
      };

  @TempDir Path folder;

  private static LayerSpec layer(String name, String cell, int units, boolean recurrent) {
    return new LayerSpec(
        name,
        cell,
        units,
        recurrent,
        Map.of(),
        Map.of(),
        Map.of(),
        Surrogate.DEFAULT,
        new Initializer.Xavier(),
        new Initializer.Orthogonal(1),
        new Initializer.Constant(0),
        new Initializer.Constant(0),
        null);
  }

  private static NetworkSpec network(LayerSpec hidden) {
    return new NetworkSpec(
        3,
        List.of(hidden, layer("output", Cells.text("leaky_integrator"), 2, false)),
        Readout.MEAN,
        new LossSpec(LossSpec.Kind.CROSS_ENTROPY, 0, LossSpec.Reduction.SUM));
  }

  private static TrainingSpec training(Map<String, Double> rates, double clip, int checkpoint) {
    return new TrainingSpec(
        3,
        8,
        4,
        new OptimizerSpec.Adam(0.02),
        rates,
        new Schedule.Constant(),
        clip,
        5,
        SelectOn.LAST,
        checkpoint,
        0,
        Curriculum.NONE,
        RangePolicy.BATCH,
        Sampling.SHUFFLED,
        0);
  }

  private static Split data() {
    var sequences = new ArrayList<Sequence>();
    var random = RandomStream.of(1, "sequences");
    for (int i = 0; i < 30; i++) {
      int steps = 5 + random.nextInt(60);
      float[] values = new float[3 * steps];
      for (int k = 0; k < values.length; k++) {
        values[k] = random.nextInt(3) == 0 ? 1 : 0;
      }
      int[] target = {random.nextInt(2)};
      sequences.add(new Sequence("s" + i, "g" + i, steps, 3, values, target, new boolean[] {true}));
    }
    return new Split(
        set("train", sequences.subList(0, 21)),
        set("validation", List.of()),
        set("test", sequences.subList(21, 30)));
  }

  private static SequenceSet set(String name, List<Sequence> sequences) {
    return new SequenceSet(name, 3, List.of("a", "b"), sequences);
  }

  private TrainingResult run(String name, NetworkSpec network, TrainingSpec training, int threads)
      throws Exception {
    Path own = Files.createDirectories(folder.resolve(name));
    return TrainingRun.start(own, network, training, data(), threads, Map.of())
        .run(NOBODY, () -> false);
  }

  @Test
  void bidirectionalRunThatWasStoppedAndResumedEndsWithTheSameBits() throws Exception {
    var spec =
        network(
            layer("hidden", Cells.text("alif"), 9, true)
                .wired(LayerSpec.Connection.ALL_TO_ALL, true, 2));
    var training = training(Map.of("hidden.tau_m", 3.0), 1, 0);
    TrainingResult whole = run("whole", spec, training, 2);
    Path own = Files.createDirectories(folder.resolve("stopped"));
    var steps = new AtomicInteger();
    TrainingRun.start(own, spec, training, data(), 1, Map.of())
        .run(NOBODY, () -> steps.incrementAndGet() > 6);
    TrainingResult resumed =
        TrainingRun.resume(own, spec, training, data(), 1, Map.of()).run(NOBODY, () -> false);
    assertThat(resumed.weightsSha256()).isEqualTo(whole.weightsSha256());
    assertThat(resumed.test().loss()).isEqualTo(whole.test().loss());

    ModelFile model = ModelFile.read(resumed.model());
    assertThat(model.network()).isEqualTo(spec);
    assertThat(model.weights().byName()).containsKey("hidden.backward.weight_rec");
    Network read = Network.blank(model.network());
    model.restore(read.parameters());
    read.follow();
    assertThat(read.evaluate(data().test(), 1, training.seed()).score().loss())
        .isEqualTo(whole.test().loss());
  }

  private static TrainingSpec training(Sampling sampling, int stepEvery) {
    var plain = training(Map.of("hidden.tau_m", 3.0), 1, 0);
    return new TrainingSpec(
        plain.epochs(),
        plain.batch(),
        plain.microBatch(),
        new OptimizerSpec.Adamax(0.01),
        plain.rateFactors(),
        plain.schedule(),
        plain.clipNorm(),
        plain.seed(),
        plain.selectOn(),
        0,
        0,
        Curriculum.NONE,
        RangePolicy.BATCH,
        sampling,
        stepEvery);
  }

  private static NetworkSpec counting() {
    return new NetworkSpec(
        3,
        List.of(
            layer("hidden", Cells.text("alif"), 9, true),
            layer("output", Cells.text("alif"), 2, false)),
        Readout.SPIKE_COUNT,
        new LossSpec(LossSpec.Kind.CROSS_ENTROPY, 0, LossSpec.Reduction.SUM));
  }

  @ParameterizedTest
  @CsvSource({"SHUFFLED, 20", "SHUFFLED, 7", "BALANCED, 0", "BALANCED, 33"})
  void stepsWithinSequencesAndBalancedDrawsResumeToTheSameBits(Sampling sampling, int stepEvery)
      throws Exception {
    var training = training(sampling, stepEvery);
    TrainingResult whole = run("whole", counting(), training, 3);
    Path own = Files.createDirectories(folder.resolve("stopped"));
    var steps = new AtomicInteger();
    TrainingRun.start(own, counting(), training, data(), 1, Map.of())
        .run(NOBODY, () -> steps.incrementAndGet() > 5);
    TrainingResult resumed =
        TrainingRun.resume(own, counting(), training, data(), 2, Map.of()).run(NOBODY, () -> false);
    assertThat(resumed.weightsSha256()).isEqualTo(whole.weightsSha256());
    assertThat(resumed.train().loss()).isEqualTo(whole.train().loss());
    assertThat(resumed.history())
        .extracting(EpochRecord::train)
        .extracting(Score::loss)
        .isEqualTo(whole.history().stream().map(EpochRecord::train).map(Score::loss).toList());
    assertThat(whole.weightsSha256())
        .isNotEqualTo(run("plain", counting(), training(Sampling.SHUFFLED, 0), 1).weightsSha256());
  }

  @Test
  void onePieceForAllStepsIsAWholeSequence() throws Exception {
    TrainingResult plain = run("plain", counting(), training(Sampling.SHUFFLED, 0), 1);
    TrainingResult piece = run("piece", counting(), training(Sampling.SHUFFLED, 64), 2);
    assertThat(piece.weightsSha256()).isEqualTo(plain.weightsSha256());
    var first = piece.history().getFirst();
    assertThat(first.train().accuracy()).isEqualTo(plain.history().getFirst().train().accuracy());
    assertThat(first.firingRates()).isEqualTo(plain.history().getFirst().firingRates());
  }

  @Test
  void everySequenceIsScoredOnceHoweverManyPiecesItHas() throws Exception {
    var network = counting();
    TrainingResult pieces = run("pieces", network, training(Sampling.SHUFFLED, 7), 1);
    long scored = 0;
    for (long[] row : pieces.history().getFirst().train().confusion()) {
      scored += row[0] + row[1];
    }
    assertThat(scored).isEqualTo(data().train().size());
  }

  @Test
  void stepsWithinSequencesNeedAnAnswerThatAddsUp() {
    var network = counting();
    for (var readout : List.of(Readout.EACH_STEP, Readout.LAST)) {
      var spec = new NetworkSpec(3, network.layers(), readout, network.loss());
      assertThatThrownBy(() -> run(readout.text(), spec, training(Sampling.SHUFFLED, 7), 1))
          .isInstanceOf(NetworkException.class)
          .hasMessageContaining("training.step_every needs an answer that adds up")
          .hasMessageContaining(readout.text());
    }
    var both =
        network(
            layer("hidden", Cells.text("rnn"), 4, true)
                .wired(LayerSpec.Connection.ALL_TO_ALL, true, 1));
    assertThatThrownBy(() -> run("both", both, training(Sampling.SHUFFLED, 7), 1))
        .hasMessage(
            "layer 'hidden' is bidirectional and sees every sequence as a whole; leave out"
                + " training.step_every");
  }

  /** A target for every step: how many ones the step has, more than one or not. */
  private static Split eachStep() {
    var sets =
        Stream.of(data().train(), data().validation(), data().test())
            .map(set ->
                set(
                    set.name(),
                    set.sequences().stream().map(TrainingRunTest::labelledEachStep).toList()))
            .toList();
    return new Split(sets.get(0), sets.get(1), sets.get(2));
  }

  private static Sequence labelledEachStep(Sequence sequence) {
    int steps = sequence.steps();
    float[] values = sequence.values();
    int[] targets = new int[steps];
    boolean[] annotated = new boolean[steps];
    for (int t = 0; t < steps; t++) {
      targets[t] = values[3 * t] + values[3 * t + 1] + values[3 * t + 2] > 1 ? 1 : 0;
      annotated[t] = true;
    }
    return new Sequence(sequence.id(), sequence.group(), steps, 3, values, targets, annotated);
  }

  @Test
  void aRunOnPiecesWithRangesOfStepsEndsWithTheSameBitsWhenResumed() throws Exception {
    var spec =
        new NetworkSpec(
            3,
            List.of(
                layer("hidden", Cells.text("gated_recurrent"), 9, true),
                layer("output", Cells.text("linear"), 2, false)),
            Readout.EACH_STEP,
            new LossSpec(LossSpec.Kind.CROSS_ENTROPY, 0, LossSpec.Reduction.MEAN));
    var plain = training(Map.of(), 1, 0);
    var training =
        new TrainingSpec(
            3,
            8,
            8,
            plain.optimizer(),
            Map.of(),
            plain.schedule(),
            1,
            5,
            SelectOn.LAST,
            0,
            0,
            new Curriculum(List.of(new Curriculum.Stage(2, 10), new Curriculum.Stage(1, 100))),
            RangePolicy.STEP,
            Sampling.SHUFFLED,
            0);
    var data = eachStep();
    TrainingResult whole =
        TrainingRun.start(
                Files.createDirectories(folder.resolve("whole")), spec, training, data, 2, Map.of())
            .run(NOBODY, () -> false);
    Path own = Files.createDirectories(folder.resolve("stopped"));
    var steps = new AtomicInteger();
    TrainingRun.start(own, spec, training, data, 1, Map.of())
        .run(NOBODY, () -> steps.incrementAndGet() > 12);
    TrainingResult resumed =
        TrainingRun.resume(own, spec, training, data, 1, Map.of()).run(NOBODY, () -> false);
    assertThat(resumed.weightsSha256()).isEqualTo(whole.weightsSha256());
    assertThat(resumed.test().loss()).isEqualTo(whole.test().loss());
  }

  @Test
  void rangesOfStepsNeedTheWholeBatchInOneMicroBatch() {
    var plain = training(Map.of(), 1, 0);
    assertThatThrownBy(() ->
            new TrainingSpec(
                3,
                8,
                4,
                plain.optimizer(),
                Map.of(),
                plain.schedule(),
                1,
                5,
                SelectOn.LAST,
                0,
                0,
                Curriculum.NONE,
                RangePolicy.STEP,
                Sampling.SHUFFLED,
                0))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining("training.micro_batch is 4, training.batch 8");
  }

  @Test
  void aFrozenTimeConstantIsAConstant() throws Exception {
    var text =
        """
        cell decaying
        input i
        const b0 = 0.1
        KIND tau_m = 20
        state u = 0, s = 0
        u = exp(-1 / tau_m) * u + i - b0 * s
        s = spike(u - b0)
        output s
        """;
    double clip = 0.05;
    TrainingResult constant =
        run(
            "constant",
            network(layer("hidden", text.replace("KIND", "const"), 9, true)),
            training(Map.of("tau", 0.0), clip, 0),
            1);
    TrainingResult frozen =
        run(
            "frozen",
            network(layer("hidden", text.replace("KIND", "param"), 9, true)),
            training(Map.of("tau", 0.0, "hidden.tau_m", 0.0), clip, 0),
            1);
    assertThat(frozen.network().parameters().get("hidden.tau_m")).containsOnly(20);
    for (var tensor : constant.network().parameters().tensors()) {
      assertThat(frozen.network().parameters().get(tensor.name()))
          .as(tensor.name())
          .isEqualTo(constant.network().parameters().get(tensor.name()));
    }
    assertThat(frozen.history().getFirst().gradientNorm())
        .as("clipped")
        .isGreaterThan(clip)
        .isEqualTo(constant.history().getFirst().gradientNorm());
  }

  @Test
  void aBidirectionalLayerIsNotRunInPieces() {
    var spec =
        network(
            layer("hidden", Cells.text("rnn"), 4, true)
                .wired(LayerSpec.Connection.ALL_TO_ALL, true, 1));
    assertThatThrownBy(() -> run("pieces", spec, training(Map.of(), 0, 32), 1))
        .isInstanceOf(NetworkException.class)
        .hasMessage(
            "layer 'hidden' is bidirectional and sees every sequence as a whole; leave out"
                + " training.checkpoint_steps and training.truncate_steps");
  }
}
