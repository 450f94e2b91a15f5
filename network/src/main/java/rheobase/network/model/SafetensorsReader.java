package rheobase.network.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import rheobase.network.NetworkException;

/**
 * Reads safetensors with the checks of the reference implementation: a header of a believable
 * length, no name twice, offsets that fit shape and type, and data without gaps, overlaps or rest.
 */
final class SafetensorsReader {
  /** The reference implementation's limit. */
  private static final long LONGEST_HEADER = 100_000_000;

  /** Where a tensor's numbers lie, relative to the end of the header. */
  private record Place(String name, Type type, int[] shape, long begin, long end) {}

  private enum Type {
    F64(8),
    F32(4),
    F16(2),
    BF16(2),
    I64(8),
    I32(4),
    I16(2),
    I8(1),
    U8(1),
    BOOL(1);

    final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }
  }

  private SafetensorsReader() {}

  static Safetensors read(byte[] bytes) {
    var data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    var header = header(data);
    long length = data.remaining();
    var metadata =
        header.has(Safetensors.METADATA)
            ? header.object(Safetensors.METADATA).texts()
            : Map.<String, String>of();
    var places = new ArrayList<Place>();
    for (var name : header.names()) {
      if (!name.equals(Safetensors.METADATA)) {
        places.add(place(name, header.object(name), length));
      }
    }
    checkNoGaps(places, length);
    var tensors = new ArrayList<SavedTensor>();
    for (var place : places) {
      var slice = data.slice(data.position() + (int) place.begin, (int) (place.end - place.begin));
      tensors.add(
          new SavedTensor(
              place.name, place.shape, values(place.type, slice.order(ByteOrder.LITTLE_ENDIAN))));
    }
    return new Safetensors(tensors, metadata);
  }

  private static JsonFields header(ByteBuffer data) {
    if (data.remaining() < 8) {
      throw new NetworkException(
          "the tensors are cut short: " + data.remaining() + " bytes are too few");
    }
    long length = data.getLong();
    if (length < 2 || length > LONGEST_HEADER || length > data.remaining()) {
      throw new NetworkException(
          "the tensors are cut short or no safetensors: a header of "
              + Long.toUnsignedString(length)
              + " bytes is announced, and "
              + data.remaining()
              + " bytes follow");
    }
    var bytes = data.slice(data.position(), (int) length);
    data.position(data.position() + (int) length);
    if (bytes.get(0) != '{') {
      throw new NetworkException("the header of the tensors does not begin with '{'");
    }
    try {
      // Decoded here and not by the JSON reader, which would also guess at UTF-16.
      var text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      return JsonFields.parse(text, "the header of the tensors");
    } catch (CharacterCodingException e) {
      throw new NetworkException("the header of the tensors is no UTF-8", e);
    }
  }

  private static Place place(String name, JsonFields entry, long length) {
    var type = entry.text("dtype");
    var shape = entry.wholes("shape");
    var offsets = entry.wholes("data_offsets");
    entry.nothingElse();
    long count = 1;
    var sides = new int[shape.size()];
    for (int i = 0; i < sides.length; i++) {
      long side = shape.get(i);
      // The bound keeps the product below 2^62, so it cannot wrap around.
      if (side < 0 || side > Integer.MAX_VALUE || count > Integer.MAX_VALUE) {
        throw new NetworkException("the tensor '" + name + "' has the impossible shape " + shape);
      }
      sides[i] = (int) side;
      count *= side;
    }
    var known = List.of(Type.values()).stream().map(Type::name).toList();
    if (!known.contains(type)) {
      throw new NetworkException(
          "the tensor '"
              + name
              + "' has the type "
              + type
              + "; only "
              + String.join(", ", known)
              + " can be read");
    }
    long begin = offsets.size() == 2 ? offsets.get(0) : -1;
    long end = offsets.size() == 2 ? offsets.get(1) : -1;
    if (begin < 0
        || end < begin
        || end > length
        || count > Integer.MAX_VALUE
        || end - begin != count * Type.valueOf(type).bytes) {
      throw new NetworkException(
          "the tensor '"
              + name
              + "' of type "
              + type
              + " and shape "
              + shape
              + " has the offsets "
              + offsets
              + ", which do not fit it or the "
              + length
              + " bytes of data");
    }
    return new Place(name, Type.valueOf(type), sides, begin, end);
  }

  private static void checkNoGaps(List<Place> places, long length) {
    var sorted =
        places.stream()
            .sorted(Comparator.comparingLong(Place::begin).thenComparingLong(Place::end))
            .toList();
    long end = 0;
    for (var place : sorted) {
      if (place.begin != end) {
        throw new NetworkException(
            "the tensor '"
                + place.name
                + "' begins at byte "
                + place.begin
                + ", but the one before it ends at "
                + end);
      }
      end = place.end;
    }
    if (end != length) {
      throw new NetworkException(
          "the tensors end at byte " + end + ", but there are " + length + " bytes of data");
    }
  }

  private static float[] values(Type type, ByteBuffer data) {
    var values = new float[data.remaining() / type.bytes];
    switch (type) {
      case F32 -> data.asFloatBuffer().get(values);
      case F64 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) data.getDouble(8 * i);
        }
      }
      case F16 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = Float.float16ToFloat(data.getShort(2 * i));
        }
      }
      case BF16 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = Float.intBitsToFloat(data.getShort(2 * i) << 16);
        }
      }
      case I64, I32, I16, I8, U8, BOOL -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = whole(type, data, i);
        }
      }
    }
    return values;
  }

  private static long whole(Type type, ByteBuffer data, int i) {
    return switch (type) {
      case I64 -> data.getLong(8 * i);
      case I32 -> data.getInt(4 * i);
      case I16 -> data.getShort(2 * i);
      case I8 -> data.get(i);
      case U8 -> data.get(i) & 0xff;
      case BOOL -> data.get(i) == 0 ? 0 : 1;
      case F64, F32, F16, BF16 -> throw new AssertionError(type + " is no whole number");
    };
  }
}
