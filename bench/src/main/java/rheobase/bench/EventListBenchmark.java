package rheobase.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import rheobase.network.product.Events;
import rheobase.network.product.Products;

/**
 * Claim: listing the events of one time step (16 rows) costs little beside the product they save,
 * and hardly more when many units fire.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class EventListBenchmark {
  private static final int STEPS = 256;
  private static final int ROWS = 16;

  @Param({"36", "512"})
  public int units;

  @Param({"1", "10", "50"})
  public int percentActive;

  private final Events events = new Events();
  private int stride;
  private float[] raster;
  private int next;

  @Setup(Level.Trial)
  public void fill() {
    stride = Products.stride(units);
    raster = Samples.raster(STEPS * ROWS, units, percentActive);
  }

  @Benchmark
  public int oneStep() {
    next = (next + 1) % STEPS;
    events.clear();
    return events.append(ROWS, units, raster, next * ROWS * stride, stride);
  }
}
