package rheobase.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncodedFileTest {
  @TempDir private Path folder;

  private Path file;
  private SequenceSet set;

  @BeforeEach
  void writeOneOfEachKind() throws IOException {
    set =
        new SequenceSet(
            "größer",
            2,
            List.of("no", "yes"),
            List.of(
                sequence("dense", new Signal.Dense(2, 2, new float[] {1.5f, -2, 0, 1e-30f})),
                sequence("spikes", new Signal.Spikes(2, new int[] {0, 2, 2}, new char[] {0, 1})),
                sequence("window", new Signal.Window(3, 2, new float[] {0.1f, 0.2f, 0.3f})),
                new Sequence(
                    "steps",
                    "group",
                    new Signal.Dense(2, 2, new float[4]),
                    new int[] {0, 1},
                    new boolean[] {true, false}),
                Sequence.transcribed("said", "group", still(), new int[] {0, 0, 0})));
    file = folder.resolve("not/yet/there.rheoseq");
    EncodedFile.write(file, "key", set);
  }

  private static Signal still() {
    return new Signal.Dense(1, 2, new float[2]);
  }

  private static Sequence sequence(String id, Signal signal) {
    return new Sequence(id, "group", signal, new int[] {1}, new boolean[] {true});
  }

  @Test
  void givesBackEverySequenceInItsOwnForm() throws IOException {
    final SequenceSet read = EncodedFile.read(file, "key");
    assertThat(read.sha256()).isEqualTo(set.sha256());
    assertThat(read.name()).isEqualTo("größer");
    assertThat(read.classes()).containsExactly("no", "yes");
    for (int i = 0; i < set.size(); i++) {
      final Sequence before = set.sequences().get(i);
      final Sequence after = read.sequences().get(i);
      assertThat(after.id()).isEqualTo(before.id());
      assertThat(after.group()).isEqualTo("group");
      assertThat(after.signal()).hasSameClassAs(before.signal());
      assertThat(after.values()).containsExactly(before.values());
      assertThat(after.targets()).containsExactly(before.targets());
      assertThat(after.annotated()).containsExactly(before.annotated());
      assertThat(after.transcribed()).isEqualTo(before.transcribed());
    }
  }

  @Test
  void leavesNothingUnfinishedBeside() throws IOException {
    try (var files = Files.list(file.getParent())) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void everyChangedByteIsNoticed() throws IOException {
    final byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < whole.length; i++) {
      final byte[] changed = whole.clone();
      changed[i] ^= 4;
      Files.write(file, changed);
      assertThatThrownBy(() -> EncodedFile.read(file, "key"))
          .as("byte %d", i)
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void everyTruncationIsNoticed() throws IOException {
    final byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> EncodedFile.read(file, "key"))
          .as("%d bytes", length)
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void anotherKeyIsRefused() {
    assertThatThrownBy(() -> EncodedFile.read(file, "other"))
        .isInstanceOf(IOException.class)
        .hasMessage("holds something else");
  }
}
