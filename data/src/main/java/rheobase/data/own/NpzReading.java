package rheobase.data.own;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import rheobase.data.DataException;
import rheobase.data.Nearest;
import rheobase.data.Preparation;
import rheobase.data.npy.NpyArray;
import rheobase.data.npy.NpzFile;
import rheobase.data.own.FilePattern.Found;
import rheobase.data.own.Recordings.Recording;

/**
 * Sequences in NumPy's {@code .npz} files. An array {@code x} holds the values, in one of three
 * forms:
 *
 * <ul>
 *   <li>{@code [n][steps][channels]}, or {@code [n][steps]} for one channel: all of one length;
 *   <li>the same beside {@code lengths [n]}: sequence i is the first {@code lengths[i]} steps of
 *       row i;
 *   <li>{@code [total][channels]}, or {@code [total]}, beside {@code lengths [n]} that add up to
 *       {@code total}: one sequence after the other.
 * </ul>
 *
 * <p>Labels are in {@code y}: {@code [n]}, one a sequence, or with an axis of steps like that of
 * {@code x}, one a step. Numbers and texts are labels alike. Groups and sets, where asked for, are
 * arrays {@code [n]}.
 */
public record NpzReading() {
  private static final String VALUES = "x";
  private static final String LENGTHS = "lengths";
  private static final String LABELS = "y";

  /**
   * Reads every file that is meant.
   *
   * @param folder or a single file
   * @throws DataException with file, array and index of what is wrong
   */
  public Recordings read(Path folder, OwnSpec spec, Preparation preparation, Nearest nearest) {
    final List<Found> files = spec.files().find(folder, spec.labelFile());
    final LabelFile list =
        spec.labelFile() == null ? null : LabelFile.read(folder, spec, true, nearest);
    final List<Recording> recordings = new ArrayList<>();
    int channels = 0;
    for (int i = 0; i < files.size(); i++) {
      final File file = new File(files.get(i), spec, nearest);
      if (channels > 0 && channels != file.channels) {
        throw file.x.problem(
            "has %d channels, but that of %s has %d",
            file.channels, files.getFirst().path(), channels);
      }
      channels = file.channels;
      file.read(list, recordings);
      preparation.progress("reading " + folder.getFileName(), i + 1, files.size());
    }
    final List<String> names = IntStream.rangeClosed(1, channels).mapToObj(c -> "" + c).toList();
    return new Recordings(folder.getFileName().toString(), names, recordings);
  }

  /** One file's arrays, and where in them each sequence lies. */
  private static final class File {
    private final Found found;
    private final OwnSpec spec;
    private final Nearest nearest;
    private final Map<String, NpyArray> arrays;
    private final NpyArray x;
    private final boolean oneAfterTheOther;
    private final int channels;
    private final int[] starts; // in steps, over all rows of x
    private final int[] lengths;

    File(Found found, OwnSpec spec, Nearest nearest) {
      this.found = found;
      this.spec = spec;
      this.nearest = nearest;
      arrays = NpzFile.read(found.path());
      x = array(VALUES);
      if (x.rank() < 1 || x.rank() > 3) {
        throw x.problem(
            "has the shape %s; it should be (sequences, steps, channels)", x.shapeText());
      }
      final int[] shape = x.shape();
      final int[] given = arrays.containsKey(LENGTHS) ? arrays.get(LENGTHS).ints() : null;
      if (given == null && x.rank() == 1) {
        throw x.problem(
            "has the shape %s; to tell its sequences apart, give their lengths as an array"
                + " 'lengths'",
            x.shapeText());
      }
      // (rows, steps) and (total, channels) look alike: lengths that add up to the rows decide
      oneAfterTheOther = given != null && x.rank() < 3 && sum(given) == shape[0];
      channels = oneAfterTheOther ? x.rank() == 2 ? shape[1] : 1 : x.rank() == 3 ? shape[2] : 1;
      final int rows = oneAfterTheOther ? given.length : shape[0];
      starts = new int[rows];
      lengths = new int[rows];
      if (x.size() == 0) {
        throw x.problem("has the shape %s; it holds no value", x.shapeText());
      }
      if (given == null) {
        Arrays.fill(lengths, shape[1]);
      } else {
        checkLengths(given, rows, shape);
        System.arraycopy(given, 0, lengths, 0, rows);
      }
      for (int i = 1; i < rows; i++) {
        starts[i] = starts[i - 1] + (oneAfterTheOther ? lengths[i - 1] : shape[1]);
      }
    }

