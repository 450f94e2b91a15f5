/**
 * Running a cell: the interpreter in double precision, and kernels in single precision generated as
 * JVM bytecode.
 */
package rheobase.cell.kernel;
