package io.dlion.emulator.network;

import io.dlion.emulator.time.VirtualTime;
import io.dlion.emulator.time.VirtualTime.Appointment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Links that may share ports, and so take rates from each other: those between sites, or those of
 * one LAN. However much changes at one instant, rates are worked out once.
 */
final class Fabric {
  private final VirtualTime time;
  private final List<Port> senders = new ArrayList<>();
  private final List<Port> receivers = new ArrayList<>();
  private final List<Port> own = new ArrayList<>();
  private final MaxMin maxMin = new MaxMin(List.of(senders, receivers, own));
  private boolean stale;

  /** Links that pass the ports of relays. */
  private int relayed;

  private @Nullable Appointment wake;

  private record Departure(Link link, Message message, int life, int losses) {}

  Fabric(VirtualTime time) {
    this.time = time;
  }

  void addSender(Port port) {
    senders.add(port);
  }

  void addReceiver(Port port) {
    receivers.add(port);
  }

  /** Adds a port that a single link passes. */
  void addOwn(Port port) {
    own.add(port);
  }

  /** Looks up what the ports carry from now on. */
  void refresh() {
    for (List<Port> side : List.of(senders, receivers, own)) {
      side.forEach(p -> p.refresh(time.nowNanos()));
    }
    changed();
  }

  /** Something waits on a link: it begins, or turns to what is more urgent. */
  void attend(Link link) {
    if (link.busy()) {
      link.preempt(time.nowNanos());
      wakeAt(link.finishNanos());
    } else if (link.start(time.nowNanos())) {
      changed();
    }
  }

  /** A link carries nothing from now on. */
  void halt(Link link) {
    if (link.busy()) {
      link.stop(time.nowNanos());
      changed();
    }
  }

  /** A link goes another way, over relays or not; it carries nothing just now. */
  void reroute(Link link, Runnable change) {
    relayed -= link.isRelayed() ? 1 : 0;
    change.run();
    relayed += link.isRelayed() ? 1 : 0;
  }

  private void changed() {
    if (!stale) {
      stale = true;
      time.after(0, this::share);
    }
  }

  private void share() {
    stale = false;
    maxMin.fill(relayed > 0);
    for (Port sender : senders) {
      sender.expectNothing();
      for (Link link : sender.links()) {
        link.takeShare(time.nowNanos());
      }
    }
    wakeAt(nextNanos());
  }

  private long nextNanos() {
    long next = Long.MAX_VALUE;
    for (Port sender : senders) {
      next = Math.min(next, sender.nextNanos());
    }
    return next;
  }

  /** Waking for nothing does no harm, waking late would. */
  private void wakeAt(long nanos) {
    if (wake != null && wake.atNanos() <= nanos) {
      return;
    }
    if (wake != null) {
      wake.cancel();
    }
    wake = nanos == Long.MAX_VALUE ? null : time.at(nanos, this::depart);
  }

  /** Lets go what leaves now; who hears of it may send again. */
  private void depart() {
    wake = null;
    long now = time.nowNanos();
    List<Departure> departures = new ArrayList<>();
    for (Link link : finished(now)) {
      Message message = link.finish(now);
      departures.add(new Departure(link, message, link.life(), message.losses));
      if (!link.busy()) {
        changed();
      }
    }
    wakeAt(nextNanos());
    departures.forEach(this::tell);
  }

  private List<Link> finished(long nowNanos) {
    List<Link> finished = new ArrayList<>();
    for (Port sender : senders) {
      if (sender.nextNanos() <= nowNanos) {
        sender.expectNothing();
        for (Link link : sender.links()) {
          if (!link.isFrom(sender)) {
            continue; // relayed here: it finishes at its sender
          }
          if (link.finishNanos() <= nowNanos) {
            finished.add(link);
          } else {
            sender.expect(link.finishNanos());
          }
        }
      }
    }
    return finished;
  }

  private void tell(Departure departure) {
    Link link = departure.link;
    Message message = departure.message;
    if (link.life() == departure.life) {
      if (!message.told) {
        message.told = true;
        message.left.run();
      }
      if (message.losses == departure.losses) {
        time.at(
            link.arrivalNanos(time.nowNanos()),
            () -> {
              if (link.life() == departure.life && message.losses == departure.losses) {
                link.arrived(message);
                message.delivered.run();
              }
            });
      }
    }
  }
}
