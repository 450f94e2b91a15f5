package rheobase.data.speech;

import java.nio.file.Path;
import java.util.List;
import rheobase.data.DataException;
import rheobase.data.Sequence;
import rheobase.data.Signal;
import rheobase.data.sound.KaldiFeatures;
import rheobase.data.sound.Sound;

/**
 * What a network hears of read speech: features of Kaldi's definitions, brought to a like scale
 * within each speaker.
 *
 * @param kind cepstra or filter banks
 * @param filters mel filters; as many channels where they are the features
 * @param derivatives 0 for none, 1 or 2 for those along time beside the features
 * @param speakers what is taken away of a speaker, over all frames of his that are read together
 *     (Kaldi's {@code apply-cmvn --utt2spk})
 */
public record SpeechFeatures(
    KaldiFeatures.Kind kind, int filters, int derivatives, Speakers speakers) {
  /** Samples per second of TIMIT and LibriSpeech. */
  public static final int RATE = 16000;

  /**
   * Checks that there can be such features.
   *
   * @throws DataException when there cannot
   */
  public SpeechFeatures {
    if (derivatives < 0 || derivatives > 2) {
      throw new DataException(
          "Derivatives of order %d are not possible; there are 0 to 2.".formatted(derivatives));
    }
    new KaldiFeatures(RATE, kind, filters, false);
  }

  /** Numbers a frame. */
  public int channels() {
    return extractor().features() * (derivatives + 1);
  }

  /** What computes them before {@link #hear} adds derivatives; for one thread. */
  KaldiFeatures extractor() {
    return new KaldiFeatures(RATE, kind, filters, false);
  }

  /** All that decides the features of a file, for the cache. */
  String text() {
    return "%s of %d filters by Kaldi, %d derivatives".formatted(kind, filters, derivatives);
  }

  /**
   * The features of a sound, its speaker's scale not taken away yet.
   *
   * @param file it was read from
   * @param extractor of {@link #extractor}
   * @throws DataException naming the file, when the sound has another rate or no frame
   */
  Signal.Dense hear(Path file, Sound sound, KaldiFeatures extractor) {
    if (sound.rate() != RATE) {
      throw new DataException(
          "%s has %d samples per second; expected are %d.".formatted(file, sound.rate(), RATE));
    }
    if (extractor.frames(sound.samples().length) == 0) {
      throw new DataException(
          "%s is too short: it has %d samples, and a frame has %d."
              .formatted(file, sound.samples().length, RATE / 40));
    }
    final Signal.Dense features = extractor.of(sound);
    return derivatives == 0 ? features : KaldiFeatures.withDerivatives(features, derivatives);
  }

  /**
   * The front end for single recordings: each is a speaker of its own.
   *
   * @param classes names of the labels
   */
  public Hearing hearing(List<String> classes) {
    final KaldiFeatures extractor = extractor();
    return new Hearing(
        RATE,
        classes,
        channels(),
        KaldiFeatures.STEP_SECONDS,
        (KaldiFeatures.WINDOW_SECONDS - KaldiFeatures.STEP_SECONDS) / 2,
        (file, sound) -> {
          final Sequence alone =
              Sequence.transcribed(
                  file.toString(), file.toString(), hear(file, sound, extractor), new int[0]);
          return speakers.alike(List.of(alone)).getFirst().signal();
        });
  }
}
