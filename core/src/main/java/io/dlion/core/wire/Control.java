package io.dlion.core.wire;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Small messages that steer: they travel before gradients and weights. */
public sealed interface Control {
  /** The longest of them. */
  int STANDING_BYTES = 45;

  /** Which kind of message carries it. */
  MessageType type();

  /**
   * A worker's step time: {@code time(b) = alpha + beta · b}.
   *
   * @param alphaSeconds time of a step that does not depend on the batch, at least 0
   * @param betaSeconds time per sample, more than 0
   */
  record Cost(double alphaSeconds, double betaSeconds) implements Control {
    @Override
    public MessageType type() {
      return MessageType.COST;
    }
  }

  /**
   * A worker's loss in a transfer round.
   *
   * @param round number of the round, from 1
   * @param meanLoss mean training loss over the window
   * @param standardError standard error of that mean
   */
  record RoundLoss(long round, double meanLoss, double standardError) implements Control {
    @Override
    public MessageType type() {
      return MessageType.ROUND_LOSS;
    }
  }

  /**
   * Asks for weights.
   *
   * @param round whose best worker the receiver is; 0 to catch up with it
   */
  record WeightsRequest(long round) implements Control {
    @Override
    public MessageType type() {
      return MessageType.WEIGHTS_REQUEST;
    }
  }

  /**
   * What a worker measured on its test set after an iteration.
   *
   * @param without evaluations in a row, with this one, that were no better than its best
   */
  record Accuracy(long iteration, double accuracy, double loss, int without) implements Control {
    @Override
    public MessageType type() {
      return MessageType.ACCURACY;
    }
  }

  /**
   * The global batch size from an adjustment point on, decided by the least live worker.
   *
   * @param point number of the adjustment point, from 1
   * @param samples B
   */
  record GlobalBatch(long point, int samples) implements Control {
    @Override
    public MessageType type() {
      return MessageType.GLOBAL_BATCH;
    }
  }

  /**
   * A token put into the receiver's queue, see {@link io.dlion.core.sync.TokenQueue}.
   *
   * @param iteration its number; those before it are in as well
   */
  record Token(long iteration) implements Control {
    @Override
    public MessageType type() {
      return MessageType.TOKEN;
    }
  }

  /**
   * Updates that will take long are about to be sent, see {@link io.dlion.core.sync.Barrier}.
   *
   * @param iteration the newest one of the sender that is part of them
   */
  record Barrier(long iteration) implements Control {
    @Override
    public MessageType type() {
      return MessageType.BARRIER;
    }
  }

  /**
   * How far the sender has come. It greets new members with it, and answers those who have waited
   * for it suspiciously long. It travels behind the gradients sent before, so that what has not
   * arrived by then never will.
   *
   * @param sent newest iteration of which the receiver was sent a gradient or need not expect one;
   *     -1 before the first
   * @param leftOut newest iteration of which the receiver was not sent a gradient on purpose; -1 if
   *     none. What has not arrived of later ones is lost
   * @param global the sender's global batch size B, in samples
   * @param workers the number of workers that B is meant for
   * @param points adjustment points of B that it has passed
   * @param settled whether B is decided; until then it is what the first steps are divided from
   * @param asks whether the sender wants to know the same of the receiver
   */
  record Status(
      long sent, long leftOut, int global, int workers, long points, boolean settled, boolean asks)
      implements Control {
    @Override
    public MessageType type() {
      return MessageType.STATUS;
    }
  }

  /**
   * How far the sender has come, where gradients are not exchanged.
   *
   * @param iteration the newest one that it has computed
   * @param samples all samples it has processed so far
   */
  record Progress(long iteration, long samples) implements Control {
    @Override
    public MessageType type() {
      return MessageType.PROGRESS;
    }
  }

