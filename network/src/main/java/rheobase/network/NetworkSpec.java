package rheobase.network;

import java.util.List;

/**
 * A whole network as an experiment describes it.
 *
 * @param inputs channels of the data
 * @param layers from the input upwards; the last one has a unit per class
 * @param readout how the last layer becomes logits
 * @param loss what is minimised
 */
public record NetworkSpec(int inputs, List<LayerSpec> layers, Readout readout, LossSpec loss) {
  public NetworkSpec {
    layers = List.copyOf(layers);
    if (layers.isEmpty()) {
      throw new NetworkException("a network needs at least one layer");
    }
  }
}
