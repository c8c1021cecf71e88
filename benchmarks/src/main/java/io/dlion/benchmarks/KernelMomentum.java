package io.dlion.benchmarks;

import io.dlion.core.kernel.Part;
import io.dlion.core.optimizer.Momentum;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One step of the optimizer. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 3, jvmArgs = "-Xmx3g")
public class KernelMomentum {
  /** Which parameter layout. */
  @Param({"cipher", "resnet50"})
  public String model = "";

  private final Arena arena = Arena.ofAuto();
  private ExchangeWorkload workload = new ExchangeWorkload("cipher", arena);
  private MemorySegment weights = arena.allocate(4);
  private float[] update = {};
  private Momentum optimizer = new Momentum(1, 0.01, 0.9, 1e-4);

  /** Weights at zero, a velocity, an update. */
  @Setup
  public void setUp() {
    workload = new ExchangeWorkload(model, arena);
    weights = arena.allocate(workload.layout.bytes(), 64);
    update = new float[workload.layout.size()];
    optimizer = new Momentum(workload.layout.size(), 0.01, 0.9, 1e-4);
  }

  /** With gradients of peers, whose sum is set to zero. */
  @Benchmark
  public MemorySegment stepWithPeers() {
    optimizer.step(List.of(Part.of(workload.gradient(), 0.2f), Part.taking(update)), weights);
    return weights;
  }

  /** With the own gradient only. */
  @Benchmark
  public MemorySegment stepAlone() {
    optimizer.step(List.of(Part.of(workload.gradient(), 1f)), weights);
    return weights;
  }
}
