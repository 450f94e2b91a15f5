package rheobase.data.kaldi;

import rheobase.data.DataException;

/**
 * A matrix as Kaldi keeps it: a row a frame. The array is not copied.
 *
 * @param values {@code [row][column]}, flat
 */
public record Matrix(int rows, int columns, float[] values) {
  public Matrix {
    if (rows < 0 || columns < 0 || values.length != (long) rows * columns) {
      throw new DataException(
          "A matrix of %d x %d cannot have %d values.".formatted(rows, columns, values.length));
    }
  }
}
