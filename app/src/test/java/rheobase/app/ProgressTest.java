package rheobase.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import rheobase.network.Score;
import rheobase.network.training.EpochRecord;

class ProgressTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final PrintStream err = new PrintStream(written, true, StandardCharsets.UTF_8);
  private long now;

  private Progress progress(boolean live, int columns) {
    return new Progress(err, live, true, columns, 400, () -> now);
  }

  private String text() {
    return written.toString(StandardCharsets.UTF_8);
  }

  private static EpochRecord epoch(int number) {
    var score = new Score(0.7843, 0.79, 612.34, new long[0][0]);
    return new EpochRecord(
        number, 0.01, score, score, null, 1, List.of(0.356, Double.NaN), 2.0, 309.4, true);
  }

  @Test
  void withoutATerminalEachEpochIsOnePlainLine() {
    var progress = progress(false, 120);
    progress.step(12, 64, 618, 650, 0.7, List.of(0.3, Double.NaN));
    assertThat(text()).isEmpty();
    progress.epoch(epoch(12));
    assertThat(text())
        .isEqualTo(
            "epoch  12/400  loss 612.3  train 78.43 %  validation 78.43 % *  rates 0.356 -  309"
                + " seq/s  12 min 56 s left\n");
  }

  @Test
  void onATerminalTheLineGrowsWhileTheEpochRuns() {
    var progress = progress(true, 120);
    progress.epoch(epoch(1));
    written.reset();
    now = 10_000_000_000L;
    progress.step(2, 309, 618, 650, 0.7, List.of(0.3));
    assertThat(text())
        .startsWith(
            "\repoch   2/400 " + "━".repeat(10) + "╌".repeat(10) + "  loss 650.0  train 70.00 %")
        .contains("13 min")
        .endsWith("\u001b[K");
    written.reset();
    now += 1_000_000;
    progress.step(2, 373, 618, 650, 0.7, List.of(0.3));
    assertThat(text()).as("redrawn ten times a second at most").isEmpty();
    now += 1_000_000_000;
    progress.epoch(epoch(2));
    assertThat(text()).startsWith("\repoch   2/400  loss").endsWith("\u001b[K\n");
  }

  @Test
  void lineThatIsTooLongForTheTerminalIsCut() {
    progress(true, 40).epoch(epoch(1));
    assertThat(text().strip().replace("\u001b[K", "")).hasSize(39);
  }

  @Test
  void durationsAreReadable() {
    assertThat(Words.duration(44.6)).isEqualTo("45 s");
    assertThat(Words.duration(192)).isEqualTo("3 min 12 s");
    assertThat(Words.duration(3840)).isEqualTo("1 h 04 min");
  }
}
