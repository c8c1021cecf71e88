package io.dlion.cluster.tcp;

import io.dlion.cluster.begin.InitialWeights;
import io.dlion.cluster.group.Acquaintances;
import io.dlion.cluster.group.Hello;
import io.dlion.cluster.group.SealedHellos;
import io.dlion.cluster.link.Channels;
import io.dlion.cluster.link.Piece;
import io.dlion.cluster.settle.ModelMessage;
import io.dlion.cluster.transport.Speakers;
import io.dlion.cluster.transport.TcpStack;
import io.dlion.core.Phrase;
import io.dlion.core.WorkerId;
import io.dlion.core.node.Priority;
import io.dlion.core.wire.MalformedMessageException;
import io.dlion.core.wire.Payload;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.jgroups.protocols.MERGE3;
import org.jgroups.util.Util;
import org.jspecify.annotations.Nullable;

/**
 * The two JGroups channels of a worker to others on the network. Whoever appears in a view is a
 * stranger until hellos have been exchanged ({@link Acquaintances}); only members are heard. What
 * arrives before {@link #open} waits for it.
 *
 * <p>Each part of a large message is acknowledged to its sender once it is taken in ({@link
 * Piece.Kind#RECEIVED}): that is what a link is measured by.
 */
public final class TcpChannels implements Channels {
  private static final long TICK_MILLIS = 500;
  private static final int MODEL_PART_BYTES = 32 * 1024;

  /** Messages that may come before the worker is ready for them. */
  private static final int EARLY_MAX = 1024;

