package rheobase.network.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JVMs with narrower vectors, or without the vector module, give the bits of this one. */
class OtherMachinesTest {
  private static final String MODULE = "jdk.incubator.vector";
  private static final String EXPECTED =
      "%08x".formatted(ProductBits.checksum(new ScalarProducts()));

  @Test
  void theseVectorsGiveTheBitsOfTheScalarForm() {
    assertThat("%08x".formatted(ProductBits.checksum(new VectorProducts()))).isEqualTo(EXPECTED);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8})
  void narrowerVectorsGiveTheSameBits(int lanes) throws Exception {
    assumeThat(lanes).isLessThanOrEqualTo(ProductBits.lanes());
    List<String> output = run("--add-modules", MODULE, "-XX:MaxVectorSize=" + lanes * Float.BYTES);
    assertThat(output).contains("VectorProducts %d %s".formatted(lanes, EXPECTED));
  }

  @Test
  void withoutTheVectorModuleTheScalarFormRunsAndOneWarningNamesTheFlag() throws Exception {
    List<String> output = run();
    assertThat(output).contains("ScalarProducts 1 " + EXPECTED);
    assertThat(output).filteredOn(line -> line.contains("--add-modules " + MODULE)).hasSize(1);
  }

  /** Standard output and error of {@link ProductBits} in a JVM with the given options. */
  private static List<String> run(String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Arrays.asList(options));
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), ProductBits.class.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().toList();
  }
}
