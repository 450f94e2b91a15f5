/** From the classes of single frames to phones: hidden Markov models over what a network says. */
package rheobase.network.hmm;