  /**
   * What a member of a run with a server knows, so that the members agree on who serves. It greets
   * new members and a new server with it, and a server tells it now and then.
   *
   * @param term of the last server whose model the sender holds; 0 for the initial weights
   * @param version of that model: commits, or rounds of commits, in it
   * @param life of the sender: when it began, in nanoseconds since the run did; a member that comes
   *     again has another
   * @param commits number of the last commit that the sender has sent in this life
   * @param followers clients that the sender serves; 0 if it does not
   * @param bytesPerSecond mean goodput of its lines, where they were measured to choose a server;
   *     else 0
   * @param flags what else is true of the sender
   */
  record Standing(
      long term,
      long version,
      long life,
      long commits,
      int followers,
      double bytesPerSecond,
      Set<Flag> flags)
      implements Control {
    /** Copies the flags. */
    public Standing {
      flags = Set.copyOf(flags);
    }

    /** What else is true of a member; the wire carries a bit for each. */
    public enum Flag {
      /** It is the server. */
      SERVES,
      /** It has training data, and trains. */
      TRAINS,
      /** It waits for an answer to its last commit. */
      WAITS,
      /** It knows who serves. */
      FOLLOWS,
      /** It has measured its lines, or had time enough for it. */
      MEASURED,
      /** It wants to know the same of the receiver. */
      ASKS,
      /** Its server is the receiver. */
      CLIENT
    }

    /** Whether the sender is the server. */
    public boolean serves() {
      return flags.contains(Flag.SERVES);
    }

    /** Whether something is true of the sender. */
    public boolean is(Flag flag) {
      return flags.contains(flag);
    }

    @Override
    public MessageType type() {
      return MessageType.STANDING;
    }
  }

  /**
   * When the receiver, a client of the sender, is to commit next.
   *
   * @param holds whether the receiver holds the sender's model, so that it may commit; else it is
   *     told again, or gets the model
   */
  record NextCommit(CommitPlan plan, boolean holds) implements Control {
    @Override
    public MessageType type() {
      return MessageType.NEXT_COMMIT;
    }
  }

  /**
   * Lines are too thin for a mesh: gradients travel along a tree from now on, see {@link
   * io.dlion.core.topology.SiteTree}. Decided by the least live worker, once; those who know it
   * tell those who come.
   */
  record ThinLines() implements Control {
    @Override
    public MessageType type() {
      return MessageType.THIN_LINES;
    }
  }

  /** The sender stops taking part, and why. */
  record Goodbye(Reason reason) implements Control {
    @Override
    public MessageType type() {
      return MessageType.GOODBYE;
    }
  }

  /** Why a worker stopped. The wire carries the ordinal. */
  enum Reason {
    /** All epochs are done. */
    EPOCHS,
    /** The time is over. */
    TIME,
    /** The target accuracy is reached. */
    TARGET,
    /** A person asked this worker to stop. */
    REQUEST,
    /** Its loss was not finite several times running. */
    DIVERGED,
    /** It failed. */
    FAILURE,
    /** Evaluations have brought nothing better for as long as was asked for. */
    PATIENCE,
    /** An operator ended the run, for all. */
    STOPPED,
    /** This worker rests, and comes back: by an operator's wish, or because of the hour. */
    PAUSED;

    /** Whether the whole run is over, and not just for the worker that says so. */
    public boolean endsRun() {
      return this == EPOCHS
          || this == TIME
          || this == TARGET
          || this == PATIENCE
          || this == STOPPED;
    }

