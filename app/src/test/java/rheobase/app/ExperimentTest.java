package rheobase.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rheobase.app.source.QtdbSource;
import rheobase.cell.graph.Surrogate;
import rheobase.cell.language.CellException;
import rheobase.network.LayerSpec;
import rheobase.network.LossSpec;
import rheobase.network.Network;
import rheobase.network.NetworkException;
import rheobase.network.RangePolicy;
import rheobase.network.Readout;
import rheobase.network.optimize.OptimizerSpec;
import rheobase.network.optimize.Schedule;
import rheobase.network.parameter.Initializer;
import rheobase.network.training.Curriculum;
import rheobase.network.training.Sampling;
import rheobase.network.training.SelectOn;

class ExperimentTest {
  private static final CellTexts BUILT_IN = new CellTexts(List.of());

  private static final String SMALLEST =
      """
      name = "small"

      [data]
      source = "qtdb"

      [[layer]]
      name = "hidden"
      cell = "alif"
      units = 8
      recurrent = true

      [[layer]]
      name = "output"
      cell = "leaky_integrator"
      units = 6

      [training]
      epochs = 3
      """;

  private static ExperimentDraft draft(String text) {
    return ExperimentDraft.of("test.toml", text, BUILT_IN);
  }

  private static Experiment read(String text) {
    return draft(text).experiment();
  }

  private static ExperimentDraft shipped(String name) {
    return ExperimentDraft.read(
        Rheo.HOME.resolve("experiments").resolve(name + ".toml"), name, Rheo.HOME);
  }

  /** What the papers and the released weights count; leaky readouts have no adaptation here. */
  @ParameterizedTest
  @CsvSource({
    "ecg, 4, 6, 1818",
    "shd, 700, 20, 142376",
    "ssc, 700, 35, 777270",
    "smnist-2020, 80, 10, 138014",
    "smnist-published, 8, 10, 156702",
    "psmnist-tbptt, 4, 10, 156446",
    "commands, 120, 12, 221844",
    "soli, 1024, 11, 1057814",
    "phones, 39, 61, 630906"
  })
  void publishedNetworksHaveAsManyNumbers(String name, int channels, int classes, int numbers) {
    var names = IntStream.range(0, classes).mapToObj(c -> "c" + c).toList();
    var network = withData(name).network(channels, names);
    assertThat(Network.create(network, 1).parameterCount()).isEqualTo(numbers);
  }

  private static Experiment withData(String name) {
    var draft = shipped(name);
    draft.dropWithoutData();
    return draft.experiment();
  }

  @Test
  void heartbeatExperimentIsTheOneOfThePaper() {
    var ecg = withData("ecg");
    assertThat(ecg.data().source()).isEqualTo(new QtdbSource());
    assertThat(ecg.readout()).isEqualTo(Readout.EACH_STEP);
    assertThat(ecg.loss())
        .isEqualTo(new LossSpec(LossSpec.Kind.CROSS_ENTROPY, 10, LossSpec.Reduction.SUM));

    var hidden = ecg.layers().get(0);
    assertThat(hidden.units()).isEqualTo(36);
    assertThat(hidden.recurrent()).isTrue();
    assertThat(hidden.constants()).containsOnly(entry("b0", 0.01), entry("beta", 0.0));
    assertThat(hidden.parameters()).containsOnly(entry("tau_m", "20"), entry("tau_adp", "7"));
    assertThat(hidden.states())
        .containsOnly(entry("u", "uniform(0, b0)"), entry("s", "u"), entry("eta", "b0"));
    assertThat(hidden.surrogate()).isEqualTo(Surrogate.of(Surrogate.Kind.MULTI_GAUSSIAN));
    assertThat(hidden.inputWeights()).isEqualTo(new Initializer.Xavier());
    assertThat(hidden.recurrentWeights()).isEqualTo(new Initializer.Orthogonal(1));
    assertThat(hidden.inputBias()).isEqualTo(new Initializer.Constant(0));
    assertThat(hidden.recurrentBias()).isEqualTo(new Initializer.Constant(0));
    assertThat(hidden.emits()).isNull();

    var output = ecg.layers().get(1);
    assertThat(output.units()).isEqualTo(6);
    assertThat(output.recurrent()).isFalse();
    assertThat(output.constants()).containsOnly(entry("b0", 0.01), entry("beta", 1.8));
    assertThat(output.parameters()).containsOnly(entry("tau_m", "20"), entry("tau_adp", "100"));
    assertThat(output.emits()).isEqualTo("u");

    var training = ecg.training();
    assertThat(training.epochs()).isEqualTo(400);
    assertThat(training.batch()).isEqualTo(64);
    assertThat(training.optimizer()).isEqualTo(new OptimizerSpec.Adam(0.01));
    assertThat(training.rateFactors())
        .containsOnly(
            entry("hidden.tau_m", 3.0),
            entry("hidden.tau_adp", 3.0),
            entry("output.tau_m", 2.0),
            entry("output.tau_adp", 2.0));
    assertThat(training.schedule()).isEqualTo(new Schedule.Step(100, 0.75));
    assertThat(training.clipNorm()).isZero();
    assertThat(training.selectOn()).isEqualTo(SelectOn.VALIDATION);
  }

