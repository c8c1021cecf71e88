package io.dlion.engine;

import io.dlion.core.layout.ParameterLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.bytedeco.pytorch.named_buffer_list;
import org.bytedeco.pytorch.named_parameter_list;

/**
 * The tensors of a TorchScript module, sorted by what becomes of them: learned ones; buffers that
 * training changes, such as batch-norm statistics; and all others, which stay as they are. Belongs
 * to the pointer scope in which it was made.
 */
record ModuleTensors(List<Slot> learned, List<Slot> changing, List<Named> constant) {
  /** A parameter or buffer; its name is the path to it, {@code layer.weight}. */
  record Named(String name, Tensor tensor, boolean isParameter) {
    Place place() {
      return new Place(tensor.data_ptr().address(), shape());
    }

    List<Long> shape() {
      return Arrays.stream(tensor.shape()).boxed().toList();
    }

    ScalarType type() {
      return tensor.scalar_type().intern();
    }
  }

  /** Tensors at the same place are the same variable. */
  record Place(long address, List<Long> shape) {}

  /**
   * A variable and the tensors that hold it: more than one where a module uses the same weights in
   * several places.
   */
  record Slot(String name, List<Long> shape, ScalarType type, List<Tensor> tensors) {
    long[] dimensions() {
      return shape.stream().mapToLong(Long::longValue).toArray();
    }

    /** Whether it is a whole number, {@code num_batches_tracked}, and not a statistic. */
    boolean isCount() {
      return !torch.isFloatingType(type);
    }
  }

  /**
   * Sorts a module's tensors.
   *
   * @param changingNames of the buffers that training changes
   */
  static ModuleTensors of(JitModule module, Set<String> changingNames) {
    Collector learned = new Collector();
    Collector changing = new Collector();
    List<Named> constant = new ArrayList<>();
    for (Named named : all(module)) {
      if (named.tensor.requires_grad()) {
        learned.add(named);
      } else if (changingNames.contains(named.name)) {
        changing.add(named);
      } else {
        constant.add(named);
      }
    }
    return new ModuleTensors(learned.slots, changing.slots, List.copyOf(constant));
  }

  /** Every parameter and buffer in the module's order, parameters first. */
  static List<Named> all(JitModule module) {
    List<Named> all = new ArrayList<>();
    named_parameter_list parameters = module.named_parameters();
    var parameter = parameters.begin();
    for (var end = parameters.end(); parameter.notEquals(end); parameter.increment()) {
      var named = parameter.multiply();
      all.add(new Named(named.name().getString(), new Tensor(named.value()), true));
    }
    named_buffer_list buffers = module.named_buffers();
    var buffer = buffers.begin();
    for (var end = buffers.end(); buffer.notEquals(end); buffer.increment()) {
      var named = buffer.multiply();
      all.add(new Named(named.name().getString(), new Tensor(named.value()), false));
    }
    return all;
  }

  static ParameterLayout layout(List<Slot> slots) {
    ParameterLayout.Builder builder = new ParameterLayout.Builder();
    for (Slot slot : slots) {
      if (slot.isCount()) {
        builder.addCount(slot.name, slot.dimensions());
      } else {
        builder.add(slot.name, slot.dimensions());
      }
    }
    return builder.build();
  }

  private static final class Collector {
    private final List<Slot> slots = new ArrayList<>();
    private final Map<Place, Slot> byPlace = new HashMap<>();

    void add(Named named) {
      Place place = named.place();
      Slot slot = byPlace.get(place);
      if (slot == null) {
        slot = new Slot(named.name, place.shape, named.type(), new ArrayList<>());
        slots.add(slot);
        byPlace.put(place, slot);
      }
      slot.tensors.add(named.tensor);
    }
  }
}
