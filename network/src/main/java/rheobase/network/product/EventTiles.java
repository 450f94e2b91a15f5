package rheobase.network.product;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The register tiles of the event products: {@code gatherV} adds to V vectors of every row of C the
 * same V vectors of the rows of B its events name, scaled by their values.
 *
 * <p>Read with rows for C and units for B this is the forward product; with units for C and rows
 * for B, over the transposed lists, it is a weight gradient. A row's sums stay in registers over
 * all its events, so C is read and written once. The sums of one row form a chain of multiply-adds,
 * but the next row does not wait for it: out-of-order execution overlaps the two (interleaving two
 * rows by hand was up to 15 % slower). Wider is better as long as the registers last, because the
 * lists are read once per tile.
 */
final class EventTiles {
  private static final VectorSpecies<Float> SPECIES = VectorProducts.SPECIES;
  private static final int LANES = SPECIES.length();

  private EventTiles() {}

  static void gather16(
      int first,
      int count,
      int[] starts,
      int[] rowOfB,
      float[] values,
      float[] b,
      int bFirst,
      int bStride,
      float[] c,
      int cFirst,
      int cStride) {
    var zero = FloatVector.zero(SPECIES);
    int event = starts[first];
    for (int i = 0; i < count; i++) {
      int end = starts[first + i + 1];
      int cAt = cFirst + i * cStride;
      var s0 = FloatVector.fromArray(SPECIES, c, cAt);
      var s1 = FloatVector.fromArray(SPECIES, c, cAt + LANES);
      var s2 = FloatVector.fromArray(SPECIES, c, cAt + 2 * LANES);
      var s3 = FloatVector.fromArray(SPECIES, c, cAt + 3 * LANES);
      var s4 = FloatVector.fromArray(SPECIES, c, cAt + 4 * LANES);
      var s5 = FloatVector.fromArray(SPECIES, c, cAt + 5 * LANES);
      var s6 = FloatVector.fromArray(SPECIES, c, cAt + 6 * LANES);
      var s7 = FloatVector.fromArray(SPECIES, c, cAt + 7 * LANES);
      var s8 = FloatVector.fromArray(SPECIES, c, cAt + 8 * LANES);
      var s9 = FloatVector.fromArray(SPECIES, c, cAt + 9 * LANES);
      var s10 = FloatVector.fromArray(SPECIES, c, cAt + 10 * LANES);
      var s11 = FloatVector.fromArray(SPECIES, c, cAt + 11 * LANES);
      var s12 = FloatVector.fromArray(SPECIES, c, cAt + 12 * LANES);
      var s13 = FloatVector.fromArray(SPECIES, c, cAt + 13 * LANES);
      var s14 = FloatVector.fromArray(SPECIES, c, cAt + 14 * LANES);
      var s15 = FloatVector.fromArray(SPECIES, c, cAt + 15 * LANES);
      for (; event < end; event++) {
        int bAt = bFirst + rowOfB[event] * bStride;
        var value = FloatVector.broadcast(SPECIES, values[event]);
        s0 = value.fma(FloatVector.fromArray(SPECIES, b, bAt), s0);
        s1 = value.fma(FloatVector.fromArray(SPECIES, b, bAt + LANES), s1);
        s2 = value.fma(FloatVector.fromArray(SPECIES, b, bAt + 2 * LANES), s2);
        s3 = value.fma(FloatVector.fromArray(SPECIES, b, bAt + 3 * LANES), s3);
        s4 = value.fma(FloatVector.fromArray(SPECIES, b, bAt + 4 * LANES), s4);
        s5 = value.fma(FloatVector.fromArray(SPECIES, b, bAt + 5 * LANES), s5);
        s6 = value.fma(FloatVector.fromArray(SPECIES, b, bAt + 6 * LANES), s6);
        s7 = value.fma(FloatVector.fromArray(SPECIES, b, bAt + 7 * LANES), s7);
        s8 = value.fma(FloatVector.fromArray(SPECIES, b, bAt + 8 * LANES), s8);
        s9 = value.fma(FloatVector.fromArray(SPECIES, b, bAt + 9 * LANES), s9);
        s10 = value.fma(FloatVector.fromArray(SPECIES, b, bAt + 10 * LANES), s10);
        s11 = value.fma(FloatVector.fromArray(SPECIES, b, bAt + 11 * LANES), s11);
        s12 = value.fma(FloatVector.fromArray(SPECIES, b, bAt + 12 * LANES), s12);
        s13 = value.fma(FloatVector.fromArray(SPECIES, b, bAt + 13 * LANES), s13);
        s14 = value.fma(FloatVector.fromArray(SPECIES, b, bAt + 14 * LANES), s14);
        s15 = value.fma(FloatVector.fromArray(SPECIES, b, bAt + 15 * LANES), s15);
      }
      s0.add(zero).intoArray(c, cAt);
      s1.add(zero).intoArray(c, cAt + LANES);
      s2.add(zero).intoArray(c, cAt + 2 * LANES);
      s3.add(zero).intoArray(c, cAt + 3 * LANES);
      s4.add(zero).intoArray(c, cAt + 4 * LANES);
      s5.add(zero).intoArray(c, cAt + 5 * LANES);
      s6.add(zero).intoArray(c, cAt + 6 * LANES);
      s7.add(zero).intoArray(c, cAt + 7 * LANES);
      s8.add(zero).intoArray(c, cAt + 8 * LANES);
      s9.add(zero).intoArray(c, cAt + 9 * LANES);
      s10.add(zero).intoArray(c, cAt + 10 * LANES);
      s11.add(zero).intoArray(c, cAt + 11 * LANES);
      s12.add(zero).intoArray(c, cAt + 12 * LANES);
      s13.add(zero).intoArray(c, cAt + 13 * LANES);
      s14.add(zero).intoArray(c, cAt + 14 * LANES);
      s15.add(zero).intoArray(c, cAt + 15 * LANES);
    }
  }

