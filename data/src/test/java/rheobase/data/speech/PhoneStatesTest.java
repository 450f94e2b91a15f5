package rheobase.data.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import rheobase.data.DataException;

class PhoneStatesTest {
  @Test
  void framesOfOneClassInARowAreOnePhone() {
    var states = PhoneStates.single(List.of("h#", "a", "t"), Set.of("h#"));
    assertThat(states.transcript(new int[] {0, 0, 1, 1, 2, 1, 0})).containsExactly(0, 1, 2, 1, 0);
  }

  @Test
  void aPhoneBeginsAgainWhereItsStatesGoBack() {
    var states =
        new PhoneStates(List.of("a", "t"), List.of(List.of(0, 1, 2), List.of(3, 4, 5)), Set.of());
    assertThat(states.transcript(new int[] {0, 1, 1, 2, 0, 0, 1, 2, 3, 5}))
        .containsExactly(0, 0, 1);
  }

  @Test
  void aClassInTwoPhonesIsRefused() {
    assertThatThrownBy(
            () -> new PhoneStates(List.of("a", "t"), List.of(List.of(0), List.of(0)), Set.of()))
        .isInstanceOf(DataException.class)
        .hasMessage("The class 0 belongs to two phones.");
  }
}
