package rheobase.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rheobase.data.Sequence;
import rheobase.data.SequenceSet;

class DataPreparationTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final PrintStream err = new PrintStream(written, true, StandardCharsets.UTF_8);
  private long now;

  @TempDir private Path folder;

  private Path recordings;
  private Path cache;
  private int encoded;

  @BeforeEach
  void record() throws IOException {
    recordings = Files.writeString(folder.resolve("recordings"), "first");
    cache = folder.resolve("cache");
  }

  @Test
  void dataAreEncodedOnce() {
    final SequenceSet made = prepare("gain 1");
    assertThat(prepare("gain 1").sha256()).isEqualTo(made.sha256());
    assertThat(encoded).isEqualTo(1);
    assertThat(text()).isEmpty();
  }

  @Test
  void otherSettingsAreEncodedAnew() {
    prepare("gain 1");
    prepare("gain 2");
    assertThat(encoded).isEqualTo(2);
    prepare("gain 1");
    assertThat(encoded).isEqualTo(2);
  }

  @Test
  void filesThatChangedAreEncodedAnew() throws IOException {
    prepare("gain 1");
    Files.writeString(recordings, "longer than the first");
    prepare("gain 1");
    assertThat(encoded).isEqualTo(2);
    Files.setLastModifiedTime(recordings, FileTime.fromMillis(0));
    prepare("gain 1");
    assertThat(encoded).isEqualTo(3);
  }

  @Test
  void damagedFileIsEncodedAnewAndMended() throws IOException {
    prepare("gain 1");
    final Path kept = onlyFile();
    Files.write(kept, new byte[] {1, 2, 3});
    prepare("gain 1");
    assertThat(encoded).isEqualTo(2);
    assertThat(text()).isEqualTo("rheo: " + kept + " is damaged; encoding the data again\n");
    prepare("gain 1");
    assertThat(encoded).isEqualTo(2);
  }

  @Test
  void folderThatCannotBeMadeIsNoReasonToFail() throws IOException {
    Files.writeString(cache, "a file stands where the folder would");
    assertThat(prepare("gain 1").size()).isOne();
    assertThat(text())
        .startsWith("rheo: the encoded data could not be kept for the next time: ")
        .contains(cache.toString());
  }

  @Test
  void terminalShowsOneLineThatIsTakenAwayAtTheEnd() {
    final var preparation = new DataPreparation(err, true, false, false, cache, () -> now);
    preparation.progress("reading", 1, 3000);
    assertThat(text()).as("not in the first tenth of a second").isEmpty();
    now += 200_000_000;
    preparation.progress("reading", 1234, 3000);
    assertThat(text()).isEqualTo("\rreading, 1,234 of 3,000\u001b[K");
    preparation.done();
    assertThat(text()).endsWith("\r\u001b[K");
  }

  @Test
  void elsewhereALineIsPrintedEveryTenSeconds() {
    final var preparation = new DataPreparation(err, false, false, false, cache, () -> now);
    for (int second = 0; second < 25; second++) {
      preparation.progress("reading", second, 25);
      now += 1_000_000_000L;
    }
    preparation.done();
    assertThat(text()).isEqualTo("reading, 10 of 25\nreading, 20 of 25\n");
  }

  @Test
  void quietShowsNothing() {
    final var preparation = new DataPreparation(err, true, true, false, cache, () -> now);
    now += 60_000_000_000L;
    preparation.progress("reading", 1, 2);
    preparation.done();
    assertThat(text()).isEmpty();
  }

  @Test
  void folderIsTheOneTheEnvironmentNames() {
    final Path home = Path.of("/home/ann");
    assertThat(DataPreparation.cache(Map.of(), home)).isEqualTo(home.resolve(".cache/rheobase"));
    assertThat(DataPreparation.cache(Map.of("XDG_CACHE_HOME", "/fast"), home))
        .isEqualTo(Path.of("/fast/rheobase"));
    assertThat(DataPreparation.cache(Map.of("XDG_CACHE_HOME", "relative"), home))
        .isEqualTo(home.resolve(".cache/rheobase"));
    assertThat(
            DataPreparation.cache(
                Map.of("XDG_CACHE_HOME", "/fast", "RHEOBASE_CACHE", "/here"), home))
        .isEqualTo(Path.of("/here"));
  }

  private SequenceSet prepare(String settings) {
    return new DataPreparation(err, false, false, false, cache, () -> now)
        .cached("speech", settings, List.of(recordings), this::encode);
  }

  private SequenceSet encode() {
    encoded++;
    final var only =
        new Sequence("one", "one", 1, 1, new float[1], new int[1], new boolean[] {true});
    return new SequenceSet("speech", 1, List.of("word"), List.of(only));
  }

  private Path onlyFile() throws IOException {
    try (var files = Files.list(cache)) {
      return files.toList().getFirst();
    }
  }

  private String text() {
    return written.toString(StandardCharsets.UTF_8);
  }
}
