package rheobase.data;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What to learn from, what to choose the model by, and what to report.
 *
 * @param validation empty when the model is not chosen on unseen data
 */
public record Split(SequenceSet train, SequenceSet validation, SequenceSet test) {

  /**
   * Checks that the three sets have the same channels and classes and share no sequence.
   *
   * @throws DataException naming the two sets that do not fit
   */
  public Split {
    checkAlike(train, validation);
    checkAlike(train, test);
    final Set<String> ids = new HashSet<>();
    for (SequenceSet set : List.of(train, validation, test)) {
      for (Sequence sequence : set.sequences()) {
        if (!ids.add(sequence.id())) {
          throw new DataException(
              "Sequence %s stands in two of the sets %s, %s and %s."
                  .formatted(sequence.id(), train.name(), validation.name(), test.name()));
        }
      }
    }
  }

  /**
   * Carves a validation set from the training records, by whole groups, so that no recording lies
   * on both sides.
   *
   * <p>The groups, in the order of their first sequence, are shuffled by {@code
   * RandomStream.of(seed, "validation split")} and taken one after the other for as long as each
   * brings the validation set closer to {@code fraction} of all sequences; at least one is taken
   * and at least one is left. Both parts keep the order of the training set.
   *
   * @param fraction share of the training sequences wanted for validation, 0 for none
   * @throws DataException when the fraction is not in [0, 1), or when all sequences are of one
   *     group
   */
  public static Split carve(SequenceSet train, SequenceSet test, double fraction, long seed) {
    if (!(fraction >= 0 && fraction < 1)) {
      throw new DataException(
          "The validation share is %s; it must be at least 0 and below 1.".formatted(fraction));
    }
    final Set<String> chosen =
        fraction == 0
            ? Set.of()
            : chooseGroups(train, fraction, seed, "validation", "ask for a validation share of 0");
    final List<Sequence> kept = new ArrayList<>();
    final List<Sequence> carved = new ArrayList<>();
    for (Sequence sequence : train.sequences()) {
      (chosen.contains(sequence.group()) ? carved : kept).add(sequence);
    }
    return new Split(
        new SequenceSet(train.name(), train.channels(), train.classes(), kept),
        new SequenceSet(train.name() + " validation", train.channels(), train.classes(), carved),
        test);
  }

  /**
   * Sets whole groups of the training records apart for the test, chosen as {@link #carve} chooses
   * those for validation, by {@code RandomStream.of(seed, "test split")}.
   *
   * @param split has an empty test set, whose name and classes are kept
   * @param fraction share of the training sequences wanted for the test
   * @throws DataException when the fraction is not in (0, 1), or when all sequences are of one
   *     group
   */
  public static Split setApart(Split split, double fraction, long seed) {
    if (!(fraction > 0 && fraction < 1)) {
      throw new DataException(
          "The test share is %s; it must be above 0 and below 1.".formatted(fraction));
    }
    final SequenceSet train = split.train();
    final SequenceSet test = split.test();
    final Set<String> chosen =
        chooseGroups(train, fraction, seed, "test", "a test share of 1 takes them all");
    return new Split(
        new SequenceSet(
            train.name(),
            train.channels(),
            train.classes(),
            train.sequences().stream().filter(s -> !chosen.contains(s.group())).toList()),
        split.validation(),
        new SequenceSet(
            test.name(),
            test.channels(),
            test.classes(),
            train.sequences().stream().filter(s -> chosen.contains(s.group())).toList()));
  }

  private static Set<String> chooseGroups(
      SequenceSet train, double fraction, long seed, String set, String instead) {
    final Map<String, Integer> sizes = new LinkedHashMap<>();
    train.sequences().forEach(s -> sizes.merge(s.group(), 1, Integer::sum));
    if (sizes.size() < 2) {
      throw new DataException(
          "All sequences of %s are of one group, so none can be set apart for %s; %s."
              .formatted(train.name(), set, instead));
    }
    final List<String> groups = List.copyOf(sizes.keySet());
    final int[] order = IntStream.range(0, groups.size()).toArray();
    RandomStream.of(seed, set + " split").shuffle(order);
    final double wanted = fraction * train.size();
    final Set<String> chosen = new HashSet<>();
    int count = 0;
    for (int i = 0; i < order.length - 1; i++) {
      final String group = groups.get(order[i]);
      final int grown = count + sizes.get(group);
      if (i > 0 && Math.abs(grown - wanted) >= Math.abs(count - wanted)) {
        break;
      }
      chosen.add(group);
      count = grown;
    }
    return chosen;
  }

  private static void checkAlike(SequenceSet one, SequenceSet other) {
    if (one.channels() != other.channels()) {
      throw new DataException(
          "The set %s has %d channels, but %s has %d."
              .formatted(one.name(), one.channels(), other.name(), other.channels()));
    }
    if (!one.classes().equals(other.classes())) {
      throw new DataException(
          "The set %s has the classes %s, but %s has %s."
              .formatted(
                  one.name(),
                  String.join(", ", one.classes()),
                  other.name(),
                  String.join(", ", other.classes())));
    }
  }
}
