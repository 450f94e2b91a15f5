package rheobase.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rheobase.bench.Growth.Size;

class GrowthTest {
  @ParameterizedTest
  @ValueSource(ints = {2, 37})
  void theLayerFiresAsOftenAsItsInput(int percent) {
    var growth = new Growth(new Size(40, 24, 4, percent, 1));
    assertThat(growth.tune()).isCloseTo(percent / 100.0, offset(0.02));
  }
}
