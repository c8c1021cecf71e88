package io.dlion.engine;

import static java.util.stream.Collectors.toSet;

import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.layout.Variable;
import io.dlion.engine.BuiltInNetwork.Declaration;
import io.dlion.engine.task.Task;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolType;
import org.bytedeco.pytorch.CompilationUnit;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.SingletonTypePtr;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.Type;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Compiles a {@link BuiltInNetwork} into a TorchScript module: one submodule per layer, and the
 * forward method in the outermost.
 */
record BuiltInSource(
    BuiltInNetwork network, Task task, ParameterLayout parameters, ParameterLayout buffers)
    implements ModelSource {
  private static final RandomGeneratorFactory<RandomGenerator> RANDOM =
      RandomGeneratorFactory.of("L64X128MixRandom");

  BuiltInSource(BuiltInNetwork network, Task task) {
    this(network, task, network.parameterLayout(), network.bufferLayout());
  }

  @Override
  public Traits traits() {
    Set<String> changing = buffers.variables().stream().map(Variable::name).collect(toSet());
    return new Traits(false, 1, changing, Set.of(), false);
  }

  @Override
  public String constants() {
    return "";
  }

  /** Nothing: its name says all. */
  @Override
  public void keep(Path copy) {}

  @Override
  public FlatModule replica(long seed) {
    FlatModule replica;
    try (PointerScope _ = new PointerScope()) {
      JitModule module = compile();
      module.retainReference();
      replica = new FlatModule(module, traits());
    }
    RandomGenerator random = RANDOM.create(seed);
    fill(replica.weights(), network.weights(), random);
    fill(replica.buffers().flat(), network.buffers(), random);
    return replica;
  }

  private static void fill(
      FlatTensor flat, List<Declaration> declarations, RandomGenerator random) {
    for (int i = 0; i < declarations.size(); i++) {
      Variable v = flat.layout().variables().get(i);
      declarations.get(i).initial().fill(flat.segment(), v.offset(), v.count(), random);
    }
  }

  private JitModule compile() {
    CompilationUnit unit = new CompilationUnit();
    JitModule root = module(unit, network.name());
    Map<String, JitModule> layers = new LinkedHashMap<>();
    for (Declaration d : network.weights()) {
      Tensor tensor = torch.zeros(d.dimensions());
      tensor.requires_grad_(true);
      layer(layers, unit, d).register_parameter(d.attribute(), tensor, false);
    }
    for (Declaration d : network.buffers()) {
      TensorOptions type = new TensorOptions(d.isCount() ? ScalarType.Long : ScalarType.Float);
      layer(layers, unit, d).register_buffer(d.attribute(), torch.zeros(d.dimensions(), type));
    }
    layers.forEach(root::register_module);
    root.define(network.source());
    return root;
  }

  private static JitModule layer(
      Map<String, JitModule> layers, CompilationUnit unit, Declaration declaration) {
    return layers.computeIfAbsent(declaration.layer(), name -> module(unit, name));
  }

  private static JitModule module(CompilationUnit unit, String name) {
    JitModule module = new JitModule(new QualifiedName("__torch__.dlion." + name), unit, false);
    Type.TypePtr bool = new Type.TypePtr(new SingletonTypePtr(BoolType.get().get()));
    module.register_attribute("training", bool, new IValue(true));
    return module;
  }
}
