package rheobase.network.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import rheobase.cell.graph.Surrogate;
import rheobase.network.LayerSpec;
import rheobase.network.LossSpec;
import rheobase.network.NetworkSpec;
import rheobase.network.RangePolicy;
import rheobase.network.Readout;
import rheobase.network.optimize.OptimizerSpec;
import rheobase.network.optimize.Schedule;
import rheobase.network.parameter.Initializer;

class FingerprintTest {
  private static Fingerprint fingerprint(
      int epochs, String cell, Map<String, Double> rates, Schedule schedule) {
    var layer =
        new LayerSpec(
            "hidden",
            cell,
            5,
            false,
            Map.of("a", 1.0, "b", 2.0, "c", 3.0),
            Map.of(),
            Map.of(),
            Surrogate.DEFAULT,
            new Initializer.Xavier(),
            null,
            null,
            null,
            null);
    var network =
        new NetworkSpec(
            2,
            List.of(layer),
            Readout.MEAN,
            new LossSpec(LossSpec.Kind.CROSS_ENTROPY, 0, LossSpec.Reduction.SUM));
    var training =
        new TrainingSpec(
            epochs,
            64,
            16,
            new OptimizerSpec.Adam(0.01),
            rates,
            schedule,
            0,
            1L << 62,
            SelectOn.VALIDATION,
            0,
            0,
            Curriculum.NONE,
            RangePolicy.BATCH,
            Sampling.SHUFFLED,
            0);
    return Fingerprint.of(network, training);
  }

  private static Fingerprint example() {
    return fingerprint(
        400, "cell lif", Map.of("tau_m", 3.0, "tau_adp", 2.0), new Schedule.Step(100, 0.5));
  }

  @Test
  void equalExperimentsHaveEqualFingerprints() {
    assertThat(example()).isEqualTo(example());
    assertThat(example().sha256()).isEqualTo(example().sha256()).hasSize(64);
    assertThat(example().changeTo(example())).isEmpty();
  }

  @Test
  void theFirstChangeIsNamedWithBothValues() {
    var epochs =
        fingerprint(
            200, "cell lif", Map.of("tau_m", 3.0, "tau_adp", 2.0), new Schedule.Step(100, 0.5));
    assertThat(example().changeTo(epochs)).contains("training.epochs was 400 and is now 200");
    assertThat(example().sha256()).isNotEqualTo(epochs.sha256());

    var cell =
        fingerprint(
            400,
            "cell alif" + " ".repeat(200),
            Map.of("tau_m", 3.0, "tau_adp", 2.0),
            new Schedule.Step(100, 0.5));
    assertThat(example().changeTo(cell).orElseThrow())
        .startsWith("network.layers[0].cell was \"cell lif\" and is now \"cell alif ")
        .endsWith("...");

    var rates = fingerprint(400, "cell lif", Map.of("tau_m", 3.0), new Schedule.Step(100, 0.5));
    assertThat(example().changeTo(rates))
        .contains("training.rates.tau_adp was 2.0 and is now not set");

    var schedule =
        fingerprint(400, "cell lif", Map.of("tau_m", 3.0, "tau_adp", 2.0), new Schedule.Constant());
    assertThat(example().changeTo(schedule))
        .contains("training.schedule.kind was \"step\" and is now \"constant\"");
  }
}
