package rheobase.data.speech;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import rheobase.data.DataException;
import rheobase.data.DataFolder;
import rheobase.data.Preparation;
import rheobase.data.Sequence;
import rheobase.data.SequenceSet;
import rheobase.data.Signal;
import rheobase.data.Split;
import rheobase.data.sound.KaldiFeatures;
import rheobase.data.sound.SoundFile;

/**
 * LibriSpeech (Panayotov, Chen, Povey and Khudanpur 2015, OpenSLR 12): books read aloud, with what
 * is said but not when, as {@link SpeechFeatures} with transcripts.
 *
 * <p>Two trees are read:
 *
 * <ul>
 *   <li>the corpus, {@code train-clean-100/19/198/19-198-0000.flac} with {@code 19-198.trans.txt}
 *       beside it, a line {@code 19-198-0000 NORTHANGER ABBEY} for each utterance; its subsets lie
 *       in the folder or in its folder LibriSpeech;
 *   <li>a list {@code metadata.tsv} with the columns {@code utt_id}, {@code speaker}, {@code
 *       subset} and {@code transcript}, and {@code wav/19-198-0000.wav}.
 * </ul>
 *
 * <p>A speaker is a group.
 */
public final class LibriSpeech {
  private static final String PAGE = "https://www.openslr.org/12";
  private static final String LIST = "metadata.tsv";
  private static final Pattern SUBSET = Pattern.compile("(train|dev|test)-[a-z0-9-]+");
  private static final Pattern NUMBER = Pattern.compile("[0-9]+");

  private LibriSpeech() {}

  /**
   * Which subsets are what.
   *
   * @param validation empty where a share of the training speakers is held out instead
   */
  public record Subsets(List<String> train, List<String> validation, List<String> test) {
    public Subsets {
      train = List.copyOf(train);
      validation = List.copyOf(validation);
      test = List.copyOf(test);
      final Set<String> once = new HashSet<>();
      for (String subset : all(train, validation, test)) {
        if (!once.add(subset)) {
          throw new DataException("The subset %s is named twice.".formatted(subset));
        }
      }
    }

    private static List<String> all(
        List<String> train, List<String> validation, List<String> test) {
      return Stream.of(train, validation, test).flatMap(List::stream).toList();
    }

    List<String> all() {
      return all(train, validation, test);
    }
  }

  /**
   * Something that somebody read.
   *
   * @param transcript the file that says what
   * @param line in that file
   */
  private record Utterance(
      String id, String speaker, Path sound, Path transcript, int line, String text) {

    DataException wrong(String what) {
      return new DataException("%s:%d: %s %s.".formatted(transcript, line, id, what));
    }
  }

  /**
   * Looks whether a folder is the corpus or a list at all.
   *
   * @throws DataException saying what is expected
   */
  public static void check(Path folder) {
    tree(folder);
  }

  /**
   * Reads the corpus or a list.
   *
   * @throws DataException naming the file, the line and what is wrong there, or what is missing
   */
  public static Split read(
      Path folder,
      Subsets subsets,
      SpeechFeatures features,
      Spelling spelling,
      Preparation preparation) {
    final Map<String, List<Utterance>> bySubset = new HashMap<>();
    final Map<String, int[]> labels = new HashMap<>();
    final List<Path> transcripts = new ArrayList<>();
    final Tree tree = tree(folder);
    for (String subset : subsets.all()) {
      final List<Utterance> spelt = new ArrayList<>();
      for (Utterance utterance : tree.utterances(subset, preparation)) {
        if (!transcripts.contains(utterance.transcript())) {
          transcripts.add(utterance.transcript());
        }
        try {
          labels.put(utterance.id(), labels(utterance, spelling));
          spelt.add(utterance);
        } catch (DataException e) {
          preparation.bad(e);
        }
      }
      if (spelt.isEmpty()) {
        throw new DataException(
            "The subset %s of %s holds no utterance.".formatted(subset, folder));
      }
      bySubset.put(subset, spelt);
    }
    final List<Utterance> all =
        subsets.all().stream().flatMap(subset -> bySubset.get(subset).stream()).toList();
    final SequenceSet heard =
        preparation.cached(
            "librispeech",
            features.text() + ", " + spelling.text(),
            Stream.concat(all.stream().map(Utterance::sound), transcripts.stream()).toList(),
            () -> hear(all, labels, features, spelling, preparation));
    final Map<String, Sequence> byId =
        features.speakers().alike(heard.sequences()).stream()
            .collect(Collectors.toMap(Sequence::id, each -> each));
    return new Split(
        set(subsets.train(), bySubset, byId, heard),
        set(subsets.validation(), bySubset, byId, heard),
        set(subsets.test(), bySubset, byId, heard));
  }

