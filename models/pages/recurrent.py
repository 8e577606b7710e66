"""Recurrent networks: trained by JAX, stored as `pagefacts.extraction.scraped.network` reads them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

import jax
import jax.numpy as jnp
import numpy as np
import optax
from numpy.typing import NDArray

from pagefacts.extraction.scraped.network import FARTHEST, in_logarithms

Numbers = NDArray[np.float32]
Parameters = dict[str, jax.Array]


@dataclass(frozen=True)
class Recipe:
    """How networks are trained."""

    seeds: Sequence[int] = (1, 2, 3)
    """The scores of networks that began differently are averaged, which steadies them."""
    read: int = 48
    state: int = 48
    judge: int = 32
    """Units of each layer."""
    epochs: int = 12
    batch: int = 16
    longest: int = 640
    """Lines of a page that are looked at in one step; of a longer one a stretch is drawn."""
    rate: float = 3e-3
    decay: float = 1e-2
    hidden_numbers: float = 0.2
    """Share of the numbers that a page is read without."""
    hidden_units: float = 0.3
    """The same of what is read, and of the states (Srivastava et al., "Dropout", JMLR 15, 2014)."""
    overlap: float = 0.5
    """Weight, beside the cross entropy, of 1 less the F1 that is expected (Milletari et al., "V-Net", 2016)."""


class Example(NamedTuple):
    """A page."""

    rows: Numbers
    truth: NDArray[np.bool_]
    weight: float


class _Batch(NamedTuple):
    """Pages of about the same length, filled up to the longest."""

    rows: Numbers
    truth: Numbers
    is_line: Numbers
    weights: Numbers


def fit(examples: Sequence[Example], recipe: Recipe) -> dict[str, NDArray[np.floating]]:
    """Return the networks that tell which lines of pages are of the body, as they are stored."""
    numbers = [in_logarithms(example.rows) for example in examples]
    every = np.vstack(numbers)
    mean, scale = every.mean(axis=0), every.std(axis=0) + 1e-3
    scaled = [
        Example(np.clip((rows - mean) / scale, -FARTHEST, FARTHEST), example.truth, example.weight)
        for rows, example in zip(numbers, examples, strict=True)
    ]
    trained = [_train(scaled, recipe, seed) for seed in recipe.seeds]
    stacked = {name: np.stack([each[name] for each in trained]) for name in trained[0]}
    stored: dict[str, NDArray[np.floating]] = {}
    for name in ("read", "judge", "last"):
        stored |= {name: stacked[name], f"{name}_bias": stacked[f"{name}_bias"][:, None]}
    for name in ("gates", "turns"):
        stored[name] = np.concatenate([stacked[f"{name}_down"], stacked[f"{name}_up"]])
    stored["gates_bias"] = np.concatenate([stacked["gates_down_bias"], stacked["gates_up_bias"]])[:, None]
    return {"mean": mean, "scale": scale} | {name: values.astype(np.float16) for name, values in stored.items()}


def _train(examples: Sequence[Example], recipe: Recipe, seed: int) -> dict[str, NDArray[np.float32]]:
    chance = np.random.default_rng(seed)
    key = jax.random.PRNGKey(seed)
    parameters = _begin(key, examples[0].rows.shape[1], recipe)
    steps = recipe.epochs * (len(examples) // recipe.batch)
    schedule = optax.cosine_decay_schedule(recipe.rate, steps)
    optimiser = optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(schedule, weight_decay=recipe.decay))
    state = optimiser.init(parameters)

    def step(parameters: Parameters, state: Any, batch: _Batch, key: jax.Array) -> tuple[Parameters, Any]:
        slopes = jax.grad(_loss)(parameters, batch, key, recipe)
        updates, state = optimiser.update(slopes, state, parameters)
        return optax.apply_updates(parameters, updates), state

    compiled = jax.jit(step)
    for _ in range(recipe.epochs):
        for batch in _batches(examples, recipe, chance):
            key, drawn = jax.random.split(key)
            parameters, state = compiled(parameters, state, batch, drawn)
    return {name: np.asarray(values) for name, values in parameters.items()}


def _begin(key: jax.Array, numbers: int, recipe: Recipe) -> Parameters:
    """Return random weights."""
    read, state, judge = recipe.read, recipe.state, recipe.judge
    sizes = {
        "read": (numbers, read),
        "gates_down": (read, 3 * state),
        "gates_up": (read, 3 * state),
        "turns_down": (state, 3 * state),
        "turns_up": (state, 3 * state),
        "judge": (2 * state + read, judge),
        "last": (judge, 1),
    }
    keys = jax.random.split(key, len(sizes))
    found = {
        name: jax.random.normal(drawn, size) / np.sqrt(size[0])
        for drawn, (name, size) in zip(keys, sizes.items(), strict=True)
    }
    biases = {f"{name}_bias": jnp.zeros(size[1]) for name, size in sizes.items() if not name.startswith("turns")}
    return {**found, **biases}


def _scores(parameters: Parameters, batch: _Batch, key: jax.Array, recipe: Recipe) -> jax.Array:
    """Return the logits of lines, of shape (pages, lines), with some of the numbers and units hidden."""
    first, second, third = jax.random.split(key, 3)
    rows = jnp.transpose(jnp.asarray(batch.rows), (1, 0, 2))
    is_line = jnp.asarray(batch.is_line).T
    rows = _without(rows, first, recipe.hidden_numbers, (1, *rows.shape[1:]))
    read = jax.nn.relu(rows @ parameters["read"] + parameters["read_bias"])
    read = _without(read, second, recipe.hidden_units, read.shape)
    down = _states(read, is_line, parameters, "down")
    up = _states(read[::-1], is_line[::-1], parameters, "up")[::-1]
    states = jnp.concatenate([down, up, read], axis=-1)
    states = _without(states, third, recipe.hidden_units, states.shape)
    judged = jax.nn.relu(states @ parameters["judge"] + parameters["judge_bias"])
    return (judged @ parameters["last"] + parameters["last_bias"])[..., 0].T


def _without(values: jax.Array, key: jax.Array, share: float, shape: Sequence[int]) -> jax.Array:
    return values * jax.random.bernoulli(key, 1 - share, shape) / (1 - share)


def _states(read: jax.Array, is_line: jax.Array, parameters: Parameters, way: str) -> jax.Array:
    gates = read @ parameters[f"gates_{way}"] + parameters[f"gates_{way}_bias"]
    turns = parameters[f"turns_{way}"]
    size = turns.shape[0]

    def step(state: jax.Array, given: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
        gates, is_line = given
        turned = state @ turns
        stays, seen = jnp.split(jax.nn.sigmoid(gates[:, : 2 * size] + turned[:, : 2 * size]), 2, axis=1)
        new = jnp.tanh(gates[:, 2 * size :] + seen * turned[:, 2 * size :])
        after = jnp.where(is_line[:, None] > 0, new + stays * (state - new), state)
        return after, after

    _, states = jax.lax.scan(step, jnp.zeros((read.shape[1], size)), (gates, is_line))
    return states


def _loss(parameters: Parameters, batch: _Batch, key: jax.Array, recipe: Recipe) -> jax.Array:
    scores = _scores(parameters, batch, key, recipe)
    truth, is_line, weights = (jnp.asarray(each) for each in batch[1:])
    entropy = (optax.sigmoid_binary_cross_entropy(scores, truth) * is_line).sum(1) / is_line.sum(1)
    likely = jax.nn.sigmoid(scores) * is_line
    overlap = (2 * (likely * truth).sum(1) + 1) / (likely.sum(1) + truth.sum(1) + 1)
    losses = (1 - recipe.overlap) * entropy + recipe.overlap * (1 - overlap)
    return (losses * weights).sum() / weights.sum()


def _batches(examples: Sequence[Example], recipe: Recipe, chance: np.random.Generator) -> Iterator[_Batch]:
    """Yield the pages in an order of chance, those together that are about as long."""
    drawn = [_stretch(example, recipe.longest, chance) for example in examples]
    lengths = np.array([len(example.truth) for example in drawn])
    order = np.argsort(lengths + 15 * chance.normal(size=len(drawn)))
    groups = [order[n : n + recipe.batch] for n in range(0, len(order) - recipe.batch + 1, recipe.batch)]
    for n in chance.permutation(len(groups)).tolist():
        yield _filled([drawn[at] for at in groups[n].tolist()])


def _stretch(example: Example, longest: int, chance: np.random.Generator) -> Example:
    if len(example.truth) <= longest:
        return example
    start = int(chance.integers(0, len(example.truth) - longest + 1))
    return Example(example.rows[start : start + longest], example.truth[start : start + longest], example.weight)


def _filled(examples: Sequence[Example]) -> _Batch:
    # Few lengths, as each is compiled on its own.
    longest = -(-max(len(example.truth) for example in examples) // 64) * 64
    rows = np.zeros((len(examples), longest, examples[0].rows.shape[1]), np.float32)
    truth, is_line = np.zeros((2, len(examples), longest), np.float32)
    for n, example in enumerate(examples):
        size = len(example.truth)
        rows[n, :size], truth[n, :size], is_line[n, :size] = example.rows, example.truth, 1
    return _Batch(rows, truth, is_line, np.array([example.weight for example in examples], np.float32))
