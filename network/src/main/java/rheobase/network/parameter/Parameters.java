package rheobase.network.parameter;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rheobase.cell.kernel.Tape;
import rheobase.cell.language.Names;
import rheobase.network.NetworkException;

/**
 * All parameters of a network in one flat array, and the tensors that lie in it, {@link Tape#LEAD}
 * floats behind its beginning. The array is handed out as it is, for kernels and optimisers to work
 * on; padding before and between values is zero and must stay so.
 */
public final class Parameters {
  private final Map<String, Tensor> tensors;
  private final float[] values;

  private Parameters(Map<String, Tensor> tensors, float[] values) {
    this.tensors = tensors;
    this.values = values;
  }

  /** Lays tensors one after another, in the order they are named. */
  public static final class Builder {
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private int next = Tape.LEAD;

    private Builder() {}

    /** A matrix from {@code from} units to {@code to} units. */
    public Tensor matrix(String name, String group, int to, int from) {
      return matrix(name, group, 1, to, from);
    }

    /**
     * A matrix from {@code from} units to {@code blocks} gates of {@code to} units each; saved
     * {@code [blocks * to][from]}.
     */
    public Tensor matrix(String name, String group, int blocks, int to, int from) {
      return add(name, group, new int[] {Math.multiplyExact(blocks, to), from}, from, blocks);
    }

    /** One value per unit. */
    public Tensor vector(String name, String group, int units) {
      return vector(name, group, 1, units);
    }

    /** One value per unit of each of {@code blocks} gates; saved {@code [blocks * units]}. */
    public Tensor vector(String name, String group, int blocks, int units) {
      return add(name, group, new int[] {Math.multiplyExact(blocks, units)}, 1, blocks);
    }

    /** All values zero. */
    public Parameters build() {
      return new Parameters(new LinkedHashMap<>(tensors), new float[next]);
    }

    private Tensor add(String name, String group, int[] shape, int rows, int blocks) {
      if (blocks < 1 || rows < 1 || shape[0] < 1) {
        throw new NetworkException(
            "the tensor '"
                + name
                + "' would have the shape "
                + ShapeText.of(shape)
                + "; every side needs at least 1");
      }
      var tensor = Tensor.at(next, name, group, shape, rows, blocks);
      if (tensors.putIfAbsent(name, tensor) != null) {
        throw new NetworkException("two tensors of the network are called '" + name + "'");
      }
      long end = (long) next + (long) rows * tensor.stride();
      if (end > Integer.MAX_VALUE - 8) {
        throw new NetworkException(
            "the network is too large: with '"
                + name
                + "' it has "
                + end
                + " parameters, and 2^31 fit");
      }
      next = (int) end;
      return tensor;
    }
  }

  public static Builder builder() {
    return new Builder();
  }

  /** The flat array itself, not a copy. */
  public float[] values() {
    return values;
  }

  /** In the order they lie in. */
  public List<Tensor> tensors() {
    return List.copyOf(tensors.values());
  }

  /**
   * A tensor by name.
   *
   * @throws NetworkException when there is none, naming the nearest
   */
  public Tensor tensor(String name) {
    var tensor = tensors.get(name);
    if (tensor == null) {
      throw new NetworkException(
          "the network has no tensor '" + name + "'" + Names.hint(name, tensors.keySet()));
    }
    return tensor;
  }

  /** Number of parameters, padding left out. */
  public int count() {
    return tensors.values().stream().mapToInt(Tensor::count).sum();
  }

  /** The values of a tensor in its saved shape, {@code [to][from]} flattened or {@code [to]}. */
  public float[] get(String name) {
    return saved(tensor(name), values);
  }

  /**
   * Overwrites a tensor.
   *
   * @param saved {@code [to][from]} flattened, or {@code [to]}
   * @throws NetworkException when the number of values is another
   */
  public void set(String name, float[] saved) {
    var tensor = tensor(name);
    if (saved.length != tensor.count()) {
      throw new NetworkException(
          "the tensor '"
              + name
              + "' has the shape "
              + ShapeText.of(tensor.shape())
              + ", "
              + tensor.count()
              + " values, but was given "
              + saved.length);
    }
    for (int to = 0; to < tensor.columns(); to++) {
      for (int from = 0; from < tensor.rows(); from++) {
        values[tensor.index(to, from)] = saved[to * tensor.rows() + from];
      }
    }
  }

  /**
   * The values of a tensor in its saved shape, out of any array laid out as {@link #values()} is.
   */
  public static float[] saved(Tensor tensor, float[] flat) {
    var saved = new float[tensor.count()];
    for (int to = 0; to < tensor.columns(); to++) {
      for (int from = 0; from < tensor.rows(); from++) {
        saved[to * tensor.rows() + from] = flat[tensor.index(to, from)];
      }
    }
    return saved;
  }

  /** The same tensors with an array of their own. */
  public Parameters copy() {
    return new Parameters(tensors, values.clone());
  }

  /** The same tensors over another array, for instance one out of a checkpoint. */
  public Parameters with(float[] flat) {
    if (flat.length != values.length) {
      throw new NetworkException(
          "the network's parameters take "
              + values.length
              + " floats, but there are "
              + flat.length);
    }
    return new Parameters(tensors, flat.clone());
  }

  /**
   * Whether every tensor has the same name and shape and every value the same bits, so that NaN
   * equals itself and 0 differs from -0.
   */
  public boolean sameBits(Parameters other) {
    if (!new ArrayList<>(tensors.keySet()).equals(new ArrayList<>(other.tensors.keySet()))) {
      return false;
    }
    for (var tensor : tensors.values()) {
      if (!Arrays.equals(tensor.shape(), other.tensors.get(tensor.name()).shape())) {
        return false;
      }
      var here = get(tensor.name());
      var there = other.get(tensor.name());
      for (int i = 0; i < here.length; i++) {
        if (Float.floatToRawIntBits(here[i]) != Float.floatToRawIntBits(there[i])) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * A fingerprint of everything learnt: SHA-256 in lower-case hexadecimal over, for each tensor in
   * order, its name in UTF-8, a zero byte, the number of its sides and the sides as little-endian
   * 32-bit integers, and its values in saved shape as little-endian floats. It does not depend on
   * padding or on the machine.
   */
  public String sha256() {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      for (var tensor : tensors.values()) {
        digest.update(tensor.name().getBytes(StandardCharsets.UTF_8));
        var shape = tensor.shape();
        var bytes =
            ByteBuffer.allocate(1 + 4 + 4 * shape.length + 4 * tensor.count())
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 0)
                .putInt(shape.length);
        for (int side : shape) {
          bytes.putInt(side);
        }
        bytes.asFloatBuffer().put(get(tensor.name()));
        digest.update(bytes.array());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
