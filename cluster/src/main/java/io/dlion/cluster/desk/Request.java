package io.dlion.cluster.desk;

import io.dlion.cluster.survey.SurveyQuestion;
import io.dlion.core.wire.MalformedMessageException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * A question: magic (4 bytes), version (1), {@link Command} (1), details (1), and what is asked in
 * a survey. Later versions may append to it; what is appended is passed over.
 *
 * @param network with {@link Command#MODEL}: whether the network is wanted, too, where the model
 *     came as a file
 * @param survey with {@link Command#SURVEY}, and with nothing else: what is to be measured
 */
public record Request(Command command, boolean network, Optional<SurveyQuestion> survey) {
  /** The most bytes of a request. */
  public static final int BYTES_MAX = 64 * 1024;

  static final int MAGIC = 0x444C_4451; // "DLDQ"
  static final byte VERSION = 1;
  private static final int BYTES = Integer.BYTES + 3;

  /** Checks that a survey asks something. */
  public Request {
    if (survey.isPresent() != (command == Command.SURVEY)) {
      throw new IllegalArgumentException(command + " with " + survey);
    }
  }

  /** With what a model is to have. */
  public Request(Command command, boolean network) {
    this(command, network, Optional.empty());
  }

  /** Without details. */
  public Request(Command command) {
    this(command, false);
  }

  /** A question of a survey. */
  public Request(SurveyQuestion survey) {
    this(Command.SURVEY, false, Optional.of(survey));
  }

  /** Its bytes. */
  public byte[] encode() {
    byte[] asked = survey.map(SurveyQuestion::encode).orElseGet(() -> new byte[0]);
    return ByteBuffer.allocate(BYTES + asked.length)
        .putInt(MAGIC)
        .put(VERSION)
        .put((byte) command.ordinal())
        .put((byte) (network ? 1 : 0))
        .put(asked)
        .array();
  }

  /**
   * Reads a request from any bytes.
   *
   * @throws MalformedMessageException if it is none, or asks for what this version cannot do
   */
  public static Request decode(byte[] bytes) throws MalformedMessageException {
    if (bytes.length < BYTES || bytes.length > BYTES_MAX) {
      throw new MalformedMessageException("a request of " + bytes.length + " bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (in.getInt() != MAGIC) {
      throw new MalformedMessageException("not a request");
    }
    byte version = in.get();
    int command = Byte.toUnsignedInt(in.get());
    if (version < VERSION || command >= Command.values().length) {
      throw new MalformedMessageException(
          "a request of another version (" + version + ", command " + command + ")");
    }
    Command asked = Command.values()[command];
    boolean network = (in.get() & 1) != 0;
    return new Request(
        asked,
        network,
        asked == Command.SURVEY
            ? Optional.of(SurveyQuestion.decode(Arrays.copyOfRange(bytes, BYTES, bytes.length)))
            : Optional.empty());
  }
}
