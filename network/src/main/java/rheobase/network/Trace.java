package rheobase.network;

import java.util.Arrays;
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
        int at = tape.first + (t + 1) * tape.rows * tape.stride;
        System.arraycopy(plane, at, rows[t], 0, tape.units);
      }
      return rows;
    }

    /**
     * Of a layer that ran so many sub-steps a step: its states after the last of them, its output
     * and what it hands upwards as the mean over them.
     */
    LayerTrace every(int substeps) {
      var sampled = new LinkedHashMap<String, float[][]>();
      states.forEach((state, rows) ->
          sampled.put(state, state.equals(output) ? means(rows, substeps) : last(rows, substeps)));
      return new LayerTrace(name, output, sampled, means(emitted, substeps));
    }

    private static float[][] last(float[][] rows, int substeps) {
      float[][] kept = new float[rows.length / substeps][];
      for (int t = 0; t < kept.length; t++) {
        kept[t] = rows[(t + 1) * substeps - 1];
      }
      return kept;
    }

    private static float[][] means(float[][] rows, int substeps) {
      float[][] means = new float[rows.length / substeps][rows[0].length];
      for (int k = 0; k < rows.length; k++) {
        for (int j = 0; j < rows[k].length; j++) {
          means[k / substeps][j] += rows[k][j] / substeps;
        }
      }
      return means;
    }

    /** From the last step to the first. */
    LayerTrace reversed() {
      var turned = new LinkedHashMap<String, float[][]>();
      states.forEach((state, rows) -> turned.put(state, reversed(rows)));
      return new LayerTrace(name, output, turned, reversed(emitted));
    }

    private static float[][] reversed(float[][] rows) {
      float[][] turned = new float[rows.length][];
      for (int t = 0; t < rows.length; t++) {
        turned[t] = rows[rows.length - 1 - t];
      }
      return turned;
    }

    /** The units of both halves of a layer, this one's first. */
    LayerTrace beside(LayerTrace other) {
      var both = new LinkedHashMap<String, float[][]>();
      states.forEach((state, rows) -> both.put(state, beside(rows, other.states.get(state))));
      return new LayerTrace(name, output, both, beside(emitted, other.emitted));
    }

    private static float[][] beside(float[][] left, float[][] right) {
      float[][] both = new float[left.length][];
      for (int t = 0; t < left.length; t++) {
        both[t] = Arrays.copyOf(left[t], left[t].length + right[t].length);
        System.arraycopy(right[t], 0, both[t], left[t].length, right[t].length);
      }
      return both;
    }

    /** The cell's output, {@code [step][unit]}; null where nothing kept it. */
    public float[][] outputs() {
      return states.get(output);
    }
  }
}
