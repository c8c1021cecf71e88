package io.dlion.emulator.check.server;

import io.dlion.core.Phrase;
import io.dlion.core.WorkerId;
import io.dlion.core.batching.Cost;
import io.dlion.core.node.Action;
import io.dlion.core.node.Event;
import io.dlion.core.report.Report;
import io.dlion.core.server.method.ServerRule;
import io.dlion.core.strategy.Strategy;
import io.dlion.core.wire.CommitMessage;
import io.dlion.core.wire.CommitPlan;
import io.dlion.core.wire.Control;
import io.dlion.core.wire.Control.Standing;
import io.dlion.core.wire.Control.Standing.Flag;
import io.dlion.core.wire.GlobalModelMessage;
import io.dlion.core.wire.ValueFormat;
import io.dlion.emulator.check.server.LocalWalk.Candidate;
import io.dlion.emulator.check.server.ServedLedger.Account;
import io.dlion.emulator.check.witness.Checker;
import io.dlion.emulator.check.witness.Findings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * A server applies each commit of a client once, {@code W ← W − η·U} with its share of all batches,
 * and nothing else; its version grows by one with each. What it sends is the model as it is; it
 * answers whom its method lets it answer, and those at once. It begins with the newest model that
 * it can have. All is worked out from messages, in double precision, and compared.
 */
final class ServerChecker implements Checker<MemberView> {
  private static final double TOLERANCE = 1e-5;

  private final Findings findings;
  private final Strategy strategy;
  private final ServerRule rule;
  private final MethodTerms terms;
  private final ValueFormat answers;
  private final Map<MemberView, ServedLedger> ledgers = new WeakHashMap<>();
  private final Set<MemberView> ended = Collections.newSetFromMap(new WeakHashMap<>());
  private final Map<WorkerId, MemberView> serving = new HashMap<>();

  /** Models in the event that is looked at, in their order. */
  private final List<Candidate> models = new ArrayList<>();

  private Ending ending = (_, _, _) -> {};
  private int ownCommits;
  private long changes;
  private long judged;

  ServerChecker(Findings findings, Strategy strategy) {
    this.findings = findings;
    this.strategy = strategy;
    this.rule = strategy.server().orElseThrow();
    this.terms = MethodTerms.of(rule.method());
    this.answers = rule.answers();
  }

  /** Is told when a server ends the run. */
  interface Ending {
    /** A server ends it, for these others. */
    void ends(MemberView view, long nowNanos, Set<WorkerId> others);
  }

  /** Whom to tell. */
  void whenRunEnds(Ending whom) {
    ending = whom;
  }

  /** Changes of models. */
  long changes() {
    return changes;
  }

  /** Those of them that were worked out and compared. */
  long judged() {
    return judged;
  }

  /** The accounts of a member, if it serves. */
  Optional<ServedLedger> ledger(MemberView view) {
    return Optional.ofNullable(ledgers.get(view));
  }

  /** The accounts of a worker's present life, if it serves. */
  Optional<ServedLedger> ledger(WorkerId worker) {
    return Optional.ofNullable(serving.get(worker)).flatMap(this::ledger);
  }

  /** Whether a client waits for others, as its method demands. */
  boolean isHeld(WorkerId client) {
    return serving.values().stream()
        .flatMap(view -> ledger(view).stream())
        .anyMatch(ledger -> {
          Account account = ledger.accounts.get(client);
          return account != null && account.owed && ledger.lead(account) > terms.bound();
        });
  }

  @Override
  public void gone(WorkerId worker, long nowNanos) {
    MemberView view = serving.remove(worker);
    if (view != null) {
      ledgers.remove(view);
    }
  }

  @Override
  public void answered(MemberView view, long nowNanos, List<Action> actions) {
    ServedLedger ledger = ledgers.get(view);
    models.clear();
    ownCommits = 0;
    if (ledger == null) {
      if (!view.serves || view.finished) {
        return;
      }
      ledger = begins(view, nowNanos, actions);
    } else {
      told(view, ledger);
    }
    for (Action action : actions) {
      did(view, nowNanos, ledger, action);
    }
    if (view.serves) {
      found(view, nowNanos, ledger, actions);
    }
    if (!view.serves) {
      models.add(new Candidate(view.modelBefore, ledger.term, ledger.version));
    }
    models.forEach(view.walk::offer);
    if (view.ends) {
      ended.add(view);
    }
    if (view.serves && endsRun(actions)) {
      ending.ends(view, nowNanos, view.standings.keySet());
    }
    if (!view.serves || view.finished) {
      ledgers.remove(view);
      serving.remove(view.id);
    }
  }