    /** Whether a worker that was in good order leaves the others, which go on. */
    public boolean leavesRun() {
      return this == REQUEST || this == PAUSED;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Encodes a control message for workers of the given layout. */
  static Payload encode(Control control, long layoutFingerprint) {
    byte[] b = new byte[Frame.BYTES + STANDING_BYTES];
    int at = Frame.BYTES;
    switch (control) {
      case Cost c -> at = doubles(b, at, c.alphaSeconds, c.betaSeconds);
      case RoundLoss c -> {
        Bytes.putLong(b, at, c.round);
        at = doubles(b, at + 8, c.meanLoss, c.standardError);
      }
      case WeightsRequest c -> {
        Bytes.putLong(b, at, c.round);
        at += 8;
      }
      case Accuracy c -> {
        Bytes.putLong(b, at, c.iteration);
        at = doubles(b, at + 8, c.accuracy, c.loss);
        Bytes.putInt(b, at, c.without);
        at += 4;
      }
      case GlobalBatch c -> {
        Bytes.putLong(b, at, c.point);
        Bytes.putInt(b, at + 8, c.samples);
        at += 12;
      }
      case Token c -> {
        Bytes.putLong(b, at, c.iteration);
        at += 8;
      }
      case Barrier c -> {
        Bytes.putLong(b, at, c.iteration);
        at += 8;
      }
      case Status c -> {
        Bytes.putLong(b, at, c.sent);
        Bytes.putLong(b, at + 8, c.leftOut);
        Bytes.putInt(b, at + 16, c.global);
        Bytes.putInt(b, at + 20, c.workers);
        Bytes.putLong(b, at + 24, c.points);
        b[at + 32] = (byte) ((c.asks ? 1 : 0) | (c.settled ? 2 : 0));
        at += 33;
      }
      case Progress c -> {
        Bytes.putLong(b, at, c.iteration);
        Bytes.putLong(b, at + 8, c.samples);
        at += 16;
      }
      case Standing c -> at = standing(b, at, c);
      case NextCommit c -> {
        at = c.plan.write(b, at);
        b[at++] = (byte) (c.holds ? 1 : 0);
      }
      case ThinLines _ -> {}
      case Goodbye c -> b[at++] = (byte) c.reason.ordinal();
    }
    Frame.seal(b, at, control.type(), layoutFingerprint);
    return new Payload(b, at);
  }

  private static int doubles(byte[] b, int at, double first, double second) {
    Bytes.putDouble(b, at, first);
    Bytes.putDouble(b, at + 8, second);
    return at + 16;
  }

  /**
   * Reads and checks a control message whose frame is already {@linkplain Frame#open opened}.
   *
   * @throws MalformedMessageException if it is not one, or its numbers make no sense
   */
  static Control parse(Payload payload, MessageType type) throws MalformedMessageException {
    byte[] b = payload.bytes();
    int at = Frame.BYTES;
    int body = payload.length() - at;
    int expected =
        switch (type) {
          case COST, PROGRESS -> 16;
          case ROUND_LOSS -> 24;
          case ACCURACY -> 28;
          case WEIGHTS_REQUEST, TOKEN, BARRIER -> 8;
          case GLOBAL_BATCH -> 12;
          case STATUS -> 33;
          case STANDING -> STANDING_BYTES;
          case NEXT_COMMIT -> CommitPlan.BYTES + 1;
          case GOODBYE -> 1;
          case THIN_LINES -> 0;
          case GRADIENT, WEIGHTS, COMMIT, MODEL, PROBE, STREAM ->
              throw new IllegalArgumentException(type + " is not a control message");
        };
    if (body != expected) {
      throw new MalformedMessageException(
          type + " of " + body + " bytes: " + expected + " expected");
    }
    Control control =
        switch (type) {
          case COST -> new Cost(Bytes.getDouble(b, at), Bytes.getDouble(b, at + 8));
          case ROUND_LOSS ->
              new RoundLoss(
                  Bytes.getLong(b, at), Bytes.getDouble(b, at + 8), Bytes.getDouble(b, at + 16));
          case WEIGHTS_REQUEST -> new WeightsRequest(Bytes.getLong(b, at));
          case ACCURACY ->
              new Accuracy(
                  Bytes.getLong(b, at),
                  Bytes.getDouble(b, at + 8),
                  Bytes.getDouble(b, at + 16),
                  Bytes.getInt(b, at + 24));
          case GLOBAL_BATCH -> new GlobalBatch(Bytes.getLong(b, at), Bytes.getInt(b, at + 8));
          case TOKEN -> new Token(Bytes.getLong(b, at));
          case BARRIER -> new Barrier(Bytes.getLong(b, at));
          case STATUS -> status(b, at);
          case PROGRESS -> new Progress(Bytes.getLong(b, at), Bytes.getLong(b, at + 8));
          case GOODBYE -> {
            if (b[at] < 0 || b[at] >= Reason.values().length) {
              throw new MalformedMessageException("goodbye for unknown reason " + b[at]);
            }
            yield new Goodbye(Reason.values()[b[at]]);
          }
          case THIN_LINES -> new ThinLines();
          case STANDING -> standing(b, at);
          case NEXT_COMMIT -> nextCommit(b, at);
          case GRADIENT, WEIGHTS, COMMIT, MODEL, PROBE, STREAM -> throw new AssertionError(type);
        };
    if (!plausible(control)) {
      throw new MalformedMessageException("impossible values: " + control);
    }
    return control;
  }

  private static Status status(byte[] b, int at) throws MalformedMessageException {
    int flags = b[at + 32];
    if (flags < 0 || flags > 3) {
      throw new MalformedMessageException("status with flags " + flags);
    }
    return new Status(
        Bytes.getLong(b, at),
        Bytes.getLong(b, at + 8),
        Bytes.getInt(b, at + 16),
        Bytes.getInt(b, at + 20),
        Bytes.getLong(b, at + 24),
        (flags & 2) != 0,
        (flags & 1) != 0);
  }

  private static int standing(byte[] b, int at, Standing c) {
    Bytes.putLong(b, at, c.term);
    Bytes.putLong(b, at + 8, c.version);
    Bytes.putLong(b, at + 16, c.life);
    Bytes.putLong(b, at + 24, c.commits);
    Bytes.putInt(b, at + 32, c.followers);
    Bytes.putDouble(b, at + 36, c.bytesPerSecond);
    int flags = 0;
    for (Standing.Flag flag : c.flags) {
      flags |= 1 << flag.ordinal();
    }
    b[at + 44] = (byte) flags;
    return at + STANDING_BYTES;
  }

  private static Standing standing(byte[] b, int at) throws MalformedMessageException {
    int bits = b[at + 44];
    if (bits < 0 || bits >= 1 << Standing.Flag.values().length) {
      throw new MalformedMessageException("standing with flags " + bits);
    }
    Set<Standing.Flag> flags = EnumSet.noneOf(Standing.Flag.class);
    for (Standing.Flag flag : Standing.Flag.values()) {
      if ((bits & 1 << flag.ordinal()) != 0) {
        flags.add(flag);
      }
    }
    return new Standing(
        Bytes.getLong(b, at),
        Bytes.getLong(b, at + 8),
        Bytes.getLong(b, at + 16),
        Bytes.getLong(b, at + 24),
        Bytes.getInt(b, at + 32),
        Bytes.getDouble(b, at + 36),
        flags);
  }

  private static NextCommit nextCommit(byte[] b, int at) throws MalformedMessageException {
    int holds = b[at + CommitPlan.BYTES];
    if (holds < 0 || holds > 1) {
      throw new MalformedMessageException("next commit with flags " + holds);
    }
    return new NextCommit(CommitPlan.read(b, at), holds == 1);
  }

  private static boolean plausible(Control control) {
    return switch (control) {
      case Cost c ->
          c.alphaSeconds >= 0
              && c.alphaSeconds < 1e6
              && c.betaSeconds > 1e-30 // so that samples per second are finite
              && c.betaSeconds < 1e6;
      case RoundLoss c ->
          c.round > 0
              && Counts.arePossible(c.round)
              && Double.isFinite(c.meanLoss)
              && c.standardError >= 0
              && c.standardError < 1e300;
      case WeightsRequest c -> Counts.arePossible(c.round);
      case Accuracy c ->
          Counts.arePossible(c.iteration)
              && Double.isFinite(c.accuracy)
              && c.accuracy <= 1
              && c.without >= 0;
      case GlobalBatch c -> c.point > 0 && Counts.arePossible(c.point) && c.samples > 0;
      case Token c -> Counts.arePossible(c.iteration);
      case Barrier c -> Counts.arePossible(c.iteration);
      case Status c ->
          c.sent >= -1
              && c.leftOut >= -1
              && Counts.arePossible(c.sent + 1, c.leftOut + 1, c.points)
              && c.workers > 0
              && c.global >= c.workers;
      case Progress c -> Counts.arePossible(c.iteration, c.samples);
      case Standing c ->
          Counts.arePossible(c.term, c.version, c.commits)
              && c.life >= 0
              && c.followers >= 0
              && c.bytesPerSecond >= 0
              && c.bytesPerSecond < 1e15;
      case NextCommit c -> c.plan.isPlausible();
      case ThinLines _, Goodbye _ -> true;
    };
  }
}
