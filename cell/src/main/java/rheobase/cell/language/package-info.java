/**
 * The cell language: from the text of a neuron's equations to a {@link rheobase.cell.graph.Cell}.
 */
package rheobase.cell.language;
