package rheobase.network.parameter;

import rheobase.data.RandomStream;
import rheobase.network.NetworkException;

/**
 * Draws the values an {@link Initializer} names. Drawing is in double precision, in the order of
 * the saved shape ({@code to} outside, {@code from} inside), block after block, so a stream gives
 * the same values for ever.
 */
public final class InitialValues {
  private InitialValues() {}

  /**
   * Fills a matrix, each block as a matrix of its own: a gate's fans do not depend on how many
   * gates lie beside it, and each square block of an orthogonal matrix is orthogonal.
   */
  public static void weights(
      Parameters parameters, Tensor tensor, Initializer initializer, RandomStream random) {
    int to = tensor.unitsPerBlock();
    int from = tensor.rows();
    var saved = new float[tensor.count()];
    for (int block = 0; block < tensor.blocks(); block++) {
      var values = matrix(initializer, to, from, random);
      System.arraycopy(values, 0, saved, block * to * from, to * from);
    }
    parameters.set(tensor.name(), saved);
  }

  /**
   * Fills a vector.
   *
   * @param fanIn sources of the matrix this is the bias of; only {@code uniform_fan_in} looks at it
   * @throws NetworkException for an initialiser that needs a matrix
   */
  public static void vector(
      Parameters parameters,
      Tensor tensor,
      Initializer initializer,
      int fanIn,
      RandomStream random) {
    var saved = new float[tensor.count()];
    switch (initializer) {
      case Initializer.UniformFanIn() -> uniform(saved, 1 / Math.sqrt(fanIn), random);
      case Initializer.Constant _, Initializer.Normal _, Initializer.Uniform _ ->
          independent(saved, initializer, random);
      case Initializer.Xavier _,
          Initializer.XavierNormal _,
          Initializer.Kaiming _,
          Initializer.KaimingNormal _,
          Initializer.Orthogonal _ ->
          throw new NetworkException(
              "'"
                  + tensor.name()
                  + "' is a vector, and '"
                  + initializer.text()
                  + "' is for matrices; use uniform_fan_in, constant, normal or uniform");
    }
    parameters.set(tensor.name(), saved);
  }

  /** The values of one matrix, {@code [to][from]} flattened. */
  static float[] matrix(Initializer initializer, int to, int from, RandomStream random) {
    var saved = new float[to * from];
    switch (initializer) {
      case Initializer.Xavier() -> uniform(saved, Math.sqrt(6.0 / (from + to)), random);
      case Initializer.XavierNormal() -> gaussian(saved, Math.sqrt(2.0 / (from + to)), random);
      case Initializer.Kaiming(double gain) -> uniform(saved, gain * Math.sqrt(3.0 / from), random);
      case Initializer.KaimingNormal(double gain) ->
          gaussian(saved, gain / Math.sqrt(from), random);
      case Initializer.UniformFanIn() -> uniform(saved, 1 / Math.sqrt(from), random);
      case Initializer.Orthogonal(double gain) -> {
        var rows = OrthogonalMatrix.draw(to, from, random);
        for (int i = 0; i < to; i++) {
          for (int j = 0; j < from; j++) {
            saved[i * from + j] = (float) (gain * rows[i][j]);
          }
        }
      }
      case Initializer.Constant _, Initializer.Normal _, Initializer.Uniform _ ->
          independent(saved, initializer, random);
    }
    return saved;
  }

  private static void uniform(float[] values, double bound, RandomStream random) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
    }
  }

  private static void gaussian(float[] values, double deviation, RandomStream random) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
  }

  private static void independent(float[] values, Initializer initializer, RandomStream random) {
    for (int i = 0; i < values.length; i++) {
      values[i] =
          (float)
              switch (initializer) {
                case Initializer.Constant(double value) -> value;
                case Initializer.Normal(double mean, double standardDeviation) ->
                    mean + standardDeviation * random.nextGaussian();
                case Initializer.Uniform(double low, double high) ->
                    low + (high - low) * random.nextDouble();
                default -> throw new AssertionError(initializer + " draws its values together");
              };
    }
  }
}
