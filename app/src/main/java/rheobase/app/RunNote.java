package rheobase.app;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import rheobase.network.NetworkException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code run.json}: what a run began with and what its experiment does not say.
 *
 * @param rheobase version
 * @param java version
 * @param started local time
 * @param experimentSha256 fingerprint of the experiment as run
 * @param data folder of the recordings, null for none
 * @param dataSha256 over the sequences after the split
 */
record RunNote(
    String rheobase,
    String java,
    String started,
    String experimentSha256,
    String data,
    String dataSha256) {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  static RunNote now(String experimentText, String data, String dataSha256) {
    return new RunNote(
        RheoCommand.Version.number(),
        Runtime.version().toString(),
        LocalDateTime.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        ExperimentText.sha256(experimentText),
        data,
        dataSha256);
  }

  String json() {
    return MAPPER.writeValueAsString(this) + "\n";
  }

  static RunNote read(RunFolder folder) {
    return of(folder.read(RunFolder.NOTE), folder.file(RunFolder.NOTE));
  }

  /**
   * From its text.
   *
   * @param file that the text is from
   * @throws NetworkException when it is damaged
   */
  static RunNote of(String text, Path file) {
    try {
      return MAPPER.readValue(text, RunNote.class);
    } catch (JacksonException e) {
      throw new NetworkException(file + " is damaged: " + e.getOriginalMessage(), e);
    }
  }
}
