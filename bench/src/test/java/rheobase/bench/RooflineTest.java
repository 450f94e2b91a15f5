package rheobase.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import java.util.List;
import org.junit.jupiter.api.Test;
import rheobase.app.bench.Work;
import rheobase.network.model.Json;
import tools.jackson.databind.JsonNode;

class RooflineTest {
  private static final JsonNode LIMITS =
      Json.parse(
          """
          {"limits": {"threads": 2, "gigaFlops": 400,
            "memory": [{"megabytes": 0.6, "gigaBytes": 200}, {"megabytes": 24, "gigaBytes": 40}],
            "rowAdds": [{"inputs": 9, "units": 9, "gigaAdds": 30},
                        {"inputs": 9, "units": 9, "gigaAdds": 50},
                        {"inputs": 9, "units": 9, "gigaAdds": 60}]}}
          """,
          "limits");

  private static final Roofline.Limits READ = Roofline.Limits.of(LIMITS.get("limits"));

  @Test
  void everyPartRunsAtItsOwnLimit() {
    var bound = Roofline.Bound.of(new Work(1e9, 2e9, 3e9, 0, 0), READ);
    assertThat(bound.events()).isCloseTo(1.0 / 100, withPercentage(1e-9));
    assertThat(bound.products()).isCloseTo(4.0 / 400, withPercentage(1e-9));
    assertThat(bound.neurons()).isCloseTo(6.0 / 400, withPercentage(1e-9));
    assertThat(bound.seconds()).isCloseTo(0.035, withPercentage(1e-9));
    assertThat(bound.most()).isEqualTo("neurons");
  }

  @Test
  void theTapeIsCarriedAtTheRateOfWhatBothThreadsHold() {
    assertThat(Roofline.Bound.of(new Work(0, 0, 0, 1e9, 0.2e6), READ).seconds())
        .isCloseTo(1.0 / 200, withPercentage(1e-9));
    assertThat(Roofline.Bound.of(new Work(0, 0, 0, 1e9, 0.4e6), READ).seconds())
        .isCloseTo(1.0 / 40, withPercentage(1e-9));
    assertThat(Roofline.Bound.of(new Work(0, 0, 0, 1e9, 1e9), READ).most()).isEqualTo("memory");
  }

  @Test
  void onlyWhatCanBeCountedIsInTheTable() {
    JsonNode spiking = measured("B1", 2);
    JsonNode gated = measured("B2-lstm", 2);
    JsonNode otherThreads = measured("B1", 1);
    assertThat(Roofline.table(List.of(spiking, gated, LIMITS, otherThreads)).lines())
        .hasSize(4)
        .anySatisfy(line -> assertThat(line).startsWith("| B1 | 2 | training |"))
        .anySatisfy(
            line -> assertThat(line).startsWith("| B1 | 2 | forward |").contains(" 10.00 ms |"));
  }

  private static JsonNode measured(String scenario, int threads) {
    return Json.parse(
        """
        {"scenario": "%s", "threads": %d, "trainMedianSeconds": 0.03,
         "forwardMedianSeconds": 0.01, "firingRates": [0.1, 0.05]}
        """
            .formatted(scenario, threads),
        "a line");
  }
}
