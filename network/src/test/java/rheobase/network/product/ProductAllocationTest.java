package rheobase.network.product;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/**
 * Once compiled, products and event lists allocate nothing. A vector that is boxed, because it
 * crosses a call that was not inlined, shows here first.
 */
class ProductAllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int CALLS = 500;

  /** Compilers get this long on a busy machine; a second is usual. */
  private static final long PATIENCE_NANOS = 60_000_000_000L;

  private final Products products = new VectorProducts();
  private final SampleMatrices samples = new SampleMatrices(3);

  @Test
  void denseProductsAllocateNothing() {
    for (int m : new int[] {4, 16}) {
      for (int n : new int[] {16, 32, 48}) {
        float[] a = samples.weights(m * 36);
        float[] b = samples.weights(36 * n);
        float[] c = new float[m * n];
        assertSettlesToNoAllocation(() -> products.dense(m, n, 36, a, 0, 36, 1, b, 0, n, c, 0, n));
      }
    }
  }

  @Test
  void transposedDenseProductAllocatesNothing() {
    float[] a = samples.weights(600 * 48);
    float[] b = samples.weights(600 * 48);
    float[] c = new float[36 * 48];
    assertSettlesToNoAllocation(() -> products.dense(36, 48, 600, a, 0, 1, 48, b, 0, 48, c, 0, 48));
  }

  @Test
  void gatherAllocatesNothing() {
    for (int n : new int[] {16, 32, 48, 64, 128}) {
      Events events = new Events();
      events.append(16, 36, samples.raster(16 * 36, 0.3), 0, 36);
      float[] b = samples.weights(36 * n);
      float[] c = new float[16 * n];
      assertSettlesToNoAllocation(() -> products.gather(events, 0, 16, b, 0, n, n, c, 0, n));
    }
  }

  @Test
  void transposedGatherAllocatesNothing() {
    Events events = new Events();
    events.append(200, 36, samples.raster(200 * 36, 0.3), 0, 36);
    float[] k = samples.weights(200 * 48);
    float[] dw = new float[36 * 48];
    assertSettlesToNoAllocation(
        () -> products.gatherTransposed(events, 0, 200, 36, k, 0, 48, 48, dw, 0, 48));
  }

  @Test
  void pickAllocatesNothing() {
    Events events = new Events();
    events.append(16, 130, samples.raster(16 * 130, 0.1), 0, 130);
    float[] a = samples.weights(16 * 48);
    float[] b = samples.weights(130 * 48);
    float[] c = new float[16 * 144];
    assertSettlesToNoAllocation(
        () -> products.pick(events, 0, 16, a, 0, 48, b, 0, 48, 48, c, 0, 144));
  }

  @Test
  void listingEventsAllocatesNothing() {
    Events events = new Events();
    float[] values = samples.raster(16 * 48, 0.3);
    assertSettlesToNoAllocation(() -> {
      events.clear();
      events.append(16, 36, values, 0, 48);
    });
  }

  private static void assertSettlesToNoAllocation(Runnable call) {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    long bytes;
    do {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < CALLS; i++) {
        call.run();
      }
      bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
    } while (bytes > 0 && System.nanoTime() < deadline);
    assertThat(bytes).as("bytes allocated by %d calls", CALLS).isZero();
  }
}
