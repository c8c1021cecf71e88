package io.dlion.engine;

import io.dlion.core.UserError;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.Learner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A model for examples of one shape, from which learners are made: a built-in one, or a TorchScript
 * file. Either is executed as a TorchScript module, and exported as one. Immutable and thread safe.
 */
public final class ModelSpec {
  private final String name;
  private final ExampleShape shape;
  private final ModelSource source;

  private ModelSpec(String name, ExampleShape shape, ModelSource source) {
    this.name = name;
    this.shape = shape;
    this.source = source;
  }

  /**
   * A built-in model (see {@link Models#all()}). Does not load libtorch.
   *
   * @throws UserError for an unknown name, or for examples that the model cannot take
   */
  public static ModelSpec builtIn(String name, ExampleShape shape) {
    return new ModelSpec(name, shape, Models.source(name, shape));
  }

  /**
   * A model that was exported to a TorchScript file. It must take one float32 tensor [batch,
   * channels, height, width], [batch, features] or [batch, steps, features] (int64 [batch, length]
   * for text) and return [batch, outputs] (for text [batch, length, symbols]), before any softmax.
   * Parameters that do not require gradients stay as they are. A model that contains dropout trains
   * reproducibly, but one forward pass at a time in the whole process. The model is tried on
   * made-up examples.
   *
   * @param name to call it by
   * @throws UserError where the file is missing, is not TorchScript, has no trainable parameters,
   *     does not fit the examples, or cannot be trained or evaluated
   */
  public static ModelSpec torchScript(String name, Path file, ExampleShape shape) {
    Native.ensureLoaded();
    return new ModelSpec(name, shape, new ScriptFileSource(file, shape));
  }

  /** The same, called by its file's path. */
  public static ModelSpec torchScript(Path file, ExampleShape shape) {
    return torchScript(file.toString(), file, shape);
  }

  /** Whether it is a built-in one, whose initial weights follow from the seed. */
  public boolean isBuiltIn() {
    return source instanceof BuiltInSource;
  }

  /** The built-in model's name, or what a model from a file is called. */
  public String name() {
    return name;
  }

  /** The examples it is for. */
  public ExampleShape shape() {
    return shape;
  }

  /** Layout of the weights; names and order are the module's, as in PyTorch's state_dict. */
  public ParameterLayout parameters() {
    return source.parameters();
  }

  /** Layout of the buffers that training changes: batch-norm statistics. */
  public ParameterLayout bufferLayout() {
    return source.buffers();
  }

  /** The least batch that the model can learn from: 2 where it normalises over the batch. */
  public int minimumBatch() {
    return source.traits().minimumBatch();
  }

  /** What the model needs of those who train it. */
  Traits traits() {
    return source.traits();
  }

  /**
   * A hash of what a model keeps but training does not change: frozen parameters, constant buffers
   * such as a causal mask. Workers do not send these to each other. Empty where there are none.
   */
  public String constants() {
    return source.constants();
  }

  /**
   * Writes a model that came as a file, as it was read; what becomes of that file no longer
   * matters. Nothing is written for a built-in model.
   *
   * @throws IOException where the file cannot be written
   */
  public void keep(Path copy) throws IOException {
    source.keep(copy);
  }

  /**
   * The whole {@code state_dict} of a learner's model: weights, buffers and constants, each under
   * every name that it has. Copies, taken now.
   *
   * @param learner made by a specification of the same model
   */
  public List<StateTensor> state(Learner learner) {
    return ModuleState.of(torchLearner(learner).module());
  }

  /**
   * A learner with initial weights: drawn from the seed, the same bits for the same seed on every
   * machine; or the file's, whatever the seed.
   *
   * @param threads that libtorch may use in this learner's calls
   * @throws UserError where libtorch cannot be loaded on this platform
   */
  public Learner learner(long seed, int threads) {
    Native.ensureLoaded();
    return new TorchLearner(shape, source, seed, threads);
  }

  /**
   * Writes a learner's weights and buffers with its model as a TorchScript file in evaluation mode,
   * for Python's {@code torch.jit.load}. An existing file is replaced only when the new one is
   * complete.
   *
   * @param learner made by a specification of the same model
   * @throws IOException where the file cannot be written
   */
  public void exportTorchScript(Learner learner, Path file) throws IOException {
    TorchScriptExport.write(torchLearner(learner).module(), file);
  }

  private TorchLearner torchLearner(Learner learner) {
    if (!(learner instanceof TorchLearner torchLearner)
        || learner.parameters().fingerprint() != parameters().fingerprint()) {
      throw new IllegalArgumentException("the learner is not one of model " + name);
    }
    return torchLearner;
  }
}
