package rheobase.network.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import rheobase.network.NetworkException;
import rheobase.network.optimize.Schedule.Plateau;
import rheobase.network.optimize.Schedule.State;
import rheobase.network.optimize.Schedule.Watched;

class ScheduleTest {
  static final List<Schedule> ONE_OF_EACH =
      List.of(
          new Schedule.Constant(),
          new Schedule.Step(100, 0.5),
          new Schedule.Milestones(List.of(25, 50, 100), 0.5),
          new Schedule.Cosine(400, 1e-5),
          new Schedule.Linear(300, 1e-4),
          new Plateau(3, 0.2, Watched.TRAIN_ACCURACY),
          new Schedule.Halving(0.4, 0.01, 2, 1e-4));

  static final List<OptimizerSpec> RULES =
      List.of(
          new OptimizerSpec.Adam(0.01, 0.8, 0.99, 1e-5),
          new OptimizerSpec.AdamW(0.01),
          new OptimizerSpec.Sgd(0.1, 0.9));

  @ParameterizedTest
  @FieldSource("ONE_OF_EACH")
  void settingsAreReadBackToAnEqualSchedule(Schedule schedule) {
    assertThat(Schedule.parse(schedule.settings())).isEqualTo(schedule);
  }

  @ParameterizedTest
  @FieldSource("RULES")
  void settingsAreReadBackToAnEqualRule(OptimizerSpec rule) {
    assertThat(OptimizerSpec.parse(rule.settings())).isEqualTo(rule);
  }

