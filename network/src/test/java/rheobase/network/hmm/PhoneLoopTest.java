package rheobase.network.hmm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import rheobase.data.speech.PhoneStates;
import rheobase.data.text.Bigram;
import rheobase.network.ctc.Greedy.Spoken;

class PhoneLoopTest {
  /** Every way through the states, tried one after the other. */
  private static final class AllPaths {
    private final PhoneStates states;
    private final Bigram bigram;
    private final long[] frames;
    private final double[] logs;
    private final int steps;
    private final PhoneLoop.Scales scales;
    private double best = Double.NEGATIVE_INFINITY;
    private List<Spoken> found = List.of();

    AllPaths(
        PhoneStates states,
        Bigram bigram,
        long[] frames,
        double[] logs,
        int steps,
        PhoneLoop.Scales scales) {
      this.states = states;
      this.bigram = bigram;
      this.frames = frames;
      this.logs = logs;
      this.steps = steps;
      this.scales = scales;
      for (int p = 0; p < states.phones().size(); p++) {
        double begun = scales.language() * bigram.logBegin(p) + scales.insertion();
        go(0, p, 0, begun, List.of(), 0);
      }
    }

    private double stay(int phone, int state) {
      boolean silent = states.silences().contains(states.phones().get(phone));
      return silent && state < states.classes().get(phone).size() - 1 ? 0.5 : 0.75;
    }

    /** In a state of a phone that began at step {@code since}. */
    private void go(int step, int phone, int state, double score, List<Spoken> before, int since) {
      int c = states.classes().get(phone).get(state);
      long all = 0;
      for (long count : frames) {
        all += count;
      }
      double prior = Math.log((double) frames[c] / all);
      double here = score + scales.acoustic() * (logs[step * frames.length + c] - prior);
      double leave = here + Math.log(1 - stay(phone, state));
      boolean last = state == states.classes().get(phone).size() - 1;
      List<Spoken> with = new ArrayList<>(before);
      with.add(new Spoken(phone, since, step + 1));
      if (step == steps - 1) {
        double end = leave + scales.language() * bigram.logEnd(phone);
        if (last && end > best) {
          best = end;
          found = with;
        }
        return;
      }
      go(step + 1, phone, state, here + Math.log(stay(phone, state)), before, since);
      if (!last) {
        go(step + 1, phone, state + 1, leave, before, since);
        return;
      }
      for (int next = 0; next < states.phones().size(); next++) {
        if (next == phone && bigram.counts()[phone][phone] == 0) {
          continue;
        }
        double entered = scales.language() * bigram.log(phone, next) + scales.insertion();
        go(step + 1, next, 0, leave + entered, with, step + 1);
      }
    }
  }

