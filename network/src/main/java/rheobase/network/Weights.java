package rheobase.network;

import java.util.List;
import rheobase.cell.kernel.ReferenceCell;
import rheobase.cell.kernel.Tape;
import rheobase.network.parameter.Parameters;
import rheobase.network.parameter.Tensor;

/**
 * What a layer needs of its parameters beyond their values: coefficients of the cell, the drive's
 * bias, and the weights turned round for the backward pass. Made anew after each optimiser step,
 * then read by all workers.
 */
final class Weights {
  /** Sides of a tile that is turned at a time: a line of memory. */
  private static final int TILE = 16;

  private final Layer layer;
  private final float[] values;

  /** {@code [coefficient][stride]} from {@link Tape#LEAD} on. */
  final float[] coefficients;

  /** Sum of the biases, one row of the drive: {@code [input][stride]}. */
  final float[] bias;

  /** The same without what the normalisation added; null where nothing is normalised. */
  final float[] biasRec;

  /**
   * {@code [block * units + to][from]} with rows of {@link #inStride} from {@link Tape#LEAD} on;
   * null in the lowest layer, whose input has no gradient, and where there are no weights.
   */
  final float[] inTransposed;

  final int inStride;

  /**
   * The weights from below with the normalisation by tracked means and variances folded in, laid
   * out as they are; null where nothing is normalised. The bias then holds the rest of it.
   */
  final float[] inFolded;

  /**
   * {@code [block * units + to][from]} with rows of the layer's stride from {@link Tape#LEAD} on;
   * null without recurrence.
   */
  final float[] recTransposed;

  /** One per quantiser: what graded spikes are clamped to. */
  final float[] ranges;

  /** Of quantisers that nothing has reached yet: as many units as there are levels. */
  private final float[] rangesAtFirst;

  Weights(Layer layer, Parameters parameters, boolean lowest) {
    this.layer = layer;
    this.values = parameters.values();
    int stride = layer.stride();
    coefficients = new float[Tape.LEAD + layer.program().coefficients().size() * stride];
    bias = new float[layer.cell().inputs().size() * stride];
    biasRec = layer.norm() == null ? null : new float[bias.length];
    ranges = new float[layer.cell().ranges()];
    rangesAtFirst = new float[ranges.length];
    for (int r = 0; r < ranges.length; r++) {
      rangesAtFirst[r] = Math.scalb(1f, layer.program().bits(r) - 1);
    }
    inStride = Tensor.padded(layer.from());
    inTransposed =
        lowest || layer.oneToOne()
            ? null
            : new float[Tape.LEAD + layer.weightIn().columns() * inStride];
    inFolded = layer.norm() == null ? null : new float[layer.weightIn().extent()];
    recTransposed =
        layer.recurrent() ? new float[Tape.LEAD + layer.weightRec().columns() * stride] : null;
  }

  /**
   * The range of a quantiser: the tracked one, or where nothing was reached yet as many units as
   * there are levels (released code of Ponghiran and Roy).
   */
  float range(int r, float tracked) {
    return tracked > 0 ? tracked : rangesAtFirst[r];
  }

  /** Follows the parameters. */
  void update() {
    double[][] made = ReferenceCell.coefficients(layer.program(), layer.units(), cellParameters());
    for (int c = 0; c < made.length; c++) {
      for (int j = 0; j < layer.units(); j++) {
        coefficients[Tape.LEAD + c * layer.stride() + j] = (float) made[c][j];
      }
    }
    for (int r = 0; r < ranges.length; r++) {
      ranges[r] = range(r, values[layer.range().offset() + r]);
    }
    java.util.Arrays.fill(bias, 0);
    addBias(layer.biasIn(), layer.spansBelow());
    addBias(layer.biasRec(), layer.spansRecurrent());
    if (layer.norm() != null) {
      System.arraycopy(bias, 0, biasRec, 0, bias.length);
      fold();
    }
    if (inTransposed != null) {
      transpose(layer.weightIn(), inTransposed, inStride);
    }
    if (recTransposed != null) {
      transpose(layer.weightRec(), recTransposed, layer.stride());
    }
  }

  /** The cell's parameters in double precision, {@code [parameter][unit]}. */
  double[][] cellParameters() {
    List<Tensor> tensors = layer.cellParameters();
    double[][] copy = new double[tensors.size()][layer.units()];
    for (int p = 0; p < copy.length; p++) {
      for (int j = 0; j < layer.units(); j++) {
        copy[p][j] = values[tensors.get(p).offset() + j];
      }
    }
    return copy;
  }

  private void addBias(Tensor tensor, Layer.Span[] spans) {
    if (tensor == null) {
      return;
    }
    int stride = layer.stride();
    for (Layer.Span span : spans) {
      for (int i = 0; i < span.count() * stride; i++) {
        bias[span.driveBlock() * stride + i] +=
            values[tensor.offset() + span.weightBlock() * stride + i];
      }
    }
  }

  /** {@code scale (z - mean) / deviation + shift}, as weights and a bias. */
  private void fold() {
    Tensor w = layer.weightIn();
    Layer.NormTensors norm = layer.norm();
    float[] factor = new float[w.stride()];
    for (Layer.Span span : layer.spansBelow()) {
      for (int b = 0; b < span.count(); b++) {
        for (int j = 0; j < layer.units(); j++) {
          int i = (span.weightBlock() + b) * layer.stride() + j;
          double variance = values[norm.variance().offset() + i];
          double share =
              values[norm.scale().offset() + i] / Math.sqrt(variance + DriveNorm.EPSILON);
          factor[i] = (float) share;
          bias[(span.driveBlock() + b) * layer.stride() + j] +=
              (float)
                  (values[norm.shift().offset() + i] - values[norm.mean().offset() + i] * share);
        }
      }
    }
    for (int f = 0; f < w.rows(); f++) {
      for (int i = 0; i < w.stride(); i++) {
        inFolded[f * w.stride() + i] = factor[i] * values[w.offset() + f * w.stride() + i];
      }
    }
  }

  /** In tiles, so that the lines of memory that a column touches are still near for the next. */
  private void transpose(Tensor tensor, float[] to, int rowStride) {
    for (int block = 0; block < tensor.blocks(); block++) {
      int from = tensor.offset() + block * tensor.blockStride();
      int at = Tape.LEAD + block * layer.units() * rowStride;
      for (int f = 0; f < tensor.rows(); f += TILE) {
        for (int j = 0; j < layer.units(); j += TILE) {
          int rows = Math.min(TILE, tensor.rows() - f);
          int columns = Math.min(TILE, layer.units() - j);
          for (int b = 0; b < columns; b++) {
            for (int a = 0; a < rows; a++) {
              to[at + (j + b) * rowStride + f + a] =
                  values[from + (f + a) * tensor.stride() + j + b];
            }
          }
        }
      }
    }
  }
}
