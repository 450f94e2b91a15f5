package rheobase.data.speech;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rheobase.data.Sequence;
import rheobase.data.Signal;

/**
 * What is taken away of every speaker's features, over all frames of his that are read (Kaldi's
 * {@code apply-cmvn --utt2spk}).
 */
public enum Speakers {
  /** Nothing. */
  AS_THEY_ARE,
  /** Every channel has mean 0. */
  MEAN,
  /** Every channel has mean 0 and standard deviation 1. */
  MEAN_AND_DEVIATION;

  /**
   * Makes speakers alike.
   *
   * @param sequences their group is the speaker
   * @return in the same order
   */
  public List<Sequence> alike(List<Sequence> sequences) {
    if (this == AS_THEY_ARE) {
      return sequences;
    }
    final Map<String, Scale> scales = new LinkedHashMap<>();
    for (Sequence sequence : sequences) {
      scales.computeIfAbsent(sequence.group(), _ -> new Scale(sequence.channels())).add(sequence);
    }
    final List<Sequence> alike = new ArrayList<>(sequences.size());
    for (Sequence sequence : sequences) {
      alike.add(
          sequence.with(scales.get(sequence.group()).apply(sequence, this == MEAN_AND_DEVIATION)));
    }
    return alike;
  }

  /** Sums over the frames of one speaker. */
  private static final class Scale {
    private final double[] sum;
    private final double[] squares;
    private long frames;

    Scale(int channels) {
      sum = new double[channels];
      squares = new double[channels];
    }

    void add(Sequence sequence) {
      final float[] values = sequence.values();
      for (int i = 0; i < values.length; i++) {
        sum[i % sum.length] += values[i];
        squares[i % sum.length] += (double) values[i] * values[i];
      }
      frames += sequence.steps();
    }

    Signal.Dense apply(Sequence sequence, boolean deviation) {
      final float[] values = sequence.values();
      for (int i = 0; i < values.length; i++) {
        final int c = i % sum.length;
        final double mean = sum[c] / frames;
        final double variance = squares[c] / frames - mean * mean;
        // a channel that never changes stays at zero
        final double scale = deviation && variance > 1e-12 ? Math.sqrt(variance) : 1;
        values[i] = (float) ((values[i] - mean) / scale);
      }
      return new Signal.Dense(sequence.steps(), sequence.channels(), values);
    }
  }
}
