package rheobase.app;

import rheobase.app.source.DataSource;
import rheobase.data.Normalisation;

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
 * @param normalise of every channel, by numbers from the training set; comes after the division
 *     into sets
 * @param levelCrossing turns every channel into events of rise and fall by so much, in units after
 *     the normalisation; 0 leaves values as they are
 * @param population turns every channel into the answers of so many tuned neurons; 0 leaves values
 *     as they are
 * @param poisson turns every channel into the events of so many neurons that fire at random, each
 *     with the value as its probability; 0 leaves values as they are
 * @param poissonSeed of these events
 */
public record DataSpec(
    DataSource source,
    double validation,
    long validationSeed,
    int steps,
    Normalisation normalise,
    double levelCrossing,
    int population,
    int poisson,
    long poissonSeed) {

  /** The same with what the data decided: the source as read, and the numbers of normalisation. */
  DataSpec settled(DataSource read, Normalisation fitted) {
    return new DataSpec(
        read,
        validation,
        validationSeed,
        steps,
        fitted,
        levelCrossing,
        population,
        poisson,
        poissonSeed);
  }
}
