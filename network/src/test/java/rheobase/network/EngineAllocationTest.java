package rheobase.network;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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
  private static final int STEPS = 200;
  private static final long PATIENCE_NANOSECONDS = 60_000_000_000L;

  @ParameterizedTest
  @ValueSource(strings = {"alif", "gru"})
  void timeStepsAllocateNothing(String cell) {
    boolean eachStep = cell.equals("alif");
    Network network = Network.create(spec(cell, eachStep), 1);
    var worker = new Worker(network, 4, 2 * STEPS, true);
    Worker.Rows once = rows(STEPS, eachStep);
    Worker.Rows twice = rows(2 * STEPS, eachStep);
    long end = System.nanoTime() + PATIENCE_NANOSECONDS;
    // until compiled, kernels make an object of every vector; a round in which that ends says
    // nothing
    long difference = 0;
    int alike = 0;
    while (alike < 3 && System.nanoTime() < end) {
      long shorter = allocated(worker, once);
      difference = allocated(worker, twice) - shorter;
      alike = difference == 0 ? alike + 1 : 0;
    }
    assertThat(alike)
        .as("rounds in a row without an allocation; %d more steps took %d bytes", STEPS, difference)
        .isEqualTo(3);
  }

  /** Bytes of the leanest of a few runs, as compilation may end in the middle of one. */
  private static long allocated(Worker worker, Worker.Rows rows) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      worker.train(rows, 1, 0);
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }

  private static NetworkSpec spec(String cell, boolean eachStep) {
    return new NetworkSpec(
        3,
        List.of(layer("hidden", cell, 36, true), layer("output", "leaky_integrator", 6, false)),
        eachStep ? Readout.EACH_STEP : Readout.SUM_OF_SOFTMAX,
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

  private static Worker.Rows rows(int steps, boolean eachStep) {
    var random = new Random(steps);
    var batch = new ArrayList<Sequence>();
    for (int r = 0; r < 4; r++) {
      batch.add(RandomNetwork.sequence("row " + r, steps, 3, 6, eachStep, 0.3, random));
    }
    return new Worker.Rows(batch, new long[] {0, 1, 2, 3}, 1, "training");
  }
}
