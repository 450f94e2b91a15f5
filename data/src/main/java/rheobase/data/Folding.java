package rheobase.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Gathers the classes of a data set into fewer groups, for a coarser accuracy beside the one over
 * all classes: to take one phone for another of its group is then no error.
 *
 * @param name of the groups, such as {@code 39 phones}
 * @param groups the number of each class's group, or {@link #LEFT_OUT}
 */
public record Folding(String name, List<Integer> groups) {
  /** Stands for classes that are not looked at: where one is the target, nothing is counted. */
  public static final int LEFT_OUT = -1;

  public Folding {
    groups = List.copyOf(groups);
  }

  /**
   * Classes of one group name fall together.
   *
   * @param group gives the group's name of a class, null for one that is left out
   */
  public static Folding of(String name, List<String> classes, UnaryOperator<String> group) {
    final List<String> known = new ArrayList<>();
    final List<Integer> groups = new ArrayList<>();
    for (String each : classes) {
      final String folded = group.apply(each);
      if (folded != null && !known.contains(folded)) {
        known.add(folded);
      }
      groups.add(folded == null ? LEFT_OUT : known.indexOf(folded));
    }
    return new Folding(name, groups);
  }

  /**
   * What was said or recognised, in groups: labels that are left out are taken away. Error rates
   * over groups are those of folded labels aligned, which no confusion matrix tells.
   *
   * @param labels class numbers in order
   */
  public int[] fold(int[] labels) {
    return Arrays.stream(labels).map(groups::get).filter(group -> group != LEFT_OUT).toArray();
  }

  /**
   * Share of the decisions that fell into the right group.
   *
   * @param confusion counts, {@code [true class][predicted class]}
   * @return NaN where there are none
   */
  public double accuracy(long[][] confusion) {
    long right = 0;
    long counted = 0;
    for (int truth = 0; truth < confusion.length; truth++) {
      for (int predicted = 0; predicted < confusion.length; predicted++) {
        if (groups.get(truth) != LEFT_OUT) {
          counted += confusion[truth][predicted];
          right +=
              groups.get(truth).equals(groups.get(predicted)) ? confusion[truth][predicted] : 0;
        }
      }
    }
    return (double) right / counted;
  }
}
