package rheobase.network.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rheobase.data.RandomStream;
import rheobase.network.NetworkException;

class SafetensorsTest {
  private static final Safetensors EXAMPLE =
      new Safetensors(
          List.of(
              new SavedTensor(
                  "hidden.input",
                  new int[] {2, 3},
                  new float[] {1, -0.0f, 3, Float.MIN_VALUE, 5, 1e30f}),
              new SavedTensor("empty", new int[] {0, 4}, new float[0]),
              new SavedTensor("scalar", new int[0], new float[] {7}),
              new SavedTensor(
                  "odd",
                  new int[] {2},
                  new float[] {Float.NEGATIVE_INFINITY, Float.intBitsToFloat(0x7fc01234)})),
          Map.of("made by", "a test", "α", "β"));

  /** A file with this header and so many bytes of data, all zero. */
  private static byte[] file(String header, int data) {
    var json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + data)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }

  private static byte[] file(String type, byte... data) {
    var bytes =
        file(
            "{\"x\":{\"dtype\":\""
                + type
                + "\",\"shape\":[2],\"data_offsets\":[0,"
                + data.length
                + "]}}",
            data.length);
    System.arraycopy(data, 0, bytes, bytes.length - data.length, data.length);
    return bytes;
  }

  @Test
  void whatIsWrittenIsReadBackToTheBit() {
    var read = Safetensors.read(EXAMPLE.bytes());
    assertThat(read.metadata()).isEqualTo(EXAMPLE.metadata());
    assertThat(read.tensors()).hasSize(4);
    for (int i = 0; i < 4; i++) {
      var expected = EXAMPLE.tensors().get(i);
      var tensor = read.tensors().get(i);
      assertThat(tensor.name()).isEqualTo(expected.name());
      assertThat(tensor.shape()).containsExactly(expected.shape());
      assertThat(bits(tensor.values())).containsExactly(bits(expected.values()));
    }
    assertThat(read.bytes()).isEqualTo(EXAMPLE.bytes());
  }

  private static int[] bits(float[] values) {
    var bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
    return bits;
  }

  @Test
  void theBytesAreThoseOfTheFormat() {
    var bytes =
        new Safetensors(
                List.of(new SavedTensor("w", new int[] {1, 2}, new float[] {1, 2})),
                Map.of("k", "v"))
            .bytes();
    var header =
        "{\"__metadata__\":{\"k\":\"v\"},\"w\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]}}";
    var padded = header + " ".repeat((8 - header.length() % 8) % 8);
    var expected = ByteBuffer.allocate(8 + padded.length() + 8).order(ByteOrder.LITTLE_ENDIAN);
    expected
        .putLong(padded.length())
        .put(padded.getBytes(StandardCharsets.UTF_8))
        .putFloat(1)
        .putFloat(2);
    assertThat(bytes).isEqualTo(expected.array());
  }

  @Test
  void otherTypesAreRead() {
    // 1.5 and -2 in each floating-point type, little-endian.
    assertThat(values(file("F16", bytes(0x00, 0x3e, 0x00, 0xc0)))).containsExactly(1.5f, -2);
    assertThat(values(file("BF16", bytes(0xc0, 0x3f, 0x00, 0xc0)))).containsExactly(1.5f, -2);
    assertThat(values(file("I64", bytes(1, 0, 0, 0, 0, 1, 0, 0, -1, -1, -1, -1, -1, -1, -1, -1))))
        .containsExactly(0x1p40f, -1);
    assertThat(values(file("I32", bytes(0xfe, 0xff, 0xff, 0xff, 2, 1, 0, 0))))
        .containsExactly(-2, 258);
    assertThat(values(file("I16", bytes(0, 1, 0xff, 0xff)))).containsExactly(256, -1);
    assertThat(values(file("I8", bytes(0x80, 3)))).containsExactly(-128, 3);
    assertThat(values(file("U8", bytes(0x80, 3)))).containsExactly(128, 3);
    assertThat(values(file("BOOL", bytes(0, 1)))).containsExactly(0, 1);
    assertThat(values(file("F32", bytes(0, 0, 0xc0, 0x3f, 0, 0, 0, 0xc0))))
        .containsExactly(1.5f, -2);
    assertThat(values(file("F64", bytes(0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0xc0))))
        .containsExactly(1.5f, -2);
  }

  private static float[] values(byte[] file) {
    return Safetensors.read(file).tensors().getFirst().values();
  }

  private static byte[] bytes(int... values) {
    var bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  @Test
  void tensorsMayLieInAnotherOrderThanTheyAreNamed() {
    var file =
        file(
            "{\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]},"
                + "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}   ",
            8);
    file[file.length - 1] = 0x40;
    assertThat(Safetensors.read(file).byName().get("b").values()).containsExactly(2);
    assertThat(Safetensors.read(file).byName().get("a").values()).containsExactly(0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'x':{'dtype':'F32','shape':[2],'data_offsets':[0,4]}}                | 4  | do not fit"
            + " it",
        "{'x':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}                | 4  | do not fit"
            + " it",
        "{'x':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}                | 8  | begins at"
            + " byte 4",
        "{'x':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}                | 8  | there are 8"
            + " bytes of data",
        "{'x':{'dtype':'F32','shape':[1],'data_offsets':[4,0]}}                | 4  | do not fit"
            + " it",
        "{'x':{'dtype':'F32','shape':[1],'data_offsets':[-4,0]}}               | 4  | do not fit"
            + " it",
        "{'x':{'dtype':'F32','shape':[1],'data_offsets':[0]}}                  | 4  | do not fit"
            + " it",
        "{'x':{'dtype':'F32','shape':[-1],'data_offsets':[0,4]}}               | 4  | impossible"
            + " shape",
        "{'x':{'dtype':'F32','shape':[65536,65536],'data_offsets':[0,0]}}      | 0  | do not fit"
            + " it",
        "{'x':{'dtype':'F32','shape':[4611686018427387904,4],'data_offsets':[0,0]}} | 0 |"
            + " impossible shape",
        "{'x':{'dtype':'F32','shape':[2147483647,2147483647,4,4],'data_offsets':[0,0]}} | 0 |"
            + " impossible shape",
        "{'x':{'dtype':'F32','shape':[1.5],'data_offsets':[0,4]}}              | 4  | must be a"
            + " whole number",
        "{'x':{'dtype':'F32','shape':[99999999999999999999],'data_offsets':[0,4]}} | 4 | must be a"
            + " whole number",
        "{'x':{'dtype':'F8_E4M3','shape':[8],'data_offsets':[0,8]}}            | 8  | only F64,"
            + " F32, F16, BF16, I64",
        "{'x':{'dtype':'F32','shape':[1],'data_offsets':[0,4],'more':1}}       | 4  | unknown field"
            + " 'more'",
        "{'x':{'dtype':'F32','shape':[1]}}                                     | 4  | no field"
            + " 'data_offsets'",
        "{'x':3}                                                               | 0  | must be an"
            + " object",
        "{'__metadata__':{'x':3}}                                              | 0  | must be a"
            + " text",
        "{'x':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'y':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}"
            + " | 4 | begins at byte 0",
        "{'x':{'dtype':'F32','shape':[0],'data_offsets':[0,0]},'x':{'dtype':'F32','shape':[0],'data_offsets':[0,0]}}"
            + " | 0 | Duplicate",
        "{} {}                                                                 | 0  | no valid"
            + " JSON",
        "{'x':                                                                 | 0  | no valid"
            + " JSON",
        "[1, 2]                                                                | 0  | does not"
            + " begin with '{'",
      })
  void aMalformedFileIsRefused(String header, int data, String reason) {
    var file = file(header.replace('\'', '"'), data);
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void aHeaderLongerThanTheFileIsRefusedWithoutReservingIt() {
    for (long length :
        new long[] {-1, 0, 1, 41, 99_000_000, 200_000_000, Long.MAX_VALUE, Long.MIN_VALUE}) {
      var file =
          ByteBuffer.allocate(48)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putLong(length)
              .put((byte) '{')
              .put((byte) '}')
              .array();
      assertThatThrownBy(() -> Safetensors.read(file))
          .isInstanceOf(NetworkException.class)
          .hasMessageContaining("bytes is announced, and 40 bytes follow");
    }
  }

  @Test
  void aDeepHeaderDoesNotExhaustTheStack() {
    var header = "{\"x\":" + "[".repeat(100_000);
    assertThatThrownBy(() -> Safetensors.read(file(header, 0)))
        .isInstanceOf(NetworkException.class);
  }

  @Test
  void everyTruncationIsRefused() {
    var whole = EXAMPLE.bytes();
    for (int length = 0; length < whole.length; length++) {
      var cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> Safetensors.read(cut)).isInstanceOf(NetworkException.class);
    }
  }

  @Test
  void noDamageLeadsToAnythingButAReadFileOrAnErrorOfOurs() {
    var whole = EXAMPLE.bytes();
    var random = RandomStream.of(1, "damage");
    int refused = 0;
    for (int attempt = 0; attempt < 20_000; attempt++) {
      var damaged = whole.clone();
      for (int change = random.nextInt(4); change >= 0; change--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      try {
        Safetensors.read(damaged);
      } catch (NetworkException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(10_000);
  }

  @Test
  void aNameCannotBeWrittenTwice() {
    var tensor = new SavedTensor("x", new int[] {1}, new float[1]);
    assertThatThrownBy(() -> new Safetensors(List.of(tensor, tensor), Map.of()).bytes())
        .isInstanceOf(NetworkException.class);
  }
}
