package rheobase.network.model;

import java.util.Arrays;
import rheobase.network.NetworkException;

/**
 * A tensor as a file holds it.
 *
 * @param shape side lengths, outermost first; empty for a single number
 * @param values row by row, as many as the product of the shape
 */
public record SavedTensor(String name, int[] shape, float[] values) {
  public SavedTensor {
    long count = 1;
    for (int side : shape) {
      count *= side;
    }
    if (count != values.length) {
      throw new NetworkException(
          "the tensor '"
              + name
              + "' has the shape "
              + Arrays.toString(shape)
              + " but "
              + values.length
              + " values");
    }
  }
}
