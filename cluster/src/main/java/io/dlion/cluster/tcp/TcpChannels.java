package io.dlion.cluster.tcp;

import io.dlion.cluster.cap.Allowance;
import io.dlion.cluster.group.Hello;
import io.dlion.cluster.group.SealedHellos;
import io.dlion.cluster.line.Channel;
import io.dlion.cluster.link.Channels;
import io.dlion.cluster.link.Piece;
import io.dlion.cluster.security.Security;
import io.dlion.cluster.transport.ChannelPair;
import io.dlion.cluster.transport.Speakers;
import io.dlion.cluster.transport.TcpStack;
import io.dlion.core.Phrase;
import io.dlion.core.WorkerId;
import io.dlion.core.wire.Payload;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jgroups.Address;
import org.jgroups.JChannel;

/**
 * The two JGroups channels of a worker to others on the network. Whoever appears in a view is a
 * stranger until hellos have been exchanged ({@link Membership}); only members are heard ({@link
 * Reception}). What arrives before {@link #open} waits for it. Safe for several threads.
 */
public final class TcpChannels implements Channels {
  private static final long TICK_MILLIS = 500;

  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("dlion-hello").daemon().factory());
  private final RoundTrips roundTrips = new RoundTrips();
  private final Speakers speakers;
  private final ChannelPair channels;
  private final Membership membership;
  private final Sender sender;
  private final Greeter greeter;

  /**
   * Channels that are not connected yet.
   *
   * @param security none for plain connections
   * @param allowance what this worker may send and take
   */
  public TcpChannels(
      WorkerId self,
      TcpStack stack,
      Optional<Security> security,
      Company company,
      Allowance allowance)
      throws Exception {
    speakers = new Speakers((by, as, count) -> forged(company, by, as, count));
    JChannel control = stack.channel(Channel.CONTROL, speakers).name(self.name());
    JChannel bulk = stack.channel(Channel.BULK, speakers).name(self.name() + "-bulk");
    channels = new ChannelPair(control, bulk);
    membership = new Membership(company, speakers, roundTrips, this::greet);
    sender = new Sender(channels, membership, allowance);
    SealedHellos hellos = new SealedHellos(security);
    greeter = new Greeter(company, membership, hellos, sender);
    channels.listen(
        new Reception(company, membership, hellos, speakers, roundTrips, sender, allowance));
  }

  private static void forged(Company company, WorkerId by, String as, long count) {
    company.notUnderstood(
        by.name(),
        Phrase.of(
            "dropped %d message%s that it sent in the name of %s",
            count, count == 1 ? "" : "s", as));
  }

  private void greet() {
    greeter.greet();
  }

  // ---- coming and going

  @Override
  public void connect(String group) throws Exception {
    channels.connect(group);
  }

  /** Connects; {@code hello} makes what this worker says of itself, of its two addresses. */
  public void connect(String group, HelloOf hello) throws Exception {
    connect(group);
    JChannel control = channels.control();
    JChannel bulk = channels.bulk();
    Hello own = hello.of(Directory.uuid(control.getAddress()), Directory.uuid(bulk.getAddress()));
    membership.begin(own, () -> Directory.uuids(bulk.getView()));
    membership.update(a -> a.controlView(Directory.uuids(control.getView())));
    var _ = ticker.scheduleWithFixedDelay(this::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Makes a hello of addresses. */
  @FunctionalInterface
  public interface HelloOf {
    Hello of(UUID control, UUID bulk);
  }

  /** From now on what arrives goes to the handler, at first what has arrived before. */
  public void open(Handler to) {
    membership.open(to);
  }

  /** Tells everybody something new about this worker. */
  public void introduce(Supplier<Hello> changed) {
    membership.update(a -> {
      a.introduce(changed.get());
      return List.of();
    });
  }

  /** What this worker says of itself. */
  public Hello self() {
    return membership.self();
  }

  @Override
  public Set<WorkerId> members() {
    return membership.known().members();
  }

  /** The round trip to a peer in nanoseconds; 0 where it is not known. */
  public double roundTripNanos(WorkerId peer) {
    return roundTrips.nanos(peer);
  }

  /** Asks strangers again who they are, and measures round trips. */
  private void tick() {
    boolean gathering = membership.askStrangers();
    if (gathering) {
      // Who started together found nobody, and waits for the others in a group of its own.
      channels.mergeSoon();
    }
    greet();
    List<Address> inView = new ArrayList<>(channels.control().getView().getMembers());
    inView.addAll(channels.bulk().getView().getMembers());
    speakers.retain(inView);
    byte[] now = ByteBuffer.allocate(Long.BYTES).putLong(System.nanoTime()).array();
    membership.known().control().values().stream()
        .filter(to -> !to.equals(channels.control().getAddress()))
        .forEach(to -> sender.send(to, Tag.PING, now, now.length, true));
  }

  // ---- messages

  @Override
  public void sendControl(WorkerId to, byte[] bytes, int length) {
    sender.send(to, Tag.NODE, bytes, length);
  }

  @Override
  public void sendBulk(WorkerId to, Piece piece, byte[] bytes, int length) throws Exception {
    sender.sendBulk(to, piece, bytes, length);
  }

  /**
   * Sends a model or the weights to begin with; blocks while the network takes no more.
   *
   * @param afterPart is run after each part: it may take long
   */
  public void sendModel(WorkerId to, Piece.Kind kind, Payload message, Runnable afterPart)
      throws Exception {
    sender.sendModel(to, kind, message, afterPart);
  }

  /** Tells a member that its model has arrived. */
  public void confirmModel(WorkerId maker) {
    sender.send(maker, Tag.MODEL_TAKEN, new byte[0], 0);
  }

  /** Asks a member for what it would begin with. */
  public void askForInitialWeights(WorkerId member) {
    sender.send(member, Tag.INITIAL_WEIGHTS_REQUEST, new byte[0], 0);
  }

  /** Leaves the group; others notice at once, first that it is no member any more. */
  @Override
  public void close() {
    ticker.shutdownNow();
    channels.close();
  }
}
