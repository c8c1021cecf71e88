package io.dlion.cluster;

import io.dlion.cluster.security.Security;
import io.dlion.cluster.tcp.Tag;
import io.dlion.cluster.transport.SeedHosts;
import io.dlion.cluster.transport.Speakers;
import io.dlion.cluster.transport.TcpStack;
import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.core.wire.MalformedMessageException;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jgroups.Address;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.View;

/**
 * Asks the workers of a cluster what they do. It comes to their group for that moment and never
 * introduces itself, so that it is no member of the training.
 */
public final class ClusterObserver {
  private static final long ANSWER_NANOS_MAX = 6_000_000_000L;
  private static final long ASK_AGAIN_MILLIS = 500;

  private final Map<Address, WorkerStatus> answers = new ConcurrentHashMap<>();
  private final Object changes = new Object();

  private ClusterObserver() {}

  /**
   * What the workers do that can be reached; in the order of their names, empty if nobody answers.
   *
   * @param say is told of seeds that have no address
   * @throws UserError if none of the seeds has one
   */
  public static List<WorkerStatus> look(
      SeedHosts seeds, Optional<Security> security, Consumer<String> say) throws Exception {
    return new ClusterObserver().ask(seeds, security, say);
  }

  private List<WorkerStatus> ask(SeedHosts seeds, Optional<Security> security, Consumer<String> say)
      throws Exception {
    InetSocketAddress bind = freeAddress(localAddressTowards(firstAddress(seeds)));
    Speakers speakers = new Speakers((by, as, count) -> {}); // who looks on applies nothing
    try (JChannel channel = new TcpStack(bind, seeds, security, say).control(speakers)) {
      channel.name("observer-" + ProcessHandle.current().pid());
      channel.setReceiver(
          new Receiver() {
            @Override
            public void receive(Message message) {
              answered(message);
            }
          });
      channel.connect(ClusterWorker.GROUP + "-control");
      long deadline = System.nanoTime() + ANSWER_NANOS_MAX;
      synchronized (changes) {
        while (System.nanoTime() < deadline && !complete(channel.getView(), channel)) {
          askThoseWhoHaveNotAnswered(channel);
          changes.wait(ASK_AGAIN_MILLIS);
        }
      }
    }
    Map<WorkerId, WorkerStatus> byName = new TreeMap<>();
    answers.values().forEach(status -> byName.put(status.worker(), status));
    return List.copyOf(byName.values());
  }

  private boolean complete(View view, JChannel channel) {
    return !answers.isEmpty() && waitedFor(view, channel).isEmpty();
  }

  private List<Address> waitedFor(View view, JChannel channel) {
    List<Address> others = new ArrayList<>(view.getMembers());
    others.remove(channel.getAddress());
    others.removeAll(answers.keySet());
    return others;
  }

  private void askThoseWhoHaveNotAnswered(JChannel channel) throws Exception {
    for (Address to : waitedFor(channel.getView(), channel)) {
      channel.send(Tag.STATUS_REQUEST.message(to, new byte[0], 0).setFlag(Message.Flag.OOB));
    }
  }

  private void answered(Message message) {
    byte[] bytes = message.getArray();
    int offset = message.getOffset();
    if (message.getLength() < 1 || bytes[offset] != Tag.STATUS.ordinal()) {
      return;
    }
    try {
      WorkerStatus status = WorkerStatus.decode(bytes, offset + 1, message.getLength() - 1);
      synchronized (changes) {
        answers.put(message.src(), status);
        changes.notifyAll();
      }
    } catch (MalformedMessageException e) {
      // Of another version: as good as no answer.
    }
  }

  /** An observer does not wait for workers, and binds where it reaches the first. */
  private static InetSocketAddress firstAddress(SeedHosts seeds) {
    for (SeedHosts.Seed seed : seeds.all()) {
      InetSocketAddress address = new InetSocketAddress(seed.host(), seed.port());
      if (!address.isUnresolved()) {
        return address;
      }
    }
    throw new UserError(
        "--seeds: no such host: "
            + String.join(", ", seeds.all().stream().map(SeedHosts.Seed::host).toList()));
  }

  /** One that was free just now: the transport does not take any, it wants to be told which. */
  private static InetSocketAddress freeAddress(InetAddress local) throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, local)) {
      return new InetSocketAddress(local, socket.getLocalPort());
    }
  }

  /** The address of this machine that packets to a seed come from; none are sent. */
  private static InetAddress localAddressTowards(InetSocketAddress seed) throws SocketException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(seed);
      return socket.getLocalAddress();
    }
  }
}
