package rheobase.app;

import rheobase.app.source.DataSource;

/**
 * What a network learns from.
 *
 * @param source of the sequences
 * @param validation share of the training sequences held out to select the model on; whole records,
 *     never parts of one. Looked at only where the model is selected on them, and where the data
 *     are published without a validation set
 * @param validationSeed decides which records are held out; apart from the seed of the training, so
 *     that runs with different seeds hold out the same
 * @param steps cut every sequence after so many steps; 0 keeps all
 */
public record DataSpec(DataSource source, double validation, long validationSeed, int steps) {}
