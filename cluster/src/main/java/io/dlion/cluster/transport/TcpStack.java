package io.dlion.cluster.transport;

import io.dlion.cluster.security.Security;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jgroups.Address;
import org.jgroups.JChannel;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.BasicTCP;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FRAG4;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.MFC;
import org.jgroups.protocols.PerDestinationBundler;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.UFC;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.jgroups.stack.Protocol;
import org.jgroups.util.Responses;
import org.jgroups.util.TLS;
import org.jgroups.util.TLSClientAuth;

/**
 * The JGroups protocols of a channel over TCP. Who dies is noticed when its connection closes, who
 * falls silent after {@value #SILENT_MILLIS} ms and another {@value #VERIFY_MILLIS} ms of asking;
 * parts of the group that lost each other look for each other every few seconds.
 *
 * @param bind where the control channel listens; the bulk channel does {@value #BULK_PORT_OFFSET}
 *     ports higher
 * @param seeds where to look for others
 * @param security none for plain connections
 * @param say is told what keeps others from being found
 */
public record TcpStack(
    InetSocketAddress bind, SeedHosts seeds, Optional<Security> security, Consumer<String> say) {
  /** The port of the bulk channel is so much above that of control. */
  public static final int BULK_PORT_OFFSET = 10;

  private static final int SILENT_MILLIS = 3500;
  private static final int VERIFY_MILLIS = 1000;
  private static final int BULK_CREDITS_BYTES = 4_000_000;
  private static final int CONTROL_CREDITS_BYTES = 500_000;

  /** What the kernel may hold back of a slow link; what it holds, control cannot overtake. */
  private static final int SEND_BUFFER_BYTES = 256 * 1024;

  private static final int CONTROL_FRAGMENT_BYTES = 60_000;

  /** Each costs its headers and a turn of several threads; fast links want them large. */
  private static final int BULK_FRAGMENT_BYTES = 250_000;

  private static final int LOOKUP_MILLIS_MAX = 1000;

  /** What stands around a fragment when it is sent. */
  private static final int HEADER_BYTES = 4_000;

  static {
    LibraryLog.quiet();
  }

  /** The control channel; what arrives is believed as the speakers are. */
  public JChannel control(Speakers speakers) throws Exception {
    return new JChannel(protocols(false, speakers));
  }

  /** The bulk channel, likewise. */
  public JChannel bulk(Speakers speakers) throws Exception {
    return new JChannel(protocols(true, speakers));
  }

  private List<Protocol> protocols(boolean bulk, Speakers speakers) throws IOException {
    List<Protocol> stack = new ArrayList<>();
    stack.add(transport(bulk, speakers));
    stack.add(discovery(bulk ? BULK_PORT_OFFSET : 0));
    stack.add(new MERGE3().setMinInterval(1000).setMaxInterval(3000));
    stack.add(new FD_ALL3().setTimeout(SILENT_MILLIS).setInterval(700));
    stack.add(new VERIFY_SUSPECT2().setTimeout(VERIFY_MILLIS));
    stack.add(new NAKACK2().useMcastXmit(false));
    stack.add(new UNICAST3());
    stack.add(new STABLE());
    stack.add(new GMS().printLocalAddress(false).setJoinTimeout(1000).setLeaveTimeout(1000));
    stack.add(new UFC().setMaxCredits(bulk ? BULK_CREDITS_BYTES : CONTROL_CREDITS_BYTES));
    stack.add(new MFC().setMaxCredits(CONTROL_CREDITS_BYTES));
    stack.add(new FRAG4().setFragSize(bulk ? BULK_FRAGMENT_BYTES : CONTROL_FRAGMENT_BYTES));
    return stack;
  }

  private BasicTCP transport(boolean bulk, Speakers speakers) {
    int port = bind.getPort() + (bulk ? BULK_PORT_OFFSET : 0);
    WorkerTransport tcp =
        new WorkerTransport(new InetSocketAddress(bind.getAddress(), port), speakers);
    tcp.useVirtualThreads(true);
    // With its default, one thread for all, one slow peer holds back all others.
    tcp.setBundler(new PerDestinationBundler().useSingleSenderThread(false));
    tcp.setSockConnTimeout(2000);
    tcp.tcpNodelay(true);
    tcp.disableDiagnostics();
    tcp.enableSuspectEvents(true);
    if (bulk) {
      tcp.getBundler().setMaxSize(BULK_FRAGMENT_BYTES + HEADER_BYTES);
      tcp.setSendBufSize(SEND_BUFFER_BYTES);
    }
    security.ifPresent(s -> tcp.setSocketFactory(tls(s).createSocketFactory()));
    return tcp;
  }

  private static TLS tls(Security security) {
    return new TLS()
        .enabled(true)
        .setProtocols(new String[] {"TLSv1.3"})
        .setClientAuth(TLSClientAuth.NEED)
        .setSSLContext(security.context());
  }

  private Protocol discovery(int portOffset) {
    // Control and bulk look at the same time, one of them tells.
    Consumer<String> tell = portOffset == 0 ? say : _ -> {};
    TCPPING ping =
        new SeedPing(
            new SeedAddresses(
                seeds,
                portOffset,
                bind.getAddress(),
                InetAddress::getAllByName,
                LOOKUP_MILLIS_MAX,
                tell));
    ping.portRange(0);
    // Who was found tells of all others: a worker need not have everybody among its seeds.
    ping.returnEntireCache(true);
    return ping;
  }

  /**
   * Looks the seeds up anew each time. JGroups' own DNS_PING knows no ports, forgets whom it has
   * met, and does not understand those who look at addresses.
   */
  private static final class SeedPing extends TCPPING {
    private final SeedAddresses seeds;

    SeedPing(SeedAddresses seeds) {
      this.seeds = seeds;
      setId(ClassConfigurator.getProtocolId(TCPPING.class));
      initial_hosts_set_programmatically = true;
    }

    @Override
    public void findMembers(List<Address> members, boolean initial, Responses responses) {
      setInitialHosts(seeds.addresses());
      super.findMembers(members, initial, responses);
    }
  }
}