  private static boolean endsRun(List<Action> actions) {
    for (Action action : actions) {
      if (action instanceof Action.Finish f && f.reason().endsRun()) {
        return true;
      }
    }
    return false;
  }

  // ---- it begins to serve

  private ServedLedger begins(MemberView view, long nowNanos, List<Action> actions) {
    long version = versionToldFirst(view, actions);
    Candidate origin = origin(view, version);
    checkNewest(view, nowNanos, origin, version);
    ServedLedger best = opened(view, origin.weights(), version);
    best.passed();
    // To its own client it is as an answer.
    models.add(new Candidate(Decoding.floats(best.model), best.term, version));
    ledgers.put(view, best);
    serving.put(view.id, view);
    return best;
  }

  /** Which of the models that it has it begins with: one of that version, if several are alike. */
  private Candidate origin(MemberView view, long version) {
    Candidate origin = new Candidate(view.modelBefore, view.walk.term, view.walk.version);
    List<Candidate> held = new ArrayList<>(view.walk.candidates); // taken after a step, perhaps
    held.add(origin);
    double least = Double.POSITIVE_INFINITY;
    float[] now = Decoding.floats(view.node.model());
    for (Candidate model : held.reversed()) {
      ServedLedger ledger = opened(view, model.weights(), version);
      ledger.preview(view, rule); // its own client may commit at once
      double off = Decoding.distance(ledger.model, now);
      boolean alike = off < TOLERANCE && least < TOLERANCE;
      boolean fits =
          model.version() == version
              && (origin.version() != version || model.term() > origin.term());
      if (alike ? fits : off < least) {
        origin = model;
        least = off;
      }
    }
    return origin;
  }

  private ServedLedger opened(MemberView view, float[] origin, long version) {
    ServedLedger ledger = new ServedLedger(strategy.batching(), Decoding.doubles(origin), version);
    if (view.hasData && rule.trains()) {
      ledger.open(view.id, view.life, 0);
      view.walk.cost.known().ifPresent(cost -> ledger.costs(view.id, cost));
    }
    view.others.forEach(other -> {
      Standing standing = view.standings.get(other);
      if (standing != null && standing.is(Flag.TRAINS) && !standing.is(Flag.FOLLOWS)) {
        ledger.open(other, standing.life(), standing.commits());
      }
    });
    return ledger;
  }

  private static long versionToldFirst(MemberView view, List<Action> actions) {
    for (Action action : actions) {
      switch (action) {
        case Action.Tell(Report.Serving r) -> {
          return r.version();
        }
        case Action.Send s
            when Decoding.of(s.payload(), view.replica) instanceof Standing t && t.serves() -> {
          return t.version();
        }
        default -> {}
      }
    }
    return 0;
  }

  private void checkNewest(MemberView view, long nowNanos, Candidate origin, long version) {
    if (origin.version() != version) {
      findings.add(
          view,
          nowNanos,
          "begins to serve with version " + origin.version() + " and tells of " + version);
    }
    Optional<Standing> newest =
        view.standings.values().stream()
            .max(Comparator.comparingLong(Standing::term).thenComparingLong(Standing::version));
    if (newest.isPresent()
        && !view.lacksModel()
        && (newest.get().term() > origin.term()
            || (newest.get().term() == origin.term()
                && newest.get().version() > origin.version()))) {
      findings.add(
          view,
          nowNanos,
          Phrase.of(
              "begins to serve from term %d, version %d where there is term %d, version %d",
              origin.term(), version, newest.get().term(), newest.get().version()));
    }
  }

  // ---- what it is told

