"""Answers lines of JSON with lines of JSON: prepares a peer's work, then runs it and says how long it took."""

import importlib
import json
import os
import platform
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
prepared = {}


def versions():
    found = {"python": platform.python_version()}
    for name in ("numpy", "scipy", "jax", "torch"):
        if name in sys.modules:
            found[name] = sys.modules[name].__version__
    return found


def answer(question):
    if "prepare" in question:
        module = importlib.import_module(question["module"])
        prepared[question["prepare"]] = getattr(module, question["name"])(**question.get("args", {}))
        return {"versions": versions()}
    work = prepared[question["run"]]
    start = time.perf_counter()
    work()
    return {"seconds": time.perf_counter() - start}


def main():
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what packages print goes to stderr
    for line in sys.stdin:
        try:
            reply = answer(json.loads(line))
        except Exception as error:  # a package that is missing is an answer too
            reply = {"error": f"{type(error).__name__}: {error}"}
        replies.write(json.dumps(reply) + "\n")
        replies.flush()


main()
