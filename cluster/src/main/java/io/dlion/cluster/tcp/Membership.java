package io.dlion.cluster.tcp;

import io.dlion.cluster.group.Acquaintances;
import io.dlion.cluster.group.Hello;
import io.dlion.cluster.link.Channels.Handler;
import io.dlion.cluster.transport.Speakers;
import io.dlion.core.WorkerId;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jgroups.Address;
import org.jspecify.annotations.Nullable;

/**
 * Who is a member at the moment, told to the worker one change at a time; and what members have
 * sent before the worker was ready for it. Safe for several threads: they wait for each other where
 * something changes, and for nobody where they look somebody up.
 */
final class Membership {
  /** Messages that may come before the worker is ready for them. */
  private static final int EARLY_MAX = 1024;

  private final Company company;
  private final Speakers speakers;
  private final RoundTrips roundTrips;
  private final Runnable afterChange;

  private final Object telling = new Object();
  private final Deque<Runnable> early = new ArrayDeque<>(); // guarded by telling
  private @Nullable Acquaintances acquaintances; // guarded by telling
  private @Nullable Handler handler; // guarded by telling; never changes once set
  private volatile Directory known = Directory.EMPTY;

  /**
   * Nobody is known yet.
   *
   * @param roundTrips forgets those who are no members any more
   * @param afterChange is run after each change, without any lock: hellos may have become due
   */
  Membership(Company company, Speakers speakers, RoundTrips roundTrips, Runnable afterChange) {
    this.company = company;
    this.speakers = speakers;
    this.roundTrips = roundTrips;
    this.afterChange = afterChange;
  }

  /**
   * This worker is in the group.
   *
   * @param bulkView is asked for while no other change can come in between
   */
  void begin(Hello own, Supplier<Collection<UUID>> bulkView) {
    synchronized (telling) {
      acquaintances = new Acquaintances(own, company.encodings());
      acquaintances.bulkView(bulkView.get());
    }
  }

  /** From now on what arrives goes to the handler, at first what has arrived before. */
  void open(Handler to) {
    synchronized (telling) {
      handler = to;
      early.forEach(Runnable::run);
      early.clear();
      to.members(known.members());
    }
  }

  /** What this worker says of itself. */
  Hello self() {
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

  /** Changes what is known of others; answers the members to be told of. */
  interface Change {
    List<Set<WorkerId>> on(Acquaintances a);
  }

  /** One at a time: of two changes that come together the older must not be told last. */
  void update(Change change) {
    List<Acquaintances.Refusal> refusals;
    List<String> doubts;
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
      doubts = a.takeDoubts();
      company.changed(a.memberHellos(), a.awaitsElder());
    }
    refusals.forEach(company::refused);
    doubts.forEach(company::doubted);
    afterChange.run();
  }

  /** The hellos that are due, each to be sent once. */
  Map<UUID, Hello> takeGreetings() {
    synchronized (telling) {
      return required().takeGreetings();
    }
  }

  /**
   * Strangers are to be asked again who they are; answers whether the worker does not train yet.
   */
  boolean askStrangers() {
    synchronized (telling) {
      required().askStrangers();
      return handler == null;
    }
  }

  /** Who is who, as of the last change. */
  Directory known() {
    return known;
  }

  /** The member behind an address, who shows by writing that it knows this worker. */
  @Nullable WorkerId member(Address from) {
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

  /** Something to be brought to the worker. */
  interface Delivery {
    void to(Handler handler);
  }

  /** Brings it now, or once the worker is ready. */
  void deliver(Delivery delivery) {
    Handler to;
    synchronized (telling) {
      to = handler;
      if (to == null) {
        if (early.size() == EARLY_MAX) {
          return; // as if lost on the way: nodes ask again for what they miss
        }
        early.add(() -> delivery.to(Objects.requireNonNull(handler)));
        return;
      }
    }
    delivery.to(to);
  }
}
