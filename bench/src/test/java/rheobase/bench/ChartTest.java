package rheobase.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ChartTest {
  @Test
  void equalFactorsAreEqualDistances() {
    var chart =
        new Chart(
            "growth",
            "units",
            "ms",
            List.of(10.0, 100.0, 1000.0),
            List.of(new Chart.Series("training", List.of(1.0, 10.0, 100.0))));
    assertThat(chart.svg()).contains("points=\"64.0,340.0 274.0,190.0 484.0,40.0\"");
  }

  @Test
  void aSinglePointStandsInTheMiddle() {
    var series = List.of(new Chart.Series("a < b", List.of(3.0)));
    assertThat(new Chart("threads", "threads", "ms", List.of(1.0), series).svg())
        .contains("cx=\"274.0\"")
        .contains("a &lt; b");
  }

  @Test
  void aSeriesOfAnotherLengthIsNamed() {
    var series = List.of(new Chart.Series("training", List.of(1.0)));
    assertThatThrownBy(() -> new Chart("t", "x", "y", List.of(1.0, 2.0), series))
        .hasMessageContaining("'training' has 1 points over 2 places");
  }
}
