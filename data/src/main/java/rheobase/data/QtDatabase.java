package rheobase.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import us.hebi.matlab.mat.types.Matrix;

/**
 * The QT Database of ECG recordings as Yin, Corradi and Bohté (2020, 2021) published it with their
 * code: two leads at 250 Hz turned into events, cut into windows of 1301 steps, with a class for
 * every step.
 *
 * <p>Their files {@code QTDB_train.mat} (618 sequences) and {@code QTDB_test.mat} (141) hold {@code
 * x (N, 1301, 4)}: up and down events of lead 1, then of lead 2; and {@code y (N, 1301, 6)}:
 * one-hot rows over {@link #CLASSES}. (Both are of MATLAB's class double, stored as int16 and
 * uint8; any class of real numbers is read.) The conventions, kept as published:
 *
 * <ul>
 *   <li>A row of {@code y} without a one is unlabelled. Its target is class 0 (P) and it is not
 *       annotated.
 *   <li>The last step is padding, {@code x = (-1, 0, 0, 0)}. It is kept, and scored.
 *   <li>The labels are 19 to 20 steps behind the events; the first 19 of every sequence are P.
 * </ul>
 *
 * <p><b>Groups.</b> The files carry no record names, but the windows betray them: a recording was
 * cut every 1000 steps, so a window and the next of the same recording share 301 steps, and there
 * their labels are the same. {@code y} at steps 1040 to 1299 of one sequence equals {@code y} at
 * steps 40 to 299 of the next for every pair of neighbours in the published files except at 74 + 19
 * places, where at most half of the steps agree. Those are the borders between recordings: 75 for
 * training, 20 for the test. A validation split that ignored them would share samples with the
 * training set. (See docs/decisions.md.)
 *
 * <p>Sequences and steps are counted from 0, as in {@code id}, {@code group} and messages.
 */
public final class QtDatabase {
  /** P wave, PQ segment, Q to R, R to S, S to the end of T, T to the next P: the labels 0 to 5. */
  public static final List<String> CLASSES = List.of("P", "PQ", "QR", "RS", "ST", "TP");

  private static final int STEPS = 1301;
  private static final int CHANNELS = 4;

  /** Steps from the start of a window to the start of the next one of the same recording. */
  private static final int HOP = 1000;

  /** The first steps of a window are filled or unlabelled, whatever the recording says there. */
  private static final int FILLED = 40;

  private static final byte UNLABELLED = -1;

  private static final String WANTED =
      "Wanted are QTDB_train.mat (SHA-256"
          + " 72d1a10c96f1540880447e07256835d66da419c0b34f3dff495731a7928c5bc7) and QTDB_test.mat"
          + " (916f11e21679a5b61988305bbb7cd1e6df8b34f1ed4a157a7a4e295d400ef232) of the folder data"
          + " in https://github.com/byin-cwi/Efficient-spiking-networks.";

  private QtDatabase() {}

  /**
   * The training set, {@code QTDB_train.mat}.
   *
   * @throws DataException naming the file and what is wrong with it
   */
  public static SequenceSet train(Path folder) {
    return read(folder, "train");
  }

  /**
   * The test set, {@code QTDB_test.mat}.
   *
   * @throws DataException naming the file and what is wrong with it
   */
  public static SequenceSet test(Path folder) {
    return read(folder, "test");
  }

  private static SequenceSet read(Path folder, String part) {
    DataFolder.check(folder, WANTED);
    final Path path = folder.resolve("QTDB_" + part + ".mat");
    if (!Files.isRegularFile(path)) {
      throw new DataException("There is no file %s. %s".formatted(path, WANTED));
    }
    return sequences(MatFile.read(path, Set.of("x", "y")), "qtdb-" + part);
  }

