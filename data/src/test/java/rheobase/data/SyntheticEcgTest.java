package rheobase.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SyntheticEcgTest {
  private static final SequenceSet TRAIN = SyntheticEcg.generate("train", 60, 1);
  private static final SequenceSet TEST = SyntheticEcg.generate("test", 24, 1);

  /**
   * The bits promised to be the same on every machine. A change here makes old results
   * unrepeatable.
   */
  @Test
  void theBitsAreTheSameEverywhere() {
    assertThat(SyntheticEcg.generate("train", 3, 42).sha256())
        .isEqualTo("47c1863ddaf8c73978ae2a6a0a03435c2c8cf1bb0d5b6310fb1be7d19af53f44");
  }

  @Test
  void aSmallerSetIsTheBeginningOfALargerOne() {
    final SequenceSet few = SyntheticEcg.generate("train", 8, 1);
    for (int i = 0; i < few.size(); i++) {
      assertThat(few.sequences().get(i).values()).isEqualTo(TRAIN.sequences().get(i).values());
      assertThat(few.sequences().get(i).targets()).isEqualTo(TRAIN.sequences().get(i).targets());
    }
  }

  @Test
  void seedAndNameChangeThePatients() {
    final float[] first = TRAIN.sequences().getFirst().values();
    assertThat(SyntheticEcg.generate("train", 1, 2).sequences().getFirst().values())
        .isNotEqualTo(first);
    assertThat(TEST.sequences().getFirst().values()).isNotEqualTo(first);
    final Set<Double> meanRr = new HashSet<>();
    for (int patient = 0; patient < 10; patient++) {
      meanRr.add(SyntheticEcg.Patient.draw("train", patient, 1).meanRr());
      meanRr.add(SyntheticEcg.Patient.draw("test", patient, 1).meanRr());
    }
    assertThat(meanRr).hasSize(20);
  }

  @Test
  void aPatientIsAGroupOfSixSequences() {
    assertThat(TRAIN.sequences().stream().map(Sequence::group).distinct()).hasSize(10);
    assertThat(new Split(TRAIN, new SequenceSet("none", 4, TRAIN.classes(), List.of()), TEST))
        .isNotNull();
  }

  @Test
  void theClassesFollowEachOtherInEveryBeat() {
    for (Sequence sequence : TRAIN.sequences()) {
      final int[] targets = sequence.targets();
      for (int t = 1; t < targets.length; t++) {
        if (targets[t] != targets[t - 1]) {
          assertThat(targets[t])
              .as("%s, step %d", sequence.id(), t)
              .isEqualTo((targets[t - 1] + 1) % 6);
        }
      }
    }
  }

  /** Shares of the annotated steps and event rates of the published QTDB training file. */
  @Test
  void itResemblesTheRealData() {
    final SequenceSummary summary = SequenceSummary.of(SyntheticEcg.generate("train", 300, 1));
    assertThat(summary.annotatedShares())
        .containsExactly(new double[] {.136, .067, .063, .048, .329, .356}, within(.025));
    assertThat(summary.eventRates())
        .containsExactly(new double[] {.0825, .0676, .0868, .0726}, within(.012));
    assertThat(summary.annotated()).isEqualTo(1);
  }

  /** Also for patients whose heart is fast or slow: no wave runs into the next one. */
  @Test
  void theWavesOfEveryPatientStayInOrder() {
    for (int number = 0; number < 2000; number++) {
      final SyntheticEcg.Patient patient = SyntheticEcg.Patient.draw("order", number, 3);
      final double[] angle = patient.angle();
      final double[] width = patient.width();
      assertThat(
              new double[] {
                angle[0] - 2 * width[0],
                angle[0] + 2 * width[0],
                angle[1] - 2 * width[1],
                0,
                angle[3] + 2 * width[3],
                angle[4] + 2 * width[4],
                angle[0] - 2 * width[0] + 2 * Math.PI
              })
          .isSorted();
    }
  }

  @Test
  void theRPeakOfTheNoiselessSignalLiesWhereQrBecomesRs() {
    for (int number = 0; number < 20; number++) {
      final SyntheticEcg.Patient patient = SyntheticEcg.Patient.draw("peak", number, 1);
      final double[][] leads = new double[2][5000];
      final int[] classes = SyntheticEcg.integrate(patient, "peak", number, 1, leads);
      int beats = 0;
      for (int t = 1020; t < 4980; t++) {
        if (classes[t - 1] == 2 && classes[t] == 3) {
          beats++;
          int peak = t - 15;
          for (int i = t - 15; i <= t + 15; i++) {
            peak = leads[0][i] > leads[0][peak] ? i : peak;
          }
          assertThat(peak).isCloseTo(t, within(2));
          assertThat(leads[0][peak]).isCloseTo(patient.height()[0][2], within(0.35));
        }
      }
      assertThat(beats / (3960.0 / 250)).isCloseTo(1 / patient.meanRr(), within(0.15));
    }
  }

  /**
   * QR rises and RS falls, 19 steps before the label says so: shift by less or more and it fits
   * worse.
   */
  @Test
  void theLabelsAreNineteenStepsBehindTheEvents() {
    final double[] match = new double[40];
    for (Sequence sequence : TRAIN.sequences()) {
      for (int lag = 0; lag < match.length; lag++) {
        for (int t = 100; t < 1300; t++) {
          final int target = sequence.targets()[t];
          final int at = 4 * (t - lag);
          final float rise = sequence.values()[at] - sequence.values()[at + 1];
          match[lag] += target == 2 ? rise : target == 3 ? -rise : 0;
        }
      }
    }
    int best = 0;
    for (int lag = 0; lag < match.length; lag++) {
      best = match[lag] > match[best] ? lag : best;
    }
    assertThat(best).isBetween(18, 20);
  }

  @Test
  void theRrIntervalsVaryAsMuchAsThePatientSays() {
    final SyntheticEcg.Patient patient = SyntheticEcg.Patient.draw("rr", 0, 1);
    final var rr = new SyntheticEcg.RrProcess(patient, RandomStream.of(1, "test"));
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < 2000; i++) {
      final double deviation = rr.at(i * 0.1) - patient.meanRr();
      sum += deviation;
      squares += deviation * deviation;
    }
    assertThat(sum / 2000).isCloseTo(0, within(1e-9));
    assertThat(Math.sqrt(squares / 2000)).isCloseTo(patient.sdRr(), within(1e-9));
  }

  @Test
  void anEmptySetIsRefused() {
    assertThatThrownBy(() -> SyntheticEcg.generate("train", 0, 1))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("at least one");
  }
}
