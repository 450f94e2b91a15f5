package rheobase.data.own;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rheobase.data.DataException;
import rheobase.data.Nearest;
import rheobase.data.csv.CsvFile;
import rheobase.data.csv.Dialect;

/**
 * A CSV file with a row for each recording: which it is, its label, and, where asked for, its group
 * and its set. The recording is named by the column {@code file}, {@code record} or {@code
 * sequence}, or else by the first; a file by its path below the folder or its bare name, with or
 * without ending. A file of two columns needs no header.
 */
final class LabelFile {
  private static final String LABEL = "label";
  private static final List<String> NAMING = List.of("file", "record", "sequence");

  private static final Dialect WITH_HEADER = new Dialect(Dialect.FIND, Dialect.Header.PRESENT);
  private static final Dialect WITHOUT_HEADER = new Dialect(Dialect.FIND, Dialect.Header.ABSENT);

  private final Path path;
  private final Nearest nearest;
  private final Map<String, Row> rows = new LinkedHashMap<>();
  private final Map<String, Row> stems = new HashMap<>();
  private final Map<Long, String> usedBy = new HashMap<>();
  private boolean hasGroups;
  private boolean hasSets;

  /** What a row says; what it does not say is null. */
  record Row(long line, String name, String label, String group, MarkedSet set) {}

  private static final Row AMBIGUOUS = new Row(0, null, null, null, null);

  private LabelFile(Path path, Nearest nearest) {
    this.path = path;
    this.nearest = nearest;
  }

  /**
   * Reads the list that a specification names.
   *
   * @param labelled whether it must have labels
   */
  static LabelFile read(Path folder, OwnSpec spec, boolean labelled, Nearest nearest) {
    final Path beside = Files.isDirectory(folder) ? folder : folder.getParent();
    final LabelFile list = new LabelFile(beside.resolve(spec.labelFile()), nearest);
    final String label = spec.label() == null ? LABEL : spec.label();
    try (CsvFile file =
        CsvFile.open(list.path, labelled ? list.dialect(spec.label()) : WITH_HEADER)) {
      final int naming =
          NAMING.stream()
              .filter(file.columns()::contains)
              .findFirst()
              .map(file.columns()::indexOf)
              .orElse(0);
      final boolean twoColumns = !file.hasHeader() && file.columns().size() == 2;
      final int labels =
          !labelled ? -1 : twoColumns && spec.label() == null ? 1 : file.column(label, nearest);
      list.hasGroups = spec.group() != null && file.columns().contains(spec.group());
      list.hasSets = spec.split() != null && file.columns().contains(spec.split());
      final int groups = list.hasGroups ? file.column(spec.group(), nearest) : -1;
      final int sets = list.hasSets ? file.column(spec.split(), nearest) : -1;
      while (file.next()) {
        list.add(
            new Row(
                file.line(),
                filled(file, naming),
                labels < 0 ? null : filled(file, labels),
                groups < 0 ? null : filled(file, groups),
                sets < 0
                    ? null
                    : MarkedSet.of(filled(file, sets), list.path + ":" + file.line(), nearest)));
      }
    }
    if (list.rows.isEmpty()) {
      throw new DataException("%s lists no recordings.".formatted(list.path));
    }
    return list;
  }

  /**
   * The first row is a header where the label's name stands in it, and where only a header could
   * tell which column is meant.
   */
  private Dialect dialect(String label) {
    try (CsvFile file = CsvFile.open(path, WITH_HEADER)) {
      final boolean byNumber = label != null && label.matches("\\d+");
      final boolean byPlace = label == null && file.columns().size() == 2;
      return file.columns().contains(label == null ? LABEL : label) || !byNumber && !byPlace
          ? WITH_HEADER
          : WITHOUT_HEADER;
    }
  }

  private static String filled(CsvFile file, int column) {
    final String text = file.text(column);
    if (text.isEmpty()) {
      throw file.problem(column, "is empty");
    }
    return text;
  }

  private void add(Row row) {
    final String name = plain(row.name());
    final Row before = rows.put(name, row);
    if (before != null) {
      throw new DataException(
          "%s:%d lists '%s', which stands in line %d already."
              .formatted(path, row.line(), row.name(), before.line()));
    }
    // Two names that differ in their ending alone: neither is meant by the name without it.
    stems.merge(withoutEnding(name), row, (_, _) -> AMBIGUOUS);
  }

  private static String plain(String name) {
    return name.replace('\\', '/').replaceFirst("^\\./", "");
  }

  private static String withoutEnding(String name) {
    final int dot = name.lastIndexOf('.');
    return dot > name.lastIndexOf('/') + 1 ? name.substring(0, dot) : name;
  }

  /**
   * The row of a file.
   *
   * @param file its path below the folder
   * @throws DataException when there is none, or it is that of another file too
   */
  Row ofFile(String file) {
    final String name = file.substring(file.lastIndexOf('/') + 1);
    for (String each : List.of(file, name)) {
      for (String candidate : List.of(each, withoutEnding(each))) {
        Row row = rows.get(candidate);
        if (row == null && !candidate.equals(each)) {
          row = stems.get(candidate);
        }
        if (row != null && row != AMBIGUOUS) {
          return used(row, file);
        }
      }
    }
    throw unlisted(file);
  }

  /**
   * The row of a recording that goes by a name of its own inside a file.
   *
   * @throws DataException when there is none, or it is that of another recording too
   */
  Row ofRecording(String id, String name) {
    final Row row = rows.get(name);
    if (row == null) {
      throw unlisted(name);
    }
    return used(row, id);
  }

  private Row used(Row row, String id) {
    final String other = usedBy.putIfAbsent(row.line(), id);
    if (other != null && !other.equals(id)) {
      throw new DataException(
          "%s:%d lists '%s', which is the name of two recordings: %s and %s."
              .formatted(path, row.line(), row.name(), other, id));
    }
    return row;
  }

  private DataException unlisted(String name) {
    return new DataException(
        "%s does not list %s%s"
            .formatted(
                path, name, nearest.hint(name, rows.values().stream().map(Row::name).toList())));
  }

  /** Whether it tells groups. */
  boolean hasGroups() {
    return hasGroups;
  }

  /** Whether it marks sets. */
  boolean hasSets() {
    return hasSets;
  }
}
