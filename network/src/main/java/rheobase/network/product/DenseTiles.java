package rheobase.network.product;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The register tiles of the dense product: {@code tileRxV} adds to R rows and V vectors of C.
 *
 * <p>All of a tile's sums live in registers while it walks along k: per step V loads from a row of
 * B, R broadcasts from a column of A, R x V multiply-adds. 8 x 3 takes 24 + 3 + 1 of the 32
 * registers a 512-bit machine has, 4 x 3 takes 12 + 3 + 1 of the 16 of a 256-bit one. They are
 * written out, and long, because nothing else is as fast: an array of vectors is not kept in
 * registers, and a vector that crosses a call which is not inlined is boxed (20 instead of 215
 * GFLOP/s when one did).
 *
 * <p>{@code rows} may be less than R: the rows past the last one are the last one again. Every load
 * comes before every store, so it is computed several times and stored several times with the same
 * bits. That costs nothing where it happens (a few rows left over, bound by loads of B or by the
 * latency of the multiply-add) and saves a tile for every number of rows.
 *
 * <p>Adding {@code +0.0} before the store turns a negative zero positive, see {@link Products}.
 */
final class DenseTiles {
  private static final VectorSpecies<Float> SPECIES = VectorProducts.SPECIES;
  private static final int LANES = SPECIES.length();

  private DenseTiles() {}

