package rheobase.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Brings every channel to a like scale: a value x becomes {@code (x - offset) / scale}. The numbers
 * come from a training set and are kept, so that every other recording is treated by the same.
 *
 * @param kind where the numbers come from
 * @param offset one a channel; empty until {@link #fitted}
 * @param scale one a channel, none zero; empty until {@link #fitted}
 */
public record Normalisation(Kind kind, List<Double> offset, List<Double> scale) {
  /** Leaves values as they are. */
  public static final Normalisation NONE = new Normalisation(Kind.NONE, List.of(), List.of());

  /** Where offset and scale come from. */
  public enum Kind {
    NONE,
    /** The mean and the standard deviation over all steps, divided by their number. */
    Z_SCORE,
    /** Zero, and the standard deviation over all steps: zero stays where it is. */
    DEVIATION,
    /** The smallest value, and the largest less the smallest: all fall between 0 and 1. */
    MIN_MAX;

    /** As experiment files write it. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Checks the numbers.
   *
   * @throws DataException when there is not one scale for each offset, or one is zero or no finite
   *     number
   */
  public Normalisation {
    offset = List.copyOf(offset);
    scale = List.copyOf(scale);
    if (offset.size() != scale.size()) {
      throw new DataException(
          "The normalisation has %d offsets and %d scales; it needs one of each for every channel."
              .formatted(offset.size(), scale.size()));
    }
    for (int c = 0; c < scale.size(); c++) {
      if (!Double.isFinite(offset.get(c)) || !Double.isFinite(scale.get(c)) || scale.get(c) == 0) {
        throw new DataException(
            "The normalisation of channel %d is (x - %s) / %s; both must be finite, the scale not 0."
                .formatted(c, offset.get(c), scale.get(c)));
      }
    }
  }

  /** One whose numbers are still to be found. */
  public static Normalisation of(Kind kind) {
    return new Normalisation(kind, List.of(), List.of());
  }

  /** Whether nothing is left to be found out. */
  public boolean isFitted() {
    return kind == Kind.NONE || !offset.isEmpty();
  }

  /**
   * The same with its numbers, rounded to single precision. The scale of a channel that never
   * changes is 1.
   *
   * @param train to take them from
   * @throws DataException when it is empty, or its sequences are events
   */
  public Normalisation fitted(SequenceSet train) {
    if (isFitted()) {
      return this;
    }
    if (train.size() == 0) {
      throw new DataException(
          "The set %s is empty; there is nothing to take a normalisation from."
              .formatted(train.name()));
    }
    return kind == Kind.MIN_MAX ? minMax(train) : byDeviation(kind, train);
  }

  private static Normalisation byDeviation(Kind kind, SequenceSet train) {
    final double[] mean = new double[train.channels()];
    final double[] variance = new double[train.channels()];
    long steps = 0;
    for (Sequence sequence : train.sequences()) {
      final float[] values = samples(sequence).values();
      for (int i = 0; i < values.length; i++) {
        mean[i % mean.length] += values[i];
      }
      steps += sequence.steps();
    }
    for (int c = 0; c < mean.length; c++) {
      mean[c] /= steps;
    }
    for (Sequence sequence : train.sequences()) {
      final float[] values = samples(sequence).values();
      for (int i = 0; i < values.length; i++) {
        final double away = values[i] - mean[i % mean.length];
        variance[i % mean.length] += away * away;
      }
    }
    final double[] deviation = new double[mean.length];
    for (int c = 0; c < mean.length; c++) {
      deviation[c] = Math.sqrt(variance[c] / steps);
    }
    return of(kind, kind == Kind.Z_SCORE ? mean : new double[mean.length], deviation);
  }

  private static Normalisation minMax(SequenceSet train) {
    final double[] least = new double[train.channels()];
    final double[] range = new double[train.channels()];
    Arrays.fill(least, Double.POSITIVE_INFINITY);
    Arrays.fill(range, Double.NEGATIVE_INFINITY);
    for (Sequence sequence : train.sequences()) {
      final float[] values = samples(sequence).values();
      for (int i = 0; i < values.length; i++) {
        final int c = i % least.length;
        least[c] = Math.min(least[c], values[i]);
        range[c] = Math.max(range[c], values[i]);
      }
    }
    for (int c = 0; c < least.length; c++) {
      range[c] -= least[c];
    }
    return of(Kind.MIN_MAX, least, range);
  }

  private static Normalisation of(Kind kind, double[] offset, double[] scale) {
    final List<Double> offsets = new ArrayList<>();
    final List<Double> scales = new ArrayList<>();
    for (int c = 0; c < offset.length; c++) {
      offsets.add(single(offset[c]));
      final double rounded = single(scale[c]);
      scales.add(rounded == 0 ? 1 : rounded);
    }
    return new Normalisation(kind, offsets, scales);
  }

  /** The number of single precision, so that seven digits or so write it down. */
  private static double single(double value) {
    return Double.parseDouble(Float.toString((float) value));
  }

  /**
   * A set of normalised sequences.
   *
   * @throws DataException when its channels are not as many, or its sequences are events
   */
  public SequenceSet apply(SequenceSet set) {
    if (kind == Kind.NONE) {
      return set;
    }
    if (offset.size() != set.channels()) {
      throw new DataException(
          "The normalisation is for %d channels, but %s has %d."
              .formatted(offset.size(), set.name(), set.channels()));
    }
    return new SequenceSet(
        set.name(),
        set.channels(),
        set.classes(),
        set.sequences().stream().map(this::apply).toList());
  }

  private Sequence apply(Sequence sequence) {
    final float[] values = samples(sequence).values();
    final float[] normalised = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      final int c = i % offset.size();
      normalised[i] = (float) ((values[i] - offset.get(c)) / scale.get(c));
    }
    return sequence.with(new Signal.Dense(sequence.steps(), sequence.channels(), normalised));
  }

  private static Signal.Dense samples(Sequence sequence) {
    if (sequence.signal() instanceof Signal.Dense samples) {
      return samples;
    }
    throw new DataException(
        "Sequence %s is not a sampled signal; only those can be normalised."
            .formatted(sequence.id()));
  }
}
