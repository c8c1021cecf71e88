package io.dlion.cluster;

import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.core.wire.MalformedMessageException;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
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
   */
  public static List<WorkerStatus> look(Seeds seeds, Optional<Security> security) throws Exception {
    return new ClusterObserver().ask(seeds, security);
  }

  private List<WorkerStatus> ask(Seeds seeds, Optional<Security> security) throws Exception {
    Seeds known = resolved(seeds);
    InetSocketAddress bind = freeAddress(localAddressTowards(known));
    Speakers speakers = new Speakers((by, as, count) -> {}); // who looks on applies nothing
    try (JChannel channel = new TcpStack(bind, known, security, _ -> {}).control(speakers)) {
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
      channel.send(
          TcpChannels.message(to, TcpChannels.Tag.STATUS_REQUEST, new byte[0], 0)
              .setFlag(Message.Flag.OOB));
    }
  }

  private void answered(Message message) {
    byte[] bytes = message.getArray();
    int offset = message.getOffset();
    if (message.getLength() < 1 || bytes[offset] != TcpChannels.Tag.STATUS.ordinal()) {
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

  /**
   * Looked up once: an observer does not wait for workers, and binds where it reaches the first.
   */
  private static Seeds resolved(Seeds seeds) {
    if (seeds.dns().isEmpty()) {
      return seeds;
    }
    try {
      List<InetSocketAddress> hosts =
          Stream.of(InetAddress.getAllByName(seeds.dns()))
              .map(address -> new InetSocketAddress(address, seeds.dnsPort()))
              .toList();
      return new Seeds(seeds.text(), hosts, "", 0);
    } catch (UnknownHostException e) {
      throw new UserError("--seeds: no such host: " + seeds.dns(), e);
    }
  }

  /** One that was free just now: the transport does not take any, it wants to be told which. */
  private static InetSocketAddress freeAddress(InetAddress local) throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, local)) {
      return new InetSocketAddress(local, socket.getLocalPort());
    }
  }

  /** The address of this machine that packets to the first seed come from; none are sent. */
  private static InetAddress localAddressTowards(Seeds seeds) throws SocketException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(seeds.hosts().getFirst());
      return socket.getLocalAddress();
    }
  }
}