  static void gather8(
      int first,
      int count,
      int[] starts,
      int[] rowOfB,
      float[] values,
      float[] b,
      int bFirst,
      int bStride,
      float[] c,
      int cFirst,
      int cStride) {
    var zero = FloatVector.zero(SPECIES);
    int event = starts[first];
    for (int i = 0; i < count; i++) {
      int end = starts[first + i + 1];
      int cAt = cFirst + i * cStride;
      var s0 = FloatVector.fromArray(SPECIES, c, cAt);
      var s1 = FloatVector.fromArray(SPECIES, c, cAt + LANES);
      var s2 = FloatVector.fromArray(SPECIES, c, cAt + 2 * LANES);
      var s3 = FloatVector.fromArray(SPECIES, c, cAt + 3 * LANES);
      var s4 = FloatVector.fromArray(SPECIES, c, cAt + 4 * LANES);
      var s5 = FloatVector.fromArray(SPECIES, c, cAt + 5 * LANES);
      var s6 = FloatVector.fromArray(SPECIES, c, cAt + 6 * LANES);
      var s7 = FloatVector.fromArray(SPECIES, c, cAt + 7 * LANES);
      for (; event < end; event++) {
        int bAt = bFirst + rowOfB[event] * bStride;
        var value = FloatVector.broadcast(SPECIES, values[event]);
        s0 = value.fma(FloatVector.fromArray(SPECIES, b, bAt), s0);
        s1 = value.fma(FloatVector.fromArray(SPECIES, b, bAt + LANES), s1);
        s2 = value.fma(FloatVector.fromArray(SPECIES, b, bAt + 2 * LANES), s2);
        s3 = value.fma(FloatVector.fromArray(SPECIES, b, bAt + 3 * LANES), s3);
        s4 = value.fma(FloatVector.fromArray(SPECIES, b, bAt + 4 * LANES), s4);
        s5 = value.fma(FloatVector.fromArray(SPECIES, b, bAt + 5 * LANES), s5);
        s6 = value.fma(FloatVector.fromArray(SPECIES, b, bAt + 6 * LANES), s6);
        s7 = value.fma(FloatVector.fromArray(SPECIES, b, bAt + 7 * LANES), s7);
      }
      s0.add(zero).intoArray(c, cAt);
      s1.add(zero).intoArray(c, cAt + LANES);
      s2.add(zero).intoArray(c, cAt + 2 * LANES);
      s3.add(zero).intoArray(c, cAt + 3 * LANES);
      s4.add(zero).intoArray(c, cAt + 4 * LANES);
      s5.add(zero).intoArray(c, cAt + 5 * LANES);
      s6.add(zero).intoArray(c, cAt + 6 * LANES);
      s7.add(zero).intoArray(c, cAt + 7 * LANES);
    }
  }

  static void gather4(
      int first,
      int count,
      int[] starts,
      int[] rowOfB,
      float[] values,
      float[] b,
      int bFirst,
      int bStride,
      float[] c,
      int cFirst,
      int cStride) {
    var zero = FloatVector.zero(SPECIES);
    int event = starts[first];
    var n0 = FloatVector.fromArray(SPECIES, c, cFirst);
    var n1 = FloatVector.fromArray(SPECIES, c, cFirst + LANES);
    var n2 = FloatVector.fromArray(SPECIES, c, cFirst + 2 * LANES);
    var n3 = FloatVector.fromArray(SPECIES, c, cFirst + 3 * LANES);
    for (int i = 0; i < count; i++) {
      int end = starts[first + i + 1];
      int cAt = cFirst + i * cStride;
      var s0 = n0;
      var s1 = n1;
      var s2 = n2;
      var s3 = n3;
      for (; event < end; event++) {
        int bAt = bFirst + rowOfB[event] * bStride;
        var value = FloatVector.broadcast(SPECIES, values[event]);
        s0 = value.fma(FloatVector.fromArray(SPECIES, b, bAt), s0);
        s1 = value.fma(FloatVector.fromArray(SPECIES, b, bAt + LANES), s1);
        s2 = value.fma(FloatVector.fromArray(SPECIES, b, bAt + 2 * LANES), s2);
        s3 = value.fma(FloatVector.fromArray(SPECIES, b, bAt + 3 * LANES), s3);
      }
      int next = cFirst + Math.min(i + 1, count - 1) * cStride;
      n0 = FloatVector.fromArray(SPECIES, c, next);
      n1 = FloatVector.fromArray(SPECIES, c, next + LANES);
      n2 = FloatVector.fromArray(SPECIES, c, next + 2 * LANES);
      n3 = FloatVector.fromArray(SPECIES, c, next + 3 * LANES);
      s0.add(zero).intoArray(c, cAt);
      s1.add(zero).intoArray(c, cAt + LANES);
      s2.add(zero).intoArray(c, cAt + 2 * LANES);
      s3.add(zero).intoArray(c, cAt + 3 * LANES);
    }
  }

