package io.dlion.cluster.group;

import io.dlion.core.WorkerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who is behind the addresses of the two channels' views. A worker is a member when its control and
 * its bulk address are both in view, it has introduced itself, and it trains the same job. Of two
 * with one name the one that was there first is the member.
 *
 * <p>Pure bookkeeping: what is to be told and sent is answered, not done. Addresses are the UUIDs
 * that JGroups gives them. Not thread safe.
 */
public final class Acquaintances {
  private final UUID self;
  private final Encodings encodings;
  private List<UUID> control = List.of();
  private Set<UUID> bulk = Set.of();
  private final Map<UUID, Hello> hellos = new HashMap<>();
  private final Map<UUID, Integer> encounters = new HashMap<>();
  private final Set<UUID> ungreeted = new HashSet<>();

  /** Those who know this worker: only they understand what it sends. */
  private final Set<UUID> confirmed = new HashSet<>();

  private final Map<UUID, String> refused = new LinkedHashMap<>();
  private final Set<String> doubtedSites = new HashSet<>();
  private final Set<String> doubts = new HashSet<>();
  private Map<WorkerId, UUID> members = new TreeMap<>();

  /** Nobody but oneself is known yet. */
  public Acquaintances(Hello self, Encodings encodings) {
    this.encodings = encodings;
    this.self = self.incarnation();
    hellos.put(this.self, self);
  }

  /** What this worker says of itself to everybody. */
  public Hello self() {
    return known(self);
  }

  private Hello known(UUID address) {
    Hello hello = hellos.get(address);
    if (hello == null) {
      throw new IllegalStateException("nothing known of " + address);
    }
    return hello;
  }

  /** This worker has something new to say of itself; everybody is to be told. */
  public void introduce(Hello changed) {
    hellos.put(self, changed);
    control.stream().filter(a -> !a.equals(self)).forEach(ungreeted::add);
  }

  /**
   * The control channel has another view.
   *
   * @param view in the order of coming
   * @return the members to be told of, one after the other; empty where nothing has changed
   */
  public List<Set<WorkerId>> controlView(List<UUID> view) {
    hellos.keySet().retainAll(withSelf(view));
    confirmed.retainAll(view);
    refused.keySet().retainAll(view);
    ungreeted.retainAll(view);
    for (UUID address : view) {
      if (!control.contains(address) && !address.equals(self)) {
        meet(address);
      }
    }
    control = List.copyOf(view);
    return changes(Set.of());
  }

  private Set<UUID> withSelf(Collection<UUID> view) {
    Set<UUID> all = new HashSet<>(view);
    all.add(self);
    return all;
  }

  private void meet(UUID address) {
    encounters.merge(address, 1, Integer::sum);
    ungreeted.add(address);
  }

  /** The bulk channel has another view; answers as {@link #controlView} does. */
  public List<Set<WorkerId>> bulkView(Collection<UUID> view) {
    bulk = Set.copyOf(view);
    Set<UUID> before = Set.copyOf(members.values());
    List<Set<WorkerId>> told = changes(Set.of());
    before.stream()
        .filter(a -> control.contains(a) && !members.containsValue(a))
        .forEach(this::meet); // it must know that something may have been lost
    return told;
  }

  /** Somebody has introduced itself; answers as {@link #controlView} does. */
  public List<Set<WorkerId>> greeted(UUID from, Hello hello) {
    if (from.equals(self) || !from.equals(hello.incarnation())) {
      return List.of();
    }
    Hello before = hellos.put(from, hello);
    boolean lostSight =
        before != null && before.meeting().encounter() != hello.meeting().encounter();
    if (lostSight) {
      confirmed.remove(from);
    }
    if (hello.meeting().asks() || before == null) {
      ungreeted.add(from);
    }
    if (!hello.meeting().asks()) {
      confirmed.add(from);
    }
    if (!control.contains(from)) {
      return List.of(); // its view is ahead of this one
    }
    return changes(lostSight ? Set.of(hello.name()) : Set.of());
  }

  /** Somebody who has introduced itself and is not known to know this worker; null else. */
  @Nullable
  public UUID unconfirmed(UUID controlOrBulk) {
    for (Map.Entry<UUID, Hello> known : hellos.entrySet()) {
      boolean sender =
          known.getKey().equals(controlOrBulk) || known.getValue().bulk().equals(controlOrBulk);
      if (sender && !confirmed.contains(known.getKey())) {
        return known.getKey();
      }
    }
    return null;
  }

  /** It has sent a message, so it knows this worker; answers as {@link #controlView} does. */
  public List<Set<WorkerId>> heard(UUID unconfirmed) {
    confirmed.add(unconfirmed);
    return changes(Set.of());
  }

  /** Those to whom this worker has to introduce itself, each with what it is to say. */
  public Map<UUID, Hello> takeGreetings() {
    Map<UUID, Hello> greetings = new LinkedHashMap<>();
    for (UUID address : ungreeted) {
      greetings.put(address, greeting(address));
    }
    ungreeted.clear();
    return greetings;
  }

  /** Members of the group that have not introduced themselves yet are asked to, once more. */
  public void askStrangers() {
    control.stream().filter(a -> !hellos.containsKey(a)).forEach(ungreeted::add);
  }

  private Hello greeting(UUID address) {
    return self().to(encounters.getOrDefault(address, 0), !hellos.containsKey(address));
  }

