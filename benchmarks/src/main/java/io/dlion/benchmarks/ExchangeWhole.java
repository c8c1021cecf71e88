package io.dlion.benchmarks;

import io.dlion.core.WorkerId;
import io.dlion.core.exchange.Outgoing;
import io.dlion.core.exchange.WholeGradients;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.Frame;
import io.dlion.core.wire.GradientMessage;
import io.dlion.core.wire.MalformedMessageException;
import io.dlion.core.wire.Payload;
import io.dlion.core.wire.Selection;
import io.dlion.core.wire.ValueFormat;
import java.lang.foreign.Arena;
import java.util.Map;
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

/** Whole gradients: one encoding serves all links; every message is decoded on its own. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 3, jvmArgs = "-Xmx3g")
public class ExchangeWhole {
  /** Which parameter layout. */
  @Param({"cipher", "resnet50"})
  public String model = "";

  private final Arena arena = Arena.ofAuto();
  private ExchangeWorkload workload = new ExchangeWorkload("cipher", arena);
  private WholeGradients exchange = exchange();
  private Payload received = new Payload(new byte[0], 0);
  private float[] update = {};

  private WholeGradients exchange() {
    Selection everything = new Selection(workload.layout);
    everything.selectAll();
    return new WholeGradients(List.of(everything), ValueFormat.FP32, false, false, 1);
  }

  /** A message to decode. */
  @Setup
  public void setUp() {
    workload = new ExchangeWorkload(model, arena);
    exchange = exchange();
    update = new float[workload.layout.size()];
    received =
        exchange
            .computed(workload.gradient(), workload.progress(), workload.budgets, Buffers.FRESH)
            .values()
            .iterator()
            .next()
            .payload();
  }

  /** Encode once for all links. */
  @Benchmark
  public Map<WorkerId, Outgoing> encode() {
    Map<WorkerId, Outgoing> messages =
        exchange.computed(workload.gradient(), workload.progress(), workload.budgets, workload);
    workload.recycle(messages.values());
    return messages;
  }

  /** Decode and apply one message. */
  @Benchmark
  public float[] decodeAndApply() throws MalformedMessageException {
    Frame.open(received, workload.layout.fingerprint());
    GradientMessage.parse(received, workload.layout).addTo(update, 1e-3f);
    return update;
  }
}
