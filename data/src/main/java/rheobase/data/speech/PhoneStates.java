package rheobase.data.speech;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import rheobase.data.DataException;

/**
 * Which phones the classes of a frame stand for: each phone is one class, or several that follow
 * one another, its beginning, middle and end.
 *
 * @param phones their names
 * @param classes of each phone, in the order of its states; no class twice
 * @param silences names of those phones that are none
 */
public record PhoneStates(List<String> phones, List<List<Integer>> classes, Set<String> silences) {

  /**
   * Checks the classes.
   *
   * @throws DataException when there is not a list of classes for each phone, or one is empty, or a
   *     class stands in two
   */
  public PhoneStates {
    phones = List.copyOf(phones);
    classes = classes.stream().map(List::copyOf).toList();
    silences = Set.copyOf(silences);
    if (phones.size() != classes.size()) {
      throw new DataException(
          "%d phones have the classes of %d.".formatted(phones.size(), classes.size()));
    }
    final Set<Integer> once = new HashSet<>();
    for (int phone = 0; phone < phones.size(); phone++) {
      if (classes.get(phone).isEmpty()) {
        throw new DataException("The phone %s has no class.".formatted(phones.get(phone)));
      }
      for (int each : classes.get(phone)) {
        if (!once.add(each)) {
          throw new DataException("The class %d belongs to two phones.".formatted(each));
        }
      }
    }
  }

  /** A phone for each class, with its name. */
  public static PhoneStates single(List<String> classes, Set<String> silences) {
    final List<List<Integer>> own = new ArrayList<>();
    for (int c = 0; c < classes.size(); c++) {
      own.add(List.of(c));
    }
    return new PhoneStates(classes, own, silences);
  }

  /** The phone that a class belongs to; -1 for none. */
  public int phoneOf(int number) {
    for (int phone = 0; phone < classes.size(); phone++) {
      if (classes.get(phone).contains(number)) {
        return phone;
      }
    }
    return -1;
  }

  /** Whether a phone begins at a frame: it is another than before, or its states have gone back. */
  public boolean begins(int before, int now) {
    if (before == now) {
      return false;
    }
    final int phone = phoneOf(now);
    return phone != phoneOf(before)
        || classes.get(phone).indexOf(now) < classes.get(phone).indexOf(before);
  }

  /**
   * The phones that frames name, in order.
   *
   * @param targets a class a frame
   * @return numbers of phones
   */
  public int[] transcript(int[] targets) {
    final int[] transcript = new int[targets.length];
    int length = 0;
    for (int t = 0; t < targets.length; t++) {
      if (t == 0 || begins(targets[t - 1], targets[t])) {
        transcript[length++] = phoneOf(targets[t]);
      }
    }
    return Arrays.copyOf(transcript, length);
  }
}
