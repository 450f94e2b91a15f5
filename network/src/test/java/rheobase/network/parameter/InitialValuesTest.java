package rheobase.network.parameter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rheobase.data.RandomStream;
import rheobase.network.NetworkException;

class InitialValuesTest {
  private static RandomStream random() {
    return RandomStream.of(7, "initial values");
  }

  @ParameterizedTest
  @CsvSource({"1,1", "5,5", "36,36", "300,300", "64,20", "20,64", "1,9", "9,1"})
  void orthogonalMatricesHaveOrthonormalRowsOrColumns(int to, int from) {
    var matrix = OrthogonalMatrix.draw(to, from, random());
    boolean rows = to <= from;
    int vectors = Math.min(to, from);
    for (int i = 0; i < vectors; i++) {
      for (int j = 0; j < vectors; j++) {
        double product = 0;
        for (int k = 0; k < Math.max(to, from); k++) {
          product += rows ? matrix[i][k] * matrix[j][k] : matrix[k][i] * matrix[k][j];
        }
        assertThat(product).isCloseTo(i == j ? 1 : 0, within(1e-14));
      }
    }
  }

  @Test
  void theSignsOfAnOrthogonalMatrixAreRandom() {
    int positive = 0;
    for (int seed = 0; seed < 200; seed++) {
      var matrix = OrthogonalMatrix.draw(2, 2, RandomStream.of(seed, "signs"));
      positive += matrix[0][0] * matrix[1][1] - matrix[0][1] * matrix[1][0] > 0 ? 1 : 0;
    }
    assertThat(positive).isBetween(70, 130);
  }

  @Test
  void eachGateOfAnOrthogonalTensorIsOrthogonalByItself() {
    var builder = Parameters.builder();
    var tensor = builder.matrix("lstm.recurrent", "recurrent", 4, 5, 5);
    var parameters = builder.build();
    InitialValues.weights(parameters, tensor, new Initializer.Orthogonal(2), random());
    var saved = parameters.get("lstm.recurrent");
    for (int gate = 0; gate < 4; gate++) {
      for (int i = 0; i < 5; i++) {
        for (int j = 0; j < 5; j++) {
          double product = 0;
          for (int k = 0; k < 5; k++) {
            product += saved[(gate * 5 + i) * 5 + k] * saved[(gate * 5 + j) * 5 + k];
          }
          assertThat(product).isCloseTo(i == j ? 4 : 0, within(1e-5));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "xavier,             0.24494897", // sqrt(6 / (80 + 20))
    "kaiming,            0.54772256", // sqrt(2) * sqrt(3 / 20)
    "kaiming(1),         0.38729833",
    "uniform_fan_in,     0.22360680" // 1 / sqrt(20)
  })
  void uniformWeightsFillTheRangeOfTheirFans(String initializer, float bound) {
    var values = InitialValues.matrix(Initializer.parse(initializer), 80, 20, random());
    float largest = 0;
    double sum = 0;
    double squares = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
      sum += value;
      squares += value * value;
    }
    assertThat(largest).isLessThanOrEqualTo(bound).isGreaterThan(0.99f * bound);
    assertThat(sum / values.length).isCloseTo(0, within(0.05 * bound));
    assertThat(squares / values.length).isCloseTo(bound * bound / 3, within(0.05 * bound * bound));
  }

  @ParameterizedTest
  @CsvSource({
    "xavier_normal,     0.14142136", // sqrt(2 / (80 + 20))
    "kaiming_normal,    0.31622777", // sqrt(2) / sqrt(20)
    "kaiming_normal(1), 0.22360680"
  })
  void gaussianWeightsHaveTheDeviationOfTheirFans(String initializer, double deviation) {
    var values = InitialValues.matrix(Initializer.parse(initializer), 80, 20, random());
    double sum = 0;
    double squares = 0;
    double largest = 0;
    for (float value : values) {
      sum += value;
      squares += value * value;
      largest = Math.max(largest, Math.abs(value));
    }
    assertThat(sum / values.length).isCloseTo(0, within(0.1 * deviation));
    assertThat(Math.sqrt(squares / values.length)).isCloseTo(deviation, within(0.05 * deviation));
    assertThat(largest).as("no uniform draw").isGreaterThan(2 * deviation);
  }

  @Test
  void fansAreThoseOfOneGate() {
    var builder = Parameters.builder();
    var gates = builder.matrix("gates", "input", 4, 30, 6);
    var parameters = builder.build();
    InitialValues.weights(parameters, gates, new Initializer.Xavier(), random());
    float largest = 0;
    for (float value : parameters.values()) {
      largest = Math.max(largest, Math.abs(value));
    }
    // With the fan out of all four gates the bound would be sqrt(6 / 126) = 0.218.
    assertThat(largest).isBetween(0.38f, (float) Math.sqrt(6.0 / 36));
  }

  @Test
  void gaussianParametersHaveTheirMeanAndDeviation() {
    var values = InitialValues.matrix(new Initializer.Normal(20, 5), 100, 100, random());
    double mean = 0;
    for (float value : values) {
      mean += value / values.length;
    }
    double variance = 0;
    for (float value : values) {
      variance += (value - mean) * (value - mean) / values.length;
    }
    assertThat(mean).isCloseTo(20, within(0.2));
    assertThat(Math.sqrt(variance)).isCloseTo(5, within(0.15));
  }

  @Test
  void theBiasOfUniformFanInTakesTheFanOfItsWeights() {
    var builder = Parameters.builder();
    var bias = builder.vector("bias", "bias", 500);
    var parameters = builder.build();
    InitialValues.vector(parameters, bias, new Initializer.UniformFanIn(), 100, random());
    float largest = 0;
    for (float value : parameters.get("bias")) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertThat(largest).isBetween(0.099f, 0.1f);
  }

  @Test
  void aVectorCannotBeOrthogonal() {
    var builder = Parameters.builder();
    var bias = builder.vector("hidden.bias", "bias", 5);
    var parameters = builder.build();
    assertThatThrownBy(() ->
            InitialValues.vector(parameters, bias, new Initializer.Orthogonal(1), 5, random()))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining("'hidden.bias' is a vector");
  }

  @Test
  void paddingStaysZero() {
    var builder = Parameters.builder();
    var gates = builder.matrix("gates", "input", 2, 3, 2);
    var parameters = builder.build();
    InitialValues.weights(parameters, gates, new Initializer.Constant(1), random());
    int first = gates.offset();
    assertThat(parameters.values()).hasSize(first + 2 * 32);
    for (int i = 0; i < parameters.values().length; i++) {
      boolean holds = i >= first && (i - first) % 16 < 3;
      assertThat(parameters.values()[i]).isEqualTo(holds ? 1 : 0);
    }
  }

  @Test
  void theSameStreamGivesTheSameValues() {
    var once = InitialValues.matrix(new Initializer.Orthogonal(1), 36, 36, random());
    var again = InitialValues.matrix(new Initializer.Orthogonal(1), 36, 36, random());
    assertThat(Arrays.equals(once, again)).isTrue();
  }
}
