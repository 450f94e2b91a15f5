package rheobase.network.energy;

/**
 * Operations of one time step of one sequence, means over steps.
 *
 * @param accumulates AC
 * @param multiplyAccumulates MAC
 */
public record Operations(double accumulates, double multiplyAccumulates) {
  /** None. */
  public static final Operations NONE = new Operations(0, 0);

  /** Both together. */
  public Operations plus(Operations other) {
    return new Operations(
        accumulates + other.accumulates, multiplyAccumulates + other.multiplyAccumulates);
  }

  /** So many of them. */
  public Operations times(double count) {
    return new Operations(count * accumulates, count * multiplyAccumulates);
  }

  /** AC and MAC together. */
  public double count() {
    return accumulates + multiplyAccumulates;
  }

  /** Energy in picojoules. */
  public double picojoules(Cost cost) {
    return accumulates * cost.accumulate() + multiplyAccumulates * cost.multiplyAccumulate();
  }
}
