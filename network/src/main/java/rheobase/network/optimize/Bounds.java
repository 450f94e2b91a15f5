package rheobase.network.optimize;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import rheobase.network.NetworkException;
import rheobase.network.parameter.Parameters;
import rheobase.network.parameter.Tensor;

/**
 * The range every parameter must stay in, such as a time constant above its step. Applied once to
 * the initial values and after each optimiser step. A parameter that is NaN stays NaN, so that
 * whoever looks for a run gone wrong still finds it.
 */
public final class Bounds {
  private final float[] lower;
  private final float[] upper;
  private final Set<Tensor> bounded = new LinkedHashSet<>();

  /** No bounds yet, for parameters laid out as these. */
  public Bounds(Parameters layout) {
    lower = new float[layout.values().length];
    upper = new float[layout.values().length];
    Arrays.fill(lower, Float.NEGATIVE_INFINITY);
    Arrays.fill(upper, Float.POSITIVE_INFINITY);
  }

  /**
   * Keeps every value of a tensor in {@code [low, high]}; either may be infinite.
   *
   * @throws NetworkException when a bound is NaN or the lower one is above the upper
   */
  public Bounds set(Tensor tensor, float low, float high) {
    for (int to = 0; to < tensor.columns(); to++) {
      for (int from = 0; from < tensor.rows(); from++) {
        set(tensor, to, from, low, high);
      }
    }
    return this;
  }

  /** Keeps one value in {@code [low, high]}; see {@link #set(Tensor, float, float)}. */
  public Bounds set(Tensor tensor, int to, int from, float low, float high) {
    if (!(low <= high)) {
      throw new NetworkException(
          "the bounds of '"
              + tensor.name()
              + "' are "
              + low
              + " and "
              + high
              + "; the lower one must be a number not above the upper one");
    }
    lower[tensor.index(to, from)] = low;
    upper[tensor.index(to, from)] = high;
    bounded.add(tensor);
    return this;
  }

  /** Moves every value that is out of its range to the nearer bound. */
  public void apply(float[] values) {
    for (var tensor : bounded) {
      clamp(values, lower, upper, tensor.offset(), tensor.offset() + tensor.extent());
    }
  }

  /** Math.min and Math.max hand a NaN value on, and C2 turns them into vector instructions. */
  private static void clamp(float[] values, float[] lower, float[] upper, int begin, int end) {
    for (int i = begin; i < end; i++) {
      values[i] = Math.min(upper[i], Math.max(lower[i], values[i]));
    }
  }
}
