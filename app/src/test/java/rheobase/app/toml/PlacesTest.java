package rheobase.app.toml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PlacesTest {
  private static final String TEXT =
      """
      name = "x"            # 1
      [[layer]]
      units = 3             # 3
      cell = '''
      units = 99
      '''
      [layer.weights]
      input = "xavier"      # 8

      [[layer]]
      units = 4             # 11
      a.b = { c = 1 }       # 12
      "quoted.key" = 2      # 13
      """;

  private final Places places = Places.of("f", TEXT);

  @Test
  void keysAreFoundAtTheirLine() {
    assertThat(places.of(List.of("name"))).isEqualTo("f:1");
    assertThat(places.of(List.of("layer", "0", "units"))).isEqualTo("f:3");
    assertThat(places.of(List.of("layer", "1", "units"))).isEqualTo("f:11");
    assertThat(places.of(List.of("layer", "1", "quoted.key"))).isEqualTo("f:13");
  }

  @Test
  void tableInsideTheNewestElementBelongsToIt() {
    assertThat(places.of(List.of("layer", "0", "weights", "input"))).isEqualTo("f:8");
  }

  @Test
  void whatStandsInAnInlineTableIsFoundAtTheOutermostKey() {
    assertThat(places.of(List.of("layer", "1", "a", "b", "c"))).isEqualTo("f:12");
  }

  @Test
  void missingKeyIsBlamedOnItsTable() {
    assertThat(places.of(List.of("layer", "1", "name"))).isEqualTo("f:10");
    assertThat(places.of(List.of("nothing"))).isEqualTo("f");
  }

  @Test
  void laterPlaceHidesTheEarlierOneWithAllInsideIt() {
    places.put(List.of("layer", "0", "weights"), "--set");
    assertThat(places.of(List.of("layer", "0", "weights", "input"))).isEqualTo("--set");
  }
}
