package rheobase.data.own;

import java.util.Arrays;
import java.util.List;
import rheobase.data.DataException;

/**
 * What a folder holds, as its files gave it.
 *
 * @param name what to call it in messages and reports
 * @param channels names of the values of a step
 * @param all in the order of their files
 */
public record Recordings(String name, List<String> channels, List<Recording> all) {
  /**
   * One recording: classes are still texts, and nothing is cut or chosen yet.
   *
   * @param id names it in messages and reports
   * @param group what was recorded together, such as a person or a device
   * @param set the set it is marked for, null where nothing marks it
   * @param steps at least one
   * @param values {@code [step][channel]}, flat
   * @param labels one for each step, or exactly one
   */
  record Recording(
      String id, String group, MarkedSet set, int steps, float[] values, String[] labels) {

    /** The first step whose label is not that of {@code from}; {@code to} where there is none. */
    int firstChange(int from, int to) {
      for (int step = from + 1; step < to && labels.length > 1; step++) {
        if (!label(step).equals(label(from))) {
          return step;
        }
      }
      return to;
    }

    String label(int step) {
      return labels.length == 1 ? labels[0] : labels[step];
    }
  }

  public Recordings {
    channels = List.copyOf(channels);
    all = List.copyOf(all);
    if (all.isEmpty()) {
      throw new DataException("%s holds no sequence.".formatted(name));
    }
  }

  /** The labels that occur, each at least once. */
  List<String> labels() {
    return all.stream()
        .flatMap(recording -> Arrays.stream(recording.labels()).distinct())
        .distinct()
        .toList();
  }
}
