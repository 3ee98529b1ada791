"""Random edits, always the same for the same seed: what people type, delete, paste and undo, with characters of every width."""

import random

from places import offset_forms

PIECES = [
    "a", "_", " ", "\n", ".", ",", ":", "=", "(", ")", "{", "}", '"', "${", "//", "???",
    "\u0301", "é", "ß", "→", "🚀", "👩\u200d🚀", "🇪🇺",
    "when ", "on failed ", "hello.", "outputs", "inputs.", "null", " 1.5", "\n  op x = greet(name: \"🦀\")\n", "\n/// Ü\n",
]  # fmt: skip


def series(text, seed, count):
    """`count` edits, and the text they lead to. The last newline stays."""
    rng = random.Random(seed)
    edits, back = [], None
    while len(edits) < count:
        if back is not None and rng.random() < 0.6:
            start, length, piece = back
            back = None
        else:
            start = rng.randrange(len(text))
            length = min(rng.choice([0, 0, 1, 1, 3, 12]), len(text) - 1 - start)
            piece = rng.choice(PIECES) if length == 0 or rng.random() < 0.6 else ""
            back = (start, len(piece), text[start : start + length])
        edits.append({"from": offset_forms(text, start), "to": offset_forms(text, start + length), "text": piece})
        text = text[:start] + piece + text[start + length :]
    return edits, text
