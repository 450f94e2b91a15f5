/**
 * A cell's equations as expressions: what they mean, how they are rewritten, and their derivative.
 */
package rheobase.cell.graph;
