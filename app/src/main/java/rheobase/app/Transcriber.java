package rheobase.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import rheobase.app.source.FramePhones;
import rheobase.data.DataException;
import rheobase.data.Sequence;
import rheobase.data.SequenceSet;
import rheobase.data.sound.Resampler;
import rheobase.data.sound.Sound;
import rheobase.data.sound.SoundFile;
import rheobase.data.speech.Hearing;
import rheobase.data.speech.PhoneStates;
import rheobase.network.LossSpec;
import rheobase.network.Network;
import rheobase.network.NetworkException;
import rheobase.network.Readout;
import rheobase.network.ctc.BestPath;
import rheobase.network.ctc.Greedy.Spoken;
import rheobase.network.ctc.PrefixBeam;

/**
 * Says what is said in recordings, one at a time: the front end that the model's data were read by,
 * the network, and the decoder of its kind. What it says of a recording does not depend on others.
 */
final class Transcriber {
  private final TrainedModel model;
  private final Network network;
  private final Hearing hearing;

  /** Where frames are phones. */
  private final Optional<FramePhones> phones;

  /** Null where the model file keeps none. */
  private final PhoneDecoder decoder;

  private final CtcDecoder ctc;

  /** Of what is read by CTC. */
  private final PrefixBeam beam;

  private final Map<Integer, Resampler> resamplers = new HashMap<>();

  /**
   * A label and when it was said.
   *
   * @param begin in seconds
   * @param end in seconds
   */
  record Said(String label, double begin, double end) {}

  /**
   * What one recording says.
   *
   * @param seconds that it lasts
   * @param heard how many of them the network heard: less where its training data were cut
   * @param rate samples per second of the file
   */
  record Transcript(String text, double seconds, double heard, int rate, List<Said> said) {}

  /**
   * Sets a model up.
   *
   * @param guide a language model for what is read by CTC
   * @throws NetworkException when it hears no sound, or cannot follow the language model
   */
  Transcriber(TrainedModel model, String shown, Optional<CtcDecoder.Guide> guide) {
    this.model = model;
    network = model.network();
    var source = model.experiment().data().source();
    hearing =
        source
            .hearing()
            .orElseThrow(() ->
                new NetworkException(
                    shown
                        + " was trained on '"
                        + source.text()
                        + "', which is no sound that lies in a file; only models of speech can"
                        + " transcribe"));
    phones = source.framePhones();
    decoder = decoder(shown);
    ctc = new CtcDecoder(hearing.classes(), source.between(), network.spec().loss().fromStep());
    if (guide.isPresent() && !transcribes()) {
      throw CtcDecoder.takesNoModel(shown, network.spec().loss().kind(), source);
    }
    beam = ctc.beam(guide);
  }

  private boolean transcribes() {
    return network.spec().loss().kind() == LossSpec.Kind.CTC;
  }

  private PhoneDecoder decoder(String shown) {
    var kept = model.file().provenance().get(PhoneDecoder.KEPT);
    if (phones.isEmpty() || kept == null) {
      return null;
    }
    try {
      return PhoneDecoder.read(phones.get(), kept, hearing.classes().size());
    } catch (NetworkException e) {
      throw new NetworkException(
          "what " + shown + " keeps for decoding cannot be used: " + e.getMessage(), e);
    }
  }

  /** Whether phones are read frame by frame, for lack of what Viterbi decoding needs. */
  boolean lacksDecoder() {
    return phones.isPresent() && decoder == null && isEachStep();
  }

  private boolean isEachStep() {
    return network.spec().readout() == Readout.EACH_STEP;
  }

  /** Samples per second that the network hears. */
  int rate() {
    return hearing.rate();
  }