  @Test
  void lateStepsMayWeighMore() {
    var late = SMALLEST + "[loss]\nlate_weight = { after = 30, over = 20 }\n";
    assertThat(ExperimentText.of(read(SMALLEST))).doesNotContain("late_weight");
    var experiment = read(late);
    assertThat(experiment.loss().late()).isEqualTo(new LossSpec.Late(30, 20));
    assertThat(IntStream.of(0, 30, 31, 40).mapToObj(experiment.loss().late()::weight))
        .containsExactly(1.0, 1.0, 1.05, 1.5);
    assertThat(read(ExperimentText.of(experiment))).isEqualTo(experiment);
    assertThatThrownBy(() -> read(late.replace("over = 20", "over = 0")))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining("test.toml:")
        .hasMessageContaining("'over' is 0.0 and must be above 0");
    assertThatThrownBy(() -> read("readout = \"mean\"\n" + late))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining("'late_weight' is for a loss of every step");
    assertThatThrownBy(() -> read(late + "kind = \"ctc\"\n"))
        .hasMessageContaining("'late_weight' is for a loss of every step");
  }

  @Test
  void classesMayBeDrawnEquallyOftenAndStepsTakenWithinSequences() {
    var mean = "readout = \"mean\"\n" + SMALLEST;
    assertThat(ExperimentText.of(read(mean))).doesNotContain("sampling", "step_every");
    var both = read(mean + "sampling = \"balanced\"\nstep_every = 100\n");
    assertThat(both.training().sampling()).isEqualTo(Sampling.BALANCED);
    assertThat(both.training().stepEvery()).isEqualTo(100);
    assertThat(read(ExperimentText.of(both))).isEqualTo(both);
    assertThat(both.withSeed(9).training().stepEvery()).isEqualTo(100);
    assertThat(both.withSeed(9).training().sampling()).isEqualTo(Sampling.BALANCED);
    assertThatThrownBy(() -> read(SMALLEST + "sampling = \"balanced\"\n"))
        .isInstanceOf(NetworkException.class)
        .hasMessage(
            "test.toml:17: training.sampling = \"balanced\" draws by the class of a sequence; with"
                + " the readout each_step there is none");
    assertThatThrownBy(() -> read(SMALLEST + "step_every = 100\n"))
        .hasMessage(
            "test.toml:17: training.step_every needs an answer that adds up over the steps: the"
                + " readout mean, sum_of_softmax or spike_count, not each_step");
    assertThatThrownBy(() -> read(mean + "step_every = 100\ntruncate_steps = 50\n"))
        .hasMessageContaining("training.step_every does not go with training.truncate_steps");
    assertThatThrownBy(() -> read(mean + "step_every = 100\ncheckpoint_steps = 50\n"))
        .hasMessageContaining("training.step_every does not go with training.checkpoint_steps");
    assertThatThrownBy(() -> read(mean + "sampling = \"balance\"\n"))
        .hasMessageContaining("balanced");
  }

