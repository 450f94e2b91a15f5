package rheobase.network.hmm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import rheobase.data.speech.PhoneStates;
import rheobase.data.text.Bigram;
import rheobase.network.ctc.Greedy.Spoken;

/**
 * Finds the most probable phones of a recording whose frames a network has classified: the hybrid
 * of Bourlard and Morgan (1994, "Connectionist Speech Recognition"), searched by Viterbi.
 *
 * <p><b>Model.</b> Any phone may follow any other, and itself where the transcripts of the bigram
 * ever have it twice in a row: otherwise one that lasts and two of them are the same to them, and a
 * loop that is paid for insertions would cut it to pieces. Each is a chain of states, one for each
 * of its classes; a state is stayed in, left for the next of its phone, or, from the last, for the
 * first of another. A path through the states scores
 *
 * <pre>
 *   acoustic  * sum over steps of log p(class | frame) - log p(class)
 * + language  * sum over phones of log p(phone | phone before), beginning and end included
 * + insertion * number of phones
 * + sum over steps of log p(stay) or log(1 - p(stay))
 * </pre>
 *
 * <p>A network gives the probability of a class given the frame; divided by how often the class is
 * said at all, {@code p(class)} in the training targets, it is in proportion to the likelihood that
 * a hidden Markov model wants. The last state is left at the end. A state is stayed in with
 * probability 0.75; of silence with three states, as Kaldi begins, with 0.5, 0.5, 0.75.
 *
 * <p>A class that the training targets never name is never recognised, nor a phone of it.
 *
 * <p><b>Cost.</b> Phones squared per step: 48 phones and 300 steps are 0.7 million additions, so
 * nothing is pruned and the path found is the best there is. Of equal paths the one that stays,
 * then the one from the phone listed first is taken: the same logits give the same phones.
 */
public final class PhoneLoop {
  private static final double NEVER = Double.NEGATIVE_INFINITY;
  private static final double STAY = 0.75;
  private static final double STAY_SILENT = 0.5;

  private static final int STAYED = -1;
  private static final int BEGUN = -2;

  private final Bigram bigram;
  private final double[] logPriors;
  private final int classCount;

  /** First state of each phone, and behind the last phone the number of states. */
  private final int[] first;

  /** Of each state. */
  private final int[] classes;

  /** Of each phone: whether it may follow itself. */
  private final boolean[] repeats;

  private final double[] logStay;
  private final double[] logLeave;

  /**
   * What the parts of a score weigh; chosen on recordings that were neither trained nor are tested
   * on.
   *
   * @param acoustic of what the network says
   * @param language of the bigram
   * @param insertion for each phone; below 0 it makes them fewer
   */
  public record Scales(double acoustic, double language, double insertion) {
    /** Where a search for better ones begins. */
    public static final Scales START = new Scales(1, 1, 0);
  }

  /**
   * A loop.
   *
   * @param states of the phones
   * @param bigram over the phones
   * @param frames how often the training targets name each class
   */
  public PhoneLoop(PhoneStates states, Bigram bigram, long[] frames) {
    if (bigram.labels() != states.phones().size()) {
      throw new IllegalArgumentException(
          "a bigram of %d labels for %d phones".formatted(bigram.labels(), states.phones().size()));
    }
    this.bigram = bigram;
    classCount = frames.length;
    double all = Arrays.stream(frames).sum();
    logPriors = Arrays.stream(frames).mapToDouble(n -> StrictMath.log(n / all)).toArray();
    int phones = states.phones().size();
    repeats = new boolean[phones];
    long[][] counts = bigram.counts();
    first = new int[phones + 1];
    for (int p = 0; p < phones; p++) {
      repeats[p] = counts[p][p] > 0;
      first[p + 1] = first[p] + states.classes().get(p).size();
    }
    classes = states.classes().stream().flatMap(List::stream).mapToInt(c -> c).toArray();
    logStay = new double[classes.length];
    logLeave = new double[classes.length];
    for (int p = 0; p < phones; p++) {
      boolean silent = states.silences().contains(states.phones().get(p));
      for (int s = first[p]; s < first[p + 1]; s++) {
        double stay = silent && s < first[p + 1] - 1 ? STAY_SILENT : STAY;
        logStay[s] = StrictMath.log(stay);
        logLeave[s] = StrictMath.log(1 - stay);
      }
    }
  }

  /** Classes that it expects of the network. */
  public int classCount() {
    return classCount;
  }

  /**
   * The most probable phones with their steps.
   *
   * @param logs logarithms of the classes' probabilities, {@code [step][class]}
   * @param steps at least 1
   * @return empty where there are fewer steps than any phone has states
   */
  public List<Spoken> decode(double[] logs, int steps, Scales scales) {
    int phones = first.length - 1;
    double[][] language = new double[phones][phones];
    for (int to = 0; to < phones; to++) {
      for (int from = 0; from < phones; from++) {
        language[to][from] =
            from != to || repeats[to]
                ? scales.language * bigram.log(from, to) + scales.insertion
                : NEVER;
      }
    }
    int[][] cameFrom = new int[steps][classes.length];
    double[] best = new double[classes.length];
    double[] leaving = new double[phones];
    for (int t = 0; t < steps; t++) {
      for (int p = 0; p < phones; p++) {
        int last = first[p + 1] - 1;
        leaving[p] = t == 0 ? NEVER : best[last] + logLeave[last];
      }
      for (int p = 0; p < phones; p++) {
        // from the last state down, so that what is needed of the step before is still there
        for (int s = first[p + 1] - 1; s >= first[p]; s--) {
          double score = t == 0 ? NEVER : best[s] + logStay[s];
          int from = STAYED;
          if (s > first[p]) {
            double moved = t == 0 ? NEVER : best[s - 1] + logLeave[s - 1];
            if (moved > score) {
              score = moved;
              from = s - 1;
            }
          } else if (t == 0) {
            score = scales.language * bigram.logBegin(p) + scales.insertion;
            from = BEGUN;
          } else {
            double[] entering = language[p];
            for (int q = 0; q < phones; q++) {
              double entered = leaving[q] + entering[q];
              if (entered > score) {
                score = entered;
                from = first[q + 1] - 1;
              }
            }
          }
          best[s] = score + emission(logs, t, classes[s], scales.acoustic);
          cameFrom[t][s] = from;
        }
      }
    }
    int end = -1;
    double score = NEVER;
    for (int p = 0; p < phones; p++) {
      int last = first[p + 1] - 1;
      double ended = best[last] + logLeave[last] + scales.language * bigram.logEnd(p);
      if (ended > score) {
        score = ended;
        end = last;
      }
    }
    return end < 0 ? List.of() : path(cameFrom, end);
  }

  private double emission(double[] logs, int step, int c, double acoustic) {
    // a class that was never said has no likelihood, whatever the network says
    return logPriors[c] == NEVER ? NEVER : acoustic * (logs[step * classCount + c] - logPriors[c]);
  }

  private List<Spoken> path(int[][] cameFrom, int end) {
    var backwards = new ArrayList<Spoken>();
    int state = end;
    int until = cameFrom.length;
    for (int t = cameFrom.length - 1; t >= 0; t--) {
      int from = cameFrom[t][state];
      if (from == STAYED) {
        continue;
      }
      int phone = phoneOf(state);
      if (state == first[phone]) {
        backwards.add(new Spoken(phone, t, until));
        until = t;
      }
      state = from;
    }
    return List.copyOf(backwards.reversed());
  }

  private int phoneOf(int state) {
    int place = Arrays.binarySearch(first, state);
    return place >= 0 ? place : -place - 2;
  }
}
