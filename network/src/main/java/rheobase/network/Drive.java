package rheobase.network;

import rheobase.cell.kernel.Tape;
import rheobase.network.parameter.Tensor;
import rheobase.network.product.Events;
import rheobase.network.product.Products;

/**
 * The connections of a layer: what lies below and what was emitted one step ago becomes its drive,
 * and the gradient of the drive goes back to both.
 */
final class Drive {
  private final Layer layer;
  private final Weights weights;
  private final Products products;
  private final float[] parameters;
  private final Tape tape;
  private final int inputs;

  /** From a unit's weights, or a block of them, to the next. */
  private final int weightStride;

  /**
   * @param tape of a run of the layer
   */
  Drive(Layer layer, Weights weights, Products products, float[] parameters, Tape tape) {
    this.layer = layer;
    this.weights = weights;
    this.products = products;
    this.parameters = parameters;
    this.tape = tape;
    inputs = layer.cell().inputs().size();
    weightStride = layer.stride();
  }

  /** The part of the drive that comes from below: bias and one product for all steps. */
  void make(Source below, int from, int to) {
    int rows = tape.rows;
    int driveRow = inputs * tape.stride;
    int total = (to - from) * rows;
    repeat(weights.bias, driveRow, tape.drive, tape.first + from * rows * driveRow, total);
    if (layer.oneToOne()) {
      addOneToOne(below, from * rows, total);
    } else if (layer.norm() != null) {
      addProduct(below, from, to, weights.inFolded, 0);
    } else {
      addProduct(below, from, to, parameters, layer.weightIn().offset());
    }
  }

  /** Adds what comes from below through weights that begin at {@code offset} of {@code values}. */
  void addProduct(Source below, int from, int to, float[] values, int offset) {
    int rows = tape.rows;
    int driveRow = inputs * tape.stride;
    int total = (to - from) * rows;
    Tensor w = layer.weightIn();
    boolean gather = below.gatherPays(from * rows, total, w.columns());
    for (Layer.Span span : layer.spansBelow()) {
      int b = offset + span.weightBlock() * weightStride;
      int c = tape.first + from * rows * driveRow + span.driveBlock() * tape.stride;
      int n = span.count() * weightStride;
      if (gather) {
        products.gather(
            below.events(),
            below.first() + from * rows,
            total,
            values,
            b,
            w.stride(),
            n,
            tape.drive,
            c,
            driveRow);
      } else {
        products.dense(
            total,
            n,
            layer.from(),
            below.written(from * rows, total),
            below.offset() + from * rows * below.stride(),
            below.stride(),
            1,
            values,
            b,
            w.stride(),
            tape.drive,
            c,
            driveRow);
      }
    }
  }

  private void addOneToOne(Source below, int row, int rows) {
    int driveRow = inputs * tape.stride;
    for (Layer.Span span : layer.spansBelow()) {
      for (int i = 0; i < span.count(); i++) {
        OneToOne.add(
            below.written(row, rows),
            below.offset() + row * below.stride(),
            below.stride(),
            tape.drive,
            tape.first + row * driveRow + (span.driveBlock() + i) * tape.stride,
            driveRow,
            rows,
            layer.units());
      }
    }
  }

  /**
   * Writes {@code rows} copies of a row one after the other; doubling, as few long copies are
   * cheap.
   */
  private static void repeat(float[] row, int length, float[] to, int at, int rows) {
    System.arraycopy(row, 0, to, at, length);
    for (int done = 1; done < rows; done *= 2) {
      System.arraycopy(to, at, to, at + done * length, Math.min(done, rows - done) * length);
    }
  }

  /**
   * Adds what the layer emitted one step before step {@code t}.
   *
   * @param events that very thing, by step and row; null where it is not listed
   */
  void recur(int t, Events events) {
    int rows = tape.rows;
    int driveRow = inputs * tape.stride;
    Tensor u = layer.weightRec();
    boolean gather =
        events != null
            && Products.gatherPays(events.count(t * rows, rows), rows, layer.units(), u.columns());
    for (Layer.Span span : layer.spansRecurrent()) {
      int b = u.offset() + span.weightBlock() * weightStride;
      int c = tape.first + t * rows * driveRow + span.driveBlock() * tape.stride;
      int n = span.count() * weightStride;
      if (gather) {
        products.gather(
            events, t * rows, rows, parameters, b, u.stride(), n, tape.drive, c, driveRow);
      } else {
        products.dense(
            rows,
            n,
            layer.units(),
            tape.emitted[0],
            tape.first + t * rows * tape.stride,
            tape.stride,
            1,
            parameters,
            b,
            u.stride(),
            tape.drive,
            c,
            driveRow);
      }
    }
  }

  /**
   * Adds the gradient that the recurrent weights carry back to what was emitted.
   *
   * @param after gradient of the drive, of the step that begins at {@code offset}
   * @param t step of the block that emitted
   * @param wanted elements of the gradient that are used, by step of the block and row; null for
   *     all
   */
  void recurBack(float[] after, int offset, int t, Events wanted) {
    int rows = tape.rows;
    int driveRow = inputs * tape.stride;
    Tensor u = layer.weightRec();
    for (Layer.Span span : layer.spansRecurrent()) {
      for (int i = 0; i < span.count(); i++) {
        int block = span.weightBlock() + i;
        BackProduct.add(
            products,
            rows,
            wanted,
            t * rows,
            layer.units(),
            layer.units(),
            after,
            offset + (span.driveBlock() + i) * tape.stride,
            driveRow,
            parameters,
            u.offset() + block * weightStride,
            u.stride(),
            weights.recTransposed,
            Tape.LEAD + block * layer.units() * weightStride,
            weightStride,
            tape.emittedGradient[0],
            tape.first + t * rows * tape.stride,
            tape.stride);
      }
    }
  }

  /**
   * Adds the gradient that the weights from below carry down.
   *
   * @param gradientBelow {@code [step][row][strideBelow]}
   * @param at where the first step of the block stands in it
   * @param steps of the block
   * @param wanted elements that are used, by step of the block and row; null for all
   */
  void passDown(float[] gradientBelow, int at, int strideBelow, int steps, Events wanted) {
    int rows = tape.rows;
    int driveRow = inputs * tape.stride;
    for (Layer.Span span : layer.spansBelow()) {
      for (int i = 0; i < span.count(); i++) {
        int k = tape.first + (span.driveBlock() + i) * tape.stride;
        if (layer.oneToOne()) {
          OneToOne.add(
              tape.driveGradient,
              k,
              driveRow,
              gradientBelow,
              at,
              strideBelow,
              steps * rows,
              layer.units());
          continue;
        }
        int block = span.weightBlock() + i;
        BackProduct.add(
            products,
            steps * rows,
            wanted,
            0,
            layer.units(),
            layer.from(),
            tape.driveGradient,
            k,
            driveRow,
            parameters,
            layer.weightIn().offset() + block * weightStride,
            layer.weightIn().stride(),
            weights.inTransposed,
            Tape.LEAD + block * layer.units() * weights.inStride,
            weights.inStride,
            gradientBelow,
            at,
            strideBelow);
      }
    }
  }
}
