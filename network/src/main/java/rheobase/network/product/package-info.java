/**
 * Products of layer outputs with weights, the two ways the engine computes them: densely, and over
 * the events (non-zero outputs) alone. Both give the same bits.
 */
package rheobase.network.product;
