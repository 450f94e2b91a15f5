/**
 * Sequences and where they come from: file formats, data sets, encoders, and the random streams
 * that everything random in Rheobase draws from. Knows nothing of neurons.
 */
package rheobase.data;
