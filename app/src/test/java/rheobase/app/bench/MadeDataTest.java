package rheobase.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rheobase.data.SequenceSet;

class MadeDataTest {
  private static double activity(SequenceSet data) {
    long active = 0;
    long places = 0;
    for (var sequence : data.sequences()) {
      for (float value : sequence.values()) {
        active += value == 0 ? 0 : 1;
        places++;
      }
    }
    return (double) active / places;
  }

  /** Activities of the peers' data; synthetic heartbeats are somewhat busier than recorded ones. */
  @ParameterizedTest
  @CsvSource({
    "B1, 64, 100, 700, 0.0299, 0.002",
    "C, 256, 784, 1, 0.1656, 0.02",
    "A, 64, 1301, 4, 0.0635, 0.02"
  })
  void dataAreAsLargeAndAsActiveAsThePeers(
      String name, int sequences, int steps, int channels, double activity, double tolerance) {
    SequenceSet data = MadeData.of(ScenarioShape.named(name).orElseThrow());
    assertThat(data.size()).isEqualTo(sequences);
    assertThat(data.channels()).isEqualTo(channels);
    assertThat(data.sequences()).allSatisfy(each -> assertThat(each.steps()).isEqualTo(steps));
    assertThat(activity(data)).isCloseTo(activity, offset(tolerance));
  }

  @Test
  void everyScenarioFitsItsNetwork() {
    for (String name : ScenarioShape.names()) {
      if (name.matches("tiny|A|B1|.*-.*")) {
        Scenario scenario = Scenario.of(ScenarioShape.named(name).orElseThrow(), null);
        scenario.network().check(scenario.data());
        assertThat(scenario.tensors().keySet())
            .as(name)
            .containsExactlyInAnyOrderElementsOf(
                scenario.network().parameters().tensors().stream()
                    .map(tensor -> tensor.name())
                    .toList());
      }
    }
  }
}
