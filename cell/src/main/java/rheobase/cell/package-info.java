/** What a neuron is: its equations, their derivative, and the code that runs them. */
package rheobase.cell;
