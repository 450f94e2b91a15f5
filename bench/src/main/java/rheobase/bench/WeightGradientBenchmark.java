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
 * Claim: a weight gradient over all rows of a micro-batch runs at the speed of the product that is
 * not transposed, and over the events alone it is faster below {@link
 * Products#transposedGatherPays}. The shape is units x width x rows.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class WeightGradientBenchmark {
  @Param({"36x48x20000", "512x512x4096"})
  public String gradient;

  @Param({"1", "5", "10", "20", "37", "50"})
  public int percentActive;

  private final Products products = Products.best();
  private final Events events = new Events();
  private Shape shape;
  private int stride;
  private float[] raster;
  private float[] driveGradient;
  private float[] weightGradient;

  @Setup(Level.Trial)
  public void fill() {
    shape = Shape.of(gradient);
    stride = Products.stride(shape.m());
    raster = Samples.raster(shape.k(), shape.m(), percentActive);
    events.append(shape.k(), shape.m(), raster, 0, stride);
    driveGradient = Samples.weights(shape.k() * shape.n());
    weightGradient = new float[shape.m() * shape.n()];
  }

  @Benchmark
  public float[] dense() {
    int n = shape.n();
    products.dense(
        shape.m(), n, shape.k(), raster, 0, 1, stride, driveGradient, 0, n, weightGradient, 0, n);
    return weightGradient;
  }

  @Benchmark
  public float[] gather() {
    int n = shape.n();
    products.gatherTransposed(
        events, 0, shape.k(), shape.m(), driveGradient, 0, n, n, weightGradient, 0, n);
    return weightGradient;
  }
}
