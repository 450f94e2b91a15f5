package rheobase.network;

import java.util.Arrays;
import rheobase.cell.kernel.ReferenceCell;
import rheobase.cell.kernel.Tape;
import rheobase.network.parameter.Tensor;
import rheobase.network.product.Events;
import rheobase.network.product.Products;

/**
 * From the gradient of a layer's drive to those of its weights and biases, gathered block by block,
 * and from the gradients of the cell's coefficients to those of its parameters.
 */
final class WeightGradients {
  private final Layer layer;
  private final Weights weights;
  private final Products products;
  private final Tape tape;
  private final int inputs;

  /** From a unit's weights, or a block of them, to the next. */
  private final int weightStride;

  private final float[] ones;

  /** Sum of the drive's gradient over steps and rows, {@code [input][stride]}. */
  private final float[] biasGradient;

  /** See {@link #turned}; made when first needed. */
  private float[] turnedGradient;

  /**
   * @param tape of a run of the layer
   * @param ones as many as a block has rows
   */
  WeightGradients(Layer layer, Weights weights, Products products, Tape tape, float[] ones) {
    this.layer = layer;
    this.weights = weights;
    this.products = products;
    this.tape = tape;
    this.ones = ones;
    inputs = layer.cell().inputs().size();
    weightStride = layer.stride();
    biasGradient = new float[inputs * weightStride];
  }

  /** Before the last stretch of a sequence goes back. */
  void begin() {
    Arrays.fill(tape.coefficientGradient, 0);
    Arrays.fill(biasGradient, 0);
  }

  /**
   * Of the weights from below.
   *
   * @param row of the block's first step, on the tape
   * @param count rows of the block
   * @param gradient flat, laid out as the parameters; added to
   */
  void below(Source below, int row, int count, float[] gradient) {
    int driveRow = inputs * tape.stride;
    Tensor w = layer.weightIn();
    boolean turned = turnedPays(below);
    int work = turned ? layer.units() * Products.stride(below.units()) : layer.from() * w.columns();
    boolean gatherBelow = below.transposedGatherPays(row, count, work, w.columns());
    if (turned && !gatherBelow) {
      turned(below, row, count, gradient);
      return;
    }
    for (Layer.Span span : layer.spansBelow()) {
      int k = tape.first + span.driveBlock() * tape.stride;
      int n = span.count() * weightStride;
      int dw = w.offset() + span.weightBlock() * weightStride;
      if (gatherBelow) {
        products.gatherTransposed(
            below.events(),
            below.first() + row,
            count,
            layer.from(),
            tape.driveGradient,
            k,
            driveRow,
            n,
            gradient,
            dw,
            w.stride());
      } else {
        products.dense(
            layer.from(),
            n,
            count,
            below.written(row, count),
            below.offset() + row * below.stride(),
            1,
            below.stride(),
            tape.driveGradient,
            k,
            driveRow,
            gradient,
            dw,
            w.stride());
      }
    }
  }

  /** Of the biases: the sum over rows is the product with a row of ones. */
  void biases(int count) {
    if (layer.biasIn() != null || layer.biasRec() != null) {
      products.dense(
          1,
          inputs * weightStride,
          count,
          ones,
          0,
          count,
          1,
          tape.driveGradient,
          tape.first,
          inputs * tape.stride,
          biasGradient,
          0,
          inputs * weightStride);
    }
  }

  /**
   * Of the recurrent weights.
   *
   * @param events what the layer emitted; null where that is not listed
   * @param row of the block's first step, on the tape
   * @param count rows of the block
   */
  void recurrent(Events events, int row, int count, float[] gradient) {
    int driveRow = inputs * tape.stride;
    Tensor u = layer.weightRec();
    boolean gather =
        events != null
            && Products.transposedGatherPays(
                events.count(row, count), count, layer.units() * u.columns(), u.columns());
    for (Layer.Span span : layer.spansRecurrent()) {
      int k = tape.first + span.driveBlock() * tape.stride;
      int n = span.count() * weightStride;
      int du = u.offset() + span.weightBlock() * weightStride;
      if (gather) {
        products.gatherTransposed(
            events,
            row,
            count,
            layer.units(),
            tape.driveGradient,
            k,
            driveRow,
            n,
            gradient,
            du,
            u.stride());
      } else {
        products.dense(
            layer.units(),
            n,
            count,
            tape.emitted[0],
            tape.first + row * tape.stride,
            1,
            tape.stride,
            tape.driveGradient,
            k,
            driveRow,
            gradient,
            du,
            u.stride());
      }
    }
  }

