/** Published recordings of speech, as sequences. */
package rheobase.data.speech;
