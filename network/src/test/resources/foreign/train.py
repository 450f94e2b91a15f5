"""Trains three small networks in PyTorch and writes the files beside it: python3 train.py
(PyTorch 2.13.0 and NumPy 2.4.6 wrote those that are kept here.)

ecg.pt, ecg.safetensors, ecg.npz   one network, named and shaped as experiments/ecg.toml and its authors' script have it,
                                   8 hidden units; in ecg.npz matrices are [from][to]
shd.pt                             two recurrent layers and a leaky readout, named as in the authors' script for SHD
soli.pt                            a feed-forward and a recurrent layer and a leaky readout, named as in theirs for radar gestures
gsc.pt                             an encoder with one threshold before the same, named as in theirs for Speech Commands
timit.pt                           a bidirectional layer with sub-steps, named as in theirs for phones, but without their shifts
lstm.pt                            torch.nn.LSTM and a linear readout, in a checkpoint beside an optimiser

Each *-case.npz holds inputs x [sequence][step][channel], targets y, what the last layer emits (logits [sequence][step][class])
and the loss. Spiking networks start at rest. A membrane that comes near its threshold could fire here and not there, for the last
bit of a float: inputs are drawn until none comes nearer than MARGIN.
"""

import json
import math
import struct

import numpy as np
import torch
from torch import nn

MARGIN = 2e-4
B0, BETA = 0.01, 1.8


class Spike(torch.autograd.Function):
    """Heaviside, with a Gaussian for a derivative."""

    @staticmethod
    def forward(context, x):
        context.save_for_backward(x)
        return (x > 0).to(x.dtype)

    @staticmethod
    def backward(context, gradient):
        (x,) = context.saved_tensors
        return gradient * 0.5 * torch.exp(-2 * x * x) * math.sqrt(2 / math.pi)


class Alif:
    """State of one layer of adaptive neurons, from rest."""

    def __init__(self, tau_m, tau_adp, beta, b0=B0):
        self.alpha, self.rho, self.beta, self.b0 = torch.exp(-1 / tau_m), torch.exp(-1 / tau_adp), beta, b0
        self.u, self.s, self.eta, self.nearest = torch.zeros(1), torch.zeros(1, len(tau_m)), torch.tensor(b0), 1.0

    def step(self, current):
        self.eta = self.rho * self.eta + (1 - self.rho) * self.s
        theta = self.b0 + self.beta * self.eta
        self.u = self.alpha * self.u + (1 - self.alpha) * current - theta * self.s
        self.nearest = min(self.nearest, (self.u - theta).abs().min().item())
        self.s = Spike.apply(self.u - theta)
        return self.s


class Ecg(nn.Module):
    def __init__(self):
        super().__init__()
        self.i2h, self.h2h, self.h2o = nn.Linear(4, 8), nn.Linear(8, 8), nn.Linear(8, 6)
        self.tau_adp_h, self.tau_adp_o = nn.Parameter(torch.full((8,), 7.0)), nn.Parameter(torch.full((6,), 100.0))
        self.tau_m_h, self.tau_m_o = nn.Parameter(torch.full((8,), 20.0)), nn.Parameter(torch.full((6,), 20.0))

    def forward(self, x):
        hidden, output = Alif(self.tau_m_h, self.tau_adp_h, 0.0), Alif(self.tau_m_o, self.tau_adp_o, BETA)
        logits = []
        for t in range(x.shape[1]):
            output.step(self.h2o(hidden.step(self.i2h(x[:, t]) + self.h2h(hidden.s))))
            logits.append(output.u)
        self.nearest = min(hidden.nearest, output.nearest)
        return torch.stack(logits, 1)

    def loss(self, logits, y):
        rows = nn.functional.cross_entropy(logits[:, 10:].transpose(1, 2), y[:, 10:], reduction="none")
        return rows.sum(1).mean()


class Shd(nn.Module):
    def __init__(self):
        super().__init__()
        self.i_2_h1, self.h1_2_h1 = nn.Linear(20, 12), nn.Linear(12, 12)
        self.h1_2_h2, self.h2_2_h2, self.h2o = nn.Linear(12, 10), nn.Linear(10, 10), nn.Linear(10, 5)
        for name, units in (("h1", 12), ("h2", 10), ("o", 5)):
            self.register_parameter("tau_adp_" + name, nn.Parameter(100 + 10 * torch.randn(units)))
            self.register_parameter("tau_m_" + name, nn.Parameter(10 + torch.randn(units)))

    def forward(self, x):
        first, second = Alif(self.tau_m_h1, self.tau_adp_h1, BETA), Alif(self.tau_m_h2, self.tau_adp_h2, BETA)
        alpha, m, membranes = torch.exp(-1 / self.tau_m_o), torch.zeros(1), []
        for t in range(x.shape[1]):
            first.step(self.i_2_h1(x[:, t]) + self.h1_2_h1(first.s))
            second.step(self.h1_2_h2(first.s) + self.h2_2_h2(second.s))
            m = alpha * m + (1 - alpha) * self.h2o(second.s)
            membranes.append(m)
        self.nearest = min(first.nearest, second.nearest)
        return torch.stack(membranes, 1)

    def loss(self, membranes, y):
        return nn.functional.cross_entropy(membranes[:, 11:].softmax(2).sum(1), y)


