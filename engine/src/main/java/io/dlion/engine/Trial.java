package io.dlion.engine;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.learn.ExampleShape;
import io.dlion.engine.ModuleTensors.Named;
import io.dlion.engine.task.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Runs copies of a module on a few made-up examples, in both modes, to find out what it needs of
 * those who train it, and whether it can be trained. Confined to one thread.
 */
final class Trial {
  /** More than one, so that a normalisation over the batch has something to normalise. */
  private static final int BATCH = 2;

  /** How often evaluation is repeated to see whether its answers stay the same. */
  private static final int REPETITIONS = 8;

  /** Layouts of a tensor may add up in another order; a misread tensor is far beyond that. */
  private static final double TOLERANCE = 1e-3;

  private static final Pattern OTHER_DEVICE =
      Pattern.compile("(?i)\\b(cuda|xpu|mps|accelerator)\\b");

  private static final String BOTH_MODES =
      "export it with torch.jit.script(model), which keeps both modes, or call model.eval() before"
          + " torch.jit.trace";

  private final JitModule master;
  private final ExampleShape shape;
  private final Task task;
  private final boolean drawsRandomNumbers;
  private final Set<String> changing = new HashSet<>();
  private final Set<String> replaced = new HashSet<>();

  /**
   * A trial of a module, which stays as it is.
   *
   * @param drawsRandomNumbers whether its source has operations that do
   */
  Trial(JitModule master, ExampleShape shape, boolean drawsRandomNumbers) {
    this.master = master;
    this.shape = shape;
    this.task = Task.of(shape);
    this.drawsRandomNumbers = drawsRandomNumbers;
  }

  /**
   * Carries it out.
   *
   * @throws UserError saying in one sentence why the module cannot be trained; without the file's
   *     name
   */
  Traits run() {
    torch.setGraphExecutorOptimize(false);
    synchronized (TorchLearner.PROCESS_WIDE_GENERATOR) {
      torch.manual_seed(0);
      checkParameters();
      checkOutputs();
      boolean contiguous = shape.isImage() && needsContiguous();
      checkEvaluation(contiguous);
      if (!contiguous && shape.isImage() && failure(BATCH, false).isPresent()) {
        contiguous = true;
      }
      Optional<UserError> failure = failure(BATCH, contiguous);
      if (failure.isPresent()) {
        throw failure.get();
      }
      int minimum = learnsFromOne(contiguous) ? 1 : BATCH;
      return new Traits(contiguous, minimum, changing, replaced, drawsRandomNumbers);
    }
  }

  private void checkParameters() {
    try (PointerScope _ = new PointerScope()) {
      for (Named named : ModuleTensors.all(master)) {
        if (named.isParameter() && !isFinite(named.tensor())) {
          throw new UserError("parameter " + named.name() + " has values that are not finite");
        }
      }
    }
  }

  // ---- evaluation mode

  private void checkOutputs() {
    try (PointerScope _ = new PointerScope()) {
      JitModule copy = Copies.of(master);
      copy.eval();
      try {
        evaluate(copy, BATCH, true);
      } catch (UserError e) {
        throw new UserError(e.getMessage() + "; " + advice(e, copy), e);
      }
    }
  }

  private String advice(UserError failure, JitModule module) {
    Throwable cause = failure.getCause();
    if (cause == null) {
      return "let its forward return one tensor of that shape";
    }
    if (OTHER_DEVICE.matcher(String.valueOf(cause.getMessage())).find()) {
      return "it is tied to another device: call model.cpu() before the export";
    }
    try {
      evaluate(module, 1, true);
      return "it takes batches of one example only: write x.view(x.size(0), -1), or trace it with a"
          + " larger batch";
    } catch (UserError alsoWithOne) {
      return "the data's input shape must be the one it was made for";
    }
  }

  /** Whether it fails or answers otherwise where channels come last in memory. */
  private boolean needsContiguous() {
    try (PointerScope _ = new PointerScope()) {
      JitModule copy = Copies.of(master);
      copy.eval();
      Tensor right = evaluate(copy, BATCH, true);
      try {
        return !torch.allclose(
            evaluate(copy, BATCH, false), right, TOLERANCE, TOLERANCE, /* equal_nan= */ true);
      } catch (UserError e) {
        return true;
      }
    }
  }

  /** What it answers in evaluation mode, checked for its shape. */
  private Tensor evaluate(JitModule module, int size, boolean contiguous) {
    try (NoGradGuard _ = new NoGradGuard();
        Batch batch = batch(size, 0, contiguous)) {
      Tensor inputs = batch.inputs(size);
      return checked(Passes.forward(module, inputs), inputs, size);
    }
  }

  private void checkEvaluation(boolean contiguous) {
    try (PointerScope _ = new PointerScope()) {
      JitModule copy = Copies.of(master);
      copy.eval();
      Map<String, Tensor> before = kept(copy);
      Tensor first = evaluate(copy, BATCH, contiguous);
      changes(before, copy).stream()
          .findFirst()
          .ifPresent(name -> {
            throw new UserError(
                Phrase.of(
                    "evaluation changes its buffer %s, as a module traced in training mode does;"
                        + " %s",
                    name, BOTH_MODES));
          });
      for (int i = 0; drawsRandomNumbers && i < REPETITIONS; i++) {
        if (!torch.allclose(first, evaluate(copy, BATCH, contiguous), 0, 0, true)) {
          throw new UserError(
              "evaluation answers the same question differently each time, as a module traced in"
                  + " training mode does (dropout); "
                  + BOTH_MODES);
        }
      }
    }
  }

