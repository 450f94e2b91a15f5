package rheobase.network;

import java.util.Arrays;
import java.util.List;
import rheobase.data.Sequence;
import rheobase.data.Signal;
import rheobase.network.product.Events;
import rheobase.network.product.Products;

/**
 * What the data feed to the lowest layer during a stretch of time: values {@code
 * [step][row][channel]} and, where there are channels enough, the same as events.
 */
final class InputBuffer {
  /**
   * Below this many channels a dense product costs less than finding the events: a row of QTDB's
   * four channels is 12 multiply-adds of a vector, and listing it takes as long.
   */
  private static final int LEAST_CHANNELS = 16;

  private final int channels;
  private final float[] values;

  /** Null where there are too few channels for events to pay. */
  private final Events events;

  private final Source source;

  /**
   * Whether the sequences are lists of spikes. Then the events come from these lists, {@link
   * #values} is zero but for the events, and nobody looks at silent channels.
   */
  private boolean spikes;

  /**
   * @param places steps times sequences of the longest stretch
   */
  InputBuffer(int places, int channels) {
    this.channels = channels;
    values = new float[places * channels + Products.ALIGNMENT];
    events = channels < LEAST_CHANNELS ? null : new Events();
    source = new Source(values, 0, channels, channels, events, 0);
  }

  Source source() {
    return source;
  }

  /** Forgets the stretch before. */
  void begin(List<Sequence> sequences) {
    if (events == null) {
      return;
    }
    boolean were = spikes;
    spikes = sequences.stream().allMatch(sequence -> sequence.signal() instanceof Signal.Spikes);
    if (spikes && were) {
      wipeEvents();
    } else if (spikes) {
      Arrays.fill(values, 0);
    }
    events.clear();
  }

  private void wipeEvents() {
    for (int row = 0; row < events.rows(); row++) {
      for (int e = events.start(row); e < events.start(row + 1); e++) {
        values[row * channels + events.unit(e)] = 0;
      }
    }
  }

  /**
   * Steps {@code from <= t < to} of the stretch that begins at {@code first}; zero beyond a
   * sequence's end. Called for ascending steps.
   */
  void fill(List<Sequence> sequences, int first, int from, int to) {
    if (spikes) {
      fillSpikes(sequences, first, from, to);
      return;
    }
    int rows = sequences.size();
    Arrays.fill(values, from * rows * channels, to * rows * channels, 0);
    for (int r = 0; r < rows; r++) {
      Sequence sequence = sequences.get(r);
      int end = Math.min(to, sequence.steps() - first);
      for (int t = from; t < end; t++) {
        sequence.signal().read(first + t, values, (t * rows + r) * channels);
      }
    }
    if (events != null) {
      events.append((to - from) * rows, channels, values, from * rows * channels, channels);
    }
  }

  private void fillSpikes(List<Sequence> sequences, int first, int from, int to) {
    int at = from * sequences.size() * channels;
    for (int t = first + from; t < first + to; t++) {
      for (Sequence sequence : sequences) {
        var signal = (Signal.Spikes) sequence.signal();
        boolean over = t >= signal.steps();
        int begin = over ? 0 : signal.starts()[t];
        int end = over ? 0 : signal.starts()[t + 1];
        events.appendSpikes(signal.active(), begin, end, channels);
        for (int i = begin; i < end; i++) {
          values[at + signal.active()[i]] = 1;
        }
        at += channels;
      }
    }
  }

  /** Values of the first {@code rows} rows that are not zero. */
  long nonZero(int rows) {
    if (events != null) {
      return events.count();
    }
    int count = 0;
    for (int i = 0; i < rows * channels; i++) {
      int bits = Float.floatToRawIntBits(values[i]) << 1; // without the sign of a zero
      count += (bits | -bits) >>> 31;
    }
    return count;
  }
}
