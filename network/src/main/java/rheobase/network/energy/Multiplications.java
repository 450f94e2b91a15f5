package rheobase.network.energy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import rheobase.cell.graph.StepOperations.Signal;
import rheobase.cell.language.Cells;
import rheobase.network.LayerSpec;
import rheobase.network.NetworkSpec;

/**
 * Multiplications of one time step as Ponghiran and Roy 2022 count them: for each value that is not
 * zero a row of weights, and a fixed number for each unit of a hidden layer. Their code makes two
 * mistakes with gated spikes, so there are two numbers.
 *
 * <p>With n units, m values from below of which nnz(x) are not zero, and nnz(y) of the layer's own:
 *
 * <pre>
 *                    corrected                              as coded
 *   lif_graded       n nnz(x) + 6n                          the same
 *   gated            2n nnz(x) + 8n                         4n nnz(x) + 8n
 *   gated_recurrent  2n nnz(x) + 2n nnz(y) + 8n             4n nnz(x) + 8n
 *   gru              3n nnz(x) + 3n n + 12n                 the same
 *   lstm             4n nnz(x) + 4n n + 12n                 the same
 *   linear, the last n nnz(x)                               the same
 *   encoder          n, one for each quantiser              0
 * </pre>
 *
 * What the authors take for the recurrent term of {@code gated_recurrent} is the term from below a
 * second time, and {@code gated} has no recurrent weights at all. The 6, 8 and 12 are theirs, in
 * both columns. Additions, activation functions and memory are not counted.
 *
 * @param corrected with what each layer really multiplies, the encoder included
 * @param asCoded by the formulas of their program
 */
public record Multiplications(double corrected, double asCoded) {

  /**
   * A hidden layer of theirs.
   *
   * @param gates weights that each value from below meets in each unit
   * @param constant for each unit
   * @param spikes whether it emits graded spikes
   */
  private record Hidden(int gates, int constant, boolean spikes) {}

  private static final Map<String, Hidden> HIDDEN =
      Map.of(
          "lif_graded", new Hidden(1, 6, true),
          "gated", new Hidden(2, 8, true),
          "gated_recurrent", new Hidden(2, 8, true),
          "gru", new Hidden(3, 12, false),
          "gru_masked", new Hidden(3, 12, false),
          "lstm", new Hidden(4, 12, false),
          "lstm_masked", new Hidden(4, 12, false));

  private static final String ENCODER = "integrate_and_fire_encoder";

  /** What may stand below, connected one to one. */
  private static final List<String> ENCODERS = List.of(ENCODER, "linear");

  /**
   * Of a network of theirs: hidden layers of one of these cells, a {@code linear} layer above them,
   * perhaps an encoder below, or in its place {@code linear}, one to one, which does nothing.
   *
   * @param layers of the network as measured
   * @return empty for any other network
   */
  public static Optional<Multiplications> of(NetworkSpec network, NetworkEnergy measured) {
    if (!isTheirs(network)) {
      return Optional.empty();
    }
    double corrected = 0;
    double asCoded = 0;
    for (int i = 0; i < network.layers().size(); i++) {
      CountedLayer layer = measured.layers().get(i);
      String cell = cell(network.layers().get(i));
      double units = layer.units();
      double below = layer.inputs() * (layer.input() == Signal.REAL ? 1 : layer.inputRate());
      if (layer.oneToOne()) {
        corrected += cell.equals(ENCODER) ? units : 0;
      } else if (cell.equals("linear")) {
        corrected += units * below;
        asCoded += units * below;
      } else {
        Hidden hidden = HIDDEN.get(cell);
        double own = units * (hidden.spikes() ? layer.outputRate() : 1);
        double feed = hidden.gates() * units * below;
        double back = layer.recurrent() ? hidden.gates() * units * own : 0;
        double each = hidden.constant() * units;
        corrected += feed + back + each;
        // theirs takes what comes from below for what comes back, where there are two gates
        asCoded += feed + (hidden.spikes() ? (hidden.gates() - 1) * feed : back) + each;
      }
    }
    return Optional.of(new Multiplications(corrected, asCoded));
  }

  /**
   * Of a dense network with hidden layers of the same sizes on the same input, without an encoder.
   *
   * @param gates 3 for a GRU, 4 for an LSTM
   * @return empty for a network that is not of this kind
   */
  public static Optional<Multiplications> ofRival(NetworkSpec network, int gates) {
    if (!isTheirs(network)) {
      return Optional.empty();
    }
    double count = 0;
    double below = network.inputs();
    for (LayerSpec layer : hidden(network)) {
      double units = layer.units();
      count += gates * units * (below + units) + 12 * units;
      below = units;
    }
    count += network.layers().getLast().units() * below;
    return Optional.of(new Multiplications(count, count));
  }

  private static List<LayerSpec> hidden(NetworkSpec network) {
    List<LayerSpec> layers = network.layers();
    LayerSpec lowest = layers.getFirst();
    int first = isOneToOne(lowest) && ENCODERS.contains(cell(lowest)) ? 1 : 0;
    return layers.subList(first, Math.max(first, layers.size() - 1));
  }

  private static boolean isOneToOne(LayerSpec layer) {
    return layer.connection() == LayerSpec.Connection.ONE_TO_ONE;
  }

  private static boolean isTheirs(NetworkSpec network) {
    List<LayerSpec> hidden = hidden(network);
    return !hidden.isEmpty()
        && hidden.stream().allMatch(layer -> HIDDEN.containsKey(cell(layer)))
        && hidden.stream().noneMatch(Multiplications::isOneToOne)
        && cell(network.layers().getLast()).equals("linear")
        && network.layers().stream()
            .noneMatch(layer -> layer.bidirectional() || layer.substeps() > 1);
  }

  /** The name of a built-in cell, empty for one of the user's own. */
  private static String cell(LayerSpec layer) {
    String name = Cells.nameOf("cell of layer '" + layer.name() + "'", layer.cellText());
    return Cells.names().contains(name) && layer.cellText().equals(Cells.text(name)) ? name : "";
  }
}
