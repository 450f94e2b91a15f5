package rheobase.data.own;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import rheobase.data.DataException;
import rheobase.data.Nearest;
import rheobase.data.Preparation;
import rheobase.data.own.FilePattern.Found;
import rheobase.data.own.Recordings.Recording;
import rheobase.data.wfdb.WfdbAnnotation;
import rheobase.data.wfdb.WfdbRecord;

/**
 * Sequences in PhysioNet records: one a record, each found by its header file.
 *
 * <p>Labels are those of a list or a path, one a record; or they come from the annotations, one a
 * step. Then a label holds from its annotation until the next: from beat to beat with the label
 * {@code beat}, from one change of rhythm to the next with the label {@code rhythm}. So no label
 * stands at a step before its reason was seen. What lies before the first label is left out.
 *
 * @param columns names of the signals that are the channels, in this order, or their numbers from 1
 *     on; empty for all
 * @param annotator ending of the annotation files, such as {@code atr}
 */
public record WfdbReading(List<String> columns, String annotator) {
  private static final String BEAT = "beat";
  private static final String RHYTHM = "rhythm";

  public WfdbReading {
    columns = List.copyOf(columns);
  }

  /** The same with the channels that were found. */
  public WfdbReading withColumns(List<String> found) {
    return new WfdbReading(found, annotator);
  }

  /**
   * Reads every record that is meant.
   *
   * @param folder or a single header file
   * @throws DataException with the file and the place in it of what is wrong
   */
  public Recordings read(Path folder, OwnSpec spec, Preparation preparation, Nearest nearest) {
    final boolean annotated = BEAT.equals(spec.label()) || RHYTHM.equals(spec.label());
    if (spec.labelsInside() && !annotated) {
      throw new DataException(
          ("data.label is %s; it must be \"beat\" or \"rhythm\", the annotations that give labels."
                  + " Or name a list of labels with data.labels, or put {label} into data.files.")
              .formatted(spec.label() == null ? "not given" : "'" + spec.label() + "'"));
    }
    final List<Found> files = spec.files().find(folder, spec.labelFile());
    final LabelFile list =
        spec.labelFile() == null ? null : LabelFile.read(folder, spec, !annotated, nearest);
    checkTold("group", spec.group(), list != null && list.hasGroups(), spec);
    checkTold("split", spec.split(), list != null && list.hasSets(), spec);
    final List<Recording> recordings = new ArrayList<>();
    List<String> channels = columns;
    for (int i = 0; i < files.size(); i++) {
      final Found found = files.get(i);
      try {
        final WfdbRecord record = WfdbRecord.read(found.path());
        final List<String> own = channels.isEmpty() ? record.names() : channels;
        final LabelFile.Row row = list == null ? null : list.ofFile(found.name());
        recordings.add(recording(found, record, own, annotated, row, spec, nearest));
        channels = own;
      } catch (DataException e) {
        preparation.bad(e);
      }
      preparation.progress("reading " + folder.getFileName(), i + 1, files.size());
    }
    return new Recordings(folder.getFileName().toString(), channels, recordings);
  }

  /** Records themselves tell neither groups nor sets. */
  private static void checkTold(String role, String column, boolean listed, OwnSpec spec) {
    if (column != null && !listed) {
      throw new DataException(
          "data.%s is '%s', but %s; put {%s} into data.files, or name a list with such a column."
              .formatted(
                  role,
                  column,
                  spec.labelFile() == null
                      ? "records have no columns"
                      : spec.labelFile() + " has no such column",
                  role));
    }
  }

  private Recording recording(
      Found found,
      WfdbRecord record,
      List<String> channels,
      boolean annotated,
      LabelFile.Row row,
      OwnSpec spec,
      Nearest nearest) {
    final int[] columns =
        channels.stream().mapToInt(name -> column(record, name, nearest)).toArray();
    final String[] labels = annotated ? labels(found.path(), record, spec.label()) : null;
    final StepBuffer steps = new StepBuffer(columns.length, spec.missing(), annotated);
    final float[] values = new float[columns.length];
    for (int sample = 0; sample < record.samples(); sample++) {
      if (annotated && labels[sample] == null) {
        continue;
      }
      for (int c = 0; c < columns.length; c++) {
        values[c] = record.values()[sample * record.names().size() + columns[c]];
      }
      final int here = sample;
      steps.add(
          values,
          annotated ? labels[sample] : null,
          channel ->
              new DataException(
                  ("%s: signal '%s' has no value at sample %d; data.missing = \"drop\" would leave"
                          + " out such steps, \"previous\" repeat the value before.")
                      .formatted(found.path(), channels.get(channel), here)));
    }
    return Told.of(found, row, nearest)
        .recording(found.name().replaceFirst("\\.[^.]*$", ""), steps, channels);
  }

  private static int column(WfdbRecord record, String name, Nearest nearest) {
    final int named = record.names().indexOf(name);
    if (named >= 0) {
      return named;
    }
    if (name.matches("\\d{1,3}")) {
      final int number = Integer.parseInt(name);
      if (number >= 1 && number <= record.names().size()) {
        return number - 1;
      }
    }
    throw new DataException(
        "%s has no signal '%s'%s"
            .formatted(record.header(), name, nearest.hint(name, record.names())));
  }

  /** A label for each sample; null before the first. */
  private String[] labels(Path header, WfdbRecord record, String kind) {
    final Path path =
        header.resolveSibling(
            header.getFileName().toString().replaceFirst("[^.]*$", "") + annotator);
    final List<WfdbAnnotation> annotations =
        WfdbAnnotation.read(path, record.frequency()).stream()
            .filter(kind.equals(BEAT) ? WfdbAnnotation::isBeat : WfdbAnnotation::isRhythm)
            .sorted(Comparator.comparingLong(WfdbAnnotation::sample))
            .toList();
    if (annotations.isEmpty()) {
      throw new DataException(
          kind.equals(BEAT)
              ? "%s marks no beat.".formatted(path)
              : "%s names no rhythm.".formatted(path));
    }
    final long last = annotations.getLast().sample();
    if (last >= record.samples()) {
      throw new DataException(
          "%s has an annotation at sample %d, but the record ends with sample %d; is it another's?"
              .formatted(path, last, record.samples() - 1));
    }
    final String[] labels = new String[record.samples()];
    for (int i = 0; i < annotations.size(); i++) {
      final WfdbAnnotation annotation = annotations.get(i);
      final long end = i + 1 < annotations.size() ? annotations.get(i + 1).sample() : labels.length;
      Arrays.fill(
          labels,
          (int) annotation.sample(),
          (int) end,
          kind.equals(BEAT) ? annotation.symbol() : annotation.text().replaceFirst("^\\(", ""));
    }
    return labels;
  }
}