  static void tile8x3(
      int rows,
      int k,
      float[] a,
      int aFirst,
      int aRowStride,
      int aColumnStride,
      float[] b,
      int bFirst,
      int bStride,
      float[] c,
      int cFirst,
      int cStride) {
    int last = rows - 1;
    int r0 = 0;
    int r1 = Math.min(1, last);
    int r2 = Math.min(2, last);
    int r3 = Math.min(3, last);
    int r4 = Math.min(4, last);
    int r5 = Math.min(5, last);
    int r6 = Math.min(6, last);
    int r7 = Math.min(7, last);
    int a0 = aFirst + r0 * aRowStride;
    int a1 = aFirst + r1 * aRowStride;
    int a2 = aFirst + r2 * aRowStride;
    int a3 = aFirst + r3 * aRowStride;
    int a4 = aFirst + r4 * aRowStride;
    int a5 = aFirst + r5 * aRowStride;
    int a6 = aFirst + r6 * aRowStride;
    int a7 = aFirst + r7 * aRowStride;
    int c0 = cFirst + r0 * cStride;
    int c1 = cFirst + r1 * cStride;
    int c2 = cFirst + r2 * cStride;
    int c3 = cFirst + r3 * cStride;
    int c4 = cFirst + r4 * cStride;
    int c5 = cFirst + r5 * cStride;
    int c6 = cFirst + r6 * cStride;
    int c7 = cFirst + r7 * cStride;
    var s00 = FloatVector.fromArray(SPECIES, c, c0);
    var s01 = FloatVector.fromArray(SPECIES, c, c0 + LANES);
    var s02 = FloatVector.fromArray(SPECIES, c, c0 + 2 * LANES);
    var s10 = FloatVector.fromArray(SPECIES, c, c1);
    var s11 = FloatVector.fromArray(SPECIES, c, c1 + LANES);
    var s12 = FloatVector.fromArray(SPECIES, c, c1 + 2 * LANES);
    var s20 = FloatVector.fromArray(SPECIES, c, c2);
    var s21 = FloatVector.fromArray(SPECIES, c, c2 + LANES);
    var s22 = FloatVector.fromArray(SPECIES, c, c2 + 2 * LANES);
    var s30 = FloatVector.fromArray(SPECIES, c, c3);
    var s31 = FloatVector.fromArray(SPECIES, c, c3 + LANES);
    var s32 = FloatVector.fromArray(SPECIES, c, c3 + 2 * LANES);
    var s40 = FloatVector.fromArray(SPECIES, c, c4);
    var s41 = FloatVector.fromArray(SPECIES, c, c4 + LANES);
    var s42 = FloatVector.fromArray(SPECIES, c, c4 + 2 * LANES);
    var s50 = FloatVector.fromArray(SPECIES, c, c5);
    var s51 = FloatVector.fromArray(SPECIES, c, c5 + LANES);
    var s52 = FloatVector.fromArray(SPECIES, c, c5 + 2 * LANES);
    var s60 = FloatVector.fromArray(SPECIES, c, c6);
    var s61 = FloatVector.fromArray(SPECIES, c, c6 + LANES);
    var s62 = FloatVector.fromArray(SPECIES, c, c6 + 2 * LANES);
    var s70 = FloatVector.fromArray(SPECIES, c, c7);
    var s71 = FloatVector.fromArray(SPECIES, c, c7 + LANES);
    var s72 = FloatVector.fromArray(SPECIES, c, c7 + 2 * LANES);
    int bAt = bFirst;
    int step = 0;
    for (int p = 0; p < k; p++) {
      var b0 = FloatVector.fromArray(SPECIES, b, bAt);
      var b1 = FloatVector.fromArray(SPECIES, b, bAt + LANES);
      var b2 = FloatVector.fromArray(SPECIES, b, bAt + 2 * LANES);
      var x0 = FloatVector.broadcast(SPECIES, a[a0 + step]);
      s00 = x0.fma(b0, s00);
      s01 = x0.fma(b1, s01);
      s02 = x0.fma(b2, s02);
      var x1 = FloatVector.broadcast(SPECIES, a[a1 + step]);
      s10 = x1.fma(b0, s10);
      s11 = x1.fma(b1, s11);
      s12 = x1.fma(b2, s12);
      var x2 = FloatVector.broadcast(SPECIES, a[a2 + step]);
      s20 = x2.fma(b0, s20);
      s21 = x2.fma(b1, s21);
      s22 = x2.fma(b2, s22);
      var x3 = FloatVector.broadcast(SPECIES, a[a3 + step]);
      s30 = x3.fma(b0, s30);
      s31 = x3.fma(b1, s31);
      s32 = x3.fma(b2, s32);
      var x4 = FloatVector.broadcast(SPECIES, a[a4 + step]);
      s40 = x4.fma(b0, s40);
      s41 = x4.fma(b1, s41);
      s42 = x4.fma(b2, s42);
      var x5 = FloatVector.broadcast(SPECIES, a[a5 + step]);
      s50 = x5.fma(b0, s50);
      s51 = x5.fma(b1, s51);
      s52 = x5.fma(b2, s52);
      var x6 = FloatVector.broadcast(SPECIES, a[a6 + step]);
      s60 = x6.fma(b0, s60);
      s61 = x6.fma(b1, s61);
      s62 = x6.fma(b2, s62);
      var x7 = FloatVector.broadcast(SPECIES, a[a7 + step]);
      s70 = x7.fma(b0, s70);
      s71 = x7.fma(b1, s71);
      s72 = x7.fma(b2, s72);
      bAt += bStride;
      step += aColumnStride;
    }
    var zero = FloatVector.zero(SPECIES);
    s00.add(zero).intoArray(c, c0);
    s01.add(zero).intoArray(c, c0 + LANES);
    s02.add(zero).intoArray(c, c0 + 2 * LANES);
    s10.add(zero).intoArray(c, c1);
    s11.add(zero).intoArray(c, c1 + LANES);
    s12.add(zero).intoArray(c, c1 + 2 * LANES);
    s20.add(zero).intoArray(c, c2);
    s21.add(zero).intoArray(c, c2 + LANES);
    s22.add(zero).intoArray(c, c2 + 2 * LANES);
    s30.add(zero).intoArray(c, c3);
    s31.add(zero).intoArray(c, c3 + LANES);
    s32.add(zero).intoArray(c, c3 + 2 * LANES);
    s40.add(zero).intoArray(c, c4);
    s41.add(zero).intoArray(c, c4 + LANES);
    s42.add(zero).intoArray(c, c4 + 2 * LANES);
    s50.add(zero).intoArray(c, c5);
    s51.add(zero).intoArray(c, c5 + LANES);
    s52.add(zero).intoArray(c, c5 + 2 * LANES);
    s60.add(zero).intoArray(c, c6);
    s61.add(zero).intoArray(c, c6 + LANES);
    s62.add(zero).intoArray(c, c6 + 2 * LANES);
    s70.add(zero).intoArray(c, c7);
    s71.add(zero).intoArray(c, c7 + LANES);
    s72.add(zero).intoArray(c, c7 + 2 * LANES);
  }

