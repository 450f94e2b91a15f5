package rheobase.network;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rheobase.cell.kernel.Tape;

/** Everything one sequence made a network do, for pictures and for looking inside. */
public record Trace(List<LayerTrace> layers) {

  /**
   * One layer.
   *
   * @param name of the layer
   * @param output name of the cell's output
   * @param states every carried state by name, {@code [step][unit]}, after each step
   * @param emitted what the layer hands upwards, {@code [step][unit]}
   */
  public record LayerTrace(
      String name, String output, Map<String, float[][]> states, float[][] emitted) {

    static LayerTrace of(Layer layer, Tape tape, int steps) {
      var states = new LinkedHashMap<String, float[][]>();
      for (int k = 0; k < tape.states.length; k++) {
        String name = layer.cell().states().get(layer.program().states().get(k)).name();
        states.put(name, rows(tape.states[k], tape, steps));
      }
      String output = layer.cell().output();
      if (!states.containsKey(output) && (layer.recurrent() || layer.spec().emits() == null)) {
        states.put(output, rows(tape.emitted[0], tape, steps));
      }
      return new LayerTrace(
          layer.spec().name(), output, states, rows(tape.emitted[layer.up()], tape, steps));
    }

    private static float[][] rows(float[] plane, Tape tape, int steps) {
      float[][] rows = new float[steps][tape.units];
      for (int t = 0; t < steps; t++) {
        System.arraycopy(plane, (t + 1) * tape.rows * tape.stride, rows[t], 0, tape.units);
      }
      return rows;
    }

    /** The cell's output, {@code [step][unit]}; null where nothing kept it. */
    public float[][] outputs() {
      return states.get(output);
    }
  }
}
