package io.dlion.cli.model;

import io.dlion.cli.checkpoint.ModelFile;
import io.dlion.cli.console.Version;
import io.dlion.cli.job.SourceModel;
import io.dlion.cli.model.Exporting.Format;
import io.dlion.cli.problem.Problem;
import io.dlion.cluster.desk.ModelAnswer;
import io.dlion.core.Phrase;
import io.dlion.core.kernel.Blocks;
import io.dlion.core.kernel.BufferMerge;
import io.dlion.core.learn.Learner;
import io.dlion.core.wire.MalformedMessageException;
import io.dlion.data.preprocessing.Preprocessing;
import io.dlion.data.tensor.Safetensors;
import io.dlion.engine.ModelSpec;
import io.dlion.monitor.run.RunFolder;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One model of those that the workers of a cluster send: the mean of all with the highest
 * precedence. With a server that is the server's alone. Safe for several threads.
 */
public final class ClusterModel implements AutoCloseable {
  private final RunFolder folder;
  private final ModelSpec spec;
  private final Optional<Preprocessing> preprocessing;
  private final Learner learner;
  private final float[] sums; // guarded by this
  private BufferMerge buffers; // guarded by this
  private int models; // guarded by this
  private long highest = Long.MIN_VALUE; // guarded by this

  private ClusterModel(RunFolder folder, ModelSpec spec, Optional<Preprocessing> preprocessing) {
    this.folder = folder;
    this.spec = spec;
    this.preprocessing = preprocessing;
    learner = spec.learner(0, Runtime.getRuntime().availableProcessors());
    sums = new float[spec.parameters().size()];
    buffers = new BufferMerge(spec.bufferLayout());
  }

  /**
   * A model that nothing has been added to.
   *
   * @param to an empty folder that becomes that of a run, with the job and the model's network
   * @param first what one of the workers says of its model
   * @param network as long as that says
   * @throws MalformedMessageException if it says nothing that can be
   */
  public static ClusterModel begin(Path to, ModelAnswer first, InputStream network)
      throws IOException, MalformedMessageException {
    RunFolder folder = new RunFolder(to);
    Files.writeString(folder.job(), first.job());
    if (first.networkBytes() > 0) {
      Files.copy(new Bounded(network, first.networkBytes()), SourceModel.in(folder));
      if (Files.size(SourceModel.in(folder)) < first.networkBytes()) {
        throw new MalformedMessageException("a network that is cut off");
      }
    }
    Safetensors file = new Safetensors(List.of(), first.about());
    String name = first.about().getOrDefault("dlion.model", "");
    boolean isFile = name.contains("/") || name.contains(".");
    if (name.isEmpty() || (isFile && first.networkBytes() == 0)) {
      throw new MalformedMessageException("a model of a kind \"" + name + "\" without its network");
    }
    ModelSpec spec = Problem.model(name, folder, ModelFile.shape(file, folder.model()));
    requireSizes(first, spec);
    return new ClusterModel(folder, spec, ModelFile.preprocessing(file, folder.model()));
  }

  /** Ends where a length says. */
  private static final class Bounded extends FilterInputStream {
    private long left;

    Bounded(InputStream in, long length) {
      super(in);
      left = length;
    }

    @Override
    public int read() throws IOException {
      int value = left == 0 ? -1 : super.read();
      left -= value < 0 ? 0 : 1;
      return value;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int count = left == 0 ? -1 : super.read(bytes, offset, (int) Math.min(length, left));
      left -= Math.max(0, count);
      return count;
    }
  }

  private static void requireSizes(ModelAnswer answer, ModelSpec spec)
      throws MalformedMessageException {
    int weights = spec.parameters().size();
    int buffers = spec.bufferLayout().size();
    if (answer.weights() != weights || answer.buffers() != buffers) {
      throw new MalformedMessageException(
          Phrase.of(
              "a model of %d weights and %d buffers, where %s has %d and %d",
              answer.weights(), answer.buffers(), spec.name(), weights, buffers));
    }
  }

  /**
   * Reads a model and adds it.
   *
   * @param in what follows the answer and, where there is one, the network
   * @return whether it counts; one of a lower precedence is not even read
   * @throws MalformedMessageException if it is another model, cut off, or not finite
   */
  public boolean add(ModelAnswer answer, InputStream in)
      throws IOException, MalformedMessageException {
    requireSizes(answer, spec);
    synchronized (this) {
      if (answer.precedence() < highest) {
        return false;
      }
    }
    float[] weights = new float[answer.weights()];
    float[] own = new float[answer.buffers()];
    ModelAnswer.readFloats(in, weights);
    ModelAnswer.readFloats(in, own);
    MemorySegment values = MemorySegment.ofArray(weights);
    if (!Blocks.allFinite(values, weights.length)
        || !Blocks.allFinite(MemorySegment.ofArray(own), own.length)) {
      throw new MalformedMessageException("a model with numbers that are not finite");
    }
    return add(answer.precedence(), values, MemorySegment.ofArray(own));
  }

  private synchronized boolean add(long precedence, MemorySegment weights, MemorySegment own) {
    if (precedence < highest) {
      return false;
    }
    if (precedence > highest) {
      Arrays.fill(sums, 0);
      buffers = new BufferMerge(spec.bufferLayout());
      models = 0;
      highest = precedence;
    }
    Blocks.addScaled(weights, 1, sums);
    buffers.add(own);
    models++;
    return true;
  }

  /**
   * Writes the mean as a file for other programs, or leaves it in the folder.
   *
   * @param format of the file; empty for {@code model.safetensors} in the folder
   * @return how it was made, for people
   */
  public synchronized String write(Optional<Format> format, Path file) throws IOException {
    if (models == 0) {
      throw new IllegalStateException("no model was added");
    }
    float[] mean = sums.clone();
    Blocks.scale(mean, mean.length, 1f / models);
    learner.weights().copyFrom(MemorySegment.ofArray(mean));
    learner.buffers().copyFrom(buffers.merged());
    String how = models == 1 ? "the model of one worker" : "mean of " + models + " replicas";
    if (format.equals(Optional.of(Format.TORCHSCRIPT))) {
      spec.exportTorchScript(learner, file);
    } else {
      ModelFile.write(
          format.isPresent() ? file : folder.model(),
          spec,
          preprocessing,
          learner,
          Map.of(
              "dlion.version",
              Version.current().toString(),
              "dlion.how",
              how + ", while training went on",
              ModelFile.SAVED,
              Instant.now().toString()));
    }
    return how;
  }

  @Override
  public void close() {
    learner.close();
  }
}
