package rheobase.network.foreign;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import rheobase.network.NetworkException;
import rheobase.network.foreign.Pickle.Storage;
import rheobase.network.foreign.Pickle.Tuple;
import rheobase.network.foreign.Pickle.View;
import rheobase.network.model.Archive;
import rheobase.network.model.SavedTensor;

/**
 * A file of {@code torch.save} from PyTorch 1.6 on: a zip with one folder, in it {@code data.pkl},
 * which says what there is, and {@code data/0}, {@code data/1}, ..., the bytes of the storages.
 *
 * <p>Dictionaries inside dictionaries become names with dots: {@code state_dict.i2h.weight}. What
 * is no tensor (an epoch, settings of an optimiser) is passed over.
 */
final class TorchFile {
  /** Far more than names and shapes ever take. */
  private static final long LONGEST_PICKLE = 1 << 26;

  private static final int DEEPEST = 32;

  /** Values looked at; a small pickle can hold lists of lists that stand for very many. */
  private static final int MOST_VALUES = 1 << 20;

  private final Path file;
  private final ZipFile zip;
  private final String folder;
  private final ByteOrder order;
  private final Map<String, View> views = new LinkedHashMap<>();
  private final Map<String, ByteBuffer> storages = new HashMap<>();
  private int seen;

  private TorchFile(Path file, ZipFile zip, String folder) {
    this.file = file;
    this.zip = zip;
    this.folder = folder;
    var byteOrder = zip.getEntry(folder + "byteorder");
    order =
        byteOrder != null
                && new String(Archive.entry(zip, byteOrder, file), StandardCharsets.US_ASCII)
                    .strip()
                    .equals("big")
            ? ByteOrder.BIG_ENDIAN
            : ByteOrder.LITTLE_ENDIAN;
  }

  /** The name of the pickle in a zip file; null when it is none of PyTorch's. */
  static String pickle(ZipFile zip) {
    return Collections.list(zip.entries()).stream()
        .map(ZipEntry::getName)
        .filter(name -> name.equals("data.pkl") || name.matches("[^/]+/data\\.pkl"))
        .findFirst()
        .orElse(null);
  }

  /**
   * Every tensor of a file.
   *
   * @param pickle as {@link #pickle} found it
   */
  static List<SavedTensor> read(Path file, ZipFile zip, String pickle) throws IOException {
    var folder = pickle.substring(0, pickle.length() - "data.pkl".length());
    if (zip.getEntry(folder + "constants.pkl") != null) {
      throw new NetworkException(
          file
              + " is a TorchScript program, which holds code; save its state dict:"
              + " torch.save(torch.jit.load(FILE).state_dict(), \"weights.pt\")");
    }
    return new TorchFile(file, zip, folder).tensors(zip.getEntry(pickle));
  }

  private List<SavedTensor> tensors(ZipEntry pickle) {
    if (pickle.getSize() > LONGEST_PICKLE) {
      throw problem(
          "has a list of tensors of " + pickle.getSize() + " bytes; that is no state dict");
    }
    var root =
        Pickle.read(
            Archive.entry(zip, pickle, file),
            what -> problem("cannot be used: its data.pkl " + what));
    if (!(root instanceof Map<?, ?>)) {
      throw problem(
          root instanceof View
              ? "holds a single tensor without a name; save a dictionary: torch.save({\"name\":"
                  + " tensor}, FILE)"
              : "holds no dictionary of tensors; save a state dict: torch.save(model.state_dict(),"
                  + " FILE)");
    }
    collect("", root, 0);
    var tensors = new ArrayList<SavedTensor>();
    views.forEach((name, view) -> tensors.add(tensor(name, view)));
    return tensors;
  }

  private void collect(String name, Object value, int depth) {
    if (depth > DEEPEST || ++seen > MOST_VALUES) {
      throw problem("holds dictionaries in dictionaries without end; that is no state dict");
    }
    switch (value) {
      case View view -> {
        if (views.putIfAbsent(name, view) != null) {
          throw problem("holds two tensors called '" + name + "'");
        }
      }
      case Map<?, ?> map -> map.forEach((key, item) -> collect(below(name, key), item, depth + 1));
      case List<?> list -> collect(name, list, depth);
      case Tuple(var items) -> collect(name, items, depth);
      case null, default -> {
        // a number, a text: nothing of a network
      }
    }
  }