  @Test
  void countsOfTheReleasedDigitNetworkMayBeginWithTheRandomMembrane() {
    var draft = shipped("smnist-published");
    draft.set("readout", "last", "test");
    draft.set("layer.output.cell", "alif_count", "test");
    draft.set("layer.output.emits", "count", "test");
    draft.set("layer.output.states.count", "u", "test");
    var network = draft.experiment().network(8, List.of("0123456789".split("")));
    assertThat(Network.create(network, 1).parameterCount()).isEqualTo(156_702);
  }

  @Test
  void greyPixelsMayBecomeInkAndPaper() {
    var mnist = SMALLEST.replace("\"qtdb\"", "\"mnist\"");
    assertThat(ExperimentText.of(read(mnist))).doesNotContain("ink_above");
    var ink = read(mnist.replace("\"mnist\"", "\"mnist\"\nink_above = 0.1"));
    assertThat(ExperimentText.of(ink)).contains("\nink_above = 0.1\n");
    assertThat(read(ExperimentText.of(ink))).isEqualTo(ink);
    assertThatThrownBy(() -> read(mnist.replace("\"mnist\"", "\"mnist\"\nink_above = 25")))
        .isInstanceOf(NetworkException.class)
        .hasMessage(
            "test.toml:5: 'ink_above' is 25.0, but no pixel is darker than 1; choose less, or"
                + " leave it out for grey values");
  }

  /**
   * Weights and biases 4 x 36 + 36 x 36 + 2 x 36 and 36 x 6 + 6, and two time constants for each of
   * 42 neurons.
   */
  @ParameterizedTest
  @CsvSource({"ecg, 1818", "ecg-brf, 1734"})
  void heartbeatExperimentsHaveThePublishedNumberOfParameters(String name, int published) {
    int parameters = 0;
    int inputs = 4;
    for (var layer : withData(name).layers()) {
      int units = layer.units();
      parameters += inputs * units + (layer.inputBias() == null ? 0 : units);
      parameters += layer.recurrent() ? units * units : 0;
      parameters += layer.recurrentBias() == null ? 0 : units;
      parameters += layer.parameters().size() * units;
      inputs = units;
    }
    assertThat(parameters).isEqualTo(published);
  }

