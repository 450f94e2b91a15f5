package rheobase.data;

import java.util.Arrays;

/**
 * Turns a sampled signal into events: one channel for rises and one for falls of every lead.
 *
 * <p>An event comes when the signal has moved by at least {@code delta} since the last one; the
 * sample at which it comes is the new reference. So there is at most one event per sample and lead,
 * slow slopes give isolated events, and steep slopes give runs as long as the slope. The published
 * function for ECG leads (section 2.1 of the specification this follows) first smooths with {@link
 * #smooth} and compares each sample with the one before it; with a reference that waits, slow waves
 * such as T are not lost, and the published event files do contain them.
 *
 * @param delta the move that makes an event, in the unit of the signal; positive
 */
public record LevelCrossing(double delta) {

  /**
   * @throws DataException when delta is not a positive number
   */
  public LevelCrossing {
    if (!(delta > 0 && delta < Double.POSITIVE_INFINITY)) {
      throw new DataException(
          "The delta of level crossing is %s; it must be positive.".formatted(delta));
    }
  }

  /**
   * The events of all leads. The first sample is the first reference and never an event.
   *
   * @param leads {@code [lead][sample]}, all of the same length
   * @return {@code [sample][2 lead + direction]} flat, 1 for an event and 0 for none; direction 0
   *     is up, 1 is down
   * @throws DataException naming lead and sample of a value that is not finite, or leads of
   *     different length
   */
  public float[] encode(double[]... leads) {
    final int samples = leads.length == 0 ? 0 : leads[0].length;
    final float[] events = new float[samples * 2 * leads.length];
    for (int lead = 0; lead < leads.length; lead++) {
      final double[] signal = leads[lead];
      if (signal.length != samples) {
        throw new DataException(
            "Lead 0 has %d samples, but lead %d has %d.".formatted(samples, lead, signal.length));
      }
      double reference = 0;
      for (int i = 0; i < samples; i++) {
        if (!Double.isFinite(signal[i])) {
          throw new DataException(
              "Lead %d holds %s at sample %d; every value must be finite."
                  .formatted(lead, signal[i], i));
        }
        final double moved = i == 0 ? 0 : signal[i] - reference;
        final boolean crossed = Math.abs(moved) >= delta;
        if (crossed) {
          events[2 * (i * leads.length + lead) + (moved > 0 ? 0 : 1)] = 1;
        }
        if (crossed || i == 0) {
          reference = signal[i];
        }
      }
    }
    return events;
  }

  /**
   * A set of the events of its sequences, channel by channel: channel c becomes 2c for rises and 2c
   * + 1 for falls.
   *
   * @throws DataException naming a sequence that is not a sampled signal
   */
  public SequenceSet encode(SequenceSet set) {
    return new SequenceSet(
        set.name(),
        2 * set.channels(),
        set.classes(),
        set.sequences().stream().map(this::encode).toList());
  }

  private Sequence encode(Sequence sequence) {
    if (!(sequence.signal() instanceof Signal.Dense samples)) {
      throw new DataException(
          "Sequence %s is not a sampled signal; only those can be turned into events."
              .formatted(sequence.id()));
    }
    final double[][] leads = new double[samples.channels()][samples.steps()];
    for (int i = 0; i < samples.values().length; i++) {
      leads[i % leads.length][i / leads.length] = samples.values()[i];
    }
    final float[] events = encode(leads);
    final int channels = 2 * leads.length;
    final int[] starts = new int[samples.steps() + 1];
    final char[] active = new char[events.length];
    int count = 0;
    for (int step = 0; step < samples.steps(); step++) {
      for (int c = 0; c < channels; c++) {
        if (events[step * channels + c] != 0) {
          active[count++] = (char) c;
        }
      }
      starts[step + 1] = count;
    }
    return sequence.with(new Signal.Spikes(channels, starts, Arrays.copyOf(active, count)));
  }

  /**
   * Savitzky-Golay smoothing with a window of 5 samples and cubics: each sample becomes the value
   * of the cubic fitted to it and its two neighbours on either side; the first and last two take
   * the cubic of the first and last five. A centred filter: it looks two samples ahead. Savitzky
   * and Golay 1964, with the coefficients (-3, 12, 17, 12, -3) / 35.
   *
   * @return a new array; a copy when there are fewer than 5 samples
   */
  public static double[] smooth(double[] signal) {
    final int n = signal.length;
    if (n < 5) {
      return signal.clone();
    }
    final double[] smoothed = new double[n];
    for (int i = 2; i < n - 2; i++) {
      smoothed[i] = fitted(signal, i - 2, 1, -3, 12, 17, 12, -3) / 35;
    }
    smoothed[0] = fitted(signal, 0, 1, 69, 4, -6, 4, -1) / 70;
    smoothed[1] = fitted(signal, 0, 1, 2, 27, 12, -8, 2) / 35;
    smoothed[n - 2] = fitted(signal, n - 1, -1, 2, 27, 12, -8, 2) / 35;
    smoothed[n - 1] = fitted(signal, n - 1, -1, 69, 4, -6, 4, -1) / 70;
    return smoothed;
  }

  private static double fitted(
      double[] signal, int start, int stride, int a, int b, int c, int d, int e) {
    return a * signal[start]
        + b * signal[start + stride]
        + c * signal[start + 2 * stride]
        + d * signal[start + 3 * stride]
        + e * signal[start + 4 * stride];
  }
}
