"""Writes the WFDB records beside it: python3 write.py. After the manual pages header(5), signal(5) and annot(5)
of the WFDB Applications Guide, with nothing but NumPy; the values are given again by formula in the tests."""

import struct
import numpy as np

SYMBOLS = {"N": 1, "V": 5, "A": 8, "~": 14, '"': 22, "+": 28}
SKIP, NUM, SUB, CHN, AUX = 59, 60, 61, 62, 63


def format_16(samples):
    return samples.astype("<i2").tobytes()


def format_212(samples):
    packed = bytearray()
    values = [int(v) & 0xFFF for v in samples]
    if len(values) % 2:
        values.append(0)
    for first, second in zip(values[::2], values[1::2]):
        packed += bytes([first & 0xFF, first >> 8 | second >> 8 << 4, second & 0xFF])
    return bytes(packed)


def checksum(signal):
    return int(np.int64(signal.sum()).astype(np.int16))


def word(code, rest):
    return struct.pack("<H", code << 10 | rest)


def annotations(moments):
    """moments: (sample, symbol, text, num, sub, chan); what is None is not written."""
    out, before = b"", 0
    for sample, symbol, text, num, sub, chan in moments:
        gap, before = sample - before, sample
        if gap > 1023:
            out += word(SKIP, 0) + struct.pack("<HH", gap >> 16, gap & 0xFFFF)
            gap = 0
        out += word(SYMBOLS[symbol], gap)
        for code, number in ((SUB, sub), (CHN, chan), (NUM, num)):
            if number is not None:
                out += word(code, number)
        if text:
            raw = text.encode()
            out += word(AUX, len(raw)) + raw + b"\0" * (len(raw) % 2)
    return out + word(0, 0)


def write(name, content):
    with open(name, "wb") as file:
        file.write(content)


i = np.arange(601)
lead = np.round(400 * np.sin(i / 9)).astype(int) + 1024
other = 900 - 3 * (i % 50)
write("212.dat", format_212(np.stack([lead, other], 1).reshape(-1)))
write(
    "212.hea",
    (
        "212 2 360 601 0:0:0\n"
        f"212.dat 212 200(1024)/mV 11 1024 {lead[0]} {checksum(lead)} 0 MLII\n"
        f"212.dat 212 100 11 0 {other[0]} {checksum(other)} 0 V5\n"
        "# 69 M, made up\n"
    ).encode(),
)
write(
    "212.atr",
    annotations(
        [
            (18, "+", "(N\0", None, None, None),
            (77, "N", "", None, None, None),
            (200, "V", "", 3, 1, 0),
            (201, "+", "(VT", None, None, None),
            (330, "~", "", None, 4, None),
            (370, "N", "", None, None, None),
            (400, "+", "(N\0", None, None, None),
            (600, "A", "", None, None, None),
        ]
    ),
)

# one signal, an odd number of samples, no length in the header, one sample missing
odd = (np.arange(7) - 3) * 600
odd[4] = -2048
write("odd.dat", format_212(odd)[:-1])
write("odd.hea", b"odd 1\nodd.dat 212\n")

# two signals in files of their own, 24 bytes ahead of the samples, as in the Challenges of PhysioNet
wide = (i * 37) % 5000 - 2500
write("wide.mat", b"\0" * 24 + format_16(np.stack([wide, -wide], 1).reshape(-1)))
write(
    "wide.hea",
    (
        "wide 2 250/250(0) 601\r\n"
        f"wide.mat 16+24 1000/mV 16 0 {wide[0]} {checksum(wide)} 0 I\r\n"
        f"wide.mat 16+24 1.5e+03(-100)/NU 16 0 {-wide[0]} {checksum(-wide)} 0 lead II\r\n"
    ).encode(),
)
# annotations that count time in a unit of their own, and one after a long silence
write(
    "wide.atr",
    annotations([(0, '"', "## time resolution: 500", None, None, None), (20, "N", "", None, None, None), (1200, "V", "", None, None, None)]),
)
