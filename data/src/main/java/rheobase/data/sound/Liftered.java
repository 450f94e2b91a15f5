package rheobase.data.sound;

/** The way from log-mel filters to cepstra: the same in every definition of MFCC used here. */
final class Liftered {
  private static final int LIFTER = 22;

  private Liftered() {}

  /**
   * The DCT-II, orthonormal, with coefficient i raised by 1 + 11 sin(pi i / 22) so that all are of
   * like size.
   *
   * @return {@code [coefficient][filter]}
   */
  static double[][] cosines(int coefficients, int filters) {
    final double[][] cosines = new double[coefficients][filters];
    for (int i = 0; i < coefficients; i++) {
      final double lift = 1 + LIFTER / 2.0 * StrictMath.sin(Math.PI * i / LIFTER);
      final double norm = Math.sqrt((i == 0 ? 1.0 : 2.0) / filters);
      for (int j = 0; j < filters; j++) {
        cosines[i][j] = lift * norm * StrictMath.cos(Math.PI * i * (2 * j + 1) / (2.0 * filters));
      }
    }
    return cosines;
  }
}
