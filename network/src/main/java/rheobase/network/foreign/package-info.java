/** Weights trained by other programs: their files, and how the tensors in them become ours. */
package rheobase.network.foreign;
