"""Writes kaldi.txt beside it: MFCC, filter banks and derivatives by Kaldi's definitions, in matrices of NumPy (2.4.6 wrote the file
kept here), of the wave that KaldiFeaturesTest makes. python3 kaldi.py"""

from pathlib import Path

import numpy as np

RATE, LENGTH, POINTS = 16000, 3000, 512
n = np.arange(LENGTH)
wave = np.float32(0.3 * np.sin(2 * np.pi * (300 * n / RATE + 900 * (n / RATE) ** 2)) + 0.05 * np.sin(n * n % 997) + 0.01)
x = wave.astype(np.float64) * 32768
frames = np.stack([x[t : t + 400] for t in range(0, LENGTH - 399, 160)])
frames = frames - frames.mean(axis=1, keepdims=True)
energy = np.log(np.maximum((frames**2).sum(axis=1), 2.0**-23))
before = np.concatenate([frames[:, :1], frames[:, :-1]], axis=1)
emphasised = frames - 0.97 * before
ramp = np.arange(400) / 399
povey = (0.5 - 0.5 * np.cos(2 * np.pi * ramp)) ** 0.85
hamming = 0.54 - 0.46 * np.cos(2 * np.pi * ramp)


def mel(hertz):
    return 1127.0 * np.log(1 + np.asarray(hertz) / 700.0)


def banks(count):
    edges = np.linspace(mel(20), mel(RATE / 2), count + 2)
    places = mel(np.arange(POINTS // 2) * RATE / POINTS)
    rows = []
    for left, peak, right in zip(edges, edges[1:], edges[2:]):
        rising, falling = (places - left) / (peak - left), (right - places) / (right - peak)
        rows.append(np.clip(np.minimum(rising, falling), 0, None))
    return np.array(rows)


def log_mel(window, count):
    power = np.abs(np.fft.rfft(emphasised * window, POINTS)) ** 2
    return np.log(np.maximum(power[:, : POINTS // 2] @ banks(count).T, 2.0**-23))


def deltas(features, order):
    out, taps = [features], np.ones(1)
    for _ in range(order):
        taps = np.convolve(taps, np.array([2, 1, 0, -1, -2]) / 10)
        reach = len(taps) // 2
        padded = np.pad(features, ((reach, reach), (0, 0)), mode="edge")
        out.append(np.stack([np.convolve(padded[:, c], taps, mode="valid") for c in range(features.shape[1])], axis=1))
    return np.concatenate(out, axis=1)


i, j = np.arange(13)[:, None], np.arange(23)[None, :]
dct = np.sqrt(2 / 23) * np.cos(np.pi * i * (j + 0.5) / 23)
dct[0] = np.sqrt(1 / 23)
lifter = 1 + 11 * np.sin(np.pi * np.arange(13) / 22)
mfcc = log_mel(povey, 23) @ dct.T * lifter
with_energy = mfcc.copy()
with_energy[:, 0] = energy
fbank = np.concatenate([energy[:, None], log_mel(hamming, 40)], axis=1)
with open(Path(__file__).with_name("kaldi.txt"), "w") as file:
    for name, values in (("mfcc", mfcc), ("energy", with_energy), ("fbank", fbank), ("deltas", deltas(mfcc, 2))):
        file.write(name + " " + " ".join("%.7g" % v for v in values.ravel()) + "\n")
