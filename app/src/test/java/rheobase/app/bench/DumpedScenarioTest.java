package rheobase.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rheobase.network.LossSpec;
import rheobase.network.NetworkException;
import rheobase.network.Readout;

class DumpedScenarioTest {
  private static final ScenarioShape SMALL =
      new ScenarioShape(
          "small",
          "small",
          "alif",
          2,
          3,
          2,
          List.of(2),
          3,
          ScenarioShape.Input.HEARTBEATS,
          0,
          1,
          2);

  @TempDir Path folder;

  private Scenario read() {
    return new DumpedScenario(folder, SMALL).read();
  }

  /** Three steps of two sequences with two channels, two neurons, three classes. */
  @BeforeEach
  void writeScenario() throws IOException {
    floats("x", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    integers("y", 0, 1, 2, 0, 1, 2);
    floats("layer0.W_in", 1, 2, 3, 4);
    floats("layer0.b_in", 5, 6);
    floats("layer0.R", 7, 8, 9, 10);
    floats("layer0.b_rec", 11, 12);
    floats("layer0.tau_m", 20, 21);
    floats("layer0.tau_adp", 150, 151);
    floats("readout.W_o", 1, 2, 3, 4, 5, 6);
    floats("readout.b_o", 7, 8, 9);
    floats("readout.tau_o", 10, 11, 12);
    Files.writeString(
        folder.resolve("small.index.json"),
        """
        {"scenario": "small", "B": 2, "T": 3, "nin": 2, "hid": [2], "out": 3, "loss": "perstep",
         "skip": 10, "beta": 1.8, "b0": 0.01,
         "arrays": {
          "x": {"shape": [3, 2, 2], "dtype": "<f4"}, "y": {"shape": [3, 2], "dtype": "<i4"},
          "layer0.W_in": {"shape": [2, 2], "dtype": "<f4"},
          "layer0.b_in": {"shape": [2], "dtype": "<f4"},
          "layer0.R": {"shape": [2, 2], "dtype": "<f4"},
          "layer0.b_rec": {"shape": [2], "dtype": "<f4"},
          "layer0.tau_m": {"shape": [2], "dtype": "<f4"},
          "layer0.tau_adp": {"shape": [2], "dtype": "<f4"},
          "readout.W_o": {"shape": [3, 2], "dtype": "<f4"},
          "readout.b_o": {"shape": [3], "dtype": "<f4"},
          "readout.tau_o": {"shape": [3], "dtype": "<f4"}},
         "f32": {"loss": 1.5, "rates": [0.25], "grad_l2": {"layer0.R": 2.0}},
         "f64": {"loss": 1.0, "rates": [0.5], "grad_l2": {"layer0.R": 2.5}}}
        """);
  }

  @Test
  void sequencesAreTakenOutOfTheTimeMajorBatch() throws IOException {
    var sequences = read().data().sequences();
    assertThat(sequences).hasSize(2);
    assertThat(sequences.get(0).values()).containsExactly(1, 2, 5, 6, 9, 10);
    assertThat(sequences.get(1).values()).containsExactly(3, 4, 7, 8, 11, 12);
    assertThat(sequences.get(1).targets()).containsExactly(1, 0, 2);
  }

  @Test
  void everyParameterOfTheNetworkHasThePeersValue() throws IOException {
    Scenario scenario = read();
    var parameters = scenario.network().parameters();
    assertThat(parameters.tensors())
        .allSatisfy(tensor -> assertThat(scenario.tensors()).containsKey(tensor.name()));
    assertThat(parameters.get("layer0.weight_in")).containsExactly(1, 2, 3, 4);
    assertThat(parameters.get("layer0.weight_rec")).containsExactly(7, 8, 9, 10);
    assertThat(parameters.get("layer0.bias_rec")).containsExactly(11, 12);
    assertThat(parameters.get("layer0.tau_adp")).containsExactly(150, 151);
    assertThat(parameters.get("readout.weight_in")).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(parameters.get("readout.tau")).containsExactly(10, 11, 12);
  }

  @Test
  void aLossPerStepIsAveragedOverTheStepsThatCount() throws IOException {
    var network = read().network().spec();
    assertThat(network.readout()).isEqualTo(Readout.EACH_STEP);
    assertThat(network.loss())
        .isEqualTo(new LossSpec(LossSpec.Kind.CROSS_ENTROPY, 10, LossSpec.Reduction.MEAN));
  }

  @Test
  void whatThePeerComputedIsReadInBothPrecisions() {
    var reference = read().reference().orElseThrow();
    assertThat(reference.single())
        .isEqualTo(new FirstStep(1.5, List.of(0.25), Map.of("layer0.R", 2.0)));
    assertThat(reference.exact())
        .isEqualTo(new FirstStep(1, List.of(0.5), Map.of("layer0.R", 2.5)));
  }

  @Test
  void aFileOfTheWrongLengthIsNamed() throws IOException {
    floats("layer0.R", 7, 8, 9);
    assertThatThrownBy(this::read)
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining("small.layer0.R.bin has 12 bytes")
        .hasMessageContaining("needs 16");
  }

  @Test
  void aMissingFileIsNamed() throws IOException {
    Files.delete(folder.resolve("small.y.bin"));
    assertThatThrownBy(this::read)
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining("small.y.bin does not exist");
  }

  @Test
  void aDumpOfAnotherShapeIsRefused() throws IOException {
    Path index = folder.resolve("small.index.json");
    Files.writeString(index, Files.readString(index).replace("\"T\": 3", "\"T\": 4"));
    assertThatThrownBy(this::read)
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining("[2, 4, 2, 3]")
        .hasMessageContaining("instead of [2, 3, 2, 3]");
  }

  @Test
  void theToleranceFollowsWhatFlippedSpikesDoToThePeer() {
    var exact = new FirstStep(1, List.of(0.1), Map.of("w", 2.0));
    var close = new FirstStep(1, List.of(0.1), Map.of("w", 2.0));
    var flipped = new FirstStep(1, List.of(0.1), Map.of("w", 2.002));
    var ours = new FirstStep(1, List.of(0.1), Map.of("w", 2.01));
    assertThat(FirstStep.tolerance(ours.against(close, exact))).isEqualTo(1e-4);
    assertThat(FirstStep.tolerance(ours.against(flipped, exact))).isCloseTo(1e-2, offset(1e-9));
    assertThat(ours.against(flipped, exact).getLast().relative()).isCloseTo(5e-3, offset(1e-9));
  }

  private void floats(String array, float... values) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    Files.write(folder.resolve("small." + array + ".bin"), bytes.array());
  }

  private void integers(String array, int... values) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(values);
    Files.write(folder.resolve("small." + array + ".bin"), bytes.array());
  }
}
