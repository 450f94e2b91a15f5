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
import rheobase.network.product.Products;

/**
 * Claim: the dense product runs near the multiply-add peak of a core at the small shapes of one
 * time step as at the large ones, and so does the transposed product of the weight gradients.
 * GFLOP/s are {@code 2 m n k} over the nanoseconds of a call.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class DenseProductBenchmark {
  /** Rows of the micro-batch x width x inputs: ECG's layers, then large ones. */
  @Param({
    "16x48x36",
    "16x16x36",
    "16x48x4",
    "16x128x128",
    "16x256x256",
    "16x512x512",
    "16x1024x1024"
  })
  public String step;

  private final Products products = Products.best();
  private Shape shape;
  private float[] a;
  private float[] b;
  private float[] c;

  @Setup(Level.Trial)
  public void fill() {
    shape = Shape.of(step);
    a = Samples.weights(shape.m() * shape.k());
    b = Samples.weights(shape.k() * shape.n());
    c = new float[shape.m() * shape.n()];
  }

  @Benchmark
  public float[] oneStep() {
    int n = shape.n();
    products.dense(shape.m(), n, shape.k(), a, 0, shape.k(), 1, b, 0, n, c, 0, n);
    return c;
  }
}
