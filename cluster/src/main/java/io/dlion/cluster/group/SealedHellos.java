package io.dlion.cluster.group;

import io.dlion.cluster.security.Security;
import io.dlion.core.wire.MalformedMessageException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Hellos as they travel: length of the hello (4 bytes), hello, and a seal that only the worker of
 * that name can make; the seal is empty without security.
 *
 * @param security what seals and verifies, if anything does
 */
public record SealedHellos(Optional<Security> security) {
  /** The bytes of this worker's hello, with its seal. */
  public byte[] sealed(Hello own) {
    byte[] hello = HelloCodec.encode(own);
    byte[] seal = security.map(s -> s.seal().sign(hello)).orElse(new byte[0]);
    return ByteBuffer.allocate(Integer.BYTES + hello.length + seal.length)
        .putInt(hello.length)
        .put(hello)
        .put(seal)
        .array();
  }

  /**
   * What a hello says, all of which is proven to be from the worker it names.
   *
   * @throws MalformedMessageException if it is none, or its seal is not that worker's
   */
  public Hello open(ByteBuffer message) throws MalformedMessageException {
    int length = message.remaining() < Integer.BYTES ? -1 : message.getInt();
    if (length < 0 || length > message.remaining()) {
      throw new MalformedMessageException("a hello that is cut off");
    }
    byte[] bytes = new byte[length];
    message.get(bytes);
    byte[] seal = new byte[message.remaining()];
    message.get(seal);
    Hello hello = HelloCodec.decode(bytes, 0, length);
    boolean proven = security.map(s -> s.seal().verifies(hello.name(), bytes, seal)).orElse(true);
    if (!proven) {
      throw new MalformedMessageException(
          "it calls itself " + hello.name() + ", which its certificate does not say");
    }
    return hello;
  }
}
