/**
 * The page {@code report.html} that every training run leaves behind: one file, readable offline,
 * in which the learning curves, one example in full, the score, the trained neurons and the energy
 * of a network can be looked at.
 */
package rheobase.app.report;
