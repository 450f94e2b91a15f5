package rheobase.network.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rheobase.data.DataException;
import rheobase.data.RandomStream;
import rheobase.network.NetworkException;
import rheobase.network.model.SavedTensor;

/**
 * Files of other programs. Those of {@code src/test/resources/foreign} were written by PyTorch and
 * NumPy ({@code train.py} there).
 */
class WeightFileTest {
  private static final Path FOREIGN = Path.of("src/test/resources/foreign");

  @TempDir private Path folder;

  private static Map<String, SavedTensor> read(Path file) {
    return WeightFile.read(file).stream()
        .collect(
            Collectors.toMap(SavedTensor::name, each -> each, (a, _) -> a, LinkedHashMap::new));
  }

  /** A file of {@code torch.save} whose pickle is this. */
  private Path torch(byte[] pickle) throws IOException {
    var storage = new byte[16];
    storage[3] = 0x3f; // 0.5, 0, 0, 0
    return zip(Map.of("archive/data.pkl", pickle, "archive/data/0", storage));
  }

  private Path zip(Map<String, byte[]> entries) throws IOException {
    var file = folder.resolve("weights.pt");
    try (var out = new ZipOutputStream(Files.newOutputStream(file))) {
      for (var entry : entries.entrySet()) {
        out.putNextEntry(new ZipEntry(entry.getKey()));
        out.write(entry.getValue());
        out.closeEntry();
      }
    }
    return file;
  }

  private static byte[] entry(Path file, String ending) throws IOException {
    try (var zip = new ZipFile(file.toFile())) {
      var entry =
          zip.stream().filter(each -> each.getName().endsWith(ending)).findFirst().orElseThrow();
      return zip.getInputStream(entry).readAllBytes();
    }
  }

