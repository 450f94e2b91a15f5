"""Writes tone.wav, deep.wav and stereo.wav of the sound that FlacFileTest makes; the .flac files beside this were made of them by
flac 1.4.2: flac -8 --no-padding --no-seektable tone.wav deep.wav stereo.wav"""

import wave

import numpy as np

n = np.arange(1600)
x = (8000 * np.sin(2 * np.pi * 440 * n / 16000) + 2000 * np.sin(n * n % 977)).round().astype("<i2")
deep = x.astype(np.int32) * 200
three_bytes = np.stack([deep & 255, (deep >> 8) & 255, (deep >> 16) & 255], 1).astype(np.uint8)
for name, samples, rate, channels, width in (
    ("tone.wav", x, 16000, 1, 2),
    ("deep.wav", three_bytes, 8000, 1, 3),
    ("stereo.wav", np.stack([x, x], 1).copy(), 16000, 2, 2),
):
    with wave.open(name, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
