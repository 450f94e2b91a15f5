package rheobase.app.report;

import static rheobase.app.report.ReportJson.decimals;
import static rheobase.app.report.ReportJson.entries;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import rheobase.app.report.ReportData.Activity;
import rheobase.app.report.ReportData.Example;

/**
 * One example as JSON, small enough for a page of any network and any sequence.
 *
 * <p>Spikes become lists of steps per unit; outputs that are mostly not zero become an image of one
 * byte a value; membranes are rounded to a thousandth of their range. What does not fit is left out
 * evenly, never silently: the page says how many of the steps and units it shows. The budgets below
 * keep the whole page under 1.5 MB.
 */
final class ExampleJson {
  /** Steps shown, from the first. */
  static final int MOST_STEPS = 3000;

  /** Rows of one raster or image. */
  static final int MOST_ROWS = 256;

  /** Over all activities of the example. */
  static final int MOST_EVENTS = 70_000;

  static final int MOST_IMAGE_VALUES = 150_000;
  static final int MOST_MEMBRANE_VALUES = 50_000;
  static final int MOST_READOUT_VALUES = 30_000;

  /**
   * Above this share of values that are not zero an output is drawn as an image and not as events.
   */
  private static final double DENSE = 0.6;

  private ExampleJson() {}

  static Map<String, Object> tree(Example example) {
    final int shown = Math.min(example.steps(), MOST_STEPS);
    final int classes = shown == 0 ? 0 : example.readout()[0].length;
    final int every = Math.max(1, Math.ceilDiv(shown * classes, MOST_READOUT_VALUES));
    final int share = Math.max(1, example.activities().size());
    final int withMembrane =
        (int) example.activities().stream().filter(activity -> activity.membrane() != null).count();
    final var activities = new ArrayList<Map<String, Object>>();
    for (var activity : example.activities()) {
      activities.add(
          activity(activity, shown, share, MOST_MEMBRANE_VALUES / Math.max(1, withMembrane)));
    }
    final int decimals = decimalsFor(example.readout());
    final var readout = new ArrayList<List<Number>>();
    for (int unit = 0; unit < classes; unit++) {
      readout.add(trace(example.readout(), unit, shown, every, decimals));
    }
    return entries(
        "id", example.id(),
        "set", example.set(),
        "steps", example.steps(),
        "shown", shown,
        "fromStep", example.fromStep(),
        "targets", runs(example.targets(), shown),
        "unannotated", runs(marks(example.annotated()), shown),
        "predictions", runs(example.predictions(), shown),
        "readoutName", example.readoutName(),
        "readoutEvery", every,
        "readout", readout,
        "activities", activities);
  }

  private static Map<String, Object> activity(
      Activity activity, int steps, int share, int membraneValues) {
    final int[] counts = new int[activity.units()];
    boolean graded = false;
    double low = 0;
    double high = 0;
    for (int step = 0; step < steps; step++) {
      final double[] row = activity.emitted()[step];
      for (int unit = 0; unit < row.length; unit++) {
        if (row[unit] != 0) {
          counts[unit]++;
          graded |= row[unit] != 1;
        }
        low = Math.min(low, row[unit]);
        high = Math.max(high, row[unit]);
      }
    }
    final int events = Arrays.stream(counts).sum();
    final boolean dense = events > DENSE * steps * activity.units();
    final int rows =
        dense
            ? Math.min(MOST_ROWS, MOST_IMAGE_VALUES / share / Math.max(1, steps))
            : (int)
                Math.min(
                    MOST_ROWS, (long) MOST_EVENTS / share * activity.units() / Math.max(1, events));
    final int[] units = evenly(activity.units(), Math.max(1, rows));
    final var tree =
        entries(
            "name", activity.name(),
            "units", activity.units(),
            "rows", units,
            "events", Arrays.stream(units).mapToObj(unit -> counts[unit]).toList());
    if (dense) {
      tree.put("low", ReportJson.number(low));
      tree.put("high", ReportJson.number(high));
      tree.put("image", image(activity.emitted(), units, steps, Math.max(-low, high)));
    } else {
      tree.put("raster", raster(activity.emitted(), units, steps));
      if (graded) {
        tree.put("largest", ReportJson.number(Math.max(-low, high)));
        tree.put("values", gradedValues(activity.emitted(), units, steps));
      }
    }
    if (activity.membrane() != null) {
      tree.put("membraneName", activity.membraneName());
      tree.put("membranes", membranes(activity, counts, units, steps, membraneValues));
    }
    return tree;
  }