  @Test
  void adaptiveVariantDiffersInItsHiddenNeuronsOnly() {
    var plain = withData("ecg");
    var adaptive = withData("ecg-alif");
    assertThat(adaptive.layers().get(0).constants()).containsEntry("beta", 1.8);
    var draft = shipped("ecg-alif");
    draft.dropWithoutData();
    draft.set("name=ecg");
    draft.set("layer.hidden.constants.beta=0");
    assertThat(ExperimentText.of(draft.experiment())).isEqualTo(ExperimentText.of(plain));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ecg", "ecg-alif", "ecg-brf"})
  void withoutDataTheExperimentMakesItsOwn(String name) {
    var draft = shipped(name);
    assertThat(draft.applyWithoutData()).isTrue();
    var experiment = draft.experiment();
    assertThat(experiment.data().source().needsFolder()).isFalse();
    assertThat(experiment.training().epochs()).isLessThan(100);
    assertThat(experiment.layers()).isEqualTo(withData(name).layers());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ecg", "ecg-alif", "ecg-brf"})
  void textOfAnExperimentReadsBackToTheSame(String name) {
    for (boolean data : List.of(true, false)) {
      var draft = shipped(name);
      if (data) {
        draft.dropWithoutData();
      } else {
        draft.applyWithoutData();
      }
      draft.set("training.optimizer={kind=\"sgd\", rate=1e-7, momentum=0.9}");
      draft.set("training.schedule={kind=\"plateau\", watched=\"train_loss\"}");
      draft.set("layer.output.weights.bias=none");
      var experiment = draft.experiment();
      var text = ExperimentText.of(experiment);
      var again = read(text);
      assertThat(again).isEqualTo(experiment);
      assertThat(ExperimentText.of(again)).isEqualTo(text);
    }
  }

  @Test
  void everyDefaultIsWrittenOut() {
    var text = ExperimentText.of(read(SMALLEST));
    assertThat(text)
        .contains("readout = \"each_step\"")
        .contains("validation = 0.1")
        .contains("batch = 64")
        .contains(
            "surrogate = { kind = \"multi_gaussian\", gamma = 0.5, height = 0.15, scale = 6, sigma"
                + " = 0.5 }")
        .contains("select_on = \"validation\"")
        .contains("cell leaky_integrator");
  }

  @Test
  void lossOfTranscriptsIsReadAndWrittenBack() {
    var draft = draft(SMALLEST);
    draft.set("loss.kind=ctc");
    draft.set("loss.reduction=mean");
    var experiment = draft.experiment();
    assertThat(experiment.loss())
        .isEqualTo(new LossSpec(LossSpec.Kind.CTC, 0, LossSpec.Reduction.MEAN));
    assertThat(read(ExperimentText.of(experiment))).isEqualTo(experiment);
    draft.set("readout=last");
    assertThatThrownBy(draft::experiment)
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining("the loss 'ctc' looks for the labels among all steps; leave out");
  }

  @Test
  void anyChangeChangesTheFingerprint() {
    var one = ExperimentText.sha256(ExperimentText.of(read(SMALLEST)));
    var other = draft(SMALLEST);
    other.set("training.seed=2");
    assertThat(ExperimentText.sha256(ExperimentText.of(other.experiment())))
        .isNotEqualTo(one)
        .hasSize(64);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "units = 8      | unitz = 8          | test.toml:9: unknown key 'unitz' in layer 'hidden';"
            + " did you mean 'units'?",
        "epochs = 3     | epoch = 3          | test.toml:18: unknown key 'epoch' in [training]; did"
            + " you mean 'epochs'?",
        "[training]     | [trainin]          | test.toml:17: unknown key 'trainin' in the"
            + " experiment; did you mean 'training'?",
        "source = \"qtdb\" | sources = \"qtdb\"     | test.toml:4: unknown key 'sources' in [data];"
            + " did you mean 'source'?",
        "epochs = 3     | xyzzy = 3          | test.toml:18: unknown key 'xyzzy' in [training];"
            + " known are batch,",
      })
  void unknownKeyIsNamedWithItsPlaceAndTheNearestKnown(String from, String to, String message) {
    assertThatThrownBy(() -> read(SMALLEST.replace(from, to)))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "units = 8  | units = \"many\"   | test.toml:9: 'units' of layer 'hidden' is \"many\"; it"
            + " must be a whole number of at least 1",
        "units = 8  | units = 0          | test.toml:9: 'units' of layer 'hidden' is 0; it must be"
            + " a whole number of at least 1",
        "units = 8  | units = 2.5        | test.toml:9: 'units' of layer 'hidden' is 2.5; it must"
            + " be a whole number of at least 1",
        "units = 8  | #                  | test.toml:6: layer 'hidden' needs 'units', a whole"
            + " number of at least 1",
        "recurrent = true | recurrent = 1 | 'recurrent' of layer 'hidden' is 1; it must be true or"
            + " false",
        "epochs = 3 | epochs = 99999999999 | it must be a whole number of at least 1",
        "epochs = 3 | epochs = 3\\nselect_on = \"tests\" | test.toml:19: 'select_on' of [training]"
            + " cannot be 'tests'; did you mean 'test'?",
        "epochs = 3 | epochs = 3\\nclip_norm = -1 | 'clip_norm' of [training] is -1; it must be a"
            + " number of at least 0",
        "epochs = 3 | epochs = 3\\noptimizer = { kind = \"adm\", rate = 1 } | test.toml:19: unknown"
            + " optimizer 'adm'; did you mean 'adam'?",
        "epochs = 3 | epochs = 3\\noptimizer = \"adam\" | it must be a table",
        "epochs = 3 | epochs = 3\\nschedule = { kind = \"step\", evry = 2 } | test.toml:19: the"
            + " schedule 'step' has no setting 'evry'; did you mean 'every'?",
        "epochs = 3 | epochs = 3\\nrates.hiden.tau_m = 3 | test.toml:19: 'rates' names"
            + " 'hiden.tau_m', but there is no layer 'hiden'; did you mean 'hidden'?",
        "source = \"qtdb\" | source = \"qtdbb\" | test.toml:4: there is no data source 'qtdbb'; did"
            + " you mean 'qtdb'?",
        "source = \"qtdb\" | source = \"qtdb\"\\nseed = 1 | test.toml:5: unknown key 'seed' in"
            + " [data]",
        "source = \"qtdb\" | source = \"speech_commands\"\\nclasses = 30 | test.toml:5: 'classes'"
            + " is 30; it must be 12 or 35",
        "source = \"qtdb\" | source = \"speech_commands\"\\nclasses = 35\\nunknown = \"all\" |"
            + " test.toml:6: 'unknown' can be 'all' only with classes = 12",
        "source = \"qtdb\" | source = \"speech_commands\"\\nclasses = 35\\ntest = \"published\" |"
            + " test.toml:6: 'test' can be 'published' only with classes = 12",
        "source = \"qtdb\" | source = \"speech_commands\"\\nunknown = \"balance\" | test.toml:5:"
            + " 'unknown' of [data] cannot be 'balance'; did you mean 'balanced'?",
        "source = \"qtdb\" | source = \"qtdb\"\\nvalidation = 1.5 | test.toml:5: 'validation' is"
            + " the share of training records held out, below 1; it is 1.5",
        "cell = \"alif\" | cell = \"alift\" | test.toml:8: there is no built-in cell 'alift'; did"
            + " you mean 'alif'?",
        "cell = \"alif\" | cell = \"mine.cell\" | test.toml:8: there is no cell file 'mine.cell'",
        "units = 8 | units = 8\\nemits = \"v\" | test.toml:10: the cell 'alif' has no state or"
            + " assigned value 'v'",
        "units = 8 | units = 8\\nsurrogate = \"gausian\" | test.toml:10: 'surrogate' of layer"
            + " 'hidden' cannot be 'gausian'; did you mean 'gaussian'?",
        "units = 8 | units = 8\\nweights = { input = \"xavir\" } | test.toml:10: unknown"
            + " initialiser 'xavir'; did you mean 'xavier'?",
        "units = 6 | units = 6\\nweights = { recurrent = \"xavier\" } | test.toml:16: layer"
            + " 'output' is not recurrent",
        "units = 8 | units = 8\\nsubsteps = 0 | test.toml:10: 'substeps' of layer 'hidden' is 0; it"
            + " must be a whole number of at least 1",
        "units = 8 | units = 8\\nconnection = \"one_to_on\" | test.toml:10: 'connection' of layer"
            + " 'hidden' cannot be 'one_to_on'; did you mean 'one_to_one'?",
        "units = 8 | units = 8\\nconnection = \"one_to_one\"\\nweights.input = \"xavier\" |"
            + " test.toml:11: layer 'hidden' is connected one_to_one, so it has no weights from"
            + " below",
        "units = 6 | units = 6\\nbidirectional = true | test.toml:16: layer 'output' is the last"
            + " and hands two values a unit to the readout",
        "epochs = 3 | epochs = 3\\nrates.hidden.tau_m = \"fast\" | test.toml:19: 'tau_m' of"
            + " 'hidden' of 'rates' of [training] is \"fast\"; it must be a finite number",
        "name = \"output\" | name = \"hidden\" | test.toml:13: two layers are called 'hidden'",
        "name = \"small\" | name = \"a/b\" | test.toml:1: the name 'a/b' begins the run folder's"
            + " name",
        "name = \"small\" | name = small | test.toml:1:8: not valid TOML",
      })
  void wrongValueIsASentenceWithItsPlace(String from, String to, String message) {
    assertThatThrownBy(() -> read(SMALLEST.replace(from, to.replace("\\n", "\n"))))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining(message);
  }

