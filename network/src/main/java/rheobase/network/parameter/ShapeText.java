package rheobase.network.parameter;

import java.util.Arrays;
import java.util.stream.Collectors;

/** How error sentences write a shape: {@code [36][4]}. */
final class ShapeText {
  private ShapeText() {}

  static String of(int[] shape) {
    return Arrays.stream(shape).mapToObj(side -> "[" + side + "]").collect(Collectors.joining());
  }
}
