package rheobase.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Recordings of every kind that are missing, cut off, empty or something else: whatever happens to
 * a file, the command ends in one sentence that names it.
 */
class DamagedDataTest {
  private static final List<String> EXPERIMENTS =
      new ExperimentFiles(Rheo.HOME.resolve("experiments"), Rheo.HOME).names();

  /** What a server sends in the place of a file that is no longer there. */
  private static final String PAGE =
      """
      <!DOCTYPE html>
      <html><head><title>404 Not Found</title></head>
      <body><h1>Not Found</h1><p>The requested URL was not found.</p></body></html>
      """;

  @TempDir private Path folder;

  /** What happens to a file. */
  private enum Damage {
    REMOVED {
      @Override
      void to(Path file) throws IOException {
        Files.delete(file);
      }
    },
    EMPTY {
      @Override
      void to(Path file) throws IOException {
        Files.write(file, new byte[0]);
      }
    },
    CUT_OFF {
      @Override
      void to(Path file) throws IOException {
        var bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
      }
    },
    A_PAGE {
      @Override
      void to(Path file) throws IOException {
        Files.writeString(file, PAGE);
      }
    },
    A_FOLDER {
      @Override
      void to(Path file) throws IOException {
        Files.delete(file);
        Files.createDirectory(file);
      }
    };

    abstract void to(Path file) throws IOException;

    /** Whether it is then as if the file were not there. */
    boolean hides(SmallFolder kind) {
      return this == REMOVED
          || this == A_FOLDER
              && EnumSet.of(SmallFolder.CSV, SmallFolder.NPZ, SmallFolder.WFDB).contains(kind);
    }
  }

  @BeforeEach
  void write() throws IOException {
    SmallFolder.own(folder);
  }

  @ParameterizedTest
  @EnumSource
  void whateverHappensToAFileOneSentenceNamesIt(SmallFolder kind) throws IOException {
    var good = Files.createDirectory(folder.resolve("good"));
    kind.write(good);
    var whole = data(kind, good);
    assertThat(whole.status()).as(whole.err()).isZero();
    for (var file : kind.files) {
      for (var damage : EnumSet.allOf(Damage.class)) {
        var bad = folder.resolve(damage + "-" + kind.files.indexOf(file));
        Files.createDirectory(bad);
        kind.write(bad);
        damage.to(bad.resolve(file));
        var call = data(kind, bad);
        if (damage.hides(kind) && !kind.needs(file)) {
          assertThat(call.status()).as("%s without %s", kind, file).isZero();
        } else if (damage.hides(kind) && kind == SmallFolder.NPZ) {
          sentence(call, "**.npz");
        } else {
          sentence(call, kind.named(file));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CSV") // whose folders may have any name
  void whatIsLabelledAsNothingCanBeIsNamed(SmallFolder kind) throws IOException {
    kind.write(folder);
    var wrong = kind.mislabel(folder);
    sentence(data(kind, folder), wrong);
  }

  @ParameterizedTest
  @EnumSource(names = {"QTDB", "MNIST", "SHD", "SSC"})
  void trainingSetThatIsTheTestSetTooIsRefused(SmallFolder kind) throws IOException {
    kind.write(folder);
    for (var file : kind.files) {
      if (!file.contains("train")) {
        Files.copy(
            folder.resolve(file.replaceFirst("test|valid|t10k", "train")),
            folder.resolve(file),
            StandardCopyOption.REPLACE_EXISTING);
      }
    }
    var call = data(kind, folder);
    sentence(call, "one file lies under the name of the other");
    assertThat(call.err()).contains(" are the same 3 sequences");
  }

  @ParameterizedTest
  @FieldSource("EXPERIMENTS")
  void everyExperimentSaysWhatItWantsWhenItIsNotThere(String experiment) throws IOException {
    var empty = Files.createDirectory(folder.resolve("empty"));
    var file = Files.writeString(folder.resolve("file"), PAGE);
    for (var place : List.of(empty, file, folder.resolve("nowhere"))) {
      var call = Rheo.call(folder, "train", experiment, "--data", place.toString());
      sentence(call, place.toString());
      if (!experiment.equals("csv")) {
        assertThat(call.err()).as("the page it comes from").containsPattern("https?://");
      }
    }
    assertThat(folder.resolve("runs")).doesNotExist();
  }

  private Rheo data(SmallFolder kind, Path place) {
    return Rheo.call(folder, "data", kind.experiment, "--data", place.toString());
  }

  private static void sentence(Rheo call, String named) {
    assertThat(call.status()).as(call.err()).isEqualTo(Main.WRONG);
    assertThat(call.out()).isEmpty();
    assertThat(call.err().lines()).as(call.err()).hasSize(1);
    assertThat(call.err().strip())
        .startsWith("rheo: ")
        .contains(named)
        .matches("(?s).*[.?]")
        .doesNotContain("Exception", "defect");
  }
}
