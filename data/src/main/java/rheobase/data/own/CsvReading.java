package rheobase.data.own;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import rheobase.data.DataException;
import rheobase.data.Nearest;
import rheobase.data.Preparation;
import rheobase.data.csv.CsvFile;
import rheobase.data.csv.Dialect;
import rheobase.data.own.FilePattern.Found;
import rheobase.data.own.Recordings.Recording;

/**
 * Sequences in CSV files: one a file, or many in a table with a column that tells them apart. A row
 * is a step, a column a channel.
 *
 * @param dialect of the files
 * @param columns that are the channels, in this order; empty for all that have no other meaning
 * @param sequence columns whose values together tell the sequences of a file apart; empty when a
 *     file is one sequence
 */
public record CsvReading(Dialect dialect, List<String> columns, List<String> sequence) {
  private static final String LABEL = "label";

  public CsvReading {
    columns = List.copyOf(columns);
    sequence = List.copyOf(sequence);
  }

  /** The same with the channels that were found. */
  public CsvReading withColumns(List<String> found) {
    return new CsvReading(dialect, found, sequence);
  }

  /**
   * Reads every file that is meant.
   *
   * @param folder or a single file
   * @throws DataException with file, line and column of what is wrong
   */
  public Recordings read(Path folder, OwnSpec spec, Preparation preparation, Nearest nearest) {
    final List<Found> files = spec.files().find(folder, spec.labelFile());
    final LabelFile list =
        spec.labelFile() == null ? null : LabelFile.read(folder, spec, true, nearest);
    final List<Recording> recordings = new ArrayList<>();
    List<String> channels = columns;
    Set<String> clocks = null;
    int done = 0;
    for (Found file : files) {
      try {
        final Reader reader = new Reader(file, channels, spec, list, nearest);
        recordings.addAll(reader.recordings());
        channels = reader.channels;
        if (clocks == null) {
          clocks = new HashSet<>(reader.rising());
        }
        clocks.retainAll(reader.rising());
      } catch (DataException e) {
        preparation.bad(e);
      }
      preparation.progress("reading " + folder.getFileName(), ++done, files.size());
    }
    if (columns.isEmpty() && clocks != null && !clocks.isEmpty()) {
      throw new DataException(
          ("The column '%s' of %s rises at every step of every sequence: a clock, no signal. Name"
                  + " the channels with data.columns = [...]; there are %s.")
              .formatted(clocks.iterator().next(), folder, String.join(", ", channels)));
    }
    return new Recordings(folder.getFileName().toString(), channels, recordings);
  }

  /** One sequence of a file, while its rows come in. */
  private record Draft(String key, String group, MarkedSet set, StepBuffer steps) {}

  /** What is read out of one file. */
  private final class Reader {
    private final Found found;
    private final OwnSpec spec;
    private final LabelFile list;
    private final Nearest nearest;
    private final Map<String, Draft> drafts = new LinkedHashMap<>();
    private final List<String> channels;

    /**
     * @param wanted channels, empty when they are to be found
     */
    Reader(Found found, List<String> wanted, OwnSpec spec, LabelFile list, Nearest nearest) {
      this.found = found;
      this.spec = spec;
      this.list = list;
      this.nearest = nearest;
      try (CsvFile file = CsvFile.open(found.path(), dialect)) {
        final int label = spec.labelsInside() ? labelColumn(file) : -1;
        final int group = roleColumn(file, "group", spec.group(), list != null && list.hasGroups());
        final int set = roleColumn(file, "split", spec.split(), list != null && list.hasSets());
        final int[] key = sequence.stream().mapToInt(name -> file.column(name, nearest)).toArray();
        channels = wanted.isEmpty() ? others(file, key, label, group, set) : wanted;
        final int[] values =
            channels.stream().mapToInt(name -> file.column(name, nearest)).toArray();
        read(file, key, label, group, set, values);
      }
    }

    private int labelColumn(CsvFile file) {
      if (spec.label() == null && !file.columns().contains(LABEL)) {
        throw new DataException(
            ("%s has no column 'label'. Say where labels are: data.label = \"a column\","
                    + " data.labels = \"a file\", or {label} in data.files for a part of the path.")
                .formatted(found.path()));
      }
      return file.column(spec.label() == null ? LABEL : spec.label(), nearest);
    }

