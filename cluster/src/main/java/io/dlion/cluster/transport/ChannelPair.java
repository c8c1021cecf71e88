package io.dlion.cluster.transport;

import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.jgroups.protocols.MERGE3;
import org.jgroups.util.Util;

/**
 * The two JGroups channels of a worker: one for control messages and membership, one for bulk. Safe
 * for several threads.
 *
 * @param control the channel of small messages
 * @param bulk the other
 */
public record ChannelPair(JChannel control, JChannel bulk) implements AutoCloseable {
  /** What the channels bring; called on threads of JGroups. */
  public interface Listener {
    /** A message on the control channel. */
    void control(Message message);

    /** A message on the bulk channel. */
    void bulk(Message message);

    /** Who is there on the control channel now. */
    void controlView(View view);

    /** Who is there on the bulk channel now. */
    void bulkView(View view);

    /** One of the others has failed. */
    void failed(Throwable reason);
  }

  /** Brings everything to this listener; to be called before {@link #connect}. */
  public void listen(Listener listener) {
    control.setReceiver(
        new Receiver() {
          @Override
          public void receive(Message message) {
            guarded(listener, () -> listener.control(message));
          }

          @Override
          public void viewAccepted(View view) {
            guarded(listener, () -> listener.controlView(view));
          }
        });
    bulk.setReceiver(
        new Receiver() {
          @Override
          public void receive(Message message) {
            guarded(listener, () -> listener.bulk(message));
          }

          @Override
          public void viewAccepted(View view) {
            guarded(listener, () -> listener.bulkView(view));
          }
        });
  }

  /** JGroups would log what a receiver throws, and go on as if the message had been received. */
  private static void guarded(Listener listener, Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      listener.failed(e);
    }
  }

  /** Joins the group of that name; blocks until it has. */
  public void connect(String group) throws Exception {
    bulk.connect(group + "-bulk");
    control.connect(group + "-control");
  }

  /** Looks for other groups now, rather than in the seconds that suffice during training. */
  public void mergeSoon() {
    mergeSoon(bulk);
    mergeSoon(control);
  }

  private static void mergeSoon(JChannel channel) {
    MERGE3 merge = channel.getProtocolStack().findProtocol(MERGE3.class);
    try {
      merge.sendInfo();
      merge.checkInconsistencies();
    } catch (RuntimeException e) {
      // The channel is being closed, or has no view yet; what throws here would end all ticks.
    }
  }

  /** Leaves the group; others notice at once, first that this worker is no member any more. */
  @Override
  public void close() {
    Util.close(control, bulk);
  }
}