  /**
   * Whether the product of weight gradients is cheaper turned round, with the units below along the
   * vectors: a readout of six units fills six of sixteen lanes, and the 36 units below it 36 of 48.
   */
  private boolean turnedPays(Source below) {
    return inputs == 1
        && layer.units() * Products.stride(below.units()) < layer.from() * weightStride;
  }

  /** As the dense product, but on a copy of the gradient that is turned there and back. */
  private void turned(Source below, int row, int count, float[] gradient) {
    Tensor w = layer.weightIn();
    int width = Products.stride(below.units());
    if (turnedGradient == null) {
      turnedGradient = new float[layer.units() * width];
    }
    for (int from = 0; from < layer.from(); from++) {
      for (int to = 0; to < layer.units(); to++) {
        turnedGradient[to * width + from] = gradient[w.offset() + from * w.stride() + to];
      }
    }
    products.dense(
        layer.units(),
        width,
        count,
        tape.driveGradient,
        tape.first,
        1,
        tape.stride,
        below.written(row, count),
        below.offset() + row * below.stride(),
        below.stride(),
        turnedGradient,
        0,
        width);
    for (int from = 0; from < layer.from(); from++) {
      for (int to = 0; to < layer.units(); to++) {
        gradient[w.offset() + from * w.stride() + to] = turnedGradient[to * width + from];
      }
    }
  }

  /**
   * At the end of the backward pass: the gradient of the biases, and of the cell's parameters from
   * that of its coefficients.
   */
  void ofParameters(float[] gradient) {
    addBiasGradient(layer.biasIn(), layer.spansBelow(), gradient);
    addBiasGradient(layer.biasRec(), layer.spansRecurrent(), gradient);
    if (tape.period > 1) {
      // the widths of products are whole vectors: they added what stands in the next row
      clearPastUnits(layer.weightIn(), gradient);
      clearPastUnits(layer.weightRec(), gradient);
    }
    double[][] ofCoefficients = new double[layer.program().coefficients().size()][layer.units()];
    for (int c = 0; c < ofCoefficients.length; c++) {
      for (int j = 0; j < layer.units(); j++) {
        for (int place = 0; place < tape.period; place++) {
          ofCoefficients[c][j] +=
              tape.coefficientGradient[tape.first + (c * tape.period + place) * tape.stride + j];
        }
      }
    }
    double[][] made =
        ReferenceCell.parameterGradient(
            layer.program(), layer.units(), weights.cellParameters(), ofCoefficients);
    for (int p = 0; p < made.length; p++) {
      int offset = layer.cellParameters().get(p).offset();
      for (int j = 0; j < layer.units(); j++) {
        gradient[offset + j] += (float) made[p][j];
      }
    }
  }

  private void clearPastUnits(Tensor tensor, float[] gradient) {
    if (tensor != null) {
      for (int i = 0; i < tensor.rows(); i++) {
        int row = tensor.offset() + i * tensor.stride();
        Arrays.fill(gradient, row + layer.units(), row + weightStride, 0);
      }
    }
  }

  private void addBiasGradient(Tensor bias, Layer.Span[] spans, float[] gradient) {
    if (bias == null) {
      return;
    }
    for (Layer.Span span : spans) {
      for (int i = 0; i < span.count(); i++) {
        int from = (span.driveBlock() + i) * weightStride;
        int to = bias.offset() + (span.weightBlock() + i) * weightStride;
        for (int j = 0; j < layer.units(); j++) {
          gradient[to + j] += biasGradient[from + j];
        }
      }
    }
  }
}
