package rheobase.data;

import java.nio.charset.StandardCharsets;

/**
 * A stream of random numbers named by a key: a seed, a purpose and a path of numbers, such as
 * {@code of(seed, "mask", epoch, sequence)}. Equal keys give equal streams on every machine and in
 * every release; different keys give unrelated streams. There is no shared generator to draw from
 * in the wrong order, which is what makes results independent of threads and resumable.
 *
 * <p><b>The algorithm, fixed for ever.</b> All arithmetic is modulo 2^64.
 *
 * <pre>
 * mix(z):       z = (z ^ z&gt;&gt;&gt;30) * 0xbf58476d1ce4e5b9
 *               z = (z ^ z&gt;&gt;&gt;27) * 0x94d049bb133111eb
 *               z ^ z&gt;&gt;&gt;31
 * golden        = 0x9e3779b97f4a7c15
 * absorb(h, v)  = mix((h ^ v) + golden)
 * h             = absorb(0, seed), then the number of UTF-8 bytes of the purpose and each of these
 *                 bytes (unsigned), then the length of the path and each of its numbers
 * a, b          = mix(h + golden), mix(h + 2 golden)
 * output i      = mix(b ^ mix(a + i golden)),  i = 1, 2, ...
 * </pre>
 *
 * {@code mix} is the finaliser of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom
 * number generators", OOPSLA 2014, with Stafford's variant 13 of the constants). The second mix
 * with its own key {@code b} keeps two streams apart even when their counters {@code a + i golden}
 * meet. The period is 2^64. Not for cryptography.
 *
 * <p>A stream is mutable and belongs to one thread.
 */
public final class RandomStream {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private final long outerKey;
  private long counter;
  private double spareGaussian = Double.NaN;

  private RandomStream(long key) {
    this.counter = mix(key + GOLDEN);
    this.outerKey = mix(key + 2 * GOLDEN);
  }

  /**
   * The stream of this key, at its beginning.
   *
   * @param seed the seed of the run
   * @param purpose what the numbers are for, such as {@code "shuffle"}; part of the key
   * @param path numbers that tell streams of one purpose apart, such as epoch and sequence; {@code
   *     (1)} and {@code (1, 0)} differ
   */
  public static RandomStream of(long seed, String purpose, long... path) {
    long h = absorb(0, seed);
    final byte[] name = purpose.getBytes(StandardCharsets.UTF_8);
    h = absorb(h, name.length);
    for (byte b : name) {
      h = absorb(h, b & 0xff);
    }
    h = absorb(h, path.length);
    for (long element : path) {
      h = absorb(h, element);
    }
    return new RandomStream(h);
  }

  /** 64 uniform random bits. */
  public long nextLong() {
    counter += GOLDEN;
    return mix(outerKey ^ mix(counter));
  }

  /** Uniform in [0, 1), a multiple of 2^-24: the upper 24 bits of {@link #nextLong()}. */
  public float nextFloat() {
    return (nextLong() >>> 40) * 0x1p-24f;
  }

  /** Uniform in [0, 1), a multiple of 2^-53: the upper 53 bits of {@link #nextLong()}. */
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1p-53;
  }

  /**
   * Normal with mean 0 and standard deviation 1, by Marsaglia's polar method on pairs {@code 2
   * nextDouble() - 1}; the second value of a pair is given at the next call. Uses {@link
   * StrictMath}, so the bits do not depend on the platform.
   */
  public double nextGaussian() {
    if (!Double.isNaN(spareGaussian)) {
      final double value = spareGaussian;
      spareGaussian = Double.NaN;
      return value;
    }
    double x;
    double y;
    double squared;
    do {
      x = 2 * nextDouble() - 1;
      y = 2 * nextDouble() - 1;
      squared = x * x + y * y;
    } while (squared >= 1 || squared == 0);
    final double scale = Math.sqrt(-2 * StrictMath.log(squared) / squared);
    spareGaussian = y * scale;
    return x * scale;
  }

  /**
   * Uniform in 0 .. bound-1, without bias: the upper 32 bits of {@link #nextLong()} times the
   * bound, upper half, drawn again while the lower half is below {@code 2^32 mod bound} (Lemire
   * 2019).
   *
   * @throws IllegalArgumentException when the bound is not positive
   */
  public int nextInt(int bound) {
    if (bound <= 0) {
      throw new IllegalArgumentException(
          "The bound of nextInt must be positive, not " + bound + ".");
    }
    final long rejected = (1L << 32) % bound;
    long product;
    do {
      product = (nextLong() >>> 32) * bound;
    } while ((product & 0xffffffffL) < rejected);
    return (int) (product >>> 32);
  }

  /**
   * Puts the values into a random order: for i from the last down to 1, swap i with {@code
   * nextInt(i + 1)}.
   */
  public void shuffle(int[] values) {
    for (int i = values.length - 1; i > 0; i--) {
      final int j = nextInt(i + 1);
      final int swapped = values[i];
      values[i] = values[j];
      values[j] = swapped;
    }
  }

  private static long absorb(long h, long v) {
    return mix((h ^ v) + GOLDEN);
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
