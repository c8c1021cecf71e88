package io.dlion.core.node;

import io.dlion.core.kernel.RunningAverage;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Optional;

/**
 * The average of a worker's steps, where that is its model: what it is judged by and what it leaves
 * behind, while gradients are computed at the last step. For the time of an evaluation and at the
 * end the two change places in the replica. Confined to its node.
 */
public final class Averaging {
  private static final String STEPS = "averaged-steps";

  private final MemorySegment weights;
  private final Optional<RunningAverage> average;
  private boolean shown;

  /** An average of what the weights will be, or of nothing where they are themselves the model. */
  public Averaging(MemorySegment weights, Optional<RunningAverage> average) {
    this.weights = weights;
    this.average = average;
  }

  /** A step was taken. */
  public void stepped() {
    average.ifPresent(a -> a.stepped(weights));
  }

  /** The weights have become others: the average begins there. */
  public void restart() {
    average.ifPresent(RunningAverage::restart);
  }

  /** The last step, wherever it is. */
  public MemorySegment lastStep() {
    return shown ? average.orElseThrow().values() : weights;
  }

  /** What the worker is judged by, wherever it is. */
  public MemorySegment model() {
    return shown
        ? weights
        : average.filter(a -> a.steps() > 0).map(RunningAverage::values).orElse(weights);
  }

  /** Puts the average into the replica. */
  public void show() {
    if (!shown && average.isPresent() && average.get().steps() > 0) {
      average.get().swap(weights);
      shown = true;
    }
  }

  /** Puts the last step into the replica. */
  public void hide() {
    if (shown) {
      average.orElseThrow().swap(weights);
      shown = false;
    }
  }

  /** Adds the average to a saved state. */
  public void save(Map<String, String> state, Map<String, MemorySegment> memory) {
    average.ifPresent(a -> {
      state.put(STEPS, Long.toString(a.steps()));
      memory.put("average", model());
    });
  }

  /** Resumes with a saved average. */
  public void restore(Map<String, String> state, Map<String, MemorySegment> memory) {
    MemorySegment saved = memory.get("average");
    if (saved != null) {
      average.ifPresent(a -> a.restore(saved, Long.parseLong(state.getOrDefault(STEPS, "0"))));
    }
  }
}
