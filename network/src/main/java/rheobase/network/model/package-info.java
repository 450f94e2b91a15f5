/** Networks as files: the model archive, tensors in it, and writing that survives a full disk. */
package rheobase.network.model;
