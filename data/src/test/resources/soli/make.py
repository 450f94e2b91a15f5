"""Writes the small files of this folder in the layout of Deep-Soli, with h5py: python make.py

In frame f of antenna c the value at place f is (f + 1) / 256 + c / 1024, everything else is zero, so that a test can tell which frame
of which antenna it has before it."""
import json

import h5py
import numpy


def pictures(frames, antenna, width=1024):
    values = numpy.zeros((frames, width), "float32")
    for frame in range(frames):
        values[frame, frame] = (frame + 1) / 256 + antenna / 1024
    return values


def write(name, frames, labels, antennas=range(4), compression="gzip", change=None):
    with h5py.File(name + ".h5", "w", libver="earliest") as file:
        for antenna in antennas:
            values = pictures(frames, antenna)
            if change:
                values = change(values)
            file.create_dataset(f"ch{antenna}", data=values, compression=compression)
        if labels is not None:
            file["label"] = numpy.array(labels, "int32").reshape(-1, 1)


# 45 pictures after the first; the last three frames carry another label
write("0_2_0", 46, 43 * [0] + 3 * [11])
# three pictures after the first, in one piece and of one antenna
write("1_2_1", 4, 4 * [1], antennas=[3], compression=None)
# 40 pictures after the first: exactly one sequence
write("0_3_0", 41, 41 * [0])
write("10_0_7", 42, 42 * [10])
write("2_14_3", 42, 42 * [2])
write("11_0_0", 42, 42 * [11])
with open("file_half.json", "w") as file:
    json.dump({"train": ["0_2_0", "1_2_1"], "eval": ["0_3_0"]}, file)

# what a test puts in the place of 0_2_0.h5
write("wrong-width", 4, 4 * [0], change=lambda values: values[:, :1000])
write("one-frame", 1, [0])
write("no-label", 4, None)
write("too-few-labels", 4, 3 * [0])
write("label-out-of-range", 4, [0, 0, 12, 0])
write("label-of-another", 4, 4 * [5])
write("value-out-of-range", 4, 4 * [0], change=lambda values: values * 20000)
write("value-missing", 4, 4 * [0], change=lambda values: numpy.where(values > 0.0135, numpy.nan, values))
with h5py.File("empty-array.h5", "w", libver="earliest") as file:
    file["ch3"] = numpy.zeros((0, 1024), "float32")
    file["label"] = numpy.zeros((0, 1), "int32")
