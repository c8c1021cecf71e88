package io.dlion.cluster.local;

import io.dlion.cluster.link.Channels;
import io.dlion.cluster.link.Piece;
import io.dlion.cluster.transport.ChannelPair;
import io.dlion.cluster.transport.LibraryLog;
import io.dlion.core.WorkerId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.View;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.SHARED_LOOPBACK;
import org.jgroups.protocols.SHARED_LOOPBACK_PING;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.jgroups.stack.Protocol;
import org.jgroups.util.NameCache;
import org.jgroups.util.Util;
import org.jspecify.annotations.Nullable;

/**
 * The two JGroups channels of a worker that shares a process with all others: over shared loopback,
 * where large messages are passed by reference ({@link SharedMemory}).
 */
final class LocalChannels implements Channels {
  /** Behind a part's header: its length and where its array was left. */
  private static final int REFERENCE_BYTES = Integer.BYTES + Long.BYTES;

  static {
    LibraryLog.quiet();
  }

  private final ChannelPair channels;
  private final Handler handler;
  private final SharedMemory memory;
  private final Object telling = new Object();
  private volatile Map<WorkerId, Address> controlAddresses = Map.of();
  private volatile Map<WorkerId, Address> bulkAddresses = Map.of();

  /** Channels of a worker, not yet connected. */
  LocalChannels(WorkerId self, SharedMemory memory, Handler handler) throws Exception {
    this.handler = handler;
    this.memory = memory;
    this.channels =
        new ChannelPair(
            new JChannel(inProcess()).name(self.name()),
            new JChannel(inProcess()).name(self.name()));
    channels.listen(new Arrivals());
  }

  private final class Arrivals implements ChannelPair.Listener {
    @Override
    public void control(Message message) {
      receiveControl(message);
    }

    @Override
    public void bulk(Message message) {
      receiveBulk(message);
    }

    @Override
    public void controlView(View view) {
      controlAddresses = addresses(view);
      tellMembers();
    }

    @Override
    public void bulkView(View view) {
      bulkAddresses = addresses(view);
      tellMembers();
    }

    @Override
    public void failed(Throwable reason) {
      handler.failed(reason);
    }
  }

  private void receiveControl(Message message) {
    WorkerId from = idOf(message.src());
    if (from != null) {
      handler.control(from, message.getArray(), message.getOffset(), message.getLength());
    }
  }

  private void receiveBulk(Message message) {
    WorkerId from = idOf(message.src());
    if (from == null || message.getLength() != Piece.BYTES + REFERENCE_BYTES) {
      return;
    }
    ByteBuffer buffer =
        ByteBuffer.wrap(message.getArray(), message.getOffset(), message.getLength());
    Piece piece = Piece.decode(message.getArray(), message.getOffset(), Piece.BYTES);
    int length = buffer.getInt(message.getOffset() + Piece.BYTES);
    byte[] bytes = memory.take(buffer.getLong(message.getOffset() + Piece.BYTES + Integer.BYTES));
    if (piece != null && bytes != null) {
      handler.bulk(from, piece, bytes, piece.offset(), length);
    }
  }

  private static List<Protocol> inProcess() {
    List<Protocol> stack = new ArrayList<>();
    stack.add(new SHARED_LOOPBACK().useVirtualThreads(true));
    stack.add(new SHARED_LOOPBACK_PING());
    stack.add(new MERGE3().setMinInterval(2000).setMaxInterval(5000));
    stack.add(new FD_ALL3().setTimeout(40_000).setInterval(8_000)); // a busy process is no dead one
    stack.add(new NAKACK2().useMcastXmit(false));
    stack.add(new UNICAST3());
    stack.add(new STABLE());
    stack.add(new GMS().printLocalAddress(false).setJoinTimeout(1000));
    return stack;
  }

  @Override
  public void connect(String group) throws Exception {
    channels.connect(group);
  }

  @Override
  public void sendControl(WorkerId to, byte[] bytes, int length) throws Exception {
    Address address = controlAddresses.get(to);
    if (address != null) {
      channels
          .control()
          .send(
              new BytesMessage(address, bytes, 0, length)
                  .setFlag(Message.Flag.OOB, Message.Flag.DONT_BUNDLE, Message.Flag.NO_FC));
    }
  }

  @Override
  public void sendBulk(WorkerId to, Piece piece, byte[] bytes, int length) throws Exception {
    Address address = bulkAddresses.get(to);
    if (address == null) {
      throw new IllegalStateException(to + " has left");
    }
    byte[] reference =
        ByteBuffer.allocate(Piece.BYTES + REFERENCE_BYTES)
            .put(piece.encode())
            .putInt(length)
            .putLong(memory.put(bytes))
            .array();
    channels.bulk().send(new BytesMessage(address, reference));
  }

  @Override
  public Set<WorkerId> members() {
    Set<WorkerId> both = new TreeSet<>(controlAddresses.keySet());
    both.retainAll(bulkAddresses.keySet());
    return both;
  }

  /** One at a time: of two views that come together the older must not be told last. */
  private void tellMembers() {
    synchronized (telling) {
      handler.members(members());
    }
  }

  private static Map<WorkerId, Address> addresses(View view) {
    Map<WorkerId, Address> map = new LinkedHashMap<>();
    for (Address address : view.getMembers()) {
      WorkerId id = idOf(address);
      if (id != null) {
        map.put(id, address);
      }
    }
    return map;
  }

  /**
   * Within one process names are known as soon as a channel exists, and may be forgotten once it is
   * closed: null is somebody who has left.
   */
  private static @Nullable WorkerId idOf(Address address) {
    String name = NameCache.get(address);
    return name == null ? null : new WorkerId(name);
  }

  @Override
  public void close() {
    Util.close(channels.bulk(), channels.control());
  }
}
