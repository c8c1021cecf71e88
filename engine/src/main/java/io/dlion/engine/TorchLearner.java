package io.dlion.engine;

import io.dlion.core.Phrase;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.learn.Evaluation;
import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Learner;
import io.dlion.core.learn.Score;
import io.dlion.engine.task.Task;
import io.dlion.engine.task.Task.Tally;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A learner on libtorch. Every call runs in a pointer scope of its own, so that nothing native
 * outlives it but the learner's own tensors.
 *
 * <p>Random numbers of a model (dropout) come from libtorch's one process-wide generator. Where a
 * model draws any, a gradient's forward pass seeds that generator and holds a process-wide lock, so
 * that the same seed gives the same gradient whatever other learners do at the same time; forward
 * passes of such models run one after the other.
 */
final class TorchLearner implements Learner {
  /** Examples per forward pass; activations need memory in proportion. */
  private static final int EVALUATION_CHUNK = 64;

  static final Object PROCESS_WIDE_GENERATOR = new Object();

  private final ExampleShape shape;
  private final Traits traits;
  private final FlatModule replica;
  private final int threads;
  private final Task task;
  private final Batch batch;

  TorchLearner(ExampleShape shape, ModelSource source, long seed, int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads: expected at least 1, found " + threads);
    }
    this.shape = shape;
    this.traits = source.traits();
    this.threads = threads;
    this.task = source.task();
    this.batch = new Batch(shape, traits.contiguous());
    enterThread();
    this.replica = source.replica(seed);
  }

  @Override
  public ParameterLayout parameters() {
    return replica.weights().layout();
  }

  @Override
  public ParameterLayout bufferLayout() {
    return replica.buffers().flat().layout();
  }

  @Override
  public MemorySegment weights() {
    return replica.weights().segment();
  }

  @Override
  public MemorySegment gradient() {
    return replica.gradient().segment();
  }

  @Override
  public MemorySegment buffers() {
    return replica.buffers().flat().segment();
  }

  @Override
  public int minimumBatch() {
    return traits.minimumBatch();
  }

  /** The module with the weights and buffers of this learner, for export. */
  JitModule module() {
    replica.buffers().toModule();
    return replica.module();
  }

  @Override
  public double gradient(Examples examples, int[] rows, int size, long seed) {
    return scoredGradient(examples, rows, size, seed, 0).loss();
  }

  /**
   * {@inheritDoc}
   *
   * <p>Most models answer alike in training and in evaluation. The predictions of these are those
   * of the gradient's own forward pass; others get a pass more.
   */
  @Override
  public ScoredLoss gradient(Examples examples, int[] rows, int size, long seed, int fresh) {
    return traits.differsInTraining()
        ? Learner.super.gradient(examples, rows, size, seed, fresh)
        : scoredGradient(examples, rows, size, seed, fresh);
  }

  private ScoredLoss scoredGradient(Examples examples, int[] rows, int size, long seed, int fresh) {
    checkShape(examples);
    if (size < minimumBatch() || size > rows.length) {
      throw new IllegalArgumentException(
          Phrase.of("batch size: expected %d to %d, found %d", minimumBatch(), rows.length, size));
    }
    enterThread();
    try (PointerScope _ = new PointerScope()) {
      batch.fill(examples, rows, size);
      replica.gradient().tensor().zero_();
      replica.buffers().toModule();
      Tensor outputs =
          traits.drawsRandomNumbers()
              ? seededForward(batch.inputs(size), seed)
              : forward(batch.inputs(size));
      double loss = Passes.backward(task, outputs, batch.targets(size));
      replica.buffers().fromModule();
      return new ScoredLoss(loss, fresh == 0 ? Score.NONE : score(outputs, fresh));
    }
  }

  private Score score(Tensor outputs, int fresh) {
    try (NoGradGuard _ = new NoGradGuard()) {
      Tally tally = task.tally();
      tally.add(outputs.narrow(0, 0, fresh), batch.targets(fresh), fresh);
      Evaluation found = tally.evaluation();
      boolean share = shape.kind() != ExampleShape.Kind.REGRESSION;
      return Score.of(fresh, found.loss(), share ? found.accuracy() : Double.NaN);
    }
  }

  @Override
  public Evaluation evaluate(Examples examples) {
    checkShape(examples);
    int count = examples.count();
    if (count == 0) {
      throw new IllegalArgumentException("no examples to evaluate on");
    }
    enterThread();
    Tally tally = task.tally();
    int chunk = Math.min(count, EVALUATION_CHUNK);
    int[] rows = new int[Math.max(chunk, traits.minimumBatch())];
    replica.buffers().toModule();
    replica.module().eval();
    try (NoGradGuard _ = new NoGradGuard()) {
      for (int from = 0; from < count; from += chunk) {
        int size = Math.min(chunk, count - from);
        for (int i = 0; i < size; i++) {
          rows[i] = from + i;
        }
        addChunk(tally, examples, rows, size);
      }
    } finally {
      replica.module().train(true);
    }
    return tally.evaluation();
  }

  /** Fewer examples than the model can take are filled up with the last one. */
  private void addChunk(Tally tally, Examples examples, int[] rows, int size) {
    int whole = Math.max(size, traits.minimumBatch());
    Arrays.fill(rows, size, whole, rows[size - 1]);
    try (PointerScope _ = new PointerScope()) {
      batch.fill(examples, rows, whole);
      Tensor outputs = forward(batch.inputs(whole));
      tally.add(outputs.narrow(0, 0, size), batch.targets(size), size);
    }
  }

  private Tensor forward(Tensor inputs) {
    return Passes.forward(replica.module(), inputs).toTensor();
  }

  private Tensor seededForward(Tensor inputs, long seed) {
    synchronized (PROCESS_WIDE_GENERATOR) {
      torch.manual_seed(seed);
      return forward(inputs);
    }
  }

  private void checkShape(Examples examples) {
    if (!examples.shape().equals(shape)) {
      throw new IllegalArgumentException("expected " + shape + ", found " + examples.shape());
    }
  }

  /**
   * Both settings belong to the thread. Asking for the number of threads first is what makes
   * libtorch's own initialisation of the thread happen before, and not after, the setting. Without
   * graph optimisation a module runs operation by operation as written, with no profiling runs
   * before an optimised graph takes over; {@code cipher} is as fast that way as with direct calls.
   */
  private void enterThread() {
    if (torch.get_num_threads() != threads) {
      torch.set_num_threads(threads);
    }
    torch.setGraphExecutorOptimize(false);
  }

  @Override
  public void close() {
    batch.close();
    replica.close();
  }
}
