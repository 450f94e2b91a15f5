/** Experiment files as text: TOML values, and errors that say where each was written. */
package rheobase.app.toml;
