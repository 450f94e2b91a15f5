/**
 * Sequences of one's own, in files of a common format: how they are found, labelled, cut and
 * divided into sets. A reader for each format ({@link rheobase.data.own.CsvReading}, {@link
 * rheobase.data.own.NpzReading}, {@link rheobase.data.own.WfdbReading}) makes {@link
 * rheobase.data.own.Recordings}; the rest is common to all.
 */
package rheobase.data.own;
