package io.dlion.engine;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.learn.ExampleShape;
import io.dlion.engine.ModuleTensors.Named;
import io.dlion.engine.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Replicas of a module that somebody exported to a TorchScript file. The file is read once, and the
 * module is {@linkplain Trial tried} then; every replica begins with its weights.
 */
final class ScriptFileSource implements ModelSource {
  private static final Pattern RANDOM_OPERATION =
      Pattern.compile("dropout|rand|bernoulli|normal_|uniform_|exponential_\\(|multinomial");

  private final Path file;
  private final JitModule master;
  private final Task task;
  private final Traits traits;
  private final ParameterLayout parameters;
  private final ParameterLayout buffers;
  private final String constants;

  /**
   * Reads and checks a file.
   *
   * @throws UserError where it is no TorchScript file, or not one for such examples
   */
  ScriptFileSource(Path file, ExampleShape shape) {
    this.file = file;
    this.task = Task.of(shape);
    this.master = load();
    try (PointerScope _ = new PointerScope()) {
      checkParameters();
      traits = trial(shape);
      ModuleTensors tensors = ModuleTensors.of(master, traits.changing());
      parameters = ModuleTensors.layout(tensors.learned());
      buffers = ModuleTensors.layout(tensors.changing());
      constants = constants(tensors.constant());
    }
  }

  private String constants(List<Named> tensors) {
    try {
      return ModuleState.fingerprint(tensors);
    } catch (RuntimeException e) { // of a type that no file of tensors can hold, or sparse
      throw new UserError(
          file + ": a buffer cannot be read (" + Messages.essence(e) + "); make it dense float32",
          e);
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
              "%s: not a TorchScript file (%s); write it with"
                  + " torch.jit.save(torch.jit.script(model), ...), not torch.save",
              file, Messages.firstLine(e)),
          e);
    }
  }

  private void checkParameters() {
    boolean learns = false;
    for (Named named : ModuleTensors.all(master)) {
      learns |= named.tensor().requires_grad();
      if (named.isParameter() && named.type() != ScalarType.Float) {
        throw new UserError(
            Phrase.of(
                "%s: parameter %s is of type %s, expected Float (float32); export model.float()",
                file, named.name(), named.type()));
      }
    }
    if (!learns) {
      throw new UserError(
          file
              + ": expected trainable parameters, found none; export the model with"
              + " torch.jit.script or torch.jit.trace, not frozen and not without gradients");
    }
  }

  private Traits trial(ExampleShape shape) {
    boolean random =
        RANDOM_OPERATION.matcher(master.dump_to_str(true, false, false).getString()).find();
    try {
      return new Trial(master, shape, random).run();
    } catch (UserError e) {
      throw new UserError(file + ": " + e.getMessage(), e);
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
  public Traits traits() {
    return traits;
  }

  @Override
  public Task task() {
    return task;
  }

  @Override
  public String constants() {
    return constants;
  }

  /** The seed is not used: the weights are the file's. */
  @Override
  public synchronized FlatModule replica(long seed) {
    try (PointerScope _ = new PointerScope()) {
      JitModule module = Copies.of(master);
      module.train(true); // many files are written in evaluation mode
      module.retainReference();
      return new FlatModule(module, traits);
    }
  }

  @Override
  public synchronized void keep(Path copy) throws IOException {
    TorchScriptExport.write(master, copy);
  }
}
