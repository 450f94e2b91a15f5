package rheobase.data.wfdb;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import rheobase.data.DataException;

/**
 * An annotation: what an expert or a program said about a moment of a record.
 *
 * <p>In a file of MIT format every annotation is a little-endian 16-bit word, six bits of code over
 * ten bits of time since the annotation before. Codes from 59 on are about the annotation: SKIP
 * (59; the next four bytes, upper half first, are a longer time to come), NUM, SUB and CHN (60 to
 * 62), AUX (63; a text of as many bytes as the ten bits say, padded to an even number). A zero word
 * ends the file.
 *
 * @param sample counted from 0, at the frequency of the record
 * @param symbol of its code, as WFDB programs print it: {@code N} for a normal beat, {@code +} for
 *     a change of rhythm
 * @param text of its AUX, empty for none
 */
public record WfdbAnnotation(long sample, String symbol, String text) {
  /** Of the codes 0 to 41; a space where there is none. */
  private static final String SYMBOLS = " NLRaVFJASEj/Q~ | sT*D\"=pB^t+u?![]en@xf()r";

  /** Codes that mark a beat (isqrs of the WFDB library). */
  private static final String BEATS = "NLRaVFJASEj/QB?!enfr";

  private static final int SKIP = 59;
  private static final int NUM = 60;
  private static final int SUB = 61;
  private static final int CHN = 62;
  private static final int AUX = 63;
  private static final int NOTE = 22;

  private static final String RESOLUTION = "## time resolution: ";

  /** Whether it marks a beat. */
  public boolean isBeat() {
    return BEATS.contains(symbol);
  }

  /** Whether it marks a change of rhythm, which its text names: {@code (AFIB}. */
  public boolean isRhythm() {
    return symbol.equals("+") && !text.isEmpty();
  }

  /**
   * Reads an annotation file of MIT format.
   *
   * @param frequency of the record [samples per second]: a file may count time in a unit of its own
   * @return in the order of the file
   * @throws DataException naming the file and the byte at which it goes wrong
   */
  public static List<WfdbAnnotation> read(Path path, double frequency) {
    final byte[] bytes = bytes(path);
    final List<WfdbAnnotation> annotations = new ArrayList<>();
    double scale = 1;
    long time = 0;
    int at = 0;
    while (true) {
      final int word = word(path, bytes, at);
      final int code = word >>> 10;
      final int rest = word & 0x3ff;
      if (word == 0) {
        return annotations;
      }
      if (code == SKIP) {
        time += word(path, bytes, at + 2) << 16 | word(path, bytes, at + 4);
        at += 6;
        continue;
      }
      if (code >= SYMBOLS.length()) {
        throw problem(
            path, at, "has the code %d, which no annotation of MIT format has".formatted(code));
      }
      time += rest;
      final int begin = at;
      at += 2;
      String text = "";
      for (int next = word(path, bytes, at) >>> 10;
          next >= NUM;
          next = word(path, bytes, at) >>> 10) {
        final int length = word(path, bytes, at) & 0x3ff;
        at += 2;
        if (next == AUX) {
          if (at + length > bytes.length) {
            throw problem(path, at, "is cut off inside a text of %d bytes".formatted(length));
          }
          text = new String(bytes, at, length, StandardCharsets.UTF_8).replace("\0", "");
          at += length + length % 2;
        }
      }
      if (time < 0) {
        throw problem(path, begin, "has an annotation before the beginning of the record");
      }
      if (code == NOTE && annotations.isEmpty() && text.startsWith(RESOLUTION)) {
        scale = frequency / resolution(path, text.substring(RESOLUTION.length()).strip());
      } else if (code > 0) {
        annotations.add(
            new WfdbAnnotation(Math.round(time * scale), "" + SYMBOLS.charAt(code), text));
      }
    }
  }

  private static double resolution(Path path, String text) {
    try {
      final double resolution = Double.parseDouble(text);
      if (resolution > 0 && Double.isFinite(resolution)) {
        return resolution;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new DataException("%s gives its time resolution as '%s'.".formatted(path, text));
  }

  private static byte[] bytes(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (NoSuchFileException e) {
      throw new DataException("There is no annotation file %s.".formatted(path), e);
    } catch (IOException e) {
      throw DataException.unreadable(path, e);
    }
  }

  private static int word(Path path, byte[] bytes, int at) {
    if (at + 2 > bytes.length) {
      throw problem(
          path, bytes.length, "ends without the zero that ends an annotation file; it is cut off");
    }
    return bytes[at] & 0xff | (bytes[at + 1] & 0xff) << 8;
  }

  private static DataException problem(Path path, int at, String what) {
    return new DataException("%s, at byte %d, %s.".formatted(path, at, what));
  }
}