  // ---- training mode

  private boolean learnsFromOne(boolean contiguous) {
    if (failure(1, contiguous).isPresent()) {
      return false;
    }
    try (PointerScope _ = new PointerScope()) {
      JitModule copy = Copies.of(master);
      copy.eval();
      evaluate(copy, 1, contiguous);
      return true;
    } catch (UserError e) {
      return false;
    }
  }

  /** Why it cannot learn from batches of this size; also notes which buffers change. */
  private Optional<UserError> failure(int size, boolean contiguous) {
    try (PointerScope _ = new PointerScope()) {
      JitModule copy = Copies.of(master);
      copy.train(true);
      Map<String, Tensor> before = kept(copy);
      List<Tensor> held = ModuleTensors.all(copy).stream().map(Named::tensor).toList();
      learn(copy, size, 0, contiguous);
      learn(copy, size, size, contiguous);
      changing.addAll(changes(before, copy));
      List<Named> after = ModuleTensors.all(copy);
      for (int i = 0; i < held.size(); i++) {
        Named named = after.get(i);
        if (!named.tensor().is_same(held.get(i))) {
          replaced.add(named.name());
        }
        if (changing.contains(named.name()) && !isFinite(named.tensor())) {
          throw new UserError(
              Phrase.of(
                  "training on %d examples leaves values that are not finite in its buffer %s",
                  size, named.name()));
        }
      }
      return Optional.empty();
    } catch (UserError e) {
      return Optional.of(e);
    }
  }

  private void learn(JitModule module, int size, int firstRow, boolean contiguous) {
    try (Batch batch = batch(size, firstRow, contiguous)) {
      Tensor inputs = batch.inputs(size);
      Tensor outputs = checked(Passes.forward(module, inputs), inputs, size);
      double loss = Passes.backward(task, outputs, batch.targets(size));
      if (!Double.isFinite(loss)) {
        throw new UserError(Phrase.of("the loss of %d made-up examples is not finite", size));
      }
      for (Named named : ModuleTensors.all(module)) {
        if (named.tensor().requires_grad() && !hasFiniteGradient(named.tensor())) {
          throw new UserError(
              Phrase.of(
                  "the gradient of %s for %d made-up examples is not finite", named.name(), size));
        }
      }
    }
  }

  private static boolean hasFiniteGradient(Tensor parameter) {
    Tensor gradient = parameter.grad();
    return !gradient.defined() || isFinite(gradient);
  }

  // ---- both

  private Batch batch(int size, int firstRow, boolean contiguous) {
    Batch batch = new Batch(shape, contiguous);
    int[] rows = IntStream.range(firstRow, firstRow + size).toArray();
    batch.fill(new TrialExamples(shape), rows, size);
    return batch;
  }

  private Tensor checked(IValue outputs, Tensor inputs, int size) {
    String expected = Arrays.toString(task.outputShape(size));
    String found = describe(outputs);
    if (!found.equals(expected)) {
      throw new UserError(
          Phrase.of(
              "for inputs %s expected outputs %s, found %s",
              Arrays.toString(inputs.shape()), expected, found));
    }
    return outputs.toTensor();
  }

  private static String describe(IValue outputs) {
    if (outputs.isTuple()) {
      return Phrase.of("a tuple of %d", outputs.toTuple().elements().size());
    }
    if (!outputs.isTensor()) {
      return Phrase.of("a value of type %s", outputs.tagKind().getString());
    }
    Tensor tensor = outputs.toTensor();
    return torch.isFloatingType(tensor.scalar_type().intern())
        ? Arrays.toString(tensor.shape())
        : Phrase.of("whole numbers (%s)", tensor.scalar_type().intern());
  }

  /** Copies of all tensors that are not learned, by name. */
  private static Map<String, Tensor> kept(JitModule module) {
    Map<String, Tensor> kept = new HashMap<>();
    for (Named named : ModuleTensors.all(module)) {
      if (!named.tensor().requires_grad()) {
        kept.put(named.name(), named.tensor().detach().clone());
      }
    }
    return kept;
  }

  /** Names of tensors that have other values than before. */
  private static List<String> changes(Map<String, Tensor> before, JitModule module) {
    List<String> changed = new ArrayList<>();
    for (Named named : ModuleTensors.all(module)) {
      Tensor old = before.get(named.name());
      if (old != null && !same(old, named.tensor())) {
        changed.add(named.name());
      }
    }
    return changed;
  }

  /** Whether two tensors have the same values; one that is not a number equals another. */
  private static boolean same(Tensor a, Tensor b) {
    return torch.isFloatingType(a.scalar_type().intern())
        ? torch.allclose(a, b, 0, 0, /* equal_nan= */ true)
        : torch.equal(a, b);
  }

  private static boolean isFinite(Tensor tensor) {
    return tensor.isfinite().all().item_bool();
  }
}
