"""Writes facts.json.gz: of every backbone Keras's parameter counts and its layers in order.

The graphs are those of weights="imagenet", with the download stubbed: EfficientNet's differs.

needs: pip install tensorflow-cpu==2.21.* keras==3.*
usage: python make_facts.py
"""
import gzip
import json
import os

from networks import BACKBONES, build, keras

facts = {}
for kind in BACKBONES:
    entry = {}
    for top in (True, False):
        keras.backend.clear_session()
        model = build(kind, include_top=top)
        entry["top" if top else "no_top"] = {
            "parameters": model.count_params(),
            "trainable": sum(int(w.numpy().size) for w in model.trainable_weights),
            # Name, output shape and parameters, in the order of the weight files.
            "layers": [
                [layer.name, list(layer.output.shape[1:]), layer.count_params()]
                for layer in model.layers[1:]
            ],
        }
    facts[kind] = entry
    print(kind, entry["no_top"]["parameters"], entry["top"]["parameters"], flush=True)

here = os.path.dirname(os.path.abspath(__file__))
with gzip.GzipFile(os.path.join(here, "facts.json.gz"), "wb", mtime=0) as file:
    file.write(json.dumps(facts, separators=(",", ":")).encode())