  /** Opcodes as text, {@code \x80} for a byte. */
  private static byte[] opcodes(String text) {
    var bytes = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); i++) {
      if (text.startsWith("\\x", i)) {
        bytes.write(Integer.parseInt(text.substring(i + 2, i + 4), 16));
        i += 3;
      } else {
        bytes.write(text.charAt(i) == '|' ? '\n' : text.charAt(i));
      }
    }
    return bytes.toByteArray();
  }

  // What is read

  @Test
  void threeFormatsHoldTheSameTensors() {
    var torch = read(FOREIGN.resolve("ecg.pt"));
    var safetensors = read(FOREIGN.resolve("ecg.safetensors"));
    var npz = read(FOREIGN.resolve("ecg.npz"));
    assertThat(torch).containsOnlyKeys(safetensors.keySet()).containsOnlyKeys(npz.keySet());
    torch.forEach((name, tensor) -> {
      assertThat(safetensors.get(name).shape()).as(name).isEqualTo(tensor.shape());
      assertThat(safetensors.get(name).values()).as(name).isEqualTo(tensor.values());
      assertThat(npz.get(name).values()).as(name).containsExactlyInAnyOrder(tensor.values());
    });
    assertThat(torch.get("i2h.weight").shape()).containsExactly(8, 4);
    assertThat(npz.get("i2h.weight").shape()).containsExactly(4, 8);
    assertThat(npz.get("i2h.weight").values()[1]).isEqualTo(torch.get("i2h.weight").values()[4]);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "double    | 0 1 2 3 4 5 6 7 8 9 10 11",
        "parameter | 0 1 2 3 4 5 6 7 8 9 10 11",
        "half      | 0 0.125 0.25 0.375 0.5 0.625 0.75 0.875 1 1.125 1.25 1.375",
        "bfloat16  | 0 1 2 3 4 5 6 7 8 9 10 11",
        "int64     | -3 -2 -1 0 1 2 3 4 5 6 7 8",
        "int32     | -3 -2 -1 0 1 2 3 4 5 6 7 8",
        "int16     | -3 -2 -1 0 1 2 3 4 5 6 7 8",
        "int8      | -3 -2 -1 0 1 2 3 4 5 6 7 8",
        "uint8     | 244 245 246 247 248 249 250 251 252 253 254 255",
        "bool      | 0 0 0 0 0 0 1 1 1 1 1 1",
        "slice     | 13 14 17 18 21 22",
        "inner.0.list | 0 1 2 3",
        "inner.1.0 | 4 5 6 7",
        "single    | 2.5",
        "empty     | ''",
      })
  void typesAndViewsAreReadAsPyTorchShowsThem(String name, String numbers) {
    var expected =
        numbers.isBlank()
            ? new double[0]
            : Arrays.stream(numbers.split(" ")).mapToDouble(Double::parseDouble).toArray();
    var values = read(FOREIGN.resolve("types.pt")).get(name).values();
    assertThat(values).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) values[i]).isEqualTo(expected[i]);
    }
  }

  @Test
  void aTransposedTensorIsReadInItsOwnOrder() {
    var tensor = read(FOREIGN.resolve("types.pt")).get("transposed");
    assertThat(tensor.shape()).containsExactly(4, 3, 2);
    assertThat(Arrays.copyOf(tensor.values(), 6)).containsExactly(0, 12, 4, 16, 8, 20);
  }

  @Test
  void whatIsNoTensorIsPassedOver() {
    assertThat(read(FOREIGN.resolve("types.pt"))).doesNotContainKeys("words", "numbers.0");
    assertThat(read(FOREIGN.resolve("lstm.pt")))
        .containsKeys("model.lstm.weight_ih_l0", "optimizer.state.0.exp_avg")
        .doesNotContainKey("epoch");
  }

  @Test
  void newerPickleProtocolsAreRead() {
    assertThat(read(FOREIGN.resolve("protocol5.pt")).get("w").shape()).containsExactly(3, 4);
  }

  // What is refused

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "module.pt   | __main__.Shd",
        "legacy.pt   | from before version 1.6",
        "expanded.pt | of 1000000 values over only 1",
        "train.py    | is no file of weights",
      })
  void otherFilesOfPyTorchAreRefusedWithTheWayOut(String name, String reason) {
    assertThatThrownBy(() -> WeightFile.read(FOREIGN.resolve(name)))
        .isInstanceOf(NetworkException.class)
        .hasMessageStartingWith(FOREIGN.resolve(name).toString())
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        // os.system("...") in four ways
        "\\x80\\x02cos|system|X\\x02\\x00\\x00\\x00ls\\x85R.; names 'os.system'",
        "\\x80\\x04\\x8c\\x02os\\x8c\\x06system\\x93\\x8c\\x02ls\\x85R.; names 'os.system'",
        "(X\\x02\\x00\\x00\\x00lsios|system|.; opcode INST 0x69 at byte 8",
        "\\x80\\x02ctorch.nn|Linear|)\\x81.; names 'torch.nn.Linear'",
        "\\x80\\x02)\\x81.; opcode NEWOBJ 0x81 at byte 3",
        "\\x80\\x02\\x82\\x01.; opcode EXT1",
        "\\x80\\x02cbuiltins|eval|.; names 'builtins.eval'",
        // a known name in a place where it must not be called
        "\\x80\\x02ctorch|FloatStorage|)R.; calls what is no function",
        "\\x80\\x02ccollections|OrderedDict|K\\x01\\x85R.; calls what is no function",
        "\\x80\\x02ctorch._utils|_rebuild_tensor_v2|)R.; describes a tensor in a way",
        "\\x80\\x02ctorch._utils|_rebuild_parameter|)R.; calls what is no function",
        "\\x80\\x02ctorch._utils|_rebuild_tensor_v3|.; names 'torch._utils._rebuild_tensor_v3'",
        "\\x80\\x02ctorch|QInt8Storage|.; names 'torch.QInt8Storage'",
        "\\x80\\x02c\\x01|\\xff|.; names '?.?'",
        // nonsense
        "; is cut off",
        "\\x80\\x02}; is cut off",
        "\\x80\\x09}.; pickle protocol 9",
        "\\x80\\x02X\\xff\\xff\\xff\\x7fab; a text of 2147483647 bytes",
        "\\x80\\x02\\x8d\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xffab; a text of -1 bytes",
        "\\x80\\x02X\\x01\\x00\\x00\\x00\\xff.; no UTF-8",
        "\\x80\\x02.; 0 values on its stack",
        "\\x80\\x02NN.; 2 values on its stack",
        "\\x80\\x02h\\x05.; recalls value 5",
        "\\x80\\x02t.; a mark that was never set",
        "\\x80\\x02}a.; empty stack",
        "\\x80\\x02}Na.; appends to what is no list",
        "\\x80\\x02]NNs.; no dictionary",
        "\\x80\\x02}(Nu.; a key and no value",
        "\\x80\\x02}]Ns.; neither a text nor a number",
        "\\x80\\x02\\x8a\\x09\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x7f.; more than 64 bits",
        "\\x80\\x02NQ.; describes a storage",
        "\\x80\\x02].; holds no dictionary of tensors",
        "\\x80\\x02N.; holds no dictionary of tensors",
      })
  void noCodeIsRunAndNothingUnknownIsRead(String pickle, String reason) throws Exception {
    var file = torch(opcodes(pickle == null ? "" : pickle));
    assertThatThrownBy(() -> WeightFile.read(file))
        .isInstanceOf(NetworkException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(reason);
  }

  /** A state dict with one tensor {@code w}, whose storage has four floats. */
  private static byte[] oneTensor(
      String key, String length, String offset, String shape, String stride) {
    return opcodes(
        "\\x80\\x02}X\\x01\\x00\\x00\\x00wctorch._utils|_rebuild_tensor_v2|((X\\x07\\x00\\x00\\x00storage"
            + "ctorch|FloatStorage|X\\x01\\x00\\x00\\x00"
            + key
            + "X\\x03\\x00\\x00\\x00cpu"
            + length
            + "tQ"
            + offset
            + shape
            + stride
            + "\\x89}tRs.");
  }

  @Test
  void aTensorWrittenByHandIsRead() throws Exception {
    var file = torch(oneTensor("0", "K\\x04", "K\\x00", "K\\x02K\\x02\\x86", "K\\x01K\\x02\\x86"));
    assertThat(read(file).get("w").values()).containsExactly(0.5f, 0, 0, 0);
  }

  @ParameterizedTest
  @CsvSource({
    "0, K\\x04, K\\x01, K\\x04\\x85, K\\x01\\x85, reaches beyond its storage of 4",
    "0, K\\x04, K\\x00, K\\x02\\x85, K\\x04\\x85, reaches beyond its storage of 4",
    "0, K\\x04, J\\xff\\xff\\xff\\xff, K\\x02\\x85, K\\x01\\x85, reaches beyond its storage of 4",
    "0, K\\x04, K\\x00, J\\xff\\xff\\xff\\xff\\x85, K\\x01\\x85, no whole number",
    "0, K\\x04, K\\x00, K\\x04\\x85, K\\x01K\\x01\\x86, describes a tensor in a way",
    "0, K\\x05, K\\x00, K\\x04\\x85, K\\x01\\x85, '16 bytes in storage ''0'', where 5 values'",
    "1, K\\x04, K\\x00, K\\x04\\x85, K\\x01\\x85, lacks the storage '1'",
    "0, J\\xff\\xff\\xff\\x7f, K\\x00, J\\xff\\xff\\xff\\x7f\\x85, K\\x01\\x85, 16 bytes in storage"
        + " '0'",
    "0, K\\x04, K\\x00, '\\x8a\\x08\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x7f\\x85', K\\x01\\x85,"
        + " impossible shape",
    "0, K\\x04, K\\x00, K\\x05\\x85, K\\x00\\x85, as expand makes it",
  })
  void aTensorThatDoesNotFitItsStorageIsRefused(
      String key, String length, String offset, String shape, String stride, String reason)
      throws Exception {
    var file = torch(oneTensor(key, length, offset, shape, stride));
    assertThatThrownBy(() -> WeightFile.read(file))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void listsThatHoldThemselvesEndInASentence() throws Exception {
    var itself = opcodes("\\x80\\x02}X\\x01\\x00\\x00\\x00a]q\\x00h\\x00as.");
    assertThatThrownBy(() -> WeightFile.read(torch(itself)))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining("without end");
    // Thirty lists, each with the one before twice in it: 2^30 values out of a few bytes.
    var doubled = new StringBuilder("\\x80\\x02}X\\x01\\x00\\x00\\x00a]q\\x000");
    for (int i = 0; i < 30; i++) {
      doubled.append("]q\\x%02x(h\\x%02xh\\x%02xe0".formatted(i + 1, i, i));
    }
    var tower = torch(opcodes(doubled + "h\\x1es."));
    assertThatThrownBy(() -> WeightFile.read(tower))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining("without end");
  }

  @Test
  void aTorchScriptProgramIsRefused() throws Exception {
    var file =
        zip(Map.of("m/data.pkl", opcodes("\\x80\\x02}."), "m/constants.pkl", new byte[] {1}));
    assertThatThrownBy(() -> WeightFile.read(file)).hasMessageContaining("TorchScript");
  }

  @Test
  void damagedBytesAreFoundByTheirChecksum() throws Exception {
    var bytes = Files.readAllBytes(FOREIGN.resolve("ecg.pt"));
    var weights = entry(FOREIGN.resolve("ecg.pt"), "/data/6");
    int at =
        new String(bytes, StandardCharsets.ISO_8859_1)
            .indexOf(new String(weights, StandardCharsets.ISO_8859_1));
    bytes[at + 5] ^= 1;
    var file = Files.write(folder.resolve("damaged.pt"), bytes);
    assertThatThrownBy(() -> WeightFile.read(file))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining("checksum does not fit");
  }

  @Test
  void storagesOfBigEndianMachinesAreTurned() throws Exception {
    var pickle = oneTensor("0", "K\\x04", "K\\x00", "K\\x04\\x85", "K\\x01\\x85");
    var file =
        zip(
            Map.of(
                "a/data.pkl",
                pickle,
                "a/byteorder",
                "big".getBytes(StandardCharsets.US_ASCII),
                "a/data/0",
                new byte[] {0x3f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}));
    assertThat(read(file).get("w").values()).containsExactly(0.5f, 0, 0, 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ecg.pt", "ecg.npz", "ecg.safetensors"})
  void truncatedFilesAreRefused(String name) throws Exception {
    var whole = Files.readAllBytes(FOREIGN.resolve(name));
    var file = folder.resolve(name);
    for (int length = 0; length < whole.length; length += 13) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> WeightFile.read(file))
          .isInstanceOfAny(NetworkException.class, DataException.class)
          .hasMessageContaining(file.toString());
    }
  }

  @Test
  void noDamageLeadsToAnythingButTensorsOrAnErrorOfOurs() throws Exception {
    var random = RandomStream.of(1, "damage");
    int refused = 0;
    for (var name : new String[] {"ecg.pt", "types.pt", "lstm.pt", "protocol5.pt"}) {
      var whole = entry(FOREIGN.resolve(name), "data.pkl");
      for (int attempt = 0; attempt < 3000; attempt++) {
        var damaged = whole.clone();
        for (int change = random.nextInt(3); change >= 0; change--) {
          damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
        }
        try {
          // Beside what is damaged lies nothing, so a pickle that is still read ends there.
          Pickle.read(damaged, NetworkException::new);
        } catch (NetworkException e) {
          refused++;
        }
      }
    }
    assertThat(refused).isGreaterThan(4000);
  }

  @Test
  void noDamageOfAWholeFileLeadsToAnythingButTensorsOrAnErrorOfOurs() throws Exception {
    var random = RandomStream.of(2, "damage");
    var names = new String[] {"types.pt", "ecg.npz", "ecg.safetensors"};
    int refused = 0;
    for (int attempt = 0; attempt < 600; attempt++) {
      var damaged = Files.readAllBytes(FOREIGN.resolve(names[attempt % 3]));
      for (int change = random.nextInt(8); change >= 0; change--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      var file = Files.write(folder.resolve("damaged"), damaged);
      try {
        WeightFile.read(file);
      } catch (NetworkException | DataException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(100, 599);
  }

  @Test
  void aPickleGarbledInsideAGoodZipIsReadOrRefused() throws Exception {
    var random = RandomStream.of(3, "damage");
    var whole = oneTensor("0", "K\\x04", "K\\x00", "K\\x02K\\x02\\x86", "K\\x01K\\x02\\x86");
    int refused = 0;
    for (int attempt = 0; attempt < 500; attempt++) {
      var damaged = whole.clone();
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      var file = torch(damaged);
      try {
        WeightFile.read(file);
      } catch (NetworkException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(300);
  }

  @Test
  void aMissingFileAFolderAndAForeignZipHaveTheirSentence() throws Exception {
    assertThatThrownBy(() -> WeightFile.read(folder.resolve("none.pt")))
        .hasMessageContaining("there is no file of weights at");
    assertThatThrownBy(() -> WeightFile.read(folder)).hasMessageContaining("is a folder");
    var empty = Files.write(folder.resolve("empty.pt"), new byte[0]);
    assertThatThrownBy(() -> WeightFile.read(empty)).hasMessageContaining("is empty");
    var zip = zip(Map.of("readme.txt", new byte[3]));
    assertThatThrownBy(() -> WeightFile.read(zip))
        .hasMessageContaining("neither PyTorch's nor NumPy's");
    var model = zip(Map.of("model.json", new byte[3]));
    assertThatThrownBy(() -> WeightFile.read(model)).hasMessageContaining("model of Rheobase");
  }
}
