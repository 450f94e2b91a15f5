package rheobase.data.text;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import rheobase.data.DataException;

/**
 * Reads language models in the ARPA format, which SRILM, KenLM and Kaldi write: a section {@code
 * \data\} with the number of n-grams for each n, a section {@code \n-grams:} for each with a line
 * an n-gram (logarithm to base 10 of its probability, its words, and, of all but the longest, that
 * of its back-off weight if it is not 0), and {@code \end\}. Whatever stands before {@code \data\}
 * is a comment.
 */
public final class ArpaFile {
  private static final double LOG_10 = StrictMath.log(10);

  private final Path path;
  private final BufferedReader in;
  private int number;
  private String line;

  private ArpaFile(Path path, BufferedReader in) {
    this.path = path;
    this.in = in;
  }

  /**
   * Reads a file in UTF-8.
   *
   * @throws DataException naming the file and the line that is wrong
   */
  public static LanguageModel read(Path path) {
    try (BufferedReader in = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
      return new ArpaFile(path, in).read();
    } catch (NoSuchFileException e) {
      throw new DataException("The language model %s is not there.".formatted(path), e);
    } catch (CharacterCodingException e) {
      throw new DataException(
          "%s is no text in UTF-8; give it a language model in the ARPA format, unpacked."
              .formatted(path),
          e);
    } catch (IOException e) {
      throw DataException.unreadable(path, e);
    }
  }

  private LanguageModel read() throws IOException {
    do {
      if (!next()) {
        throw new DataException(
            "%s is no language model in the ARPA format: no line of it reads '\\data\\'."
                .formatted(path));
      }
    } while (!line.equals("\\data\\"));
    final List<Integer> counts = counts();
    final LanguageModel.Builder builder = new LanguageModel.Builder(counts.size());
    for (int n = 1; n <= counts.size(); n++) {
      expect("\\%d-grams:".formatted(n));
      final int expected = counts.get(n - 1);
      int found = 0;
      while (filledLine() && !line.startsWith("\\")) {
        ngram(builder, n, n == counts.size());
        found++;
      }
      if (found != expected) {
        throw new DataException(
            "%s:%d: the %d-grams end here after %d of them, but the beginning of the file says there are %d; the file is cut short or was edited."
                .formatted(path, number, n, found, expected));
      }
    }
    expect("\\end\\");
    return builder.build();
  }

  /** The lines {@code ngram n=count}; leaves the line after them. */
  private List<Integer> counts() throws IOException {
    final List<Integer> counts = new ArrayList<>();
    while (filledLine() && line.startsWith("ngram")) {
      final String[] parts = line.substring("ngram".length()).split("=", -1);
      final int n = parts.length == 2 ? whole(parts[0].strip()) : -1;
      final int count = parts.length == 2 ? whole(parts[1].strip()) : -1;
      if (n != counts.size() + 1 || count < 0) {
        throw problem(
            "reads '%s', not 'ngram %d=' and a number".formatted(line, counts.size() + 1));
      }
      counts.add(count);
    }
    if (counts.isEmpty() || counts.getFirst() == 0) {
      throw problem("stands where the numbers of n-grams should, from 'ngram 1=' on");
    }
    return counts;
  }

  private static int whole(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException _) {
      return -1;
    }
  }

  private void ngram(LanguageModel.Builder builder, int n, boolean longest) {
    final String[] parts = line.split("\\s+");
    if (parts.length != n + 1 && (longest || parts.length != n + 2)) {
      throw problem(
          "has %d fields, but a line of the %d-grams has a logarithm, %d word%s%s"
              .formatted(
                  parts.length, n, n, n == 1 ? "" : "s", longest ? "" : " and perhaps a weight"));
    }
    final double probability = logarithm(parts[0]);
    if (probability > 0) {
      throw problem("gives a probability above 1: its logarithm is %s".formatted(parts[0]));
    }
    final double backoff = parts.length == n + 2 ? logarithm(parts[n + 1]) : 0;
    final List<String> words = Arrays.asList(parts).subList(1, n + 1);
    final String wrong = builder.add(words, probability * LOG_10, backoff * LOG_10);
    if (wrong != null) {
      throw problem("gives the n-gram '%s', but %s".formatted(String.join(" ", words), wrong));
    }
  }

  private double logarithm(String text) {
    try {
      final double value = Double.parseDouble(text);
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw problem("has '%s' where a logarithm should stand".formatted(text));
  }

  private void expect(String heading) {
    if (line == null || !line.equals(heading)) {
      throw problem(
          line == null
              ? "is the end of the file, but '%s' is still to come; the file is cut short"
                  .formatted(heading)
              : "reads '%s', not '%s'".formatted(line, heading));
    }
  }

  /** Goes on to the next line, without white space around it; false at the end. */
  private boolean next() throws IOException {
    final String read = in.readLine();
    line = read == null ? null : read.strip();
    number += read == null ? 0 : 1;
    return read != null;
  }

  /** Goes on to the next line that is not empty; false at the end. */
  private boolean filledLine() throws IOException {
    do {
      if (!next()) {
        return false;
      }
    } while (line.isEmpty());
    return true;
  }

  private DataException problem(String what) {
    return new DataException("%s:%d %s.".formatted(path, number, what));
  }
}
