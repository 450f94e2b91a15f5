package rheobase.app.source;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import rheobase.data.Folding;
import rheobase.data.text.Alignment;
import rheobase.data.text.ErrorCounts;
import rheobase.network.Score;

/**
 * An error rate that is told of transcripts, by the custom of some data.
 *
 * @param name as tables head its column, such as WER
 * @param key in a score of {@code --json}
 * @param items what is aligned, of labels in order
 */
public record ErrorRate(String name, String key, Function<int[], List<?>> items) {

  /** Of the labels themselves. */
  public static ErrorRate ofLabels(String name, String key) {
    return new ErrorRate(name, key, ErrorRate::boxed);
  }

  /** Of groups of labels. */
  static ErrorRate ofGroups(String name, String key, Folding folding) {
    return new ErrorRate(name, key, labels -> boxed(folding.fold(labels)));
  }

  /**
   * Of words.
   *
   * @param between the label that stands between two of them
   */
  static ErrorRate ofWords(String name, String key, int between) {
    return new ErrorRate(name, key, labels -> words(labels, between));
  }

  /** Of all transcripts of a score together; nothing where it knows none. */
  public ErrorCounts of(Score score) {
    var counts = ErrorCounts.NONE;
    for (var transcript : score.transcripts()) {
      counts = counts.plus(of(transcript.said(), transcript.recognised()));
    }
    return counts;
  }

  /** Of what was recognised in one recording. */
  public ErrorCounts of(int[] said, int[] recognised) {
    return Alignment.ofItems(items.apply(said), items.apply(recognised));
  }

  private static List<Integer> boxed(int[] labels) {
    return Arrays.stream(labels).boxed().toList();
  }

  private static List<List<Integer>> words(int[] labels, int between) {
    var words = new ArrayList<List<Integer>>();
    var word = new ArrayList<Integer>();
    for (int label : labels) {
      if (label != between) {
        word.add(label);
      } else if (!word.isEmpty()) {
        words.add(List.copyOf(word));
        word.clear();
      }
    }
    if (!word.isEmpty()) {
      words.add(List.copyOf(word));
    }
    return words;
  }
}
