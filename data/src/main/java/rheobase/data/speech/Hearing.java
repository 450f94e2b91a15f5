package rheobase.data.speech;

import java.nio.file.Path;
import java.util.List;
import rheobase.data.Signal;
import rheobase.data.sound.Sound;

/**
 * How one recording becomes what a network hears: the front end that its training data were read
 * by, without the data.
 *
 * @param rate samples per second that it takes
 * @param classes names of the labels
 * @param channels of each step
 * @param step seconds from a step to the next
 * @param lead seconds from the beginning of the recording to that of the first step's own stretch:
 *     a step of a window longer than {@code step} is about the middle of it
 * @param features of a sound
 */
public record Hearing(
    int rate, List<String> classes, int channels, double step, double lead, Features features) {

  public Hearing {
    classes = List.copyOf(classes);
  }

  /** What is computed of a sound. Belongs to one thread. */
  public interface Features {
    /**
     * The features.
     *
     * @param file that the sound was read from
     * @param sound of the rate wanted
     * @throws rheobase.data.DataException naming the file, when it is too short or too long
     */
    Signal of(Path file, Sound sound);
  }

  /**
   * Where a step begins, in seconds.
   *
   * @param step at least 0; {@code steps} for the end of the last
   * @param steps of the recording
   * @param seconds that it lasts: the first step begins at 0, and the last ends no later
   */
  public double begin(int step, int steps, double seconds) {
    return step == 0 ? 0 : step == steps ? seconds : Math.min(seconds, lead + step * this.step);
  }
}
