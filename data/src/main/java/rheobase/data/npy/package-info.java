/** NumPy's files: arrays of numbers and texts, and nothing that would run code. */
package rheobase.data.npy;
