/** Where sequences come from: one file for each {@code source} that a table [data] can name. */
package rheobase.app.source;
