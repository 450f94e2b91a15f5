package rheobase.data.own;

import java.util.List;
import rheobase.data.DataException;
import rheobase.data.Nearest;
import rheobase.data.own.FilePattern.Found;
import rheobase.data.own.Recordings.Recording;

/**
 * What is told of a recording from outside its values; what is not told is null.
 *
 * @param label of the whole recording
 */
record Told(String label, String group, MarkedSet set) {

  /**
   * What the path tells, and then the list.
   *
   * @param row of the list, null for none
   */
  static Told of(Found found, LabelFile.Row row, Nearest nearest) {
    final Told path =
        new Told(
            found.told().get("label"),
            found.told().get("group"),
            found.told().containsKey("split")
                ? MarkedSet.of(found.told().get("split"), found.path().toString(), nearest)
                : null);
    return row == null ? path : path.or(row.label(), row.group(), row.set());
  }

  /** The same, with these where nothing was told. */
  Told or(String label, String group, MarkedSet set) {
    return new Told(
        this.label == null ? label : this.label,
        this.group == null ? group : this.group,
        this.set == null ? set : this.set);
  }

  /**
   * The recording.
   *
   * @param steps that were read; their own labels count where no label is told
   * @param channels names, for messages
   * @throws DataException when there is no step, or a channel without any value
   */
  Recording recording(String id, StepBuffer steps, List<String> channels) {
    if (steps.steps() == 0) {
      throw new DataException("Sequence %s has no step without a missing value.".formatted(id));
    }
    steps.close(channel ->
        new DataException(
            channel < channels.size()
                ? "Sequence %s has no value of '%s' at all.".formatted(id, channels.get(channel))
                : "Sequence %s has no label at all.".formatted(id)));
    return new Recording(
        id,
        group == null ? id : group,
        set,
        steps.steps(),
        steps.values(),
        label == null ? steps.labels() : new String[] {label});
  }
}
