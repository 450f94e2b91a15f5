package rheobase.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rheobase.data.Preparation;
import rheobase.data.Sequence;
import rheobase.data.Signal;
import rheobase.data.Split;
import rheobase.network.NetworkException;

/** One's own recordings on their way through the command. */
class OwnDataTest {
  private static final String EXPERIMENT =
      """
      name = "mine"
      readout = "mean"

      [data]
      source = "csv"
      files = "{label}/{group}-*.csv"
      columns = ["ax", "ay"]
      test = 0.25
      validation = 0.25
      normalise = "z_score"

      [[layer]]
      name = "hidden"
      cell = "lif"
      units = 4

      [[layer]]
      name = "output"
      cell = "leaky_integrator"
      units = 2

      [training]
      epochs = 2
      batch = 4
      micro_batch = 2
      """;

  @TempDir private Path folder;

  @BeforeEach
  void record() throws IOException {
    Files.writeString(folder.resolve("mine.toml"), EXPERIMENT);
    recordings("data", 0, "sit", "walk");
  }

  /** Eight people, two takes each, of different length; walking swings wider and ends higher. */
  private void recordings(String name, double shift, String... labels) throws IOException {
    final var random = new Random(1);
    for (var label : labels) {
      for (int person = 0; person < 8; person++) {
        for (int take = 0; take < 2; take++) {
          final var text = new StringBuilder("time,ax,ay\n");
          final int rows = 10 + random.nextInt(20);
          for (int row = 0; row < rows; row++) {
            final double swing = label.equals("walk") ? 3 : 0.2;
            text.append(row)
                .append(',')
                .append(shift + swing * random.nextGaussian())
                .append(',')
                .append(person + random.nextDouble())
                .append('\n');
          }
          final var file =
              folder.resolve(name).resolve(label).resolve("p" + person + "-" + take + ".csv");
          Files.createDirectories(file.getParent());
          Files.writeString(file, text);
        }
      }
    }
  }

