package rheobase.data.own;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import rheobase.data.DataException;

/**
 * The steps of a recording while they are being read. It owns its buffers until {@link #values} and
 * {@link #labels} hand them out.
 */
final class StepBuffer {
  /** Makes the error of a value that is missing in a channel. */
  @FunctionalInterface
  interface Gap {
    DataException problem(int channel);
  }

  private final int channels;
  private final Missing missing;
  private final boolean labelled;
  private final Map<String, String> known = new HashMap<>();
  private final List<String> labels = new ArrayList<>();
  private final boolean[] rising;
  private float[] values;
  private int steps;

  /**
   * @param labelled whether every step comes with a label
   */
  StepBuffer(int channels, Missing missing, boolean labelled) {
    this.channels = channels;
    this.missing = missing;
    this.labelled = labelled;
    this.values = new float[64 * channels];
    this.rising = new boolean[channels];
    Arrays.fill(rising, true);
  }

  /**
   * Takes in a step.
   *
   * @param row a value a channel, NaN where it is missing
   * @param label of the step, empty where it is missing; null where steps have none
   * @param gap of the channel {@code channels} where the label is missing
   * @throws DataException for what is missing and may not be
   */
  void add(float[] row, String label, Gap gap) {
    final int at = steps * channels;
    boolean whole = true;
    for (int c = 0; c < channels && whole; c++) {
      whole = !Float.isNaN(row[c]) || accepts(c, gap);
    }
    whole = whole && (!labelled || !label.isEmpty() || accepts(channels, gap));
    if (!whole) {
      return;
    }
    if (at + channels > values.length) {
      values =
          Arrays.copyOf(
              values,
              Math.max(at + channels, (int) Math.min(2L * values.length, Integer.MAX_VALUE - 64)));
    }
    for (int c = 0; c < channels; c++) {
      final float before = steps == 0 ? Float.NaN : values[at - channels + c];
      final float value = Float.isNaN(row[c]) ? before : row[c];
      rising[c] &= steps == 0 || value > before;
      values[at + c] = value;
    }
    if (labelled) {
      labels.add(
          label.isEmpty()
              ? steps == 0 ? "" : labels.getLast()
              : known.computeIfAbsent(label, text -> text));
    }
    steps++;
  }

  /** Whether a step with a gap is kept. */
  private boolean accepts(int channel, Gap gap) {
    return switch (missing) {
      case REFUSE -> throw gap.problem(channel);
      case DROP -> false;
      case PREVIOUS -> true;
    };
  }

  int steps() {
    return steps;
  }

  /** Whether a channel rises at every step, as a clock does and hardly a signal. */
  boolean rises(int channel) {
    return steps > 2 && rising[channel];
  }

  /**
   * Fills the gaps at the beginning, for which there was nothing before.
   *
   * @throws DataException when a channel has no value at all
   */
  void close(Gap gap) {
    for (int c = 0; c < channels; c++) {
      int first = 0;
      while (first < steps && Float.isNaN(values[first * channels + c])) {
        first++;
      }
      if (first == steps && steps > 0) {
        throw gap.problem(c);
      }
      for (int step = 0; step < first; step++) {
        values[step * channels + c] = values[first * channels + c];
      }
    }
    if (labelled && steps > 0) {
      final int first = (int) labels.stream().takeWhile(String::isEmpty).count();
      if (first == steps) {
        throw gap.problem(channels);
      }
      labels.replaceAll(label -> label.isEmpty() ? labels.get(first) : label);
    }
  }

  /** {@code [step][channel]}, flat. */
  float[] values() {
    return Arrays.copyOf(values, steps * channels);
  }

  /** One a step; none where steps have no labels. */
  String[] labels() {
    return labels.toArray(String[]::new);
  }
}