  @Test
  void onlyTheRateIsRequiredAndTheRestHasPyTorchsDefaults() {
    assertThat(OptimizerSpec.parse(Map.of("kind", "adam", "rate", 1)))
        .isEqualTo(new OptimizerSpec.Adam(1, 0.9, 0.999, 1e-8));
    assertThat(OptimizerSpec.parse(Map.of("kind", "adamw", "rate", 0.1)))
        .isEqualTo(new OptimizerSpec.AdamW(0.1, 0.9, 0.999, 1e-8, 0.01));
    assertThat(OptimizerSpec.parse(Map.of("kind", "sgd", "rate", 0.1)))
        .isEqualTo(new OptimizerSpec.Sgd(0.1, 0));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "100, 1", "101, 0.5", "200, 0.5", "201, 0.25", "400, 0.125"})
  void stepsHalveTheRateAfterEveryHundredEpochs(int epoch, double share) {
    assertThat(new Schedule.Step(100, 0.5).rate(0.01, epoch, State.START)).isEqualTo(0.01 * share);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "25, 1", "26, 0.5", "50, 0.5", "51, 0.25", "100, 0.25", "101, 0.125"})
  void milestonesHalveTheRateAfterTheirEpochs(int epoch, double share) {
    assertThat(new Schedule.Milestones(List.of(25, 50, 100), 0.5).rate(0.01, epoch, State.START))
        .isEqualTo(0.01 * share);
  }

  @Test
  void milestonesThatDoNotAscendAreRefused() {
    for (var after : List.of(List.of(50, 25), List.of(25, 25), List.of(0), List.of(2.5), 25)) {
      assertThatThrownBy(
              () -> Schedule.parse(Map.of("kind", "milestones", "after", after, "factor", 0.5)))
          .isInstanceOf(NetworkException.class)
          .hasMessageContaining("'after' of the schedule")
          .hasMessageContaining(after.toString());
    }
    assertThatThrownBy(() -> Schedule.parse(Map.of("kind", "milestones", "factor", 0.5)))
        .hasMessageContaining("the schedule 'milestones' needs 'after', a list of numbers");
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "51, 0.55", "101, 0.1", "500, 0.1"})
  void theCosineFallsToItsFloorAndStaysThere(int epoch, double rate) {
    assertThat(new Schedule.Cosine(100, 0.1).rate(1, epoch, State.START))
        .isCloseTo(rate, within(1e-12));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 0.991", "51, 0.55", "100, 0.109", "101, 0.1", "500, 0.1"})
  void theLineFallsToItsFloorAndStaysThere(int epoch, double rate) {
    assertThat(new Schedule.Linear(100, 0.1).rate(1, epoch, State.START))
        .isCloseTo(rate, within(1e-12));
  }

  @Test
  void aPlateauIsWaitedOutAndThenTheRateFalls() {
    var plateau = new Plateau(2, 0.5, Watched.VALIDATION_LOSS);
    var state = State.START;
    double[] losses = {1, 0.9, 0.95, 0.9, 0.91, 0.92, 0.93, 0.94, 0.1};
    double[] scales = {1, 1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25};
    for (int i = 0; i < losses.length; i++) {
      double loss = losses[i];
      state =
          plateau.after(state, watched -> watched == Watched.VALIDATION_LOSS ? loss : Double.NaN);
      assertThat(plateau.rate(2, i + 2, state))
          .as("after epoch %d", i + 1)
          .isEqualTo(2 * scales[i]);
    }
    assertThat(state).isEqualTo(new State(0.25, 0.1, 0));
  }

  @Test
  void ofAnAccuracyMoreIsBetter() {
    var plateau = new Plateau(0, 0.5, Watched.TRAIN_ACCURACY);
    var state = plateau.after(State.START, _ -> 0.5);
    assertThat(plateau.after(state, _ -> 0.6).scale()).isEqualTo(1);
    assertThat(plateau.after(state, _ -> 0.4).scale()).isEqualTo(0.5);
  }

  /** PyTorch-Kaldi's rule, worked out by hand: two poor epochs in a row, and the error of 0.4. */
  @Test
  void halvingLooksAtTheEpochBeforeAndWaitsForTwoPoorOnesInARow() {
    var halving = new Schedule.Halving(0.5, 0.005, 1, 0.0002);
    double[] errors = {0.5, 0.499, 0.4, 0.41, 0.409, 0.3995, 0.399, 0.399, 0.3, 0.31, 0.32};
    double[] scales = {1, 1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125};
    var state = State.START;
    for (int epoch = 0; epoch < errors.length; epoch++) {
      double error = errors[epoch];
      state = halving.after(state, _ -> 1 - error);
      assertThat(state.scale()).as("after error " + epoch).isEqualTo(scales[epoch]);
    }
    assertThat(halving.rate(0.001, 12, state)).as("the floor").isEqualTo(0.0002);
    assertThat(halving.rate(0.004, 12, state)).isEqualTo(0.0005);
    assertThat(halving.rate(0.0001, 12, state))
        .as("below the floor from the start")
        .isEqualTo(1e-4);
  }

  @Test
  void halvingNeedsAValidationSet() {
    var halving = new Schedule.Halving(0.5, 0.005, 1, 0);
    assertThatThrownBy(() -> halving.after(State.START, _ -> Double.NaN))
        .isInstanceOf(NetworkException.class)
        .hasMessage(
            "the schedule 'halving' watches validation_accuracy, which this run does not have; give"
                + " the run a validation set");
  }

  @Test
  void watchingAScoreThatDoesNotExistIsAnError() {
    var plateau = new Plateau(0, 0.5, Watched.VALIDATION_LOSS);
    assertThatThrownBy(() -> plateau.after(State.START, _ -> Double.NaN))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining("watches validation_loss, which this run does not have");
  }

  @Test
  void otherSchedulesLookAtNoScore() {
    var state = new Schedule.Constant().after(State.START, _ -> Double.NaN);
    assertThat(state).isEqualTo(State.START);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "stepp    | every  | 1   | did you mean 'step'?",
        "step     | evry   | 1   | has no setting 'evry'; did you mean 'every'?",
        "step     | every  | 1.5 | 'every' of the schedule is 1.5; it must be a whole number",
        "step     | every  | 0   | needs the number 'factor'",
        "constant | factor | 1   | it takes none",
        "cosine   | epochs | 0   | it must be at least 1",
        "linear   | epochs | 0   | 'epochs' of the schedule 'linear' is 0; it must be at least 1",
        "linear   | every  | 1   | has no setting 'every'",
        "plateau  | factor | -1  | it must be positive",
        "plateau  | factor | NaN | it must be a finite number",
        "halving  | floor  | -1  | 'floor' of the schedule 'halving' is -1.0",
        "halving  | patience | -1 | 'patience' of the schedule 'halving' is -1",
        "halving  | improvement | 1 | it is a share of the error, zero or more and below 1",
      })
  void mistakesInAScheduleAreNamed(String kind, String key, double value, String hint) {
    assertThatThrownBy(() -> Schedule.parse(Map.of("kind", kind, key, value)))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining(hint);
  }

  @Test
  void mistakesInWordsAreNamed() {
    assertThatThrownBy(() -> Schedule.parse(Map.of("kind", "plateau", "watched", "train_los")))
        .hasMessageContaining("did you mean 'train_loss'?");
    assertThatThrownBy(() -> Schedule.parse(Map.of("kind", "plateau", "watched", 3)))
        .hasMessageContaining("'watched' of the schedule is 3; it must be a text");
    assertThatThrownBy(() -> Schedule.parse(Map.of("every", 3)))
        .hasMessageContaining(
            "needs a 'kind': one of constant, step, milestones, cosine, linear, plateau, halving");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "adam | beta1        | 1   | it must be at least 0 and below 1",
        "adam | weight_decay | 0.1 | the optimizer 'adam' has no setting 'weight_decay'",
        "sgd  | momentun     | 0.1 | did you mean 'momentum'?",
        "adm  | beta1        | 0.9 | did you mean 'adam'?",
        "adam | rate         | 0   | it must be positive",
      })
  void mistakesInAnOptimizerAreNamed(String kind, String key, double value, String hint) {
    var settings = new HashMap<String, Object>(Map.of("kind", kind, "rate", 0.1));
    settings.put(key, value);
    assertThatThrownBy(() -> OptimizerSpec.parse(settings))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining(hint);
  }
}
