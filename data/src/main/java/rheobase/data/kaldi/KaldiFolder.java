package rheobase.data.kaldi;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import rheobase.data.DataException;
import rheobase.data.Preparation;
import rheobase.data.Sequence;
import rheobase.data.SequenceSet;
import rheobase.data.Signal;
import rheobase.data.Split;
import rheobase.data.speech.Speakers;

/**
 * Features and labels that Kaldi made: a class for every frame, such as the pdf of a forced
 * alignment ({@code ali-to-pdf}).
 *
 * @param features tables of matrices, seen from the folder of the data
 * @param labels tables of integers, a class a frame
 * @param train names the utterances to train on: the first word of each line of this file
 * @param validation the same for validation; null where a share of the training speakers is held
 *     out instead
 * @param test the same for the test
 * @param utt2spk tells the speaker of each utterance, which is its group; null where each utterance
 *     is one of its own
 * @param speakers what is taken away of each speaker's features
 * @param classes how many there are; 0 where the largest label tells
 */
public record KaldiFolder(
    List<String> features,
    List<String> labels,
    String train,
    String validation,
    String test,
    String utt2spk,
    Speakers speakers,
    int classes) {

  public KaldiFolder {
    features = List.copyOf(features);
    labels = List.copyOf(labels);
  }

  /** The same with a number of classes. */
  public KaldiFolder withClasses(int found) {
    return new KaldiFolder(features, labels, train, validation, test, utt2spk, speakers, found);
  }

  /** Something of an utterance, and the table it stood in. */
  private record Found<T>(Path table, T object) {}

  /**
   * Reads the tables.
   *
   * @throws DataException naming the file and the utterance, line or byte that is wrong
   */
  public Split read(Path folder, Preparation preparation) {
    final Map<String, String> places = new LinkedHashMap<>();
    final List<String> toTrain = utterances(folder, train, places);
    final List<String> toValidate =
        validation == null ? List.of() : utterances(folder, validation, places);
    final List<String> toTest = utterances(folder, test, places);
    final Set<String> wanted = places.keySet();
    final Map<String, Found<Matrix>> matrices = new HashMap<>();
    for (String name : features) {
      final Path table = folder.resolve(name);
      KaldiTable.matrices(
          folder, table, wanted::contains, new Collector<>(table, matrices, wanted, preparation));
    }
    final Map<String, Found<int[]>> classesOf = new HashMap<>();
    for (String name : labels) {
      final Path table = folder.resolve(name);
      KaldiTable.integers(
          folder, table, wanted::contains, new Collector<>(table, classesOf, wanted, preparation));
    }
    final int count = classes > 0 ? classes : largest(classesOf) + 1;
    final var maker =
        new Maker(
            matrices,
            classesOf,
            count,
            places,
            speakersOf(folder, places),
            tables(folder, features),
            tables(folder, labels),
            preparation);
    final List<Sequence> all = new ArrayList<>(maker.sequences(toTrain));
    if (all.isEmpty()) {
      throw new DataException(
          "Not one utterance of %s has features and labels.".formatted(folder.resolve(train)));
    }
    final int trained = all.size();
    all.addAll(maker.sequences(toValidate));
    final int validated = all.size();
    all.addAll(maker.sequences(toTest));
    final List<Sequence> alike = speakers.alike(all);
    final int channels = all.getFirst().channels();
    final List<String> names = IntStream.range(0, count).mapToObj(Integer::toString).toList();
    return new Split(
        new SequenceSet("Kaldi " + train, channels, names, alike.subList(0, trained)),
        new SequenceSet(
            "Kaldi " + (validation == null ? train : validation),
            channels,
            names,
            alike.subList(trained, validated)),
        new SequenceSet("Kaldi " + test, channels, names, alike.subList(validated, all.size())));
  }

  private static String tables(Path folder, List<String> names) {
    return names.stream()
        .map(name -> folder.resolve(name).toString())
        .collect(Collectors.joining(" or "));
  }

  private static int largest(Map<String, Found<int[]>> labels) {
    return labels.values().stream()
        .flatMapToInt(found -> Arrays.stream(found.object()))
        .max()
        .orElse(0);
  }

  /**
   * The first word of each line.
   *
   * @param places file and line that name an utterance; added to
   */
  private static List<String> utterances(Path folder, String name, Map<String, String> places) {
    final Path file = folder.resolve(name);
    final List<String> lines = KaldiTable.lines(file);
    final Set<String> utterances = new LinkedHashSet<>();
    for (int i = 0; i < lines.size(); i++) {
      final String utterance = lines.get(i).strip().split("\\s+", 2)[0];
      if (!utterance.isEmpty()) {
        if (!utterances.add(utterance)) {
          throw new DataException("%s:%d names %s again.".formatted(file, i + 1, utterance));
        }
        places.putIfAbsent(utterance, file + ":" + (i + 1));
      }
    }
    if (utterances.isEmpty()) {
      throw new DataException("%s names no utterance.".formatted(file));
    }
    return List.copyOf(utterances);
  }

  private Map<String, String> speakersOf(Path folder, Map<String, String> places) {
    final Map<String, String> speakers = new HashMap<>();
    if (utt2spk == null) {
      places.keySet().forEach(utterance -> speakers.put(utterance, utterance));
      return speakers;
    }
    final Path file = folder.resolve(utt2spk);
    final List<String> lines = KaldiTable.lines(file);
    for (int i = 0; i < lines.size(); i++) {
      final String[] fields = lines.get(i).strip().split("\\s+");
      if (fields.length == 2) {
        speakers.put(fields[0], fields[1]);
      } else if (!lines.get(i).isBlank()) {
        throw new DataException(
            "%s:%d is '%s'; expected is 'utterance speaker'."
                .formatted(file, i + 1, lines.get(i).strip()));
      }
    }
    places.forEach((utterance, place) -> {
      if (!speakers.containsKey(utterance)) {
        throw new DataException(
            "%s does not name %s, which %s names.".formatted(file, utterance, place));
      }
    });
    return speakers;
  }

  /** Gathers what the tables hold, and tells how far it is. */
  private record Collector<T>(
      Path table, Map<String, Found<T>> found, Set<String> wanted, Preparation preparation)
      implements KaldiTable.Reader<T> {
    @Override
    public void accept(String utterance, T object) {
      preparation.progress("reading " + table.getFileName(), found.size(), wanted.size());
      final Found<T> before = found.putIfAbsent(utterance, new Found<>(table, object));
      if (before != null) {
        throw new DataException(
            before.table().equals(table)
                ? "%s holds %s twice.".formatted(table, utterance)
                : "%s holds %s, as %s does.".formatted(table, utterance, before.table()));
      }
    }

    @Override
    public void bad(DataException why) {
      preparation.bad(why);
    }
  }

  /** Makes sequences of what was found. */
  private record Maker(
      Map<String, Found<Matrix>> features,
      Map<String, Found<int[]>> labels,
      int classes,
      Map<String, String> places,
      Map<String, String> speakers,
      String featureTables,
      String labelTables,
      Preparation preparation) {

    List<Sequence> sequences(List<String> utterances) {
      final List<Sequence> sequences = new ArrayList<>(utterances.size());
      for (String utterance : utterances) {
        try {
          sequences.add(sequence(utterance, features.get(utterance), labels.get(utterance)));
        } catch (DataException e) {
          preparation.bad(e);
        }
      }
      return sequences;
    }

    private Sequence sequence(String utterance, Found<Matrix> matrix, Found<int[]> classOf) {
      if (matrix == null || classOf == null) {
        throw new DataException(
            "The utterance %s (%s) has no %s."
                .formatted(
                    utterance,
                    places.get(utterance),
                    matrix == null ? "features in " + featureTables : "labels in " + labelTables));
      }
      final int frames = matrix.object().rows();
      final int[] targets = classOf.object();
      if (frames == 0) {
        throw new DataException(
            "The utterance %s is empty in %s.".formatted(utterance, matrix.table()));
      }
      if (targets.length != frames) {
        throw new DataException(
            "The utterance %s has %d frames in %s, but %d labels in %s."
                .formatted(utterance, frames, matrix.table(), targets.length, classOf.table()));
      }
      for (int frame = 0; frame < frames; frame++) {
        if (targets[frame] < 0 || targets[frame] >= classes) {
          throw new DataException(
              "The utterance %s has the label %d at frame %d in %s; there are %d classes, 0 to %d."
                  .formatted(
                      utterance, targets[frame], frame, classOf.table(), classes, classes - 1));
        }
      }
      final boolean[] annotated = new boolean[frames];
      Arrays.fill(annotated, true);
      try {
        return new Sequence(
            utterance,
            speakers.get(utterance),
            new Signal.Dense(frames, matrix.object().columns(), matrix.object().values()),
            targets,
            annotated);
      } catch (DataException e) {
        throw new DataException("%s: %s".formatted(matrix.table(), e.getMessage()), e);
      }
    }
  }
}
