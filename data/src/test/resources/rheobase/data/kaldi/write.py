"""Small tables in Kaldi's formats, written byte by byte: python3 write.py, in this folder.

Layout after kaldi-matrix.cc, compressed-matrix.{h,cc}, io-funcs-inl.h and kaldi-holder-inl.h (Kaldi 5.5).
"""
import gzip
import math
import struct

f32 = lambda x: struct.unpack("<f", struct.pack("<f", x))[0]

UTTERANCES = {
    "spk1-a": [[math.sin(3 * r + c) + c for c in range(3)] for r in range(7)],
    "spk1-b": [[math.cos(r * c) - 2 * c for c in range(3)] for r in range(5)],
    "spk2-c": [[0.5 * r - c for c in range(3)] for r in range(4)],
}
LABELS = {"spk1-a": [0, 0, 1, 1, 2, 2, 2], "spk1-b": [3, 3, 0, 0, 1], "spk2-c": [2, 1, 0, 3]}


def plain(kind, rows):
    size = struct.pack("<bibi", 4, len(rows), 4, len(rows[0]))
    letter = "f" if kind == "FM" else "d"
    return kind.encode() + b" " + size + b"".join(struct.pack("<" + letter, x) for row in rows for x in row)


def header(rows):
    values = [x for row in rows for x in row]
    least = f32(min(values))
    return least, f32(max(values) - min(values))


def by_rows(kind, rows):
    least, range_ = header(rows)
    letter, top = ("H", 65535) if kind == "CM2" else ("B", 255)
    levels = [[min(top, max(0, round((x - least) / range_ * top))) for x in row] for row in rows]
    data = b"".join(struct.pack("<" + letter, x) for row in levels for x in row)
    decoded = [[least + range_ * x / top for x in row] for row in levels]
    return kind.encode() + b" " + struct.pack("<ffii", least, range_, len(rows), len(rows[0])) + data, decoded


def by_columns(rows):
    least, range_ = header(rows)
    percentiles, data, columns = b"", b"", []
    for c in range(len(rows[0])):
        column = sorted(row[c] for row in rows)
        n = len(column)
        four = [column[0], column[n // 4], column[3 * n // 4], column[-1]]
        four = [round((x - least) / range_ * 65535) for x in four]
        four[1] = min(max(four[1], four[0] + 1), 65533)
        four[2] = min(max(four[2], four[1] + 1), 65534)
        four[3] = max(four[3], four[2] + 1)
        percentiles += struct.pack("<HHHH", *four)
        p0, p25, p75, p100 = [least + range_ * x / 65535 for x in four]
        decoded = []
        for row in rows:
            x = row[c]
            if x < p25:
                level = max(0, min(64, int((x - p0) / (p25 - p0) * 64 + 0.5)))
            elif x < p75:
                level = max(64, min(192, 64 + int((x - p25) / (p75 - p25) * 128 + 0.5)))
            else:
                level = max(192, min(255, 192 + int((x - p75) / (p100 - p75) * 63 + 0.5)))
            data += bytes([level])
            if level <= 64:
                decoded.append(p0 + (p25 - p0) * level / 64)
            elif level <= 192:
                decoded.append(p25 + (p75 - p25) * (level - 64) / 128)
            else:
                decoded.append(p75 + (p100 - p75) * (level - 192) / 63)
        columns.append(decoded)
    body = b"CM " + struct.pack("<ffii", least, range_, len(rows), len(rows[0])) + percentiles + data
    return body, [list(row) for row in zip(*columns)]


def text(rows):
    return " [\n" + "\n".join("  " + " ".join(repr(f32(x)) for x in row) for row in rows) + " ]\n"


def archive(name, objects):
    places = []
    with open(name, "wb") as out:
        for key, body in objects.items():
            out.write(key.encode() + b" ")
            places.append(f"{key} {name}:{out.tell()}\n")
            out.write(b"\0B" + body)
    return places


places = archive("float.ark", {key: plain("FM", rows) for key, rows in UTTERANCES.items()})
open("feats.scp", "w").writelines(places)
archive("double.ark", {key: plain("DM", rows) for key, rows in UTTERANCES.items()})
open("text.ark", "w").writelines(key + " " + text(rows) for key, rows in UTTERANCES.items())
for kind in ("CM", "CM2", "CM3"):
    packed = {
        key: by_columns(rows) if kind == "CM" else by_rows(kind, rows) for key, rows in UTTERANCES.items()
    }
    archive(kind.lower() + ".ark", {key: body for key, (body, _) in packed.items()})
    open(kind.lower() + ".txt", "w").writelines(key + " " + text(decoded) for key, (_, decoded) in packed.items())
integers = {
    key: struct.pack("<bi", 4, len(row)) + b"".join(struct.pack("<bi", 4, x) for x in row)
    for key, row in LABELS.items()
}
archive("ali.ark", integers)
lines = "".join(key + " " + " ".join(map(str, row)) + " \n" for key, row in LABELS.items())
open("ali.txt", "w").write(lines)
with gzip.GzipFile("ali.ark.gz", "wb", mtime=0) as out:
    out.write(open("ali.ark", "rb").read())
archive("vector.ark", {"v": b"FV " + struct.pack("<bi", 4, 3) + struct.pack("<fff", 1, 2.5, -3)})