  static void gather3(
      int first,
      int count,
      int[] starts,
      int[] rowOfB,
      float[] values,
      float[] b,
      int bFirst,
      int bStride,
      float[] c,
      int cFirst,
      int cStride) {
    var zero = FloatVector.zero(SPECIES);
    int event = starts[first];
    var n0 = FloatVector.fromArray(SPECIES, c, cFirst);
    var n1 = FloatVector.fromArray(SPECIES, c, cFirst + LANES);
    var n2 = FloatVector.fromArray(SPECIES, c, cFirst + 2 * LANES);
    for (int i = 0; i < count; i++) {
      int end = starts[first + i + 1];
      int cAt = cFirst + i * cStride;
      var s0 = n0;
      var s1 = n1;
      var s2 = n2;
      for (; event < end; event++) {
        int bAt = bFirst + rowOfB[event] * bStride;
        var value = FloatVector.broadcast(SPECIES, values[event]);
        s0 = value.fma(FloatVector.fromArray(SPECIES, b, bAt), s0);
        s1 = value.fma(FloatVector.fromArray(SPECIES, b, bAt + LANES), s1);
        s2 = value.fma(FloatVector.fromArray(SPECIES, b, bAt + 2 * LANES), s2);
      }
      int next = cFirst + Math.min(i + 1, count - 1) * cStride;
      n0 = FloatVector.fromArray(SPECIES, c, next);
      n1 = FloatVector.fromArray(SPECIES, c, next + LANES);
      n2 = FloatVector.fromArray(SPECIES, c, next + 2 * LANES);
      s0.add(zero).intoArray(c, cAt);
      s1.add(zero).intoArray(c, cAt + LANES);
      s2.add(zero).intoArray(c, cAt + 2 * LANES);
    }
  }

  static void gather2(
      int first,
      int count,
      int[] starts,
      int[] rowOfB,
      float[] values,
      float[] b,
      int bFirst,
      int bStride,
      float[] c,
      int cFirst,
      int cStride) {
    var zero = FloatVector.zero(SPECIES);
    int event = starts[first];
    var n0 = FloatVector.fromArray(SPECIES, c, cFirst);
    var n1 = FloatVector.fromArray(SPECIES, c, cFirst + LANES);
    for (int i = 0; i < count; i++) {
      int end = starts[first + i + 1];
      int cAt = cFirst + i * cStride;
      var s0 = n0;
      var s1 = n1;
      for (; event < end; event++) {
        int bAt = bFirst + rowOfB[event] * bStride;
        var value = FloatVector.broadcast(SPECIES, values[event]);
        s0 = value.fma(FloatVector.fromArray(SPECIES, b, bAt), s0);
        s1 = value.fma(FloatVector.fromArray(SPECIES, b, bAt + LANES), s1);
      }
      int next = cFirst + Math.min(i + 1, count - 1) * cStride;
      n0 = FloatVector.fromArray(SPECIES, c, next);
      n1 = FloatVector.fromArray(SPECIES, c, next + LANES);
      s0.add(zero).intoArray(c, cAt);
      s1.add(zero).intoArray(c, cAt + LANES);
    }
  }

  static void gather1(
      int first,
      int count,
      int[] starts,
      int[] rowOfB,
      float[] values,
      float[] b,
      int bFirst,
      int bStride,
      float[] c,
      int cFirst,
      int cStride) {
    var zero = FloatVector.zero(SPECIES);
    int event = starts[first];
    var n0 = FloatVector.fromArray(SPECIES, c, cFirst);
    for (int i = 0; i < count; i++) {
      int end = starts[first + i + 1];
      int cAt = cFirst + i * cStride;
      var s0 = n0;
      for (; event < end; event++) {
        int bAt = bFirst + rowOfB[event] * bStride;
        var value = FloatVector.broadcast(SPECIES, values[event]);
        s0 = value.fma(FloatVector.fromArray(SPECIES, b, bAt), s0);
      }
      int next = cFirst + Math.min(i + 1, count - 1) * cStride;
      n0 = FloatVector.fromArray(SPECIES, c, next);
      s0.add(zero).intoArray(c, cAt);
    }
  }
}
