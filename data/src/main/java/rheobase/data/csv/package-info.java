/** Tables of text: rows of fields, and where in the file each of them stands. */
package rheobase.data.csv;
