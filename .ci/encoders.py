"""Does the Python part of .ci/encoders, in the current folder.

    encoders.py export FROM      puts into model what onnxruntime and hugot read of the model in FROM
    encoders.py check NAME       makes sure that vectors.NAME, a JSON array a line, are those of onnxruntime
    encoders.py time             onnxruntime's time for each of texts, written as Go writes a benchmark
    encoders.py table            of such lines on stdin, the best of each
"""
import json
import math
import re
import shutil
import sys
import timeit

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer

DIM, HEADS, LAYERS = 384, 12, 6


def read_safetensors(name):
    with open(name, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = file.read()
    return {
        name: np.frombuffer(data[slice(*entry["data_offsets"])], np.float32).reshape(entry["shape"])
        for name, entry in header.items()
        if entry.get("dtype") == "F32"
    }


class Graph:
    """An ONNX graph in the making. A value is its name in the graph, or a number or array that is put there.

    Its steps are those that PyTorch exports, and those of version 12: onnxruntime looks for them, and makes
    one of all the steps of an attention, a layer norm or a GELU. (hugot has no LayerNormalization of its own.)
    """

    def __init__(self, weights):
        self.weights, self.nodes, self.constants = weights, [], []

    def __call__(self, op, *inputs, **attributes):
        inputs = [value if isinstance(value, str) else self.constant(value) for value in inputs]
        output = f"{op}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, inputs, [output], name=output, **attributes))
        return output

    def constant(self, value):
        if not isinstance(value, np.ndarray):
            value = np.array(value, np.float32 if isinstance(value, float) else np.int64)
        self.constants.append(numpy_helper.from_array(value, f"constant_{len(self.constants)}"))
        return self.constants[-1].name

    def linear(self, x, name):
        product = self("MatMul", x, self.weights[name + ".weight"].T.copy())
        return self("Add", product, self.weights[name + ".bias"])

    def norm(self, x, name):
        centred = self("Sub", x, self("ReduceMean", x, axes=[-1]))
        variance = self("ReduceMean", self("Pow", centred, 2.0), axes=[-1])
        x = self("Div", centred, self("Sqrt", self("Add", variance, 1e-12)))
        return self("Add", self("Mul", x, self.weights[name + ".weight"]), self.weights[name + ".bias"])

    def gelu(self, x):
        return self("Mul", self("Mul", x, self("Add", self("Erf", self("Div", x, math.sqrt(2))), 1.0)), 0.5)

    def attention(self, x, mask, name):
        def heads(part, *order):
            rows = self("Reshape", self.linear(x, f"{name}.self.{part}"), [0, 0, HEADS, DIM // HEADS])
            return self("Transpose", rows, perm=order)

        query, key, value = heads("query", 0, 2, 1, 3), heads("key", 0, 2, 3, 1), heads("value", 0, 2, 1, 3)
        scores = self("Add", self("Div", self("MatMul", query, key), math.sqrt(DIM // HEADS)), mask)
        found = self("Transpose", self("MatMul", self("Softmax", scores, axis=3), value), perm=[0, 2, 1, 3])
        return self.linear(self("Reshape", found, [0, 0, DIM]), f"{name}.output.dense")

    def encoder(self):
        words = self("Gather", self.weights["embeddings.word_embeddings.weight"], "input_ids")
        places = self("Slice", np.arange(512)[None], [0], self("Slice", self("Shape", "input_ids"), [1], [2]), [1])
        x = self("Add", words, self("Gather", self.weights["embeddings.token_type_embeddings.weight"], "token_type_ids"))
        x = self("Add", x, self("Gather", self.weights["embeddings.position_embeddings.weight"], places))
        x = self.norm(x, "embeddings.LayerNorm")

        present = self("Cast", self("Unsqueeze", self("Unsqueeze", "attention_mask", axes=[1]), axes=[2]), to=TensorProto.FLOAT)
        mask = self("Mul", self("Sub", 1.0, present), -10000.0)
        for i in range(LAYERS):
            name = f"encoder.layer.{i}"
            x = self.norm(self("Add", self.attention(x, mask, f"{name}.attention"), x), f"{name}.attention.output.LayerNorm")
            wide = self.gelu(self.linear(x, f"{name}.intermediate.dense"))
            x = self.norm(self("Add", self.linear(wide, f"{name}.output.dense"), x), f"{name}.output.LayerNorm")

        # The mean of the rows that are no padding, and then its length 1.
        kept = self("Unsqueeze", self("Cast", "attention_mask", to=TensorProto.FLOAT), axes=[2])
        mean = self("Div", self("ReduceMean", self("Mul", x, kept), axes=[1], keepdims=0),
                    self("ReduceMean", kept, axes=[1], keepdims=0))
        square = self("ReduceMean", self("Mul", mean, mean), axes=[-1])
        return self("Div", mean, self("Sqrt", self("Mul", square, float(DIM))))


def export(source):
    graph = Graph(read_safetensors(f"{source}/model.safetensors"))
    graph.nodes.append(helper.make_node("Identity", [graph.encoder()], ["vector"]))
    info, shape = helper.make_tensor_value_info, ["batch", "tokens"]
    inputs = [info(name, TensorProto.INT64, shape) for name in ("input_ids", "attention_mask", "token_type_ids")]
    outputs = [info("vector", TensorProto.FLOAT, ["batch", DIM])]
    built = helper.make_model(
        helper.make_graph(graph.nodes, "minilm", inputs, outputs, graph.constants),
        opset_imports=[helper.make_opsetid("", 12)], ir_version=8,
    )
    onnx.checker.check_model(built)
    onnx.save(built, "model/model.onnx")

    tokenizer = json.load(open(f"{source}/tokenizer.json"))
    tokenizer["padding"] = tokenizer["truncation"] = None  # as it comes, it makes every text 128 tokens long
    json.dump(tokenizer, open("model/tokenizer.json", "w"))
    shutil.copy(f"{source}/config.json", "model")


def open_encoder():
    """Gives the function from a text to its number of tokens and vector."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    session = onnxruntime.InferenceSession("model/model.onnx", options, providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_file("model/tokenizer.json")

    def encode(text):
        ids = np.array([tokenizer.encode(text).ids])
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        return ids.size, session.run(None, inputs)[0][0]

    return encode


def texts():
    return open("texts").read().splitlines()


def check(name):
    encode, vectors = open_encoder(), map(json.loads, open(f"vectors.{name}"))
    cosines = [float(np.dot(encode(text)[1], v) / np.linalg.norm(v)) for text, v in zip(texts(), vectors, strict=True)]
    print(f"cosine of {name} and onnxruntime: {min(cosines):.5f} or more, over {len(cosines)} texts")
    if not min(cosines) > 0.995:
        sys.exit(f"the vectors of {name} and onnxruntime are not of the same model: {cosines}")


def time():
    encode = open_encoder()
    for text in texts():
        tokens, _ = encode(text)
        timer = timeit.Timer(lambda: encode(text))
        runs, _ = timer.autorange()
        print(f"Benchmark/onnxruntime_{onnxruntime.__version__}/{tokens} {runs} {timer.timeit(runs) / runs * 1e9:.0f} ns/op")


def table():
    best = {}
    for line in sys.stdin:
        if found := re.match(r"Benchmark\w*/(\S+)/(\d+)\s+\d+\s+([\d.]+) ns/op", line):
            name, tokens, ns = found.groups()
            row = best.setdefault(name.replace("_", " "), {})
            row[tokens] = min(row.get(tokens, math.inf), float(ns) / 1e6)
    print("| encoder | 12 tokens | 128 tokens |\n| --- | ---: | ---: |")
    for name, row in best.items():
        print(f"| {name} | {row['12']:.2f} ms | {row['128']:.2f} ms |")


if __name__ == "__main__":
    {"export": export, "check": check, "time": time, "table": table}[sys.argv[1]](*sys.argv[2:])
