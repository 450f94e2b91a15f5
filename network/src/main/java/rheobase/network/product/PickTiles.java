package rheobase.network.product;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The tiles of {@link VectorProducts#pick}: scalar products of one row of A with four rows of B, so
 * that each vector of A is loaded once for four multiply-adds.
 *
 * <p>A sum has 16 parts on every machine. With 16 lanes they are one vector, and its halves are
 * added by shuffles; with fewer, as many passes over the row each make a vector of them.
 */
final class PickTiles {
  private static final VectorSpecies<Float> SPECIES = VectorProducts.SPECIES;
  private static final int LANES = SPECIES.length();
  private static final int PARTS = Products.ALIGNMENT;
  private static final VectorShuffle<Float> EIGHT = across(8);
  private static final VectorShuffle<Float> FOUR = across(4);
  private static final VectorShuffle<Float> TWO = across(2);
  private static final VectorShuffle<Float> ONE = across(1);

  private PickTiles() {}

  private static VectorShuffle<Float> across(int distance) {
    return VectorShuffle.fromOp(SPECIES, lane -> lane ^ distance & LANES - 1);
  }

  /** One row of C: the elements of the events {@code from <= e < to}. */
  static void row(
      Events events,
      int from,
      int to,
      float[] a,
      int aAt,
      float[] b,
      int bOffset,
      int bRow,
      int n,
      float[] c,
      int cAt) {
    int[] units = events.units;
    int e = from;
    if (LANES == PARTS) {
      for (; e + 4 <= to; e += 4) {
        tile4(units, e, a, aAt, b, bOffset, bRow, n, c, cAt);
      }
      for (; e < to; e++) {
        tile1(units[e], a, aAt, b, bOffset + units[e] * bRow, n, c, cAt);
      }
    } else {
      for (; e < to; e++) {
        narrow(units[e], events.parts, a, aAt, b, bOffset + units[e] * bRow, n, c, cAt);
      }
    }
  }

  private static void tile4(
      int[] units,
      int e,
      float[] a,
      int aAt,
      float[] b,
      int bOffset,
      int bRow,
      int n,
      float[] c,
      int cAt) {
    int b0 = bOffset + units[e] * bRow;
    int b1 = bOffset + units[e + 1] * bRow;
    int b2 = bOffset + units[e + 2] * bRow;
    int b3 = bOffset + units[e + 3] * bRow;
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    for (int j = 0; j < n; j += LANES) {
      FloatVector x = FloatVector.fromArray(SPECIES, a, aAt + j);
      s0 = FloatVector.fromArray(SPECIES, b, b0 + j).fma(x, s0);
      s1 = FloatVector.fromArray(SPECIES, b, b1 + j).fma(x, s1);
      s2 = FloatVector.fromArray(SPECIES, b, b2 + j).fma(x, s2);
      s3 = FloatVector.fromArray(SPECIES, b, b3 + j).fma(x, s3);
    }
    s0 = s0.add(s0.rearrange(EIGHT));
    s1 = s1.add(s1.rearrange(EIGHT));
    s2 = s2.add(s2.rearrange(EIGHT));
    s3 = s3.add(s3.rearrange(EIGHT));
    s0 = s0.add(s0.rearrange(FOUR));
    s1 = s1.add(s1.rearrange(FOUR));
    s2 = s2.add(s2.rearrange(FOUR));
    s3 = s3.add(s3.rearrange(FOUR));
    s0 = s0.add(s0.rearrange(TWO));
    s1 = s1.add(s1.rearrange(TWO));
    s2 = s2.add(s2.rearrange(TWO));
    s3 = s3.add(s3.rearrange(TWO));
    c[cAt + units[e]] += s0.add(s0.rearrange(ONE)).lane(0);
    c[cAt + units[e + 1]] += s1.add(s1.rearrange(ONE)).lane(0);
    c[cAt + units[e + 2]] += s2.add(s2.rearrange(ONE)).lane(0);
    c[cAt + units[e + 3]] += s3.add(s3.rearrange(ONE)).lane(0);
  }

  private static void tile1(
      int unit, float[] a, int aAt, float[] b, int bAt, int n, float[] c, int cAt) {
    FloatVector s = FloatVector.zero(SPECIES);
    for (int j = 0; j < n; j += LANES) {
      s =
          FloatVector.fromArray(SPECIES, b, bAt + j)
              .fma(FloatVector.fromArray(SPECIES, a, aAt + j), s);
    }
    s = s.add(s.rearrange(EIGHT));
    s = s.add(s.rearrange(FOUR));
    s = s.add(s.rearrange(TWO));
    c[cAt + unit] += s.add(s.rearrange(ONE)).lane(0);
  }

  private static void narrow(
      int unit, float[] sums, float[] a, int aAt, float[] b, int bAt, int n, float[] c, int cAt) {
    for (int part = 0; part < PARTS; part += LANES) {
      FloatVector s = FloatVector.zero(SPECIES);
      for (int j = part; j < n; j += PARTS) {
        s =
            FloatVector.fromArray(SPECIES, b, bAt + j)
                .fma(FloatVector.fromArray(SPECIES, a, aAt + j), s);
      }
      s.intoArray(sums, part);
    }
    for (int half = PARTS / 2; half > 0; half /= 2) {
      for (int lane = 0; lane < half; lane++) {
        sums[lane] += sums[lane + half];
      }
    }
    c[cAt + unit] += sums[0];
  }
}
