package rheobase.network;

import java.util.List;
import rheobase.network.product.Products;

/**
 * One layer of a network as the layers above and below see it, in one direction or two.
 *
 * @param directions the layer itself, or its forward and its backward half
 * @param weights of each
 */
record Level(LayerSpec spec, List<Layer> directions, List<Weights> weights) {

  /** Units or channels below. */
  int from() {
    return directions.getFirst().from();
  }

  /**
   * What carries micro-batches through it.
   *
   * @param rows most sequences of one
   * @param steps of the longest stretch
   * @param lowest whether what lies below has no gradient
   * @param trains whether gradients are wanted
   * @param mayPack see {@link LayerRun}
   */
  LayerPass pass(
      Products products,
      float[] parameters,
      int rows,
      int steps,
      boolean lowest,
      boolean trains,
      boolean mayPack) {
    var passes =
        directions.stream()
            .map(layer -> pass(layer, products, parameters, rows, steps, lowest, trains, mayPack))
            .toList();
    return passes.size() == 1
        ? passes.getFirst()
        : new TwoWayRun(this, passes.getFirst(), passes.getLast(), rows, steps, lowest);
  }

  private LayerPass pass(
      Layer layer,
      Products products,
      float[] parameters,
      int rows,
      int steps,
      boolean lowest,
      boolean trains,
      boolean mayPack) {
    Weights own = weights.get(directions.indexOf(layer));
    int substeps = spec.substeps();
    long all = (long) steps * substeps;
    if (all > Integer.MAX_VALUE) {
      throw new NetworkException(
          "layer '%s' would take %d sub-steps, more than can be counted"
              .formatted(spec.name(), all));
    }
    var run = new LayerRun(layer, own, products, parameters, rows, (int) all, trains, mayPack);
    return substeps == 1 ? run : new SubstepRun(layer, run, rows, steps, lowest);
  }
}
