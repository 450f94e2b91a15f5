package rheobase.data;

import java.util.Arrays;

/**
 * What a sequence feeds to a network: a row of channels at every step, kept in the form that takes
 * least room. The arrays are not copied: whoever makes a signal hands them over and leaves them
 * alone.
 */
public sealed interface Signal {
  /** Number of time steps. */
  int steps();

  /** Number of values per step. */
  int channels();

  /**
   * Writes the values of one step.
   *
   * @param step {@code 0 <= step < steps()}
   * @param to receives {@link #channels} floats from {@code at} on
   */
  void read(int step, float[] to, int at);

  /** The first steps of this signal; all of it where it has no more. */
  Signal first(int steps);

  /** Steps {@code from <= t < to} of it. */
  default Signal piece(int from, int to) {
    final float[] values = new float[(to - from) * channels()];
    for (int step = from; step < to; step++) {
      read(step, values, (step - from) * channels());
    }
    return new Dense(to - from, channels(), values);
  }

  /** Whether the other keeps the same values, in the same form. */
  default boolean sameAs(Signal other) {
    if (steps() != other.steps() || channels() != other.channels()) {
      return false;
    }
    return switch (this) {
      case Dense mine -> other instanceof Dense theirs && Arrays.equals(mine.values, theirs.values);
      case Spikes mine ->
          other instanceof Spikes theirs
              && Arrays.equals(mine.starts, theirs.starts)
              && Arrays.equals(mine.active, theirs.active);
      case Population mine ->
          other instanceof Population theirs
              && mine.code.equals(theirs.code)
              && mine.of.sameAs(theirs.of);
      case Poisson mine ->
          other instanceof Poisson theirs
              && mine.key == theirs.key
              && mine.code.equals(theirs.code)
              && mine.of.sameAs(theirs.of);
      case Window mine ->
          other instanceof Window theirs && Arrays.equals(mine.samples, theirs.samples);
    };
  }

  /**
   * Any values.
   *
   * @param values {@code [step][channel]}, flat
   */
  record Dense(int steps, int channels, float[] values) implements Signal {
    @Override
    public void read(int step, float[] to, int at) {
      // few channels as a rule: a call to copy them takes longer than copying them
      final int from = step * channels;
      for (int c = 0; c < channels; c++) {
        to[at + c] = values[from + c];
      }
    }

    @Override
    public Signal first(int steps) {
      return steps >= this.steps
          ? this
          : new Dense(steps, channels, Arrays.copyOf(values, steps * channels));
    }
  }

  /**
   * Ones at some channels, zeros elsewhere.
   *
   * @param starts for each step where its channels begin, and at the end where the last step's end;
   *     one longer than there are steps
   * @param active the channels that are one, ascending within a step
   */
  record Spikes(int channels, int[] starts, char[] active) implements Signal {
    /**
     * Lists the ones among zeros.
     *
     * @param values {@code [step][channel]}, flat
     * @throws IllegalArgumentException when a value is neither 0 nor 1
     */
    public static Spikes of(int steps, int channels, float[] values) {
      final int[] starts = new int[steps + 1];
      final char[] active = new char[values.length];
      int next = 0;
      for (int step = 0; step < steps; step++) {
        for (int c = 0; c < channels; c++) {
          final float value = values[step * channels + c];
          if (value == 1) {
            active[next++] = (char) c;
          } else if (value != 0) {
            throw new IllegalArgumentException(value + " is no spike");
          }
        }
        starts[step + 1] = next;
      }
      return new Spikes(channels, starts, Arrays.copyOf(active, next));
    }

    @Override
    public int steps() {
      return starts.length - 1;
    }

    @Override
    public void read(int step, float[] to, int at) {
      Arrays.fill(to, at, at + channels, 0);
      for (int i = starts[step]; i < starts[step + 1]; i++) {
        to[at + active[i]] = 1;
      }
    }

    @Override
    public Signal piece(int from, int to) {
      final int[] own = new int[to - from + 1];
      for (int i = 0; i < own.length; i++) {
        own[i] = starts[from + i] - starts[from];
      }
      return new Spikes(channels, own, Arrays.copyOfRange(active, starts[from], starts[to]));
    }

    @Override
    public Signal first(int steps) {
      return steps >= steps()
          ? this
          : new Spikes(
              channels, Arrays.copyOf(starts, steps + 1), Arrays.copyOf(active, starts[steps]));
    }
  }

  /**
   * A window that slides over samples, one sample a step; at the end it stays on the last samples.
   * So Yin, Corradi and Bohté 2021 read an image several pixels at a time.
   *
   * @param width of the window, which is the number of channels; at most as many as there are
   *     samples
   */
  record Window(int steps, int width, float[] samples) implements Signal {
    @Override
    public int channels() {
      return width;
    }

    @Override
    public void read(int step, float[] to, int at) {
      final int from = Math.min(step, samples.length - width);
      for (int c = 0; c < width; c++) {
        to[at + c] = samples[from + c];
      }
    }

    @Override
    public Signal first(int steps) {
      return steps >= this.steps ? this : new Window(steps, width, samples);
    }
  }

  /**
   * What a population of tuned neurons says of another signal. It is computed whenever it is read:
   * kept, it would take many times the room.
   */
  record Population(Signal of, PopulationCode code) implements Signal {
    @Override
    public int steps() {
      return of.steps();
    }

    @Override
    public int channels() {
      return of.channels() * code.neurons();
    }

    @Override
    public void read(int step, float[] to, int at) {
      of.read(step, to, at);
      // from the last one on, as the answers of a channel take the place of those behind it
      for (int c = of.channels() - 1; c >= 0; c--) {
        code.answer(to[at + c], to, at + c * code.neurons());
      }
    }

    @Override
    public Signal first(int steps) {
      return steps >= steps() ? this : new Population(of.first(steps), code);
    }
  }

  /**
   * What randomly firing neurons say of another signal, computed whenever it is read, as {@link
   * Population} is.
   *
   * @param key names the random numbers of the sequence
   */
  record Poisson(Signal of, PoissonCode code, long key) implements Signal {
    @Override
    public int steps() {
      return of.steps();
    }

    @Override
    public int channels() {
      return of.channels() * code.neurons();
    }

    @Override
    public void read(int step, float[] to, int at) {
      of.read(step, to, at);
      code.fire(key, step, of.channels(), to, at);
    }

    @Override
    public Signal first(int steps) {
      return steps >= steps() ? this : new Poisson(of.first(steps), code, key);
    }
  }
}
