package rheobase.app.bench;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import rheobase.cell.graph.Graph;
import rheobase.cell.graph.Node;
import rheobase.cell.graph.StepProgram;
import rheobase.cell.language.Cells;
import rheobase.network.LayerSpec;
import rheobase.network.NetworkSpec;

/**
 * What a scenario of spiking neurons needs, whoever computes it: the least that must be added,
 * multiplied and kept. Over the whole batch and all steps.
 *
 * @param eventAdds floats added along weights because a spike travels them: forward, and once more
 *     where the gradient of these weights is summed
 * @param multiplyAdds of dense products: of the few real or densely read inputs, and of the
 *     gradients that go back along the weights, which are not sparse
 * @param cellOperations of the neurons; a function such as exp counts as {@link #FUNCTION}
 * @param tapeBytes written going forward and read going back: the drive and the states of every
 *     neuron and step; none where only the forward pass is run
 * @param heldBytes of these that a thread holds at once
 */
public record Work(
    double eventAdds,
    double multiplyAdds,
    double cellOperations,
    double tapeBytes,
    double heldBytes) {

  /** Operations of a polynomial for exp and the like, in single precision. */
  private static final int FUNCTION = 12;

  /** Below this many channels events are not worth looking for. */
  private static final int FEW_CHANNELS = 16;

  private static final Work NONE = new Work(0, 0, 0, 0, 0);

  /** Whether a scenario is made of spiking neurons. */
  public static boolean counts(String scenario) {
    return ScenarioShape.named(scenario).filter(ScenarioShape::spiking).isPresent();
  }

  /**
   * What a pass over the batch needs.
   *
   * @param scenario one that {@link #counts}
   * @param firingRates of the recurrent layers, as measured
   * @param training forward and back, or forward alone
   */
  public static Work of(String scenario, List<Double> firingRates, boolean training) {
    ScenarioShape shape = ScenarioShape.named(scenario).orElseThrow();
    NetworkSpec network = shape.network();
    var step = NONE;
    int from = shape.inputs();
    boolean dense = from < FEW_CHANNELS;
    double rate = shape.activity();
    for (int i = 0; i < network.layers().size(); i++) {
      LayerSpec layer = network.layers().get(i);
      step = step.plus(connection(from, layer.units(), dense ? Double.NaN : rate, training, i > 0));
      if (layer.recurrent()) {
        rate = firingRates.get(i);
        step = step.plus(connection(layer.units(), layer.units(), rate, training, true));
      }
      step = step.plus(neurons(layer, training));
      from = layer.units();
      dense = false;
    }
    return step.times((double) shape.sequences() * shape.steps())
        .held((double) shape.microBatch() / shape.sequences());
  }

  /**
   * Weights, for one sequence and step.
   *
   * @param rate share of the sources that send a spike; NaN where they are read densely
   * @param back whether the gradient goes on to the sources
   */
  private static Work connection(int from, int to, double rate, boolean training, boolean back) {
    double weights = (double) from * to;
    int passes = training ? 2 : 1;
    double along = Double.isNaN(rate) ? passes * weights : 0;
    double events = Double.isNaN(rate) ? 0 : passes * rate * weights;
    return new Work(events, along + (training && back ? weights : 0), 0, 0, 0);
  }

  private static Work neurons(LayerSpec layer, boolean training) {
    var cell = Cells.compile("cell", layer.cellText(), layer.overrides());
    var program = StepProgram.of(cell, layer.emits(), layer.recurrent(), layer.surrogate());
    double operations = operations(Stream.of(program.next(), program.emitted()));
    if (!training) {
      return new Work(0, 0, layer.units() * operations, 0, 0);
    }
    operations +=
        operations(
            Stream.of(
                program.driveGradient(),
                program.previousGradient(),
                program.coefficientGradient()));
    double bytes = 2.0 * Float.BYTES * (cell.inputs().size() + program.next().size());
    return new Work(0, 0, layer.units() * operations, layer.units() * bytes, 0);
  }

  private static double operations(Stream<List<Node>> results) {
    return Graph.ordered(results.flatMap(Collection::stream).toList()).stream()
        .mapToDouble(node ->
            switch (node) {
              case Node.Constant _, Node.Leaf _ -> 0;
              case Node.Unary unary ->
                  switch (unary.function()) {
                    case EXP, LOG, SIGMOID, TANH, SIN, COS -> FUNCTION;
                    default -> 1;
                  };
              default -> 1;
            })
        .sum();
  }

  private Work plus(Work other) {
    return new Work(
        eventAdds + other.eventAdds,
        multiplyAdds + other.multiplyAdds,
        cellOperations + other.cellOperations,
        tapeBytes + other.tapeBytes,
        0);
  }

  private Work times(double count) {
    return new Work(
        count * eventAdds, count * multiplyAdds, count * cellOperations, count * tapeBytes, 0);
  }

  /** Half of the traffic, as what is written is read again, and of it a micro-batch's share. */
  private Work held(double share) {
    return new Work(eventAdds, multiplyAdds, cellOperations, tapeBytes, share * tapeBytes / 2);
  }
}
