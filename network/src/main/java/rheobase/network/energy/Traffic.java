package rheobase.network.energy;

/**
 * What one time step reads from memory and writes to it, in words of 32 bits.
 *
 * @param weights read: all of a dense connection, a row of them for each event
 * @param constants read: biases and the neurons' own fixed numbers
 * @param states read, and written again
 */
public record Traffic(double weights, double constants, double states) {
  /** None. */
  public static final Traffic NONE = new Traffic(0, 0, 0);

  /** Both together. */
  public Traffic plus(Traffic other) {
    return new Traffic(weights + other.weights, constants + other.constants, states + other.states);
  }

  /** So many of them. */
  public Traffic times(double count) {
    return new Traffic(count * weights, count * constants, count * states);
  }

  /** Words read. */
  public double read() {
    return weights + constants + states;
  }

  /** Words written. */
  public double written() {
    return states;
  }

  /** Accesses of either kind. */
  public double words() {
    return read() + written();
  }

  /** Bytes moved either way. */
  public double bytes() {
    return words() * Float.BYTES;
  }
}
