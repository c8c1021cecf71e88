"""Compares what a plan foretold with what happened, from what `run` has written.

    compare.py OUT...

Real figures are of the worker that is at the target first, from its first iteration to that evaluation, evaluations not
counted; bytes are those of all workers until then.
"""
import glob
import json
import sys


def events(metrics):
    for line in open(metrics):
        yield json.loads(line)


def real(out, target):
    runs = [reached(out, metrics, target) for metrics in glob.glob(out + "/real-w*/2*/metrics.jsonl")]
    return min((run for run in runs if run is not None), default=None)


def reached(out, metrics, target):
    """Seconds, samples/s and bytes until a worker is at the target, if it comes so far."""
    begun, evaluating, last = None, 0.0, None
    for event in events(metrics):
        if event["kind"] == "iteration":
            begun = event["t"] - event["computeSeconds"] if begun is None else begun
            last = event
        elif event["kind"] == "evaluated" and begun is not None:
            if event["accuracy"] >= target and last is not None:
                seconds = last["t"] - begun - evaluating
                return seconds, last["clusterSamples"] / seconds, sent(out, last["t"])
            evaluating += event["tookSeconds"]
    return None


def sent(out, until):
    return sum(
        event["bytes"]
        for metrics in glob.glob(out + "/real-w*/2*/metrics.jsonl")
        for event in events(metrics)
        if event["kind"] == "sent" and event["t"] <= until
    )


for out in sys.argv[1:]:
    plan = json.load(open(out + "/plan/plan.json"))
    method = next(m for m in plan["methods"] if m["name"] == plan["recommended"]["name"])
    found = real(out, plan["target"])
    print(f"{out}: {method['name']} to {100 * plan['target']:.0f} %")
    if found is None or method["secondsToTarget"] is None:
        print("  not reached", "really" if found is None else "in the plan")
        continue
    foretold = (method["secondsToTarget"], method["samplesPerSecond"], method["bytes"])
    for name, a, b in zip(("seconds", "samples/s", "bytes"), foretold, found):
        print(f"  {name:10s} foretold {a:14.1f}  real {b:14.1f}  {100 * (a / b - 1):+.0f} %")