  /** Workers in view with whom this one cannot train, and why; newly refused ones only once. */
  public List<Refusal> takeRefusals() {
    List<Refusal> fresh = new ArrayList<>();
    for (UUID address : control) {
      Hello hello = hellos.get(address);
      if (hello == null || hello.role() != Hello.Role.WORKER || address.equals(self)) {
        continue;
      }
      Optional<String> why = objection(address, hello);
      if (why.isEmpty()) {
        refused.remove(address);
      } else if (!why.get().equals(refused.put(address, why.get()))) {
        boolean first = control.indexOf(address) < control.indexOf(self);
        fresh.add(new Refusal(hello.name(), hello.identity().site(), why.get(), first));
      }
    }
    return fresh;
  }

  /**
   * Somebody with whom this worker cannot train.
   *
   * @param name of the other
   * @param site of the other
   * @param reason what differs, as a sentence without its end
   * @param wasFirst whether the other was there before this worker
   */
  public record Refusal(WorkerId name, String site, String reason, boolean wasFirst) {
    /** Name and site, for people. */
    public String who() {
      return name + " at " + site;
    }
  }

  /**
   * What makes it doubtful that the data of members means the same, each with the member's name and
   * site; once for each site, since its workers have parts of one data set.
   */
  public List<String> takeDoubts() {
    List<String> fresh = new ArrayList<>();
    for (Hello hello : memberHellos()) {
      String site = hello.identity().site();
      if (!hello.incarnation().equals(self) && !doubtedSites.contains(site)) {
        encodings
            .doubt(self().offer(), hello.offer(), "at " + site)
            .filter(text -> doubtedSites.add(site) && doubts.add(text))
            .ifPresent(text -> fresh.add(hello.name() + " at " + site + ": " + text));
      }
    }
    return fresh;
  }

  /** Another job, or data that cannot be encoded alike. */
  private Optional<String> objectionTo(Hello hello) {
    return self().objectionTo(hello).or(() -> encodings.objection(self().offer(), hello.offer()));
  }

  private Optional<String> objection(UUID address, Hello hello) {
    Optional<String> job = objectionTo(hello);
    if (job.isPresent()) {
      return job;
    }
    UUID owner = members.get(hello.name());
    boolean taken = hello.name().equals(self().name()) || (owner != null && !owner.equals(address));
    return taken ? Optional.of("there are two workers called " + hello.name()) : Optional.empty();
  }

  private List<Set<WorkerId>> changes(Set<WorkerId> lostSight) {
    Map<WorkerId, UUID> now = new TreeMap<>();
    for (UUID address : control) {
      Hello hello = hellos.get(address);
      if (hello != null && isMember(address, hello)) {
        // Who is a member stays it against another of the same name.
        boolean stays = address.equals(members.get(hello.name()));
        if (stays || address.equals(self)) {
          now.put(hello.name(), address);
        } else {
          now.putIfAbsent(hello.name(), address);
        }
      }
    }
    Set<WorkerId> replaced = new TreeSet<>(lostSight);
    members.forEach((id, address) -> {
      UUID after = now.get(id);
      if (after != null && !after.equals(address)) {
        replaced.add(id);
      }
    });
    replaced.retainAll(now.keySet());
    replaced.retainAll(members.keySet());
    boolean same = now.equals(members);
    members = now;
    List<Set<WorkerId>> told = new ArrayList<>();
    if (!replaced.isEmpty()) {
      Set<WorkerId> without = new TreeSet<>(now.keySet());
      without.removeAll(replaced);
      told.add(without);
    }
    if (!same || !replaced.isEmpty()) {
      told.add(new TreeSet<>(now.keySet()));
    }
    return told;
  }

  private boolean isMember(UUID address, Hello hello) {
    return hello.role() == Hello.Role.WORKER
        && bulk.contains(hello.bulk())
        && (address.equals(self) || confirmed.contains(address))
        && (address.equals(self) || !hello.name().equals(self().name()))
        && objectionTo(hello).isEmpty();
  }

  /** The members, this worker included once it is in both views. */
  public Set<WorkerId> members() {
    return new TreeSet<>(members.keySet());
  }

  /** What members have said of themselves, in the order of coming. */
  public List<Hello> memberHellos() {
    return control.stream().filter(members::containsValue).map(this::known).toList();
  }

  /**
   * Whether somebody who was there before this worker is in view and no member yet, though it may
   * become one: it may train already, or decide who begins.
   */
  public boolean awaitsElder() {
    return control.stream()
        .takeWhile(address -> !address.equals(self))
        .filter(address -> !members.containsValue(address))
        .map(hellos::get)
        .anyMatch(hello ->
            hello == null
                || (hello.role() == Hello.Role.WORKER
                    && objection(hello.incarnation(), hello).isEmpty()));
  }

  /** A member by its control address; null for anybody else. */
  @Nullable WorkerId byControl(UUID address) {
    Hello hello = hellos.get(address);
    return hello != null && address.equals(members.get(hello.name())) ? hello.name() : null;
  }

  /** A member by its bulk address; null for anybody else. */
  @Nullable WorkerId byBulk(UUID address) {
    for (Map.Entry<WorkerId, UUID> member : members.entrySet()) {
      if (known(member.getValue()).bulk().equals(address)) {
        return member.getKey();
      }
    }
    return null;
  }

  /** What a member has said of itself; null if it is none. */
  @Nullable Hello find(WorkerId member) {
    UUID address = members.get(member);
    return address == null ? null : known(address);
  }
}
