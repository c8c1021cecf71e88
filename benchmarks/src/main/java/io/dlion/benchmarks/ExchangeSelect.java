package io.dlion.benchmarks;

import io.dlion.core.WorkerId;
import io.dlion.core.exchange.Exchange;
import io.dlion.core.exchange.Outgoing;
import io.dlion.core.exchange.PartialGradients;
import io.dlion.core.wire.ValueFormat;
import java.lang.foreign.Arena;
import java.util.Locale;
import java.util.Map;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One fresh gradient, selected from and encoded for links that carry about 1 % of its entries. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 3, jvmArgs = "-Xmx3g")
public class ExchangeSelect {
  /** Which parameter layout. */
  @Param({"cipher", "resnet50"})
  public String model = "";

  /** What becomes of entries not sent. */
  @Param({"accumulate", "drop"})
  public String residual = "";

  /** To how many peers. */
  @Param("5")
  public int links;

  private final Arena arena = Arena.ofShared();
  private ExchangeWorkload workload = new ExchangeWorkload("cipher", arena);
  private Exchange exchange = exchange();
  private Map<WorkerId, Outgoing> last = Map.of();

  private Exchange exchange() {
    return new PartialGradients(
        workload.layout,
        ValueFormat.FP32,
        OptionalDouble.empty(),
        0.85,
        residual.equals("accumulate"),
        1);
  }

  /** Until residuals, guesses and message arrays are what they are in the long run. */
  @Setup
  public void setUp() {
    workload = new ExchangeWorkload(model, arena, links);
    exchange = exchange();
    for (int i = 0; i < 100; i++) {
      selectAndEncode();
    }
  }

  /** Select and encode for all links. */
  @Benchmark
  public Map<WorkerId, Outgoing> selectAndEncode() {
    last = exchange.computed(workload.gradient(), workload.progress(), workload.budgets, workload);
    workload.recycle(last.values());
    return last;
  }

  /** Says what was sent, to be sure that it is what was meant. */
  @TearDown
  public void tearDown() {
    last.forEach((peer, message) ->
        System.out.printf(
            Locale.ROOT,
            "%n%s: %.2f %% of the entries, N = %.1f, %d bytes",
            peer,
            100 * message.share(),
            message.n(),
            message.payload().length()));
    System.out.println();
    arena.close();
  }
}
