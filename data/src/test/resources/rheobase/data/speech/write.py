"""Writes the figures beside it, features.npz: python3 write.py. They are of a sound that the test makes by the same
formula, as librosa hears it (written with librosa 0.11.0, NumPy 2.4.6, SciPy 1.17.1)."""

import librosa
import numpy as np

RATE, SAMPLES = 16000, 15601


def sound():
    """A rising tone over noise, in 16 bits."""
    n = np.arange(SAMPLES)
    seconds = n / RATE
    tone = np.sin(2 * np.pi * (300 * seconds + 1100 * seconds**2)) * np.sin(np.pi * n / SAMPLES)
    noise, state = np.empty(SAMPLES), 1
    for i in n:
        state = (state * 1103515245 + 12345) % 2**31
        noise[i] = (state >> 16) % 401 - 200
    return np.trunc(12000 * tone) + noise


x = sound()
x = x / np.abs(x).max()
left = (16000 - SAMPLES) // 2
x = np.concatenate([np.zeros(left), x, np.zeros(16000 - SAMPLES - left)])
power = librosa.feature.melspectrogram(
    y=x, sr=RATE, n_fft=480, hop_length=160, n_mels=40, fmin=20, fmax=4000, dtype=np.float64)
level = np.log1p(power / np.abs(power).max())
stack = np.stack([level, librosa.feature.delta(level), librosa.feature.delta(level, order=2)])
deviation = stack.std(axis=2, keepdims=True)
deviation[deviation == 0] = 1
features = (stack / deviation).reshape(120, -1).T
steps = np.array([0, 1, 3, 4, 5, 30, 50, 72, 96, 97, 100])
np.savez_compressed(
    "features.npz",
    steps=steps,
    power=power.T[steps],
    features=features[steps],
    sums=np.abs(features).sum(axis=0))
