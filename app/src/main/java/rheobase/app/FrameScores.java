package rheobase.app;

import java.nio.file.Path;
import java.util.ArrayList;
import rheobase.data.Sequence;
import rheobase.data.SequenceSet;
import rheobase.data.kaldi.ArkWriter;
import rheobase.data.kaldi.Matrix;
import rheobase.network.Network;
import rheobase.network.NetworkException;
import rheobase.network.Readout;
import rheobase.network.ctc.LogSoftmax;

/**
 * What a network says of each frame, for a decoder elsewhere: log p(class | frame) less log
 * p(class), the share of the class among the training targets, which is the likelihood of the frame
 * but for a number that is the same for all classes (Bourlard and Morgan 1994, "Connectionist
 * speech recognition"). Of transcripts nobody knows such a share, and nothing is taken away.
 */
final class FrameScores {
  /** Of a class that no training frame has: a decoder never goes there. */
  static final float NEVER = -1e10f;

  private FrameScores() {}

  /**
   * Writes an archive of Kaldi's with the validation set and the test set, and beside it a list of
   * the places of the sequences.
   *
   * @return the list
   * @throws NetworkException when the network says nothing of single frames
   */
  static Path write(Network network, Dataset data, int threads, long seed, Path archive) {
    if (network.spec().readout() != Readout.EACH_STEP) {
      throw new NetworkException(
          "--posteriors writes what is said of every step, but the readout of this model is "
              + network.spec().readout().text());
    }
    var split = data.split();
    float[] priors = logPriors(split.train());
    var name = archive.getFileName().toString().replaceFirst("[.]ark$", "");
    var list = archive.resolveSibling(name + ".scp");
    try (var writer = new ArkWriter(archive, list, ArkWriter.Form.BINARY)) {
      for (var set : new SequenceSet[] {split.validation(), split.test()}) {
        write(network, set, threads, seed, priors, writer);
      }
    }
    return list;
  }

  private static void write(
      Network network, SequenceSet set, int threads, long seed, float[] priors, ArkWriter writer) {
    var outputs = new ArrayList<>(network.outputs(set, threads, seed));
    for (int i = 0; i < outputs.size(); i++) {
      int steps = outputs.get(i).length / priors.length;
      writer.write(
          set.sequences().get(i).id(),
          new Matrix(steps, priors.length, scores(outputs.get(i), steps, priors)));
    }
  }

  private static float[] scores(float[] logits, int steps, float[] priors) {
    int classes = priors.length;
    double[] logs = new double[logits.length];
    LogSoftmax.of(logits, 0, steps, classes, logs);
    float[] scores = new float[logits.length];
    for (int i = 0; i < scores.length; i++) {
      float prior = priors[i % classes];
      scores[i] = prior == Float.NEGATIVE_INFINITY ? NEVER : (float) (logs[i] - prior);
    }
    return scores;
  }

  /** Logarithms of the shares of the classes; all 0 where the targets have no frames. */
  static float[] logPriors(SequenceSet train) {
    long[] counts = new long[train.classes().size()];
    long all = 0;
    for (Sequence sequence : train.sequences()) {
      if (sequence.targetsEachStep()) {
        for (int target : sequence.targets()) {
          counts[target]++;
          all++;
        }
      }
    }
    float[] logs = new float[counts.length];
    for (int c = 0; all > 0 && c < logs.length; c++) {
      logs[c] = (float) StrictMath.log((double) counts[c] / all);
    }
    return logs;
  }
}