  private void collect(String name, List<?> items, int depth) {
    for (int i = 0; i < items.size(); i++) {
      collect(below(name, i), items.get(i), depth + 1);
    }
  }

  private static String below(String name, Object key) {
    return name.isEmpty() ? key.toString() : name + "." + key;
  }

  private SavedTensor tensor(String name, View view) {
    var storage = view.storage();
    var shape = new int[view.shape().length];
    long count = 1;
    long last = view.offset();
    for (int axis = 0; axis < shape.length; axis++) {
      long side = view.shape()[axis];
      long stride = view.stride()[axis];
      // The bounds keep every product below 2^62, so none can wrap around.
      if (side > Integer.MAX_VALUE || stride > Integer.MAX_VALUE || count > Integer.MAX_VALUE) {
        throw problem("has the tensor '" + name + "' with an impossible shape");
      }
      shape[axis] = (int) side;
      count *= side;
      last += Math.max(0, side - 1) * stride;
    }
    if (count > storage.length()) {
      throw problem(
          "has the tensor '%s' of %d values over only %d, as expand makes it; save a copy of it"
              .formatted(name, count, storage.length()));
    }
    if (count > 0 && (view.offset() < 0 || last >= storage.length())) {
      throw problem(
          "has the tensor '%s' that reaches beyond its storage of %d values"
              .formatted(name, storage.length()));
    }
    return new SavedTensor(name, shape, values(storage, view, shape, (int) count));
  }

  private float[] values(Storage storage, View view, int[] shape, int count) {
    if (count == 0) {
      return new float[0];
    }
    var bytes = storages.computeIfAbsent(storage.key(), _ -> bytes(storage));
    if (bytes.capacity() != storage.length() * storage.type().bytes) {
      throw problem(
          "has %d bytes in storage '%s', where %d values of %s need %d"
              .formatted(
                  bytes.capacity(),
                  storage.key(),
                  storage.length(),
                  storage.type(),
                  storage.length() * storage.type().bytes));
    }
    var values = new float[count];
    var index = new int[shape.length];
    long at = view.offset();
    for (int i = 0; i < count; i++) {
      values[i] = value(bytes, storage.type(), (int) at);
      for (int axis = shape.length - 1; axis >= 0; axis--) {
        at += view.stride()[axis];
        if (++index[axis] < shape[axis]) {
          break;
        }
        at -= shape[axis] * view.stride()[axis];
        index[axis] = 0;
      }
    }
    return values;
  }

  private ByteBuffer bytes(Storage storage) {
    var entry = zip.getEntry(folder + "data/" + storage.key());
    if (entry == null) {
      throw problem(
          "lacks the storage '%s' of its tensors; it is damaged".formatted(storage.key()));
    }
    return ByteBuffer.wrap(Archive.entry(zip, entry, file)).order(order);
  }

  private static float value(ByteBuffer bytes, Pickle.StorageType type, int at) {
    return switch (type) {
      case DoubleStorage -> (float) bytes.getDouble(8 * at);
      case FloatStorage -> bytes.getFloat(4 * at);
      case HalfStorage -> Float.float16ToFloat(bytes.getShort(2 * at));
      case BFloat16Storage -> Float.intBitsToFloat(bytes.getShort(2 * at) << 16);
      case LongStorage -> bytes.getLong(8 * at);
      case IntStorage -> bytes.getInt(4 * at);
      case ShortStorage -> bytes.getShort(2 * at);
      case CharStorage -> bytes.get(at);
      case ByteStorage -> bytes.get(at) & 0xff;
      case BoolStorage -> bytes.get(at) == 0 ? 0 : 1;
    };
  }

  private NetworkException problem(String what) {
    return new NetworkException(file + " " + what);
  }
}
