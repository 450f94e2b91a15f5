package rheobase.network.optimize;

import java.util.LinkedHashSet;
import java.util.Map;
import rheobase.cell.language.Names;
import rheobase.network.NetworkException;
import rheobase.network.parameter.Parameters;
import rheobase.network.parameter.Tensor;

/**
 * Which factor on the learning rate each tensor gets: time constants often learn a few times faster
 * than weights.
 */
final class RateFactors {
  private RateFactors() {}

  /**
   * One factor per tensor, in order. A tensor's whole name ({@code hidden.tau_m}, {@code
   * hidden.forward.tau_m}) goes before its name without the direction ({@code hidden.tau_m}), that
   * before the part after its last dot ({@code tau_m}), that before its group; 1 where nothing is
   * said.
   *
   * @throws NetworkException for a name that fits no tensor, or a factor that is negative or no
   *     number
   */
  static double[] of(Parameters layout, Map<String, Double> factors) {
    var known = new LinkedHashSet<String>();
    for (var tensor : layout.tensors()) {
      known.add(tensor.name());
      known.add(ofLayer(tensor));
      known.add(bareName(tensor));
      known.add(tensor.group());
    }
    factors.forEach((name, factor) -> {
      if (!known.contains(name)) {
        throw new NetworkException(
            "a rate is given for '"
                + name
                + "', but the network has no such parameter"
                + Names.hint(name, known));
      }
      if (!(factor >= 0) || factor.isInfinite()) {
        throw new NetworkException(
            "the rate factor of '" + name + "' is " + factor + "; it must be zero or more");
      }
    });
    return layout.tensors().stream().mapToDouble(tensor -> factor(tensor, factors)).toArray();
  }

  private static double factor(Tensor tensor, Map<String, Double> factors) {
    if (tensor.group().equals("tracked")) {
      // what is tracked, such as ranges of quantisers, lies among the parameters, but no rule may
      // move it
      return 0;
    }
    for (var name :
        new String[] {tensor.name(), ofLayer(tensor), bareName(tensor), tensor.group()}) {
      if (factors.containsKey(name)) {
        return factors.get(name);
      }
    }
    return 1;
  }

  private static String ofLayer(Tensor tensor) {
    return tensor.name().substring(0, tensor.name().indexOf('.') + 1) + bareName(tensor);
  }

  private static String bareName(Tensor tensor) {
    return tensor.name().substring(tensor.name().lastIndexOf('.') + 1);
  }
}