  private final TcpStack stack;
  private final Company company;
  private final JChannel control;
  private final JChannel bulk;
  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("dlion-hello").daemon().factory());
  private final SealedHellos hellos;
  private final RoundTrips roundTrips = new RoundTrips();

  /** Asked to send hellos so many times since it was last done. */
  private final AtomicInteger greetingsDue = new AtomicInteger();

  private final Object telling = new Object();
  private final Speakers speakers = new Speakers(this::forged);
  private final Deque<Runnable> early = new ArrayDeque<>(); // guarded by telling
  private @Nullable Acquaintances acquaintances; // guarded by telling
  private @Nullable Handler handler; // guarded by telling; never changes once set
  private final Set<MalformedKey> malformed = new HashSet<>(); // guarded by telling
  private volatile Directory known = Directory.EMPTY;

  private record MalformedKey(Address from, String why) {}

  /** What a control message is: its first byte. */
  public enum Tag {
    /** Of the node, or a {@link Piece}. */
    NODE,
    HELLO,
    PING,
    PONG,
    STATUS_REQUEST,
    STATUS,
    /** The model of the run has arrived. */
    MODEL_TAKEN,
    /** The sender has to begin with the weights of the receiver. */
    INITIAL_WEIGHTS_REQUEST
  }

  /** Channels that are not connected yet. */
  public TcpChannels(WorkerId self, TcpStack stack, Company company) throws Exception {
    this.stack = stack;
    this.company = company;
    this.hellos = new SealedHellos(stack.security());
    this.control = stack.control(speakers).name(self.name());
    this.bulk = stack.bulk(speakers).name(self.name() + "-bulk");
    control.setReceiver(
        new Receiver() {
          @Override
          public void receive(Message message) {
            guarded(() -> receiveControl(message));
          }

          @Override
          public void viewAccepted(View view) {
            guarded(() -> update(a -> a.controlView(Directory.uuids(view))));
          }
        });
    bulk.setReceiver(
        new Receiver() {
          @Override
          public void receive(Message message) {
            guarded(() -> receiveBulk(message));
          }

          @Override
          public void viewAccepted(View view) {
            guarded(() -> update(a -> a.bulkView(Directory.uuids(view))));
          }
        });
  }

  /** JGroups would log what a receiver throws, and go on as if the message had been received. */
  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      deliver(h -> h.failed(e));
    }
  }

  // ---- coming and going

  @Override
  public void connect(String group) throws Exception {
    bulk.connect(group + "-bulk");
    control.connect(group + "-control");
  }

  /** Connects; {@code hello} makes what this worker says of itself, of its two addresses. */
  public void connect(String group, HelloOf hello) throws Exception {
    try {
      connect(group);
    } catch (Exception e) {
      if (rootOf(e) instanceof IOException io) {
        throw new IOException(cannotListen(stack.bind()) + " (" + io.getMessage() + ')', e);
      }
      throw e;
    }
    Hello own = hello.of(Directory.uuid(control.getAddress()), Directory.uuid(bulk.getAddress()));
    synchronized (telling) {
      acquaintances = new Acquaintances(own, company.encodings());
      acquaintances.bulkView(Directory.uuids(bulk.getView()));
    }
    update(a -> a.controlView(Directory.uuids(control.getView())));
    var _ = ticker.scheduleWithFixedDelay(this::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** JGroups says neither which address it wanted nor what may be wrong with it. */
  public static String cannotListen(InetSocketAddress bind) {
    return Phrase.of(
        "--bind: cannot listen on %s, ports %d and %d: it must be an address of this machine, and both ports free",
        bind.getAddress().getHostAddress(),
        bind.getPort(),
        bind.getPort() + TcpStack.BULK_PORT_OFFSET);
  }

  private static Throwable rootOf(Throwable e) {
    Throwable cause = e.getCause();
    return cause == null ? e : rootOf(cause);
  }

  /** Makes a hello of addresses. */
  @FunctionalInterface
  public interface HelloOf {
    Hello of(UUID control, UUID bulk);
  }

  /** From now on what arrives goes to the handler, at first what has arrived before. */
  public void open(Handler to) {
    synchronized (telling) {
      handler = to;
      early.forEach(Runnable::run);
      early.clear();
      to.members(known.members());
    }
  }

  /** Tells everybody something new about this worker. */
  public void introduce(Supplier<Hello> changed) {
    update(a -> {
      a.introduce(changed.get());
      return List.of();
    });
  }

  /** What this worker says of itself. */
  public Hello self() {
    synchronized (telling) {
      return required().self();
    }
  }

  private Acquaintances required() {
    if (acquaintances == null) {
      throw new IllegalStateException("not connected");
    }
    return acquaintances;
  }

  private interface Change {
    List<Set<WorkerId>> on(Acquaintances a);
  }

  /** One at a time: of two changes that come together the older must not be told last. */
  private void update(Change change) {
    List<Acquaintances.Refusal> refusals;
    synchronized (telling) {
      Acquaintances a = acquaintances;
      if (a == null) {
        return; // connect will ask for the views
      }
      List<Set<WorkerId>> told = change.on(a);
      known = Directory.of(a);
      roundTrips.retain(known.members());
      for (Set<WorkerId> members : told) {
        Handler to = handler;
        if (to != null) {
          to.members(members);
        }
      }
      refusals = a.takeRefusals();
      company.changed(a.memberHellos(), a.awaitsElder());
    }
    refusals.forEach(company::refused);
    greet();
  }

  /**
   * Sends the hellos that are due. One thread at a time takes and sends them, and others leave
   * theirs to it: of two hellos to one peer the older must not arrive last, or it would count.
   */
  private void greet() {
    int due = greetingsDue.incrementAndGet();
    if (due > 1) {
      return;
    }
    try {
      do {
        Map<UUID, Hello> greetings;
        synchronized (telling) {
          greetings = required().takeGreetings();
        }
        greetings.forEach(this::greet);
        due = greetingsDue.addAndGet(-due);
      } while (due > 0);
    } catch (RuntimeException e) {
      greetingsDue.set(0); // else nobody would send hellos any more
      throw e;
    }
  }

  private void greet(UUID to, Hello h) {
    Hello hello = h.start().map(s -> h.training(s, h.encoding(), company.elapsedNanos())).orElse(h);
    byte[] bytes = hellos.sealed(hello);
    send(Directory.address(to), Tag.HELLO, bytes, bytes.length, false);
  }

  /** Asks strangers again who they are, and measures round trips. */
  private void tick() {
    boolean gathering;
    synchronized (telling) {
      required().askStrangers();
      gathering = handler == null;
    }
    if (gathering) {
      // Who started together found nobody, and waits for the others in a group of its own.
      mergeSoon(bulk);
      mergeSoon(control);
    }
    greet();
    List<Address> inView = new ArrayList<>(control.getView().getMembers());
    inView.addAll(bulk.getView().getMembers());
    speakers.retain(inView);
    byte[] now = ByteBuffer.allocate(Long.BYTES).putLong(System.nanoTime()).array();
    known.control().values().stream()
        .filter(to -> !to.equals(control.getAddress()))
        .forEach(to -> send(to, Tag.PING, now, now.length, true));
  }

  /** Looks for other groups now, rather than in the seconds that suffice during training. */
  private static void mergeSoon(JChannel channel) {
    MERGE3 merge = channel.getProtocolStack().findProtocol(MERGE3.class);
    try {
      merge.sendInfo();
      merge.checkInconsistencies();
    } catch (RuntimeException e) {
      // The channel is being closed, or has no view yet; what throws here would end all ticks.
    }
  }

  // ---- hellos

  private void receiveHello(Address from, ByteBuffer message) {
    try {
      Hello hello = hellos.open(message);
      requireOwn(from, hello);
      requireOwn(Directory.address(hello.bulk()), hello);
      update(a -> a.greeted(Directory.uuid(from), hello));
    } catch (MalformedMessageException e) {
      notUnderstood(from, String.valueOf(e.getMessage()));
    }
  }

  private void forged(WorkerId by, String as, long count) {
    company.notUnderstood(
        by.name(),
        Phrase.of(
            "dropped %d message%s that it sent in the name of %s",
            count, count == 1 ? "" : "s", as));
  }

  /** An address is a worker's if it says so and has its certificate; nobody has two owners. */
  private void requireOwn(Address address, Hello hello) throws MalformedMessageException {
    WorkerId owner = known.byAddress().get(address);
    boolean taken = owner != null && !owner.equals(hello.name());
    if (taken || !speakers.mayBe(address, hello.name())) {
      throw new MalformedMessageException(
          "it calls itself " + hello.name() + " at an address that is another's");
    }
  }

  private void notUnderstood(Address from, String why) {
    boolean first;
    synchronized (telling) {
      first = malformed.size() < 1000 && malformed.add(new MalformedKey(from, why));
    }
    if (first) {
      company.notUnderstood(String.valueOf(from), why);
    }
  }

  // ---- messages

  private void receiveControl(Message message) {
    ByteBuffer bytes =
        ByteBuffer.wrap(message.getArray(), message.getOffset(), message.getLength());
    Address from = message.src();
    int tag = bytes.hasRemaining() ? bytes.get() : -1;
    if (tag < 0 || tag >= Tag.values().length) {
      notUnderstood(from, "an unknown kind of message");
      return;
    }
    switch (Tag.values()[tag]) {
      case HELLO -> receiveHello(from, bytes);
      case STATUS_REQUEST -> {
        byte[] status = company.status();
        send(from, Tag.STATUS, status, status.length, true);
      }
      case STATUS -> {} // only those who look on ask for it
      case NODE, PING, PONG, MODEL_TAKEN, INITIAL_WEIGHTS_REQUEST ->
          receiveFromMember(Tag.values()[tag], from, bytes);
    }
  }

  private void receiveFromMember(Tag tag, Address from, ByteBuffer bytes) {
    WorkerId id = member(from);
    if (id == null) {
      return;
    }
    switch (tag) {
      case NODE ->
          deliver(h ->
              h.control(
                  id, bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining()));
      case PING -> send(from, Tag.PONG, remaining(bytes), bytes.remaining(), true);
      case PONG -> {
        if (bytes.remaining() == Long.BYTES) {
          roundTrips.add(id, Math.max(0, System.nanoTime() - bytes.getLong()));
        }
      }
      case MODEL_TAKEN -> company.modelTaken(id);
      case INITIAL_WEIGHTS_REQUEST -> company.initialWeightsWanted(id);
      default -> throw new IllegalArgumentException(tag.name());
    }
  }

  private static byte[] remaining(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return copy;
  }

  private void receiveBulk(Message message) {
    WorkerId from = member(message.src());
    Piece piece =
        message.getLength() < Piece.BYTES
            ? null
            : Piece.decode(message.getArray(), message.getOffset(), Piece.BYTES);
    if (from == null || piece == null) {
      return;
    }
    int length = message.getLength() - Piece.BYTES;
    switch (piece.kind()) {
      case DATA -> receivePart(from, piece, message, length);
      case MODEL ->
          company.model(from, piece, message.getArray(), message.getOffset() + Piece.BYTES, length);
      case INITIAL_WEIGHTS ->
          company.initialWeights(
              from, piece, message.getArray(), message.getOffset() + Piece.BYTES, length);
      case CONSUMED, RECEIVED -> {} // come on the other channel
    }
  }

  private void receivePart(WorkerId from, Piece piece, Message message, int length) {
    byte[] receipt = piece.received(length).encode();
    deliver(h -> {
      h.bulk(from, piece, message.getArray(), message.getOffset() + Piece.BYTES, length);
      sendControl(from, receipt, receipt.length);
    });
  }

  /** The member behind an address, who shows by writing that it knows this worker. */
  private @Nullable WorkerId member(Address from) {
    WorkerId id = known.byAddress().get(from);
    if (id != null) {
      return speakers.mayBe(from, id) ? id : null;
    }
    UUID unconfirmed;
    synchronized (telling) {
      unconfirmed = acquaintances == null ? null : acquaintances.unconfirmed(Directory.uuid(from));
    }
    if (unconfirmed == null) {
      return null;
    }
    update(a -> a.heard(unconfirmed));
    WorkerId confirmed = known.byAddress().get(from);
    return confirmed != null && speakers.mayBe(from, confirmed) ? confirmed : null;
  }

  private interface Delivery {
    void to(Handler handler);
  }

  private void deliver(Delivery delivery) {
    Handler to;
    synchronized (telling) {
      to = handler;
      if (to == null) {
        if (early.size() == EARLY_MAX) {
          return; // as if lost on the way: nodes ask again for what they miss
        }
        early.add(() -> delivery.to(java.util.Objects.requireNonNull(handler)));
        return;
      }
    }
    delivery.to(to);
  }

  @Override
  public void sendControl(WorkerId to, byte[] bytes, int length) {
    Address address = known.control().get(to);
    if (address != null) {
      send(address, Tag.NODE, bytes, length, true);
    }
  }

  /**
   * Small messages go their own way, ahead of all others (out of band), but for hellos, of which a
   * later one says more.
   */
  private void send(Address to, Tag tag, byte[] bytes, int length, boolean ahead) {
    Message message = message(to, tag, bytes, length);
    if (ahead) {
      message.setFlag(Message.Flag.OOB);
    }
    try {
      control.send(message);
    } catch (Exception e) {
      // Closed, or its receiver is gone: the views tell that.
    }
  }

  /** A control message. */
  public static Message message(Address to, Tag tag, byte[] bytes, int length) {
    byte[] tagged =
        ByteBuffer.allocate(1 + length).put((byte) tag.ordinal()).put(bytes, 0, length).array();
    return new BytesMessage(to, tagged).setFlag(Message.Flag.DONT_BUNDLE, Message.Flag.NO_FC);
  }

  @Override
  public void sendBulk(WorkerId to, Piece piece, byte[] bytes, int length) throws Exception {
    Address address = known.bulk().get(to);
    if (address == null) {
      return; // it has left, and the node is told so
    }
    byte[] part = new byte[Piece.BYTES + length]; // JGroups keeps it until it is acknowledged
    System.arraycopy(piece.encode(), 0, part, 0, Piece.BYTES);
    System.arraycopy(bytes, piece.offset(), part, Piece.BYTES, length);
    bulk.send(new BytesMessage(address, part));
  }

  /**
   * Sends a {@link ModelMessage} or {@link InitialWeights}; blocks while the network takes no more.
   * Nobody measures a link by it, and nothing is held back for gradients: there are none yet, or
   * none any more.
   */
  public void sendModel(WorkerId to, Piece.Kind kind, Payload message) throws Exception {
    for (int offset = 0; offset < message.length(); offset += MODEL_PART_BYTES) {
      int length = Math.min(MODEL_PART_BYTES, message.length() - offset);
      Piece part = new Piece(kind, Priority.WEIGHTS, 0, message.length(), offset);
      sendBulk(to, part, message.bytes(), length);
    }
  }

  /** Tells a member that its model has arrived. */
  public void confirmModel(WorkerId maker) {
    tell(maker, Tag.MODEL_TAKEN);
  }

  /** Asks a member for what it would begin with. */
  public void askForInitialWeights(WorkerId member) {
    tell(member, Tag.INITIAL_WEIGHTS_REQUEST);
  }

  private void tell(WorkerId member, Tag tag) {
    Address address = known.control().get(member);
    if (address != null) {
      send(address, tag, new byte[0], 0, true);
    }
  }

  @Override
  public Set<WorkerId> members() {
    return known.members();
  }

  /** The round trip to a peer in nanoseconds; 0 where it is not known. */
  public double roundTripNanos(WorkerId peer) {
    return roundTrips.nanos(peer);
  }

  /** Leaves the group; others notice at once, first that it is no member any more. */
  @Override
  public void close() {
    ticker.shutdownNow();
    Util.close(control, bulk);
  }
}
