package rheobase.network.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFileTest {
  @TempDir Path folder;

  private void assertOnly(String name, String content) throws IOException {
    assertThat(folder.resolve(name)).hasContent(content);
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(folder.resolve(name));
    }
  }

  @Test
  void aNewFileReplacesTheOldOne() throws IOException {
    var file = folder.resolve("checkpoint");
    DurableFile.write(file, out -> out.write("old".getBytes()));
    DurableFile.write(file, out -> out.write("new".getBytes()));
    assertOnly("checkpoint", "new");
  }

  @Test
  void aPartLeftByAKilledRunIsNoHindrance() throws IOException {
    Files.writeString(folder.resolve("checkpoint.part"), "a torn and rather longer beginning");
    DurableFile.write(folder.resolve("checkpoint"), out -> out.write("new".getBytes()));
    assertOnly("checkpoint", "new");
  }

  @Test
  void anErrorHalfWayLeavesTheOldFileAndNoPart() throws IOException {
    var file = folder.resolve("checkpoint");
    Files.writeString(file, "old");
    assertThatThrownBy(() ->
            DurableFile.write(
                file,
                out -> {
                  out.write(new byte[1 << 20]);
                  throw new IOException("Input/output error");
                }))
        .isInstanceOf(WriteException.class)
        .hasMessage(
            "cannot write "
                + file
                + ": Input/output error; the file from before is still there, unchanged."
                + " Make room on that disk or the folder writable.");
    assertOnly("checkpoint", "old");
  }

  @Test
  void aFullDiskLeavesTheOldFileAndSaysWhatToDo() throws IOException {
    var full = Path.of("/dev/full");
    assumeTrue(Files.isWritable(full), "a device that is always full is a Linux thing");
    var file = folder.resolve("checkpoint");
    Files.writeString(file, "old");
    // The part is the device: what is written there fails as it does on a full disk, in the kernel.
    Files.createSymbolicLink(folder.resolve("checkpoint.part"), full);
    assertThatThrownBy(() -> DurableFile.write(file, out -> out.write("new".getBytes())))
        .isInstanceOf(WriteException.class)
        .hasMessageContaining(
            file + ": No space left on device; the file from before is still there")
        .hasMessageContaining("Make room");
    assertOnly("checkpoint", "old");
  }

  @Test
  void aMistakeInTheContentLeavesTheOldFileAndNoPart() throws IOException {
    var file = folder.resolve("model.rheo");
    Files.writeString(file, "old");
    assertThatThrownBy(() ->
            DurableFile.write(
                file,
                _ -> {
                  throw new IllegalStateException("a bug");
                }))
        .hasMessage("a bug");
    assertOnly("model.rheo", "old");
  }

  @Test
  void aFolderThatIsNotThereIsNamed() {
    var file = folder.resolve("gone/checkpoint");
    assertThatThrownBy(() -> DurableFile.write(file, out -> out.write(1)))
        .isInstanceOf(WriteException.class)
        .hasMessageStartingWith("cannot write " + file + ": No such file or directory.");
  }

  @Test
  void aFolderThatIsAFileIsNamed() throws IOException {
    var file = folder.resolve("taken/checkpoint");
    Files.writeString(folder.resolve("taken"), "a file");
    assertThatThrownBy(() -> DurableFile.write(file, out -> out.write(1)))
        .isInstanceOf(WriteException.class)
        .hasMessageStartingWith("cannot write " + file + ": Not a directory.");
  }

  @Test
  void anUnwritableFolderIsNamed() {
    var unwritable = folder.resolve("locked");
    assumeTrue(
        unwritable.toFile().mkdir()
            && unwritable.toFile().setWritable(false)
            && !Files.isWritable(unwritable),
        "whoever may write everywhere cannot be refused");
    var file = unwritable.resolve("checkpoint");
    assertThatThrownBy(() -> DurableFile.write(file, out -> out.write(1)))
        .isInstanceOf(WriteException.class)
        .hasMessageContaining(file + ": Permission denied");
  }

  @Test
  void aThreadThatWasInterruptedStillWritesItsCheckpoint() throws IOException {
    Thread.currentThread().interrupt();
    try {
      DurableFile.write(folder.resolve("checkpoint"), out -> out.write("new".getBytes()));
    } finally {
      assertThat(Thread.interrupted()).as("and the interrupt is not swallowed").isTrue();
    }
    assertOnly("checkpoint", "new");
  }
}