  @Test
  void aFolderOfRecordingsIsLearntAndScored() {
    final var run = rheo("train", "mine.toml", "--data", "data", "--out", "run", "--threads", "1");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err()).contains("data train, 20 training, 4 validation and 8 test sequences");
    assertThat(run.out()).contains("mine, seed 1");
    final var again =
        rheo("evaluate", "run/model.rheo", "--data", "data", "--threads", "1", "--json");
    assertThat(again.status()).as(again.err()).isZero();
    assertThat(again.err()).doesNotContain("not those the model was trained with");
  }

  @Test
  void theExperimentAsRunHasWhatTheDataDecided() throws IOException {
    rheo("train", "mine.toml", "--data", "data", "--out", "run", "--threads", "1");
    assertThat(Files.readString(folder.resolve("run/experiment.toml")))
        .contains("classes = [\"sit\", \"walk\"]")
        .contains("columns = [\"ax\", \"ay\"]")
        .contains("label_per = \"sequence\"")
        .containsPattern("normalise = \\{ kind = \"z_score\", offset = \\[.+, .+], scale = \\[");
  }

  @Test
  void anExperimentAsRunGivesTheSameDataAgain() {
    final var first = load(experiment(EXPERIMENT), "data");
    final var asRun = experiment(EXPERIMENT).withData(first.spec());
    final var text = ExperimentText.of(asRun);
    final var again = load(experiment(text), "data");
    assertThat(again.sha256()).isEqualTo(first.sha256());
    assertThat(ExperimentText.of(experiment(text).withData(again.spec()))).isEqualTo(text);
  }

  @Test
  void normalisationComesFromTheTrainingSetAlone() {
    final var raw = load(experiment(EXPERIMENT.replace("\"z_score\"", "\"none\"")), "data").split();
    final var dataset = load(experiment(EXPERIMENT), "data");
    assertThat(mean(raw.train().sequences())).isNotCloseTo(mean(all(raw)), within(1e-3));
    assertThat(dataset.spec().normalise().offset().get(1))
        .isCloseTo(mean(raw.train().sequences()), within(1e-5));
    assertThat(mean(dataset.split().train().sequences())).isCloseTo(0, within(1e-5));
    assertThat(Math.abs(mean(dataset.split().test().sequences()))).isGreaterThan(1e-3);
  }

  @Test
  void otherRecordingsAreTreatedByTheNumbersOfTheTraining() throws IOException {
    recordings("other", 100, "walk");
    final var trained = load(experiment(EXPERIMENT), "data");
    final var other =
        load(
            experiment(
                ExperimentText.of(experiment(EXPERIMENT).withData(trained.spec()))
                    .replace("test = 0.25", "test = 1")),
            "other");
    assertThat(other.spec().normalise()).isEqualTo(trained.spec().normalise());
    assertThat(other.split().test().classes()).containsExactly("sit", "walk");
    assertThat(other.split().test().sequences())
        .hasSize(16)
        .allMatch(sequence -> sequence.targets()[0] == 1)
        .allMatch(sequence -> sequence.values()[0] > 20);
  }

  @Test
  void aModelScoresRecordingsThatNoTrainingSaw() throws IOException {
    recordings("other", 0, "walk");
    rheo("train", "mine.toml", "--data", "data", "--out", "run", "--threads", "1");
    final var call = rheo("evaluate", "run/model.rheo", "--data", "other", "--all");
    assertThat(call.status()).as(call.err()).isZero();
    assertThat(call.out()).contains("test");
    assertThat(call.err()).contains("not those the model was trained with");
  }

  @Test
  void newPeopleAreNoMistakeWithTheRightOption() throws IOException {
    rheo(
        "train",
        "mine.toml",
        "--data",
        "data",
        "--out",
        "run",
        "--threads",
        "1",
        "--set",
        "data.test=[\"p7\"]");
    Files.move(folder.resolve("data/sit/p7-0.csv"), folder.resolve("data/sit/p9-0.csv"));
    Stream.of("sit/p7-1.csv", "walk/p7-0.csv", "walk/p7-1.csv")
        .forEach(
            name -> assertThat(folder.resolve("data").resolve(name).toFile().delete()).isTrue());
    final var named = rheo("evaluate", "run/model.rheo", "--data", "data");
    assertThat(named.status()).isEqualTo(2);
    assertThat(named.err())
        .contains("data has no group 'p7', which data.test names; did you mean 'p0'?")
        .contains("--all");
    assertThat(rheo("evaluate", "run/model.rheo", "--data", "data", "--all").status()).isZero();
  }

  @Test
  void allIsForRecordingsOfOnesOwn() {
    rheo(Rheo.small("train", "ecg", "--out", "run"));
    final var call = rheo("evaluate", "run/model.rheo", "--all");
    assertThat(call.status()).isEqualTo(2);
    assertThat(call.err()).contains("--all is for recordings of your own");
  }

  @Test
  void whatWasReadIsShown() {
    final var call = rheo("data", "mine.toml", "--data", "data");
    assertThat(call.status()).as(call.err()).isZero();
    assertThat(call.out())
        .contains("data train: 20 sequences of 5 groups")
        .contains("data train validation: 4 sequences of 1 group\n")
        .contains("data test: 8 sequences of 2 groups")
        .containsPattern("groups +p\\d, p\\d, p\\d, p\\d, p\\d\n")
        .containsPattern("steps +\\d+ to \\d+ each")
        .containsPattern("  ax +-\\S+ to \\S+, mean 0.000")
        .containsPattern("class sit +50.0 %")
        .containsPattern("columns +\\[\"ax\", \"ay\"]")
        .contains("normalised by the training set (z_score)")
        .containsPattern("  ay +\\(x - \\S+\\) / \\S+");
  }

  @Test
  void channelsCanBecomeEvents() {
    final var split = load(experiment(withData("level_crossing = 0.5")), "data").split();
    assertThat(split.train().channels()).isEqualTo(4);
    assertThat(split.train().sequences())
        .allMatch(sequence -> sequence.signal() instanceof Signal.Spikes);
  }

  @Test
  void validationMayBeNamedByGroups() {
    final var data =
        load(
            experiment(
                EXPERIMENT
                    .replace("validation = 0.25", "validation = [\"p1\"]")
                    .replace("test = 0.25", "test = \"p2\"")),
            "data");
    assertThat(data.split().validation().sequences()).allMatch(one -> one.group().equals("p1"));
    assertThat(data.split().test().sequences()).allMatch(one -> one.group().equals("p2"));
    final var text = ExperimentText.of(experiment(EXPERIMENT).withData(data.spec()));
    assertThat(text).containsOnlyOnce("validation = ");
    assertThat(load(experiment(text), "data").sha256()).isEqualTo(data.sha256());
  }

  @Test
  void setsMayBeFolders() throws IOException {
    Files.createDirectories(folder.resolve("marked/train"));
    Files.createDirectories(folder.resolve("marked/test"));
    for (var file : List.of("train/sit-1", "train/walk-1", "train/walk-2", "test/sit-2")) {
      Files.writeString(folder.resolve("marked/" + file + ".csv"), "ax,ay\n1,2\n2,3\n");
    }
    final var data =
        load(
            experiment(
                EXPERIMENT
                    .replace("{label}/{group}-*.csv", "{split}/{label}-*.csv")
                    .replace("test = 0.25\n", "")),
            "marked");
    assertThat(data.split().test().sequences())
        .extracting(Sequence::id)
        .containsExactly("test/sit-2.csv");
    assertThat(data.split().validation().size()).isEqualTo(1);
  }

  @Test
  void classesMayGatherLabels() {
    final var text =
        withData(
            "classes = { calm = [\"sit\"], moving = [\"walk\", \"run\"] }\nmissing = \"drop\"");
    final var data = load(experiment(text), "data");
    assertThat(data.split().train().classes()).containsExactly("calm", "moving");
    assertThat(ExperimentText.of(experiment(text).withData(data.spec())))
        .contains("classes = { calm = [\"sit\"], moving = [\"walk\", \"run\"] }");
  }

  @Test
  void everyFormatKeepsItsKeysInTheTextOfTheExperiment() {
    final var layers = EXPERIMENT.substring(EXPERIMENT.indexOf("[[layer]]"));
    for (var data :
        List.of(
            """
            source = "csv"
            files = "*.txt"
            labels = "labels.csv"
            label = "activity"
            group = "person"
            split = "part"
            sequence = ["person", "take"]
            delimiter = ";"
            header = true
            missing = "previous"
            window = 100
            stride = 50
            normalise = "min_max"
            """,
            """
            source = "npz"
            label = "labels"
            group = "person"
            test = ["7", "8"]
            label_per = "step"
            """,
            """
            source = "wfdb"
            label = "beat"
            annotator = "qrs"
            columns = ["MLII"]
            test = 0.5
            test_seed = 3
            """)) {
      final var once = ExperimentText.of(experiment("name = \"mine\"\n[data]\n" + data + layers));
      assertThat(ExperimentText.of(experiment(once))).isEqualTo(once);
      data.lines().forEach(line -> assertThat(once).contains(line));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "colums = [\"ax\"] | unknown key 'colums' in [data]; did you mean 'columns'?",
        "group = \"person\" | 'group' stands in 'files' as {group} already",
        "labels = \"labels.csv\" | labels come from {label} in 'files' already",
        "missing = \"drp\" | 'missing' of [data] cannot be 'drp'; did you mean 'drop'?",
        "label_per = \"setp\" | 'label_per' of [data] cannot be 'setp'; did you mean 'step'?",
        "delimiter = \"::\" | 'delimiter' is '::'; it must be one character",
        "window = -1 | 'window' of [data] is -1; it must be a whole number of at least 0",
        "stride = 0 | 'stride' of [data] is 0; it must be a whole number of at least 1",
        "classes = [\"sit\", \"sit\"] | Two classes are called 'sit'.",
        "classes = [1.5] | 'classes' of [data] is [1.5]; it must be a list of names",
        "header = \"yes\" | 'header' of [data] is \"yes\"; it must be true or false",
        "level_crossing = -1 | 'level_crossing' of [data] is -1; it must be a number of at least 0",
        "sequence = [] | 'sequence' of [data] is []; it must be a list of names",
      })
  void aSlipInTheExperimentIsNamedWithItsLine(String line, String sentence) {
    assertThatThrownBy(() -> experiment(withData(line)))
        .isInstanceOf(NetworkException.class)
        .hasMessageStartingWith("mine.toml:11: ")
        .hasMessageContaining(sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "test = 0.25 | test = 1.5 | 'test' is the share of sequences to test on",
        "test = 0.25 | test = 0 | 'test' is the share of sequences to test on",
        "{label}/ | {lable}/ | The file pattern '{lable}/{group}-*.csv' has {lable}",
        "{group} | {split} | the test set is marked by 'split' already; leave out 'test'",
        "z_score | zscore | 'normalise' of [data] cannot be 'zscore'; did you mean 'z_score'?",
        "\"z_score\" | { kind = \"z_score\", offset = [1], scale = [0] } | the scale not 0",
        "\"z_score\" | { kind = \"z_score\", offset = [1, \"a\"] } | it must be a list of numbers",
        "source = \"csv\" | source = \"csvv\" | no data source 'csvv'; did you mean 'csv'?",
      })
  void aWrongValueInTheExperimentIsRefused(String right, String wrong, String sentence) {
    assertThat(EXPERIMENT).contains(right);
    assertThatThrownBy(() -> experiment(EXPERIMENT.replace(right, wrong)))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void aSlipInARecordingEndsTheCallWithItsPlace() throws IOException {
    Files.writeString(folder.resolve("data/sit/p0-0.csv"), "time,ax,ay\n0,1,2\n1,1;2,3\n");
    final var wrong = rheo("train", "mine.toml", "--data", "data");
    assertThat(wrong.status()).isEqualTo(2);
    assertThat(wrong.err())
        .contains("data/sit/p0-0.csv:3:2: column 'ax' holds '1;2', which is no number.")
        .doesNotContain("\tat ");
    Files.writeString(folder.resolve("data/sit/p0-0.csv"), "time,acx,ay\n0,1,2\n");
    assertThat(rheo("data", "mine.toml", "--data", "data").err())
        .contains("data/sit/p0-0.csv:1 has no column 'ax'; did you mean 'acx'?\n");
    assertThat(rheo("data", "mine.toml", "--data", "dta").err()).contains("no folder or file");
    assertThat(folder.resolve("runs")).doesNotExist();
  }

  private Rheo rheo(String... arguments) {
    return Rheo.call(folder, arguments);
  }

  private static Experiment experiment(String text) {
    return ExperimentDraft.of("mine.toml", text, new CellTexts(List.of())).experiment();
  }

  /** With more lines in [data], which then are the eleventh and following. */
  private static String withData(String lines) {
    return EXPERIMENT.replace("z_score\"\n", "z_score\"\n" + lines + "\n");
  }

  private Dataset load(Experiment experiment, String data) {
    return Dataset.load(experiment, folder.resolve(data), Preparation.NONE);
  }

  private static List<Sequence> all(Split split) {
    return Stream.of(split.train(), split.validation(), split.test())
        .flatMap(set -> set.sequences().stream())
        .toList();
  }

  /** Of channel ay, which differs from one person to the next. */
  private static double mean(List<Sequence> sequences) {
    double sum = 0;
    int steps = 0;
    for (var sequence : sequences) {
      for (int step = 0; step < sequence.steps(); step++) {
        sum += sequence.values()[2 * step + 1];
      }
      steps += sequence.steps();
    }
    return sum / steps;
  }
}
