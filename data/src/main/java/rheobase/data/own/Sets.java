package rheobase.data.own;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import rheobase.data.DataException;
import rheobase.data.Nearest;
import rheobase.data.Sequence;
import rheobase.data.SequenceSet;
import rheobase.data.Split;
import rheobase.data.own.OwnSpec.Scope;
import rheobase.data.own.Recordings.Recording;

/**
 * Recordings made into sets of sequences: labels become class numbers, long recordings are cut, and
 * every group goes into one set as a whole.
 *
 * @param split the validation set is empty unless its recordings are named or marked
 * @param settled the specification with what was found out, so that other recordings are read the
 *     same way
 */
public record Sets(Split split, OwnSpec settled) {

  /**
   * Makes the sets.
   *
   * @throws DataException naming the sequence that does not fit, or the set that would be empty
   */
  public static Sets of(Recordings recordings, OwnSpec spec, Nearest nearest) {
    final OwnSpec settled =
        spec.settled(
            spec.classes().equals(ClassNames.UNKNOWN)
                ? ClassNames.found(recordings.labels())
                : spec.classes(),
            spec.scope() == Scope.DETECT ? scope(recordings) : spec.scope());
    final Map<String, MarkedSet> chosen = chosenGroups(recordings, settled, nearest);
    final Map<MarkedSet, List<Sequence>> sets = new EnumMap<>(MarkedSet.class);
    for (MarkedSet set : MarkedSet.values()) {
      sets.put(set, new ArrayList<>());
    }
    for (Recording recording : recordings.all()) {
      sets.get(chosen.get(recording.group())).addAll(pieces(recording, settled, nearest));
    }
    if (sets.values().stream().allMatch(List::isEmpty)) {
      throw new DataException(
          "The label changes inside every piece of %d steps of %s; there is no sequence left."
              .formatted(settled.window(), recordings.name()));
    }
    Split split =
        new Split(
            set(recordings, settled, sets, MarkedSet.TRAIN),
            set(recordings, settled, sets, MarkedSet.VALIDATION),
            set(recordings, settled, sets, MarkedSet.TEST));
    if (settled.test() instanceof Part.Share(double share) && share < 1) {
      split = Split.setApart(split, share, settled.testSeed());
    }
    return new Sets(split, settled);
  }

  private static Scope scope(Recordings recordings) {
    return recordings.all().stream()
            .allMatch(recording -> recording.firstChange(0, recording.steps()) == recording.steps())
        ? Scope.SEQUENCE
        : Scope.STEP;
  }

  /** The set of each group; one that a share may still take is in the training set. */
  private static Map<String, MarkedSet> chosenGroups(
      Recordings recordings, OwnSpec spec, Nearest nearest) {
    final Map<String, MarkedSet> chosen = new HashMap<>();
    if (spec.test() instanceof Part.Share(double share) && share == 1) {
      recordings.all().forEach(recording -> chosen.put(recording.group(), MarkedSet.TEST));
      return chosen;
    }
    for (Recording recording : recordings.all()) {
      final MarkedSet marked = recording.set() == null ? MarkedSet.TRAIN : recording.set();
      final MarkedSet before = chosen.put(recording.group(), marked);
      if (before != null && before != marked) {
        throw new DataException(
            "The group '%s' is marked both for %s and for %s (%s); a group belongs to one set."
                .formatted(recording.group(), before.text(), marked.text(), recording.id()));
      }
    }
    choose(chosen, spec.validation(), MarkedSet.VALIDATION, recordings, nearest);
    choose(chosen, spec.test(), MarkedSet.TEST, recordings, nearest);
    if (spec.test() instanceof Part.Marked && !chosen.containsValue(MarkedSet.TEST)) {
      throw new DataException(
          "No sequence of %s is marked for the test set; give the share or the groups of data.test."
              .formatted(recordings.name()));
    }
    return chosen;
  }

  private static void choose(
      Map<String, MarkedSet> chosen,
      Part part,
      MarkedSet set,
      Recordings recordings,
      Nearest nearest) {
    if (part instanceof Part.Groups(List<String> names)) {
      final Set<String> groups = new TreeSet<>(chosen.keySet());
      for (String name : names) {
        final MarkedSet before = chosen.put(name, set);
        if (before == null) {
          throw new DataException(
              "%s has no group '%s', which data.%s names%s"
                  .formatted(recordings.name(), name, set.text(), nearest.hint(name, groups)));
        }
        if (before != MarkedSet.TRAIN && before != set) {
          throw new DataException(
              "The group '%s' is named for %s and for %s."
                  .formatted(name, before.text(), set.text()));
        }
      }
    }
  }

  private static SequenceSet set(
      Recordings recordings, OwnSpec spec, Map<MarkedSet, List<Sequence>> sets, MarkedSet set) {
    return new SequenceSet(
        recordings.name() + " " + set.text(),
        recordings.channels().size(),
        spec.classes().names(),
        sets.get(set));
  }

  /** The recording as one sequence, or cut; a recording shorter than the window stays whole. */
  private static List<Sequence> pieces(Recording recording, OwnSpec spec, Nearest nearest) {
    if (spec.window() == 0 || recording.steps() <= spec.window()) {
      return piece(recording, recording.id(), 0, recording.steps(), spec, nearest);
    }
    final List<Sequence> pieces = new ArrayList<>();
    for (int from = 0; from + spec.window() <= recording.steps(); from += spec.stride()) {
      pieces.addAll(
          piece(recording, recording.id() + "@" + from, from, from + spec.window(), spec, nearest));
    }
    return pieces;
  }

  /** One piece; none where it has two labels and should have one. */
  private static List<Sequence> piece(
      Recording recording, String id, int from, int to, OwnSpec spec, Nearest nearest) {
    final int[] targets;
    if (spec.scope() == Scope.STEP) {
      targets = new int[to - from];
      for (int step = from; step < to; ) {
        final int change = recording.firstChange(step, to);
        final int number = spec.classes().number(recording.label(step), id, nearest);
        Arrays.fill(targets, step - from, change - from, number);
        step = change;
      }
    } else {
      final int change = recording.firstChange(from, to);
      if (change < to && spec.window() > 0) {
        return List.of();
      }
      if (change < to) {
        throw new DataException(
            ("Sequence %s has the label '%s' at step %d and '%s' at step %d, but should have one;"
                    + " set data.label_per = \"step\", or cut it with data.window.")
                .formatted(id, recording.label(from), from, recording.label(change), change));
      }
      targets = new int[] {spec.classes().number(recording.label(from), id, nearest)};
    }
    final int channels = recording.values().length / recording.steps();
    final boolean[] annotated = new boolean[targets.length];
    Arrays.fill(annotated, true);
    return List.of(
        new Sequence(
            id,
            recording.group(),
            to - from,
            channels,
            Arrays.copyOfRange(recording.values(), from * channels, to * channels),
            targets,
            annotated));
  }
}
