package rheobase.data;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * A file that keeps an encoded {@link SequenceSet}, so that what took minutes to encode is read in
 * seconds the next time. It is of use to the program alone: the layout may change with any version.
 *
 * <p>Layout: eight letters; the key, which says what was encoded and how; the set; and a CRC-32C
 * over all before it. A file that is not complete, or was changed, is never half believed.
 */
public final class EncodedFile {
  private static final byte[] MAGIC = "RHEOSEQ2".getBytes(StandardCharsets.US_ASCII);

  private static final int DENSE = 0;
  private static final int SPIKES = 1;
  private static final int WINDOW = 2;

  private EncodedFile() {}

  /**
   * Writes a set, by way of a file beside it that takes its place when it is whole.
   *
   * @param key whatever decides the contents; {@link #read} wants the same
   * @throws IOException when the file cannot be written
   */
  public static void write(Path file, String key, SequenceSet set) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    final Path unfinished =
        Files.createTempFile(file.toAbsolutePath().getParent(), file.getFileName() + ".", ".part");
    try {
      final var sum = new CRC32C();
      try (OutputStream bytes = Files.newOutputStream(unfinished);
          var out =
              new DataOutputStream(
                  new CheckedOutputStream(new BufferedOutputStream(bytes, 1 << 16), sum))) {
        out.write(MAGIC);
        write(out, key);
        write(out, set);
        out.writeLong(sum.getValue());
      }
      Files.move(
          unfinished, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  /**
   * Reads a set.
   *
   * @throws IOException when the file is damaged, of another version or kept under another key; the
   *     message says which, as the end of a sentence that begins with the file
   */
  public static SequenceSet read(Path file, String key) throws IOException {
    check(file);
    try (var in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
      in.skipNBytes(MAGIC.length);
      if (!text(in).equals(key)) {
        throw new IOException("holds something else");
      }
      return set(in);
    } catch (DataException | NegativeArraySizeException e) {
      throw new IOException("is damaged", e);
    }
  }

  /** Reads the whole file once, so that nothing in it is trusted before all of it is sound. */
  private static void check(Path file) throws IOException {
    final long contents = Files.size(file) - Long.BYTES;
    if (contents < MAGIC.length) {
      throw new IOException("is damaged");
    }
    final var sum = new CRC32C();
    try (InputStream bytes = Files.newInputStream(file);
        var in = new DataInputStream(new BufferedInputStream(bytes, 1 << 16))) {
      final var checked = new CheckedInputStream(in, sum);
      final byte[] magic = checked.readNBytes(MAGIC.length);
      if (!Arrays.equals(magic, MAGIC)) {
        throw new IOException("is of another version");
      }
      checked.skipNBytes(contents - MAGIC.length);
      if (in.readLong() != sum.getValue()) {
        throw new IOException("is damaged");
      }
    }
  }

  private static void write(DataOutputStream out, SequenceSet set) throws IOException {
    write(out, set.name());
    out.writeInt(set.channels());
    out.writeInt(set.classes().size());
    for (String name : set.classes()) {
      write(out, name);
    }
    out.writeInt(set.size());
    for (Sequence sequence : set.sequences()) {
      write(out, sequence);
    }
  }

  private static SequenceSet set(DataInputStream in) throws IOException {
    final String name = text(in);
    final int channels = in.readInt();
    final List<String> classes = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      classes.add(text(in));
    }
    final List<Sequence> sequences = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      sequences.add(sequence(in));
    }
    return new SequenceSet(name, channels, classes, sequences);
  }

  private static void write(DataOutputStream out, Sequence sequence) throws IOException {
    write(out, sequence.id());
    write(out, sequence.group());
    out.writeBoolean(sequence.transcribed());
    out.writeInt(sequence.targets().length);
    for (int i = 0; i < sequence.targets().length; i++) {
      out.writeInt(sequence.targets()[i]);
      out.writeBoolean(sequence.annotated()[i]);
    }
    switch (sequence.signal()) {
      case Signal.Dense dense -> {
        out.writeByte(DENSE);
        out.writeInt(dense.steps());
        out.writeInt(dense.channels());
        write(out, dense.values());
      }
      case Signal.Spikes spikes -> {
        out.writeByte(SPIKES);
        out.writeInt(spikes.channels());
        write(out, spikes.starts());
        write(out, spikes.active());
      }
      case Signal.Population _, Signal.Poisson _ ->
          throw new IllegalArgumentException("such a code is made anew, not kept");
      case Signal.Window window -> {
        out.writeByte(WINDOW);
        out.writeInt(window.steps());
        out.writeInt(window.width());
        write(out, window.samples());
      }
    }
  }

  private static Sequence sequence(DataInputStream in) throws IOException {
    final String id = text(in);
    final String group = text(in);
    final boolean transcribed = in.readBoolean();
    final int[] targets = new int[in.readInt()];
    final boolean[] annotated = new boolean[targets.length];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = in.readInt();
      annotated[i] = in.readBoolean();
    }
    final Signal signal =
        switch (in.readByte()) {
          case DENSE -> new Signal.Dense(in.readInt(), in.readInt(), floats(in));
          case SPIKES -> new Signal.Spikes(in.readInt(), ints(in), chars(in));
          case WINDOW -> new Signal.Window(in.readInt(), in.readInt(), floats(in));
          default -> throw new IOException("is of another version");
        };
    return new Sequence(id, group, signal, targets, annotated, transcribed);
  }

  private static void write(DataOutputStream out, String text) throws IOException {
    final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(bytes(in, in.readInt()).array(), StandardCharsets.UTF_8);
  }

  private static void write(DataOutputStream out, float[] values) throws IOException {
    final ByteBuffer bytes = room(values.length, Float.BYTES);
    bytes.asFloatBuffer().put(values);
    out.writeInt(values.length);
    out.write(bytes.array());
  }

  private static float[] floats(DataInputStream in) throws IOException {
    final float[] values = new float[in.readInt()];
    bytes(in, values.length * Float.BYTES).asFloatBuffer().get(values);
    return values;
  }

  private static void write(DataOutputStream out, int[] values) throws IOException {
    final ByteBuffer bytes = room(values.length, Integer.BYTES);
    bytes.asIntBuffer().put(values);
    out.writeInt(values.length);
    out.write(bytes.array());
  }

  private static int[] ints(DataInputStream in) throws IOException {
    final int[] values = new int[in.readInt()];
    bytes(in, values.length * Integer.BYTES).asIntBuffer().get(values);
    return values;
  }

  private static void write(DataOutputStream out, char[] values) throws IOException {
    final ByteBuffer bytes = room(values.length, Character.BYTES);
    bytes.asCharBuffer().put(values);
    out.writeInt(values.length);
    out.write(bytes.array());
  }

  private static char[] chars(DataInputStream in) throws IOException {
    final char[] values = new char[in.readInt()];
    bytes(in, values.length * Character.BYTES).asCharBuffer().get(values);
    return values;
  }

  private static ByteBuffer room(int values, int size) {
    return ByteBuffer.allocate(Math.multiplyExact(values, size)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer bytes(DataInputStream in, int count) throws IOException {
    final byte[] bytes = new byte[count];
    in.readFully(bytes);
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
