package rheobase.network.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import rheobase.network.NetworkException;
import tools.jackson.databind.node.ObjectNode;

/**
 * The content of a safetensors file: named tensors and a few words about them. The format is eight
 * bytes with the length of the header (little-endian), the header as a JSON object, and the
 * numbers. The header gives for each tensor its {@code dtype}, {@code shape} and {@code
 * data_offsets} from the end of the header, and words under {@code __metadata__}. Written tensors
 * are F32; F64, F16, BF16 and whole numbers of up to 64 bits are read too.
 *
 * <p>Equal content gives equal bytes: tensors keep their order, metadata are sorted, and the header
 * is filled up with spaces to a multiple of eight, as the reference implementation does.
 */
public record Safetensors(List<SavedTensor> tensors, Map<String, String> metadata) {
  static final String METADATA = "__metadata__";

  public Safetensors {
    tensors = List.copyOf(tensors);
    metadata = Map.copyOf(metadata);
  }

  /** By name, in the order of the file. */
  public LinkedHashMap<String, SavedTensor> byName() {
    var byName = new LinkedHashMap<String, SavedTensor>();
    tensors.forEach(tensor -> byName.put(tensor.name(), tensor));
    return byName;
  }

  /**
   * The whole file.
   *
   * @throws NetworkException when a name is there twice or all together do not fit into two
   *     gigabytes
   */
  public byte[] bytes() {
    var header = Json.object();
    if (!metadata.isEmpty()) {
      var words = header.putObject(METADATA);
      new TreeMap<>(metadata).forEach(words::put);
    }
    long end = 0;
    for (var tensor : tensors) {
      end = describe(header, tensor, end);
    }
    var text = Json.line(header);
    var json = text.getBytes(StandardCharsets.UTF_8);
    int padded = Math.ceilDiv(json.length, 8) * 8;
    long size = 8L + padded + end;
    if (size > Integer.MAX_VALUE - 8) {
      throw new NetworkException(
          "the tensors take " + size + " bytes; a file here holds at most 2^31");
    }
    var out = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(padded)
        .put(json)
        .put(" ".repeat(padded - json.length).getBytes(StandardCharsets.UTF_8));
    for (var tensor : tensors) {
      out.asFloatBuffer().put(tensor.values());
      out.position(out.position() + 4 * tensor.values().length);
    }
    return out.array();
  }

  private static long describe(ObjectNode header, SavedTensor tensor, long begin) {
    if (header.has(tensor.name()) || tensor.name().equals(METADATA)) {
      throw new NetworkException(
          "two tensors of one file cannot both be called '" + tensor.name() + "'");
    }
    long end = begin + 4L * tensor.values().length;
    var entry = header.putObject(tensor.name());
    entry.put("dtype", "F32");
    var shape = entry.putArray("shape");
    for (int side : tensor.shape()) {
      shape.add(side);
    }
    entry.putArray("data_offsets").add(begin).add(end);
    return end;
  }

  /**
   * Reads a file; what a float does not hold is rounded to the nearest one.
   *
   * @throws NetworkException for anything that is not exactly a safetensors file of such tensors
   */
  public static Safetensors read(byte[] bytes) {
    return SafetensorsReader.read(bytes);
  }
}