  static void tile8x2(
      int rows,
      int k,
      float[] a,
      int aFirst,
      int aRowStride,
      int aColumnStride,
      float[] b,
      int bFirst,
      int bStride,
      float[] c,
      int cFirst,
      int cStride) {
    int last = rows - 1;
    int r0 = 0;
    int r1 = Math.min(1, last);
    int r2 = Math.min(2, last);
    int r3 = Math.min(3, last);
    int r4 = Math.min(4, last);
    int r5 = Math.min(5, last);
    int r6 = Math.min(6, last);
    int r7 = Math.min(7, last);
    int a0 = aFirst + r0 * aRowStride;
    int a1 = aFirst + r1 * aRowStride;
    int a2 = aFirst + r2 * aRowStride;
    int a3 = aFirst + r3 * aRowStride;
    int a4 = aFirst + r4 * aRowStride;
    int a5 = aFirst + r5 * aRowStride;
    int a6 = aFirst + r6 * aRowStride;
    int a7 = aFirst + r7 * aRowStride;
    int c0 = cFirst + r0 * cStride;
    int c1 = cFirst + r1 * cStride;
    int c2 = cFirst + r2 * cStride;
    int c3 = cFirst + r3 * cStride;
    int c4 = cFirst + r4 * cStride;
    int c5 = cFirst + r5 * cStride;
    int c6 = cFirst + r6 * cStride;
    int c7 = cFirst + r7 * cStride;
    var s00 = FloatVector.fromArray(SPECIES, c, c0);
    var s01 = FloatVector.fromArray(SPECIES, c, c0 + LANES);
    var s10 = FloatVector.fromArray(SPECIES, c, c1);
    var s11 = FloatVector.fromArray(SPECIES, c, c1 + LANES);
    var s20 = FloatVector.fromArray(SPECIES, c, c2);
    var s21 = FloatVector.fromArray(SPECIES, c, c2 + LANES);
    var s30 = FloatVector.fromArray(SPECIES, c, c3);
    var s31 = FloatVector.fromArray(SPECIES, c, c3 + LANES);
    var s40 = FloatVector.fromArray(SPECIES, c, c4);
    var s41 = FloatVector.fromArray(SPECIES, c, c4 + LANES);
    var s50 = FloatVector.fromArray(SPECIES, c, c5);
    var s51 = FloatVector.fromArray(SPECIES, c, c5 + LANES);
    var s60 = FloatVector.fromArray(SPECIES, c, c6);
    var s61 = FloatVector.fromArray(SPECIES, c, c6 + LANES);
    var s70 = FloatVector.fromArray(SPECIES, c, c7);
    var s71 = FloatVector.fromArray(SPECIES, c, c7 + LANES);
    int bAt = bFirst;
    int step = 0;
    for (int p = 0; p < k; p++) {
      var b0 = FloatVector.fromArray(SPECIES, b, bAt);
      var b1 = FloatVector.fromArray(SPECIES, b, bAt + LANES);
      var x0 = FloatVector.broadcast(SPECIES, a[a0 + step]);
      s00 = x0.fma(b0, s00);
      s01 = x0.fma(b1, s01);
      var x1 = FloatVector.broadcast(SPECIES, a[a1 + step]);
      s10 = x1.fma(b0, s10);
      s11 = x1.fma(b1, s11);
      var x2 = FloatVector.broadcast(SPECIES, a[a2 + step]);
      s20 = x2.fma(b0, s20);
      s21 = x2.fma(b1, s21);
      var x3 = FloatVector.broadcast(SPECIES, a[a3 + step]);
      s30 = x3.fma(b0, s30);
      s31 = x3.fma(b1, s31);
      var x4 = FloatVector.broadcast(SPECIES, a[a4 + step]);
      s40 = x4.fma(b0, s40);
      s41 = x4.fma(b1, s41);
      var x5 = FloatVector.broadcast(SPECIES, a[a5 + step]);
      s50 = x5.fma(b0, s50);
      s51 = x5.fma(b1, s51);
      var x6 = FloatVector.broadcast(SPECIES, a[a6 + step]);
      s60 = x6.fma(b0, s60);
      s61 = x6.fma(b1, s61);
      var x7 = FloatVector.broadcast(SPECIES, a[a7 + step]);
      s70 = x7.fma(b0, s70);
      s71 = x7.fma(b1, s71);
      bAt += bStride;
      step += aColumnStride;
    }
    var zero = FloatVector.zero(SPECIES);
    s00.add(zero).intoArray(c, c0);
    s01.add(zero).intoArray(c, c0 + LANES);
    s10.add(zero).intoArray(c, c1);
    s11.add(zero).intoArray(c, c1 + LANES);
    s20.add(zero).intoArray(c, c2);
    s21.add(zero).intoArray(c, c2 + LANES);
    s30.add(zero).intoArray(c, c3);
    s31.add(zero).intoArray(c, c3 + LANES);
    s40.add(zero).intoArray(c, c4);
    s41.add(zero).intoArray(c, c4 + LANES);
    s50.add(zero).intoArray(c, c5);
    s51.add(zero).intoArray(c, c5 + LANES);
    s60.add(zero).intoArray(c, c6);
    s61.add(zero).intoArray(c, c6 + LANES);
    s70.add(zero).intoArray(c, c7);
    s71.add(zero).intoArray(c, c7 + LANES);
  }

