"""Writes the small files of this folder in the layout of the Spiking Heidelberg Digits and the Spiking Speech Commands,
with h5py as they were: python make.py"""
import h5py
import numpy

RECORDINGS = [  # (label, speaker, [(seconds, channel)])
    (3, 4, [(0.0, 5), (0.003, 699), (0.004, 1), (0.0041, 1), (0.0055, 0), (0.9951, 7), (1.2, 8)]),
    (19, 11, []),
    (0, 4, [(0.25, 350), (0.2501, 350), (0.5, 0)]),
]


def write(name, classes, recordings, grows=False):
    with h5py.File(name, "w", libver="earliest") as file:
        shape = {"maxshape": (None,), "chunks": (2,)} if grows else {}  # as PyTables writes rows of different lengths
        times = file.create_dataset(
            "spikes/times", (len(recordings),), dtype=h5py.vlen_dtype(numpy.dtype("float16")), **shape)
        units = file.create_dataset(
            "spikes/units", (len(recordings),), dtype=h5py.vlen_dtype(numpy.dtype("uint16")), **shape)
        for i, (_, _, spikes) in enumerate(recordings):
            times[i] = numpy.array([time for time, _ in spikes], "float16")
            units[i] = numpy.array([unit for _, unit in spikes], "uint16")
        file["labels"] = numpy.array([label for label, _, _ in recordings], "uint16")
        file["extra/speaker"] = numpy.array([speaker for _, speaker, _ in recordings], "uint16")
        file["extra/keys"] = numpy.array([f"word {i}".encode() for i in range(classes)])


write("shd_train.h5", 20, RECORDINGS)
write("shd_test.h5", 20, RECORDINGS[2:])
write("ssc_train.h5", 35, RECORDINGS)
write("ssc_valid.h5", 35, RECORDINGS[::-1], grows=True)
write("ssc_test.h5", 35, RECORDINGS[:2])
write("label-out-of-range.h5", 20, [(20, 1, [(0.1, 1)])])
write("channel-out-of-range.h5", 20, [(1, 1, [(0.1, 700)])])
