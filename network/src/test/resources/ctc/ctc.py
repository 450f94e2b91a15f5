"""Writes ctc.json beside it: losses of connectionist temporal classification and their gradients with respect to the logits, by
torch.nn.functional.ctc_loss in double precision. python3 ctc.py (PyTorch 2.13.0 wrote the file kept here.)

Logits are [step][class], drawn from one seed and rounded to single precision, which is what the engine will read; the blank is
the last class. "large" has logits whose probabilities are far below the smallest single-precision number.
"""

import json
from pathlib import Path

import torch

torch.set_default_dtype(torch.float64)
CASES = {
    # name: steps, labels, number of classes, scale of the logits
    "plain": (7, [0, 2, 1], 4, 1),
    "repeats": (9, [1, 1, 0, 0, 0], 3, 1),
    "just_long_enough": (6, [2, 2, 0, 2, 1], 4, 1),
    "one_step": (1, [1], 3, 1),
    "two_classes": (8, [0, 0, 0], 2, 2),
    "no_labels": (5, [], 3, 1),
    "no_labels_one_step": (1, [], 2, 1),
    "large": (12, [3, 0, 3, 3], 5, 300),
    "long": (30, [i * i % 5 for i in range(12)], 6, 3),
}

generator = torch.Generator().manual_seed(23)
out = {}
for name, (steps, labels, classes, scale) in CASES.items():
    logits = (torch.randn(steps, classes, generator=generator) * scale).float().double().requires_grad_()
    loss = torch.nn.functional.ctc_loss(
        torch.log_softmax(logits, 1).unsqueeze(1),
        torch.tensor([labels], dtype=torch.long),
        [steps],
        [len(labels)],
        blank=classes - 1,
        reduction="sum",
    )
    (gradient,) = torch.autograd.grad(loss, [logits])
    out[name] = {
        "steps": steps,
        "classes": classes,
        "labels": labels,
        "logits": logits.flatten().tolist(),
        "loss": loss.item(),
        "gradient": [float(f"{g:.8g}") for g in gradient.flatten().tolist()],
    }
Path(__file__).with_name("ctc.json").write_text(json.dumps(out) + "\n")