  static void tile8x1(
      int rows,
      int k,
      float[] a,
      int aFirst,
      int aRowStride,
      int aColumnStride,
      float[] b,
      int bFirst,
      int bStride,
      float[] c,
      int cFirst,
      int cStride) {
    int last = rows - 1;
    int r0 = 0;
    int r1 = Math.min(1, last);
    int r2 = Math.min(2, last);
    int r3 = Math.min(3, last);
    int r4 = Math.min(4, last);
    int r5 = Math.min(5, last);
    int r6 = Math.min(6, last);
    int r7 = Math.min(7, last);
    int a0 = aFirst + r0 * aRowStride;
    int a1 = aFirst + r1 * aRowStride;
    int a2 = aFirst + r2 * aRowStride;
    int a3 = aFirst + r3 * aRowStride;
    int a4 = aFirst + r4 * aRowStride;
    int a5 = aFirst + r5 * aRowStride;
    int a6 = aFirst + r6 * aRowStride;
    int a7 = aFirst + r7 * aRowStride;
    int c0 = cFirst + r0 * cStride;
    int c1 = cFirst + r1 * cStride;
    int c2 = cFirst + r2 * cStride;
    int c3 = cFirst + r3 * cStride;
    int c4 = cFirst + r4 * cStride;
    int c5 = cFirst + r5 * cStride;
    int c6 = cFirst + r6 * cStride;
    int c7 = cFirst + r7 * cStride;
    var s00 = FloatVector.fromArray(SPECIES, c, c0);
    var s10 = FloatVector.fromArray(SPECIES, c, c1);
    var s20 = FloatVector.fromArray(SPECIES, c, c2);
    var s30 = FloatVector.fromArray(SPECIES, c, c3);
    var s40 = FloatVector.fromArray(SPECIES, c, c4);
    var s50 = FloatVector.fromArray(SPECIES, c, c5);
    var s60 = FloatVector.fromArray(SPECIES, c, c6);
    var s70 = FloatVector.fromArray(SPECIES, c, c7);
    int bAt = bFirst;
    int step = 0;
    for (int p = 0; p < k; p++) {
      var b0 = FloatVector.fromArray(SPECIES, b, bAt);
      var x0 = FloatVector.broadcast(SPECIES, a[a0 + step]);
      s00 = x0.fma(b0, s00);
      var x1 = FloatVector.broadcast(SPECIES, a[a1 + step]);
      s10 = x1.fma(b0, s10);
      var x2 = FloatVector.broadcast(SPECIES, a[a2 + step]);
      s20 = x2.fma(b0, s20);
      var x3 = FloatVector.broadcast(SPECIES, a[a3 + step]);
      s30 = x3.fma(b0, s30);
      var x4 = FloatVector.broadcast(SPECIES, a[a4 + step]);
      s40 = x4.fma(b0, s40);
      var x5 = FloatVector.broadcast(SPECIES, a[a5 + step]);
      s50 = x5.fma(b0, s50);
      var x6 = FloatVector.broadcast(SPECIES, a[a6 + step]);
      s60 = x6.fma(b0, s60);
      var x7 = FloatVector.broadcast(SPECIES, a[a7 + step]);
      s70 = x7.fma(b0, s70);
      bAt += bStride;
      step += aColumnStride;
    }
    var zero = FloatVector.zero(SPECIES);
    s00.add(zero).intoArray(c, c0);
    s10.add(zero).intoArray(c, c1);
    s20.add(zero).intoArray(c, c2);
    s30.add(zero).intoArray(c, c3);
    s40.add(zero).intoArray(c, c4);
    s50.add(zero).intoArray(c, c5);
    s60.add(zero).intoArray(c, c6);
    s70.add(zero).intoArray(c, c7);
  }

