package io.dlion.engine;

import io.dlion.core.UserError;
import io.dlion.engine.ModuleTensors.Named;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The {@code state_dict} of modules: every parameter and buffer, whatever their types. */
final class ModuleState {
  private static final int FINGERPRINT_BYTES = 8;
  private static final int PIECE_BYTES = 1 << 20;

  private ModuleState() {}

  /** Copies of all tensors of a module, under every name that they have. */
  static List<StateTensor> of(JitModule module) {
    try (PointerScope _ = new PointerScope()) {
      return copies(ModuleTensors.all(module));
    }
  }

  private static List<StateTensor> copies(List<Named> tensors) {
    List<StateTensor> state = new ArrayList<>();
    for (Named named : tensors) {
      state.add(
          new StateTensor(named.name(), type(named.type()), named.shape(), copy(named.tensor())));
    }
    return state;
  }

  @SuppressWarnings("restricted") // the tensor owns as many bytes as it says
  private static MemorySegment copy(Tensor tensor) {
    try (PointerScope _ = new PointerScope()) {
      Tensor dense = tensor.detach().contiguous();
      MemorySegment copy = Arena.ofAuto().allocate(Math.max(1, dense.nbytes()), 64);
      if (dense.nbytes() > 0) {
        copy.copyFrom(
            MemorySegment.ofAddress(dense.data_ptr().address()).reinterpret(dense.nbytes()));
      }
      return copy.asSlice(0, dense.nbytes());
    }
  }

  private static String type(ScalarType type) {
    return switch (type) {
      case Float -> "F32";
      case Double -> "F64";
      case Half -> "F16";
      case BFloat16 -> "BF16";
      case Long -> "I64";
      case Int -> "I32";
      case Short -> "I16";
      case Char -> "I8";
      case Byte -> "U8";
      case Bool -> "BOOL";
      default -> throw new UserError("tensors of type " + type + " cannot be kept");
    };
  }

  /** A hash of names, types, shapes and values, in hexadecimal digits; empty for no tensors. */
  static String fingerprint(List<Named> tensors) {
    if (tensors.isEmpty()) {
      return "";
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (StateTensor tensor : copies(tensors)) {
        String head = tensor.name() + tensor.type() + tensor.shape();
        digest.update(head.getBytes(StandardCharsets.UTF_8));
        update(digest, tensor.values());
      }
      return HexFormat.of().formatHex(digest.digest(), 0, FINGERPRINT_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  private static void update(MessageDigest digest, MemorySegment values) {
    for (long at = 0; at < values.byteSize(); at += PIECE_BYTES) {
      ByteBuffer piece =
          values.asSlice(at, Math.min(PIECE_BYTES, values.byteSize() - at)).asByteBuffer();
      digest.update(piece);
    }
  }
}
