"""Writes norm.json beside it: a GRU and a linear readout whose drives from below are normalised by the batch, over sequences
of different lengths, in double precision by PyTorch's autograd. python3 norm.py (PyTorch 2.13.0 wrote the file kept here.)

Everything is drawn from one seed. Gates in the order of torch.nn.GRU: reset, update, candidate. Matrices are [to][from], a gate
below the other. The loss is the mean over sequences of the mean cross-entropy over their steps.
"""

import json
from pathlib import Path

import torch

torch.set_default_dtype(torch.float64)
INPUTS, UNITS, CLASSES, LENGTHS, EPSILON, MOMENTUM = 3, 5, 4, [9, 6, 7, 9, 4], 1e-5, 0.1

generator = torch.Generator().manual_seed(11)


def drawn(*shape, scale=1.0, shift=0.0):
    # rounded to single precision, which is what the engine will read
    values = torch.randn(*shape, generator=generator) * scale + shift
    return values.float().double()


parameters = {
    "hidden.weight_in": drawn(3 * UNITS, INPUTS),
    "hidden.weight_rec": drawn(3 * UNITS, UNITS, scale=0.5),
    "hidden.bias_rec": drawn(3 * UNITS, scale=0.3),
    "hidden.norm_scale": drawn(3 * UNITS, scale=0.3, shift=1),
    "hidden.norm_shift": drawn(3 * UNITS, scale=0.3),
    "output.weight_in": drawn(CLASSES, UNITS),
    "output.norm_scale": drawn(CLASSES, scale=0.3, shift=1),
    "output.norm_shift": drawn(CLASSES, scale=0.3),
}
for values in parameters.values():
    values.requires_grad_()
x = [drawn(length, INPUTS) for length in LENGTHS]
y = [torch.randint(CLASSES, (length,), generator=generator) for length in LENGTHS]


def normalised(rows, layer, tracked, with_padding, trains):
    """rows: [frame][column], the frames of all sequences, padding left out."""
    if trains:
        places = len(LENGTHS) * max(LENGTHS) if with_padding else len(rows)
        mean = rows.sum(0) / places
        # frames of padding are zero, for what is below is
        variance = (rows * rows).sum(0) / places - mean * mean
        tracked[layer] = {
            "mean": (MOMENTUM * mean).tolist(),
            "variance": (1 - MOMENTUM + MOMENTUM * variance * places / (places - 1)).tolist(),
        }
    else:
        mean = torch.tensor(tracked[layer]["mean"])
        variance = torch.tensor(tracked[layer]["variance"])
    standard = (rows - mean) / torch.sqrt(variance + EPSILON)
    return standard * parameters[layer + ".norm_scale"] + parameters[layer + ".norm_shift"]


def loss(tracked, with_padding, trains):
    drive = torch.cat(x) @ parameters["hidden.weight_in"].T
    drive = normalised(drive, "hidden", tracked, with_padding, trains).split(LENGTHS)
    hidden = []
    for sequence in drive:
        h = torch.zeros(UNITS)
        for below in sequence:
            r, z, n = below.chunk(3)
            u_r, u_z, u_n = (parameters["hidden.weight_rec"] @ h + parameters["hidden.bias_rec"]).chunk(3)
            update = torch.sigmoid(z + u_z)
            h = (1 - update) * torch.tanh(n + torch.sigmoid(r + u_r) * u_n) + update * h
            hidden.append(h)
    logits = torch.stack(hidden) @ parameters["output.weight_in"].T
    logits = normalised(logits, "output", tracked, with_padding, trains).split(LENGTHS)
    return sum(torch.nn.functional.cross_entropy(a, b) for a, b in zip(logits, y)) / len(LENGTHS)


cases = {}
for name, with_padding in (("batch", False), ("batch_with_padding", True)):
    tracked = {}
    trained = loss(tracked, with_padding, True)
    gradients = torch.autograd.grad(trained, list(parameters.values()))
    cases[name] = {
        "loss": trained.item(),
        "gradients": {key: g.flatten().tolist() for key, g in zip(parameters, gradients)},
        "tracked": tracked,
        "loss_by_tracked": loss(tracked, with_padding, False).item(),
    }
out = {
    "parameters": {key: values.flatten().tolist() for key, values in parameters.items()},
    "x": [sequence.flatten().tolist() for sequence in x],
    "y": [sequence.tolist() for sequence in y],
    "cases": cases,
}
Path(__file__).with_name("norm.json").write_text(json.dumps(out) + "\n")