  @Test
  void wiringOfLayersIsReadAndWrittenBack() {
    var text =
        SMALLEST
            .replace(
                "units = 8",
                """
                units = 8
                bidirectional = true
                substeps = 5
                parameters = { tau_m = [20, "normal(20, 5)"], backward.tau_m = 30 }\
                """)
            .replace(
                "[[layer]]\nname = \"output\"",
                """
                [[layer]]
                name = "encoder"
                cell = "ternary"
                units = 16
                connection = "one_to_one"

                [[layer]]
                name = "output\"\
                """)
            .replace("epochs = 3", "epochs = 3\nrates.hidden.backward.tau_m = 2");
    var experiment = read(text);
    var hidden = experiment.layers().get(0);
    assertThat(hidden.bidirectional()).isTrue();
    assertThat(hidden.substeps()).isEqualTo(5);
    assertThat(hidden.width()).isEqualTo(16);
    assertThat(hidden.parameters())
        .containsOnly(entry("tau_m", "20; normal(20, 5)"), entry("backward.tau_m", "30"));
    var encoder = experiment.layers().get(1);
    assertThat(encoder.connection()).isEqualTo(LayerSpec.Connection.ONE_TO_ONE);
    assertThat(encoder.inputWeights()).isNull();
    assertThat(encoder.inputBias()).isNull();
    assertThat(experiment.training().rateFactors())
        .containsOnly(entry("hidden.backward.tau_m", 2.0));
    assertThat(read(ExperimentText.of(experiment))).isEqualTo(experiment);
    assertThat(ExperimentText.of(read(SMALLEST)))
        .doesNotContain("bidirectional", "substeps", "connection");
  }

