package rheobase.data;

/**
 * One recording, or a piece of one: what a network sees step by step, and what it should say.
 *
 * <p>The arrays are not copied: whoever makes a sequence hands them over and leaves them alone, and
 * whoever reads them changes nothing. Two sequences are equal only when they are the same arrays;
 * contents are compared by {@link SequenceSet#sha256()}.
 *
 * @param id names the sequence in messages and reports; unique within a data set
 * @param group what was recorded together (a patient, a speaker, a recording): a split keeps a
 *     group whole
 * @param steps number of time steps, at least 1
 * @param channels number of values per step, at least 1
 * @param values {@code [step][channel]}, flat, all finite
 * @param targets class numbers, one per step or exactly one for the whole sequence
 * @param annotated as long as {@code targets}; false where nobody labelled the step and the target
 *     is a convention
 */
public record Sequence(
    String id,
    String group,
    int steps,
    int channels,
    float[] values,
    int[] targets,
    boolean[] annotated) {

  /**
   * Checks the shapes and that all values are finite.
   *
   * @throws DataException naming the sequence and, for a NaN or an infinite value, its step and
   *     channel
   */
  public Sequence {
    if (steps < 1 || channels < 1) {
      throw new DataException(
          "Sequence %s has %d steps of %d channels; it needs at least one of each."
              .formatted(id, steps, channels));
    }
    if (values.length != (long) steps * channels) {
      throw new DataException(
          "Sequence %s has %d values, but %d steps of %d channels make %d."
              .formatted(id, values.length, steps, channels, (long) steps * channels));
    }
    if (targets.length != steps && targets.length != 1) {
      throw new DataException(
          "Sequence %s has %d targets; it needs one per step (%d) or one for the whole sequence."
              .formatted(id, targets.length, steps));
    }
    if (annotated.length != targets.length) {
      throw new DataException(
          "Sequence %s has %d targets but says of %d whether they are annotated."
              .formatted(id, targets.length, annotated.length));
    }
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new DataException(
            "Sequence %s holds %s at step %d, channel %d; every value must be finite."
                .formatted(id, values[i], i / channels, i % channels));
      }
    }
  }

  /** Whether there is a target for every step, rather than one for the whole sequence. */
  public boolean targetsEachStep() {
    return targets.length == steps;
  }
}
