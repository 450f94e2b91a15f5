package rheobase.data;

import java.util.Arrays;

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
 * @param signal at least one step of at least one channel, all values finite
 * @param targets class numbers, one per step or exactly one for the whole sequence; of a
 *     transcribed sequence any number of them, or none
 * @param annotated as long as {@code targets}; false where nobody labelled the step and the target
 *     is a convention
 * @param transcribed whether the targets are what is said, in order, and nobody knows at which
 *     steps
 */
public record Sequence(
    String id,
    String group,
    Signal signal,
    int[] targets,
    boolean[] annotated,
    boolean transcribed) {

  /**
   * Checks the shapes and that all values are finite.
   *
   * @throws DataException naming the sequence and, for a NaN or an infinite value, its step and
   *     channel
   */
  public Sequence {
    if (signal.steps() < 1 || signal.channels() < 1) {
      throw new DataException(
          "Sequence %s has %d steps of %d channels; it needs at least one of each."
              .formatted(id, signal.steps(), signal.channels()));
    }
    switch (signal) {
      case Signal.Dense dense -> check(id, dense);
      case Signal.Spikes spikes -> check(id, spikes);
      case Signal.Window window -> check(id, window);
      // of a signal that a sequence has held, so it was checked
      case Signal.Population _, Signal.Poisson _ -> {}
    }
    if (!transcribed && targets.length != signal.steps() && targets.length != 1) {
      throw new DataException(
          "Sequence %s has %d targets; it needs one per step (%d) or one for the whole sequence."
              .formatted(id, targets.length, signal.steps()));
    }
    if (annotated.length != targets.length) {
      throw new DataException(
          "Sequence %s has %d targets but says of %d whether they are annotated."
              .formatted(id, targets.length, annotated.length));
    }
  }

  /** A sequence with a target for every step, or one for the whole. */
  public Sequence(String id, String group, Signal signal, int[] targets, boolean[] annotated) {
    this(id, group, signal, targets, annotated, false);
  }

  /**
   * A sequence of which is known what is said, but not when.
   *
   * @param labels class numbers in order, all of them annotated; may be empty
   */
  public static Sequence transcribed(String id, String group, Signal signal, int[] labels) {
    final boolean[] annotated = new boolean[labels.length];
    Arrays.fill(annotated, true);
    return new Sequence(id, group, signal, labels, annotated, true);
  }

  /**
   * A sequence of any values.
   *
   * @param values {@code [step][channel]}, flat
   */
  public Sequence(
      String id,
      String group,
      int steps,
      int channels,
      float[] values,
      int[] targets,
      boolean[] annotated) {
    this(id, group, new Signal.Dense(steps, channels, values), targets, annotated);
  }

  private static void check(String id, Signal.Dense signal) {
    final float[] values = signal.values();
    final int channels = signal.channels();
    if (values.length != (long) signal.steps() * channels) {
      throw new DataException(
          "Sequence %s has %d values, but %d steps of %d channels make %d."
              .formatted(
                  id, values.length, signal.steps(), channels, (long) signal.steps() * channels));
    }
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new DataException(
            "Sequence %s holds %s at step %d, channel %d; every value must be finite."
                .formatted(id, values[i], i / channels, i % channels));
      }
    }
  }

  private static void check(String id, Signal.Spikes signal) {
    for (int step = 0; step < signal.steps(); step++) {
      int before = -1;
      for (int i = signal.starts()[step]; i < signal.starts()[step + 1]; i++) {
        final int channel = signal.active()[i];
        if (channel <= before || channel >= signal.channels()) {
          throw new DataException(
              "Sequence %s has a spike of channel %d at step %d; its %d channels must come in order."
                  .formatted(id, channel, step, signal.channels()));
        }
        before = channel;
      }
    }
  }

  private static void check(String id, Signal.Window signal) {
    if (signal.width() > signal.samples().length) {
      throw new DataException(
          "Sequence %s has %d samples, fewer than its window of %d."
              .formatted(id, signal.samples().length, signal.width()));
    }
    for (int i = 0; i < signal.samples().length; i++) {
      if (!Float.isFinite(signal.samples()[i])) {
        throw new DataException(
            "Sequence %s holds %s at sample %d; every value must be finite."
                .formatted(id, signal.samples()[i], i));
      }
    }
  }

  /** Number of time steps. */
  public int steps() {
    return signal.steps();
  }

  /** Number of values per step. */
  public int channels() {
    return signal.channels();
  }

  /** All values, {@code [step][channel]}, flat, in an array of its own. */
  public float[] values() {
    final float[] values = new float[steps() * channels()];
    for (int step = 0; step < steps(); step++) {
      signal.read(step, values, step * channels());
    }
    return values;
  }

  /** The same with another signal of as many steps. */
  public Sequence with(Signal other) {
    return new Sequence(id, group, other, targets, annotated, transcribed);
  }

  /**
   * The first steps of this sequence; all of it where it has no more.
   *
   * @throws DataException for a transcribed sequence that has more
   */
  public Sequence first(int steps) {
    if (steps >= steps()) {
      return this;
    }
    if (transcribed) {
      throw new DataException(
          "Sequence %s has %d steps and cannot be cut to %d, because nobody knows which of its labels are said in them; leave out data.steps."
              .formatted(id, steps(), steps));
    }
    final boolean eachStep = targetsEachStep();
    return new Sequence(
        id,
        group,
        signal.first(steps),
        eachStep ? Arrays.copyOf(targets, steps) : targets,
        eachStep ? Arrays.copyOf(annotated, steps) : annotated);
  }

  /**
   * Fewest steps in which labels can be told apart where nobody knows when they are said: one each,
   * and one for nothing between two that are the same.
   */
  public static int leastSteps(int[] labels) {
    int steps = labels.length;
    for (int i = 1; i < labels.length; i++) {
      if (labels[i] == labels[i - 1]) {
        steps++;
      }
    }
    return steps;
  }

  /**
   * Steps {@code from <= t < to} of a sequence with a target for every step, as a sequence of its
   * own; itself where that is all of it.
   */
  public Sequence piece(int from, int to) {
    if (!targetsEachStep() || from < 0 || to > steps() || from >= to) {
      throw new IllegalArgumentException(
          "Sequence %s of %d steps has no piece from %d to %d with a target for every step."
              .formatted(id, steps(), from, to));
    }
    return from == 0 && to == steps()
        ? this
        : new Sequence(
            id + " from step " + from,
            group,
            signal.piece(from, to),
            Arrays.copyOfRange(targets, from, to),
            Arrays.copyOfRange(annotated, from, to));
  }

  /** Whether there is a target for every step, rather than one for the whole sequence. */
  public boolean targetsEachStep() {
    return !transcribed && targets.length == steps();
  }
}
