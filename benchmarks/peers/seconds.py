#!/usr/bin/python3
"""Seconds to accuracies in what `network` has written, of rank 1, evaluations not counted.

    seconds.py OUT...

The accuracies are 80, 85 and 88 %, or those in SHARES: SHARES=0.4,0.5.

Time begins with the first iteration. It also says how many samples a second all workers trained on, likewise, for
DLion the global batch at the end, and the most resident memory of a process.
"""
import glob
import json
import os
import sys

SHARES = [float(s) for s in os.environ.get("SHARES", "0.8,0.85,0.88").split(",")]


def of_dlion(metrics):
    begun, evaluating, before, reached, last = None, 0.0, 0.0, {}, None
    for line in open(metrics):
        event = json.loads(line)
        if event["kind"] == "iteration":
            begun = event["t"] - event["computeSeconds"] if begun is None else begun
            last, before = event, evaluating
        elif event["kind"] == "evaluated" and begun is not None:
            evaluating += event["tookSeconds"]
            note(reached, event["t"] - begun - evaluating, event["accuracy"])
    rate = last["clusterSamples"] / (last["t"] - begun - before)
    more = f"{rate:.0f} samples/s, batch {last['globalBatchSize']}"
    result = metrics.replace("metrics.jsonl", "result.json")
    if os.path.exists(result):  # else the run was killed, or still goes on
        more += f", {json.load(open(result))['peakResidentBytes'] / 1e6:.0f} MB"
    return reached, more


def of_peers(log):
    reached, more = {}, ""
    for line in open(log):
        words = line.split()
        if len(words) == 2 and words[0][0].isdigit():
            note(reached, float(words[0]), float(words[1]))
        elif line.startswith("all ranks together: "):
            more = line.split(": ")[1].split(", evaluations")[0]
    return reached, more


def note(reached, seconds, accuracy):
    for share in SHARES:
        if accuracy >= share:
            reached.setdefault(share, seconds)


for out in sys.argv[1:]:
    runs = glob.glob(out + "/w1/2*/metrics.jsonl")
    reached, more = of_dlion(runs[0]) if runs else of_peers(out + "/1.log")
    print(out, " / ".join(f"{reached[s]:.1f}" if s in reached else "–" for s in SHARES), more)