  @Test
  void onlyABidirectionalLayerHasABackwardHalf() {
    var text = SMALLEST.replace("units = 8", "units = 8\nparameters.backward.tau_m = 30");
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining("layer 'hidden' has no half that reads backward");
  }

  @ParameterizedTest
  @ValueSource(strings = {"checkpoint_steps", "truncate_steps"})
  void aBidirectionalLayerSeesSequencesAsAWhole(String key) {
    var text =
        SMALLEST
            .replace("units = 8", "units = 8\nbidirectional = true")
            .replace("epochs = 3", "epochs = 3\n" + key + " = 32");
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(NetworkException.class)
        .hasMessage(
            "test.toml:20: layer 'hidden' is bidirectional and sees every sequence as a whole;"
                + " leave out '"
                + key
                + "'");
  }

  @Test
  void aCurriculumAndTheRangesOfStepsAreReadAndWrittenBack() {
    var experiment =
        read(
            SMALLEST.replace(
                "epochs = 3",
                "epochs = 3\nbatch = 8\nmicro_batch = 8\nrange = \"step\"\n"
                    + "curriculum = [{ epochs = 2, steps = 50 }, { epochs = 1, steps = 100 }]"));
    assertThat(experiment.training().range()).isEqualTo(RangePolicy.STEP);
    assertThat(experiment.training().curriculum().stages())
        .containsExactly(new Curriculum.Stage(2, 50), new Curriculum.Stage(1, 100));
    assertThat(read(ExperimentText.of(experiment))).isEqualTo(experiment);
  }

  @Test
  void rangesOfStepsNeedOneMicroBatch() {
    assertThatThrownBy(
            () -> read(SMALLEST.replace("epochs = 3", "epochs = 3\nbatch = 32\nrange = \"step\"")))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining("it must be one micro-batch; set micro_batch = 32");
  }

  @Test
  void aSlipInTheInitialValueOfAnyShareOfTheUnitsIsTold() {
    assertThatThrownBy(() ->
            read(
                SMALLEST.replace(
                    "units = 8", "units = 8\nparameters.tau_m = [20, \"normal(20)\"]")))
        .isInstanceOf(CellException.class)
        .hasMessageContaining("layer 'hidden'")
        .hasMessageContaining("'tau_m'");
  }

  @Test
  void overridingWhatACellDoesNotHaveNamesTheNearest() {
    assertThatThrownBy(
            () -> read(SMALLEST.replace("units = 8", "units = 8\nconstants = { bta = 1 }")))
        .isInstanceOf(CellException.class)
        .hasMessageContaining("layer 'hidden'")
        .hasMessageContaining("'bta'")
        .hasMessageContaining("did you mean 'beta'?");
  }

