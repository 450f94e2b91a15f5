package rheobase.network;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import rheobase.cell.graph.Cell;
import rheobase.cell.graph.Cell.Initial;
import rheobase.cell.kernel.Tape;
import rheobase.data.RandomStream;

/** Draws what a layer's tape begins a micro-batch with: states before the first step, and masks. */
final class InitialState {
  private final Layer layer;
  private final Tape tape;

  /**
   * @param tape of a run of the layer
   */
  InitialState(Layer layer, Tape tape) {
    this.layer = layer;
    this.tape = tape;
  }

  /**
   * @param level of the layer in its network, from 0 for the lowest
   */
  void draw(MicroBatch batch, int level) {
    Cell cell = layer.cell();
    Map<String, float[]> drawn = new HashMap<>();
    for (int r = 0; r < batch.rows(); r++) {
      long key = batch.keys()[r];
      var random = RandomStream.of(batch.seed(), stream(batch.purpose()), level, key);
      drawn.clear();
      // states that no longer live draw too: dropping one must not change the others
      for (Cell.State state : cell.states()) {
        drawn.put(state.name(), draw(state.initial(), drawn, random));
      }
      for (int k = 0; k < tape.states.length; k++) {
        // another micro-batch may have left rows that stood otherwise
        int at = tape.first + r * tape.stride;
        Arrays.fill(tape.states[k], at, at + tape.stride, 0);
        String name = cell.states().get(layer.program().states().get(k)).name();
        System.arraycopy(drawn.get(name), 0, tape.states[k], at, layer.units());
      }
      drawMasks(
          r,
          batch.training() ? layer.spec().dropout() : 0,
          RandomStream.of(batch.seed(), stream("dropout"), level, key));
    }
  }

  private String stream(String purpose) {
    return layer.direction().stream(purpose);
  }

  private void drawMasks(int row, double dropout, RandomStream random) {
    float kept = (float) (1 / (1 - dropout));
    for (float[] mask : tape.masks) {
      for (int j = 0; j < layer.units(); j++) {
        mask[tape.first + row * tape.stride + j] =
            dropout > 0 && random.nextDouble() < dropout ? 0 : kept;
      }
    }
  }

  private float[] draw(Initial initial, Map<String, float[]> drawn, RandomStream random) {
    float[] values = new float[layer.units()];
    switch (initial) {
      case Initial.Number(double value) -> Arrays.fill(values, (float) value);
      case Initial.Normal(double mean, double deviation) -> {
        for (int j = 0; j < values.length; j++) {
          values[j] = (float) (mean + deviation * random.nextGaussian());
        }
      }
      case Initial.Uniform(double low, double high) -> {
        for (int j = 0; j < values.length; j++) {
          values[j] = (float) (low + (high - low) * random.nextDouble());
        }
      }
      case Initial.SameAs(String state) ->
          System.arraycopy(drawn.get(state), 0, values, 0, values.length);
    }
    return values;
  }
}
