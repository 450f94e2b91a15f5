package rheobase.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import rheobase.data.text.ArpaFile;
import rheobase.network.LossSpec;

/** {@code rheo evaluate}: scores a model file on the test set of its experiment. */
@Command(
    name = "evaluate",
    header = "Score a model file on the test set.",
    usageHelpWidth = RheoCommand.WIDTH,
    description = {
      "",
      "The test set is that of the experiment the model was trained by. With --data, recordings are"
          + " read from DIR; the score then is on these, and a warning says when they are not those"
          + " of the training run.",
      ""
    })
final class EvaluateCommand implements Callable<Integer> {
  @ParentCommand private RheoCommand rheo;

  @Parameters(paramLabel = "MODEL", description = "Path of a .rheo file.")
  private Path model;

  @Mixin private RunOptions run;

  @Option(
      names = "--all",
      description =
          "Score every sequence of DIR, for recordings of your own that no training saw; otherwise"
              + " only those of the test set.")
  private boolean all;

  @Option(
      names = "--tolerance",
      paramLabel = "STEPS",
      description =
          "Score again, taking the class of a step for right if it is that of a step at most so far"
              + " away. The paper of 2020 does so with 5 steps of its ECG.")
  private Integer tolerance;

  @Option(
      names = "--lm",
      paramLabel = "FILE",
      description =
          "Read transcripts with this n-gram model too (ARPA; of labels, or of the words that"
              + " letters spell). Its weight is chosen on the validation set.")
  private Path languageModel;

  @Option(
      names = "--posteriors",
      paramLabel = "FILE.ark",
      description =
          "Write what the model says of every step of the validation and the test set, less the"
              + " logarithms of the classes' shares in training, as an archive for Kaldi's"
              + " decoders, and FILE.scp beside it.")
  private Path posteriors;

  @Override
  public Integer call() {
    int threads = run.threads();
    var path = rheo.resolve(model);
    var trained = TrainedModel.read(path, all);
    var experiment = trained.experiment();
    var dataset = trained.load(run.data(rheo), run.preparation(rheo));
    if (trained.wasTrainedWithout(dataset)) {
      rheo.surroundings
          .err()
          .println(
              "rheo: these data are not those the model was trained with; the score is on what was"
                  + " read now");
    }
    var network = trained.network();
    var test = trained.test(dataset, threads);
    var json =
        ResultJson.withFurther(
            ResultJson.run(
                experiment.name(),
                trained.seed(),
                null,
                network.parameterCount(),
                null,
                null,
                test.score(),
                test.firingRates(),
                Double.NaN,
                path.toAbsolutePath().normalize().toString(),
                network.parameters().sha256(),
                null),
            experiment.data().source(),
            test.score());
    ResultJson.withSkipped(json, dataset.skipped());
    var tolerant =
        tolerance == null
            ? null
            : Tolerant.of(network, dataset.split().test(), tolerance, threads, trained.seed());
    ResultJson.withTolerant(json, tolerant);
    var recognised = recognised(trained, dataset, threads);
    ResultJson.withDecoded(json, recognised);
    if (posteriors != null) {
      var archive = rheo.resolve(posteriors);
      var list = FrameScores.write(network, dataset, threads, trained.seed(), archive);
      rheo.surroundings
          .err()
          .println(
              "wrote "
                  + rheo.surroundings.shown(archive)
                  + " and "
                  + rheo.surroundings.shown(list));
    }
    if (run.json) {
      rheo.surroundings.out().println(ResultJson.text(json));
    } else {
      rheo.surroundings
          .out()
          .print(
              Summary.of(
                  experiment,
                  network.parameterCount(),
                  test.score(),
                  tolerant,
                  dataset.skipped(),
                  rheo.surroundings.shown(path)));
      rheo.surroundings.out().print(Recognised.text(recognised));
    }
    rheo.surroundings.out().flush();
    return 0;
  }

  /** What the test set says, where it is speech. */
  private List<Recognised> recognised(TrainedModel trained, Dataset dataset, int threads) {
    var model = languageModel == null ? null : ArpaFile.read(rheo.resolve(languageModel));
    var source = trained.experiment().data().source();
    var network = trained.network();
    var split = dataset.split();
    if (network.spec().loss().kind() == LossSpec.Kind.CTC) {
      var decoder = CtcDecoder.of(source, split.test(), network);
      var rates = CtcDecoder.rates(source);
      var test = CtcDecoder.Heard.of(network, split.test(), threads, trained.seed());
      var all = new ArrayList<>(decoder.recognised(rates, test, threads));
      if (model != null) {
        var validation = CtcDecoder.Heard.of(network, split.validation(), threads, trained.seed());
        all.add(
            decoder.recognised(
                rates, validation, test, model, languageModel.getFileName().toString(), threads));
      }
      return all;
    }
    if (model != null) {
      throw CtcDecoder.takesNoModel(
          rheo.surroundings.shown(trained.path()), network.spec().loss().kind(), source);
    }
    var experiment = trained.experiment();
    return PhoneDecoder.tuned(experiment, network, dataset, threads)
        .map(decoder -> decoder.recognised(experiment, network, dataset, threads))
        .orElse(List.of());
  }
}