  /** Of the rows shown, or of as many of them as fit, from the quietest neuron to the busiest. */
  private static List<Map<String, Object>> membranes(
      Activity activity, int[] counts, int[] rows, int steps, int values) {
    final int most = Math.max(1, values / Math.max(1, steps));
    final int[] byRate =
        Arrays.stream(rows)
            .boxed()
            .sorted(Comparator.comparingInt(unit -> counts[unit]))
            .mapToInt(Integer::intValue)
            .toArray();
    final int[] chosen =
        Arrays.stream(evenly(byRate.length, most)).map(index -> byRate[index]).toArray();
    final int decimals = decimalsFor(activity.membrane());
    return Arrays.stream(chosen)
        .sorted()
        .mapToObj(unit ->
            entries("unit", unit, "values", trace(activity.membrane(), unit, steps, 1, decimals)))
        .toList();
  }

  /** Per row, the steps with an event. */
  private static List<List<Integer>> raster(double[][] values, int[] units, int steps) {
    return Arrays.stream(units)
        .mapToObj(unit ->
            IntStream.range(0, steps).filter(step -> values[step][unit] != 0).boxed().toList())
        .toList();
  }

  /** Per row, the values of its events. */
  private static List<List<Number>> gradedValues(double[][] values, int[] units, int steps) {
    return Arrays.stream(units)
        .mapToObj(unit ->
            IntStream.range(0, steps)
                .filter(step -> values[step][unit] != 0)
                .mapToObj(step -> decimals(values[step][unit], 2))
                .toList())
        .toList();
  }

  /** One byte a value, row after row: 128 is zero, 1 and 255 are the largest magnitude. */
  private static String image(double[][] values, int[] units, int steps, double largest) {
    final byte[] image = new byte[units.length * steps];
    int index = 0;
    for (int unit : units) {
      for (int step = 0; step < steps; step++) {
        image[index++] = (byte) (128 + Math.round(127 * values[step][unit] / largest));
      }
    }
    return Base64.getEncoder().encodeToString(image);
  }

  private static List<Number> trace(
      double[][] values, int unit, int steps, int every, int decimals) {
    final var trace = new ArrayList<Number>();
    for (int step = 0; step < steps; step += every) {
      trace.add(decimals(values[step][unit], decimals));
    }
    return trace;
  }

  /** Decimals that resolve a thousandth of the range. */
  private static int decimalsFor(double[][] values) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (double[] row : values) {
      for (double value : row) {
        if (Double.isFinite(value)) {
          low = Math.min(low, value);
          high = Math.max(high, value);
        }
      }
    }
    return high > low ? (int) Math.clamp(Math.ceil(-Math.log10((high - low) / 1000)), -6, 12) : 3;
  }

  /**
   * A list {@code [value, length, value, length, ...]}; a single value stands for the whole
   * sequence.
   */
  private static List<Integer> runs(int[] values, int steps) {
    final var runs = new ArrayList<Integer>();
    if (values.length == 1) {
      return List.of(values[0], steps);
    }
    int start = 0;
    for (int step = 1; step <= steps; step++) {
      if (step == steps || values[step] != values[start]) {
        runs.add(values[start]);
        runs.add(step - start);
        start = step;
      }
    }
    return runs;
  }

  private static int[] marks(boolean[] annotated) {
    final int[] marks = new int[annotated.length];
    Arrays.setAll(marks, step -> annotated[step] ? 0 : 1);
    return marks;
  }

  /** At most so many of the numbers below {@code count}, spread evenly and ascending. */
  private static int[] evenly(int count, int most) {
    if (count <= most) {
      return IntStream.range(0, count).toArray();
    }
    return IntStream.range(0, most).map(index -> (int) ((index + 0.5) * count / most)).toArray();
  }
}
