package io.dlion.emulator.check.server;

import io.dlion.core.node.Action;
import io.dlion.core.node.Replica;
import io.dlion.core.wire.CommitMessage;
import io.dlion.core.wire.Control;
import io.dlion.core.wire.Frame;
import io.dlion.core.wire.GlobalModelMessage;
import io.dlion.core.wire.GradientMessage;
import io.dlion.core.wire.MalformedMessageException;
import io.dlion.core.wire.MessageType;
import io.dlion.core.wire.Payload;
import io.dlion.core.wire.WeightsMessage;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What is in messages of a run with a server. */
final class Decoding {
  /** A message that says nothing to a member, or cannot be read. */
  static final Object NOTHING = "nothing";

  private Decoding() {}

  /** Whether a message is of a type, without looking further. */
  static boolean is(MessageType type, Action.Send sent) {
    return Frame.isOf(type, sent.payload());
  }

  /**
   * What a message says: a {@link CommitMessage}, {@link GlobalModelMessage}, {@link
   * WeightsMessage} or {@link Control}, else {@link #NOTHING}.
   */
  static Object of(Payload payload, Replica replica) {
    try {
      MessageType type = Frame.open(payload, replica.layout().fingerprint());
      return switch (type) {
        case COMMIT -> CommitMessage.parse(payload, replica.layout(), replica.bufferLayout());
        case MODEL -> GlobalModelMessage.parse(payload, replica.layout(), replica.bufferLayout());
        case WEIGHTS -> WeightsMessage.parse(payload, replica.layout(), replica.bufferLayout());
        case GRADIENT, PROBE -> NOTHING;
        default -> Control.parse(payload, type);
      };
    } catch (MalformedMessageException e) {
      return NOTHING; // the node must see that as well
    }
  }

  /** Each entry of a whole message. */
  static float[] floats(GradientMessage whole, int size) {
    float[] values = new float[size];
    whole.addTo(values, 1);
    return values;
  }

  /** A copy of weights. */
  static float[] floats(MemorySegment some) {
    return some.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
  }

  /** The same, to work with. */
  static double[] doubles(float[] some) {
    double[] values = new double[some.length];
    for (int i = 0; i < some.length; i++) {
      values[i] = some[i];
    }
    return values;
  }

  /** As weights are kept. */
  static float[] floats(double[] some) {
    float[] values = new float[some.length];
    for (int i = 0; i < some.length; i++) {
      values[i] = (float) some[i];
    }
    return values;
  }

  /** The greatest difference; infinite where one is not a number. */
  static double distance(double[] expected, float[] found) {
    double worst = 0;
    for (int i = 0; i < expected.length; i++) {
      double off = Math.abs(expected[i] - found[i]);
      worst = Double.isNaN(off) ? Double.POSITIVE_INFINITY : Math.max(worst, off);
    }
    return worst;
  }
}
