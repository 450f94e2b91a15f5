package rheobase.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNameTest {
  private static final List<String> KNOWN = List.of("xavier", "kaiming", "orthogonal");

  @Test
  void aSlipOfTheFingerFindsTheName() {
    assertThat(NearestName.of("xaiver", KNOWN)).contains("xavier");
    assertThat(NearestName.of("Ortogonal", KNOWN)).contains("orthogonal");
  }

  @Test
  void somethingElseAltogetherFindsNothingAndAllNamesAreListed() {
    assertThat(NearestName.of("zebra", KNOWN)).isEmpty();
    assertThat(NearestName.hint("zebra", KNOWN))
        .isEqualTo("; known are kaiming, orthogonal, xavier");
  }
}
