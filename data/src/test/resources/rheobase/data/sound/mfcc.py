"""Writes mfcc.txt: the 39 features, not standardised, of a sound that is made of whole numbers, by definition, with matrices of sines in
place of a fast transform: python mfcc.py (with numpy)"""
import numpy

RATE = 16000


def sound():
    """A rising triangle wave with noise, then silence, then the wave again; MfccTest makes the same."""
    samples = []
    noise, phase = 1, 0
    for n in range(3000):
        noise = (1103515245 * noise + 12345) % 2**31
        phase = (phase + 400 + n) % 65536
        silent = 1200 <= n < 1900
        samples.append(0 if silent else (abs(phase - 32768) - 16384) * n // 4000 + (noise >> 16) // 64 - 256)
    return numpy.array(samples) / 32768


def frames(x):
    y = x - 0.97 * numpy.concatenate(([0], x[:-1]))
    count = 1 + -(-(len(y) - 400) // 160)
    y = numpy.concatenate((y, numpy.zeros(count * 160 + 400 - len(y))))
    return numpy.array([y[160 * t:160 * t + 400] for t in range(count)])


def filters():
    mel = numpy.linspace(0, 2595 * numpy.log10(1 + 8000 / 700), 28)
    corner = numpy.floor(513 * 700 * (10 ** (mel / 2595) - 1) / RATE)
    k = numpy.arange(257)
    return numpy.array([
        numpy.clip(numpy.minimum((k - low) / (peak - low), (high - k) / (high - peak)), 0, None)
        for low, peak, high in zip(corner, corner[1:], corner[2:])])


def along_time(x):
    d = numpy.empty_like(x)
    d[1:-1] = (x[2:] - x[:-2]) / 2
    d[0], d[-1] = x[1] - x[0], x[-1] - x[-2]
    return d


def features(x):
    n, k = numpy.arange(400), numpy.arange(257)
    power = numpy.abs(frames(x) @ numpy.exp(-2j * numpy.pi * numpy.outer(n, k) / 512)) ** 2 / 512
    tiny = numpy.finfo(float).eps
    bands = power @ filters().T
    energy = power.sum(1)
    logs = numpy.log(numpy.where(bands == 0, tiny, bands))
    i, j = numpy.arange(12), numpy.arange(26)
    dct = numpy.sqrt(2 / 26) * numpy.cos(numpy.pi * numpy.outer(j + 0.5, i) / 26)
    dct[:, 0] /= numpy.sqrt(2)
    cepstrum = logs @ dct * (1 + 11 * numpy.sin(numpy.pi * i / 22))
    still = numpy.hstack((cepstrum, numpy.log(numpy.where(energy == 0, tiny, energy))[:, None]))
    first = along_time(still)
    return numpy.hstack((still, first, along_time(first)))


numpy.savetxt("mfcc.txt", features(sound()), fmt="%.6f")
