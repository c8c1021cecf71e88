package io.dlion.engine;

import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.layout.Variable;
import io.dlion.engine.ModuleTensors.Slot;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * A module whose tensors have been moved into flat memory: every learned parameter is a view of one
 * weight tensor, and its gradient a view of one gradient tensor, so that autograd adds straight
 * into the latter; {@linkplain ChangingBuffers buffers} lie in a third one. Owns the module. Not
 * thread safe.
 */
final class FlatModule implements AutoCloseable {
  private final JitModule module;
  private final FlatTensor weights;
  private final FlatTensor gradient;
  private final ChangingBuffers buffers;

  /** Takes a module over; its tensors' values are kept. */
  FlatModule(JitModule module, Traits traits) {
    this.module = module;
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      ModuleTensors tensors = ModuleTensors.of(module, traits.changing());
      ParameterLayout layout = ModuleTensors.layout(tensors.learned());
      weights = new FlatTensor(layout);
      gradient = new FlatTensor(layout);
      move(tensors.learned(), weights);
      attachGradients(tensors.learned());
      buffers = new ChangingBuffers(module, tensors.changing(), traits.replaced());
    }
  }

  private static void move(List<Slot> slots, FlatTensor flat) {
    for (int i = 0; i < slots.size(); i++) {
      Tensor view = flat.view(flat.layout().variables().get(i));
      view.copy_(slots.get(i).tensors().getFirst());
      for (Tensor tensor : slots.get(i).tensors()) {
        tensor.set_data(view);
      }
    }
  }

  private void attachGradients(List<Slot> slots) {
    for (int i = 0; i < slots.size(); i++) {
      Variable variable = gradient.layout().variables().get(i);
      for (Tensor tensor : slots.get(i).tensors()) {
        tensor.mutable_grad().put(gradient.view(variable));
      }
    }
  }

  JitModule module() {
    return module;
  }

  FlatTensor weights() {
    return weights;
  }

  FlatTensor gradient() {
    return gradient;
  }

  ChangingBuffers buffers() {
    return buffers;
  }

  @Override
  public void close() {
    buffers.close();
    module.close();
    weights.close();
    gradient.close();
  }
}
