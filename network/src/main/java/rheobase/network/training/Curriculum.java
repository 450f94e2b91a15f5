package rheobase.network.training;

import java.util.ArrayList;
import java.util.List;
import rheobase.data.Sequence;
import rheobase.network.NetworkException;

/**
 * Training sequences in pieces that grow over the epochs, so that a network first learns what lies
 * close together: PyTorch-Kaldi's (Ravanelli, Parcollet and Bengio 2019), by which Ponghiran and
 * Roy 2022 train. Each piece is a sequence of its own, with states that begin anew. Validation and
 * test have whole sequences.
 *
 * @param stages one after the other, the last for all epochs that are left; none for whole
 *     sequences throughout
 */
public record Curriculum(List<Stage> stages) {
  /** Whole sequences throughout. */
  public static final Curriculum NONE = new Curriculum(List.of());

  /** What is longer than this many pieces is cut; what is not, stays whole. */
  private static final double LONGEST = 1.25;

  public Curriculum {
    stages = List.copyOf(stages);
  }

  /**
   * A number of epochs with pieces of one length.
   *
   * @param steps of a piece
   */
  public record Stage(int epochs, int steps) {
    public Stage {
      if (epochs < 1 || steps < 1) {
        throw new NetworkException(
            "a stage of the curriculum has %d epochs and pieces of %d steps; both must be at least 1"
                .formatted(epochs, steps));
      }
    }
  }

  /**
   * Steps of a piece in an epoch.
   *
   * @param epoch from 1
   * @return 0 for whole sequences
   */
  int steps(int epoch) {
    int end = 0;
    for (Stage stage : stages) {
      end += stage.epochs();
      if (epoch <= end) {
        return stage.steps();
      }
    }
    return stages.isEmpty() ? 0 : stages.getLast().steps();
  }

  /**
   * The pieces of an epoch, in order: each of so many steps, cut from the beginning for as long as
   * more than 1.25 of them are left; what is left is the last.
   *
   * @throws NetworkException naming a sequence that has no target for every step
   */
  List<Sequence> pieces(List<Sequence> sequences, int epoch) {
    int steps = steps(epoch);
    if (steps == 0) {
      return sequences;
    }
    var pieces = new ArrayList<Sequence>();
    for (Sequence sequence : sequences) {
      if (!sequence.targetsEachStep()) {
        throw new NetworkException(
            "sequence '%s' has no target for every step, so it cannot be cut into pieces; leave out training.curriculum"
                .formatted(sequence.id()));
      }
      int from = 0;
      while (sequence.steps() - from > LONGEST * steps) {
        pieces.add(sequence.piece(from, from + steps));
        from += steps;
      }
      pieces.add(sequence.piece(from, sequence.steps()));
    }
    return pieces;
  }
}
