package rheobase.cell.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vectors that generated kernels use: the machine's widest, at most {@link Tape#ALIGNMENT}
 * lanes.
 */
final class Lanes {
  static final VectorSpecies<Float> SPECIES =
      FloatVector.SPECIES_PREFERRED.length() > Tape.ALIGNMENT
          ? FloatVector.SPECIES_512
          : FloatVector.SPECIES_PREFERRED;

  private Lanes() {}

  static int count() {
    return SPECIES.length();
  }
}
