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
 * Claim: one time step over the events alone beats the dense product below the activity that {@link
 * Products#gatherPays} names. Every call takes another step of a long raster, so that the branches
 * are not learnt by heart.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class GatherBenchmark {
  private static final int STEPS = 256;

  @Param({"16x48x36", "16x512x512"})
  public String step;

  @Param({"1", "5", "10", "20", "37", "50"})
  public int percentActive;

  private final Products products = Products.best();
  private final Events events = new Events();
  private Shape shape;
  private int stride;
  private float[] raster;
  private float[] weights;
  private float[] drive;
  private int next;

  @Setup(Level.Trial)
  public void fill() {
    shape = Shape.of(step);
    stride = Products.stride(shape.k());
    raster = Samples.raster(STEPS * shape.m(), shape.k(), percentActive);
    events.append(STEPS * shape.m(), shape.k(), raster, 0, stride);
    weights = Samples.weights(shape.k() * shape.n());
    drive = new float[shape.m() * shape.n()];
  }

  @Benchmark
  public float[] dense() {
    int n = shape.n();
    int row = nextStep() * shape.m();
    products.dense(
        shape.m(), n, shape.k(), raster, row * stride, stride, 1, weights, 0, n, drive, 0, n);
    return drive;
  }

  @Benchmark
  public float[] gather() {
    int n = shape.n();
    products.gather(events, nextStep() * shape.m(), shape.m(), weights, 0, n, n, drive, 0, n);
    return drive;
  }

  private int nextStep() {
    next = (next + 1) % STEPS;
    return next;
  }
}
