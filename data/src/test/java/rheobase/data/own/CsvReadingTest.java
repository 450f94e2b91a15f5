package rheobase.data.own;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rheobase.data.DataException;
import rheobase.data.Preparation;
import rheobase.data.Skipping;
import rheobase.data.csv.Dialect;
import rheobase.data.own.Recordings.Recording;

class CsvReadingTest {
  private static final CsvReading PLAIN =
      new CsvReading(Dialect.ANY, List.of("ax", "ay"), List.of());

  @TempDir private Path folder;

  @Test
  void aFileIsASequenceWithTheLabelAndTheGroupOfItsPath() {
    file("walk/anna-1.csv", "time,ax,ay\n0,1,2\n1,3,4\n2,5,6\n");
    final Recording only = read(PLAIN, Spec.of("{label}/{group}-*.csv")).getFirst();
    assertThat(only.id()).isEqualTo("walk/anna-1.csv");
    assertThat(only.group()).isEqualTo("anna");
    assertThat(only.labels()).containsExactly("walk");
    assertThat(only.steps()).isEqualTo(3);
    assertThat(only.values()).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void badFilesAreLeftOutWithTheirReasonWhereThatIsWanted() {
    file("a.csv", "ax,ay,label\n1,x,sit\n");
    file("b.csv", "ax,ay,label\n1,2,sit\n");
    file("c.csv", "ax,ay,label\n");
    final var left = new Skipping();
    assertThat(PLAIN.read(folder, Spec.of("*.csv").spec(), left, Spec.NEAREST).all())
        .extracting(Recording::id)
        .containsExactly("b.csv");
    assertThat(left.reasons).hasSize(2).first().asString().contains("a.csv:2");
  }

  @Test
  void channelsComeInTheOrderInWhichTheyAreNamed() {
    file("a.csv", "ax,ay,label\n1,2,sit\n");
    file("b.csv", "label,ay,ax\nsit,2,1\n");
    final CsvReading reading = new CsvReading(Dialect.ANY, List.of("ay", "ax"), List.of());
    assertThat(read(reading, Spec.of("*.csv")))
        .allSatisfy(recording -> assertThat(recording.values()).containsExactly(2, 1));
  }

  @Test
  void aColumnMayHoldALabelForEachStep() {
    file("a.csv", "ax,ay,activity\n1,2,sit\n3,4,sit\n5,6,walk\n");
    final Recording only = read(PLAIN, Spec.of("*.csv").label("activity")).getFirst();
    assertThat(only.labels()).containsExactly("sit", "sit", "walk");
    assertThat(only.group()).isEqualTo("a.csv");
  }

  @Test
  void aTableHoldsManySequencesWhoseRowsMayBeMixed() {
    file(
        "table.csv",
        """
        id;person;ax;ay;label
        1;anna;1;2;sit
        2;ben;3;4;walk
        1;anna;5;6;sit
        """);
    final CsvReading reading = new CsvReading(Dialect.ANY, List.of("ax", "ay"), List.of("id"));
    final List<Recording> all = read(reading, Spec.of("*.csv").group("person"));
    assertThat(all).extracting(Recording::id).containsExactly("table.csv#1", "table.csv#2");
    assertThat(all).extracting(Recording::group).containsExactly("anna", "ben");
    assertThat(all.getFirst().values()).containsExactly(1, 2, 5, 6);
  }

  @Test
  void severalColumnsTogetherMayTellSequencesApart() {
    file("t.csv", "p,take,ax,ay,label\nanna,1,1,2,sit\nben,1,3,4,sit\nanna,2,5,6,sit\n");
    final CsvReading reading =
        new CsvReading(Dialect.ANY, List.of("ax", "ay"), List.of("p", "take"));
    assertThat(read(reading, Spec.of("*.csv")))
        .extracting(Recording::id)
        .containsExactly("t.csv#anna/1", "t.csv#ben/1", "t.csv#anna/2");
  }

  @Test
  void whereNoColumnsAreNamedAllWithoutAnotherMeaningAreChannels() {
    file("a.csv", "person,ax,ay,label\nanna,1,2,sit\nanna,0,2,sit\n");
    final Recordings recordings =
        new CsvReading(Dialect.ANY, List.of(), List.of())
            .read(folder, Spec.of("*.csv").group("person").spec(), Preparation.NONE, Spec.NEAREST);
    assertThat(recordings.channels()).containsExactly("ax", "ay");
  }

  @Test
  void aClockIsNotTakenForAChannelUnlessItIsNamed() {
    file("a.csv", "time,ax,label\n0,1,sit\n0.1,5,sit\n0.2,2,sit\n0.3,1,sit\n");
    file("b.csv", "time,ax,label\n7,1,sit\n7.1,5,sit\n7.2,9,sit\n");
    assertThatThrownBy(
            () -> read(new CsvReading(Dialect.ANY, List.of(), List.of()), Spec.of("*.csv")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("The column 'time'")
        .hasMessageContaining("a clock, no signal");
    assertThat(read(new CsvReading(Dialect.ANY, List.of("time"), List.of()), Spec.of("*.csv")))
        .hasSize(2);
  }

  @Test
  void aListTellsLabelGroupAndSetOfEachFile() {
    file("a/1.csv", "ax,ay\n1,2\n");
    file("a/2.csv", "ax,ay\n1,2\n");
    file("labels.csv", "file,activity,person,part\n1,sit,anna,train\na/2.csv,walk,ben,test\n");
    final List<Recording> all =
        read(
            PLAIN,
            Spec.of("**.csv").labels("labels.csv").label("activity").group("person").split("part"));
    assertThat(all).extracting(recording -> recording.labels()[0]).containsExactly("sit", "walk");
    assertThat(all).extracting(Recording::group).containsExactly("anna", "ben");
    assertThat(all).extracting(Recording::set).containsExactly(MarkedSet.TRAIN, MarkedSet.TEST);
  }

  @Test
  void aListOfTwoColumnsNeedsNoHeaderAndMayNameSequencesOfATable() {
    file("t.csv", "id,ax,ay\n1.5,1,2\n1.6,3,4\n");
    file("list.txt", "1.5,sit\n1.6,walk\n");
    final CsvReading reading = new CsvReading(Dialect.ANY, List.of("ax", "ay"), List.of("id"));
    assertThat(read(reading, Spec.of("*.csv").labels("list.txt")))
        .extracting(recording -> recording.labels()[0])
        .containsExactly("sit", "walk");
  }

  @Test
  void aListWithoutHeaderMayNumberItsColumns() {
    file("a.csv", "ax,ay\n1,2\n");
    file("list.txt", "a.csv,12,sit\n");
    assertThat(read(PLAIN, Spec.of("*.csv").labels("list.txt").label("3")).getFirst().labels())
        .containsExactly("sit");
  }

  @Test
  void aFileThatTheListDoesNotHaveIsNamed() {
    file("a.csv", "ax,ay\n1,2\n");
    file("b.csv", "ax,ay\n1,2\n");
    file("labels.csv", "file,label\na,sit\n");
    refused(PLAIN, Spec.of("*.csv").labels("labels.csv"))
        .hasMessageEndingWith("labels.csv does not list b.csv; known: [a].");
  }

  @Test
  void aListThatContradictsItselfIsRefused() {
    file("x/a.csv", "ax,ay\n1,2\n");
    file("y/a.csv", "ax,ay\n1,2\n");
    file("labels.csv", "file,label\na.csv,sit\n");
    refused(PLAIN, Spec.of("*/*.csv").labels("labels.csv"))
        .hasMessageEndingWith(
            "labels.csv:2 lists 'a.csv', which is the name of two recordings: x/a.csv and"
                + " y/a.csv.");
    file("labels.csv", "file,label\na.csv,sit\na.csv,walk\n");
    refused(PLAIN, Spec.of("*/*.csv").labels("labels.csv"))
        .hasMessageEndingWith("labels.csv:3 lists 'a.csv', which stands in line 2 already.");
    file("labels.csv", "file,label\na.csv,\n");
    refused(PLAIN, Spec.of("*/*.csv").labels("labels.csv"))
        .hasMessageEndingWith("labels.csv:2:2: column 'label' is empty.");
    file("labels.csv", "file,label\n");
    refused(PLAIN, Spec.of("*/*.csv").labels("labels.csv"))
        .hasMessageEndingWith("labels.csv lists no recordings.");
    refused(PLAIN, Spec.of("*/*.csv").labels("lables.csv"))
        .hasMessageStartingWith("There is no file ");
    file("labels.csv", "file,label\na.csv,sit\n");
    refused(PLAIN, Spec.of("*/*.csv").labels("labels.csv").label("lable"))
        .hasMessageEndingWith("labels.csv:1 has no column 'lable'; known: [file, label].");
  }

  @Test
  void missingValuesAreRefusedWithTheirPlace() {
    file("a.csv", "ax,ay,label\n1,2,sit\n3,,sit\n");
    refused(PLAIN, Spec.of("*.csv"))
        .hasMessageContaining("a.csv:3:2: column 'ay' has no value here; data.missing = \"drop\"");
    file("a.csv", "ax,ay,label\n1,2,sit\n3,4,\n");
    refused(PLAIN, Spec.of("*.csv"))
        .hasMessageContaining("a.csv:3:3: column 'label' has no label here");
  }

  @Test
  void stepsWithMissingValuesCanBeLeftOut() {
    file("a.csv", "ax,ay,label\n1,2,sit\n3,,sit\n5,6,\n7,8,sit\n");
    final Recording only = read(PLAIN, Spec.of("*.csv").missing(Missing.DROP)).getFirst();
    assertThat(only.values()).containsExactly(1, 2, 7, 8);
    assertThat(only.labels()).containsExactly("sit", "sit");
  }

  @Test
  void missingValuesCanRepeatTheOneBeforeThem() {
    file("a.csv", "ax,ay,label\n,2,\n3,,sit\nNaN,6,\n7,?,walk\n");
    final Recording only = read(PLAIN, Spec.of("*.csv").missing(Missing.PREVIOUS)).getFirst();
    assertThat(only.values()).containsExactly(3, 2, 3, 2, 3, 6, 7, 6);
    assertThat(only.labels()).containsExactly("sit", "sit", "sit", "walk");
  }

  @Test
  void whatNothingCanFillIsRefused() {
    file("a.csv", "ax,ay,label\n1,,sit\n2,,sit\n");
    refused(PLAIN, Spec.of("*.csv").missing(Missing.PREVIOUS))
        .hasMessage("Sequence a.csv has no value of 'ay' at all.");
    refused(PLAIN, Spec.of("*.csv").missing(Missing.DROP))
        .hasMessage("Sequence a.csv has no step without a missing value.");
  }

  @Test
  void aColumnThatIsNotThereIsNamedWithItsFile() {
    file("a.csv", "ax,ay,label\n1,2,sit\n");
    file("b.csv", "ax,az,label\n1,2,sit\n");
    refused(PLAIN, Spec.of("*.csv"))
        .hasMessageEndingWith("b.csv:1 has no column 'ay'; known: [ax, az, label].");
    refused(PLAIN, Spec.of("a.csv").label("activity"))
        .hasMessageEndingWith("a.csv:1 has no column 'activity'; known: [ax, ay, label].");
    refused(PLAIN, Spec.of("a.csv").group("person"))
        .hasMessageContaining("a.csv:1 has no column 'person'");
  }

  @Test
  void aFileWithoutLabelsSaysWhereTheyCouldBe() {
    file("a.csv", "ax,ay\n1,2\n");
    refused(PLAIN, Spec.of("*.csv"))
        .hasMessageContaining("a.csv has no column 'label'. Say where labels are");
  }

  @Test
  void aFileWithoutRowsIsNamed() {
    file("a.csv", "ax,ay,label\n");
    refused(PLAIN, Spec.of("*.csv")).hasMessageEndingWith("a.csv has a header, but no rows.");
  }

  @Test
  void aSequenceOfTwoGroupsOrSetsIsNamedWithItsLine() {
    final CsvReading table = new CsvReading(Dialect.ANY, List.of("ax"), List.of("id"));
    file("a.csv", "id,ax,p,label\n1,2,anna,sit\n1,3,ben,sit\n");
    refused(table, Spec.of("*.csv").group("p"))
        .hasMessageContaining("a.csv:3:3: column 'p' puts a.csv#1 into the group 'ben'");
    file("a.csv", "id,ax,p,label\n1,2,train,sit\n1,3,test,sit\n");
    refused(table, Spec.of("*.csv").split("p"))
        .hasMessageContaining("a.csv:3:3: column 'p' marks a.csv#1 for another set than above.");
    file("a.csv", "id,ax,p,label\n1,2,trian,sit\n");
    refused(table, Spec.of("*.csv").split("p"))
        .hasMessageEndingWith("a.csv:2:3 marks a set 'trian'; known: [train, validation, test].");
    file("a.csv", "id,ax,label\n,2,sit\n");
    refused(table, Spec.of("*.csv")).hasMessageEndingWith("a.csv:2:1: column 'id' is empty.");
  }

  @Test
  void anyDamageToAFolderEndsInOneSentenceOrInSequences() throws IOException {
    file("x/a.csv", "id,ax,ay,label\n1,0.5,2,sit\n2,-3,4e-1,walk\n");
    file("x/b.csv", "id,ax,ay,label\n1,0.5,2,sit\n1,-3,4e-1,walk\n");
    file("labels.csv", "file,label\na,sit\nb,walk\n");
    final CsvReading[] readings = {
      PLAIN, new CsvReading(Dialect.ANY, List.of(), List.of("id")),
    };
    final Random random = new Random(3);
    for (int trial = 0; trial < 1500; trial++) {
      final Path path =
          folder.resolve(List.of("x/a.csv", "x/b.csv", "labels.csv").get(random.nextInt(3)));
      final byte[] right = Files.readAllBytes(path);
      final byte[] wrong = Arrays.copyOf(right, random.nextInt(right.length + 1));
      for (int i = random.nextInt(3); i > 0 && wrong.length > 0; i--) {
        wrong[random.nextInt(wrong.length)] = (byte) ",;\n\"x-1 ".charAt(random.nextInt(8));
      }
      Files.write(path, wrong);
      final Spec spec =
          random.nextBoolean() ? Spec.of("*/*.csv").labels("labels.csv") : Spec.of("*/*.csv");
      spec.missing(Missing.values()[random.nextInt(3)]);
      try {
        read(readings[random.nextInt(2)], spec);
      } catch (DataException e) {
        assertThat(e.getMessage()).endsWith(".");
      }
      Files.write(path, right);
    }
    assertThat(Files.readString(folder.resolve("labels.csv"), StandardCharsets.UTF_8))
        .startsWith("file,label");
  }

  private List<Recording> read(CsvReading reading, Spec spec) {
    return reading.read(folder, spec.spec(), Preparation.NONE, Spec.NEAREST).all();
  }

  private AbstractThrowableAssert<?, ?> refused(CsvReading reading, Spec spec) {
    return assertThatThrownBy(() -> read(reading, spec)).isInstanceOf(DataException.class);
  }

  private void file(String name, String content) {
    try {
      Files.createDirectories(folder.resolve(name).getParent());
      Files.writeString(folder.resolve(name), content);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