  static void tile4x3(
      int rows,
      int k,
      float[] a,
      int aFirst,
      int aRowStride,
      int aColumnStride,
      float[] b,
      int bFirst,
      int bStride,
      float[] c,
      int cFirst,
      int cStride) {
    int last = rows - 1;
    int r0 = 0;
    int r1 = Math.min(1, last);
    int r2 = Math.min(2, last);
    int r3 = Math.min(3, last);
    int a0 = aFirst + r0 * aRowStride;
    int a1 = aFirst + r1 * aRowStride;
    int a2 = aFirst + r2 * aRowStride;
    int a3 = aFirst + r3 * aRowStride;
    int c0 = cFirst + r0 * cStride;
    int c1 = cFirst + r1 * cStride;
    int c2 = cFirst + r2 * cStride;
    int c3 = cFirst + r3 * cStride;
    var s00 = FloatVector.fromArray(SPECIES, c, c0);
    var s01 = FloatVector.fromArray(SPECIES, c, c0 + LANES);
    var s02 = FloatVector.fromArray(SPECIES, c, c0 + 2 * LANES);
    var s10 = FloatVector.fromArray(SPECIES, c, c1);
    var s11 = FloatVector.fromArray(SPECIES, c, c1 + LANES);
    var s12 = FloatVector.fromArray(SPECIES, c, c1 + 2 * LANES);
    var s20 = FloatVector.fromArray(SPECIES, c, c2);
    var s21 = FloatVector.fromArray(SPECIES, c, c2 + LANES);
    var s22 = FloatVector.fromArray(SPECIES, c, c2 + 2 * LANES);
    var s30 = FloatVector.fromArray(SPECIES, c, c3);
    var s31 = FloatVector.fromArray(SPECIES, c, c3 + LANES);
    var s32 = FloatVector.fromArray(SPECIES, c, c3 + 2 * LANES);
    int bAt = bFirst;
    int step = 0;
    for (int p = 0; p < k; p++) {
      var b0 = FloatVector.fromArray(SPECIES, b, bAt);
      var b1 = FloatVector.fromArray(SPECIES, b, bAt + LANES);
      var b2 = FloatVector.fromArray(SPECIES, b, bAt + 2 * LANES);
      var x0 = FloatVector.broadcast(SPECIES, a[a0 + step]);
      s00 = x0.fma(b0, s00);
      s01 = x0.fma(b1, s01);
      s02 = x0.fma(b2, s02);
      var x1 = FloatVector.broadcast(SPECIES, a[a1 + step]);
      s10 = x1.fma(b0, s10);
      s11 = x1.fma(b1, s11);
      s12 = x1.fma(b2, s12);
      var x2 = FloatVector.broadcast(SPECIES, a[a2 + step]);
      s20 = x2.fma(b0, s20);
      s21 = x2.fma(b1, s21);
      s22 = x2.fma(b2, s22);
      var x3 = FloatVector.broadcast(SPECIES, a[a3 + step]);
      s30 = x3.fma(b0, s30);
      s31 = x3.fma(b1, s31);
      s32 = x3.fma(b2, s32);
      bAt += bStride;
      step += aColumnStride;
    }
    var zero = FloatVector.zero(SPECIES);
    s00.add(zero).intoArray(c, c0);
    s01.add(zero).intoArray(c, c0 + LANES);
    s02.add(zero).intoArray(c, c0 + 2 * LANES);
    s10.add(zero).intoArray(c, c1);
    s11.add(zero).intoArray(c, c1 + LANES);
    s12.add(zero).intoArray(c, c1 + 2 * LANES);
    s20.add(zero).intoArray(c, c2);
    s21.add(zero).intoArray(c, c2 + LANES);
    s22.add(zero).intoArray(c, c2 + 2 * LANES);
    s30.add(zero).intoArray(c, c3);
    s31.add(zero).intoArray(c, c3 + LANES);
    s32.add(zero).intoArray(c, c3 + 2 * LANES);
  }

