package rheobase.network;

import java.util.Arrays;
import rheobase.cell.kernel.Tape;

/**
 * Batch normalisation (Ioffe and Szegedy 2015) of the drive from below, as far as it concerns one
 * layer and one micro-batch while it is trained: the drive brought to mean 0 and variance 1, the
 * gradient of what the cell was given, and the sums over both that {@link BatchStatistics} adds up
 * over all micro-batches of a batch.
 *
 * <p>All lie {@code [step][row][block][unit]}, with the blocks of the weights from below. Rows
 * beyond their end are zero throughout.
 */
final class DriveNorm {
  /** Epsilon: added to every variance. */
  static final double EPSILON = 1e-5;

  private final Layer layer;
  private final int stride;
  private final int width;
  private final float[] standard;
  private final float[] gradient;

  /** Sums over steps and rows: of the drive, of its square. */
  final double[] sums;

  final double[] squares;

  /** Sums over steps and rows: of the gradient, of its product with the standardised drive. */
  final double[] gradients;

  final double[] products;

  /** Steps that the rows have, all together. */
  long places;

  int rows;
  private int[] lengths = new int[0];

  /**
   * @param rows most sequences of a micro-batch
   * @param steps of the longest sequence
   */
  DriveNorm(Layer layer, int rows, int steps) {
    this.layer = layer;
    stride = layer.stride();
    width = layer.norm().scale().extent();
    standard = new float[LayerRun.size(layer, steps, rows * width)];
    gradient = new float[standard.length];
    sums = new double[width];
    squares = new double[width];
    gradients = new double[width];
    products = new double[width];
  }

  /** Numbers of a step: the units of all blocks, padded. */
  static int width(Layer layer) {
    return layer.norm().scale().extent();
  }

  /** Takes the drive of all steps as the product with the weights left it, and sums it up. */
  void take(Tape tape, MicroBatch batch) {
    rows = batch.rows();
    lengths = batch.lengths();
    int steps = batch.longest();
    copy(tape.drive, tape.first, standard, 0, steps, true);
    Arrays.fill(sums, 0);
    Arrays.fill(squares, 0);
    places = 0;
    for (int t = 0; t < steps; t++) {
      for (int row = 0; row < rows; row++) {
        int at = (t * rows + row) * width;
        if (t >= lengths[row]) {
          Arrays.fill(standard, at, at + width, 0);
          continue;
        }
        places++;
        for (int i = 0; i < width; i++) {
          double z = standard[at + i];
          sums[i] += z;
          squares[i] += z * z;
        }
      }
    }
    Arrays.fill(gradients, 0);
    Arrays.fill(products, 0);
  }

  /**
   * Puts the normalised drive in the place of the drive.
   *
   * @param values of the network's parameters
   * @param bias of the recurrent connection, one row of the drive
   */
  void normalise(Tape tape, BatchStatistics statistics, float[] values, float[] bias) {
    int scale = layer.norm().scale().offset();
    int shift = layer.norm().shift().offset();
    int steps = steps();
    for (int t = 0; t < steps; t++) {
      for (int row = 0; row < rows; row++) {
        int at = (t * rows + row) * width;
        if (t < lengths[row]) {
          for (int i = 0; i < width; i++) {
            standard[at + i] =
                (float) ((standard[at + i] - statistics.mean[i]) * statistics.inverse[i]);
          }
        }
      }
    }
    int inputs = layer.cell().inputs().size();
    for (int r = 0; r < steps * rows; r++) {
      System.arraycopy(bias, 0, tape.drive, tape.first + r * inputs * stride, inputs * stride);
    }
    for (Layer.Span span : layer.spansBelow()) {
      int from = span.weightBlock() * stride;
      int to = span.driveBlock() * stride;
      for (int r = 0; r < steps * rows; r++) {
        for (int i = 0; i < span.count() * stride; i++) {
          tape.drive[tape.first + r * inputs * stride + to + i] =
              Math.fma(
                  standard[r * width + from + i],
                  values[scale + from + i],
                  values[shift + from + i] + bias[to + i]);
        }
      }
    }
  }

  /** Steps of the longest row. */
  int steps() {
    return Arrays.stream(lengths).max().orElseThrow();
  }

  /** Takes the gradient of the normalised drive of a block of steps, and sums it up. */
  void takeGradient(Tape tape, int first, int steps) {
    copy(tape.driveGradient, tape.first, gradient, first, steps, true);
    for (int r = first * rows; r < (first + steps) * rows; r++) {
      for (int i = 0; i < width; i++) {
        double g = gradient[r * width + i];
        gradients[i] += g;
        products[i] += g * standard[r * width + i];
      }
    }
  }

  /** Turns the gradient of the normalised drive into that of the drive, for all steps. */
  void back(BatchStatistics statistics, float[] values) {
    int scale = layer.norm().scale().offset();
    int steps = steps();
    for (int t = 0; t < steps; t++) {
      for (int row = 0; row < rows; row++) {
        if (t >= lengths[row]) {
          continue;
        }
        int at = (t * rows + row) * width;
        for (int i = 0; i < width; i++) {
          gradient[at + i] =
              (float)
                  (values[scale + i]
                      * statistics.inverse[i]
                      * (gradient[at + i]
                          - statistics.gradientMean[i]
                          - standard[at + i] * statistics.productMean[i]));
        }
      }
    }
  }

  /** Hands out the gradient of the drive of a block of steps. */
  void putGradient(Tape tape, int first, int steps) {
    copy(tape.driveGradient, tape.first, gradient, first, steps, false);
  }

  /**
   * Between rows of the drive and rows of ours, which have the blocks of the weights.
   *
   * @param first step of ours where the drive begins
   */
  private void copy(float[] drive, int driveAt, float[] own, int first, int steps, boolean toOwn) {
    int driveRow = layer.cell().inputs().size() * stride;
    for (Layer.Span span : layer.spansBelow()) {
      int length = span.count() * stride;
      for (int r = 0; r < steps * rows; r++) {
        int d = driveAt + r * driveRow + span.driveBlock() * stride;
        int o = (first * rows + r) * width + span.weightBlock() * stride;
        if (toOwn) {
          System.arraycopy(drive, d, own, o, length);
        } else {
          System.arraycopy(own, o, drive, d, length);
        }
      }
    }
  }
}