class Soli(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense_i, self.dense_i2r, self.dense_r = nn.Linear(16, 12), nn.Linear(12, 10), nn.Linear(10, 10)
        self.dense_o = nn.Linear(10, 4)
        for name, units in (("i", 12), ("r", 10), ("o", 4)):
            self.register_parameter("tau_adp_" + name, nn.Parameter(20 + 5 * torch.randn(units)))
            self.register_parameter("tau_m_" + name, nn.Parameter(8 + torch.randn(units)))

    def forward(self, x):
        first = Alif(self.tau_m_i, self.tau_adp_i, 1.84, 0.1)
        second = Alif(self.tau_m_r, self.tau_adp_r, 1.84, 0.1)
        alpha, m, membranes = torch.exp(-1 / self.tau_m_o), torch.zeros(1), []
        for t in range(x.shape[1]):
            first.step(self.dense_i(x[:, t]))
            second.step(self.dense_i2r(first.s) + self.dense_r(second.s))
            m = alpha * m + (1 - alpha) * self.dense_o(second.s)
            membranes.append(m)
        self.nearest = min(first.nearest, second.nearest)
        return torch.stack(membranes, 1)

    def loss(self, membranes, y):
        return nn.functional.cross_entropy(membranes.transpose(1, 2), y, reduction="none").sum(1).mean()


class Layer(nn.Module):
    """Weights of the authors' layers, which Speech Commands and phones are made of."""

    def __init__(self, inputs, units, recurrent, adapting=True):
        super().__init__()
        self.dense = nn.Linear(inputs, units)
        if recurrent:
            self.recurrent = nn.Linear(units, units)
        self.tau_m = nn.Parameter(6 + torch.randn(units))
        if adapting:
            self.tau_adp = nn.Parameter(100 + 10 * torch.randn(units))

    def begin(self):
        return Alif(self.tau_m, self.tau_adp, 0.184, 1.6)

    def current(self, x, neurons):
        return self.dense(x) + (self.recurrent(neurons.s) if hasattr(self, "recurrent") else 0)


class Gsc(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense_1, self.rnn_1, self.dense_2 = Layer(9, 12, False), Layer(12, 10, True), Layer(10, 4, False, False)
        self.thr = nn.Parameter(torch.full((1,), 0.06), requires_grad=False)
        with torch.no_grad():
            self.dense_1.dense.weight *= 12
            self.rnn_1.dense.weight *= 12

    def forward(self, x):
        events = Spike.apply(x - self.thr) - Spike.apply(-self.thr - x)
        first, second = self.dense_1.begin(), self.rnn_1.begin()
        alpha, m, membranes = torch.exp(-1 / self.dense_2.tau_m), torch.zeros(1), []
        for t in range(x.shape[1]):
            first.step(self.dense_1.current(events[:, t], first))
            second.step(self.rnn_1.current(first.s, second))
            m = alpha * m + (1 - alpha) * self.dense_2.dense(second.s)
            membranes.append(m)
        self.nearest = min(first.nearest, second.nearest, (x.abs() - self.thr).abs().min().item())
        return torch.stack(membranes, 1)

    def loss(self, membranes, y):
        return nn.functional.cross_entropy(membranes.mean(1), y)


class Timit(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn_fw1, self.rnn_bw1 = Layer(6, 8, True), Layer(6, 8, True)
        self.dense_mean = Layer(16, 5, False, False)
        with torch.no_grad():
            self.rnn_fw1.dense.weight *= 12
            self.rnn_bw1.dense.weight *= 12

    def half(self, layer, x):
        neurons, emitted = layer.begin(), []
        for t in range(x.shape[1]):
            emitted.append(sum(neurons.step(layer.current(x[:, t], neurons)) for _ in range(5)) / 5)
        self.nearest = min(self.nearest, neurons.nearest)
        return torch.stack(emitted, 1)

    def forward(self, x):
        self.nearest = 1.0
        both = torch.cat([self.half(self.rnn_fw1, x), self.half(self.rnn_bw1, x.flip(1)).flip(1)], 2)
        alpha, m, membranes = torch.exp(-1 / self.dense_mean.tau_m), torch.zeros(1), []
        for t in range(x.shape[1]):
            m = alpha * m + (1 - alpha) * self.dense_mean.dense(both[:, t])
            membranes.append(m)
        return torch.stack(membranes, 1)

    def loss(self, membranes, y):
        return nn.functional.cross_entropy(membranes.transpose(1, 2), y, reduction="none").sum(1).mean()


class Lstm(nn.Module):
    nearest = 1.0

    def __init__(self):
        super().__init__()
        self.lstm, self.readout = nn.LSTM(3, 6, batch_first=True), nn.Linear(6, 4)

    def forward(self, x):
        return self.readout(self.lstm(x)[0])

    def loss(self, logits, y):
        return nn.functional.cross_entropy(logits[:, -1], y)


def events(generator, sequences, steps, channels):
    return (torch.rand(sequences, steps, channels, generator=generator) < 0.3).float()


def each_step(x):
    """A class of 0 to 5 a step, from the events of the last steps."""
    recent = x.cumsum(1) - torch.cat([torch.zeros(len(x), 5, x.shape[2]), x.cumsum(1)[:, :-5]], 1)
    return (recent[..., 0] - recent[..., 1] + recent[..., 2]).clamp(0, 5).long()


def at_the_end(classes):
    """Which of the first channels had most."""
    return lambda x: x.sum(1)[:, :classes].argmax(1)


def train(name, model, draw, target, rate, epochs):
    generator = torch.Generator().manual_seed(1)
    optimizer = torch.optim.Adam(model.parameters(), rate)
    for epoch in range(epochs):
        x = draw(generator, 32)
        loss = model.loss(model(x), target(x))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    while True:
        x = draw(generator, 3)
        with torch.no_grad():
            logits = model(x)
        if model.nearest > MARGIN:
            break
    y = target(x)
    print(name, "loss", loss.item(), "nearest", model.nearest, "logits", logits.abs().max().item())
    np.savez_compressed(
        name + "-case.npz", x=x.numpy(), y=y.numpy(), logits=logits.numpy(), loss=model.loss(logits, y).numpy()
    )
    return optimizer


def save_safetensors(file, tensors):
    """The format is a length, a header in JSON, the numbers."""
    header, end = {}, 0
    for name, tensor in tensors.items():
        header[name] = {
            "dtype": "F32",
            "shape": list(tensor.shape),
            "data_offsets": [end, end + 4 * tensor.numel()],
        }
        end += 4 * tensor.numel()
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(file, "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text)
        for tensor in tensors.values():
            out.write(tensor.numpy().astype("<f4").tobytes())


torch.manual_seed(1)
torch.set_num_threads(1)

ecg = Ecg()
train("ecg", ecg, lambda g, n: events(g, n, 60, 4), each_step, 0.01, 60)
state = ecg.state_dict()
torch.save(state, "ecg.pt")
save_safetensors("ecg.safetensors", state)
np.savez("ecg.npz", **{name: tensor.numpy().T for name, tensor in state.items()})

shd = Shd()
train("shd", shd, lambda g, n: events(g, n, 40, 20), at_the_end(5), 0.02, 150)
torch.save(shd.state_dict(), "shd.pt")

lstm = Lstm()
optimizer = train("lstm", lstm, lambda g, n: torch.randn(n, 15, 3, generator=g), at_the_end(3), 0.02, 60)
torch.save({"epoch": 60, "model": lstm.state_dict(), "optimizer": optimizer.state_dict()}, "lstm.pt")

torch.manual_seed(2)
soli = Soli()
train("soli", soli, lambda g, n: events(g, n, 30, 16), lambda x: each_step(x).clamp(0, 3), 0.01, 60)
torch.save(soli.state_dict(), "soli.pt")

gsc = Gsc()
train("gsc", gsc, lambda g, n: 0.1 * torch.randn(n, 30, 9, generator=g), at_the_end(4), 0.01, 60)
torch.save(gsc.state_dict(), "gsc.pt")

timit = Timit()
train("timit", timit, lambda g, n: torch.rand(n, 15, 6, generator=g), lambda x: x[..., :5].argmax(2), 0.01, 60)
torch.save(timit.state_dict(), "timit.pt")

# What is refused, or read in another way.
torch.save(shd, "module.pt")
torch.save(state, "legacy.pt", _use_new_zipfile_serialization=False)
whole = torch.arange(24.0).reshape(2, 3, 4)
torch.save(
    {
        "transposed": whole.transpose(0, 2),
        "slice": whole[1, :, 1:3],
        "double": whole.double()[0],
        "half": (whole / 8).half()[0],
        "bfloat16": whole.bfloat16()[0],
        "int64": whole.long()[0] - 3,
        "int32": whole.int()[0] - 3,
        "int16": whole.short()[0] - 3,
        "int8": whole.char()[0] - 3,
        "uint8": whole.byte()[0] + 250 - 6,
        "bool": whole[0] > 5,
        "single": torch.tensor(2.5),
        "empty": torch.zeros(0, 3),
        "parameter": nn.Parameter(whole[0]),
        "inner": [{"list": whole[0, 0]}, (whole[0, 1], 3)],
        "words": "none of these is a tensor",
        "numbers": [1, -70000, 2**40, 0.5, True, None],
    },
    "types.pt",
)
torch.save({"w": whole[0]}, "protocol5.pt", pickle_protocol=5)
torch.save({"w": torch.ones(1).expand(1000, 1000)}, "expanded.pt")
