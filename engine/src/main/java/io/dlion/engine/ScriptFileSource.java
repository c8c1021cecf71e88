package io.dlion.engine;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.learn.ExampleShape;
import io.dlion.engine.ModuleTensors.Named;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Replicas of a module that somebody exported to a TorchScript file. The file is read once; every
 * replica begins with its weights.
 */
final class ScriptFileSource implements ModelSource {
  private static final int TRIAL_BATCH = 2;
  private static final Pattern RANDOM_OPERATION =
      Pattern.compile("dropout|rand|bernoulli|normal_|uniform_|exponential_|multinomial");

  private final Path file;
  private final JitModule master;
  private final ParameterLayout parameters;
  private final ParameterLayout buffers;
  private final boolean drawsRandomNumbers;

  /**
   * Reads and checks a file.
   *
   * @throws UserError where it is no TorchScript file, or not one for such examples
   */
  ScriptFileSource(Path file, ExampleShape shape) {
    this.file = file;
    this.master = load();
    try (PointerScope _ = new PointerScope()) {
      checkTypes();
      ModuleTensors tensors = ModuleTensors.of(master);
      if (tensors.learned().isEmpty()) {
        throw new UserError(
            file
                + ": expected trainable parameters, found none; export the model with"
                + " torch.jit.script or torch.jit.trace, not frozen and not without gradients");
      }
      parameters = ModuleTensors.layout(tensors.learned());
      buffers = ModuleTensors.layout(tensors.kept());
      drawsRandomNumbers =
          RANDOM_OPERATION.matcher(master.dump_to_str(true, false, false).getString()).find();
      checkOutputs(shape);
    }
  }

  private JitModule load() {
    if (!Files.isRegularFile(file)) {
      throw new UserError(
          file + ": no such file; expected a TorchScript file as torch.jit.save writes it");
    }
    try (PointerScope _ = new PointerScope()) {
      DeviceOptional cpu = new DeviceOptional(new Device("cpu"));
      JitModule module = torch.load(file.toString(), cpu, true);
      module.retainReference();
      return module;
    } catch (RuntimeException e) {
      throw new UserError(
          Phrase.of(
              "%s: not a TorchScript file (%s); write it with torch.jit.save(torch.jit.script(model), ...), not torch.save",
              file, Messages.firstLine(e)),
          e);
    }
  }

  private void checkTypes() {
    for (Named named : ModuleTensors.all(master)) {
      ScalarType type = named.tensor().scalar_type().intern();
      if (named.isParameter() && type != ScalarType.Float) {
        throw new UserError(
            Phrase.of(
                "%s: parameter %s is of type %s, expected Float (float32); export model.float()",
                file, named.name(), type));
      }
    }
  }

  private void checkOutputs(ExampleShape shape) {
    torch.setGraphExecutorOptimize(false);
    long[] expected = Task.of(shape).outputShape(TRIAL_BATCH);
    master.eval();
    try (NoGradGuard _ = new NoGradGuard();
        Batch batch = new Batch(shape)) {
      batch.clear(TRIAL_BATCH);
      Tensor inputs = batch.inputs(TRIAL_BATCH);
      String given = "for inputs " + Arrays.toString(inputs.shape());
      IValue outputs = forward(inputs, given);
      String found =
          outputs.isTensor() ? Arrays.toString(outputs.toTensor().shape()) : "no single tensor";
      if (!found.equals(Arrays.toString(expected))) {
        throw new UserError(
            Phrase.of(
                "%s: %s expected outputs %s, found %s",
                file, given, Arrays.toString(expected), found));
      }
    } finally {
      master.train(true);
    }
  }

  private IValue forward(Tensor inputs, String given) {
    try {
      return master.forward(new IValueVector(new IValue(inputs)));
    } catch (RuntimeException e) {
      throw new UserError(
          Phrase.of(
              "%s: %s the model fails (%s); the data's input shape must be the one it was made for",
              file, given, Messages.essence(e)),
          e);
    }
  }

  @Override
  public ParameterLayout parameters() {
    return parameters;
  }

  @Override
  public ParameterLayout buffers() {
    return buffers;
  }

  @Override
  public boolean drawsRandomNumbers() {
    return drawsRandomNumbers;
  }

  /** The seed is not used: the weights are the file's. */
  @Override
  public synchronized Replica replica(long seed) {
    try (PointerScope _ = new PointerScope()) {
      JitModule module = Copies.of(master);
      module.retainReference();
      return new Replica(module);
    }
  }
}
