/**
 * Labels in order without their times: connectionist temporal classification and the ways to read
 * labels out of a network trained by it.
 *
 * <p>Everywhere here the blank is the last class, and logits are {@code [step][class]}, flat.
 */
package rheobase.network.ctc;
