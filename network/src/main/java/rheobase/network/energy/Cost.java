package rheobase.network.energy;

/**
 * What one operation costs on a chip, in picojoules.
 *
 * @param name of the arithmetic
 * @param accumulate one addition
 * @param multiplyAccumulate one multiplication and addition
 */
public record Cost(String name, double accumulate, double multiplyAccumulate) {
  /** 32-bit integers at 45 nm; Horowitz, ISSCC 2014, figure 1.1.9: add 0.1 pJ, multiply 3.1 pJ. */
  public static final Cost INT32 = new Cost("int32", 0.1, 3.2);

  /** 32-bit floating point at 45 nm; the same source: add 0.9 pJ, multiply 3.7 pJ. */
  public static final Cost FP32 = new Cost("fp32", 0.9, 4.6);
}
