package rheobase.data.speech;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import rheobase.data.DataException;

/**
 * A pronouncing dictionary in the form of CMUdict: lines {@code word PHONE PHONE ...}, such as
 * {@code tomato T AH0 M EY1 T OW2}. The digits, which are stress, are left out, and the first of
 * several pronunciations counts ({@code tomato(2)} and further lines of the same word are others).
 * What follows {@code #}, and lines that begin with {@code ;;;}, are remarks. The lexicon of
 * LibriSpeech (OpenSLR 11) has this form too.
 */
public final class Pronunciations implements Spelling {
  /** The 39 phones of CMUdict. */
  public static final List<String> PHONES =
      List.of(
          """
          AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW
          V W Y Z ZH\
          """
              .split("\\s+"));

  private static final Pattern STRESS = Pattern.compile("[012]$");
  private static final Pattern FURTHER = Pattern.compile("\\([0-9]+\\)$");

  private final Path file;
  private final Map<String, byte[]> words;

  private Pronunciations(Path file, Map<String, byte[]> words) {
    this.file = file;
    this.words = words;
  }

  /**
   * Reads a dictionary.
   *
   * @throws DataException naming the file, the line and what is wrong there
   */
  public static Pronunciations read(Path file) {
    final Map<String, byte[]> words = new HashMap<>();
    final List<String> lines;
    try {
      lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw new DataException(
          "The pronouncing dictionary %s cannot be read: there is no such file.".formatted(file),
          e);
    } catch (IOException e) {
      throw new DataException(
          "The pronouncing dictionary %s cannot be read: %s.".formatted(file, e.getMessage()), e);
    }
    for (int i = 0; i < lines.size(); i++) {
      final int remark = lines.get(i).indexOf(" #");
      final String line = (remark < 0 ? lines.get(i) : lines.get(i).substring(0, remark)).strip();
      if (!line.isEmpty() && !line.startsWith(";;;")) {
        final String[] fields = line.split("\\s+");
        if (fields.length < 2) {
          throw wrong(file, i + 1, "gives no phones for '%s'".formatted(line));
        }
        final String word = fields[0].toUpperCase(Locale.ROOT);
        if (!FURTHER.matcher(word).find()) {
          words.putIfAbsent(word, phones(file, i + 1, fields));
        }
      }
    }
    if (words.isEmpty()) {
      throw new DataException(
          "The pronouncing dictionary %s holds no word; expected are lines like 'tomato T AH0 M EY1 T OW2'."
              .formatted(file));
    }
    return new Pronunciations(file, words);
  }

  private static byte[] phones(Path file, int line, String[] fields) {
    final byte[] phones = new byte[fields.length - 1];
    for (int i = 0; i < phones.length; i++) {
      final String phone = STRESS.matcher(fields[i + 1]).replaceFirst("");
      final int number = PHONES.indexOf(phone);
      if (number < 0) {
        throw wrong(
            file,
            line,
            "names '%s', which is none of CMUdict's 39 phones".formatted(fields[i + 1]));
      }
      phones[i] = (byte) number;
    }
    return phones;
  }

  private static DataException wrong(Path file, int line, String what) {
    return new DataException("%s:%d %s.".formatted(file, line, what));
  }

  /** Number of words. */
  public int size() {
    return words.size();
  }

  @Override
  public List<String> classes() {
    return Stream.concat(PHONES.stream(), Stream.of(BLANK)).toList();
  }

  @Override
  public String text() {
    return "phones of the dictionary " + file;
  }

  @Override
  public int[] labels(String sentence) {
    final List<Integer> labels = new ArrayList<>();
    for (String word : sentence.strip().split("\\s+")) {
      final byte[] phones = words.get(word.toUpperCase(Locale.ROOT));
      if (phones == null) {
        throw new DataException(
            "has the word '%s', which the dictionary %s does not list".formatted(word, file));
      }
      for (byte phone : phones) {
        labels.add((int) phone);
      }
    }
    return labels.stream().mapToInt(label -> label).toArray();
  }
}
