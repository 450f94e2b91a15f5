package rheobase.network.foreign;

import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import rheobase.network.NetworkException;

/**
 * Reads as much of Python's pickle format as a dictionary of PyTorch tensors is made of.
 *
 * <p>A pickle is a program for a small stack machine, and in Python it can name any function and
 * have it called. Here nothing is called. There are opcodes for plain data (texts, numbers, tuples,
 * lists, dictionaries), and the few names a state dict needs are constants of {@link Known} and
 * {@link StorageType}: an opcode or a name beyond these ends the reading with a sentence that says
 * which. The opcodes are those of protocols 2 to 5, described in Python's {@code pickletools}.
 *
 * <p>What comes out: {@link String}, {@link Long}, {@link Double}, {@link Boolean}, null, {@link
 * Tuple}, {@link List}, {@link Map}, {@link View}. Every opcode takes at least a byte and makes at
 * most one value, so memory is bounded by the length of the text.
 */
final class Pickle {
  /** What a storage holds, one value after the other. */
  enum StorageType {
    DoubleStorage(8),
    FloatStorage(4),
    HalfStorage(2),
    BFloat16Storage(2),
    LongStorage(8),
    IntStorage(4),
    ShortStorage(2),
    CharStorage(1),
    ByteStorage(1),
    BoolStorage(1);

    /** Bytes of a value. */
    final int bytes;

    StorageType(int bytes) {
      this.bytes = bytes;
    }
  }

  /** The functions a state dict names; each only stands for what would come out of it. */
  private enum Known {
    ORDERED_DICT,
    REBUILD_TENSOR,
    REBUILD_PARAMETER
  }

  /**
   * A stretch of memory that tensors lie in.
   *
   * @param key names its bytes, which lie in a file of their own
   * @param length values in it
   */
  record Storage(StorageType type, String key, long length) {}

  /**
   * A tensor: a view of a storage. The value at {@code [i][j]} is that at {@code offset + i *
   * stride[0] + j * stride[1]}.
   */
  record View(Storage storage, long offset, long[] shape, long[] stride) {}

  /** A fixed list. */
  record Tuple(List<Object> items) {}

  private static final Object MARK = new Object();

  /** The names of what is most likely to be met and is refused. */
  private static final Map<Integer, String> REFUSED =
      Map.ofEntries(
          Map.entry((int) 'i', "INST"),
          Map.entry((int) 'o', "OBJ"),
          Map.entry(0x81, "NEWOBJ"),
          Map.entry(0x92, "NEWOBJ_EX"),
          Map.entry(0x82, "EXT1"),
          Map.entry(0x83, "EXT2"),
          Map.entry(0x84, "EXT4"),
          Map.entry((int) 'P', "PERSID"),
          Map.entry((int) 'B', "BINBYTES"),
          Map.entry((int) 'C', "SHORT_BINBYTES"),
          Map.entry(0x8e, "BINBYTES8"),
          Map.entry(0x96, "BYTEARRAY8"),
          Map.entry((int) 'T', "BINSTRING"),
          Map.entry((int) 'U', "SHORT_BINSTRING"),
          Map.entry(0x8f, "EMPTY_SET"),
          Map.entry(0x91, "FROZENSET"));

  private final ByteBuffer text;
  private final Function<String, NetworkException> problem;
  private final ArrayList<Object> stack = new ArrayList<>();
  private final Map<Long, Object> memo = new HashMap<>();

  private Pickle(byte[] bytes, Function<String, NetworkException> problem) {
    text = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    this.problem = problem;
  }

  /**
   * Reads one value.
   *
   * @param problem makes an error of what is wrong, putting the file before it
   */
  static Object read(byte[] bytes, Function<String, NetworkException> problem) {
    var pickle = new Pickle(bytes, problem);
    try {
      return pickle.run();
    } catch (BufferUnderflowException e) {
      throw problem.apply("is cut off: it ends at byte " + bytes.length + " inside an opcode");
    }
  }

