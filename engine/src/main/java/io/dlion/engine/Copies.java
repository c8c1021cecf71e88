package io.dlion.engine;

import io.dlion.engine.ModuleTensors.Named;
import io.dlion.engine.ModuleTensors.Place;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/** Copies modules. */
final class Copies {
  private Copies() {}

  /**
   * A copy that shares code but no memory with the original. Each variable has memory of its own,
   * also where the original's are views of one flat tensor, and is trainable where the original's
   * is. Belongs to the caller's pointer scope.
   */
  static JitModule of(JitModule original) {
    try (NoGradGuard _ = new NoGradGuard()) {
      JitModule copy = original.deepcopy();
      try (PointerScope _ = new PointerScope()) {
        separate(ModuleTensors.all(original), ModuleTensors.all(copy));
      }
      return copy;
    }
  }

  private static void separate(List<Named> from, List<Named> to) {
    if (!from.stream().map(Named::name).toList().equals(to.stream().map(Named::name).toList())) {
      throw new IllegalStateException("a copied module has other variables than the original");
    }
    Map<Place, Tensor> copies = new HashMap<>();
    for (int i = 0; i < from.size(); i++) {
      Tensor source = from.get(i).tensor();
      Tensor target = to.get(i).tensor();
      target.set_data(copies.computeIfAbsent(from.get(i).place(), p -> source.detach().clone()));
      target.requires_grad_(source.requires_grad());
    }
  }
}
