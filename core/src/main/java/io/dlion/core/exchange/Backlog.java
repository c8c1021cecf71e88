package io.dlion.core.exchange;

import io.dlion.core.kernel.Blocks;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.layout.Variable;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.GradientSource;
import io.dlion.core.wire.GradientWriter;
import io.dlion.core.wire.HeaderExtension.Kind;
import io.dlion.core.wire.Selection;
import java.lang.foreign.MemorySegment;

/**
 * The sum of what a busy link was not given, round after round, and what rounding has left of such
 * sums. Confined to its node.
 */
final class Backlog implements GradientSource {
  private final ParameterLayout layout;
  private final float[] owed;
  private long rounds;
  private Exchange.Progress newest = Exchange.Progress.NONE;

  /** Nothing is owed. */
  Backlog(ParameterLayout layout) {
    this.layout = layout;
    this.owed = new float[layout.size()];
  }

  /** How many rounds it contains; 0 where only what rounding left is owed. */
  long rounds() {
    return rounds;
  }

  /**
   * One more round is owed.
   *
   * @param values as other peers see them
   */
  void add(MemorySegment values, Exchange.Progress progress) {
    Blocks.addScaled(values, progress.scale(), owed);
    newest = progress;
    rounds++;
  }

  /** All of it as one message. */
  Outgoing write(Selection scratch, GradientWriter writer, Buffers buffers) {
    select(scratch);
    double share = scratch.share();
    Exchange.Progress progress = newest.with(newest.extension().with(Kind.ROUNDS, (double) rounds));
    rounds = 0;
    return new Outgoing(
        writer.write(scratch, this, progress.header(1), buffers),
        progress.iteration(),
        100 * share,
        share);
  }

  /** What is not zero: chunks leave most of a model out. */
  private void select(Selection selection) {
    selection.clear();
    for (int v = 0; v < layout.variables().size(); v++) {
      Variable variable = layout.variables().get(v);
      selection.beginVariable();
      int entries = 0;
      for (int i = variable.offset(); i < variable.end(); i++) {
        entries += owed[i] == 0 ? 0 : 1;
      }
      if (2L * entries > variable.count()) {
        selection.selectWhole(v);
      } else {
        for (int i = 0; i < variable.count(); i++) {
          float value = owed[variable.offset() + i];
          if (value != 0) {
            selection.add(i, value);
          }
        }
      }
      selection.endVariable();
    }
  }

  @Override
  public void read(int offset, int count, float[] block) {
    System.arraycopy(owed, offset, block, 0, count);
  }

  @Override
  public void sent(int offset, int count, float[] values) {
    for (int i = 0; i < count; i++) {
      owed[offset + i] -= values[i];
    }
  }

  @Override
  public void sent(int offset, int[] indices, float[] values, int first, int end) {
    for (int i = first; i < end; i++) {
      owed[offset + indices[i]] -= values[i];
    }
  }
}
