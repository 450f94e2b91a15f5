package rheobase.data.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rheobase.data.DataException;

class PronunciationsTest {
  @TempDir private Path folder;

  private Path dictionary(String text) throws IOException {
    return Files.writeString(folder.resolve("words.dict"), text);
  }

  @Test
  void bothFormsOfTheDictionaryAreRead() throws IOException {
    final Pronunciations words =
        Pronunciations.read(
            dictionary(
                """
                ;;; a remark
                TOMATO  T AH0 M EY1 T OW2
                TOMATO(1)  T AH0 M AA1 T OW2
                'tis T IH1 Z # short
                it's IH1 T S
                ZED\tZ EH1 D
                ZED\tZ IY1
                """));
    assertThat(words.size()).isEqualTo(4);
    assertThat(words.labels("zed 'Tis"))
        .containsExactly(
            number("Z"), number("EH"), number("D"), number("T"), number("IH"), number("Z"));
    assertThat(words.labels("Tomato")).hasSize(6).contains(number("EY"));
  }

  private static int number(String phone) {
    return Pronunciations.PHONES.indexOf(phone);
  }

  @Test
  void slipsAreToldWithTheirLine() throws IOException {
    refused("he HH IY1\nsaw S AO3\n", "words.dict:2 names 'AO3', which is none of CMUdict's 39");
    refused("he HH IY1\nsaw\n", "words.dict:2 gives no phones for 'saw'.");
    refused("\n", "words.dict holds no word");
    assertThatThrownBy(() -> Pronunciations.read(folder.resolve("none.dict")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("none.dict cannot be read: there is no such file.");
  }

  private void refused(String text, String message) throws IOException {
    final Path file = dictionary(text);
    assertThatThrownBy(() -> Pronunciations.read(file))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(message);
  }
}