  private static SequenceSet sequences(MatFile file, String name) {
    final Matrix x = file.variable("x");
    final Matrix y = file.variable("y");
    checkShape(file, "x", x, CHANNELS);
    checkShape(file, "y", y, CLASSES.size());
    final int count = x.getNumRows();
    if (y.getNumRows() != count) {
      throw file.problem(
          "holds %d sequences in x but labels for %d in y".formatted(count, y.getNumRows()));
    }
    final byte[][] labels = labels(file, y, count);
    final float[][] values = values(file, x, count);
    final List<Sequence> sequences = new ArrayList<>(count);
    int recording = 0;
    for (int n = 0; n < count; n++) {
      if (n > 0 && !continues(labels[n - 1], labels[n])) {
        recording++;
      }
      final int[] targets = new int[STEPS];
      final boolean[] annotated = new boolean[STEPS];
      for (int t = 0; t < STEPS; t++) {
        annotated[t] = labels[n][t] != UNLABELLED;
        targets[t] = annotated[t] ? labels[n][t] : 0;
      }
      sequences.add(
          new Sequence(
              "%s/%03d".formatted(name, n),
              "%s/recording-%02d".formatted(name, recording),
              STEPS,
              CHANNELS,
              values[n],
              targets,
              annotated));
    }
    return new SequenceSet(name, CHANNELS, CLASSES, sequences);
  }

  private static void checkShape(MatFile file, String name, Matrix matrix, int lastExtent) {
    final int[] shape = matrix.getDimensions();
    if (shape.length != 3 || shape[0] < 1 || shape[1] != STEPS || shape[2] != lastExtent) {
      throw file.problem(
          "holds %s with the shape %s; it should be (sequences, %d, %d)"
              .formatted(
                  name,
                  Arrays.toString(shape).replace('[', '(').replace(']', ')'),
                  STEPS,
                  lastExtent));
    }
  }

  /** Whether a window of labels is the next one of the same recording. */
  private static boolean continues(byte[] window, byte[] next) {
    return Arrays.equals(window, HOP + FILLED, STEPS - 1, next, FILLED, STEPS - 1 - HOP);
  }

  /** The label of each sequence and step. MATLAB's first index moves fastest: (n + N (t + T c)). */
  private static byte[][] labels(MatFile file, Matrix y, int count) {
    final byte[][] labels = new byte[count][STEPS];
    for (byte[] row : labels) {
      Arrays.fill(row, UNLABELLED);
    }
    int index = 0;
    for (byte c = 0; c < CLASSES.size(); c++) {
      for (int t = 0; t < STEPS; t++) {
        for (int n = 0; n < count; n++) {
          final double bit = y.getDouble(index++);
          if (bit == 0) {
            continue;
          }
          if (bit != 1 || labels[n][t] != UNLABELLED) {
            throw file.problem(
                "holds a label that is not one-hot: y is (%s) in sequence %d at step %d"
                    .formatted(row(y, count, n, t), n, t));
          }
          labels[n][t] = c;
        }
      }
    }
    return labels;
  }

  private static String row(Matrix y, int count, int n, int t) {
    final StringBuilder row = new StringBuilder();
    for (int c = 0; c < CLASSES.size(); c++) {
      final double bit = y.getDouble(n + count * (t + STEPS * c));
      row.append(c == 0 ? "" : " ").append(bit == (int) bit ? "" + (int) bit : "" + bit);
    }
    return row.toString();
  }

  private static float[][] values(MatFile file, Matrix x, int count) {
    final float[][] values = new float[count][STEPS * CHANNELS];
    int index = 0;
    for (int c = 0; c < CHANNELS; c++) {
      for (int t = 0; t < STEPS; t++) {
        for (int n = 0; n < count; n++) {
          final double event = x.getDouble(index++);
          if (event != 0 && event != 1 && event != -1) {
            throw file.problem(
                ("holds the value %s in x, in sequence %d at step %d, channel %d;"
                        + " events are 0, 1 or -1")
                    .formatted(event, n, t, c));
          }
          values[n][t * CHANNELS + c] = (float) event;
        }
      }
    }
    return values;
  }
}
