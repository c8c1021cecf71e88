package io.dlion.cluster.transport;

import io.dlion.cluster.line.Channel;
import io.dlion.cluster.line.Receiver;
import io.dlion.cluster.line.Station;
import io.dlion.cluster.line.Switchboard;
import io.dlion.core.WorkerId;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jgroups.Address;
import org.jgroups.Event;
import org.jgroups.PhysicalAddress;
import org.jgroups.protocols.TP;
import org.jgroups.protocols.pbcast.GMS;

/**
 * JGroups' messages over the lines of a {@link Switchboard}, for one channel. Since lines find
 * their way through others, members of a group reach each other wherever the group is connected,
 * and what JGroups finds out about who is alive holds for that. Messages are only believed from
 * those whose certificate they come with.
 */
final class LineTransport extends TP {
  /**
   * A message to one waits so long for a line; one to all does not, it would hold up the others.
   */
  private static final long WAIT_MILLIS = 1500;

  private final Switchboard lines;
  private final Channel channel;
  private final Speakers speakers;
  private volatile boolean connected;

  LineTransport(Switchboard lines, Channel channel, Speakers speakers) {
    this.lines = lines;
    this.channel = channel;
    this.speakers = speakers;
  }

  /** In place of the policy that JGroups makes here, whatever was set before. */
  @Override
  public void init() throws Exception {
    super.init();
    ProvenSources policy = new ProvenSources(speakers);
    policy.init(this);
    msgProcessingPolicy(policy);
  }

  @Override
  public boolean supportsMulticasting() {
    return false;
  }

  @Override
  protected PhysicalAddress getPhysicalAddress() {
    return new StationAddress(lines.self());
  }

  @Override
  protected void handleConnect() throws Exception {
    lines.attach(channel, new Arrivals());
    connected = true;
    super.handleConnect();
  }

  @Override
  protected void handleDisconnect() {
    connected = false;
    lines.detach(channel);
    super.handleDisconnect();
  }

  @Override
  public void sendUnicast(PhysicalAddress to, byte[] bytes, int offset, int length)
      throws Exception {
    send(to, bytes, offset, length, WAIT_MILLIS);
  }

  @Override
  protected void sendUnicasts(List<PhysicalAddress> to, byte[] bytes, int offset, int length) {
    for (PhysicalAddress one : to) {
      try {
        send(one, bytes, offset, length, 0);
      } catch (IOException e) {
        // As if lost on the way: what matters is asked for again.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void send(PhysicalAddress to, byte[] bytes, int offset, int length, long waitMillis)
      throws IOException, InterruptedException {
    if (to instanceof StationAddress address) {
      lines.send(address.station(), channel, bytes, offset, length, waitMillis);
    }
  }

  /** Brings what comes up the stack. */
  private final class Arrivals implements Receiver {
    @Override
    public void received(Station from, Optional<WorkerId> speaker, DataInputStream in, int length)
        throws Exception {
      StationAddress source = new StationAddress(from);
      if (speaker.isEmpty()) {
        receive(source, in, length);
      } else {
        ScopedValue.where(Speakers.CONNECTED, speaker.get())
            .call(() -> {
              receive(source, in, length);
              return null;
            });
      }
    }

    /** Suspicion: others are asked before it counts. */
    @Override
    public void unreachable(Station station) {
      Address member = logical_addr_cache.getByValue(new StationAddress(station));
      GMS membership = stack.findProtocol(GMS.class);
      if (connected && member != null && members.contains(member) && !membership.isLeaving()) {
        Event suspect = new Event(Event.SUSPECT, List.of(member));
        if (!thread_pool.execute(() -> up_prot.up(suspect))) {
          Thread.startVirtualThread(() -> up_prot.up(suspect));
        }
      }
    }
  }
}