  private Object run() {
    while (true) {
      int at = text.position();
      int opcode = text.get() & 0xff;
      switch (opcode) {
        case 0x80 -> protocol();
        case 0x95 -> text.getLong(); // FRAME: a length, for readers that buffer
        case '.' -> {
          return last(at);
        }
        case '(' -> stack.add(MARK);
        case 'N' -> stack.add(null);
        case 0x88 -> stack.add(true);
        case 0x89 -> stack.add(false);
        case 'J' -> stack.add((long) text.getInt());
        case 'K' -> stack.add(text.get() & 0xffL);
        case 'M' -> stack.add(text.getShort() & 0xffffL);
        case 0x8a -> stack.add(longNumber(at));
        case 'G' ->
            stack.add(
                Double.longBitsToDouble(Long.reverseBytes(text.getLong()))); // the one big-endian
        case 'X' -> stack.add(string(text.getInt() & 0xffffffffL, at));
        case 0x8c -> stack.add(string(text.get() & 0xffL, at));
        case 0x8d -> stack.add(string(text.getLong(), at));
        case ']' -> stack.add(new ArrayList<>());
        case '}' -> stack.add(new LinkedHashMap<>());
        case ')' -> stack.add(new Tuple(List.of()));
        case 't' -> stack.add(new Tuple(sinceMark(at)));
        case 0x85 -> stack.add(tuple(1, at));
        case 0x86 -> stack.add(tuple(2, at));
        case 0x87 -> stack.add(tuple(3, at));
        case 'a' -> {
          var item = pop(at);
          list(at).add(item);
        }
        case 'e' -> {
          var items = sinceMark(at);
          list(at).addAll(items);
        }
        case 's' -> {
          var value = pop(at);
          var key = pop(at);
          put(dictionary(at), key, value, at);
        }
        case 'u' -> setItems(sinceMark(at), at);
        case 'q' -> memo.put(text.get() & 0xffL, top(at));
        case 'r' -> memo.put(text.getInt() & 0xffffffffL, top(at));
        case 0x94 -> memo.put((long) memo.size(), top(at));
        case 'h' -> stack.add(recall(text.get() & 0xffL, at));
        case 'j' -> stack.add(recall(text.getInt() & 0xffffffffL, at));
        case '0' -> pop(at);
        case 'c' -> stack.add(known(line(at), line(at)));
        case 0x93 -> {
          var name = pop(at);
          var module = pop(at);
          stack.add(known(String.valueOf(module), String.valueOf(name)));
        }
        case 'R' -> {
          var arguments = arguments(pop(at), at);
          stack.add(reduce(pop(at), arguments, at));
        }
        case 'b' -> {
          pop(at); // what Python would set as attributes: of a state dict, versions of its modules
          dictionary(at);
        }
        case 'Q' -> stack.add(storage(pop(at), at));
        default ->
            throw problem.apply(
                "has the opcode %s%s at byte %d, which is not part of a dictionary of tensors; %s"
                    .formatted(
                        REFUSED.containsKey(opcode) ? REFUSED.get(opcode) + " " : "",
                        "0x%02x".formatted(opcode),
                        at,
                        WHAT_IS_READ));
      }
    }
  }

  private static final String WHAT_IS_READ =
      "only tensors, numbers, texts, lists and dictionaries are read, and no code is run. Save the"
          + " state dict alone: torch.save(model.state_dict(), \"weights.pt\")";

  private void protocol() {
    int protocol = text.get() & 0xff;
    if (protocol > 5) {
      throw problem.apply("is of pickle protocol " + protocol + "; 2 to 5 are read");
    }
  }

  private Object last(int at) {
    if (stack.size() != 1) {
      throw damaged("ends with %d values on its stack instead of one".formatted(stack.size()), at);
    }
    return pop(at);
  }

  /** Little-endian two's complement of a given length. */
  private long longNumber(int at) {
    var bytes = new byte[text.get() & 0xff];
    text.get(bytes);
    for (int i = 0; i < bytes.length / 2; i++) {
      byte swapped = bytes[i];
      bytes[i] = bytes[bytes.length - 1 - i];
      bytes[bytes.length - 1 - i] = swapped;
    }
    var number = bytes.length == 0 ? BigInteger.ZERO : new BigInteger(bytes);
    if (number.bitLength() > 63) {
      throw damaged("has a number of more than 64 bits", at);
    }
    return number.longValue();
  }

