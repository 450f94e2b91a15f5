/**
 * Sound and what is made of it before a network sees it: sound files, an artificial cochlea, and
 * the spectral features of speech recognition.
 */
package rheobase.data.sound;
