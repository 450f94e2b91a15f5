package rheobase.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * Sequences that belong together, such as the training set of a data set.
 *
 * @param name what to call the set in messages and reports
 * @param channels number of values per step, the same in all sequences
 * @param classes names of the classes; a target is an index into this list. Where sequences are
 *     transcribed the last of them is the blank, which says that nothing is said and is no target
 * @param sequences may be empty
 */
public record SequenceSet(
    String name, int channels, List<String> classes, List<Sequence> sequences) {

  /**
   * Checks that every sequence fits the channels and the classes and that no two share an id.
   *
   * @throws DataException naming the sequence and, for a target outside the classes, its step or
   *     its place among the labels
   */
  public SequenceSet {
    classes = List.copyOf(classes);
    sequences = List.copyOf(sequences);
    if (channels < 1) {
      throw new DataException(
          "The set %s has %d channels; it needs at least one.".formatted(name, channels));
    }
    if (classes.isEmpty()) {
      throw new DataException("The set %s names no classes.".formatted(name));
    }
    final Set<String> ids = new HashSet<>();
    for (Sequence sequence : sequences) {
      check(name, channels, classes, sequence);
      if (!ids.add(sequence.id())) {
        throw new DataException(
            "The set %s holds two sequences with the id %s.".formatted(name, sequence.id()));
      }
    }
  }

  private static void check(String name, int channels, List<String> classes, Sequence sequence) {
    if (sequence.channels() != channels) {
      throw new DataException(
          "Sequence %s has %d channels, but the set %s has %d."
              .formatted(sequence.id(), sequence.channels(), name, channels));
    }
    final int[] targets = sequence.targets();
    for (int i = 0; i < targets.length; i++) {
      if (sequence.transcribed() && targets[i] == classes.size() - 1) {
        throw new DataException(
            "Sequence %s has the label %d (%s) in place %d; of a transcribed set, %s, the last class is the blank, which nobody says."
                .formatted(sequence.id(), targets[i], classes.getLast(), i, name));
      }
      if (targets[i] < 0 || targets[i] >= classes.size()) {
        final String where =
            sequence.transcribed()
                ? " in place " + i
                : sequence.targetsEachStep() ? " at step " + i : "";
        throw new DataException(
            "Sequence %s has the label %d%s; the classes of %s are 0 to %d (%s)."
                .formatted(
                    sequence.id(),
                    targets[i],
                    where,
                    name,
                    classes.size() - 1,
                    String.join(", ", classes)));
      }
    }
  }

  /** Number of sequences. */
  public int size() {
    return sequences.size();
  }

  /** Whether another set holds the same signals and targets in the same order. */
  public boolean sameSequences(SequenceSet other) {
    boolean same = size() == other.size();
    for (int i = 0; same && i < size(); i++) {
      final Sequence mine = sequences.get(i);
      final Sequence theirs = other.sequences.get(i);
      same =
          Arrays.equals(mine.targets(), theirs.targets()) && mine.signal().sameAs(theirs.signal());
    }
    return same;
  }

  /**
   * SHA-256, in hexadecimal, over everything but the name: channels, classes, and of every sequence
   * in order its id, group, shape, number of targets, values, targets and annotations. A signal
   * that is not dense gives the name of its form and what it keeps in place of all values, and a
   * transcribed sequence says before its signal that it is one. Numbers are little-endian; a text
   * is its length in bytes and its UTF-8 bytes. It takes some ten milliseconds for ten megabytes
   * and is not remembered.
   */
  public String sha256() {
    final MessageDigest digest = newSha256();
    number(digest, channels);
    number(digest, classes.size());
    classes.forEach(c -> text(digest, c));
    number(digest, sequences.size());
    for (Sequence sequence : sequences) {
      text(digest, sequence.id());
      text(digest, sequence.group());
      number(digest, sequence.steps());
      number(digest, sequence.channels());
      number(digest, sequence.targets().length);
      if (sequence.transcribed()) {
        text(digest, "transcribed");
      }
      digest(digest, sequence.signal());
      final int[] targets = sequence.targets();
      final boolean[] annotated = sequence.annotated();
      final ByteBuffer buffer = littleEndian(5 * targets.length);
      for (int target : targets) {
        buffer.putInt(target);
      }
      for (boolean known : annotated) {
        buffer.put((byte) (known ? 1 : 0));
      }
      digest.update(buffer.array());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void digest(MessageDigest digest, Signal signal) {
    switch (signal) {
      case Signal.Dense dense -> floats(digest, dense.values());
      case Signal.Population population -> {
        text(digest, "population");
        number(digest, population.code().neurons());
        digest(digest, population.of());
      }
      case Signal.Poisson poisson -> {
        text(digest, "poisson");
        number(digest, poisson.code().neurons());
        number(digest, (int) (poisson.key() >>> 32));
        number(digest, (int) poisson.key());
        digest(digest, poisson.of());
      }
      case Signal.Window window -> {
        text(digest, "window");
        floats(digest, window.samples());
      }
      case Signal.Spikes spikes -> {
        text(digest, "spikes");
        final int count = spikes.starts()[spikes.steps()];
        final ByteBuffer buffer = littleEndian(4 * spikes.starts().length + 2 * count);
        for (int start : spikes.starts()) {
          buffer.putInt(start);
        }
        for (int i = 0; i < count; i++) {
          buffer.putChar(spikes.active()[i]);
        }
        digest.update(buffer.array());
      }
    }
  }

  private static void floats(MessageDigest digest, float[] values) {
    final ByteBuffer buffer = littleEndian(4 * values.length);
    buffer.asFloatBuffer().put(values);
    digest.update(buffer.array());
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void number(MessageDigest digest, int value) {
    digest.update(littleEndian(4).putInt(value).array());
  }

  private static void text(MessageDigest digest, String text) {
    final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    number(digest, bytes.length);
    digest.update(bytes);
  }

  private static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("Every Java platform has SHA-256.", e);
    }
  }
}
