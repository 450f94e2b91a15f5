package rheobase.network.parameter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rheobase.network.NetworkException;

class InitializerTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "xavier",
        "xavier_normal",
        "kaiming(0.1)",
        "kaiming_normal(1.0)",
        "orthogonal(1.4142135623730951)",
        "uniform_fan_in",
        "constant(-0.0)",
        "normal(20.0, 5.0)",
        "uniform(-1.0E-9, 1.0)"
      })
  void textIsReadBackAndWrittenAgainTheSame(String text) {
    assertThat(Initializer.parse(text).text()).isEqualTo(text);
  }

  @Test
  void everyKnownNameIsRead() {
    for (var name : Initializer.KNOWN) {
      var numbers =
          switch (name) {
            case "constant" -> "(1)";
            case "normal", "uniform" -> "(1, 2)";
            default -> "";
          };
      assertThat(Initializer.parse(name + numbers).text()).startsWith(name);
    }
  }

  @Test
  void defaultsAreThePublishedOnes() {
    assertThat(Initializer.parse("kaiming")).isEqualTo(new Initializer.Kaiming(Math.sqrt(2)));
    assertThat(Initializer.parse(" Orthogonal ")).isEqualTo(new Initializer.Orthogonal(1));
    assertThat(Initializer.parse("0.5")).isEqualTo(new Initializer.Constant(0.5));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "xaviar         | did you mean 'xavier'?",
        "zebra          | known are constant, kaiming, kaiming_normal, normal, orthogonal, uniform,"
            + " uniform_fan_in, xavier",
        "kaiming_normal(-1) | negative",
        "normal(20)     | has 1 numbers; it takes 2",
        "xavier(3)      | has 1 numbers; it takes 0",
        "kaiming(1, 2)  | has 2 numbers; it takes 0 to 1",
        "constant       | has 0 numbers; it takes 1",
        "normal(20, x)  | 'x' in the initialiser 'normal(20, x)' is no number",
        "normal(20, -1) | negative",
        "uniform(2, 1)  | wrong way round",
        "normal(1,,2)   | '' in the initialiser",
        "constant(NaN)  | finite",
        "normal(1, 2    | is no number",
        "3 4            | is no number",
      })
  void mistakesAreNamed(String text, String hint) {
    assertThatThrownBy(() -> Initializer.parse(text))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining(hint);
  }
}
