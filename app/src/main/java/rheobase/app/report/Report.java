package rheobase.app.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import rheobase.network.model.WriteException;

/**
 * The page of a run: one HTML file that holds its data, its style and its scripts and loads
 * nothing, so that it opens from a disk without a network, now and in ten years.
 *
 * <p>All text that comes from outside (names of experiments, layers, classes, files) reaches the
 * page in two ways only: the title, escaped as HTML, and the JSON, escaped by {@link
 * ReportJson#text}. The scripts put it on the page as text, never as markup. Behind that stands a
 * content security policy that allows no address and no script but ours, named by its hash.
 *
 * <p>The same data give the same bytes.
 */
public final class Report {
  private static final Pattern SLOT = Pattern.compile("\\{\\{(\\w+)}}");

  private Report() {}

  /**
   * Writes the page, replacing a file of that name.
   *
   * @throws WriteException when the file cannot be written, with the reason
   */
  public static void write(ReportData data, Path file) {
    try {
      Files.write(file, page(data).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      final String reason =
          e instanceof FileSystemException system && system.getReason() != null
              ? system.getReason()
              : e.getClass().getSimpleName() + ": " + e.getMessage();
      throw new WriteException(
          "cannot write the report %s (%s); make room there or choose another folder with --out"
              .formatted(file, reason),
          e);
    }
  }

  /** The whole page as text. */
  static String page(ReportData data) {
    final String chartLibrary =
        "/*\n" + resource("uplot/LICENSE").strip() + "\n*/\n" + resource("uplot/uPlot.iife.min.js");
    final String script =
        "\"use strict\";\n"
            + resource("elements.js")
            + resource("curves.js")
            + resource("example.js")
            + resource("page.js");
    return filled(
        resource("page.html"),
        Map.of(
            "title",
            escaped(data.name()),
            "policy",
            "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src '%s' '%s'"
                .formatted(hash(chartLibrary), hash(script)),
            "style",
            resource("uplot/uPlot.min.css") + "\n" + resource("page.css"),
            "data",
            ReportJson.text(data),
            "charts",
            chartLibrary,
            "script",
            script));
  }

  /** Fills {@code {{slots}}} in one pass, so that what fills one is never searched for others. */
  private static String filled(String template, Map<String, String> slots) {
    return SLOT.matcher(template)
        .replaceAll(slot -> Matcher.quoteReplacement(slots.get(slot.group(1))));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  /** A source expression of the content security policy, for the exact text of an inline script. */
  private static String hash(String script) {
    try {
      final byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  private static String resource(String name) {
    try (var stream = Report.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new AssertionError("resource " + name + " is missing from the jar");
      }
      // A browser reads CR LF as LF before it hashes a script.
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
