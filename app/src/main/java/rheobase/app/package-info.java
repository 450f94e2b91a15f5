/** The command: experiment files, progress, results. Entry is {@link rheobase.app.Main}. */
package rheobase.app;
