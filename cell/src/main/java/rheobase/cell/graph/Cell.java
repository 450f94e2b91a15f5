package rheobase.cell.graph;

import java.util.List;
import java.util.Map;
import rheobase.cell.graph.Node.Leaf;

/**
 * A cell with its constants filled in: the declarations of its text and, for every assigned name,
 * an expression over the leaves {@link Node.Source#DRIVE}, {@code PREVIOUS}, {@code PARAMETER},
 * {@code MASK} and {@code RANGE}.
 *
 * @param name as the text gives it
 * @param graph the graph that all expressions belong to
 * @param inputs what the connections deliver, in the order of the gate blocks
 * @param parameters trained numbers, one a neuron
 * @param masks factors drawn once a sequence
 * @param states values carried from step to step
 * @param ranges how many quantisers the cell has; each tracks one range
 * @param values every assigned name, with its last value in the step
 * @param output name of the state or assigned value that leaves the cell
 */
public record Cell(
    String name,
    Graph graph,
    List<Input> inputs,
    List<Parameter> parameters,
    List<String> masks,
    List<State> states,
    int ranges,
    Map<String, Node> values,
    String output) {

  public Cell {
    inputs = List.copyOf(inputs);
    parameters = List.copyOf(parameters);
    masks = List.copyOf(masks);
    states = List.copyOf(states);
    values = Map.copyOf(values);
  }

  /** Which connections add to an input. */
  public enum From {
    /** The connection from below and the recurrent one. */
    BOTH,
    BELOW,
    RECURRENCE
  }

  public record Input(String name, From from) {}

  /** A trained number: initial distribution and bounds (infinite where there are none). */
  public record Parameter(String name, Initial initial, double lower, double upper) {}

  /** A carried value: how it starts and the leaf that stands for its value one step ago. */
  public record State(String name, Initial initial, Leaf previous) {}

  /** How a state or parameter starts. */
  public sealed interface Initial {
    record Number(double value) implements Initial {}

    record Normal(double mean, double deviation) implements Initial {}

    /** Uniform on [low, high). */
    record Uniform(double low, double high) implements Initial {}

    /**
     * The very number drawn for an earlier state (the published networks start the spike as the
     * membrane's random value).
     */
    record SameAs(String state) implements Initial {}
  }

  /**
   * What {@code name} is after the step: its assigned value, or for a state never assigned its
   * previous one.
   */
  public Node value(String name) {
    Node assigned = values.get(name);
    return assigned != null
        ? assigned
        : states.stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow().previous();
  }

  /** Whether {@code name} is a state or an assigned value, so that a layer can emit it. */
  public boolean has(String name) {
    return values.containsKey(name) || states.stream().anyMatch(s -> s.name().equals(name));
  }
}
