package rheobase.data.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rheobase.data.DataException;
import rheobase.data.Preparation;
import rheobase.data.Sequence;
import rheobase.data.SequenceSet;
import rheobase.data.Split;
import rheobase.data.speech.DigitStrings.Choice;

class DigitStringsTest {
  private static final int TONE_SAMPLES = 1600; // 0.2 s

  @TempDir Path folder;

  private static Choice choice(int train, int held, long seed) {
    return new Choice(List.of("bob"), List.of("cat"), train, held, seed);
  }

  private Split read(Choice choice) {
    return DigitStrings.read(folder, choice, Preparation.NONE);
  }

  /** A tone for each digit, in two takes. */
  private void speak(String... speakers) throws IOException {
    for (String speaker : speakers) {
      for (int digit = 0; digit < 10; digit++) {
        for (int take = 0; take < 2; take++) {
          Files.write(
              folder.resolve("%d_%s_%d.wav".formatted(digit, speaker, take)),
              Tones.wav(8000, 300 + 300 * digit, TONE_SAMPLES));
        }
      }
    }
  }

  @Test
  void nobodySpeaksInTwoSets() throws IOException {
    speak("ann", "bob", "cat", "dan");
    final Split split = read(choice(5, 3, 1));
    assertThat(groups(split.train())).containsExactlyInAnyOrder("ann", "dan");
    assertThat(groups(split.validation())).containsExactly("bob");
    assertThat(groups(split.test())).containsExactly("cat");
    assertThat(split.train().size()).isEqualTo(10);
    assertThat(split.test().size()).isEqualTo(3);
  }

  private static Set<String> groups(SequenceSet set) {
    final Set<String> groups = new HashSet<>();
    set.sequences().forEach(sequence -> groups.add(sequence.group()));
    return groups;
  }

  @Test
  void stringsHaveThreeToSevenDigitsAndTimeForThem() throws IOException {
    speak("ann", "bob", "cat");
    final Set<Integer> lengths = new HashSet<>();
    for (Sequence string : read(choice(60, 1, 1)).train().sequences()) {
      assertThat(string.transcribed()).isTrue();
      final int digits = string.targets().length;
      lengths.add(digits);
      // 0.2 s a digit and a pause more than digits of 0.05 to 0.25 s, in frames of 25 ms every 10
      assertThat(string.steps())
          .isBetween(digits * 20 + (digits + 1) * 5 - 3, digits * 20 + (digits + 1) * 25);
    }
    assertThat(lengths).containsExactlyInAnyOrder(3, 4, 5, 6, 7);
  }

  @Test
  void whatIsSaidIsWhatIsHeard() throws IOException {
    speak("ann", "bob", "cat");
    final int filters = DigitStrings.FILTERS;
    for (Sequence string : read(choice(20, 1, 1)).train().sequences()) {
      final float[] values = string.values();
      // the mean is taken away, so the loudest filter of a frame tells a tone where there is one
      int at = 0;
      for (int frame = 0; frame < string.steps() && at < string.targets().length; frame++) {
        int loudest = 0;
        for (int f = 1; f < filters; f++) {
          loudest = values[frame * filters + f] > values[frame * filters + loudest] ? f : loudest;
        }
        at += loudest == filter(300 + 300 * string.targets()[at]) ? 1 : 0;
      }
      assertThat(at).as(string.id()).isEqualTo(string.targets().length);
    }
  }

  /** Of 40 filters from 20 to 4000 Hz, the one whose middle is nearest. */
  private static int filter(double hertz) {
    final double low = mel(20);
    final double width = (mel(4000) - low) / (DigitStrings.FILTERS + 1);
    return (int) Math.round((mel(hertz) - low) / width) - 1;
  }

  private static double mel(double hertz) {
    return 1127 * Math.log(1 + hertz / 700);
  }

  @Test
  void everyStringHasTheMeanZero() throws IOException {
    speak("ann", "bob", "cat");
    final Sequence string = read(choice(1, 1, 1)).train().sequences().getFirst();
    final double[] sums = new double[DigitStrings.FILTERS];
    final float[] values = string.values();
    for (int i = 0; i < values.length; i++) {
      sums[i % sums.length] += values[i];
    }
    for (double sum : sums) {
      assertThat(Math.abs(sum) / string.steps()).isLessThan(1e-5);
    }
  }

  @Test
  void theSeedDecidesAndMoreStringsBeginWithTheSame() throws IOException {
    speak("ann", "bob", "cat");
    final SequenceSet few = read(choice(3, 1, 1)).train();
    assertThat(read(choice(3, 1, 1)).train().sha256()).isEqualTo(few.sha256());
    assertThat(read(choice(3, 1, 2)).train().sha256()).isNotEqualTo(few.sha256());
    final SequenceSet more = read(choice(5, 1, 1)).train();
    for (int n = 0; n < 3; n++) {
      assertThat(more.sequences().get(n).values()).isEqualTo(few.sequences().get(n).values());
    }
  }

  @Test
  void aSpeakerWhoIsNotThereIsNamedWithThoseWhoAre() throws IOException {
    speak("ann", "bob");
    refused(choice(1, 1, 1), "no recording of the speaker 'cat'; there are ann, bob.");
  }

  @Test
  void aMissingDigitIsNamedWithItsSpeaker() throws IOException {
    speak("ann", "bob", "cat");
    Files.delete(folder.resolve("4_cat_0.wav"));
    Files.delete(folder.resolve("4_cat_1.wav"));
    refused(choice(1, 1, 1), "holds no 4 of the speaker 'cat' that can be used");
  }

  @Test
  void somebodyMustBeLeftToTrainOn() throws IOException {
    speak("bob", "cat");
    refused(choice(1, 1, 1), "holds no speaker to train on besides those of validation and test");
  }

  @Test
  void aSpeakerOfTwoSetsIsRefused() {
    assertThatThrownBy(() -> new Choice(List.of("ann"), List.of("bob", "ann"), 1, 1, 1))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("'ann' is named for validation and for the test");
  }

  @Test
  void aBrokenRecordingIsNamed() throws IOException {
    speak("ann", "bob", "cat");
    final Path file = folder.resolve("3_ann_0.wav");
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 500));
    refused(choice(50, 1, 1), "3_ann_0.wav is cut short");
  }

  private void refused(Choice choice, String part) {
    assertThatThrownBy(() -> read(choice))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(part);
  }

  @Test
  void thePublishedRecordingsMakeStrings() {
    final String data = System.getenv("RHEOBASE_DATA");
    final Path fsdd = (data == null ? Path.of("../../shared/data") : Path.of(data)).resolve("fsdd");
    Assumptions.assumeTrue(Files.isDirectory(fsdd), "no FSDD at " + fsdd);
    final Split split =
        DigitStrings.read(
            fsdd, new Choice(List.of("theo"), List.of("yweweler"), 3, 2, 1), Preparation.NONE);
    assertThat(groups(split.train()))
        .containsExactlyInAnyOrder("george", "jackson", "lucas", "nicolas");
    assertThat(split.train().size()).isEqualTo(12);
    assertThat(split.validation().size()).isEqualTo(2);
  }
}
