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
  private final MaxMin maxMin = new MaxMin();
  private final List<Port> ports = new ArrayList<>();

  /** Every busy link passes exactly one of these. */
  private final List<Port> senders = new ArrayList<>();

  private boolean stale;
  private @Nullable Appointment wake;

  private record Departure(Link link, Message message, int life) {}

  Fabric(VirtualTime time) {
    this.time = time;
  }

  void addSender(Port port) {
    ports.add(port);
    senders.add(port);
  }

  void add(Port port) {
    ports.add(port);
  }

  /** Looks up what the ports carry from now on. */
  void refresh() {
    ports.forEach(p -> p.refresh(time.nowNanos()));
    changed();
  }

  /** Something waits on a link: it begins, or turns to what is more urgent. */
  void attend(Link link) {
    if (link.busy()) {
      link.preempt(time.nowNanos());
      wakeAt(link.finishNanos());
    } else if (link.start(time.nowNanos())) {
      for (Port port : link.ports) {
        port.links.add(link);
      }
      changed();
    }
  }

  /** A link carries nothing from now on. */
  void halt(Link link) {
    if (link.busy()) {
      link.stop(time.nowNanos());
      release(link);
    }
  }

  private void release(Link link) {
    for (Port port : link.ports) {
      port.links.remove(link);
    }
    changed();
  }

  private void changed() {
    if (!stale) {
      stale = true;
      time.after(0, this::share);
    }
  }

  private void share() {
    stale = false;
    maxMin.fill(ports);
    long now = time.nowNanos();
    long next = Long.MAX_VALUE;
    for (Port port : senders) {
      for (Link link : port.links) {
        link.takeShare(now);
        next = Math.min(next, link.finishNanos());
      }
    }
    wakeAt(next);
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
    List<Link> finished = new ArrayList<>();
    long next = Long.MAX_VALUE;
    for (Port port : senders) {
      for (Link link : port.links) {
        if (link.finishNanos() <= now) {
          finished.add(link);
        } else {
          next = Math.min(next, link.finishNanos());
        }
      }
    }
    List<Departure> departures = new ArrayList<>(finished.size());
    for (Link link : finished) {
      departures.add(new Departure(link, link.finish(now), link.life()));
      if (link.busy()) {
        next = Math.min(next, link.finishNanos());
      } else {
        release(link);
      }
    }
    wakeAt(next);
    departures.forEach(this::tell);
  }

  private void tell(Departure departure) {
    Link link = departure.link;
    if (link.life() == departure.life) {
      departure.message.left.run();
      time.after(
          link.latencyNanos,
          () -> {
            if (link.life() == departure.life) {
              departure.message.delivered.run();
            }
          });
    }
  }
}
