package rheobase.app.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import rheobase.data.speech.Phones;
import rheobase.data.speech.Spelling;
import rheobase.data.text.ErrorCounts;
import rheobase.network.Score;
import rheobase.network.Score.Transcript;

class ErrorRateTest {
  private static final Spelling LETTERS = new Spelling.Letters();

  private static Score score(Transcript... transcripts) {
    return new Score(0, 0, 0, null).with(List.of(transcripts));
  }

  private static Transcript letters(String said, String recognised) {
    return new Transcript(LETTERS.labels(said), LETTERS.labels(recognised));
  }

  @Test
  void wordsAreWhatStandsBetweenTheSign() {
    var rate = ErrorRate.ofWords("WER", "wordErrorRate", Spelling.Letters.BETWEEN_NUMBER);
    var score = score(letters("THE CAT SAT", "THE CUT SAT DOWN"), letters("NO", "NO"));
    assertThat(rate.of(score)).isEqualTo(new ErrorCounts(4, 1, 0, 1));
    var doubled = LETTERS.labels("A B");
    var twice = new int[] {doubled[0], 0, 0, doubled[2], 0};
    assertThat(rate.of(score(new Transcript(doubled, twice))).errors()).isZero();
  }

  @Test
  void lettersAreCountedWithTheSignBetweenWords() {
    assertThat(ErrorRate.ofLabels("CER", "cer").of(score(letters("A CAT", "ACT"))))
        .isEqualTo(new ErrorCounts(5, 0, 2, 0));
  }

  @Test
  void phonesOfOneGroupAreNoError() {
    var classes = Phones.Labels.PLAIN.transcriptClasses();
    var rate =
        ErrorRate.ofGroups("PER", "per", Phones.foldingOf(Phones.Labels.PLAIN.transcriptClasses()));
    var score =
        score(
            new Transcript(
                numbers(classes, "h# sh q ao tcl t"), numbers(classes, "pau zh aa kcl d")));
    assertThat(rate.of(score)).isEqualTo(new ErrorCounts(5, 1, 0, 0));
  }

  private static int[] numbers(List<String> classes, String phones) {
    return Arrays.stream(phones.split(" ")).mapToInt(classes::indexOf).toArray();
  }

  @Test
  void ofNoTranscriptsNothingIsTold() {
    assertThat(ErrorRate.ofLabels("CER", "cer").of(score()).rate()).isNaN();
  }
}
