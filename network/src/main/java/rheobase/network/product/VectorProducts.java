package rheobase.network.product;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The products on the Vector API: the form every training run uses.
 *
 * <p><b>Idea.</b> A result is cut into tiles that fit the registers. A tile is loaded once, all its
 * terms are added by fused multiply-adds, and it is stored once. The dense product walks along k
 * with a tile of 8 rows x 3 vectors ({@link DenseTiles}); the event products walk along a row's
 * events with a tile of 1 row x up to 16 vectors ({@link EventTiles}). The transposed event product
 * first sorts the events by unit and is then the same gather, so that a weight gradient is a sum in
 * registers too and not a load and a store per event.
 *
 * <p><b>Invariants.</b> Lanes run along a row of C and never mix: no sum is spread over lanes or
 * accumulators, so every element accumulates in ascending k (or row) whatever tile it lies in, and
 * the bits are those of {@link ScalarProducts} for any lane count. Cutting k into blocks stores and
 * reloads a sum but leaves its order alone. A width is a multiple of 16 floats, so there are no
 * tails: 1, 2 or 4 vectors to each 16 floats at 16, 8 or 4 lanes.
 *
 * <p><b>Tiles.</b> With 16 lanes (32 registers) 8 x 3, for what is left over 8 x 2, 8 x 1 and the
 * 4-row tiles; with fewer lanes (16 registers) 4 x 3 and below. GFLOP/s measured on one Zen 5 core
 * whose plain FMA loop reaches about 255, at [m n k] = [16 48 36], [16 512 512], [16 1024 1024]:
 *
 * <pre>
 *   8x3  245  238  231      4x3  240    -    -
 *   8x2  230  222  138      4x2  207    -    -
 *  12x2  231  239  172      8x1  160  150   92
 * </pre>
 *
 * 8 x 1 must load nine times for eight multiply-adds and is bound by that; it serves only a width
 * of 16. At 8 lanes 4 x 3 reaches 137 (peak about 135), 4 x 2 115, 8 x 2 spills: 72. A has no
 * packed copy and its strides are free: the transposed product runs at the same speed (230 at [36
 * 48 20000]), as does B with rows of 2 KiB, which only looks like a cache conflict.
 *
 * <p><b>Blocks.</b> k is cut at 256 so that a panel of B (256 x 48 floats) stays in L1 and the
 * block of A in L2 while the tiles pass over them; measured at [512 512 4000] transposed: 128: 187,
 * 256: 208, 512: 192, 1024: 165 GFLOP/s. Transposed lists are made for 1024 rows at a time, for the
 * rows of K to stay in L2 while all units gather from them (512 x 512 at 10 %: 4.7 ms against 6.3
 * ms with 4096 rows, per 4096 rows), and for their buffers to stay small.
 *
 * <p><b>Rules the code must keep.</b> No vector is passed to or returned from a method, and each
 * tile is one method small enough for C2 to compile whole. Vectors are boxed otherwise, and the
 * speed falls tenfold; the test that hot calls allocate nothing watches this. Before C2 has
 * compiled them these loops are 100 times slower than after: never read the first second of a run
 * as speed.
 */
public final class VectorProducts implements Products {
  static final VectorSpecies<Float> SPECIES = atMost512Bits(FloatVector.SPECIES_PREFERRED);

  private static final int LANES = SPECIES.length();

  /** With 16 lanes a machine has 32 vector registers, with fewer we count on 16. */
  private static final int TILE_ROWS = LANES == 16 ? 8 : 4;

  private static final int K_BLOCK = 256;

  /** Vectors of the widest tile of a gather: half of the registers. */
  private static final int WIDEST = LANES == 16 ? 16 : 8;

  private static final int LIST_BLOCK = 1024;

  /** Needs the module {@code jdk.incubator.vector}; {@link Products#best} asks for it. */
  public VectorProducts() {}

  private static VectorSpecies<Float> atMost512Bits(VectorSpecies<Float> preferred) {
    return preferred.length() <= Products.ALIGNMENT ? preferred : FloatVector.SPECIES_512;
  }

  @Override
  public void dense(
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      int aRowStride,
      int aColumnStride,
      float[] b,
      int bOffset,
      int bStride,
      float[] c,
      int cOffset,
      int cStride) {
    Shapes.checkDense(
        m, n, k, a, aOffset, aRowStride, aColumnStride, b, bOffset, bStride, c, cOffset, cStride);
    int from = 0;
    do {
      int steps = Math.min(K_BLOCK, k - from);
      int aAt = aOffset + from * aColumnStride;
      int bAt = bOffset + from * bStride;
      denseBlock(
          m, n, steps, a, aAt, aRowStride, aColumnStride, b, bAt, bStride, c, cOffset, cStride);
      from += steps;
    } while (from < k);
  }

