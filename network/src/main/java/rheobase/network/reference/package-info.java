/** The whole network once more, in double precision and plain loops: what the engine is held to. */
package rheobase.network.reference;
