"""Trains three small networks in PyTorch and writes the files beside it: python3 train.py
(PyTorch 2.13.0 and NumPy 2.4.6 wrote those that are kept here.)

ecg.pt, ecg.safetensors, ecg.npz   one network, named and shaped as experiments/ecg.toml and its authors' script have it,
                                   8 hidden units; in ecg.npz matrices are [from][to]
shd.pt                             two recurrent layers and a leaky readout, named as in the authors' script for SHD
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

    def __init__(self, tau_m, tau_adp, beta):
        self.alpha, self.rho, self.beta = torch.exp(-1 / tau_m), torch.exp(-1 / tau_adp), beta
        self.u, self.s, self.eta, self.nearest = torch.zeros(1), torch.zeros(1, len(tau_m)), torch.tensor(B0), 1.0

    def step(self, current):
        self.eta = self.rho * self.eta + (1 - self.rho) * self.s
        theta = B0 + self.beta * self.eta
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
