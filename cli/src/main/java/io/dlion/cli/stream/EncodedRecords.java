package io.dlion.cli.stream;

import io.dlion.data.record.FileExamples;
import io.dlion.data.record.RecordEncoder;
import io.dlion.data.record.UnfitRecordException;
import io.dlion.stream.ExampleFile;
import io.dlion.stream.RecordDecoder;
import io.dlion.stream.RejectedRecordException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Encodes records as the data of a run is. Confined to one thread. */
final class EncodedRecords implements RecordDecoder {
  private final RecordEncoder encoder;

  EncodedRecords(RecordEncoder encoder) {
    this.encoder = encoder;
  }

  @Override
  public List<MemorySegment> message(byte[] value) throws RejectedRecordException {
    try {
      return encoder.encode(value, Optional.empty());
    } catch (UnfitRecordException unfit) {
      throw rejected(unfit);
    }
  }

  @Override
  public ExampleFile file(Path root, Path file) throws RejectedRecordException {
    try {
      FileExamples examples = encoder.open(root, file);
      return new ExampleFile() {
        @Override
        public int count() {
          return examples.count();
        }

        @Override
        public MemorySegment example(int row) throws RejectedRecordException {
          try {
            return examples.example(row);
          } catch (UnfitRecordException unfit) {
            throw rejected(unfit);
          }
        }
      };
    } catch (UnfitRecordException unfit) {
      throw rejected(unfit);
    }
  }

  private static RejectedRecordException rejected(UnfitRecordException unfit) {
    String kind = unfit.isIncomplete() ? RejectedRecordException.INCOMPLETE : unfit.kind();
    return new RejectedRecordException(unfit.reason(), kind);
  }
}