  private static double[] logs(Random random, int steps, int classes) {
    double[] logs = new double[steps * classes];
    for (int t = 0; t < steps; t++) {
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        logs[t * classes + c] = Math.exp(2 * random.nextGaussian());
        sum += logs[t * classes + c];
      }
      for (int c = 0; c < classes; c++) {
        logs[t * classes + c] = Math.log(logs[t * classes + c] / sum);
      }
    }
    return logs;
  }

  @RepeatedTest(60)
  void findsTheBestOfAllPaths(RepetitionInfo repetition) {
    var random = new Random(repetition.getCurrentRepetition());
    int phones = 1 + random.nextInt(3);
    var names = new ArrayList<String>();
    var classes = new ArrayList<List<Integer>>();
    int count = 0;
    for (int p = 0; p < phones; p++) {
      names.add("phone " + p);
      var own = new ArrayList<Integer>();
      for (int s = 1 + random.nextInt(3); s > 0; s--) {
        own.add(count++);
      }
      classes.add(own);
    }
    var states =
        new PhoneStates(names, classes, random.nextBoolean() ? Set.of("phone 0") : Set.of());
    var transcripts = new ArrayList<int[]>();
    for (int i = 0; i < 4; i++) {
      transcripts.add(random.ints(random.nextInt(5), 0, phones).toArray());
    }
    var bigram = Bigram.of(phones, transcripts);
    long[] frames = random.longs(count, 1, 50).toArray();
    int steps = 3 + random.nextInt(4);
    double[] logs = logs(random, steps, count);
    var scales =
        new PhoneLoop.Scales(
            0.1 + random.nextDouble(), 2 * random.nextDouble(), 2 * random.nextDouble() - 1);
    var all = new AllPaths(states, bigram, frames, logs, steps, scales);
    assertThat(new PhoneLoop(states, bigram, frames).decode(logs, steps, scales))
        .isEqualTo(all.found);
  }

  private static final PhoneStates TWO = PhoneStates.single(List.of("a", "b"), Set.of());
  private static final Bigram EVEN = Bigram.of(2, List.of(new int[] {0, 1, 0, 1}));

  private static double[] of(double... probabilities) {
    double[] logs = new double[2 * probabilities.length];
    for (int t = 0; t < probabilities.length; t++) {
      logs[2 * t] = Math.log(probabilities[t]);
      logs[2 * t + 1] = Math.log(1 - probabilities[t]);
    }
    return logs;
  }

  @Test
  void aSingleFrameThatDisagreesIsOverruled() {
    double[] logs = of(0.9, 0.9, 0.4, 0.9, 0.1, 0.1, 0.1);
    assertThat(new PhoneLoop(TWO, EVEN, new long[] {1, 1}).decode(logs, 7, PhoneLoop.Scales.START))
        .containsExactly(new Spoken(0, 0, 4), new Spoken(1, 4, 7));
  }

  @Test
  void whatIsSaidOftenNeedsMoreProof() {
    double[] logs = of(0.7, 0.7, 0.7);
    var scales = new PhoneLoop.Scales(1, 0, 0);
    assertThat(new PhoneLoop(TWO, EVEN, new long[] {50, 50}).decode(logs, 3, scales))
        .containsExactly(new Spoken(0, 0, 3));
    assertThat(new PhoneLoop(TWO, EVEN, new long[] {90, 10}).decode(logs, 3, scales))
        .containsExactly(new Spoken(1, 0, 3));
  }

  @Test
  void aClassThatNobodySaidIsNeverRecognised() {
    double[] logs = of(0.99, 0.99);
    assertThat(new PhoneLoop(TWO, EVEN, new long[] {0, 10}).decode(logs, 2, PhoneLoop.Scales.START))
        .containsExactly(new Spoken(1, 0, 2));
  }

  @Test
  void aPenaltyMakesPhonesFewer() {
    double[] logs = of(0.9, 0.1, 0.9, 0.1);
    var loop = new PhoneLoop(TWO, EVEN, new long[] {1, 1});
    assertThat(loop.decode(logs, 4, new PhoneLoop.Scales(1, 1, 2))).hasSize(4);
    assertThat(loop.decode(logs, 4, new PhoneLoop.Scales(1, 1, -9))).hasSize(1);
  }

  @Test
  void aPhoneFollowsItselfOnlyWhereTranscriptsHaveThat() {
    double[] logs = of(0.9, 0.9, 0.9, 0.9);
    var paid = new PhoneLoop.Scales(1, 1, 6);
    var onlyA = Bigram.of(2, List.of(new int[] {0}, new int[] {0, 1}));
    var twice = Bigram.of(2, List.of(new int[] {0, 0, 0}, new int[] {0, 1}));
    long[] frames = {1, 1};
    assertThat(new PhoneLoop(TWO, onlyA, frames).decode(logs, 4, paid))
        .extracting(Spoken::label)
        .doesNotContainSequence(0, 0)
        .doesNotContainSequence(1, 1);
    assertThat(new PhoneLoop(TWO, twice, frames).decode(logs, 4, paid))
        .extracting(Spoken::label)
        .containsSequence(0, 0);
  }

  @Test
  void lessStepsThanStatesSayNothing() {
    var three = new PhoneStates(List.of("a"), List.of(List.of(0, 1, 2)), Set.of());
    var loop = new PhoneLoop(three, Bigram.of(1, List.of(new int[] {0})), new long[] {1, 1, 1});
    double third = Math.log(1.0 / 3);
    double[] logs = {third, third, third, third, third, third};
    assertThat(loop.decode(logs, 2, PhoneLoop.Scales.START)).isEmpty();
  }
}
