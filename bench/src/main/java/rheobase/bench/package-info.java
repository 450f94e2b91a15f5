/** Benchmarks, one class per claim; {@code bench/README.md} says how to run them. */
package rheobase.bench;
