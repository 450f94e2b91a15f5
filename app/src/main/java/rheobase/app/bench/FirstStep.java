package rheobase.app.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the first training step of a scenario computes, enough to tell whether two programs train
 * the same network.
 *
 * @param loss mean over the batch
 * @param firingRates mean spikes per neuron and step, one a spiking layer
 * @param gradientL2 Euclidean norm of the gradient by the peer's name of the tensor
 */
record FirstStep(double loss, List<Double> firingRates, Map<String, Double> gradientL2) {

  /** Rounding alone, where no spike flips. */
  private static final double ROUNDING = 1e-4;

  /** How much luckier the peer may have been with the spikes that rounding flips. */
  private static final double LUCK = 10;

  /** One quantity: ours, how far it is from the exact value and how far the peer's is. */
  record Difference(String what, double ours, double relative, double peer) {}

  /** Every quantity beside the peer's in single precision, as relative differences from exact. */
  List<Difference> against(FirstStep single, FirstStep exact) {
    var differences = new ArrayList<Difference>();
    differences.add(difference("loss", loss, single.loss, exact.loss));
    for (int i = 0; i < exact.firingRates.size(); i++) {
      differences.add(
          difference(
              "firing rate of layer" + i,
              firingRates.get(i),
              single.firingRates.get(i),
              exact.firingRates.get(i)));
    }
    exact.gradientL2.forEach((tensor, norm) ->
        differences.add(
            difference(
                "gradient of " + tensor,
                gradientL2.get(tensor),
                single.gradientL2.get(tensor),
                norm)));
    return differences;
  }

  private static Difference difference(String what, double ours, double single, double exact) {
    return new Difference(what, ours, relative(ours, exact), relative(single, exact));
  }

  private static double relative(double value, double exact) {
    return Math.abs(value - exact) / Math.abs(exact);
  }

  /**
   * The largest relative difference that still is the same computation. Single precision puts a
   * membrane that lies almost on its threshold on the other side of it now and then; that one spike
   * changes all that follows in its sequence, by how much depends on the network and on luck. The
   * peer's own single precision shows the size: 2e-5 in scenario A, 9e-4 in B2, nothing where no
   * spike flips. So: ten times the peer's largest difference, and at least 1e-4. Where no spike
   * flips the check is sharp: in scenario tiny a beta of 1.79 instead of 1.8 is 1e-3 off.
   */
  static double tolerance(List<Difference> differences) {
    return Math.max(
        ROUNDING, LUCK * differences.stream().mapToDouble(Difference::peer).max().orElseThrow());
  }
}
