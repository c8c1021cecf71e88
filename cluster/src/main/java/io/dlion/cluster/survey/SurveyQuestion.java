package io.dlion.cluster.survey;

import io.dlion.core.wire.MalformedMessageException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/** What a worker is asked in a survey. On the wire: kind (1 byte), then what belongs to it. */
public sealed interface SurveyQuestion {
  /** Which machine it is on, and whether it can be measured now. */
  record Host() implements SurveyQuestion {}

  /**
   * What gradients cost it.
   *
   * @param model built in; empty for the one of its job
   * @param secondsMax that timing may take, warming up not counted
   */
  record Steps(String model, int secondsMax) implements SurveyQuestion {
    /** The longest that anybody may ask for. */
    public static final int SECONDS_MAX = 300;

    private static final Pattern MODEL = Pattern.compile("[A-Za-z0-9_-]{0,64}");

    /** Checks the model's name, which must not be a file's, and the time. */
    public Steps {
      if (!MODEL.matcher(model).matches()) {
        throw new IllegalArgumentException("not a name of a built-in model");
      }
      if (secondsMax < 1 || secondsMax > SECONDS_MAX) {
        throw new IllegalArgumentException("a measurement of " + secondsMax + " s");
      }
    }
  }

  /**
   * What its lines to others carry, all at the same time.
   *
   * @param targets the others' processes
   * @param limits of each line
   */
  record Lines(List<UUID> targets, ProbeLimits limits) implements SurveyQuestion {
    /** The most targets of one question. */
    public static final int TARGETS_MAX = 1024;

    /** Copies the targets; checks that there are some, and none twice. */
    public Lines {
      targets = List.copyOf(targets);
      if (targets.isEmpty()
          || targets.size() > TARGETS_MAX
          || new HashSet<>(targets).size() < targets.size()) {
        throw new IllegalArgumentException(
            "a measurement of " + targets.size() + " lines, or of one twice");
      }
    }
  }

  /** Its bytes. */
  default byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      switch (this) {
        case Host _ -> out.writeByte(1);
        case Steps q -> {
          out.writeByte(2);
          out.writeUTF(q.model);
          out.writeInt(q.secondsMax);
        }
        case Lines q -> {
          out.writeByte(3);
          out.writeShort(q.targets.size());
          for (UUID target : q.targets) {
            out.writeLong(target.getMostSignificantBits());
            out.writeLong(target.getLeastSignificantBits());
          }
          q.limits.write(out);
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("memory takes all", e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads one from any bytes; what later versions append is passed over.
   *
   * @throws MalformedMessageException if it is none, or asks for more than anybody may
   */
  static SurveyQuestion decode(byte[] bytes) throws MalformedMessageException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    try {
      int kind = in.readUnsignedByte();
      return switch (kind) {
        case 1 -> new Host();
        case 2 -> new Steps(in.readUTF(), in.readInt());
        case 3 -> lines(in);
        default -> throw new MalformedMessageException("a survey of an unknown kind, " + kind);
      };
    } catch (IOException e) {
      throw new MalformedMessageException("a survey that is cut off");
    } catch (IllegalArgumentException e) {
      throw new MalformedMessageException(String.valueOf(e.getMessage()));
    }
  }

  private static Lines lines(DataInputStream in) throws IOException, MalformedMessageException {
    int count = in.readUnsignedShort();
    if (count > Lines.TARGETS_MAX || count * 2 * Long.BYTES > in.available()) {
      throw new MalformedMessageException("a survey of " + count + " lines");
    }
    List<UUID> targets = new ArrayList<>();
    for (int k = 0; k < count; k++) {
      targets.add(new UUID(in.readLong(), in.readLong()));
    }
    return new Lines(targets, ProbeLimits.read(in));
  }
}
