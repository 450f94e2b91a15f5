package rheobase.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * What only a process of its own can show: signals, sudden death, and a file system that refuses.
 */
@DisabledOnOs(OS.WINDOWS)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ProcessTest {
  /** More epochs than any test waits for. */
  private static final String[] ENDLESS = {"--epochs", "100000"};

  @TempDir private Path folder;

  @Test
  void controlCFinishesTheStepAndSaysHowToGoOn() throws Exception {
    assumeTrue(interruptsAreHeard(), "SIGINT is ignored here, as for a background job of a shell");
    var process = start("", small("train", "ecg", "--out", "run", ENDLESS));
    try (var err = process.errorReader()) {
      waitForEpoch(err, 2);
      new ProcessBuilder("kill", "-INT", "" + process.pid()).start().waitFor();
      var rest = err.lines().toList();
      assertThat(process.waitFor()).isEqualTo(130);
      assertThat(rest).contains("go on with: rheo resume run");
      assertThat(String.join("\n", rest)).doesNotContain("\tat ");
    }
    assertThat(folder.resolve("run/checkpoint")).exists();
  }

  /**
   * Killed without a chance to write anything, the run still ends with the bits of one that was
   * left alone.
   */
  @Test
  void killedRunGoesOnToTheSameBits() throws Exception {
    stopAfterSteps(5, "--out", "killed", "--epochs", "200");
    var process = start("", "resume", "killed");
    try (var err = process.errorReader()) {
      waitForEpoch(err, 4);
      process.destroyForcibly().waitFor();
    }
    assertThat(folder.resolve("killed/model.rheo")).doesNotExist();
    assertThat(Rheo.call(folder, "resume", "killed", "--quiet").status()).isZero();
    var whole =
        Rheo.call(folder, small("train", "ecg", "--out", "whole", "--quiet", "--epochs", "200"));
    assertThat(whole.status()).as(whole.err()).isZero();
    assertThat(folder.resolve("killed/model.rheo"))
        .hasSameBinaryContentAs(folder.resolve("whole/model.rheo"));
  }

  /**
   * A limit on the size of files stands in for a full disk: the write of the checkpoint fails
   * half-way.
   */
  @Test
  void fullDiskLeavesTheOldCheckpointAndSaysSo() throws Exception {
    stopAfterSteps(3, "--out", "run", "--epochs", "3");
    var checkpoint = folder.resolve("run/checkpoint");
    var before = Files.readAllBytes(checkpoint);
    assertThat(before.length).as("the limit must stop it").isGreaterThan(16 * 1024);

    var full = start("ulimit -f 16; ", "resume", "run");
    try (var err = full.errorReader()) {
      var said = String.join("\n", err.lines().toList());
      assertThat(full.waitFor()).as(said).isEqualTo(1);
      assertThat(said).contains("rheo: ").contains("checkpoint").doesNotContain("\tat ");
    }
    assertThat(Files.readAllBytes(checkpoint)).isEqualTo(before);
    assertThat(Rheo.call(folder, "resume", "run", "--quiet").status()).isZero();
  }

  private void stopAfterSteps(int steps, String option, String value, String... more) {
    var asked = new AtomicInteger();
    var stopped =
        Rheo.call(
            folder,
            () -> asked.incrementAndGet() > steps,
            small("train", "ecg", option, value, more));
    assertThat(stopped.status()).as(stopped.err()).isEqualTo(130);
  }

  @Test
  void secondProcessInTheSameFolderIsRefused() throws Exception {
    var process = start("", small("train", "ecg", "--out", "run", ENDLESS));
    try (var err = process.errorReader()) {
      waitForEpoch(err, 1);
      var second = Rheo.call(folder, "resume", "run");
      assertThat(second.status()).isEqualTo(2);
      assertThat(second.err()).contains("another rheo is at work in");
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private static String[] small(
      String command, String experiment, String option, String value, String... more) {
    return Stream.concat(
            Stream.of(Rheo.small(command, experiment, option, value))
                .takeWhile(argument -> !argument.equals("--epochs")),
            Stream.concat(Stream.of("--threads", "1"), Stream.of(more)))
        .toArray(String[]::new);
  }

  /** Bit 2 of the mask of ignored signals is SIGINT; a child inherits it. */
  private static boolean interruptsAreHeard() throws IOException {
    var status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return true;
    }
    var ignored =
        Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .findFirst()
            .orElseThrow();
    return (Long.parseUnsignedLong(ignored.substring("SigIgn:".length()).strip(), 16) & 2) == 0;
  }

  private Process start(String before, String... arguments) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("--add-modules", "jdk.incubator.vector", "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(
        List.of("-Drheobase.home=" + Rheo.HOME, "-cp", System.getProperty("java.class.path")));
    command.add("rheobase.app.Main");
    command.addAll(List.of(arguments));
    var words = command.stream().map(word -> "'" + word + "'").toList();
    return new ProcessBuilder("bash", "-c", before + "exec " + String.join(" ", words))
        .directory(folder.toFile())
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static void waitForEpoch(BufferedReader err, int epoch) throws IOException {
    for (var line = err.readLine(); line != null; line = err.readLine()) {
      if (line.matches("epoch +" + epoch + "/.*")) {
        return;
      }
    }
    throw new AssertionError("the process ended before epoch " + epoch);
  }
}