    /** The column of a group or a set; -1 where something else tells it, or nothing. */
    private int roleColumn(CsvFile file, String role, String column, boolean listed) {
      return column == null || listed || spec.files().tells(role)
          ? -1
          : file.column(column, nearest);
    }

    /** Names of the columns that have no other meaning. */
    private List<String> others(CsvFile file, int[] key, int... roles) {
      final Set<Integer> taken = new HashSet<>();
      for (int column : key) {
        taken.add(column);
      }
      for (int column : roles) {
        taken.add(column);
      }
      final List<String> others = new ArrayList<>();
      for (int column = 0; column < file.columns().size(); column++) {
        if (!taken.contains(column)) {
          others.add(file.columns().get(column));
        }
      }
      if (others.isEmpty()) {
        throw new DataException("%s has no column with values.".formatted(found.path()));
      }
      return others;
    }

    private void read(CsvFile file, int[] key, int label, int group, int set, int[] values) {
      final float[] row = new float[values.length];
      final StepBuffer.Gap gap =
          channel ->
              file.problem(
                  channel < values.length ? values[channel] : label,
                  channel < values.length
                      ? "has no value here; data.missing = \"drop\" would leave out such steps,"
                          + " \"previous\" repeat the value before"
                      : "has no label here; data.missing = \"drop\" would leave out such steps");
      while (file.next()) {
        final Draft draft = draft(file, key, label, group, set, values.length);
        for (int channel = 0; channel < values.length; channel++) {
          row[channel] = file.number(values[channel]);
        }
        draft.steps().add(row, label < 0 ? null : file.text(label), gap);
      }
      if (drafts.isEmpty()) {
        throw new DataException(
            "%s has %s."
                .formatted(found.path(), file.hasHeader() ? "a header, but no rows" : "no rows"));
      }
    }

    private Draft draft(CsvFile file, int[] key, int label, int group, int set, int channels) {
      final StringBuilder name = new StringBuilder();
      for (int column : key) {
        name.append(name.isEmpty() ? "" : "/").append(filled(file, column));
      }
      final Draft known = drafts.get(name.toString());
      if (known != null && group < 0 && set < 0) {
        return known;
      }
      final String groupHere = group < 0 ? null : filled(file, group);
      final MarkedSet setHere =
          set < 0
              ? null
              : MarkedSet.of(
                  filled(file, set), found.path() + ":" + file.line() + ":" + (set + 1), nearest);
      if (known == null) {
        final Draft draft =
            new Draft(
                name.toString(),
                groupHere,
                setHere,
                new StepBuffer(channels, spec.missing(), label >= 0));
        drafts.put(draft.key(), draft);
        return draft;
      }
      if (group >= 0 && !known.group().equals(groupHere)) {
        throw file.problem(
            group,
            "puts %s into the group '%s', above it was '%s'; a sequence is of one group"
                .formatted(id(known), groupHere, known.group()));
      }
      if (set >= 0 && known.set() != setHere) {
        throw file.problem(set, "marks %s for another set than above".formatted(id(known)));
      }
      return known;
    }

    private String filled(CsvFile file, int column) {
      final String text = file.text(column);
      if (text.isEmpty()) {
        throw file.problem(column, "is empty");
      }
      return text;
    }

    private String id(Draft draft) {
      return draft.key().isEmpty() ? found.name() : found.name() + "#" + draft.key();
    }

    /** Channels that rise at every step of every sequence. */
    Set<String> rising() {
      final Set<String> rising = new HashSet<>();
      for (int c = 0; c < channels.size(); c++) {
        final int channel = c;
        if (drafts.values().stream().allMatch(draft -> draft.steps().rises(channel))) {
          rising.add(channels.get(c));
        }
      }
      return rising;
    }

    List<Recording> recordings() {
      return drafts.values().stream().map(this::recording).toList();
    }

    private Recording recording(Draft draft) {
      final String id = id(draft);
      final LabelFile.Row row =
          list == null
              ? null
              : draft.key().isEmpty()
                  ? list.ofFile(found.name())
                  : list.ofRecording(id, draft.key());
      return Told.of(found, row, nearest)
          .or(null, draft.group(), draft.set())
          .recording(id, draft.steps(), channels);
    }
  }
}
