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

  /**
   * Where the sequences are lists of spikes the events come from these lists, nobody looks at
   * silent channels, and {@link #values} are written where they are asked for.
   */
  private Source source;

  /**
   * @param places steps times sequences of the longest stretch
   */
  InputBuffer(int places, int channels) {
    this.channels = channels;
    values = new float[places * channels + Products.ALIGNMENT];
    events = channels < LEAST_CHANNELS ? null : new Events();
    source = source(false);
  }

  Source source() {
    return source;
  }

  /** Forgets the stretch before. */
  void begin(List<Sequence> sequences) {
    if (events == null) {
      return;
    }
    source =
        source(sequences.stream().allMatch(sequence -> sequence.signal() instanceof Signal.Spikes));
    events.clear();
  }

  private Source source(boolean unwritten) {
    return new Source(values, 0, channels, channels, events, 0, unwritten);
  }

  /**
   * Steps {@code from <= t < to} of the stretch that begins at {@code first}; zero beyond a
   * sequence's end. Called for ascending steps.
   */
  void fill(List<Sequence> sequences, int first, int from, int to) {
    if (source.unwritten()) {
      listSpikes(sequences, first + from, first + to);
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

  private void listSpikes(List<Sequence> sequences, int from, int to) {
    for (int t = from; t < to; t++) {
      for (Sequence sequence : sequences) {
        var signal = (Signal.Spikes) sequence.signal();
        boolean over = t >= signal.steps();
        int begin = over ? 0 : signal.starts()[t];
        int end = over ? 0 : signal.starts()[t + 1];
        events.appendSpikes(signal.active(), begin, end, channels);
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
