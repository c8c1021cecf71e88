package io.dlion.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cluster.desk.Command;
import io.dlion.cluster.desk.Inquiry;
import io.dlion.cluster.desk.Operated;
import io.dlion.cluster.desk.Reply;
import io.dlion.cluster.desk.WorkerDesk;
import io.dlion.cluster.line.FreePort;
import io.dlion.cluster.line.Switchboard;
import io.dlion.cluster.line.Visitor;
import io.dlion.cluster.line.Whereabouts;
import io.dlion.cluster.security.CertificateAuthority;
import io.dlion.cluster.security.Credentials;
import io.dlion.cluster.security.Security;
import io.dlion.cluster.survey.SurveyQuestion;
import io.dlion.cluster.transport.SeedHosts;
import io.dlion.core.WorkerId;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Desks over connections on loopback, with and without certificates. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClusterObserverTest {
  @TempDir private Path folder;
  private final List<Switchboard> desks = new ArrayList<>();
  private final Queue<String> commands = new ConcurrentLinkedQueue<>();

  @AfterEach
  void close() {
    desks.forEach(Switchboard::close);
  }

  /** A worker that remembers what it is told. */
  private record Resting(String name, Queue<String> commands) implements Operated {
    @Override
    public byte[] status() {
      WorkerId id = new WorkerId(name);
      return new WorkerStatus(
              id,
              "here",
              "run",
              WorkerStatus.waiting(id),
              List.of(),
              Optional.empty(),
              Optional.empty())
          .resting("paused", new WorkerStatus.Rest("paused by operator anna", 12))
          .encode();
    }

    @Override
    public Reply carryOut(Command command, String by) {
      commands.add(name + " " + command.word() + " by " + by);
      return Reply.done(name, command.word());
    }

    @Override
    public void sendModel(String by, boolean network, OutputStream out) throws IOException {
      Reply.refused(name, "rests").write(out);
    }

    @Override
    public void survey(SurveyQuestion question, String by, OutputStream out) throws IOException {
      Reply.refused(name, "rests").write(out);
    }

    @Override
    public void refused(Command command, String by) {
      commands.add(name + " refused " + command.word() + " by " + by);
    }
  }

  private InetSocketAddress desk(String name, Optional<Credentials> credentials)
      throws IOException {
    InetSocketAddress address = FreePort.address();
    Switchboard desk =
        new Switchboard(name, Whereabouts.at(address), credentials.map(Security::of));
    desks.add(desk);
    desk.desk(new WorkerDesk(new Resting(name, commands), credentials.isPresent()));
    desk.open();
    return address;
  }

  private static SeedHosts seeds(InetSocketAddress... addresses) {
    List<String> all = new ArrayList<>();
    for (InetSocketAddress address : addresses) {
      all.add(address.getAddress().getHostAddress() + ":" + address.getPort());
    }
    return SeedHosts.parse(String.join(",", all));
  }

  private static Visitor visitor(SeedHosts seeds, Optional<Credentials> credentials) {
    return new Visitor(() -> seeds.addresses(line -> {}), credentials.map(Security::of));
  }

  @Test
  void thoseWhoAnswerAreSeenAndTheOthersNamed() throws Exception {
    InetSocketAddress nobody = FreePort.address();
    SeedHosts all = seeds(desk("rome", Optional.empty()), desk("lyon", Optional.empty()), nobody);
    try (Visitor client = visitor(all, Optional.empty())) {
      ClusterObserver.Sight sight = ClusterObserver.look(client);
      assertThat(sight.workers())
          .extracting(w -> w.worker() + " " + w.doing().phase() + " " + w.rest().get().why())
          .containsExactly(
              "lyon paused paused by operator anna", "rome paused paused by operator anna");
      assertThat(sight.silent())
          .singleElement()
          .asString()
          .startsWith("127.0.0.1:" + nobody.getPort() + ": not reached: ");
    }
  }

  @Test
  void overTlsRightsAreThoseOfTheCertificate() throws Exception {
    CertificateAuthority authority =
        CertificateAuthority.create(folder.resolve("ca"), Duration.ofDays(9), Instant.now());
    Duration days = Duration.ofDays(5);
    Path lyon = authority.issue(new WorkerId("lyon"), List.of(), days, Instant.now()).folder();
    Path anna = authority.issueOperator(new WorkerId("anna"), days, Instant.now()).folder();
    SeedHosts seeds = seeds(desk("lyon", Optional.of(Credentials.load(lyon))));
    for (Path caller : List.of(anna, lyon)) {
      try (Visitor client = visitor(seeds, Optional.of(Credentials.ofCaller(caller)))) {
        assertThat(ClusterObserver.look(client).workers()).hasSize(1);
        Inquiry.Said said = Inquiry.ofAll(client, Command.STOP, Duration.ofSeconds(30)).getFirst();
        assertThat(said.reached()).isTrue();
        assertThat(said.reply().isDone()).isEqualTo(caller.equals(anna));
      }
    }
    try (Visitor client = visitor(seeds, Optional.empty())) {
      assertThat(ClusterObserver.look(client).workers()).as("without a certificate").isEmpty();
    }
    assertThat(commands)
        .containsExactly("lyon stop by operator anna", "lyon refused stop by worker lyon");
  }
}
