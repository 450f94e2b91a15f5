/** The numbers a network learns: where they lie, and where they start. */
package rheobase.network.parameter;
