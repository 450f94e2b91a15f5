package rheobase.app.source;

import java.util.List;
import rheobase.data.speech.PhoneStates;

/**
 * How classes of frames become phones, and how these are scored.
 *
 * @param states of the phones
 * @param rates of phones, by their numbers in {@code states}; the last is the one that decoding is
 *     set up for
 */
public record FramePhones(PhoneStates states, List<ErrorRate> rates) {
  public FramePhones {
    rates = List.copyOf(rates);
  }
}
