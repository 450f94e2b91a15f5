package rheobase.network.product;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector form: compares a vector of outputs with zero and compresses indices and values of
 * those that differ to the front. Without a branch on single elements, so its time hardly depends
 * on the activity.
 */
final class VectorRowScan implements RowScan {
  private static final VectorSpecies<Float> SPECIES = VectorProducts.SPECIES;
  private static final VectorSpecies<Integer> INDICES = SPECIES.withLanes(int.class);
  private static final int LANES = SPECIES.length();

  @Override
  public int scan(
      int count, int units, float[] rows, int offset, int stride, Events events, int firstRow) {
    int[] starts = events.starts;
    int[] unitsFound = events.units;
    float[] valuesFound = events.values;
    int whole = SPECIES.loopBound(units);
    var lastMask = SPECIES.indexInRange(whole, units);
    int next = starts[firstRow];
    for (int i = 0; i < count; i++) {
      int at = offset + i * stride;
      for (int u = 0; u < whole; u += LANES) {
        var values = FloatVector.fromArray(SPECIES, rows, at + u);
        var fired = values.compare(VectorOperators.NE, 0.0f);
        IntVector.broadcast(INDICES, u)
            .addIndex(1)
            .compress(fired.cast(INDICES))
            .intoArray(unitsFound, next);
        values.compress(fired).intoArray(valuesFound, next);
        next += fired.trueCount();
      }
      if (whole < units) {
        var values = FloatVector.fromArray(SPECIES, rows, at + whole, lastMask);
        var fired = values.compare(VectorOperators.NE, 0.0f);
        IntVector.broadcast(INDICES, whole)
            .addIndex(1)
            .compress(fired.cast(INDICES))
            .intoArray(unitsFound, next);
        values.compress(fired).intoArray(valuesFound, next);
        next += fired.trueCount();
      }
      starts[firstRow + i + 1] = next;
    }
    return next;
  }

  @Override
  public int scanSpikes(
      int count, int units, float[] rows, int offset, int stride, Events events, int firstRow) {
    int[] starts = events.starts;
    int[] unitsFound = events.units;
    int whole = SPECIES.loopBound(units);
    var lastMask = SPECIES.indexInRange(whole, units);
    int next = starts[firstRow];
    for (int i = 0; i < count; i++) {
      int at = offset + i * stride;
      for (int u = 0; u < whole; u += LANES) {
        var fired = FloatVector.fromArray(SPECIES, rows, at + u).compare(VectorOperators.NE, 0.0f);
        IntVector.broadcast(INDICES, u)
            .addIndex(1)
            .compress(fired.cast(INDICES))
            .intoArray(unitsFound, next);
        next += fired.trueCount();
      }
      if (whole < units) {
        var fired =
            FloatVector.fromArray(SPECIES, rows, at + whole, lastMask)
                .compare(VectorOperators.NE, 0.0f);
        IntVector.broadcast(INDICES, whole)
            .addIndex(1)
            .compress(fired.cast(INDICES))
            .intoArray(unitsFound, next);
        next += fired.trueCount();
      }
      starts[firstRow + i + 1] = next;
    }
    return next;
  }
}
