package io.dlion.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.Layouts;
import io.dlion.core.Seeded;
import io.dlion.core.kernel.Blocks;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.layout.Variable;
import io.dlion.core.wire.HeaderExtension.Kind;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GradientMessageTest {
  static final GradientHeader HEADER =
      new GradientHeader(7, 32, 256, 1, 3.5f, HeaderExtension.of(Kind.COSINE, -0.25));

  @ParameterizedTest
  @EnumSource
  void aHeaderWithNumbersOfAllKindsIsReadBackBesideEachFormat(ValueFormat format) throws Exception {
    HeaderExtension all =
        HeaderExtension.of(Kind.COSINE, -0.25)
            .with(Kind.RATE, 0.5)
            .with(Kind.ROUNDS, 3)
            .with(Kind.STEP_SECONDS, 0.125)
            .with(Kind.AGE, 2.5);
    assertThat(all.values()).hasSize(Kind.values().length);
    ParameterLayout layout = Layouts.of(3);
    Selection selection = new Selection(layout);
    selection.clear();
    selection.selectWhole(0);
    GradientHeader header = new GradientHeader(7, 32, 256, 1, 3.5f, all);
    Payload payload =
        new GradientWriter(format, 1)
            .write(
                selection,
                new Selections.Remembering(new float[] {1, 2, 3}),
                header,
                Buffers.FRESH);
    Frame.open(payload, layout.fingerprint());
    assertThat(GradientMessage.parse(payload, layout).header()).isEqualTo(header);
  }

  @ParameterizedTest
  @EnumSource
  void receiversReadWhatTheSourceWasToldWasSent(ValueFormat format) {
    Map<EncodedSize.Form, Integer> forms = new EnumMap<>(EncodedSize.Form.class);
    Seeded.check(
        300,
        random -> {
          ParameterLayout layout = Layouts.random(random);
          var source = new Selections.Remembering(Layouts.normal(layout, random));
          Selection selection = Selections.random(layout, source.values, random);
          long exact = EncodedSize.exact(selection, format) + HEADER.extension().bytes();
          long entries = 0;
          for (int v = 0; v < layout.variables().size(); v++) {
            EncodedSize.Form form = EncodedSize.form(selection, v, format);
            forms.merge(form, 1, Integer::sum);
            entries +=
                switch (form) {
                  case WHOLE -> layout.variables().get(v).count();
                  case RANGE -> selection.rangeCount(v);
                  default -> selection.entries(v);
                };
          }
          float[] selected = selectedValues(layout, selection, source.values);
          GradientWriter writer = new GradientWriter(format, random.nextLong());
          Payload payload = writer.write(selection, source, HEADER, Buffers.FRESH);

          assertThat((long) payload.length()).isEqualTo(exact);
          assertThat(Frame.open(payload, layout.fingerprint())).isEqualTo(MessageType.GRADIENT);
          GradientMessage message = GradientMessage.parse(payload, layout);
          assertThat(message.header()).isEqualTo(HEADER);
          assertThat(message.entries()).isEqualTo(entries);
          float[] received = new float[layout.size()];
          message.addTo(received, 1);
          assertThat(received).isEqualTo(source.sent);
          assertCloseWhereSelected(format, selected, received);
        });
    assertThat(forms).as("all forms are met").hasSize(EncodedSize.Form.values().length);
  }

  private static float[] selectedValues(
      ParameterLayout layout, Selection selection, float[] values) {
    float[] selected = new float[values.length];
    for (int v = 0; v < layout.variables().size(); v++) {
      Variable variable = layout.variables().get(v);
      if (selection.isWhole(v)) {
        System.arraycopy(values, variable.offset(), selected, variable.offset(), variable.count());
      }
      if (selection.rangeCount(v) > 0) {
        int from = variable.offset() + selection.rangeFrom(v);
        System.arraycopy(values, from, selected, from, selection.rangeCount(v));
        continue;
      }
      for (int i = 0; i < selection.entries(v); i++) {
        int index = variable.offset() + selection.indices()[selection.firstEntry(v) + i];
        selected[index] = values[index];
      }
    }
    return selected;
  }

  private static void assertCloseWhereSelected(
      ValueFormat format, float[] selected, float[] received) {
    for (int i = 0; i < selected.length; i++) {
      if (selected[i] != 0) {
        float error =
            switch (format) {
              case FP32 -> 0f;
              case BF16 -> Math.abs(selected[i]) / 256;
              case INT8 -> 6f / 127; // a step of the scale; no value is greater than 6
              case INT4 -> 6.1f / 14;
              case INT2 -> 6f; // between the least value and the greatest
            };
        assertThat(received[i]).isCloseTo(selected[i], within(error));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void blockByBlockAWholeMessageIsAddedAsAtOnce(ValueFormat format) {
    Seeded.check(
        100,
        random -> {
          ParameterLayout layout = Layouts.random(random);
          Selection everything = new Selection(layout);
          everything.selectAll();
          var source = new Selections.Remembering(Layouts.normal(layout, random));
          GradientMessage message =
              GradientMessage.parse(
                  new GradientWriter(format, 1).write(everything, source, HEADER, Buffers.FRESH),
                  layout);
          assertThat(message.isWhole()).isTrue();
          float[] atOnce = Layouts.normal(layout, random);
          float[] blocks = atOnce.clone();
          message.addTo(atOnce, 0.5f);
          Blocks.add(message.part(message.scaled(0.5f)), blocks);
          assertThat(blocks).isEqualTo(atOnce);
        });
  }

  @Test
  void aMessageThatLacksAnEntryIsNotWhole() throws MalformedMessageException {
    ParameterLayout layout = Layouts.of(2, 3);
    Selection selection = new Selection(layout);
    selection.selectAll();
    assertThat(parsed(selection, layout).isWhole()).isTrue();
    selection.selectNothing();
    selection.selectWhole(0);
    assertThat(parsed(selection, layout).isWhole()).isFalse();
    selection.selectRange(1, 0, 2);
    assertThat(parsed(selection, layout).entries()).isEqualTo(4);
    assertThat(parsed(selection, layout).isWhole()).isFalse();
  }

  private static GradientMessage parsed(Selection selection, ParameterLayout layout)
      throws MalformedMessageException {
    var source = new Selections.Remembering(new float[layout.size()]);
    return GradientMessage.parse(
        new GradientWriter(ValueFormat.FP32, 1).write(selection, source, HEADER, Buffers.FRESH),
        layout);
  }

  @ParameterizedTest
  @EnumSource
  void aWholeGradientHasTheSizeForeseen(ValueFormat format) throws MalformedMessageException {
    ParameterLayout layout = Layouts.of(1, 5000, 16, 3);
    Selection everything = new Selection(layout);
    everything.selectAll();
    var source = new Selections.Remembering(new float[layout.size()]);
    Payload payload =
        new GradientWriter(format, 1).write(everything, source, HEADER, Buffers.FRESH);
    assertThat((long) payload.length())
        .isEqualTo(EncodedSize.whole(layout, format) + HEADER.extension().bytes());
    assertThat(GradientMessage.parse(payload, layout).entries()).isEqualTo(5020);
    assertThat(everything.share()).isEqualTo(1);
  }

  @Test
  void aKnownMessageByHand() throws MalformedMessageException {
    // Frame 20 and header 33; tag, count, differences 2 and 296 (1 + 2 bytes), two floats; and one
    // tag for the variable of which nothing is sent.
    ParameterLayout layout = Layouts.of(1000, 4);
    Selection selection = new Selection(layout);
    selection.clear();
    selection.beginVariable();
    selection.add(2, 1.5f);
    selection.add(299, -2.5f);
    selection.endVariable();
    selection.beginVariable();
    selection.endVariable();
    var source = new Selections.Remembering(new float[layout.size()]);
    Payload payload =
        new GradientWriter(ValueFormat.FP32, 1).write(selection, source, HEADER, Buffers.FRESH);
    byte[] b = payload.bytes();
    assertThat(payload.length()).isEqualTo(20 + 33 + 1 + 1 + 1 + 2 + 8 + 1);
    assertThat(b[53]).isEqualTo((byte) EncodedSize.Form.DIFFERENCES.ordinal());
    assertThat(b[54]).isEqualTo((byte) 2);
    assertThat(b[55]).isEqualTo((byte) 2);
    assertThat((b[56] & 0x7f) | b[57] << 7).isEqualTo(296);
    assertThat(b[66]).isEqualTo((byte) EncodedSize.Form.NOTHING.ordinal());
    float[] update = new float[layout.size()];
    update[299] = 10;
    GradientMessage.parse(payload, layout).addTo(update, 2);
    assertThat(update[2]).isEqualTo(3);
    assertThat(update[299]).isEqualTo(5);
    assertThat(selection.share()).isCloseTo(2 / 1004.0, within(1e-12));
  }

  @Test
  void aKnownRangeByHand() throws MalformedMessageException {
    // Frame 20 and header 33; tag, count 3, first index 297 (2 bytes), three floats; a tag.
    ParameterLayout layout = Layouts.of(300, 4);
    Selection selection = new Selection(layout);
    selection.selectNothing();
    selection.selectRange(0, 297, 3);
    var source = new Selections.Remembering(new float[layout.size()]);
    source.values[296] = 9;
    source.values[297] = 1.5f;
    source.values[299] = -2.5f;
    Payload payload =
        new GradientWriter(ValueFormat.FP32, 1).write(selection, source, HEADER, Buffers.FRESH);
    byte[] b = payload.bytes();
    assertThat(payload.length()).isEqualTo(20 + 33 + 1 + 1 + 2 + 12 + 1);
    assertThat(b[53]).isEqualTo((byte) EncodedSize.Form.RANGE.ordinal());
    assertThat(b[54]).isEqualTo((byte) 3);
    assertThat((b[55] & 0x7f) | b[56] << 7).isEqualTo(297);
    float[] update = new float[layout.size()];
    GradientMessage message = GradientMessage.parse(payload, layout);
    message.addTo(update, 2);
    assertThat(message.entries()).isEqualTo(3);
    assertThat(Arrays.copyOfRange(update, 296, 304)).containsExactly(0, 3, 0, -5, 0, 0, 0, 0);
    assertThat(selection.share()).isCloseTo(3 / 304.0, within(1e-12));
    for (int first : new int[] {298, 299, 300, 16000}) {
      b[55] = (byte) ((first & 0x7f) | 0x80);
      b[56] = (byte) (first >> 7);
      Frame.seal(b, payload.length(), MessageType.GRADIENT, layout.fingerprint());
      assertThatThrownBy(() -> GradientMessage.parse(payload, layout))
          .isInstanceOf(MalformedMessageException.class)
          .hasMessageContaining("3 entries from " + first + " of 300");
    }
  }

  @ParameterizedTest
  @EnumSource
  void neighboursFitTheirBudgetWhereverTheyLie(ValueFormat format) {
    Seeded.check(
        300,
        random -> {
          ParameterLayout layout = Layouts.random(random);
          int count = 1 + random.nextInt(layout.elements());
          int from = random.nextInt(layout.elements() - count + 1);
          Selection selection = new Selection(layout);
          selection.selectNothing();
          int begin = 0;
          for (int v = 0; v < layout.variables().size(); v++) {
            int size = layout.variables().get(v).count();
            int first = Math.max(from, begin) - begin;
            int end = Math.min(from + count, begin + size) - begin;
            if (first < end) {
              selection.selectRange(v, first, end - first);
            }
            begin += size;
          }
          long bytes = EncodedSize.exact(selection, format);
          assertThat(EncodedSize.neighbours(layout, format, bytes - 1)).isLessThan(count);
          int slack = 20 + format.overheadBytes() * layout.variables().size();
          assertThat(EncodedSize.neighbours(layout, format, bytes + slack))
              .isGreaterThanOrEqualTo(count);
        });
  }

  @ParameterizedTest
  @EnumSource
  void oneHugeValueSurvives(ValueFormat format) {
    for (float huge : new float[] {Float.MAX_VALUE, -Float.MAX_VALUE, 3.4e38f, 1e-38f, 1.4e-45f}) {
      for (boolean whole : new boolean[] {true, false}) {
        assertHugeValueSurvives(format, huge, whole);
      }
    }
  }

  private static void assertHugeValueSurvives(ValueFormat format, float huge, boolean whole) {
    ParameterLayout layout = Layouts.of(300);
    Selection selection = new Selection(layout);
    selection.clear();
    selection.beginVariable();
    selection.add(17, huge);
    selection.endVariable();
    if (whole) {
      selection.selectWhole(0);
    }
    var source = new Selections.Remembering(new float[layout.size()]);
    source.values[17] = huge;
    Payload payload = new GradientWriter(format, 1).write(selection, source, HEADER, Buffers.FRESH);
    float[] update = new float[layout.size()];
    try {
      GradientMessage.parse(payload, layout).addTo(update, 1);
    } catch (MalformedMessageException e) {
      throw new AssertionError("the own message for " + huge + " is refused", e);
    }
    assertThat(update).isEqualTo(source.sent);
    assertThat(update[17]).isFinite();
    if (Math.abs(huge) > 1e-30) {
      assertThat(update[17] / huge).isCloseTo(1, within(0.01f));
    }
  }

  @Test
  void headersThatMakeNoSenseAreRefused() {
    GradientHeader[] bad = {
      new GradientHeader(-1, 32, 256, 1, 0, HeaderExtension.NONE),
      new GradientHeader(0, 0, 256, 1, 0, HeaderExtension.NONE),
      new GradientHeader(0, -5, 256, 1, 0, HeaderExtension.NONE),
      new GradientHeader(0, 32, 31, 1, 0, HeaderExtension.NONE),
      new GradientHeader(0, 32, 32, 0, 0, HeaderExtension.NONE),
      new GradientHeader(0, 32, 32, -1, 0, HeaderExtension.NONE),
      new GradientHeader(0, 32, 32, Float.NaN, 0, HeaderExtension.NONE),
      new GradientHeader(0, 32, 32, Float.POSITIVE_INFINITY, 0, HeaderExtension.NONE),
      new GradientHeader(0, 32, 32, 33, 0, HeaderExtension.NONE),
      new GradientHeader(0, 32, 32, 1, -1, HeaderExtension.NONE),
      new GradientHeader(0, 32, 32, 1, Float.NaN, HeaderExtension.NONE),
      new GradientHeader(0, 32, 32, 1, Float.POSITIVE_INFINITY, HeaderExtension.NONE),
      new GradientHeader(0, 32, 32, 1, 0, HeaderExtension.of(Kind.COSINE, -1.01f)),
      new GradientHeader(0, 32, 32, 1, 0, HeaderExtension.of(Kind.COSINE, 1.01f)),
      new GradientHeader(0, 32, 32, 1, 0, HeaderExtension.of(Kind.COSINE, Float.NaN)),
      new GradientHeader(0, 32, 32, 1, 0, HeaderExtension.of(Kind.RATE, -0.01)),
      new GradientHeader(0, 32, 32, 1, 0, HeaderExtension.of(Kind.RATE, 1.01)),
    };
    ParameterLayout layout = Layouts.of(3);
    for (GradientHeader header : bad) {
      var source = new Selections.Remembering(new float[layout.size()]);
      Payload payload =
          new GradientWriter(ValueFormat.FP32, 1)
              .write(new Selection(layout), source, header, Buffers.FRESH);
      assertThatThrownBy(() -> GradientMessage.parse(payload, layout))
          .as("%s", header)
          .isInstanceOf(MalformedMessageException.class)
          .hasMessageContaining("impossible");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FP32", "BF16"})
  void valuesThatAreNotFiniteAreRefusedInEveryForm(ValueFormat format) {
    Seeded.check(
        200,
        random -> {
          ParameterLayout layout = Layouts.random(random);
          float[] values = Layouts.normal(layout, random);
          Selection selection = Selections.random(layout, values, random);
          Variable v = layout.variables().get(random.nextInt(layout.variables().size()));
          int at = v.offset() + random.nextInt(v.count());
          values[at] = Float.POSITIVE_INFINITY;
          for (int i = 0; i < selection.firstEntry(layout.variables().size()); i++) {
            selection.values()[i] = Float.NaN;
          }
          var source = new Selections.Remembering(values);
          Payload payload =
              new GradientWriter(format, 1).write(selection, source, HEADER, Buffers.FRESH);
          boolean carried = false;
          for (float sent : source.sent) {
            carried |= !Float.isFinite(sent);
          }
          if (carried) {
            assertThatThrownBy(() -> GradientMessage.parse(payload, layout))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("not finite");
          }
        });
  }
}
