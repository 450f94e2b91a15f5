package rheobase.network.optimize;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import rheobase.network.NetworkException;
import rheobase.network.parameter.Parameters;
import rheobase.network.parameter.Tensor;

/**
 * Takes the steps an {@link OptimizerSpec} describes, over the flat arrays of a network, in single
 * precision and in the order of PyTorch's own updates. Scalars (bias corrections, step sizes) are
 * computed in double precision with {@link StrictMath} and rounded once; the loops over parameters
 * are plain, element by element, so that C2 turns them into vector code and the result has the same
 * bits with and without it. Padding has gradient zero and value zero and stays zero under every
 * rule.
 *
 * <p>Call order: {@link #leaveOutFrozen}, clipping and {@link #step} once per batch; {@link
 * #steps}, {@link #first} and {@link #second} when a checkpoint is written; {@link #restore} before
 * the first step of a run that goes on.
 */
public final class Optimizer {
  private final OptimizerSpec spec;
  private final List<Tensor> tensors;
  private final double[] factors;
  private final Bounds bounds;
  private final float[] first;
  private final float[] second;
  private long steps;

  /**
   * An optimiser that has taken no step yet.
   *
   * @param layout the parameters it will work on, or any laid out alike
   * @param rateFactors by tensor name ({@code hidden.tau_m}), bare name ({@code tau_m}) or group;
   *     the longer name wins
   * @param bounds applied after each step
   * @throws NetworkException for a rate factor of a parameter that does not exist
   */
  public Optimizer(
      OptimizerSpec spec, Parameters layout, Map<String, Double> rateFactors, Bounds bounds) {
    this.spec = spec;
    this.tensors = layout.tensors();
    this.factors = RateFactors.of(layout, rateFactors);
    this.bounds = bounds;
    int size = layout.values().length;
    this.first = new float[size];
    this.second = new float[spec instanceof OptimizerSpec.Sgd ? 0 : size];
  }

  /**
   * One step.
   *
   * @param values the parameters, changed in place
   * @param gradients of the loss, same layout; not changed
   * @param rate of this epoch, before the factors of single tensors
   */
  public void step(float[] values, float[] gradients, double rate) {
    steps++;
    for (int i = 0; i < factors.length; i++) {
      int begin = tensors.get(i).offset();
      int end = begin + tensors.get(i).extent();
      double own = rate * factors[i];
      switch (spec) {
        case OptimizerSpec.Adam(_, double beta1, double beta2, double epsilon) ->
            adam(values, gradients, begin, end, own, beta1, beta2, epsilon);
        case OptimizerSpec.AdamW(_, double beta1, double beta2, double epsilon, double decay) -> {
          scale(values, begin, end, (float) (1 - own * decay));
          adam(values, gradients, begin, end, own, beta1, beta2, epsilon);
        }
        case OptimizerSpec.Adamax(_, double beta1, double beta2, double epsilon) ->
            adamax(values, gradients, begin, end, own, beta1, beta2, epsilon);
        case OptimizerSpec.Sgd(_, double momentum) ->
            descend(values, gradients, first, begin, end, (float) own, (float) momentum);
      }
    }
    bounds.apply(values);
  }

  /**
   * Zeroes the gradients of tensors whose rate factor is 0, so that what is not trained has no part
   * in the norm that is clipped.
   */
  public void leaveOutFrozen(float[] gradients) {
    for (int i = 0; i < factors.length; i++) {
      if (factors[i] == 0) {
        int begin = tensors.get(i).offset();
        Arrays.fill(gradients, begin, begin + tensors.get(i).extent(), 0);
      }
    }
  }

  /** Steps taken, as bias correction counts them. */
  public long steps() {
    return steps;
  }

  /** The running mean of gradients (or the velocity of {@code sgd}), the array itself. */
  public float[] first() {
    return first;
  }

  /**
   * The running mean of squared gradients (or their largest magnitude, of {@code adamax}), the
   * array itself; empty for {@code sgd}.
   */
  public float[] second() {
    return second;
  }

  /** Goes on where another optimiser of the same kind and layout stood. */
  public void restore(long steps, float[] first, float[] second) {
    if (first.length != this.first.length || second.length != this.second.length) {
      throw new NetworkException(
          "the saved optimiser has "
              + first.length
              + " and "
              + second.length
              + " moments, but this network needs "
              + this.first.length
              + " and "
              + this.second.length);
    }
    this.steps = steps;
    System.arraycopy(first, 0, this.first, 0, first.length);
    System.arraycopy(second, 0, this.second, 0, second.length);
  }

  private void adam(
      float[] values,
      float[] gradients,
      int begin,
      int end,
      double rate,
      double beta1,
      double beta2,
      double epsilon) {
    double correction1 = 1 - StrictMath.pow(beta1, steps);
    double correction2 = 1 - StrictMath.pow(beta2, steps);
    moments(
        gradients,
        first,
        second,
        begin,
        end,
        (float) (1 - beta1),
        (float) beta2,
        (float) (1 - beta2));
    move(
        values,
        first,
        second,
        begin,
        end,
        (float) (rate / correction1),
        (float) Math.sqrt(correction2),
        (float) epsilon);
  }

  private static void moments(
      float[] gradients,
      float[] first,
      float[] second,
      int begin,
      int end,
      float fresh1,
      float kept2,
      float fresh2) {
    for (int i = begin; i < end; i++) {
      float gradient = gradients[i];
      first[i] += fresh1 * (gradient - first[i]);
      second[i] = second[i] * kept2 + fresh2 * gradient * gradient;
    }
  }

  private static void move(
      float[] values,
      float[] first,
      float[] second,
      int begin,
      int end,
      float size,
      float rootOfCorrection,
      float epsilon) {
    for (int i = begin; i < end; i++) {
      float width = (float) Math.sqrt(second[i]) / rootOfCorrection + epsilon;
      values[i] -= size * (first[i] / width);
    }
  }

  private void adamax(
      float[] values,
      float[] gradients,
      int begin,
      int end,
      double rate,
      double beta1,
      double beta2,
      double epsilon) {
    largest(
        gradients, first, second, begin, end, (float) (1 - beta1), (float) beta2, (float) epsilon);
    float size = (float) (rate / (1 - StrictMath.pow(beta1, steps)));
    for (int i = begin; i < end; i++) {
      values[i] -= size * (first[i] / second[i]);
    }
  }

  /** Never zero, thanks to epsilon. */
  private static void largest(
      float[] gradients,
      float[] first,
      float[] second,
      int begin,
      int end,
      float fresh1,
      float kept2,
      float epsilon) {
    for (int i = begin; i < end; i++) {
      float gradient = gradients[i];
      first[i] += fresh1 * (gradient - first[i]);
      second[i] = Math.max(second[i] * kept2, Math.abs(gradient) + epsilon);
    }
  }

  private static void scale(float[] values, int begin, int end, float factor) {
    for (int i = begin; i < end; i++) {
      values[i] *= factor;
    }
  }

  private static void descend(
      float[] values,
      float[] gradients,
      float[] velocity,
      int begin,
      int end,
      float rate,
      float momentum) {
    for (int i = begin; i < end; i++) {
      velocity[i] = momentum * velocity[i] + gradients[i];
      values[i] -= rate * velocity[i];
    }
  }
}
