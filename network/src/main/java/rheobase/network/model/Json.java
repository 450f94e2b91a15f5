package rheobase.network.model;

import rheobase.network.NetworkException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON as our files hold it: no name twice, nothing after the end, doubles exact. Numbers that are
 * none ({@code NaN}, {@code Infinity}) are written and read as these words; only checkpoints have
 * them, every other file is JSON to the letter.
 */
public final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
          .build();

  private Json() {}

  /** An empty object; its fields keep the order they are put in. */
  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** On one line, without the line's end. */
  public static String line(JsonNode node) {
    return MAPPER.writeValueAsString(node);
  }

  /** For people, with the same line ends on every system. */
  public static String page(JsonNode node) {
    var indenter = new DefaultIndenter("  ", "\n");
    var printer =
        new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter);
    return MAPPER.writer().with(printer).writeValueAsString(node) + "\n";
  }

  /**
   * Reads one value.
   *
   * @param what it is, for the error
   * @throws NetworkException when the text is no JSON; the message says what and where
   */
  public static JsonNode parse(String text, String what) {
    try {
      var node = MAPPER.readTree(text);
      if (node == null || node.isMissingNode()) {
        throw new NetworkException(what + " is empty");
      }
      return node;
    } catch (JacksonException e) {
      var location = e.getLocation();
      var where =
          location == null
              ? ""
              : ", line " + location.getLineNr() + " column " + location.getColumnNr();
      throw new NetworkException(what + " is no valid JSON: " + e.getOriginalMessage() + where, e);
    }
  }
}
