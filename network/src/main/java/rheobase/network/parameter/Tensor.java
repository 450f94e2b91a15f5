package rheobase.network.parameter;

/**
 * Where one tensor lies inside the flat array of a network's parameters, or of anything laid out
 * alike: gradients, moments.
 *
 * <p>A matrix is used row by row of its source: row {@code from} holds the weights from unit {@code
 * from} to every target unit, next to each other, at {@code offset + from * stride}. A file holds
 * it the other way round, {@code [to][from]}, as PyTorch does; {@link Parameters#get} and {@link
 * Parameters#set} turn it. A vector is one row. A tensor of a gated cell is made of equal blocks of
 * target units, a gate each; every block starts at a multiple of 16 floats within its row.
 *
 * @param name unique in the network, e.g. {@code hidden.tau_m}
 * @param group what it is for, by whatever name a learning rate may be given to it, e.g. {@code
 *     tau_m}
 * @param shape as saved: {@code [to][from]} of a matrix, {@code [to]} of a vector; all blocks
 *     together
 * @param offset of the first value; from one tensor to the next it is a multiple of 16
 * @param rows source units, 1 for a vector
 * @param columns target units, all blocks together
 * @param stride floats from one row to the next, a multiple of 16; those that hold no value stay
 *     zero
 * @param blocks gates, 1 for a cell with one drive
 */
public record Tensor(
    String name,
    String group,
    int[] shape,
    int offset,
    int rows,
    int columns,
    int stride,
    int blocks) {

  /**
   * Every row and every block starts at a multiple of this many floats, whatever the machine's
   * vectors are.
   */
  public static final int ALIGNMENT = 16;

  static Tensor at(int offset, String name, String group, int[] shape, int rows, int blocks) {
    int columns = shape[0];
    int stride = blocks * padded(columns / blocks);
    return new Tensor(name, group, shape.clone(), offset, rows, columns, stride, blocks);
  }

  /** The next multiple of 16 floats. */
  public static int padded(int units) {
    return Math.ceilDiv(units, ALIGNMENT) * ALIGNMENT;
  }

  /** Target units of one block. */
  public int unitsPerBlock() {
    return columns / blocks;
  }

  /** Floats from one block of a row to the next. */
  public int blockStride() {
    return stride / blocks;
  }

  /** Values, padding left out. */
  public int count() {
    return rows * columns;
  }

  /** Floats taken up in the flat array, padding included. */
  public int extent() {
    return rows * stride;
  }

  public boolean isVector() {
    return shape.length == 1;
  }

  /**
   * Where a value lies in the flat array.
   *
   * @param to target unit, counted through all blocks
   * @param from source unit, 0 for a vector
   */
  public int index(int to, int from) {
    int units = unitsPerBlock();
    return offset + from * stride + to / units * blockStride() + to % units;
  }

  /** A copy. */
  @Override
  public int[] shape() {
    return shape.clone();
  }
}