  /** One block of k: for each panel of B, all rows of C. */
  private static void denseBlock(
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      int aRow,
      int aColumn,
      float[] b,
      int bOffset,
      int bRow,
      float[] c,
      int cOffset,
      int cRow) {
    int width;
    for (int j = 0; j < n; j += width * LANES) {
      width = denseWidth((n - j) / LANES);
      int bAt = bOffset + j;
      int height;
      for (int i = 0; i < m; i += height) {
        int rows = Math.min(m - i, TILE_ROWS);
        int aAt = aOffset + i * aRow;
        int cAt = cOffset + i * cRow + j;
        if (rows <= 4) {
          height = 4;
          switch (width) {
            case 3 ->
                DenseTiles.tile4x3(rows, k, a, aAt, aRow, aColumn, b, bAt, bRow, c, cAt, cRow);
            case 2 ->
                DenseTiles.tile4x2(rows, k, a, aAt, aRow, aColumn, b, bAt, bRow, c, cAt, cRow);
            default ->
                DenseTiles.tile4x1(rows, k, a, aAt, aRow, aColumn, b, bAt, bRow, c, cAt, cRow);
          }
        } else {
          height = 8;
          switch (width) {
            case 3 ->
                DenseTiles.tile8x3(rows, k, a, aAt, aRow, aColumn, b, bAt, bRow, c, cAt, cRow);
            case 2 ->
                DenseTiles.tile8x2(rows, k, a, aAt, aRow, aColumn, b, bAt, bRow, c, cAt, cRow);
            default ->
                DenseTiles.tile8x1(rows, k, a, aAt, aRow, aColumn, b, bAt, bRow, c, cAt, cRow);
          }
        }
      }
    }
  }

  /** Vectors of the next tile when {@code left} remain: 3, but 2 + 2 rather than 3 + 1. */
  private static int denseWidth(int left) {
    return left == 4 ? 2 : Math.min(left, 3);
  }

  @Override
  public void gather(
      Events events,
      int first,
      int count,
      float[] b,
      int bOffset,
      int bStride,
      int n,
      float[] c,
      int cOffset,
      int cStride) {
    Shapes.checkGather(events, first, count, b, bOffset, bStride, n, c, cOffset, cStride);
    gatherRows(
        first,
        count,
        events.starts,
        events.units,
        events.values,
        b,
        bOffset,
        bStride,
        n,
        c,
        cOffset,
        cStride);
  }

  @Override
  public void pick(
      Events events,
      int first,
      int count,
      float[] a,
      int aOffset,
      int aStride,
      float[] b,
      int bOffset,
      int bStride,
      int n,
      float[] c,
      int cOffset,
      int cStride) {
    Shapes.checkPick(
        events, first, count, a, aOffset, aStride, b, bOffset, bStride, n, c, cOffset, cStride);
    for (int i = 0; i < count; i++) {
      PickTiles.row(
          events,
          events.starts[first + i],
          events.starts[first + i + 1],
          a,
          aOffset + i * aStride,
          b,
          bOffset,
          bStride,
          n,
          c,
          cOffset + i * cStride);
    }
  }

  @Override
  public void gatherTransposed(
      Events events,
      int first,
      int count,
      int units,
      float[] k,
      int kOffset,
      int kStride,
      int n,
      float[] dw,
      int dwOffset,
      int dwStride) {
    Shapes.checkGatherTransposed(
        events, first, count, units, k, kOffset, kStride, n, dw, dwOffset, dwStride);
    int from = 0;
    do {
      int rows = Math.min(LIST_BLOCK, count - from);
      events.transpose(first + from, rows, units);
      gatherRows(
          0,
          units,
          events.unitStarts,
          events.rowsByUnit,
          events.valuesByUnit,
          k,
          kOffset + from * kStride,
          kStride,
          n,
          dw,
          dwOffset,
          dwStride);
      from += rows;
    } while (from < count);
  }

  /**
   * Tiles outermost: a strip of B as wide as a tile is in the cache for all rows. Over 1024 units a
   * forward pass took 11 % longer row by row, and 25 % longer with tiles of half the width.
   */
  private static void gatherRows(
      int first,
      int count,
      int[] starts,
      int[] rowOfB,
      float[] values,
      float[] b,
      int bOffset,
      int bRow,
      int n,
      float[] c,
      int cOffset,
      int cRow) {
    if (count == 0) {
      return;
    }
    int width;
    for (int j = 0; j < n; j += width * LANES) {
      int left = (n - j) / LANES;
      width = left >= WIDEST ? WIDEST : left >= 8 ? 8 : Math.min(left, 4);
      int bAt = bOffset + j;
      int cAt = cOffset + j;
      switch (width) {
        case 16 ->
            EventTiles.gather16(first, count, starts, rowOfB, values, b, bAt, bRow, c, cAt, cRow);
        case 8 ->
            EventTiles.gather8(first, count, starts, rowOfB, values, b, bAt, bRow, c, cAt, cRow);
        case 4 ->
            EventTiles.gather4(first, count, starts, rowOfB, values, b, bAt, bRow, c, cAt, cRow);
        case 3 ->
            EventTiles.gather3(first, count, starts, rowOfB, values, b, bAt, bRow, c, cAt, cRow);
        case 2 ->
            EventTiles.gather2(first, count, starts, rowOfB, values, b, bAt, bRow, c, cAt, cRow);
        default ->
            EventTiles.gather1(first, count, starts, rowOfB, values, b, bAt, bRow, c, cAt, cRow);
      }
    }
  }
}