  private void told(MemberView view, ServedLedger ledger) {
    view.lost.forEach(ledger::close);
    if (view.event instanceof Event.Computed) {
      view.walk
          .cost
          .known()
          .ifPresent(cost -> {
            Account own = ledger.accounts.get(view.id);
            if (own != null && !cost.equals(own.cost)) {
              ledger.costs(view.id, cost);
            }
          });
    }
    WorkerId from = view.from;
    if (from == null) {
      return;
    }
    switch (view.message) {
      case Standing s when !s.serves() -> heard(ledger, from, s);
      case CommitMessage c when !ended.contains(view) -> committed(ledger, from, c);
      case Control.Cost c -> ledger.costs(from, new Cost(c.alphaSeconds(), c.betaSeconds()));
      default -> {}
    }
  }

  private static void heard(ServedLedger ledger, WorkerId from, Standing s) {
    Account known = ledger.accounts.get(from);
    if (!s.is(Flag.CLIENT) || !s.is(Flag.TRAINS)) {
      return;
    }
    if (known == null || known.life != s.life()) {
      ledger.open(from, s.life(), s.commits());
    } else if (s.is(Flag.WAITS) && known.applied < s.commits()) {
      known.applied = s.commits(); // what is lost on the way must not come twice
      known.owed = false;
    }
  }

  private void committed(ServedLedger ledger, WorkerId from, CommitMessage commit) {
    Account account = ledger.accounts.get(from);
    if (account == null
        || commit.about().life() != account.life
        || commit.about().term() != ledger.term
        || commit.about().version() > ledger.version
        || commit.number() <= account.applied) {
      return;
    }
    account.applied = commit.number();
    double[] distance = Decoding.doubles(Decoding.floats(commit.values(), ledger.model.length));
    apply(ledger, account, distance, commit.about().version(), commit.about().steps());
  }

  private void apply(
      ServedLedger ledger, Account account, double[] distance, long began, int steps) {
    ledger.commit(account, rule.weight() * ledger.share(account), distance, began, steps);
    changed(ledger);
  }

  private void changed(ServedLedger ledger) {
    changes++;
    ledger.passed();
    models.add(new Candidate(Decoding.floats(ledger.model), ledger.term, ledger.version));
  }

  // ---- what it does

  private void did(MemberView view, long nowNanos, ServedLedger ledger, Action action) {
    switch (action) {
      case Action.Send a -> {
        switch (Decoding.of(a.payload(), view.replica)) {
          case GlobalModelMessage m -> sent(view, nowNanos, ledger, a.to(), m);
          case Standing s when s.serves() -> {
            ledger.term = ledger.term < 0 ? s.term() : ledger.term;
            if (s.term() != ledger.term) {
              findings.add(view, nowNanos, "goes from term " + ledger.term + " to " + s.term());
            }
            tells(view, nowNanos, ledger, s.version());
          }
          case Control.NextCommit c -> plans(view, nowNanos, ledger, a.to(), c.plan());
          default -> {}
        }
      }
      case Action.Tell(Report.Serving r) -> {
        if (r.version() == ledger.version + 1
            && view.event instanceof Event.TimersDue
            && ledger.restored < terms.restores()) {
          ledger.restore();
          changed(ledger);
        }
        tells(view, nowNanos, ledger, r.version());
      }
      case Action.Tell(Report.Committed r) when r.server().equals(view.id) ->
          commitsItself(view, nowNanos, ledger, r);
      default -> {}
    }
  }

  private void tells(MemberView view, long nowNanos, ServedLedger ledger, long version) {
    if (version != ledger.version) {
      findings.add(
          view, nowNanos, "tells of version " + version + " where it is " + ledger.version);
    }
  }

  private void plans(
      MemberView view, long nowNanos, ServedLedger ledger, WorkerId to, CommitPlan plan) {
    Account account = ledger.accounts.get(to);
    if (account == null) {
      findings.add(view, nowNanos, "plans for " + to + ", which is no client");
    } else if (plan.batch() != account.batch) {
      findings.add(
          view,
          nowNanos,
          "plans a batch of "
              + plan.batch()
              + " for "
              + to
              + " where "
              + account.batch
              + " is due");
    }
  }

