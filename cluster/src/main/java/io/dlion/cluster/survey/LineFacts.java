package io.dlion.cluster.survey;

import io.dlion.core.wire.MalformedMessageException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What was found of a worker's line to another. */
public sealed interface LineFacts {
  /** The other's process. */
  UUID target();

  /**
   * It was measured.
   *
   * @param roundTripSeconds the median of some, while nothing else was sent
   * @param outBytesPerSecond payload to the other
   * @param inBytesPerSecond payload from the other
   */
  record Measured(
      UUID target, double roundTripSeconds, double outBytesPerSecond, double inBytesPerSecond)
      implements LineFacts {
    private static final double SECONDS_MAX = 1000;
    private static final double RATE_MAX = 1e12;

    /** Checks that all figures are possible. */
    public Measured {
      Facts.require("a round trip", roundTripSeconds, 0, SECONDS_MAX);
      Facts.require("a rate", outBytesPerSecond, 1, RATE_MAX);
      Facts.require("a rate", inBytesPerSecond, 1, RATE_MAX);
    }
  }

  /** There is no direct way; others forward. */
  record Relayed(UUID target) implements LineFacts {}

  /**
   * It could not be measured.
   *
   * @param why for people, at most {@value #WHY_CHARS_MAX} characters
   */
  record Failed(UUID target, String why) implements LineFacts {
    static final int WHY_CHARS_MAX = 500;

    /** Cuts off what is too long, and takes control characters away. */
    public Failed {
      String bounded = why.substring(0, Math.min(why.length(), WHY_CHARS_MAX));
      why = bounded.replaceAll("\\p{Cntrl}", "?");
    }
  }

  /** Writes what was found of some lines. */
  static void write(List<LineFacts> all, DataOutputStream out) throws IOException {
    out.writeShort(all.size());
    for (LineFacts facts : all) {
      out.writeLong(facts.target().getMostSignificantBits());
      out.writeLong(facts.target().getLeastSignificantBits());
      switch (facts) {
        case Measured m -> {
          out.writeByte(1);
          out.writeDouble(m.roundTripSeconds);
          out.writeDouble(m.outBytesPerSecond);
          out.writeDouble(m.inBytesPerSecond);
        }
        case Relayed _ -> out.writeByte(2);
        case Failed f -> {
          out.writeByte(3);
          out.writeUTF(f.why);
        }
      }
    }
  }

  /**
   * Reads what was found of some lines.
   *
   * @throws MalformedMessageException if it cannot be
   */
  static List<LineFacts> read(DataInputStream in) throws MalformedMessageException {
    return Facts.read(() -> {
      int count = in.readUnsignedShort();
      if (count > SurveyQuestion.Lines.TARGETS_MAX) {
        throw new MalformedMessageException("an answer about " + count + " lines");
      }
      List<LineFacts> all = new ArrayList<>();
      for (int k = 0; k < count; k++) {
        all.add(one(new UUID(in.readLong(), in.readLong()), in));
      }
      return all;
    });
  }

  private static LineFacts one(UUID target, DataInputStream in)
      throws IOException, MalformedMessageException {
    int kind = in.readUnsignedByte();
    return switch (kind) {
      case 1 -> new Measured(target, in.readDouble(), in.readDouble(), in.readDouble());
      case 2 -> new Relayed(target);
      case 3 -> new Failed(target, in.readUTF());
      default -> throw new MalformedMessageException("an answer of an unknown kind, " + kind);
    };
  }
}
