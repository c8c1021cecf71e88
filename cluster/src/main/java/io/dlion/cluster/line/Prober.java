package io.dlion.cluster.line;

import io.dlion.cluster.cap.Allowance;
import io.dlion.cluster.survey.LineFacts;
import io.dlion.cluster.survey.ProbeLimits;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * Measures lines to other stations, on connections of their own: round trips, then the rate to all
 * of them at the same time, then the rate from them. Confined to one thread at a time.
 *
 * @param self this station at the moment
 * @param allowance what may be sent and taken
 */
record Prober(
    Calls calls, Ways ways, Lines lines, Supplier<Station> self, Supplier<Allowance> allowance) {
  /** A line under way: to whom, and over what; or why there is none. */
  private record Way(UUID target, Connection connection, ProbeStream stream) {}

  /** Something that is measured of a line. */
  @FunctionalInterface
  private interface Phase {
    double of(Way way) throws IOException;
  }

  /**
   * Measures them.
   *
   * @return in the order of the targets
   */
  List<LineFacts> measure(List<UUID> targets, ProbeLimits limits) throws InterruptedException {
    List<LineFacts> found = new ArrayList<>();
    List<Way> open = new ArrayList<>();
    try {
      for (UUID target : targets) {
        try {
          Connection made = open(target);
          open.add(new Way(target, made, new ProbeStream(made, allowance.get())));
        } catch (RelayedException e) {
          found.add(new LineFacts.Relayed(target));
        } catch (IOException e) {
          found.add(failed(target, e));
        }
      }
      found.addAll(measured(open, limits));
    } finally {
      open.forEach(way -> way.connection.close());
    }
    return targets.stream()
        .map(t -> found.stream().filter(f -> f.target().equals(t)).findFirst().orElseThrow())
        .toList();
  }

  private List<LineFacts> measured(List<Way> open, ProbeLimits limits) throws InterruptedException {
    List<Object> trips = phase(open, way -> way.stream.roundTripSeconds());
    List<Object> outs = phase(open, way -> way.stream.outBytesPerSecond(limits));
    List<Object> ins = phase(open, way -> way.stream.inBytesPerSecond(limits));
    List<LineFacts> found = new ArrayList<>();
    for (int k = 0; k < open.size(); k++) {
      found.add(facts(open.get(k).target, trips.get(k), outs.get(k), ins.get(k)));
    }
    return found;
  }

  private static LineFacts facts(UUID target, Object trip, Object out, Object in) {
    for (Object each : List.of(trip, out, in)) {
      if (each instanceof IOException e) {
        return failed(target, e);
      }
    }
    try {
      return new LineFacts.Measured(target, (double) trip, (double) out, (double) in);
    } catch (IllegalArgumentException e) {
      return new LineFacts.Failed(target, "too little came to tell its rate");
    }
  }

  private static LineFacts failed(UUID target, IOException e) {
    return new LineFacts.Failed(target, String.valueOf(e.getMessage()));
  }

  /** The same of all at the same time; numbers, or why there is none. */
  private static List<Object> phase(List<Way> ways, Phase phase) throws InterruptedException {
    List<Future<Double>> under = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Way way : ways) {
        under.add(threads.submit(() -> phase.of(way)));
      }
    }
    List<Object> found = new ArrayList<>();
    for (Future<Double> each : under) {
      try {
        found.add(each.get());
      } catch (ExecutionException e) {
        found.add(
            e.getCause() instanceof IOException known
                ? known
                : new IOException(String.valueOf(e.getCause()), e));
      }
    }
    return found;
  }

  // ---- ways

  /** Only others lead there. */
  private static final class RelayedException extends IOException {
    private static final long serialVersionUID = 1;
  }

  private Connection open(UUID target) throws IOException {
    Remote peer = lines.find(target);
    if (peer == null) {
      throw new IOException("it has not met it");
    }
    IOException why = new IOException("no way to " + peer.station());
    for (Dial dial : dials(peer)) {
      try {
        return opened(dial.socket(), peer);
      } catch (RefusedException e) {
        throw e;
      } catch (IOException e) {
        why = e;
      }
    }
    Line line = peer.line(Channel.CONTROL);
    if (line != null && !line.direct()) {
      throw new RelayedException();
    }
    throw why;
  }

  @FunctionalInterface
  private interface Dial {
    Socket socket() throws IOException;
  }

  /** The way that a line takes, or where it listens; never through others. */
  private List<Dial> dials(Remote peer) {
    List<Dial> dials = new ArrayList<>();
    dials.add(() -> ways.toNeighbour(peer));
    peer.station().endpoints().forEach(at -> dials.add(() -> Calls.dial(at.resolve())));
    return dials;
  }

  private Connection opened(Socket raw, Remote peer) throws IOException {
    Connection made = calls.call(raw);
    try {
      made.requireName(peer.station());
      Answer answer = Calls.ask(made, new Opening.Probe(self.get()));
      if (!answer.station().id().equals(peer.station().id())) {
        throw new IOException("somebody else is there: " + answer.station().name());
      }
      return made;
    } catch (IOException e) {
      made.close();
      throw e;
    }
  }
}
