package rheobase.app;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rheobase.app.source.FramePhones;
import rheobase.data.SequenceSet;
import rheobase.data.text.Bigram;
import rheobase.network.Network;
import rheobase.network.NetworkException;
import rheobase.network.Readout;
import rheobase.network.ctc.Greedy.Spoken;
import rheobase.network.ctc.LogSoftmax;
import rheobase.network.hmm.PhoneLoop;
import rheobase.network.hmm.PhoneLoop.Scales;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Finds phones in what a network says of frames. All that it takes besides the network, counts of
 * the training targets and three scales, is kept in the model file, so that a recording can be
 * transcribed where no corpus is.
 *
 * @param phones of the frames' classes
 * @param bigram of the training transcripts
 * @param frames how often the training targets name each class
 * @param scales of the parts of a path's score
 * @param tuned whether the scales were chosen on a validation set
 */
record PhoneDecoder(
    FramePhones phones, Bigram bigram, List<Long> frames, Scales scales, boolean tuned) {
  /** Entry of the model file's provenance. */
  static final String KEPT = "decoding";

  private static final ScaleSearch SEARCH =
      new ScaleSearch(
          List.of(
              new double[] {0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7, 1, 1.5, 2},
              new double[] {0, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6},
              new double[] {-6, -4, -3, -2, -1, -0.5, 0, 0.5, 1, 2, 3, 4, 6, 8}));

  PhoneDecoder {
    frames = List.copyOf(frames);
  }

  /** Counts what is trained; the scales are still to be chosen. */
  static PhoneDecoder of(FramePhones phones, SequenceSet train) {
    long[] frames = new long[train.classes().size()];
    var transcripts = new ArrayList<int[]>();
    for (var sequence : train.sequences()) {
      for (int target : sequence.targets()) {
        frames[target]++;
      }
      transcripts.add(phones.states().transcript(sequence.targets()));
    }
    return new PhoneDecoder(
        phones,
        Bigram.of(phones.states().phones().size(), transcripts),
        Arrays.stream(frames).boxed().toList(),
        Scales.START,
        false);
  }

  /** Set up for a network by its training and validation sets; empty where no phones are. */
  static Optional<PhoneDecoder> tuned(
      Experiment experiment, Network network, Dataset data, int threads) {
    var phones = experiment.data().source().framePhones();
    if (phones.isEmpty() || network.spec().readout() != Readout.EACH_STEP) {
      return Optional.empty();
    }
    var split = data.split();
    var decoder = of(phones.get(), split.train());
    return Optional.of(
        decoder.tuned(
            decoder.heard(network, split.validation(), threads, experiment.training().seed()),
            threads));
  }

  /** What a network says of the test set. */
  List<Recognised> recognised(Experiment experiment, Network network, Dataset data, int threads) {
    return recognised(
        heard(network, data.split().test(), threads, experiment.training().seed()), threads);
  }

  private PhoneLoop loop() {
    return new PhoneLoop(
        phones.states(), bigram, frames.stream().mapToLong(count -> count).toArray());
  }

  /**
   * A set run through a network.
   *
   * @param outputs of each sequence, {@code [step][class]}
   * @param said phones of each
   */
  record Heard(int classes, List<float[]> outputs, List<int[]> said) {
    int steps(int sequence) {
      return outputs.get(sequence).length / classes;
    }
  }

  /** Runs a set through the network. */
  Heard heard(Network network, SequenceSet data, int threads, long seed) {
    int classes = data.classes().size();
    return new Heard(
        classes,
        network.outputs(data, threads, seed),
        data.sequences().stream()
            .map(sequence -> phones.states().transcript(sequence.targets()))
            .toList());
  }

  private static double[] logs(float[] outputs, int classes) {
    double[] logs = new double[outputs.length];
    LogSoftmax.of(outputs, 0, outputs.length / classes, classes, logs);
    return logs;
  }

  /** The same with the scales that make the fewest errors in a set; itself where that is empty. */
  PhoneDecoder tuned(Heard validation, int threads) {
    if (validation.outputs().isEmpty()) {
      return this;
    }
    var rate = phones.rates().getLast();
    var loop = loop();
    var logs = logs(validation);
    double[] start = {scales.acoustic(), scales.language(), scales.insertion()};
    double[] best =
        SEARCH
            .from(
                start,
                tried -> {
                  var found = read(loop, validation, logs, scales(tried), threads);
                  return Recognised.count(List.of(rate), validation.said(), found)
                      .get(rate)
                      .errors();
                })
            .scales();
    return new PhoneDecoder(phones, bigram, frames, scales(best), true);
  }

  private static Scales scales(double[] three) {
    return new Scales(three[0], three[1], three[2]);
  }

  private static List<double[]> logs(Heard heard) {
    return heard.outputs().stream().map(own -> logs(own, heard.classes())).toList();
  }

  private static List<int[]> read(
      PhoneLoop loop, Heard heard, List<double[]> logs, Scales scales, int threads) {
    return Recognised.each(
        logs.size(),
        threads,
        i ->
            loop.decode(logs.get(i), heard.steps(i), scales).stream()
                .mapToInt(Spoken::label)
                .toArray());
  }

  /** The test set read in both ways: frame by frame, and along the best path. */
  List<Recognised> recognised(Heard test, int threads) {
    var single =
        test.outputs().stream()
            .map(own -> phones.states().transcript(largest(own, test.classes())))
            .toList();
    var said = test.said();
    return List.of(
        new Recognised(
            "argmax",
            "frame by frame",
            Recognised.count(phones.rates(), said, single),
            Map.of(),
            ""),
        new Recognised(
            "viterbi",
            "by Viterbi",
            Recognised.count(phones.rates(), said, read(loop(), test, logs(test), scales, threads)),
            named(),
            tuned ? "chosen on validation" : "not chosen: there is no validation set"));
  }

  private Map<String, Double> named() {
    var named = new LinkedHashMap<String, Double>();
    named.put("acoustic", scales.acoustic());
    named.put("language", scales.language());
    named.put("insertion", scales.insertion());
    return named;
  }

  /** The largest of each step, the first of equals. */
  static int[] largest(float[] outputs, int classes) {
    int[] largest = new int[outputs.length / classes];
    for (int t = 0; t < largest.length; t++) {
      for (int c = 1; c < classes; c++) {
        largest[t] = outputs[t * classes + c] > outputs[t * classes + largest[t]] ? c : largest[t];
      }
    }
    return largest;
  }

  /** The phones of one recording, with their steps. */
  List<Spoken> spoken(float[] outputs) {
    return loop().decode(logs(outputs, frames.size()), outputs.length / frames.size(), scales);
  }

  /** What a model file keeps. */
  String text() {
    var object = JsonNodeFactory.instance.objectNode();
    object.put("acoustic", scales.acoustic());
    object.put("language", scales.language());
    object.put("insertion", scales.insertion());
    object.put("tuned", tuned);
    var counts = object.putArray("frames");
    frames.forEach(counts::add);
    var rows = object.putArray("bigram");
    for (long[] row : bigram.counts()) {
      var own = rows.addArray();
      Arrays.stream(row).forEach(own::add);
    }
    return object.toString();
  }

  /**
   * Reads it again.
   *
   * @throws NetworkException when the file does not keep it as {@link #text} writes it
   */
  static PhoneDecoder read(FramePhones phones, String text, int classes) {
    try {
      var object = ResultJson.read(text);
      var frames = numbers(object.get("frames"));
      long[][] counts =
          object.get("bigram").valueStream().map(PhoneDecoder::numbers).toArray(long[][]::new);
      if (frames.length != classes || counts.length != phones.states().phones().size() + 1) {
        throw new NetworkException("it is of %d classes".formatted(frames.length));
      }
      return new PhoneDecoder(
          phones,
          Bigram.of(counts),
          Arrays.stream(frames).boxed().toList(),
          new Scales(
              object.get("acoustic").asDouble(),
              object.get("language").asDouble(),
              object.get("insertion").asDouble()),
          object.get("tuned").asBoolean());
    } catch (JacksonException | IllegalArgumentException | NullPointerException e) {
      throw new NetworkException("it is damaged", e);
    }
  }

  private static long[] numbers(JsonNode array) {
    return array.valueStream().mapToLong(JsonNode::asLong).toArray();
  }
}
