"""Writes the models of this folder, as people write theirs: python3 make.py"""
import math

import torch
from torch import nn


class CausalAttention(nn.Module):
    """One head over 8 positions of a text of 8 different characters, with a mask of -inf."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(8, 8)
        self.q = nn.Linear(8, 8)
        self.k = nn.Linear(8, 8)
        self.v = nn.Linear(8, 8)
        self.out = nn.Linear(8, 8)
        mask = torch.full((8, 8), float("-inf")).triu(1)
        self.register_buffer("mask", mask)

    def forward(self, x):
        h = self.embedding(x)
        scores = self.q(h) @ self.k(h).transpose(1, 2) / math.sqrt(8.0) + self.mask
        return self.out(h + torch.softmax(scores, 2) @ self.v(h))


torch.manual_seed(1)
batch_norm = nn.Sequential(nn.Linear(8, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 5))
torch.jit.script(batch_norm).save("batch_norm.pt")
torch.jit.script(CausalAttention()).save("causal_mask.pt")
