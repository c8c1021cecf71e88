package io.dlion.cluster.transport;

import io.dlion.cluster.line.Channel;
import io.dlion.cluster.line.Switchboard;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jgroups.JChannel;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FRAG4;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.MFC;
import org.jgroups.protocols.PerDestinationBundler;
import org.jgroups.protocols.TP;
import org.jgroups.protocols.UFC;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.jgroups.stack.Protocol;

/**
 * The JGroups protocols of a channel between processes. Who dies is noticed when its lines close
 * and there is no other way to it, who falls silent after {@value #SILENT_MILLIS} ms and another
 * {@value #VERIFY_MILLIS} ms of asking; parts of the group that lost each other look for each other
 * every few seconds.
 *
 * @param lines carry the messages
 * @param seeds where to look for others
 * @param say is told what keeps others from being found
 */
public record TcpStack(Switchboard lines, SeedHosts seeds, Consumer<String> say) {
  /** Time enough to notice that a line is broken, and to find another way. */
  private static final int SILENT_MILLIS = 4000;

  private static final int VERIFY_MILLIS = 1000;
  private static final int BULK_CREDITS_BYTES = 4_000_000;
  private static final int CONTROL_CREDITS_BYTES = 500_000;
  private static final int CONTROL_FRAGMENT_BYTES = 60_000;

  /** Each costs its headers and a turn of several threads; fast links want them large. */
  private static final int BULK_FRAGMENT_BYTES = 250_000;

  private static final int LOOKUP_MILLIS_MAX = 1000;

  /** What stands around a fragment when it is sent. */
  private static final int HEADER_BYTES = 4_000;

  static {
    LibraryLog.quiet();
  }

  /** The channel of small messages, or of bulk; what arrives is believed as the speakers are. */
  public JChannel channel(Channel channel, Speakers speakers) throws Exception {
    return new JChannel(protocols(channel, speakers));
  }

  private List<Protocol> protocols(Channel channel, Speakers speakers) {
    boolean bulk = channel == Channel.BULK;
    List<Protocol> stack = new ArrayList<>();
    stack.add(transport(channel, speakers));
    stack.add(discovery(bulk));
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

  private TP transport(Channel channel, Speakers speakers) {
    LineTransport made = new LineTransport(lines, channel, speakers);
    made.useVirtualThreads(true);
    // With its default, one thread for all, one slow peer holds back all others.
    made.setBundler(new PerDestinationBundler().useSingleSenderThread(false));
    made.disableDiagnostics();
    if (channel == Channel.BULK) {
      made.getBundler().setMaxSize(BULK_FRAGMENT_BYTES + HEADER_BYTES);
    }
    return made;
  }

  private Protocol discovery(boolean bulk) {
    // Control and bulk look at the same time, one of them tells.
    Consumer<String> tell = bulk ? _ -> {} : say;
    SeedPing ping =
        new SeedPing(
            lines, new SeedAddresses(seeds, InetAddress::getAllByName, LOOKUP_MILLIS_MAX, tell));
    // Who was found tells of all others: a worker need not have everybody among its seeds.
    ping.returnEntireCache(true);
    return ping;
  }
}
