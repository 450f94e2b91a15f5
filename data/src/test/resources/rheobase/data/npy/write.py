"""Writes the .npz files beside it: python3 write.py (NumPy 2.4.6 wrote those that are kept here)."""

import numpy as np

small = np.arange(6).reshape(2, 3)

np.savez(
    "types.npz",
    f2=(small / 4).astype("<f2"),
    f4=(small / 4).astype("<f4"),
    f8=(small / 4).astype("<f8"),
    f4_big=(small / 4).astype(">f4"),
    i1=(small - 3).astype("i1"),
    i2=(small - 3).astype("<i2"),
    i4=(small - 3).astype(">i4"),
    i8=(small - 3).astype("<i8"),
    u1=(small + 250).astype("u1"),
    u2=(small + 65530).astype("<u2"),
    u4=(small + 4294967290).astype("<u4"),
    u8=np.full((2, 3), 2**63, dtype="<u8"),
    bools=small % 2 == 0,
    texts=np.array(["sit", "stände", "walk"]),
    texts_big=np.array(["sit", "walk"]).astype(">U4"),
    bytes=np.array([b"sit", b"walk"]),
    fortran=np.asfortranarray(np.arange(24.0).reshape(2, 3, 4)),
    single=np.float32(2.5),
    empty=np.zeros((0, 3)),
)
np.savez_compressed("compressed.npz", x=np.arange(2000.0).reshape(20, 50, 2), y=np.arange(20) % 3)
np.savez("objects.npz", x=np.array([np.zeros(2), np.zeros(3)], dtype=object))
np.savez("records.npz", x=np.zeros(2, dtype=[("a", "f4"), ("b", "i4")]))
np.savez("complex.npz", x=np.zeros(2, dtype=complex))
