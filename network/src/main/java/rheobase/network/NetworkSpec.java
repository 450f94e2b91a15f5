package rheobase.network;

import java.util.List;
import java.util.Optional;

/**
 * A whole network as an experiment describes it.
 *
 * @param inputs channels of the data
 * @param layers from the input upwards; the last one has a unit per class
 * @param readout how the last layer becomes logits
 * @param loss what is minimised
 */
public record NetworkSpec(int inputs, List<LayerSpec> layers, Readout readout, LossSpec loss) {
  public NetworkSpec {
    layers = List.copyOf(layers);
    if (layers.isEmpty()) {
      throw new NetworkException("a network needs at least one layer");
    }
    if (layers.getLast().bidirectional()) {
      throw new NetworkException(
          "the last layer '%s' is bidirectional, so it would hand two values a unit to the readout; put a layer with one unit a class above it"
              .formatted(layers.getLast().name()));
    }
    if (loss != null && loss.kind() == LossSpec.Kind.CTC && readout != Readout.EACH_STEP) {
      throw new NetworkException(
          "the loss ctc looks for the labels among all steps, so the readout is each_step; it is %s"
              .formatted(readout.text()));
    }
    if (loss != null && !loss.late().equals(LossSpec.Late.NONE)) {
      checkLate(loss, readout);
    }
  }

  private static void checkLate(LossSpec loss, Readout readout) {
    if (loss.kind() == LossSpec.Kind.CTC || readout != Readout.EACH_STEP) {
      throw new NetworkException(
          "late steps can weigh more only where every step has a loss of its own; here the readout is %s and the loss %s"
              .formatted(readout.text(), loss.kind().text()));
    }
  }

  /** Whether the gradient of a step's logits is known as soon as the step has been seen. */
  boolean gradientEachStep() {
    return readout == Readout.EACH_STEP && loss.kind() != LossSpec.Kind.CTC;
  }

  /**
   * The first layer that has to see a sequence as a whole while it is trained: one of its
   * directions begins at the end, or it normalises over all steps.
   */
  public Optional<LayerSpec> wholeSequenceLayer() {
    return layers.stream()
        .filter(layer -> layer.bidirectional() || layer.isNormalised())
        .findFirst();
  }
}
