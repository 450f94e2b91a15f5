package rheobase.network.ctc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rheobase.network.NetworkException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** CTC against PyTorch in double precision ({@code ctc.py}), and against its own differences. */
class CtcLossTest {
  private static final JsonNode GIVEN = read();

  private static JsonNode read() {
    try (var stream = CtcLossTest.class.getResourceAsStream("/ctc/ctc.json")) {
      return JsonMapper.shared().readTree(stream.readAllBytes());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static float[] floats(JsonNode array) {
    float[] floats = new float[array.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) array.get(i).asDouble();
    }
    return floats;
  }

  private static int[] labels(JsonNode given) {
    return given.get("labels").valueStream().mapToInt(JsonNode::asInt).toArray();
  }

  private static float[] logits(int steps, int classes, long seed) {
    var random = new Random(seed);
    float[] logits = new float[steps * classes];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) random.nextGaussian();
    }
    return logits;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain",
        "repeats",
        "just_long_enough",
        "one_step",
        "two_classes",
        "no_labels",
        "no_labels_one_step",
        "large",
        "long"
      })
  void lossAndGradientAreThoseOfPyTorch(String name) {
    JsonNode given = GIVEN.get(name);
    float[] logits = floats(given.get("logits"));
    int steps = given.get("steps").asInt();
    float[] gradient = new float[logits.length];
    var ctc = new CtcLoss(given.get("classes").asInt());
    // once with others before, so that the buffers hold what they left behind
    float[] others = logits(100, given.get("classes").asInt(), 3);
    ctc.of("before", others, 0, 100, new int[9], 1, others);
    double loss = ctc.of(name, logits, 0, steps, labels(given), 1, gradient);
    assertThat(loss).isCloseTo(given.get("loss").asDouble(), withinPercentage(1e-10));
    for (int i = 0; i < gradient.length; i++) {
      assertThat((double) gradient[i])
          .as("gradient %d", i)
          .isCloseTo(given.get("gradient").get(i).asDouble(), within(1e-7));
    }
    assertThat(ctc.of(name, logits, 0, steps, labels(given), 1, null)).isEqualTo(loss);
  }

  @Test
  void gradientIsThatOfDifferences() {
    int steps = 12;
    int[] labels = {0, 3, 3, 1, 0, 0};
    float[] logits = logits(steps, 5, 1);
    float[] gradient = new float[logits.length];
    var ctc = new CtcLoss(5);
    ctc.of("s", logits, 0, steps, labels, 0.5, gradient);
    for (int i = 0; i < logits.length; i++) {
      float before = logits[i];
      float above = before + 1e-3f;
      float below = before - 1e-3f;
      logits[i] = above;
      double more = ctc.of("s", logits, 0, steps, labels, 1, null);
      logits[i] = below;
      double less = ctc.of("s", logits, 0, steps, labels, 1, null);
      logits[i] = before;
      double slope = (more - less) / ((double) above - below);
      assertThat((double) gradient[i]).isCloseTo(0.5 * slope, within(1e-6));
    }
  }

  @Test
  void lossIsThatOfAllPathsThatReadAsTheLabels() {
    int steps = 6;
    float[] logits = logits(steps, 3, 7);
    int[] labels = {0, 0, 1};
    double[] logs = new double[steps * 3];
    LogSoftmax.of(logits, 0, steps, 3, logs);
    double sum = 0;
    for (int number = 0; number < 729; number++) {
      int[] path = new int[steps];
      double log = 0;
      int rest = number;
      for (int t = 0; t < steps; t++) {
        path[t] = rest % 3;
        rest /= 3;
        log += logs[t * 3 + path[t]];
      }
      sum += Arrays.equals(read(path), labels) ? Math.exp(log) : 0;
    }
    assertThat(new CtcLoss(3).of("s", logits, 0, steps, labels, 1, null))
        .isCloseTo(-Math.log(sum), within(1e-12));
  }

  private static int[] read(int[] path) {
    return IntStream.range(0, path.length)
        .filter(t -> path[t] != 2 && (t == 0 || path[t] != path[t - 1]))
        .map(t -> path[t])
        .toArray();
  }

  @Test
  void gradientMayTakeThePlaceOfTheLogitsAndNothingElse() {
    float[] logits = logits(9, 4, 5);
    float[] gradient = new float[logits.length];
    var ctc = new CtcLoss(4);
    ctc.of("s", logits, 8, 5, new int[] {1, 1}, 1, gradient);
    float[] before = logits.clone();
    ctc.of("s", logits, 8, 5, new int[] {1, 1}, 1, logits);
    for (int i = 0; i < logits.length; i++) {
      assertThat(logits[i]).isEqualTo(i < 8 || i >= 28 ? before[i] : gradient[i]);
    }
  }

  @Test
  void sequenceTooShortForItsLabelsIsNamed() {
    assertThat(CtcLoss.leastSteps(new int[] {4, 4, 4, 1})).isEqualTo(6);
    assertThatThrownBy(() ->
            new CtcLoss(6).of("speaker3/7", new float[30], 0, 5, new int[] {4, 4, 4, 1}, 1, null))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining("'speaker3/7' has 5 steps")
        .hasMessageContaining("needs 6 of them")
        .hasMessageContaining("each of 2 pairs of the same label");
    assertThatThrownBy(() -> CtcLoss.check("short", 1, new int[] {0, 1}))
        .hasMessageContaining("'short' has 1 steps that count, but CTC needs 2")
        .hasMessageNotContaining("pairs");
  }

  @Test
  void logitThatIsNoNumberMakesALossThatIsNone() {
    float[] logits = logits(4, 3, 2);
    logits[5] = Float.NaN;
    assertThat(new CtcLoss(3).of("s", logits, 0, 4, new int[] {1}, 1, new float[12])).isNaN();
  }
}
