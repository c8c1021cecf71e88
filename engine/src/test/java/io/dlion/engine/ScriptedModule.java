package io.dlion.engine;

import java.nio.file.Path;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolType;
import org.bytedeco.pytorch.CompilationUnit;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.SingletonTypePtr;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.Type;
import org.bytedeco.pytorch.global.torch;

/** A module written as TorchScript, as Python's torch.jit.script exports one. */
final class ScriptedModule implements AutoCloseable {
  private final PointerScope scope = new PointerScope();
  private final JitModule module;

  ScriptedModule() {
    Native.ensureLoaded();
    CompilationUnit unit = new CompilationUnit();
    module = new JitModule(new QualifiedName("__torch__.Model"), unit, false);
    Type.TypePtr bool = new Type.TypePtr(new SingletonTypePtr(BoolType.get().get()));
    module.register_attribute("training", bool, new IValue(true));
  }

  /** A parameter, with values that differ from each other. */
  ScriptedModule weight(String name, long... shape) {
    Tensor values = values(shape);
    values.requires_grad_(true);
    module.register_parameter(name, values, false);
    return this;
  }

  private static Tensor values(long... shape) {
    long count = 1;
    for (long d : shape) {
      count *= d;
    }
    Tensor values = torch.zeros(count);
    for (long i = 0; i < count; i++) {
      values.narrow(0, i, 1).fill_(new org.bytedeco.pytorch.Scalar((i * 7 % 11 - 5) / 20f));
    }
    return values.view(shape);
  }

  ScriptedModule buffer(String name, Tensor values) {
    module.register_buffer(name, values);
    return this;
  }

  /** Writes the module with this body of its forward method, whose input is {@code x}. */
  Path save(Path file, String... lines) {
    StringBuilder source = new StringBuilder("def forward(self, x: Tensor):\n");
    for (String line : lines) {
      source.append("    ").append(line).append('\n');
    }
    module.define(source.toString());
    module.save(file.toString());
    return file;
  }

  @Override
  public void close() {
    scope.close();
  }
}
