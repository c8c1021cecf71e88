package io.dlion.engine;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/** What a learner's model answers, in evaluation mode. */
final class Outputs {
  private Outputs() {}

  static float[] of(TorchLearner learner, RandomExamples examples) {
    JitModule module = learner.module();
    module.eval();
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard();
        Batch batch = new Batch(examples.shape(), false)) {
      batch.fill(examples, examples.rows(), examples.count());
      IValue inputs = new IValue(batch.inputs(examples.count()));
      Tensor outputs = module.forward(new IValueVector(inputs)).toTensor().contiguous();
      float[] result = new float[(int) outputs.numel()];
      FloatBuffer buffer = new FloatPointer(outputs.data_ptr()).capacity(result.length).asBuffer();
      buffer.get(result);
      return result;
    } finally {
      module.train(true);
    }
  }
}
