package io.dlion.emulator.check;

import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.wire.GradientMessage;
import io.dlion.core.wire.HeaderExtension.Kind;
import io.dlion.core.wire.MalformedMessageException;
import io.dlion.core.wire.Payload;
import java.util.LinkedHashMap;
import java.util.Map;

/** Decodes gradients for all views; what goes to several workers is decoded once. */
final class Gradients {
  private static final int KEPT = 128;

  private final Map<Payload, Decoded> known =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Payload, Decoded> eldest) {
          return size() > KEPT;
        }
      };

  /** What a gradient adds to an update. */
  static final class Decoded {
    private final GradientMessage message;
    private final int size;
    private float[] values = {};

    private Decoded(GradientMessage message, int size) {
      this.message = message;
      this.size = size;
    }

    long iteration() {
      return message.header().iteration();
    }

    /** What its values are multiplied by: samples, where the mean over samples is taken. */
    float scale() {
      return message.header().scale();
    }

    /** Whether it is a sum of what a busy link was not given. */
    boolean isGathered() {
      return message.header().extension().values().containsKey(Kind.ROUNDS);
    }

    /** Each entry, 0 where the message has none. */
    float[] values() {
      if (values.length == 0) {
        values = new float[size];
        message.addTo(values, 1);
      }
      return values;
    }
  }

  /** The gradient in a message whose frame is already opened. */
  Decoded decode(Payload payload, ParameterLayout layout) throws MalformedMessageException {
    Decoded decoded = known.get(payload);
    if (decoded == null) {
      decoded = new Decoded(GradientMessage.parse(payload, layout), layout.size());
      known.put(payload, decoded);
    }
    return decoded;
  }
}
