package io.dlion.engine;

import io.dlion.engine.ModuleTensors.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The buffers of a module that training changes, such as batch-norm statistics, in flat float32
 * memory. A float32 buffer is a view of that memory. One of another type, such as a count of
 * batches, stays in the module; its value is copied there and back, which is exact for whole
 * numbers up to 2^24. A module may also put a new tensor in the place of a buffer instead of
 * writing into it; the new value is then copied, and the old tensor put back. Not thread safe.
 */
final class ChangingBuffers implements AutoCloseable {
  private final FlatTensor flat;
  private final List<Mirror> mirrors = new ArrayList<>();
  private final List<Replaced> replaced = new ArrayList<>();

  /** A tensor that is not float32, and its value in the flat memory. */
  private record Mirror(Tensor inModule, Tensor value) {}

  /** An attribute in whose place the module puts new tensors, and the tensor that belongs there. */
  private record Replaced(JitModule owner, String attribute, Tensor tensor) {}

  /**
   * Moves buffers of a module into flat memory.
   *
   * @param replacedNames of those in whose place the module puts new tensors
   */
  ChangingBuffers(JitModule module, List<Slot> slots, Set<String> replacedNames) {
    flat = new FlatTensor(ModuleTensors.layout(slots));
    for (int i = 0; i < slots.size(); i++) {
      Slot slot = slots.get(i);
      Tensor value = flat.view(flat.layout().variables().get(i));
      value.copy_(slot.tensors().getFirst());
      for (Tensor tensor : slot.tensors()) {
        if (slot.type() == ScalarType.Float) {
          tensor.set_data(value);
        } else {
          mirrors.add(new Mirror(retained(tensor), retained(value)));
        }
      }
    }
    for (ModuleTensors.Named named : ModuleTensors.all(module)) {
      if (replacedNames.contains(named.name())) {
        replaced.add(replaced(module, named));
      }
    }
  }

  private static Replaced replaced(JitModule module, ModuleTensors.Named named) {
    String[] path = named.name().split("\\.", -1);
    JitModule owner = module;
    for (int i = 0; i < path.length - 1; i++) {
      owner = new JitModule(owner.attr(path[i]).toObject());
    }
    return new Replaced(
        retained(new JitModule(owner)), path[path.length - 1], retained(named.tensor()));
  }

  private static <P extends Pointer> P retained(P pointer) {
    pointer.retainReference();
    return pointer;
  }

  FlatTensor flat() {
    return flat;
  }

  /** Before a forward pass: the module gets the values of the flat memory. */
  void toModule() {
    if (!mirrors.isEmpty()) {
      try (NoGradGuard _ = new NoGradGuard()) {
        mirrors.forEach(m -> m.inModule.copy_(m.value));
      }
    }
  }

  /** After a forward pass in training mode: the flat memory gets the values of the module. */
  void fromModule() {
    if (mirrors.isEmpty() && replaced.isEmpty()) {
      return;
    }
    try (NoGradGuard _ = new NoGradGuard();
        PointerScope _ = new PointerScope()) {
      for (Replaced r : replaced) {
        r.tensor.copy_(r.owner.attr(r.attribute).toTensor());
        r.owner.setattr(r.attribute, new IValue(r.tensor));
      }
      mirrors.forEach(m -> m.value.copy_(m.inModule));
    }
  }

  @Override
  public void close() {
    replaced.forEach(r -> {
      r.owner.close();
      r.tensor.close();
    });
    mirrors.forEach(m -> {
      m.inModule.close();
      m.value.close();
    });
    flat.close();
  }
}
