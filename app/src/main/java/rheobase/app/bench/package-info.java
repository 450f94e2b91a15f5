/** Scenarios of fixed shape and data, timed beside other frameworks: {@code rheo bench}. */
package rheobase.app.bench;
