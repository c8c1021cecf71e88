package io.dlion.benchmarks;

import io.dlion.core.exchange.Outgoing;
import io.dlion.core.exchange.PartialGradients;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.Frame;
import io.dlion.core.wire.GradientMessage;
import io.dlion.core.wire.MalformedMessageException;
import io.dlion.core.wire.Payload;
import io.dlion.core.wire.ValueFormat;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
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

/** Five messages with about 1 % of the entries each: checked, decoded and added to an update. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 3, jvmArgs = "-Xmx3g")
public class ExchangeApply {
  private static final int ROUNDS = 16;

  /** Which parameter layout. */
  @Param({"cipher", "resnet50"})
  public String model = "";

  private final List<List<Payload>> rounds = new ArrayList<>();
  private ExchangeWorkload workload = new ExchangeWorkload("cipher", Arena.ofAuto());
  private float[] update = {};
  private int round;

  /** Several rounds of messages, so that the processor cannot learn one by heart. */
  @Setup
  public void setUp() {
    try (Arena arena = Arena.ofConfined()) {
      workload = new ExchangeWorkload(model, arena);
      PartialGradients exchange =
          new PartialGradients(
              workload.layout, ValueFormat.FP32, OptionalDouble.empty(), 0.85, true, 1);
      for (int i = 0; i < 2 * ROUNDS; i++) {
        List<Payload> messages =
            exchange
                .computed(workload.gradient(), workload.progress(), workload.budgets, Buffers.FRESH)
                .values()
                .stream()
                .map(Outgoing::payload)
                .toList();
        if (i >= ROUNDS) {
          rounds.add(messages);
        }
      }
    }
    update = new float[workload.layout.size()];
  }

  /** Decode and apply all five. */
  @Benchmark
  public float[] decodeAndApply() throws MalformedMessageException {
    round = (round + 1) % ROUNDS;
    for (Payload payload : rounds.get(round)) {
      Frame.open(payload, workload.layout.fingerprint());
      GradientMessage.parse(payload, workload.layout).addTo(update, 1e-3f);
    }
    return update;
  }
}
