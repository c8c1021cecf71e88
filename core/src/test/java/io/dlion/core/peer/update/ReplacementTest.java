package io.dlion.core.peer.update;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.Layouts;
import io.dlion.core.Seeded;
import io.dlion.core.kernel.Blocks;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.layout.Variable;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.GradientHeader;
import io.dlion.core.wire.GradientMessage;
import io.dlion.core.wire.GradientSource;
import io.dlion.core.wire.GradientWriter;
import io.dlion.core.wire.HeaderExtension;
import io.dlion.core.wire.Selection;
import io.dlion.core.wire.ValueFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReplacementTest {
  private static final GradientHeader HEADER =
      new GradientHeader(7, 32, 256, 1, 3.5f, HeaderExtension.NONE);

  /** Values that stay as they are whatever was sent. */
  private static final class Fixed implements GradientSource {
    private final float[] values;

    Fixed(float[] values) {
      this.values = values;
    }

    @Override
    public void read(int offset, int count, float[] block) {
      System.arraycopy(values, offset, block, 0, count);
    }

    @Override
    public void sent(int offset, int count, float[] block) {}

    @Override
    public void sent(int offset, int[] indices, float[] sent, int first, int end) {}
  }

  @ParameterizedTest
  @EnumSource
  void blockByBlockAWholeMessageReplacesAsAtOnce(ValueFormat format) {
    Seeded.check(
        100,
        random -> {
          ParameterLayout layout = Layouts.random(random);
          Selection everything = new Selection(layout);
          everything.selectAll();
          GradientMessage message =
              GradientMessage.parse(
                  new GradientWriter(format, 1)
                      .write(
                          everything,
                          new Fixed(Layouts.normal(layout, random)),
                          HEADER,
                          Buffers.FRESH),
                  layout);
          float[] atOnce = Layouts.normal(layout, random);
          float[] blocks = atOnce.clone();
          float[] until = Layouts.normal(layout, random);
          float[] replaced = Layouts.normal(layout, random);
          float[] replacedByBlocks = replaced.clone();
          message.deliver(replacement(until, replaced), atOnce);
          Blocks.add(message.part(replacement(until, replacedByBlocks)), blocks);
          for (Variable v : layout.variables()) {
            for (int i = v.offset(); i < v.end(); i++) {
              assertThat(blocks[i]).isEqualTo(atOnce[i]);
              assertThat(replacedByBlocks[i]).isEqualTo(replaced[i]);
            }
          }
        });
  }

  private static Replacement replacement(float[] until, float[] replaced) {
    return new Replacement(until, replaced, () -> 0.4, 0.5f, new Likeness(until.length), 1);
  }
}