  private void sent(
      MemberView view, long nowNanos, ServedLedger ledger, WorkerId to, GlobalModelMessage m) {
    boolean last = m.about().last();
    Account account = ledger.accounts.get(to);
    if (last) {
      tells(view, nowNanos, ledger, m.version());
      carries(view, nowNanos, ledger, to, m);
      return; // all get it
    }
    plans(view, nowNanos, ledger, to, m.about().plan());
    if (account == null) {
      return;
    }
    if (account.owed && !view.ends && ledger.lead(account) > terms.bound()) {
      findings.add(
          view,
          nowNanos,
          Phrase.of(
              "answers %s, which leads by %d commits of at most %d",
              to, ledger.lead(account), terms.bound()));
    }
    account.owed = false;
    boolean fits =
        (ledger.term < 0 || m.about().term() == ledger.term)
            && m.about().life() == account.life
            && m.about().acknowledged() == account.applied;
    if (!fits) {
      findings.add(
          view,
          nowNanos,
          Phrase.of(
              "sends %s a model that acknowledges commit %d of life %d in term %d; it is commit %d"
                  + " of life %d in term %d",
              to,
              m.about().acknowledged(),
              m.about().life(),
              m.about().term(),
              account.applied,
              account.life,
              ledger.term));
    }
    tells(view, nowNanos, ledger, m.version());
    carries(view, nowNanos, ledger, to, m);
  }

  private void carries(
      MemberView view, long nowNanos, ServedLedger ledger, WorkerId to, GlobalModelMessage m) {
    float[] values = Decoding.floats(m.values(), ledger.model.length);
    double off = Decoding.distance(ledger.model, values);
    if (off > (m.about().last() ? TOLERANCE : allowed(ledger.model))) {
      findings.add(
          view,
          nowNanos,
          Phrase.of("sends %s a model that is off by %.2e from version %d", to, off, m.version()));
    }
  }

  /** How far what was sent may be off from weights. */
  double allowed(double[] weights) {
    double greatest = 0;
    for (double w : weights) {
      greatest = Math.max(greatest, Math.abs(w));
    }
    return TOLERANCE + WalkChecker.roundingShare(answers) * greatest;
  }

  private void commitsItself(
      MemberView view, long nowNanos, ServedLedger ledger, Report.Committed r) {
    Account own = ledger.accounts.get(view.id);
    if (own == null || ownCommits >= view.walk.committed.size()) {
      findings.add(view, nowNanos, "commits to itself, and is not its client");
      return;
    }
    if (own.owed && ledger.lead(own) > terms.bound()) {
      findings.add(view, nowNanos, "commits to itself again before it is answered");
    }
    own.applied = r.commits();
    apply(ledger, own, view.walk.committed.get(ownCommits++), r.version(), r.steps());
  }

  // ---- what it has come to

  private void found(MemberView view, long nowNanos, ServedLedger ledger, List<Action> actions) {
    float[] now = Decoding.floats(view.node.model());
    double off = Decoding.distance(ledger.model, now);
    if (off > TOLERANCE) {
      findings.add(
          view,
          nowNanos,
          Phrase.of(
              "the model is off by %.2e at version %d: a commit was left out, applied twice, not"
                  + " from a client, or not by its weight",
              off, ledger.version));
    }
    judged += ledger.takeUnjudged();
    ledger.found(now);
    if (view.ends) {
      return;
    }
    ledger.accounts.forEach((id, account) -> {
      if (account.owed && ledger.lead(account) <= terms.bound()) {
        if (id.equals(view.id)) {
          account.owed = false;
        } else {
          findings.add(view, nowNanos, "does not answer " + id + ", which it may");
        }
      }
    });
    Account own = ledger.accounts.get(view.id);
    if (own != null && own.owed && !rule.overlap() && computes(actions)) {
      findings.add(view, nowNanos, "goes on before it is answered by itself");
    }
  }

  private static boolean computes(List<Action> actions) {
    for (Action action : actions) {
      if (action instanceof Action.Compute) {
        return true;
      }
    }
    return false;
  }

  /** The model of a server at a version, if a client may hold it. */
  Optional<float[]> model(WorkerId server, long term, long version) {
    return ledger(server).filter(l -> l.term == term).flatMap(l -> l.at(version));
  }
}
