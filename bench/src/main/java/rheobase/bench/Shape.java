package rheobase.bench;

/**
 * The shape of a product {@code C[m x n] += A[m x k] B[k x n]}.
 *
 * @param m rows of C
 * @param n width of C
 * @param k terms of each sum
 */
record Shape(int m, int n, int k) {
  /** Reads {@code "16x48x36"}. */
  static Shape of(String text) {
    String[] sizes = text.split("x");
    return new Shape(
        Integer.parseInt(sizes[0]), Integer.parseInt(sizes[1]), Integer.parseInt(sizes[2]));
  }
}
