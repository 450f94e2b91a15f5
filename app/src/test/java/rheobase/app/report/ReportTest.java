package rheobase.app.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rheobase.app.report.ReportData.Activity;
import rheobase.app.report.ReportData.Example;
import rheobase.app.report.ReportData.Layer;
import rheobase.app.report.ReportData.Provenance;
import rheobase.app.report.ReportData.Scores;
import rheobase.app.report.ReportData.Selection;
import rheobase.app.report.ReportData.TrainedParameter;
import rheobase.network.Score;
import rheobase.network.model.WriteException;
import rheobase.network.training.EpochRecord;
import rheobase.network.training.SelectOn;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ReportTest {
  private static final Pattern DATA =
      Pattern.compile(
          "<script type=\"application/json\" id=\"report-data\">(.*?)</script>", Pattern.DOTALL);

  @TempDir Path folder;

  private static JsonNode embedded(String page) {
    final var found = DATA.matcher(page);
    assertThat(found.find()).isTrue();
    return new JsonMapper().readTree(found.group(1));
  }

  private static JsonNode embedded(ReportData data) {
    return embedded(Report.page(data));
  }

  @Test
  void pageHoldsWhatTheDataSay() throws IOException {
    final var data = Heartbeats.report(3, SelectOn.VALIDATION);
    final var file = folder.resolve("report.html");
    Report.write(data, file);
    final var json = embedded(Files.readString(file));

    assertThat(json.path("name").asString()).isEqualTo("ecg");
    assertThat(json.path("classes").size()).isEqualTo(6);
    final var history = json.path("history");
    assertThat(history.path("epoch").size()).isEqualTo(400);
    final var epoch = data.history().get(122);
    assertThat(history.path("train").path("loss").get(122).asDouble())
        .isEqualTo(epoch.train().loss(), offset(1e-5));
    assertThat(history.path("validation").path("accuracy").get(122).asDouble())
        .isEqualTo(epoch.validation().accuracy(), offset(1e-5));
    assertThat(history.path("firingRates").get(0).get(122).asDouble())
        .isEqualTo(epoch.firingRates().getFirst(), offset(1e-5));
    final long[][] confusion = data.scores().test().confusion();
    for (int truth = 0; truth < 6; truth++) {
      for (int predicted = 0; predicted < 6; predicted++) {
        assertThat(
                json.path("scores")
                    .path("test")
                    .path("confusion")
                    .get(truth)
                    .get(predicted)
                    .asLong())
            .isEqualTo(confusion[truth][predicted]);
      }
    }
    assertThat(json.path("energy").path("picojoules").asDouble()).isEqualTo(420.4);
    assertThat(json.path("energy").path("baselines").get(2).path("ratio").asDouble())
        .isEqualTo(23482 / 420.4, offset(1e-3));
    final var provenance = json.path("provenance");
    assertThat(provenance.path("dataSha256").asString()).isEqualTo(data.provenance().dataSha256());
    assertThat(provenance.path("weightsSha256").asString())
        .isEqualTo(data.provenance().weightsSha256());
    assertThat(provenance.path("experiment").asString()).isEqualTo(data.provenance().experiment());
    assertThat(provenance.path("more").path("threads").asString()).isEqualTo("2");
  }

  @Test
  void exampleComesBackStepForStep() {
    final var data = Heartbeats.report(3, SelectOn.VALIDATION);
    final var example = data.example();
    final var json = embedded(data).path("example");

    assertThat(unrolled(json.path("targets"))).containsExactly(boxed(example.targets()));
    assertThat(unrolled(json.path("predictions"))).containsExactly(boxed(example.predictions()));
    final var unannotated = unrolled(json.path("unannotated"));
    for (int step = 0; step < example.steps(); step++) {
      assertThat(unannotated.get(step) == 0).isEqualTo(example.annotated()[step]);
    }
    final var hidden = json.path("activities").get(1);
    final double[][] emitted = example.activities().get(1).emitted();
    for (int unit = 0; unit < Heartbeats.HIDDEN; unit++) {
      final int index = unit;
      final var fired =
          IntStream.range(0, example.steps())
              .filter(step -> emitted[step][index] != 0)
              .boxed()
              .toList();
      assertThat(hidden.path("raster").get(unit).valueStream().map(JsonNode::asInt).toList())
          .isEqualTo(fired);
    }
    final var membranes = hidden.path("membranes");
    assertThat(membranes.size()).isEqualTo(Heartbeats.HIDDEN);
    final double[][] membrane = example.activities().get(1).membrane();
    for (int step = 0; step < example.steps(); step++) {
      assertThat(membranes.get(7).path("values").get(step).asDouble())
          .isEqualTo(membrane[step][7], offset(1e-3));
      assertThat(json.path("readout").get(4).get(step).asDouble())
          .isEqualTo(example.readout()[step][4], offset(1e-2));
    }
  }

  @Test
  void hostileNamesStayText() {
    final String hostile =
        "</script><script>alert(1)</script><!--<img src=x onerror=alert(2)>&\"'{{style}} $1"
            + " \\u003c";
    final var plain = Heartbeats.report("ecg", Heartbeats.CLASSES, 3, SelectOn.TEST);
    final var data =
        new ReportData(
            hostile,
            plain.selection(),
            List.of(hostile, "PQ", "QR", "RS", "ST", "TP"),
            plain.history(),
            plain.scores(),
            List.of(new Layer(hostile, hostile, 4, 36, true, 9, 0.3), plain.layers().get(1)),
            List.of(
                new TrainedParameter(
                    hostile, hostile, hostile, new double[] {1}, new double[] {2})),
            plain.example(),
            plain.energy(),
            new Provenance(
                hostile, hostile, 1, hostile, hostile, hostile, hostile, Map.of(hostile, hostile)));
    final String page = Report.page(data);

    // The page's own three scripts and nothing else, and none of the name as markup.
    assertThat(page.split("<script", -1)).hasSize(4);
    assertThat(page.split("</script", -1)).hasSize(4);
    assertThat(page).doesNotContain("<img").doesNotContain("<!--");
    assertThat(page)
        .contains("<title>&lt;/script&gt;&lt;script&gt;alert(1)")
        .contains("{{style}} $1");
    final var json = embedded(page);
    assertThat(json.path("name").asString()).isEqualTo(hostile);
    assertThat(json.path("classes").get(0).asString()).isEqualTo(hostile);
    assertThat(json.path("layers").get(0).path("name").asString()).isEqualTo(hostile);
    assertThat(json.path("provenance").path("more").path(hostile).asString()).isEqualTo(hostile);
  }

  @Test
  void pageLoadsNothing() {
    final String page = Report.page(Heartbeats.report(3, SelectOn.VALIDATION));
    assertThat(page).contains("content=\"default-src 'none'; img-src data:;");
    assertThat(found("(?i)<(link|iframe|object|embed|base|img|audio|video|source)\\b", page))
        .isEmpty();
    assertThat(found("(?i)\\b(src|href|action)\\s*=\\s*[\"']?\\s*(https?:|//|file:)", page))
        .isEmpty();
    assertThat(
            found(
                "(?i)[^a-z]url\\(|@import|\\bimport\\s*\\(|fetch\\(|XMLHttpRequest|WebSocket|EventSource",
                page))
        .isEmpty();
    // The only addresses are the name of the drawing language and the library's own in its licence
    // comment.
    assertThat(found("https?://[^\\s\"')]+", page))
        .containsOnly("https://github.com/leeoniya/uPlot", "http://www.w3.org/2000/svg");
  }

  @Test
  void onlyOurScriptsMayRun() throws Exception {
    final String page = Report.page(Heartbeats.report(3, SelectOn.VALIDATION));
    final var policy = Pattern.compile("script-src ([^\"]*)\"").matcher(page);
    assertThat(policy.find()).isTrue();
    assertThat(policy.group(1)).doesNotContain("unsafe");
    final var scripts =
        Pattern.compile("<script>(.*?)</script>", Pattern.DOTALL).matcher(page).results().toList();
    assertThat(scripts).hasSize(2);
    for (var script : scripts) {
      final byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(script.group(1).getBytes(StandardCharsets.UTF_8));
      assertThat(policy.group(1))
          .contains("'sha256-" + Base64.getEncoder().encodeToString(digest) + "'");
    }
  }

  @Test
  void sameDataGiveTheSameBytes() throws IOException {
    Report.write(Heartbeats.report(3, SelectOn.VALIDATION), folder.resolve("one.html"));
    Report.write(Heartbeats.report(3, SelectOn.VALIDATION), folder.resolve("other.html"));
    assertThat(folder.resolve("one.html")).hasSameBinaryContentAs(folder.resolve("other.html"));
    assertThat(Report.page(Heartbeats.report(4, SelectOn.VALIDATION)))
        .isNotEqualTo(Files.readString(folder.resolve("one.html")));
  }

  @Test
  void missingScoresAndNumbersBecomeNull() {
    final var full = Heartbeats.report(3, SelectOn.TRAIN);
    final var history = new ArrayList<>(full.history());
    final var bad = history.get(5);
    history.set(
        5,
        new EpochRecord(
            bad.epoch(),
            bad.rate(),
            new Score(Double.NaN, Double.NaN, Double.POSITIVE_INFINITY, null),
            null,
            null,
            Double.NaN,
            List.of(Double.NaN, Double.NaN),
            1,
            1,
            false));
    final var data =
        new ReportData(
            "ecg",
            full.selection(),
            full.classes(),
            history,
            new Scores(full.scores().train(), null, null),
            full.layers(),
            List.of(
                new TrainedParameter(
                    "hidden", "tau_m", "steps", new double[] {Double.NaN, 2}, new double[] {3, 3}),
                new TrainedParameter("hidden", "none", "", new double[0], new double[0])),
            null,
            null,
            full.provenance());
    final var json = embedded(data);

    assertThat(json.path("history").path("validation").isNull()).isTrue();
    assertThat(json.path("history").path("train").path("loss").get(5).isNull()).isTrue();
    assertThat(json.path("history").path("gradientNorm").get(5).isNull()).isTrue();
    assertThat(json.path("history").path("firingRates").get(1).get(0).isNull()).isTrue();
    assertThat(json.path("scores").path("validation").isNull()).isTrue();
    assertThat(json.path("scores").path("test").isNull()).isTrue();
    assertThat(json.path("example").isNull()).isTrue();
    assertThat(json.path("energy").isNull()).isTrue();
    assertThat(json.path("layers").get(1).path("firingRate").isNull()).isTrue();
    assertThat(json.path("parameters").get(0).path("before").path("mean").asInt()).isEqualTo(2);
    assertThat(json.path("parameters").get(0).path("before").path("sd").isNull()).isTrue();
    assertThat(json.path("parameters").get(1).path("edges").isEmpty()).isTrue();
  }

  @Test
  void headlineSaysHowTheModelWasSelected() {
    assertThat(embedded(Heartbeats.report(3, SelectOn.VALIDATION)).path("headline").asString())
        .isEqualTo(
            "Model of epoch 371, selected on validation accuracy; the test set was scored once, at"
                + " the end.");
    final var onTest = embedded(Heartbeats.report(3, SelectOn.TEST));
    assertThat(onTest.path("headline").asString())
        .contains("selected on the test set itself")
        .contains("optimistic");
    assertThat(onTest.path("optimistic").asBoolean()).isTrue();
    assertThat(new Selection(SelectOn.LAST, 120, 120, 400).sentence(true))
        .isEqualTo(
            "Model of the last epoch, 120, not selected by any score; the test set was scored once,"
                + " at the end. Training was stopped after epoch 120 of 400.");
    assertThat(new Selection(SelectOn.TRAIN, 7, 9, 9).sentence(false))
        .isEqualTo("Model of epoch 7, selected on training accuracy.");
  }

  @Test
  void pageOfAnOrdinaryRunIsSmall() {
    assertThat(Report.page(Heartbeats.report(3, SelectOn.VALIDATION)).length()).isLessThan(700_000);
  }

  /** Also a page to look at: app/target/report-large.html. */
  @Test
  void pageStaysSmallForLargeNetworksAndLongSequences() throws IOException {
    final int steps = 6000;
    final int units = 700;
    final var random = new Random(1);
    final double[][] spikes = new double[steps][units];
    final double[][] dense = new double[steps][units];
    for (int step = 0; step < steps; step++) {
      for (int unit = 0; unit < units; unit++) {
        spikes[step][unit] = random.nextInt(3) == 0 ? 0.1 + random.nextDouble() : 0;
        dense[step][unit] = random.nextGaussian();
      }
    }
    final var names = IntStream.range(0, 35).mapToObj(index -> "class " + index).toList();
    final var history = new ArrayList<EpochRecord>();
    for (int epoch = 1; epoch <= 10_000; epoch++) {
      final var score =
          new Score(
              random.nextDouble(), random.nextDouble(), random.nextDouble(), new long[35][35]);
      history.add(
          new EpochRecord(
              epoch,
              0.1,
              score,
              score,
              score,
              random.nextDouble(),
              Collections.nCopies(3, random.nextDouble()),
              1,
              1,
              false));
    }
    final var score = new Score(0.5, 0.5, 1, new long[35][35]);
    final var small = Heartbeats.report(3, SelectOn.LAST);
    final var data =
        new ReportData(
            "large",
            new Selection(SelectOn.LAST, 10_000, 10_000, 10_000),
            names,
            history,
            new Scores(score, score, score),
            Collections.nCopies(
                3, new Layer("layer", "alif", units, units, true, units * units, 0.3)),
            Collections.nCopies(
                6, new TrainedParameter("layer", "tau_m", "steps", spikes[0], spikes[1])),
            new Example(
                "long",
                "test",
                0,
                new int[] {3},
                new boolean[] {true},
                new int[] {4},
                "u",
                IntStream.range(0, steps)
                    .mapToObj(_ -> random.doubles(35).toArray())
                    .toArray(double[][]::new),
                List.of(
                    new Activity("input", spikes, null, null),
                    new Activity("first", spikes, "u", dense),
                    new Activity("second", dense, "u", dense))),
            small.energy(),
            small.provenance());
    final var file = Path.of("target", "report-large.html");
    Report.write(data, file);
    assertThat(Files.size(file)).isLessThan(1_500_000);
    final var json = embedded(Files.readString(file));
    assertThat(json.path("history").path("epoch").size())
        .isLessThanOrEqualTo(ReportJson.MOST_EPOCHS + 2);
    assertThat(json.path("example").path("steps").asInt()).isEqualTo(steps);
    assertThat(json.path("example").path("shown").asInt()).isEqualTo(ExampleJson.MOST_STEPS);
    assertThat(unrolled(json.path("example").path("targets")))
        .hasSize(ExampleJson.MOST_STEPS)
        .containsOnly(3);
    assertThat(json.path("example").path("activities").get(2).has("image")).isTrue();
  }

  @Test
  void unwritablePlaceIsNamed() {
    final var file = folder.resolve("nowhere").resolve("report.html");
    assertThatThrownBy(() -> Report.write(Heartbeats.report(3, SelectOn.LAST), file))
        .isInstanceOf(WriteException.class)
        .hasMessageContaining("cannot write the report " + file);
  }

  @Test
  void dataThatDoNotFitAreNamed() {
    assertThatThrownBy(() -> Heartbeats.report("ecg", List.of("a", "b"), 3, SelectOn.LAST))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the confusion matrix of the train set is not 2 x 2");
    assertThatThrownBy(() ->
            new Example(
                "x",
                "test",
                0,
                new int[3],
                new boolean[3],
                new int[1],
                "u",
                new double[4][2],
                List.of()))
        .hasMessage("3 targets for 4 steps; there must be one a step, or exactly one");
    assertThatThrownBy(
            () -> new TrainedParameter("hidden", "tau_m", "", new double[3], new double[2]))
        .hasMessage("hidden.tau_m has 3 values before and 2 after training");
  }

  /** Also the page to look at: app/target/report-example.html. */
  @Test
  void examplePageIsWritten() throws IOException {
    final var file = Path.of("target", "report-example.html");
    Files.createDirectories(file.getParent());
    Report.write(Heartbeats.report(3, SelectOn.VALIDATION), file);
    assertThat(file).isNotEmptyFile();
  }

  private static List<String> found(String pattern, String page) {
    return Pattern.compile(pattern).matcher(page).results().map(match -> match.group()).toList();
  }

  private static List<Integer> unrolled(JsonNode runs) {
    final var values = new ArrayList<Integer>();
    for (int index = 0; index < runs.size(); index += 2) {
      values.addAll(Collections.nCopies(runs.get(index + 1).asInt(), runs.get(index).asInt()));
    }
    return values;
  }

  private static Integer[] boxed(int[] values) {
    return IntStream.of(values).boxed().toArray(Integer[]::new);
  }
}
