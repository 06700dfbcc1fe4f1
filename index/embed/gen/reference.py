"""Makes testdata/reference.json and testdata/tokens.json, against which package embed is tested.

The ids come from Hugging Face's tokenizers, the vectors from numpy in float32, straight from
model.safetensors: neither shares a line with the Go code.

    pip install numpy tokenizers==0.23.3
    python gen/reference.py FOLDER testdata     # FOLDER holds model.safetensors and tokenizer.json
"""

import json
import math
import struct
import sys
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from texts import NASTY, PROSE

LAYERS, HEADS, MAX_TOKENS = 6, 12, 256


def load(path):
    """The float32 tensors of a safetensors file, by name."""
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    body = memoryview(data)[8 + length :]
    return {
        name: np.frombuffer(body[slice(*entry["data_offsets"])], "<f4").reshape(entry["shape"])
        for name, entry in header.items()
        if entry.get("dtype") == "F32"
    }


erf = np.vectorize(math.erf, otypes=[np.float64])


def gelu(x):
    return (x * 0.5 * (1 + erf(x / math.sqrt(2)))).astype(np.float32)


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


class Bert:
    def __init__(self, tensors):
        self.t = tensors

    def linear(self, name, x):
        return x @ self.t[name + ".weight"].T + self.t[name + ".bias"]

    def norm(self, name, x):
        x = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-12)
        return x * self.t[name + ".weight"] + self.t[name + ".bias"]

    def attention(self, name, x):
        def heads(part):  # [head, token, column]
            return self.linear(f"{name}.self.{part}", x).reshape(len(x), HEADS, -1).swapaxes(0, 1)

        q, k, v = heads("query"), heads("key"), heads("value")
        found = softmax(q @ k.swapaxes(1, 2) / math.sqrt(q.shape[-1])) @ v
        return self.linear(name + ".output.dense", found.swapaxes(0, 1).reshape(x.shape))

    def vector(self, ids):
        x = self.t["embeddings.word_embeddings.weight"][ids]
        x = x + self.t["embeddings.position_embeddings.weight"][: len(ids)]
        x = x + self.t["embeddings.token_type_embeddings.weight"][0]
        x = self.norm("embeddings.LayerNorm", x)
        for i in range(LAYERS):
            layer = f"encoder.layer.{i}"
            x = self.norm(layer + ".attention.output.LayerNorm", x + self.attention(layer + ".attention", x))
            wide = gelu(self.linear(layer + ".intermediate.dense", x))
            x = self.norm(layer + ".output.LayerNorm", x + self.linear(layer + ".output.dense", wide))
        mean = x.mean(0)
        return mean / np.linalg.norm(mean)


def write(path, entries):
    lines = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in entries)
    path.write_text(f"[\n{lines}\n]\n")


def main(folder, out):
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    write(out / "tokens.json", [{"text": text, "ids": tokenizer.encode(text).ids} for text in NASTY])

    tokenizer.enable_truncation(MAX_TOKENS)
    bert = Bert(load(folder / "model.safetensors"))
    entries = []
    for text in PROSE:
        vector = bert.vector(tokenizer.encode(text).ids)
        entries.append({"text": text, "vector": [round(float(v), 5) for v in vector]})
    write(out / "reference.json", entries)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
