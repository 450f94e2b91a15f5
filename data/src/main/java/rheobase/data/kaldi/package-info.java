/**
 * Tables of Kaldi (Povey et al. 2011, "The Kaldi speech recognition toolkit"): matrices and vectors
 * of integers under the names of utterances, in archives ({@code .ark}) and lists of places in them
 * ({@code .scp}).
 */
package rheobase.data.kaldi;
