package rheobase.app;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Looks for the numbers that make the fewest errors, each out of a list of its own: one after the
 * other, the others held, over and over until none is changed. Of numbers that make as many errors
 * the ones found first stay, so that nothing is changed without a reason.
 *
 * @param choices of each number, in the order they are tried
 */
record ScaleSearch(List<double[]> choices) {
  ScaleSearch {
    choices = List.copyOf(choices);
  }

  /**
   * What was found.
   *
   * @param scales one of each list
   * @param errors that they make
   */
  record Found(double[] scales, long errors) {}

  /**
   * Searches.
   *
   * @param start first of all
   * @param errors that given numbers make
   */
  Found from(double[] start, ToLongFunction<double[]> errors) {
    Map<List<Double>, Long> known = new HashMap<>();
    double[] best = start.clone();
    long fewest = errors(best, errors, known);
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int i = 0; i < best.length; i++) {
        for (double choice : choices.get(i)) {
          double[] tried = best.clone();
          tried[i] = choice;
          long made = errors(tried, errors, known);
          if (made < fewest) {
            fewest = made;
            best = tried;
            changed = true;
          }
        }
      }
    }
    return new Found(best, fewest);
  }

  private static long errors(
      double[] scales, ToLongFunction<double[]> errors, Map<List<Double>, Long> known) {
    var key = new ArrayList<Double>();
    for (double scale : scales) {
      key.add(scale);
    }
    // not computeIfAbsent, which must not take long
    Long made = known.get(key);
    if (made == null) {
      made = errors.applyAsLong(scales);
      known.put(key, made);
    }
    return made;
  }
}
