package io.dlion.benchmarks;

import io.dlion.core.kernel.Blocks;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one core can move at most, as a yardstick for the other benchmarks: reading, copying, and
 * the triad of STREAM (McCalpin '95), each over far more than any cache holds. Bytes are counted as
 * STREAM counts them: what is read plus what is written.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 3, jvmArgs = "-Xmx3g")
public class KernelBandwidth {
  static final int FLOATS = 32 << 20;

  private final Arena arena = Arena.ofAuto();
  private final MemorySegment from = arena.allocate(4L * FLOATS, 64);
  private final MemorySegment to = arena.allocate(4L * FLOATS, 64);
  private final float[] block = new float[Blocks.BLOCK];
  private float[] a = {};
  private float[] b = {};
  private float[] c = {};

  /** Touches every page. */
  @Setup
  public void setUp() {
    from.fill((byte) 1);
    to.fill((byte) 1);
    a = new float[FLOATS];
    b = new float[FLOATS];
    c = new float[FLOATS];
  }

  /**
   * 128 MiB read, block by block into an array that stays in the nearest cache. (A sum in a loop
   * would not do: one addition per cycle is slower than the memory.)
   */
  @Benchmark
  public float[] read() {
    for (int at = 0; at < FLOATS; at += Blocks.BLOCK) {
      Blocks.read(from, at, Blocks.BLOCK, block);
    }
    return block;
  }

  /** 128 MiB read, 128 MiB written, by the library's copy of native memory. */
  @Benchmark
  public MemorySegment copy() {
    return to.copyFrom(from);
  }

  /** 256 MiB read, 128 MiB written. */
  @Benchmark
  public float[] triad() {
    for (int i = 0; i < a.length; i++) {
      a[i] = b[i] + 0.5f * c[i];
    }
    return a;
  }
}
