"""Calls the function of a `python` body.

Reads one JSON object from standard input: module, function, inputs, and the files for outputs and for an error.
Secrets come this way too, so they are never in arguments or in a file.
"""
import importlib
import json
import os
import sys
import traceback


def main():
    call = json.load(sys.stdin.buffer)
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    sys.path[:1] = [os.getcwd()]
    sys.argv = [call["module"]]

    def fail(kind, message, trace, name=None):
        with os.fdopen(os.open(call["error"], os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
            json.dump({"kind": kind, "message": message, "traceback": trace, "type": name}, file)
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(1)

    try:
        function = importlib.import_module(call["module"])
        for name in call["function"].split("."):
            function = getattr(function, name)
        result = function(**call["inputs"])
    except Exception as error:
        trace = traceback.format_exc()
        sys.stderr.write(trace)
        fail("exit", "".join(traceback.format_exception_only(type(error), error)).strip(), trace, type(error).__qualname__)
    if result is None:
        result = {}
    try:
        if not isinstance(result, dict):
            raise TypeError("expected a dict, got %s" % type(result).__name__)
        text = json.dumps(result, allow_nan=False, ensure_ascii=False)
        with open(call["outputs"], "w", encoding="utf-8") as file:
            file.write(text)
    except (TypeError, ValueError) as error:
        fail("output_type", "`%s:%s` did not return JSON: %s" % (call["module"], call["function"], error), None)


main()
