package rheobase.network.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import rheobase.data.RandomStream;
import rheobase.network.NetworkException;
import rheobase.network.Score;

class EpochLineTest {
  static EpochRecord record(int epoch) {
    var random = RandomStream.of(5, "epoch", epoch);
    var train =
        new Score(
            random.nextDouble(), 1.0 / 3, Double.MIN_VALUE, new long[][] {{1, 1L << 60}, {0, 3}});
    var test = new Score(0.1 + 0.2, Double.NaN, 1e300, new long[0][]);
    return new EpochRecord(
        epoch,
        1e-2 * random.nextDouble(),
        train,
        null,
        test,
        random.nextDouble(),
        List.of(0.05, Double.NaN),
        1.25,
        496,
        true);
  }

  @Test
  void everyDoubleComesBackToTheBit() {
    for (int epoch = 1; epoch < 200; epoch++) {
      assertThat(EpochLine.read(EpochLine.write(record(epoch))))
          .usingRecursiveComparison()
          .withComparatorForType(
              Double::compare, Double.class) // to the bit; the default lets 1e-15 pass
          .isEqualTo(record(epoch));
    }
  }

  @Test
  void theLineIsOneLineOfPlainJson() {
    var record =
        new EpochRecord(
            3,
            0.01,
            new Score(0.5, 0.25, 1.5, new long[][] {{4, 1}, {0, 7}}),
            null,
            null,
            2,
            List.of(0.25, Double.NaN),
            0.5,
            8,
            false);
    assertThat(EpochLine.write(record))
        .isEqualTo(
            "{\"epoch\":3,\"rate\":0.01,\"train\":{\"accuracy\":0.5,\"accuracyAnnotated\":0.25,\"loss\":1.5,"
                + "\"confusion\":[[4,1],[0,7]]},\"validation\":null,\"test\":null,\"gradientNorm\":2.0,"
                + "\"firingRates\":[0.25,null],\"seconds\":0.5,\"sequencesPerSecond\":8.0,\"best\":false}");
  }

  @Test
  void minusZeroStaysMinusZero() {
    var record =
        new EpochRecord(1, -0.0, new Score(0, 0, 0, null), null, null, 0, List.of(), 0, 0, false);
    assertThat(Double.doubleToRawLongBits(EpochLine.read(EpochLine.write(record)).rate()))
        .isEqualTo(Long.MIN_VALUE);
  }

  @Test
  void aLineCutShortIsRefused() {
    var line = EpochLine.write(record(1));
    for (int length = 0; length < line.length(); length++) {
      var cut = line.substring(0, length);
      assertThatThrownBy(() -> EpochLine.read(cut)).isInstanceOf(NetworkException.class);
    }
  }
}