  private static SequenceSet set(
      List<String> subsets,
      Map<String, List<Utterance>> bySubset,
      Map<String, Sequence> byId,
      SequenceSet heard) {
    final List<Sequence> sequences = new ArrayList<>();
    for (String subset : subsets) {
      for (Utterance utterance : bySubset.get(subset)) {
        if (byId.containsKey(utterance.id())) { // else it was bad and is left out
          sequences.add(byId.get(utterance.id()));
        }
      }
    }
    if (sequences.isEmpty() && !subsets.isEmpty()) {
      throw new DataException(
          "Not one utterance of %s can be used.".formatted(String.join(", ", subsets)));
    }
    return new SequenceSet(
        "LibriSpeech " + String.join(" ", subsets), heard.channels(), heard.classes(), sequences);
  }

  private static int[] labels(Utterance utterance, Spelling spelling) {
    if (utterance.text().isBlank()) {
      throw utterance.wrong("has an empty transcript");
    }
    try {
      return spelling.labels(utterance.text());
    } catch (DataException e) {
      throw utterance.wrong(e.getMessage());
    }
  }

  private static SequenceSet hear(
      List<Utterance> utterances,
      Map<String, int[]> labels,
      SpeechFeatures features,
      Spelling spelling,
      Preparation preparation) {
    final KaldiFeatures extractor = features.extractor();
    final List<Sequence> sequences = new ArrayList<>(utterances.size());
    for (Utterance utterance : utterances) {
      preparation.progress("reading librispeech", sequences.size(), utterances.size());
      try {
        final Signal signal =
            features.hear(utterance.sound(), SoundFile.read(utterance.sound()), extractor);
        final int[] said = labels.get(utterance.id());
        checkLength(utterance, signal.steps(), said);
        sequences.add(Sequence.transcribed(utterance.id(), utterance.speaker(), signal, said));
      } catch (DataException e) {
        preparation.bad(e);
      }
    }
    return new SequenceSet("LibriSpeech", features.channels(), spelling.classes(), sequences);
  }

  private static void checkLength(Utterance utterance, int frames, int[] labels) {
    if (frames < Sequence.leastSteps(labels)) {
      throw new DataException(
          "%s has %d frames, but its transcript (%s:%d) has %d labels, which need %d of them."
              .formatted(
                  utterance.sound(),
                  frames,
                  utterance.transcript(),
                  utterance.line(),
                  labels.length,
                  Sequence.leastSteps(labels)));
    }
  }

  // Where utterances lie

  private interface Tree {
    /** In the order of their names. */
    List<Utterance> utterances(String subset, Preparation preparation);
  }

  private static Tree tree(Path folder) {
    DataFolder.check(
        folder,
        "LibriSpeech (%s) has folders such as train-clean-100; a sample of it has a %s."
            .formatted(PAGE, LIST));
    final Path list = folder.resolve(LIST);
    if (Files.exists(list)) {
      return listed(list);
    }
    final Path inner = folder.resolve("LibriSpeech");
    final Path root = Files.isDirectory(inner) ? inner : folder;
    final Set<String> there =
        entries(root).keySet().stream()
            .filter(name -> SUBSET.matcher(name).matches())
            .collect(Collectors.toCollection(TreeSet::new));
    if (there.isEmpty()) {
      throw new DataException(
          ("The folder %s is not LibriSpeech (%s), which has folders such as train-clean-100, and"
                  + " holds no %s.")
              .formatted(folder, PAGE, LIST));
    }
    return (subset, preparation) -> {
      if (!there.contains(subset)) {
        throw lacks(root, subset, there);
      }
      return subset(root.resolve(subset), preparation);
    };
  }

  private static DataException lacks(Path place, String subset, Set<String> there) {
    return new DataException(
        "%s holds no subset %s; there are %s.".formatted(place, subset, String.join(", ", there)));
  }