    private void checkLengths(int[] given, int rows, int[] shape) {
      final NpyArray array = arrays.get(LENGTHS);
      if (x.rank() == 1 && !oneAfterTheOther) {
        throw array.problem("adds up to %d, but x has %d steps", sum(given), shape[0]);
      }
      if (given.length != rows) {
        throw array.problem(
            "has the shape %s beside an x of the shape %s; give a length for each sequence",
            array.shapeText(), x.shapeText());
      }
      for (int i = 0; i < rows; i++) {
        if (given[i] < 1 || !oneAfterTheOther && given[i] > shape[1]) {
          throw array.problem(
              "holds %d at %s; the shape of x is %s", given[i], array.place(i), x.shapeText());
        }
      }
    }

    private static long sum(int[] numbers) {
      return Arrays.stream(numbers).asLongStream().sum();
    }

    private NpyArray array(String name) {
      final NpyArray array = arrays.get(name);
      if (array == null) {
        throw new DataException(
            "%s has no array '%s'%s"
                .formatted(found.path(), name, nearest.hint(name, arrays.keySet())));
      }
      return array;
    }

    void read(LabelFile list, List<Recording> to) {
      final float[] values = x.floats();
      final int steps = values.length / channels;
      final NpyArray y =
          spec.labelsInside() ? array(spec.label() == null ? LABELS : spec.label()) : null;
      final String[] labels = y == null ? null : y.texts();
      final boolean eachStep = y != null && labels.length == steps && steps != lengths.length;
      if (y != null && !eachStep && labels.length != lengths.length) {
        throw y.problem(
            "has the shape %s beside an x of the shape %s; give a label for each of the %d"
                + " sequences or each of the %d steps",
            y.shapeText(), x.shapeText(), lengths.length, steps);
      }
      final String[] groups = perSequence("group", spec.group(), list != null && list.hasGroups());
      final String[] sets = perSequence("split", spec.split(), list != null && list.hasSets());
      final float[] row = new float[channels];
      for (int i = 0; i < lengths.length; i++) {
        final StepBuffer buffer = new StepBuffer(channels, spec.missing(), eachStep);
        for (int step = starts[i]; step < starts[i] + lengths[i]; step++) {
          final int at = step * channels;
          System.arraycopy(values, at, row, 0, channels);
          for (int c = 0; c < channels; c++) {
            if (Float.isInfinite(row[c])) {
              throw x.problem("holds an infinite value at %s", x.place(at + c));
            }
          }
          final int here = step;
          buffer.add(
              row,
              eachStep ? labels[step] : null,
              channel ->
                  channel < channels
                      ? x.problem(
                          "holds nan at %s; data.missing = \"drop\" would leave out such steps,"
                              + " \"previous\" repeat the value before",
                          x.place(at + channel))
                      : y.problem("has no label at %s", y.place(here)));
        }
        final String id = found.name() + "#" + i;
        to.add(
            Told.of(found, list == null ? null : list.ofRecording(id, id), nearest)
                .or(
                    y == null || eachStep ? null : labels[i],
                    groups == null ? null : groups[i],
                    sets == null
                        ? null
                        : MarkedSet.of(
                            sets[i],
                            "The array '%s' of %s".formatted(spec.split(), found.path()),
                            nearest))
                .recording(id, buffer, names()));
      }
    }

    private List<String> names() {
      return IntStream.rangeClosed(1, channels).mapToObj(c -> "channel " + c).toList();
    }

    /** An array of one text a sequence; null where something else tells it, or nothing. */
    private String[] perSequence(String role, String name, boolean listed) {
      if (name == null || listed || spec.files().tells(role)) {
        return null;
      }
      final String[] texts = array(name).texts();
      if (texts.length != lengths.length) {
        throw array(name)
            .problem(
                "has the shape %s; it needs a value for each of the %d sequences",
                array(name).shapeText(), lengths.length);
      }
      return texts;
    }
  }
}