  /**
   * Transcribes a file.
   *
   * @throws DataException naming the file and what is wrong with it
   * @throws NetworkException when the network cannot be run on it
   */
  Transcript of(Path file) {
    Sound read = SoundFile.read(file);
    Sound sound = resampled(file, read);
    var whole = sequence(file, sound);
    var set =
        new SequenceSet(file.toString(), hearing.channels(), hearing.classes(), List.of(whole));
    var treated = Dataset.treated(set, model.experiment().data());
    int steps = treated.sequences().getFirst().steps();
    double seconds =
        steps < whole.steps() ? hearing.lead() + steps * hearing.step() : sound.seconds();
    if (!isEachStep()) {
      var label = hearing.classes().get(answer(treated));
      return new Transcript(
          label, read.seconds(), seconds, read.rate(), List.of(new Said(label, 0, seconds)));
    }
    float[] outputs = network.outputs(treated, 1, model.seed()).getFirst();
    int first = transcribes() ? ctc.fromStep() : 0;
    var said = new ArrayList<Said>();
    for (var spoken : spoken(file, outputs)) {
      said.add(
          new Said(
              name(spoken.label()),
              hearing.begin(first + spoken.first(), steps, seconds),
              hearing.begin(first + spoken.end(), steps, seconds)));
    }
    if (transcribes() && ctc.between() >= 0) {
      var words = words(said);
      return new Transcript(text(words), read.seconds(), seconds, read.rate(), words);
    }
    return new Transcript(text(said), read.seconds(), seconds, read.rate(), said);
  }

  private static String text(List<Said> said) {
    return String.join(" ", said.stream().map(Said::label).toList());
  }

  private Sound resampled(Path file, Sound sound) {
    if (sound.rate() == hearing.rate()) {
      return sound;
    }
    if (sound.rate() < hearing.rate()) {
      throw new DataException(
          "%s has %d samples per second, but the model was trained on %d, and what lies above %d Hz cannot be made up."
              .formatted(file, sound.rate(), hearing.rate(), sound.rate() / 2));
    }
    return resamplers
        .computeIfAbsent(sound.rate(), rate -> new Resampler(rate, hearing.rate()))
        .of(sound);
  }

  private Sequence sequence(Path file, Sound sound) {
    var signal = hearing.features().of(file, sound);
    var name = file.toString();
    return transcribes()
        ? Sequence.transcribed(name, name, signal, new int[0])
        // the target is not looked at
        : new Sequence(name, name, signal, new int[1], new boolean[1]);
  }

  /** The class that a network says of the whole. */
  private int answer(SequenceSet one) {
    long[] answers = network.evaluate(one, 1, model.seed()).score().confusion()[0];
    int answer = 0;
    while (answers[answer] == 0) {
      answer++;
    }
    return answer;
  }

  private List<Spoken> spoken(Path file, float[] outputs) {
    int classes = hearing.classes().size();
    if (transcribes()) {
      int[] labels = ctc.labels(beam, outputs);
      return BestPath.times(
          file.toString(), outputs, ctc.from(), ctc.steps(outputs), classes, labels);
    }
    return decoder != null ? decoder.spoken(outputs) : frameByFrame(outputs, classes);
  }

  /** Runs of a phone, whatever its states do meanwhile: where they go back says little here. */
  private List<Spoken> frameByFrame(float[] outputs, int classes) {
    int[] largest = PhoneDecoder.largest(outputs, classes);
    var states =
        phones
            .map(FramePhones::states)
            .orElseGet(() -> PhoneStates.single(hearing.classes(), Set.of()));
    var spoken = new ArrayList<Spoken>();
    int first = 0;
    for (int t = 1; t <= largest.length; t++) {
      if (t == largest.length || states.phoneOf(largest[t - 1]) != states.phoneOf(largest[t])) {
        spoken.add(new Spoken(states.phoneOf(largest[first]), first, t));
        first = t;
      }
    }
    return spoken;
  }

  private String name(int label) {
    return phones.isPresent()
        ? phones.get().states().phones().get(label)
        : hearing.classes().get(label);
  }

  /** Letters gathered into words. */
  private List<Said> words(List<Said> letters) {
    var between = hearing.classes().get(ctc.between());
    var words = new ArrayList<Said>();
    boolean open = false;
    for (var letter : letters) {
      if (letter.label().equals(between)) {
        open = false;
        continue;
      }
      if (open) {
        var before = words.removeLast();
        words.add(new Said(before.label() + letter.label(), before.begin(), letter.end()));
      } else {
        words.add(letter);
      }
      open = true;
    }
    return words;
  }
}
