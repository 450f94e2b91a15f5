package rheobase.network.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import rheobase.network.LayerSpec;

/**
 * One layer as an experiment describes it, by its definition: every step from below is repeated
 * {@code substeps} times, a {@link ReferenceLayer} runs over all of them, means are taken; a second
 * one, where there is one, does the same with the sequence reversed, and its means are reversed
 * back and put beside those of the first.
 */
final class ReferenceLevel {
  private final LayerSpec spec;
  private final List<ReferenceLayer> directions = new ArrayList<>();

  ReferenceLevel(LayerSpec spec, int from, Map<String, double[]> parameters, boolean smooth) {
    this.spec = spec;
    for (String name : names(spec)) {
      directions.add(new ReferenceLayer(spec, name, from, parameters, smooth));
    }
  }

  /** What the tensors of each direction begin with. */
  static List<String> names(LayerSpec spec) {
    return spec.bidirectional()
        ? List.of(spec.name() + ".forward", spec.name() + ".backward")
        : List.of(spec.name());
  }

  /**
   * A sequence carried through the layer.
   *
   * @param passes one a direction, over its sub-steps in its own order
   * @param emitted what goes upwards, {@code [step][width]}
   */
  record Pass(List<ReferenceLayer.Pass> passes, double[][] emitted) {}

  /**
   * @param given initial states of each direction, by name
   */
  Pass forward(double[][] below, List<Map<String, double[]>> given) {
    var passes = new ArrayList<ReferenceLayer.Pass>();
    double[][] emitted = new double[below.length][spec.width()];
    for (int d = 0; d < directions.size(); d++) {
      double[][] read = new double[below.length * spec.substeps()][];
      for (int k = 0; k < read.length; k++) {
        read[k] = below[step(d, k, below.length)];
      }
      ReferenceLayer.Pass pass = directions.get(d).forward(read, given.get(d));
      passes.add(pass);
      for (int k = 0; k < read.length; k++) {
        for (int j = 0; j < spec.units(); j++) {
          emitted[step(d, k, below.length)][d * spec.units() + j] +=
              pass.emitted()[k][j] / spec.substeps();
        }
      }
    }
    return new Pass(passes, emitted);
  }

  /** The step of the sequence that a direction reads in a sub-step. */
  private int step(int direction, int substep, int steps) {
    int t = substep / spec.substeps();
    return direction == 0 ? t : steps - 1 - t;
  }

  /**
   * @param fromAbove gradient of {@code pass.emitted()}
   * @param truncateSteps in steps of the sequence
   * @param gradients receives those of this layer's tensors
   * @return the gradient of what came from below
   */
  double[][] backward(
      Pass pass, double[][] fromAbove, int truncateSteps, Map<String, double[]> gradients) {
    int steps = fromAbove.length;
    double[][] below = new double[steps][];
    for (int d = 0; d < directions.size(); d++) {
      double[][] emitted = new double[steps * spec.substeps()][spec.units()];
      for (int k = 0; k < emitted.length; k++) {
        for (int j = 0; j < spec.units(); j++) {
          emitted[k][j] = fromAbove[step(d, k, steps)][d * spec.units() + j] / spec.substeps();
        }
      }
      double[][] read =
          directions
              .get(d)
              .backward(pass.passes.get(d), emitted, truncateSteps * spec.substeps(), gradients);
      for (int k = 0; k < read.length; k++) {
        int t = step(d, k, steps);
        if (below[t] == null) {
          below[t] = new double[read[k].length];
        }
        for (int f = 0; f < read[k].length; f++) {
          below[t][f] += read[k][f];
        }
      }
    }
    return below;
  }
}