  static void tile4x2(
      int rows,
      int k,
      float[] a,
      int aFirst,
      int aRowStride,
      int aColumnStride,
      float[] b,
      int bFirst,
      int bStride,
      float[] c,
      int cFirst,
      int cStride) {
    int last = rows - 1;
    int r0 = 0;
    int r1 = Math.min(1, last);
    int r2 = Math.min(2, last);
    int r3 = Math.min(3, last);
    int a0 = aFirst + r0 * aRowStride;
    int a1 = aFirst + r1 * aRowStride;
    int a2 = aFirst + r2 * aRowStride;
    int a3 = aFirst + r3 * aRowStride;
    int c0 = cFirst + r0 * cStride;
    int c1 = cFirst + r1 * cStride;
    int c2 = cFirst + r2 * cStride;
    int c3 = cFirst + r3 * cStride;
    var s00 = FloatVector.fromArray(SPECIES, c, c0);
    var s01 = FloatVector.fromArray(SPECIES, c, c0 + LANES);
    var s10 = FloatVector.fromArray(SPECIES, c, c1);
    var s11 = FloatVector.fromArray(SPECIES, c, c1 + LANES);
    var s20 = FloatVector.fromArray(SPECIES, c, c2);
    var s21 = FloatVector.fromArray(SPECIES, c, c2 + LANES);
    var s30 = FloatVector.fromArray(SPECIES, c, c3);
    var s31 = FloatVector.fromArray(SPECIES, c, c3 + LANES);
    int bAt = bFirst;
    int step = 0;
    for (int p = 0; p < k; p++) {
      var b0 = FloatVector.fromArray(SPECIES, b, bAt);
      var b1 = FloatVector.fromArray(SPECIES, b, bAt + LANES);
      var x0 = FloatVector.broadcast(SPECIES, a[a0 + step]);
      s00 = x0.fma(b0, s00);
      s01 = x0.fma(b1, s01);
      var x1 = FloatVector.broadcast(SPECIES, a[a1 + step]);
      s10 = x1.fma(b0, s10);
      s11 = x1.fma(b1, s11);
      var x2 = FloatVector.broadcast(SPECIES, a[a2 + step]);
      s20 = x2.fma(b0, s20);
      s21 = x2.fma(b1, s21);
      var x3 = FloatVector.broadcast(SPECIES, a[a3 + step]);
      s30 = x3.fma(b0, s30);
      s31 = x3.fma(b1, s31);
      bAt += bStride;
      step += aColumnStride;
    }
    var zero = FloatVector.zero(SPECIES);
    s00.add(zero).intoArray(c, c0);
    s01.add(zero).intoArray(c, c0 + LANES);
    s10.add(zero).intoArray(c, c1);
    s11.add(zero).intoArray(c, c1 + LANES);
    s20.add(zero).intoArray(c, c2);
    s21.add(zero).intoArray(c, c2 + LANES);
    s30.add(zero).intoArray(c, c3);
    s31.add(zero).intoArray(c, c3 + LANES);
  }

  static void tile4x1(
      int rows,
      int k,
      float[] a,
      int aFirst,
      int aRowStride,
      int aColumnStride,
      float[] b,
      int bFirst,
      int bStride,
      float[] c,
      int cFirst,
      int cStride) {
    int last = rows - 1;
    int r0 = 0;
    int r1 = Math.min(1, last);
    int r2 = Math.min(2, last);
    int r3 = Math.min(3, last);
    int a0 = aFirst + r0 * aRowStride;
    int a1 = aFirst + r1 * aRowStride;
    int a2 = aFirst + r2 * aRowStride;
    int a3 = aFirst + r3 * aRowStride;
    int c0 = cFirst + r0 * cStride;
    int c1 = cFirst + r1 * cStride;
    int c2 = cFirst + r2 * cStride;
    int c3 = cFirst + r3 * cStride;
    var s00 = FloatVector.fromArray(SPECIES, c, c0);
    var s10 = FloatVector.fromArray(SPECIES, c, c1);
    var s20 = FloatVector.fromArray(SPECIES, c, c2);
    var s30 = FloatVector.fromArray(SPECIES, c, c3);
    int bAt = bFirst;
    int step = 0;
    for (int p = 0; p < k; p++) {
      var b0 = FloatVector.fromArray(SPECIES, b, bAt);
      var x0 = FloatVector.broadcast(SPECIES, a[a0 + step]);
      s00 = x0.fma(b0, s00);
      var x1 = FloatVector.broadcast(SPECIES, a[a1 + step]);
      s10 = x1.fma(b0, s10);
      var x2 = FloatVector.broadcast(SPECIES, a[a2 + step]);
      s20 = x2.fma(b0, s20);
      var x3 = FloatVector.broadcast(SPECIES, a[a3 + step]);
      s30 = x3.fma(b0, s30);
      bAt += bStride;
      step += aColumnStride;
    }
    var zero = FloatVector.zero(SPECIES);
    s00.add(zero).intoArray(c, c0);
    s10.add(zero).intoArray(c, c1);
    s20.add(zero).intoArray(c, c2);
    s30.add(zero).intoArray(c, c3);
  }
}
