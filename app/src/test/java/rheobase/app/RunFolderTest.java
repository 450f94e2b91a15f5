package rheobase.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rheobase.network.NetworkException;

class RunFolderTest {
  private static final LocalDateTime NOW = LocalDateTime.of(2026, 11, 21, 9, 5, 7);

  @TempDir private Path folder;

  @Test
  void runsOfTheSameSecondGetFoldersOfTheirOwn() {
    try (var one = RunFolder.create(folder.resolve("runs"), "ecg", NOW);
        var two = RunFolder.create(folder.resolve("runs"), "ecg", NOW);
        var three = RunFolder.create(folder.resolve("runs"), "ecg", NOW)) {
      assertThat(one.path().getFileName()).hasToString("ecg-20261121-090507");
      assertThat(two.path().getFileName()).hasToString("ecg-20261121-090507-2");
      assertThat(three.path().getFileName()).hasToString("ecg-20261121-090507-3");
    }
  }

  @Test
  void folderThatHoldsAnythingIsRefused() throws Exception {
    Files.writeString(folder.resolve("precious.txt"), "x");
    assertThatThrownBy(() -> RunFolder.createAt(folder))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining("is not empty");
    assertThat(folder.resolve("precious.txt")).exists();
    assertThat(folder.resolve("lock")).doesNotExist();
  }

  @Test
  void twoRunsCannotShareAFolder() {
    try (var first = begun(folder.resolve("a"))) {
      assertThatThrownBy(() -> RunFolder.open(first.path()))
          .isInstanceOf(NetworkException.class)
          .hasMessageContaining("another rheo is at work in");
    }
    RunFolder.open(folder.resolve("a")).close();
  }

  @Test
  void folderWithoutARunIsNotOpened() {
    assertThatThrownBy(() -> RunFolder.open(folder))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining("is no run folder");
  }

  @Test
  void folderInWhichNothingCameToBeIsTakenBack() {
    var run = begun(folder.resolve("a"));
    run.close();
    run.discard();
    assertThat(folder.resolve("a")).doesNotExist();
  }

  @Test
  void folderThatHoldsAModelIsNeverTakenBack() throws Exception {
    var run = begun(folder.resolve("a"));
    run.close();
    Files.writeString(run.file(RunFolder.MODEL), "x");
    run.discard();
    assertThat(run.file(RunFolder.MODEL)).exists();
  }

  private static RunFolder begun(Path folder) {
    var run = RunFolder.createAt(folder);
    run.write(RunFolder.EXPERIMENT, "x");
    run.write(RunFolder.NOTE, "{}");
    return run;
  }
}
