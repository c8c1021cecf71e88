package io.dlion.cluster;

import io.dlion.cluster.desk.Command;
import io.dlion.cluster.desk.Operated;
import io.dlion.cluster.desk.Reply;
import io.dlion.cluster.desk.WorkerDesk;
import io.dlion.cluster.line.PathWatch;
import io.dlion.cluster.line.Station;
import io.dlion.cluster.line.Switchboard;
import io.dlion.cluster.line.Whereabouts;
import io.dlion.cluster.security.Security;
import io.dlion.cluster.survey.SurveyQuestion;
import io.dlion.cluster.transport.SeedHosts;
import io.dlion.core.Phrase;
import io.dlion.core.WorkerId;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A process that only forwards: workers that can reach it reach each other. It has no data, no
 * model, and cannot read what goes through it. Safe for several threads.
 */
public final class Relay implements AutoCloseable, Operated, PathWatch {
  private static final long MEET_AGAIN_SECONDS = 5;

  private final WorkerId name;
  private final Switchboard lines;
  private final Consumer<String> say;
  private volatile boolean closed;

  private Relay(WorkerId name, Switchboard lines, Consumer<String> say) {
    this.name = name;
    this.lines = lines;
    this.say = say;
  }

  /**
   * Listens and forwards until it is closed.
   *
   * @param name as in its certificate
   * @param seeds other relays or workers that it is to know of; empty where those come by
   *     themselves
   * @param security none for plain connections
   * @param say is told for whom it forwards
   * @throws IOException where it cannot listen there
   */
  public static Relay open(
      WorkerId name,
      Whereabouts place,
      Optional<SeedHosts> seeds,
      Optional<Security> security,
      Consumer<String> say)
      throws IOException {
    Switchboard lines = new Switchboard(name.name(), place, security);
    Relay made = new Relay(name, lines, say);
    lines.watch(made);
    lines.desk(new WorkerDesk(made, security.isPresent()));
    lines.open();
    seeds.ifPresent(all -> Thread.ofVirtual().name("dlion-relay").start(() -> made.meet(all)));
    return made;
  }

  private void meet(SeedHosts seeds) {
    List<InetSocketAddress> unmet = new ArrayList<>();
    while (!closed) {
      var vain = lines.meet(seeds.addresses(say));
      for (InetSocketAddress address : vain.keySet()) {
        if (!unmet.contains(address)) {
          say.accept(Phrase.of("nobody answers at %s (%s)", address, vain.get(address)));
        }
      }
      unmet.clear();
      unmet.addAll(vain.keySet());
      try {
        TimeUnit.SECONDS.sleep(MEET_AGAIN_SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    lines.close();
  }

  // ---- what people are told

  @Override
  public void relayed(Station peer, Station via) {}

  @Override
  public void direct(Station peer, long relayedNanos) {}

  @Override
  public void forwards(String one, String other, boolean begins) {
    say.accept(
        begins
            ? Phrase.of("forwards between %s and %s", one, other)
            : Phrase.of("no longer forwards between %s and %s", one, other));
  }

  @Override
  public void told(String text) {
    say.accept(text);
  }

  // ---- what it is asked

  @Override
  public String name() {
    return name.name();
  }

  @Override
  public byte[] status() {
    WorkerStatus.Doing nothing = NetworkTraining.waiting(name);
    return new WorkerStatus(name, "", "", nothing, List.of(), Optional.empty(), Optional.empty())
        .of(WorkerStatus.RELAY)
        .encode();
  }

  @Override
  public Reply carryOut(Command command, String by) {
    return Reply.done(name.name(), "a relay, which trains nothing");
  }

  @Override
  public void sendModel(String by, boolean network, OutputStream out) throws IOException {
    Reply.refused(name.name(), "a relay, which has no model").write(out);
  }

  @Override
  public void survey(SurveyQuestion question, String by, OutputStream out) throws IOException {
    Reply.refused(name(), "is a relay, and has nothing to be measured").write(out);
  }

  @Override
  public void refused(Command command, String by) {
    say.accept(Phrase.of("refused to %s for %s", command.word(), by));
  }
}
