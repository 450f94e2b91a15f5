/**
 * What a trained network would cost on a chip: operations and memory traffic, counted on measured
 * firing rates. {@code docs/energy.md} explains the figures and what they leave out.
 */
package rheobase.network.energy;