  @Test
  void settingReachesLayersByNameAndByNumber() {
    var draft = draft(SMALLEST);
    draft.set("layer.hidden.units=24");
    draft.set("layer.1.cell = lif");
    draft.set("layer.hidden.surrogate=gaussian");
    draft.set("layer.hidden.surrogate.sigma=0.3");
    draft.set("training.rates.hidden.tau_m=3");
    draft.set("training.rates.\"output.tau_m\"=2");
    var experiment = draft.experiment();
    assertThat(experiment.layers().get(0).units()).isEqualTo(24);
    assertThat(experiment.layers().get(0).surrogate())
        .isEqualTo(new Surrogate(Surrogate.Kind.GAUSSIAN, 0.5, 0.3, 0.15, 6));
    assertThat(experiment.layers().get(1).cellText()).contains("cell lif\n");
    assertThat(experiment.training().rateFactors())
        .containsOnly(entry("hidden.tau_m", 3.0), entry("output.tau_m", 2.0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "layer.hiden.units=2       | --set layer.hiden.units: there is no layer 'hiden'; did you"
            + " mean 'hidden'?",
        "layer.hidden.unitz=2      | --set layer.hidden.unitz: unknown key 'unitz' in layer"
            + " 'hidden'; did you mean 'units'?",
        "training.epochs=many      | --set training.epochs: 'epochs' of [training] is \"many\"; it"
            + " must be a whole number",
        "epochs                    | --set 'epochs' must be key=value",
        "a b=3                     | must be key=value",
        "layer.hidden=3            | --set layer.hidden: names a whole layer",
        "training.epochs.more=3    | 'training.epochs' is 3; it must be a table",
      })
  void wrongSettingIsNamedAsWritten(String setting, String message) {
    var draft = draft(SMALLEST);
    assertThatThrownBy(
            () -> {
              draft.set(setting);
              draft.experiment();
            })
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining(message);
  }

  @Test
  void valueReplacedWithoutDataIsBlamedWhereItStands() {
    var draft = draft(SMALLEST + "\n[without_data.training]\nepochs = \"few\"\n");
    draft.applyWithoutData();
    assertThatThrownBy(draft::experiment)
        .hasMessageContaining("test.toml:21: 'epochs' of [training] is \"few\"");
  }

  @Test
  void cellFileLiesBesideTheExperiment(@TempDir Path folder) throws Exception {
    Files.writeString(
        folder.resolve("mine.cell"),
        "cell mine\r\ninput i\r\nstate u = 0\r\nu = 0.5 * u + i\r\noutput u\r\n");
    var file = folder.resolve("e.toml");
    Files.writeString(file, SMALLEST.replace("cell = \"alif\"", "cell = \"mine.cell\""));
    var experiment = ExperimentDraft.read(file, "e.toml", Rheo.HOME).experiment();
    assertThat(experiment.layers().get(0).cellText()).contains("cell mine\n").doesNotContain("\r");
    assertThat(read(ExperimentText.of(experiment))).isEqualTo(experiment);
  }

  @Test
  void slipInACellFileIsToldWithFileAndLine(@TempDir Path folder) throws Exception {
    Files.writeString(
        folder.resolve("mine.cell"),
        "cell mine\ninput i\nstate u = 0\nu = 0.5 * w + i\noutput u\n");
    var file = folder.resolve("e.toml");
    Files.writeString(file, SMALLEST.replace("cell = \"alif\"", "cell = \"mine.cell\""));
    assertThatThrownBy(() -> ExperimentDraft.read(file, "e.toml", Rheo.HOME).experiment())
        .isInstanceOf(CellException.class)
        .hasMessageContaining("mine.cell:4:")
        .hasMessageContaining("'w'");
  }

  @Test
  void lastLayerNeedsAUnitForEachClass() {
    assertThatThrownBy(() -> read(SMALLEST).network(4, List.of("a", "b")))
        .isInstanceOf(NetworkException.class)
        .hasMessage(
            "the last layer 'output' has 6 units, but the data have 2 classes (a, b); give it one"
                + " unit a class");
  }
}
