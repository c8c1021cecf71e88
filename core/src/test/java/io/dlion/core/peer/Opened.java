package io.dlion.core.peer;

import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.wire.Control;
import io.dlion.core.wire.Frame;
import io.dlion.core.wire.GradientMessage;
import io.dlion.core.wire.MalformedMessageException;
import io.dlion.core.wire.MessageType;
import io.dlion.core.wire.Payload;
import java.util.Optional;

/** What is in messages under way. */
final class Opened {
  private Opened() {}

  /** The gradient in a message, if it is one. */
  static Optional<GradientMessage> gradient(Payload payload, ParameterLayout layout) {
    try {
      return Frame.open(payload, layout.fingerprint()) == MessageType.GRADIENT
          ? Optional.of(GradientMessage.parse(payload, layout))
          : Optional.empty();
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
  }

  /** The control message of a kind in a message, if it is one. */
  static <C extends Control> Optional<C> control(
      Payload payload, ParameterLayout layout, Class<C> kind) {
    try {
      MessageType type = Frame.open(payload, layout.fingerprint());
      if (type == MessageType.GRADIENT || type == MessageType.WEIGHTS) {
        return Optional.empty();
      }
      return Optional.of(Control.parse(payload, type)).filter(kind::isInstance).map(kind::cast);
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
  }
}
