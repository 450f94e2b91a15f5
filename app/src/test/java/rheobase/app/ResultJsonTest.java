package rheobase.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import rheobase.network.Score;
import tools.jackson.databind.node.ObjectNode;

class ResultJsonTest {

  private static ObjectNode run(long seed, double accuracy, Score validation) {
    return ResultJson.run(
        "ecg",
        seed,
        400,
        1818,
        new Score(0.84, 0.85, 500, new long[0][0]),
        validation,
        new Score(accuracy, 0.86, 450, new long[0][0]),
        List.of(0.35, Double.NaN),
        0.4,
        "runs/a/model.rheo",
        "abc",
        "runs/a/report.html");
  }

  @Test
  void oneRunIsOneObjectWithTheseKeys() {
    assertThat(ResultJson.text(run(3, 0.85, null)))
        .isEqualTo(
            "{\"experiment\":\"ecg\",\"seed\":3,\"epochs\":400,\"parameters\":1818,"
                + "\"train\":{\"accuracy\":0.84,\"loss\":500.0},\"validation\":null,"
                + "\"test\":{\"accuracy\":0.85,\"accuracyLabelled\":0.86,\"loss\":450.0},"
                + "\"firingRates\":[0.35,null],\"secondsPerEpoch\":0.4,\"model\":\"runs/a/model.rheo\","
                + "\"weightsSha256\":\"abc\",\"report\":\"runs/a/report.html\"}");
  }

  @Test
  void severalRunsHaveMeanAndSampleStandardDeviation() {
    var result =
        ResultJson.runs(List.of(run(1, 0.84, null), run(2, 0.86, null), run(3, 0.88, null)));
    assertThat(result.get("runs").size()).isEqualTo(3);
    assertThat(result.get("mean").get("test").get("accuracy").asDouble()).isEqualTo(0.86);
    assertThat(result.get("sd").get("test").get("accuracy").asDouble())
        .isBetween(0.0199999, 0.0200001);
    assertThat(result.get("mean").get("validation").isNull()).isTrue();
    assertThat(result.get("mean").get("firingRates").get(0).asDouble()).isEqualTo(0.35);
    assertThat(result.get("mean").get("firingRates").get(1).isNull()).isTrue();
    assertThat(result.get("mean").has("seed")).isFalse();
  }

  @Test
  void oneSeedHasNoStandardDeviation() {
    var result = ResultJson.runs(List.of(run(1, 0.84, null)));
    assertThat(result.get("mean").get("test").get("accuracy").asDouble()).isEqualTo(0.84);
    assertThat(result.get("sd").get("test").get("accuracy").isNull()).isTrue();
  }

  @Test
  void whatIsNoNumberIsNull() {
    var text =
        ResultJson.text(
            run(1, Double.NaN, new Score(1, 1, Double.POSITIVE_INFINITY, new long[0][0])));
    assertThat(text).doesNotContain("NaN").doesNotContain("Infinity");
    assertThat(ResultJson.text(ResultJson.read(text))).isEqualTo(text);
  }
}
