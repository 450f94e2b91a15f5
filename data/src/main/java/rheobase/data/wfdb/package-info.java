/**
 * Records of PhysioNet's WFDB formats: header, signals and annotations. After the manual pages
 * header(5), signal(5) and annot(5) of the WFDB Applications Guide (Moody, MIT).
 */
package rheobase.data.wfdb;
