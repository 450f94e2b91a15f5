package rheobase.network.parameter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import rheobase.network.NetworkException;

class ParametersTest {
  /** An array's elements begin 16 bytes behind the object. */
  private static final int ARRAY_HEADER_FLOATS = 4;

  private static Parameters example() {
    var builder = Parameters.builder();
    builder.matrix("hidden.input", "input", 3, 2);
    builder.vector("hidden.bias", "bias", 17);
    builder.matrix("lstm.input", "input", 4, 5, 3);
    builder.vector("lstm.bias", "bias", 4, 5);
    return builder.build();
  }

  @Test
  void everyTensorRowAndBlockStartsWhereACacheLineDoes() {
    for (var tensor : example().tensors()) {
      assertThat((tensor.offset() + ARRAY_HEADER_FLOATS) % 16).isZero();
      assertThat(tensor.stride() % 16).isZero();
      assertThat(tensor.blockStride() % 16).isZero();
    }
    assertThat(example().values()).hasSize(12 + 2 * 16 + 32 + 3 * 64 + 64);
    assertThat(example().count()).isEqualTo(6 + 17 + 60 + 20);
  }

  @Test
  void aMatrixIsSavedToByFromAndHeldFromByTo() {
    var parameters = example();
    parameters.set("hidden.input", new float[] {1, 2, 3, 4, 5, 6});
    assertThat(parameters.tensor("hidden.input").shape()).containsExactly(3, 2);
    int at = parameters.tensor("hidden.input").offset();
    assertThat(Arrays.copyOfRange(parameters.values(), at, at + 4)).containsExactly(1, 3, 5, 0);
    assertThat(parameters.values()[at + 16]).isEqualTo(2);
    assertThat(parameters.get("hidden.input")).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void everyTensorComesBackAsItWasSet() {
    var parameters = example();
    for (var tensor : parameters.tensors()) {
      var saved = new float[tensor.count()];
      for (int i = 0; i < saved.length; i++) {
        saved[i] = tensor.offset() + i + 1;
      }
      parameters.set(tensor.name(), saved);
      assertThat(parameters.get(tensor.name())).containsExactly(saved);
    }
    int used = 0;
    for (float value : parameters.values()) {
      used += value != 0 ? 1 : 0;
    }
    assertThat(used).isEqualTo(parameters.count());
  }

  @Test
  void gatesLieInBlocksOfTheirOwn() {
    var tensor = example().tensor("lstm.input");
    assertThat(tensor.shape()).containsExactly(20, 3);
    assertThat(tensor.index(0, 1) - tensor.offset()).isEqualTo(64);
    assertThat(tensor.index(5, 0) - tensor.offset()).isEqualTo(16);
    assertThat(tensor.index(19, 2) - tensor.offset()).isEqualTo(2 * 64 + 3 * 16 + 4);
  }

  @Test
  void aWrongNumberOfValuesIsNamedWithTheShape() {
    assertThatThrownBy(() -> example().set("hidden.input", new float[5]))
        .isInstanceOf(NetworkException.class)
        .hasMessage("the tensor 'hidden.input' has the shape [3][2], 6 values, but was given 5");
  }

  @Test
  void anUnknownTensorIsAnsweredWithTheNearest() {
    assertThatThrownBy(() -> example().get("hiden.input"))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining("did you mean 'hidden.input'?");
  }

  @Test
  void namesAreUnique() {
    var builder = Parameters.builder();
    builder.vector("a", "a", 1);
    assertThatThrownBy(() -> builder.vector("a", "a", 1)).isInstanceOf(NetworkException.class);
  }

  @Test
  void aNetworkThatFitsNoArrayIsRefused() {
    var builder = Parameters.builder();
    assertThatThrownBy(() -> builder.matrix("huge", "huge", 60_000, 60_000))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining("too large");
  }

  @Test
  void theHashIsOverNamesShapesAndLittleEndianValues() throws Exception {
    var builder = Parameters.builder();
    builder.matrix("w", "w", 1, 2);
    var parameters = builder.build();
    parameters.set("w", new float[] {1.5f, Float.NaN});
    var bytes = new ByteArrayOutputStream();
    bytes.write("w".getBytes(StandardCharsets.UTF_8));
    bytes.write(
        ByteBuffer.allocate(21)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put((byte) 0)
            .putInt(2)
            .putInt(1)
            .putInt(2)
            .putFloat(1.5f)
            .putFloat(Float.NaN)
            .array());
    var digest = MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
    assertThat(parameters.sha256()).isEqualTo(HexFormat.of().formatHex(digest));
  }

  @Test
  void aCopyIsTheSameToTheBitAndIndependent() {
    var parameters = example();
    parameters.set("hidden.bias", new float[17]);
    var copy = parameters.copy();
    copy.values()[copy.tensor("hidden.bias").offset()] = Float.NaN;
    assertThat(parameters.sameBits(copy)).isFalse();
    assertThat(copy.sameBits(copy.copy())).isTrue();
    assertThat(copy.sha256()).isNotEqualTo(parameters.sha256());
  }

  @Test
  void minusZeroIsNotZero() {
    var parameters = example();
    var other = parameters.copy();
    other.values()[other.tensor("hidden.input").offset()] = -0.0f;
    assertThat(parameters.sameBits(other)).isFalse();
  }
}
