package rheobase.app;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import rheobase.app.report.ReportData;
import rheobase.app.report.ReportData.Activity;
import rheobase.data.Sequence;
import rheobase.data.SequenceSet;
import rheobase.network.Network;
import rheobase.network.Readout;
import rheobase.network.Trace;
import rheobase.network.ctc.BestPath;

/** One sequence of the test set and everything it made the network do, for the report. */
final class Example {
  private Example() {}

  /**
   * The first sequence among those with the most annotated steps; null for an empty set.
   *
   * @param seed of the random initial state
   */
  static ReportData.Example of(Network network, SequenceSet set, long seed) {
    var sequence =
        set.sequences().stream().max(Comparator.comparingInt(Example::annotated)).orElse(null);
    if (sequence == null) {
      return null;
    }
    var spec = network.spec();
    var layers = network.trace(sequence, seed).layers();
    var last = layers.getLast();
    var emits = spec.layers().getLast().emits();
    return new ReportData.Example(
        sequence.id(),
        set.name(),
        spec.loss().fromStep(),
        targets(sequence, spec.loss().fromStep(), last.emitted()),
        sequence.transcribed() ? new boolean[sequence.steps()] : sequence.annotated(),
        predictions(spec.readout(), spec.loss().fromStep(), last.emitted()),
        emits == null ? last.output() : emits,
        doubles(last.emitted()),
        activities(sequence, layers));
  }

  /**
   * Of a transcribed sequence the blank and the labels at the steps that speak most for them, which
   * nobody annotated.
   */
  private static int[] targets(Sequence sequence, int fromStep, float[][] emitted) {
    if (!sequence.transcribed()) {
      return sequence.targets();
    }
    int classes = emitted[0].length;
    var logits = new float[emitted.length * classes];
    for (int step = 0; step < emitted.length; step++) {
      System.arraycopy(emitted[step], 0, logits, step * classes, classes);
    }
    var path =
        BestPath.of(
            sequence.id(),
            logits,
            fromStep * classes,
            emitted.length - fromStep,
            classes,
            sequence.targets());
    var targets = new int[emitted.length];
    Arrays.fill(targets, 0, fromStep, classes - 1);
    System.arraycopy(path, 0, targets, fromStep, path.length);
    return targets;
  }

  private static int annotated(Sequence sequence) {
    int count = 0;
    for (boolean step : sequence.annotated()) {
      count += step ? 1 : 0;
    }
    return count;
  }

  /**
   * What went in, then each layer: its output, and beside it the first state that is not the
   * output.
   */
  private static List<Activity> activities(Sequence sequence, List<Trace.LayerTrace> layers) {
    var activities = new ArrayList<Activity>();
    int channels = sequence.channels();
    var values = sequence.values();
    var input =
        IntStream.range(0, sequence.steps())
            .mapToObj(step ->
                IntStream.range(0, channels)
                    .mapToDouble(channel -> values[step * channels + channel])
                    .toArray())
            .toArray(double[][]::new);
    activities.add(new Activity("input", input, null, null));
    for (var layer : layers) {
      var output = layer.outputs() == null ? layer.emitted() : layer.outputs();
      var membrane =
          layer.states().keySet().stream().filter(name -> !name.equals(layer.output())).findFirst();
      activities.add(
          new Activity(
              layer.name(),
              doubles(output),
              membrane.orElse(null),
              membrane.map(name -> doubles(layer.states().get(name))).orElse(null)));
    }
    return activities;
  }

  /** One a step for a readout each step, else a single one. */
  static int[] predictions(Readout readout, int fromStep, float[][] emitted) {
    if (readout == Readout.EACH_STEP) {
      return IntStream.range(0, emitted.length).map(step -> largest(emitted[step])).toArray();
    }
    var sums = new float[emitted[0].length];
    for (int step = readout == Readout.LAST ? emitted.length - 1 : fromStep;
        step < emitted.length;
        step++) {
      var row = readout == Readout.SUM_OF_SOFTMAX ? softmax(emitted[step]) : emitted[step];
      for (int unit = 0; unit < sums.length; unit++) {
        sums[unit] += row[unit];
      }
    }
    return new int[] {largest(sums)};
  }

  private static float[] softmax(float[] values) {
    double largest = values[largest(values)];
    var result = new float[values.length];
    double sum = 0;
    for (float value : values) {
      sum += Math.exp(value - largest);
    }
    for (int index = 0; index < values.length; index++) {
      result[index] = (float) (Math.exp(values[index] - largest) / sum);
    }
    return result;
  }

  private static int largest(float[] values) {
    int largest = 0;
    for (int index = 1; index < values.length; index++) {
      largest = values[index] > values[largest] ? index : largest;
    }
    return largest;
  }

  private static double[][] doubles(float[][] rows) {
    var result = new double[rows.length][];
    for (int row = 0; row < rows.length; row++) {
      result[row] = new double[rows[row].length];
      for (int column = 0; column < rows[row].length; column++) {
        result[row][column] = rows[row][column];
      }
    }
    return result;
  }
}