  private String string(long length, int at) {
    if (length < 0 || length > text.remaining()) {
      throw problem.apply(
          "is cut off: a text of %d bytes is announced at byte %d, and %d follow"
              .formatted(length, at, text.remaining()));
    }
    var bytes = text.slice(text.position(), (int) length);
    text.position(text.position() + (int) length);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw damaged("has a text that is no UTF-8", at);
    }
  }

  private String line(int at) {
    int begin = text.position();
    while (text.get() != '\n') {
      if (text.position() - begin > 1000) {
        throw damaged("has a name longer than 1000 bytes", at);
      }
    }
    return new String(
        text.array(), begin, text.position() - 1 - begin, StandardCharsets.ISO_8859_1);
  }

  private Object top(int at) {
    if (stack.isEmpty() || stack.getLast() == MARK) {
      throw damaged("takes a value from an empty stack", at);
    }
    return stack.getLast();
  }

  private Object pop(int at) {
    var value = top(at);
    stack.removeLast();
    return value;
  }

  private List<Object> sinceMark(int at) {
    int mark = stack.lastIndexOf(MARK);
    if (mark < 0) {
      throw damaged("takes values from a mark that was never set", at);
    }
    var tail = stack.subList(mark, stack.size());
    var values = new ArrayList<>(tail.subList(1, tail.size()));
    tail.clear();
    return values;
  }

  private Tuple tuple(int length, int at) {
    var items = new ArrayList<Object>();
    for (int i = 0; i < length; i++) {
      items.addFirst(pop(at));
    }
    return new Tuple(items);
  }

  @SuppressWarnings("unchecked") // every list here was made here
  private List<Object> list(int at) {
    if (top(at) instanceof ArrayList<?> list) {
      return (List<Object>) list;
    }
    throw damaged("appends to what is no list", at);
  }

  @SuppressWarnings("unchecked") // every map here was made here
  private Map<Object, Object> dictionary(int at) {
    if (top(at) instanceof LinkedHashMap<?, ?> map) {
      return (Map<Object, Object>) map;
    }
    throw damaged("puts an item into what is no dictionary", at);
  }

  private void setItems(List<Object> items, int at) {
    var dictionary = dictionary(at);
    if (items.size() % 2 != 0) {
      throw damaged("has a dictionary with a key and no value", at);
    }
    for (int i = 0; i < items.size(); i += 2) {
      put(dictionary, items.get(i), items.get(i + 1), at);
    }
  }

  private void put(Map<Object, Object> dictionary, Object key, Object value, int at) {
    switch (key) {
      case String _, Long _, Double _, Boolean _ -> dictionary.put(key, value);
      case null, default ->
          throw damaged("has a dictionary whose key is neither a text nor a number", at);
    }
  }

  private Object recall(long index, int at) {
    if (!memo.containsKey(index)) {
      throw damaged("recalls value " + index + ", which was never kept", at);
    }
    return memo.get(index);
  }

  private Object known(String module, String name) {
    var whole = module + "." + name;
    if (module.equals("torch")) {
      for (var type : StorageType.values()) {
        if (type.name().equals(name)) {
          return type;
        }
      }
    }
    return switch (whole) {
      case "collections.OrderedDict" -> Known.ORDERED_DICT;
      case "torch._utils._rebuild_tensor_v2" -> Known.REBUILD_TENSOR;
      case "torch._utils._rebuild_parameter" -> Known.REBUILD_PARAMETER;
      default ->
          throw problem.apply(
              "names '%s', which is not part of a dictionary of tensors; %s"
                  .formatted(printable(whole), WHAT_IS_READ));
    };
  }

  private static String printable(String name) {
    var safe = name.replaceAll("[^ -~]", "?");
    return safe.length() <= 80 ? safe : safe.substring(0, 77) + "...";
  }

  private List<Object> arguments(Object value, int at) {
    if (value instanceof Tuple(var items)) {
      return items;
    }
    throw damaged("has arguments that are no tuple", at);
  }

  private Object reduce(Object function, List<Object> arguments, int at) {
    if (function == Known.REBUILD_TENSOR) {
      return view(arguments, at);
    }
    if (function == Known.REBUILD_PARAMETER
        && !arguments.isEmpty()
        && arguments.getFirst() instanceof View view) {
      return view;
    }
    if (function == Known.ORDERED_DICT && arguments.isEmpty()) {
      return new LinkedHashMap<>();
    }
    throw damaged("calls what is no function of tensors", at);
  }

  /** {@code (storage, offset, shape, stride, requires_grad, hooks)}, perhaps metadata. */
  private View view(List<Object> arguments, int at) {
    if (arguments.size() >= 6
        && arguments.get(0) instanceof Storage storage
        && arguments.get(1) instanceof Long offset
        && arguments.get(2) instanceof Tuple(var shape)
        && arguments.get(3) instanceof Tuple(var stride)
        && shape.size() == stride.size()) {
      return new View(storage, offset, longs(shape, at), longs(stride, at));
    }
    throw damaged("describes a tensor in a way that is not PyTorch's", at);
  }

  private long[] longs(List<Object> items, int at) {
    var longs = new long[items.size()];
    for (int i = 0; i < longs.length; i++) {
      if (!(items.get(i) instanceof Long number) || number < 0) {
        throw damaged("has a tensor with a side or stride that is no whole number", at);
      }
      longs[i] = number;
    }
    return longs;
  }

  /** {@code ("storage", type, key, device, length)}. */
  private Storage storage(Object value, int at) {
    if (value instanceof Tuple(var items)
        && items.size() == 5
        && "storage".equals(items.get(0))
        && items.get(1) instanceof StorageType type
        && items.get(2) instanceof String key
        && items.get(4) instanceof Long length
        && length >= 0) {
      return new Storage(type, key, length);
    }
    throw damaged("describes a storage in a way that is not PyTorch's", at);
  }

  private NetworkException damaged(String what, int at) {
    return problem.apply("is damaged: it %s (byte %d)".formatted(what, at));
  }
}
