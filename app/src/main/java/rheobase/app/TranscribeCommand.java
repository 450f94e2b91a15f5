package rheobase.app;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import rheobase.data.DataException;
import rheobase.data.text.ArpaFile;
import rheobase.network.NetworkException;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code rheo transcribe}: what is said in sound files, and when. */
@Command(
    name = "transcribe",
    header = "Print what is said in sound files.",
    usageHelpWidth = RheoCommand.WIDTH,
    description = {
      "",
      "Phones, digits, letters gathered into words, or one label a file: whatever the model was"
          + " trained to say, each with its begin and end in seconds. Each file is heard by"
          + " itself.",
      ""
    })
final class TranscribeCommand implements Callable<Integer> {
  @ParentCommand private RheoCommand rheo;

  @Spec private CommandSpec command;

  @Parameters(index = "0", paramLabel = "MODEL", description = "Path of a .rheo file.")
  private Path model;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "FILE",
      description =
          "WAV, NIST SPHERE or FLAC of one channel. More samples per second than the model knows"
              + " are brought down to as many; fewer are refused.")
  private List<Path> files;

  @Option(
      names = "--lm",
      paramLabel = "FILE",
      description =
          "Follow this n-gram model (ARPA; of labels, or of the words that letters spell), where"
              + " the model was trained by CTC.")
  private Path languageModel;

  @Option(
      names = "--lm-weight",
      paramLabel = "W",
      description =
          "Factor on the logarithms of its probabilities; default 0.5. 'rheo evaluate --lm' finds"
              + " one on a validation set.")
  private Double weight;

  @Option(
      names = "--lm-bonus",
      paramLabel = "B",
      description = "Added for each label, or for each word of a model of words; default 0.")
  private Double bonus;

  @Option(names = "--json", description = "Print the result as one JSON object on standard output.")
  private boolean json;

  @Override
  public Integer call() {
    var path = rheo.resolve(model);
    var shown = rheo.surroundings.shown(path);
    var transcriber = new Transcriber(TrainedModel.read(path, false), shown, guide());
    if (transcriber.lacksDecoder()) {
      say(
          shown
              + " keeps nothing of its training transcripts, so its phones are read frame by frame;"
              + " training writes it into the model file");
    }
    var out = rheo.surroundings.out();
    var results = JsonNodeFactory.instance.arrayNode();
    boolean failed = false;
    for (var file : files) {
      try {
        var transcript = transcriber.of(rheo.resolve(file));
        if (transcript.rate() != transcriber.rate()) {
          say(
              "%s has %d samples per second; it is heard with %d, as the training data were"
                  .formatted(file, transcript.rate(), transcriber.rate()));
        }
        if (transcript.heard() < transcript.seconds() - 0.005) {
          say(
              String.format(
                  Locale.ROOT,
                  "%s lasts %.2f s, but only the first %.2f s are heard, as in training",
                  file,
                  transcript.seconds(),
                  transcript.heard()));
        }
        add(results, file, transcript);
        if (!json) {
          out.print(text(file, transcript));
          out.flush();
        }
      } catch (DataException | NetworkException e) {
        failed = true;
        say(e.getMessage());
        results.addObject().put("file", file.toString()).put("error", e.getMessage());
      }
    }
    if (json) {
      var object = JsonNodeFactory.instance.objectNode();
      object.put("model", path.toAbsolutePath().normalize().toString());
      object.set("files", results);
      out.println(ResultJson.text(object));
    }
    out.flush();
    return failed ? Main.FAILED : 0;
  }

  /** What is to be followed. */
  private Optional<CtcDecoder.Guide> guide() {
    if (languageModel == null) {
      if (weight != null || bonus != null) {
        throw new ParameterException(
            command.commandLine(), "--lm-weight and --lm-bonus need --lm FILE");
      }
      return Optional.empty();
    }
    double factor = weight == null ? CtcDecoder.WEIGHT : weight;
    double perLabel = bonus == null ? CtcDecoder.BONUS : bonus;
    if (!(factor >= 0 && factor < Double.POSITIVE_INFINITY)) {
      throw new ParameterException(
          command.commandLine(), "--lm-weight is " + weight + "; it must be a number from 0 on");
    }
    if (!Double.isFinite(perLabel)) {
      throw new ParameterException(
          command.commandLine(), "--lm-bonus is " + bonus + "; it must be a number");
    }
    var followed = ArpaFile.read(rheo.resolve(languageModel));
    if (weight == null || bonus == null) {
      say(
          "%s is followed with weight %s and bonus %s, which suits few models; 'rheo evaluate --lm' finds what suits this one"
              .formatted(languageModel.getFileName(), factor, perLabel));
    }
    return Optional.of(new CtcDecoder.Guide(followed, factor, perLabel));
  }

  private void say(String sentence) {
    rheo.surroundings.err().println("rheo: " + sentence);
  }

  private static String text(Path file, Transcriber.Transcript transcript) {
    var text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "%s  %.2f s%n", file, transcript.seconds()));
    for (var said : transcript.said()) {
      text.append(
          String.format(
              Locale.ROOT, "  %7.2f %7.2f  %s%n", said.begin(), said.end(), said.label()));
    }
    return text.toString();
  }

  private static void add(ArrayNode results, Path file, Transcriber.Transcript transcript) {
    var object = results.addObject();
    object.put("file", file.toString());
    object.put("seconds", rounded(transcript.seconds()));
    object.put("text", transcript.text());
    var said = object.putArray("said");
    for (var each : transcript.said()) {
      said.addObject()
          .put("label", each.label())
          .put("begin", rounded(each.begin()))
          .put("end", rounded(each.end()));
    }
  }

  /** Microseconds are enough. */
  private static double rounded(double seconds) {
    return Math.rint(seconds * 1e6) / 1e6;
  }
}
