package rheobase.data.own;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import rheobase.data.DataException;
import rheobase.data.Nearest;

/**
 * The classes of a data set and the labels that stand for them.
 *
 * @param all in the order of their numbers; empty where they are still to be found
 */
public record ClassNames(List<ClassName> all) {
  /** Still to be found. */
  public static final ClassNames UNKNOWN = new ClassNames(List.of());

  /** Beyond this many, a label is surely a measured value by mistake. */
  private static final int MOST = 1000;

  /**
   * A class.
   *
   * @param labels as files write them
   */
  public record ClassName(String name, List<String> labels) {
    public ClassName {
      labels = List.copyOf(labels);
    }
  }

  /** Checks that no name and no label stands twice. */
  public ClassNames {
    all = List.copyOf(all);
    final Set<String> names = new HashSet<>();
    final Set<String> labels = new HashSet<>();
    for (ClassName each : all) {
      if (!names.add(each.name())) {
        throw new DataException("Two classes are called '%s'.".formatted(each.name()));
      }
      for (String label : each.labels()) {
        if (!labels.add(label)) {
          throw new DataException("The label '%s' stands for two classes.".formatted(label));
        }
      }
    }
  }

  /** A class for each label. */
  public static ClassNames of(List<String> labels) {
    return new ClassNames(
        labels.stream().map(label -> new ClassName(label, List.of(label))).toList());
  }

  /**
   * A class for each label that occurs, in the order of the alphabet; where all are whole numbers,
   * in theirs.
   */
  static ClassNames found(Collection<String> labels) {
    final Set<String> different = new TreeSet<>(labels);
    if (different.size() > MOST) {
      throw new DataException(
          "There are %d different labels, such as '%s'; are they classes?"
              .formatted(different.size(), different.iterator().next()));
    }
    if (different.size() == 1) {
      throw new DataException(
          "All sequences have the same label, '%s'; there is nothing to tell apart."
              .formatted(different.iterator().next()));
    }
    final List<String> sorted = new ArrayList<>(different);
    if (sorted.stream().allMatch(label -> label.matches("-?\\d{1,18}"))) {
      sorted.sort(Comparator.comparingLong(Long::parseLong));
    }
    return of(sorted);
  }

  /** Names of the classes. */
  public List<String> names() {
    return all.stream().map(ClassName::name).toList();
  }

  /** Whether every class has one label, which is its name. */
  public boolean isPlain() {
    return all.stream().allMatch(each -> each.labels().equals(List.of(each.name())));
  }

  /**
   * The number of the class that a label stands for.
   *
   * @throws DataException naming the sequence when there is none
   */
  int number(String label, String sequence, Nearest nearest) {
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).labels().contains(label)) {
        return i;
      }
    }
    throw new DataException(
        "Sequence %s has the label '%s', which is none of the classes%s"
            .formatted(
                sequence,
                label,
                nearest.hint(
                    label, all.stream().flatMap(each -> each.labels().stream()).toList())));
  }
}
