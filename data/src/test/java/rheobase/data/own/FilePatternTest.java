package rheobase.data.own;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rheobase.data.DataException;
import rheobase.data.own.FilePattern.Found;

class FilePatternTest {
  @TempDir private Path folder;

  @Test
  void namesInBracesTakeTheirPartsOfThePath() {
    files("walk/anna-03.csv", "walk/ben-01.csv", "sit/anna-01.csv", "notes.txt");
    assertThat(find("{label}/{group}-*.csv"))
        .extracting(Found::told)
        .containsExactly(
            Map.of("label", "sit", "group", "anna"),
            Map.of("label", "walk", "group", "anna"),
            Map.of("label", "walk", "group", "ben"));
  }

  @Test
  void aNameTakesAsLittleAsMakesTheRestFit() {
    files("anna_b_walk_2.csv");
    assertThat(find("{group}_{label}.csv").getFirst().told())
        .isEqualTo(Map.of("group", "anna", "label", "b_walk_2"));
  }

  @Test
  void oneStarStaysInAFolderTwoDoNot() {
    files("a.csv", "x/b.csv", "x/y/c.csv");
    assertThat(find("*.csv")).extracting(Found::name).containsExactly("a.csv");
    assertThat(find("*/*.csv")).extracting(Found::name).containsExactly("x/b.csv");
    assertThat(find("**.csv"))
        .extracting(Found::name)
        .containsExactly("a.csv", "x/b.csv", "x/y/c.csv");
    assertThat(find("**/{label}.csv")).extracting(Found::name).hasSize(3);
    assertThat(find("x/**/*.csv")).extracting(Found::name).containsExactly("x/b.csv", "x/y/c.csv");
  }

  @Test
  void lettersOfBothSizesAreTheSame() {
    files("A1.CSV");
    assertThat(find("*.csv")).hasSize(1);
  }

  @Test
  void charactersThatMeanSomethingElsewhereMeanThemselves() {
    files("a(1).csv", "a1.csv", "axcsv");
    assertThat(find("a(1).csv")).extracting(Found::name).containsExactly("a(1).csv");
    assertThat(find("a*.csv")).hasSize(2);
  }

  @Test
  void hiddenFilesAndTheListOfLabelsAreNotMeant() {
    files("a.csv", ".hidden.csv", ".git/b.csv", "labels.csv");
    assertThat(new FilePattern("**.csv").find(folder, "labels.csv"))
        .extracting(Found::name)
        .containsExactly("a.csv");
  }

  @Test
  void aSingleFileWillDo() {
    files("table.csv");
    final Found found =
        new FilePattern("**.csv").find(folder.resolve("table.csv"), null).getFirst();
    assertThat(found.name()).isEqualTo("table.csv");
    assertThat(found.path()).isEqualTo(folder.resolve("table.csv"));
  }

  @Test
  void aFolderWhereNothingFitsSaysWhatItHolds() {
    assertThatThrownBy(() -> find("*.csv"))
        .isInstanceOf(DataException.class)
        .hasMessageEndingWith("fits data.files = \"*.csv\"; the folder is empty.");
    files("a.txt", "b.txt");
    assertThatThrownBy(() -> find("*.csv"))
        .hasMessageEndingWith("it holds 2 others, such as a.txt.");
    assertThatThrownBy(() -> new FilePattern("*.csv").find(folder.resolve("none"), null))
        .hasMessageStartingWith("There is no folder or file ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{lable}/*.csv", "{label}/{label}.csv", "", "{label", "{}.csv"})
  void aPatternThatCannotBeMeantIsRefused(String pattern) {
    assertThatThrownBy(() -> new FilePattern(pattern))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("The file pattern '" + pattern + "'");
  }

  private List<Found> find(String pattern) {
    return new FilePattern(pattern).find(folder, null);
  }

  private void files(String... names) {
    try {
      for (String name : names) {
        Files.createDirectories(folder.resolve(name).getParent());
        Files.writeString(folder.resolve(name), "");
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
