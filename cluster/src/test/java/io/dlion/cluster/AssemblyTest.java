package io.dlion.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cluster.begin.Beginning;
import io.dlion.cluster.cap.Caps;
import io.dlion.cluster.group.Encodings;
import io.dlion.cluster.group.Hello;
import io.dlion.cluster.group.Start;
import io.dlion.cluster.line.FreePort;
import io.dlion.cluster.line.Switchboard;
import io.dlion.cluster.line.Whereabouts;
import io.dlion.cluster.transport.SeedHosts;
import io.dlion.core.WorkerId;
import io.dlion.core.wire.Control.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AssemblyTest {
  private final List<String> said = new ArrayList<>();
  private final CompletableFuture<Void> waits = new CompletableFuture<>();

  private static Hello hello(int n, Optional<Start> start) {
    return new Hello(
        Hello.Role.WORKER,
        new Hello.Identity(new WorkerId("w" + n), "site", new UUID(0, n), new UUID(1, n)),
        Map.of(),
        new Hello.Data("", 100),
        new Hello.State(0, 5, start, 0),
        new Hello.Meeting(3, true));
  }

  private Assembly assembly(int n, int minWorkers) throws Exception {
    Switchboard lines =
        new Switchboard("w" + n, Whereabouts.at(FreePort.address()), Optional.empty());
    return new Assembly(
        new WorkerConfig(
            new WorkerId("w" + n),
            "site",
            new WorkerConfig.Network(lines, SeedHosts.parse("127.0.0.1:1"), Optional.empty()),
            new WorkerConfig.Run("run", minWorkers, Map.of()),
            new WorkerConfig.Shard(Encodings.none(), 100),
            new WorkerConfig.From(0, 0),
            Caps.NONE),
        text -> {
          said.add(text);
          waits.complete(null);
        });
  }

  @Test
  void whoIsCalledToARunBeginsThoughTheCallerHasGoneBeforeItLooks() throws Exception {
    Assembly assembly = assembly(2, 2);
    Start start =
        new Start(
            Map.of(new WorkerId("w1"), new UUID(0, 1), new WorkerId("w2"), new UUID(0, 2)), 200, 0);
    Hello own = hello(2, Optional.empty());
    assembly.changed(List.of(hello(1, Optional.of(start)), own), false);
    assembly.changed(List.of(own), false);
    List<Beginning> begun = new ArrayList<>();
    assertThat(assembly.gather(new UUID(0, 2), Optional.empty(), begun::add)).isTrue();
    assertThat(begun).containsExactly(new Beginning.Together(start, ""));
    assertThat(said).contains("begins without having met w1");
  }

  @Test
  void aCallOfOthersIsNone() throws Exception {
    Assembly assembly = assembly(3, 2);
    Start start =
        new Start(
            Map.of(new WorkerId("w1"), new UUID(0, 1), new WorkerId("w2"), new UUID(0, 2)), 200, 0);
    Hello own = hello(3, Optional.empty());
    assembly.changed(List.of(hello(1, Optional.of(start)), own), false);
    assembly.changed(List.of(own), false);
    CompletableFuture<Void> stopped = waits.thenRunAsync(() -> assembly.stop(Reason.REQUEST));
    assertThat(assembly.gather(new UUID(0, 3), Optional.empty(), _ -> {})).isFalse();
    stopped.join();
  }
}