  private static List<Utterance> subset(Path folder, Preparation preparation) {
    final List<Utterance> utterances = new ArrayList<>();
    entries(folder)
        .forEach((speaker, place) -> {
          if (NUMBER.matcher(speaker).matches()) {
            entries(place)
                .forEach((chapter, own) -> {
                  if (NUMBER.matcher(chapter).matches()) {
                    utterances.addAll(chapter(own, speaker, chapter, preparation));
                  }
                });
          }
        });
    return utterances;
  }

  private static List<Utterance> chapter(
      Path folder, String speaker, String chapter, Preparation preparation) {
    final Map<String, Path> files = entries(folder);
    final String name = speaker + "-" + chapter + ".trans.txt";
    final Map<String, Path> sounds = new TreeMap<>();
    files.forEach((file, place) -> {
      if (file.endsWith(".flac") || file.endsWith(".wav")) {
        sounds.put(file.substring(0, file.lastIndexOf('.')), place);
      }
    });
    final List<Utterance> utterances = new ArrayList<>();
    try {
      if (!files.containsKey(name)) {
        throw new DataException(
            "%s holds no %s, so nobody knows what is said in its %d recordings."
                .formatted(folder, name, sounds.size()));
      }
      final Path transcript = files.get(name);
      final List<String> lines = lines(transcript);
      for (int i = 0; i < lines.size(); i++) {
        if (!lines.get(i).isBlank()) {
          final String[] fields = lines.get(i).strip().split("\\s+", 2);
          final Path sound = sounds.remove(fields[0]);
          if (sound == null) {
            preparation.bad(
                new DataException(
                    "%s:%d names %s, but there is no %s.flac beside it."
                        .formatted(transcript, i + 1, fields[0], fields[0])));
            continue;
          }
          utterances.add(
              new Utterance(
                  fields[0],
                  speaker,
                  sound,
                  transcript,
                  i + 1,
                  fields.length > 1 ? fields[1] : ""));
        }
      }
      sounds
          .values()
          .forEach(sound ->
              preparation.bad(
                  new DataException("%s has no line in %s.".formatted(sound, transcript))));
    } catch (DataException e) {
      preparation.bad(e);
    }
    return utterances;
  }

  private static Tree listed(Path list) {
    final List<String> lines = lines(list);
    final List<String> header = List.of(lines.isEmpty() ? new String[0] : lines.get(0).split("\t"));
    for (String column : List.of("utt_id", "speaker", "subset", "transcript")) {
      if (!header.contains(column)) {
        throw new DataException(
            "%s has no column '%s'; its first line is to name utt_id, speaker, subset and transcript, with tabs between them."
                .formatted(list, column));
      }
    }
    final Set<String> there = new TreeSet<>();
    for (String line : lines.subList(1, lines.size())) {
      final String[] fields = line.split("\t", -1);
      if (fields.length == header.size()) {
        there.add(fields[header.indexOf("subset")]);
      }
    }
    return (subset, preparation) -> {
      if (!there.contains(subset)) {
        throw lacks(list, subset, there);
      }
      final List<Utterance> utterances = new ArrayList<>();
      for (int i = 1; i < lines.size(); i++) {
        final String[] fields = lines.get(i).split("\t", -1);
        if (fields.length != header.size()) {
          if (!lines.get(i).isBlank()) {
            preparation.bad(
                new DataException(
                    "%s:%d has %d fields, but the first line %d."
                        .formatted(list, i + 1, fields.length, header.size())));
          }
        } else if (fields[header.indexOf("subset")].equals(subset)) {
          final String id = fields[header.indexOf("utt_id")];
          utterances.add(
              new Utterance(
                  id,
                  fields[header.indexOf("speaker")],
                  list.resolveSibling("wav").resolve(id + ".wav"),
                  list,
                  i + 1,
                  fields[header.indexOf("transcript")]));
        }
      }
      return utterances;
    };
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw DataException.unreadable(file, e);
    }
  }

  /** What lies in a folder, by name. */
  private static Map<String, Path> entries(Path folder) {
    final Map<String, Path> byName = new TreeMap<>();
    DataFolder.entries(folder).forEach(entry -> byName.put(entry.getFileName().toString(), entry));
    return byName;
  }
}
