package rheobase.network;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rheobase.cell.graph.Surrogate;
import rheobase.cell.language.Cells;
import rheobase.data.Sequence;
import rheobase.network.parameter.Initializer;

/**
 * A micro-batch may allocate a little for itself, its keys and its initial states, but nothing for
 * each time step: a vector that escapes into an object costs more than the step.
 */
class EngineAllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int STEPS = 100;
  private static final int LONGER = 4 * STEPS;

  /** Steps that buffers hold where a sequence is run stretch by stretch; as for evaluation. */
  private static final int STRETCH = 64;

  /**
   * What a stretch may take, whatever its length: a stream over the sequences, a view of a list.
   * Less than the smallest object for each of its steps.
   */
  private static final int STRETCH_BYTES = 512;

  private static final int STRETCHES_MORE =
      Math.ceilDiv(LONGER, STRETCH) - Math.ceilDiv(STEPS, STRETCH);

  private static final long PATIENCE_NANOSECONDS = 60_000_000_000L;

  /** Few channels are multiplied as they are, many go in as events. */
  @ParameterizedTest
  @CsvSource({"alif, 3", "alif, 20", "gru, 3"})
  void stepsOfTrainingAllocateNothing(String cell, int channels) {
    Network network = Network.create(spec(cell, channels), 1);
    var worker = new Worker(network, 4, LONGER, true);
    assertLengthTakesNoMemory(cell, channels, 0, rows -> worker.train(rows, 1, 0));
  }

  /** The states between the stretches are kept, but in buffers that are there from the start. */
  @Test
  void stepsOfCheckpointedTrainingAllocateNothing() {
    Network network = Network.create(spec("alif", 3), 1);
    var worker = new Worker(network, 4, STRETCH, true);
    worker.train(rows("alif", 3, LONGER), 1, 0);
    assertLengthTakesNoMemory(
        "alif", 3, STRETCHES_MORE * STRETCH_BYTES, rows -> worker.train(rows, 1, 0));
  }

  @ParameterizedTest
  @CsvSource({"alif, 3", "alif, 20", "gru, 3"})
  void stepsOfAForwardPassAllocateNothing(String cell, int channels) {
    Network network = Network.create(spec(cell, channels), 1);
    var worker = new Worker(network, 4, STRETCH, false);
    assertLengthTakesNoMemory(cell, channels, STRETCHES_MORE * STRETCH_BYTES, worker::evaluate);
  }

  private static void assertLengthTakesNoMemory(
      String cell, int channels, int allowed, Consumer<Worker.Rows> work) {
    Worker.Rows shorter = rows(cell, channels, STEPS);
    Worker.Rows longer = rows(cell, channels, LONGER);
    long end = System.nanoTime() + PATIENCE_NANOSECONDS;
    // until compiled, kernels make an object of every vector; a round in which that ends says
    // nothing
    long difference = 0;
    int alike = 0;
    while (alike < 3 && System.nanoTime() < end) {
      long least = allocated(work, shorter);
      difference = allocated(work, longer) - least;
      alike = difference <= allowed ? alike + 1 : 0;
    }
    assertThat(alike)
        .as(
            "rounds in a row without an allocation; the last time %d more steps took %d bytes",
            LONGER - STEPS, difference)
        .isEqualTo(3);
  }

  /** Bytes of the leanest of a few runs, as compilation may end in the middle of one. */
  private static long allocated(Consumer<Worker.Rows> work, Worker.Rows rows) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      work.accept(rows);
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }

  private static boolean eachStep(String cell) {
    return cell.equals("alif");
  }

  private static NetworkSpec spec(String cell, int channels) {
    return new NetworkSpec(
        channels,
        List.of(layer("hidden", cell, 36, true), layer("output", "leaky_integrator", 6, false)),
        eachStep(cell) ? Readout.EACH_STEP : Readout.SUM_OF_SOFTMAX,
        new LossSpec(LossSpec.Kind.CROSS_ENTROPY, 0, LossSpec.Reduction.SUM));
  }

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
        new Initializer.Orthogonal(1),
        new Initializer.Constant(0),
        new Initializer.Constant(0),
        null);
  }

  private static Worker.Rows rows(String cell, int channels, int steps) {
    var random = new Random(steps);
    var batch = new ArrayList<Sequence>();
    for (int r = 0; r < 4; r++) {
      batch.add(
          RandomNetwork.sequence("row " + r, steps, channels, 6, eachStep(cell), 0.3, random));
    }
    return new Worker.Rows(batch, new long[] {0, 1, 2, 3}, 1, "training");
  }
}
