/** What was said, as words or labels in order: counting errors, and language models. */
package rheobase.data.text;
