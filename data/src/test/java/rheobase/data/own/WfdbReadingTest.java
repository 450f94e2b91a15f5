package rheobase.data.own;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rheobase.data.DataException;
import rheobase.data.Preparation;
import rheobase.data.Skipping;
import rheobase.data.own.Recordings.Recording;

class WfdbReadingTest {
  private static final WfdbReading ALL = new WfdbReading(List.of(), "atr");

  @TempDir private Path folder;

  @BeforeEach
  void copy() throws IOException {
    Files.createDirectories(folder.resolve("anna"));
    for (String name :
        List.of(
            "212.hea",
            "212.dat",
            "212.atr",
            "wide.hea",
            "wide.mat",
            "wide.atr",
            "odd.hea",
            "odd.dat")) {
      try (var in = WfdbReadingTest.class.getResourceAsStream("/rheobase/data/wfdb/" + name)) {
        Files.copy(in, folder.resolve("anna").resolve(name));
      }
    }
  }

  @Test
  void aBeatsLabelHoldsUntilTheNextBeat() {
    final Recording only = read(ALL, Spec.of("**/212.hea").label("beat")).getFirst();
    assertThat(only.id()).isEqualTo("anna/212");
    assertThat(only.steps()).isEqualTo(601 - 77);
    assertThat(runs(only)).containsExactly("N 123", "V 170", "N 230", "A 1");
    assertThat(only.values()[1]).isEqualTo((900 - 3 * (77 % 50)) / 100f);
  }

  @Test
  void badRecordsAreLeftOutWithTheirReasonWhereThatIsWanted() throws IOException {
    Files.write(folder.resolve("anna/212.dat"), new byte[5]);
    Files.writeString(folder.resolve("REFERENCE.csv"), "212,N\nwide,A\n");
    final var left = new Skipping();
    final var spec = Spec.of("**.hea").labels("REFERENCE.csv").spec();
    assertThat(ALL.read(folder, spec, left, Spec.NEAREST).all())
        .extracting(Recording::id)
        .containsExactly("anna/wide");
    assertThat(left.reasons)
        .hasSize(2)
        .anyMatch(reason -> reason.contains("212.dat"))
        .anyMatch(reason -> reason.contains("odd"));
  }

  @Test
  void aRhythmsLabelHoldsUntilTheRhythmChanges() {
    final Recording only = read(ALL, Spec.of("**/212.hea").label("rhythm")).getFirst();
    assertThat(runs(only)).containsExactly("N 183", "VT 199", "N 201");
  }

  @Test
  void aListMayLabelWholeRecordsAndAPathNameTheirGroup() throws IOException {
    Files.writeString(folder.resolve("REFERENCE.csv"), "212,N\nwide,A\n");
    final List<Recording> all =
        read(
            new WfdbReading(List.of("2"), "atr"),
            Spec.of("{group}/*2.hea").labels("REFERENCE.csv"));
    assertThat(all).hasSize(1);
    assertThat(all.getFirst().group()).isEqualTo("anna");
    assertThat(all.getFirst().labels()).containsExactly("N");
    assertThat(all.getFirst().values()).hasSize(601).startsWith(9, 8.97f);
  }

  @Test
  void aListMayNameGroupsWhileAnnotationsGiveLabels() throws IOException {
    Files.writeString(folder.resolve("people.csv"), "record,person\n212,7\nwide,8\n");
    final List<Recording> all =
        read(
            new WfdbReading(List.of("1"), "atr"),
            Spec.of("**/*2*.hea").label("beat").labels("people.csv").group("person"));
    assertThat(all).extracting(Recording::group).containsExactly("7");
    assertThat(runs(all.getFirst())).startsWith("N 123");
    refused(ALL, Spec.of("**/212.hea").label("beat").labels("people.csv").group("persn"))
        .hasMessageContaining("data.group is 'persn', but people.csv has no such column;");
  }

  @Test
  void signalsAreChosenByName() {
    final Recording only =
        read(new WfdbReading(List.of("V5"), "atr"), Spec.of("**/212.hea").label("beat")).getFirst();
    assertThat(only.values()).hasSize(601 - 77).startsWith((900 - 3 * 27) / 100f);
    refused(new WfdbReading(List.of("V6"), "atr"), Spec.of("**/212.hea").label("beat"))
        .hasMessageEndingWith("212.hea has no signal 'V6'; known: [MLII, V5].");
    refused(ALL, Spec.of("**/*2*.hea").labels("l.csv")).hasMessageStartingWith("There is no file");
  }

  @Test
  void recordsOfOtherSignalsThanTheFirstAreRefused() {
    refused(ALL, Spec.of("**/{label}*.hea")).hasMessageContaining("has no signal 'MLII'");
  }

  @Test
  void aMissingSampleIsNamed() {
    refused(ALL, Spec.of("**/{label}dd.hea"))
        .hasMessageContaining("odd.hea: signal '1' has no value at sample 4; data.missing");
    assertThat(read(ALL, Spec.of("**/{label}dd.hea").missing(Missing.PREVIOUS)).getFirst().values())
        .containsExactly(-9, -6, -3, 0, 0, 6, 9);
  }

  @Test
  void labelsMustComeFromSomewhere() {
    refused(ALL, Spec.of("**.hea")).hasMessageStartingWith("data.label is not given;");
    refused(ALL, Spec.of("**.hea").label("beats")).hasMessageStartingWith("data.label is 'beats';");
    refused(ALL, Spec.of("**/212.hea").label("beat").group("person"))
        .hasMessageStartingWith("data.group is 'person', but records have no columns;");
    refused(new WfdbReading(List.of(), "qrs"), Spec.of("**/212.hea").label("beat"))
        .hasMessageStartingWith("There is no annotation file ");
    refused(ALL, Spec.of("**/wide.hea").label("rhythm"))
        .hasMessageEndingWith("wide.atr names no rhythm.");
  }

  @Test
  void annotationsBeyondTheRecordAreAnothers() throws IOException {
    final Path header = folder.resolve("anna/212.hea");
    Files.writeString(header, "212 2 360 500\n212.dat 212\n212.dat 212\n");
    refused(ALL, Spec.of("**/212.hea").label("beat"))
        .hasMessageContaining(
            "212.atr has an annotation at sample 600, but the record ends with sample 499");
  }

  private List<Recording> read(WfdbReading reading, Spec spec) {
    return reading.read(folder, spec.spec(), Preparation.NONE, Spec.NEAREST).all();
  }

  private AbstractThrowableAssert<?, ?> refused(WfdbReading reading, Spec spec) {
    return assertThatThrownBy(() -> read(reading, spec)).isInstanceOf(DataException.class);
  }

  /** Labels and for how many steps they hold. */
  private static List<String> runs(Recording recording) {
    final var runs = new ArrayList<String>();
    for (int step = 0; step < recording.steps(); ) {
      final int change = recording.firstChange(step, recording.steps());
      runs.add(recording.label(step) + " " + (change - step));
      step = change;
    }
    return runs;
  }
}
