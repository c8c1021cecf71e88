package io.dlion.cluster.transport;

import io.dlion.cluster.line.Station;
import io.dlion.cluster.line.Switchboard;
import java.util.List;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.Event;
import org.jgroups.Message;
import org.jgroups.PhysicalAddress;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.Discovery;
import org.jgroups.protocols.PingData;
import org.jgroups.protocols.PingHeader;
import org.jgroups.protocols.TCPPING;
import org.jgroups.util.ByteArray;
import org.jgroups.util.NameCache;
import org.jgroups.util.Responses;

/**
 * Asks all stations that are known who is in the group: those at the seeds, looked up anew each
 * time, and those of whom these have told.
 */
final class SeedPing extends Discovery {
  private final Switchboard lines;
  private final SeedAddresses seeds;

  SeedPing(Switchboard lines, SeedAddresses seeds) {
    this.lines = lines;
    this.seeds = seeds;
    setId(ClassConfigurator.getProtocolId(TCPPING.class));
  }

  @Override
  public boolean isDynamic() {
    return true;
  }

  @Override
  public void findMembers(List<Address> members, boolean initial, Responses responses) {
    seeds.met(lines.meet(seeds.addresses()));
    PhysicalAddress own = (PhysicalAddress) down(new Event(Event.GET_PHYSICAL_ADDRESS, local_addr));
    PingData data = new PingData(local_addr, false, NameCache.get(local_addr), own);
    if (members != null && members.size() <= max_members_in_discovery_request) {
      data.mbrs(members);
    }
    ByteArray bytes = marshal(data);
    PingHeader header =
        new PingHeader(PingHeader.GET_MBRS_REQ).clusterName(cluster_name).initialDiscovery(initial);
    for (Station station : lines.known()) {
      Message request =
          new BytesMessage(new StationAddress(station))
              .setFlag(Message.Flag.DONT_BUNDLE, Message.Flag.OOB)
              .setFlag(Message.TransientFlag.DONT_LOOPBACK)
              .putHeader(id, header)
              .setArray(bytes);
      // A line may have to be found first, which is not to hold up the others.
      Thread.startVirtualThread(() -> down_prot.down(request));
    }
  }
}
