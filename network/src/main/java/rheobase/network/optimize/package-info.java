/** From gradients to steps: rules, learning rates over epochs, bounds and clipping. */
package rheobase.network.optimize;
